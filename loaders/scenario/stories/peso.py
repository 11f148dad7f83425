"""Story ALPHA, area c: the black-market peso exchange.

Drug dollars are banked in Miami below the reporting level and pay an exporter's invoices; the refrigerators go to
Colombia, and the importer pays the broker in pesos, at a discount. No dollar crosses the border: who follows the money
alone loses the trail, which jumps through the goods.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from loaders.scenario.dice import Dice
from loaders.scenario.hubs import Hubs
from loaders.scenario.reports import Voice
from loaders.scenario.stories.bridges import Bridges
from loaders.scenario.story import Ask, Fact, Story
from loaders.scenario.things import Account, Bill, Cash, Consignment, Firm, Line, Payment, Person
from loaders.scenario.world import Freight, World, later

MARKING = "case:ALPHA"
_INVOICES = (("2024-03-12", 120_000), ("2024-05-21", 96_400), ("2024-09-03", 143_750), ("2025-01-15", 88_200))
_SHARES = (Decimal("0.375"), Decimal("0.329"), Decimal("0.292"))
"""What each of the three payers takes of an invoice: 99.6 per cent together."""
_DISCOUNT = Decimal("0.92")


@dataclass(frozen=True, slots=True)
class Peso:
    """The cast, for the telling."""

    broker: Person
    collector: Person
    couriers: tuple[Person, ...]
    payers: tuple[Account, ...]
    exporter: Firm
    importer: Firm
    ceiba: Firm
    ceiba_purse: Account
    lines: dict[str, Line]


def build_peso(world: World, hubs: Hubs, bridges: Bridges) -> Story:
    """Plant the story."""
    cast = _cast(world)
    deposits = _structured_deposits(world, cast)
    bill, sent, third_party, pesos = _trade_leg(world, hubs, cast)
    _settlement(world, cast, bridges)
    _calls(world, cast, bridges)
    _reports(world, cast, bridges)
    chain = (
        deposits[0].courier.id, deposits[0].id, cast.payers[0].id, third_party.id, bill.id, sent.id,
        cast.importer.id, pesos.payer.id, pesos.id, cast.ceiba_purse.id,
    )  # fmt: skip
    return _story(world, cast, bridges, chain)


def _cast(world: World) -> Peso:
    miami, bogota = world.town("USMIA"), world.town("COBOG")
    broker = world.person(("Marta", "Quiroga"), "female", "1971-03-14", "CO", world.address(bogota))
    collector = world.person(("Ramiro", "Olmedo"), "male", "1980-11-02", "CO", world.address(miami))
    names = (("Delia", "Funes-Rey"), "female"), (("Héctor", "Barrientos"), "male"), (("Jonas", "Whitlow"), "male")
    couriers = tuple(
        world.person(name, gender, f"198{place + 4}-0{place + 5}-17", "US", world.address(miami))
        for place, (name, gender) in enumerate(names)
    )
    drop = world.address(miami, "mail drop")
    payers = []
    for place, name in enumerate(("Brickell Tide Consulting", "Gulfline Party Rentals", "Sandpiper Home Staging")):
        firm = world.firm(name, drop, f"2023-{place + 8:02d}-09", "Consulting")
        world.appoint(couriers[place], firm, "director", firm.founded)
        payers.append(world.account(firm, ("ZFPBUS3M", "ZCMBUS33", "ZFPBUS3M")[place], later(firm.founded, 20)))
    for name in ("Mangrove Yoga Studio", "Keystone Dog Walkers", "Half Moon Candle Works"):
        world.firm(name, drop, "2021-04-12", "Services")
    exporter = world.firm("Sunbelt Appliance Export", world.address(miami, "business"), "2007-10-01", "Home Appliances")
    tadlock = world.person(("Warren", "Tadlock"), "male", "1963-06-25", "US", world.address(miami))
    world.appoint(tadlock, exporter, "director", "2007-10-01")
    importer = world.firm("Importadora Valle Claro", world.address(bogota, "business"), "2014-02-18", "Home Appliances")
    ibarra = world.person(("Joaquín", "Ibarra Soto"), "male", "1975-01-30", "CO", world.address(bogota))
    world.appoint(ibarra, importer, "director", "2014-02-18")
    ceiba = world.firm("Cambios y Servicios La Ceiba", world.address(bogota, "business"), "2021-11-23", "Services")
    front = world.person(("Nubia", "Cárdenas Roa"), "female", "1996-07-07", "CO", world.address(bogota))
    world.appoint(front, ceiba, "director", "2021-11-23")
    world.account(exporter, "ZFPBUS3M", "2008-01-10")
    world.account(importer, "ZBCUCOBB", "2014-05-02")
    ceiba_purse = world.account(ceiba, "ZBCUCOBB", "2022-01-17")
    world.signatories.append((broker, ceiba_purse))
    lines = {person.code: world.line(person, "2023-02-01", "prepaid") for person in (broker, collector, *couriers)}
    return Peso(broker, collector, couriers, tuple(payers), exporter, importer, ceiba, ceiba_purse, lines)


def _structured_deposits(world: World, cast: Peso) -> list[Cash]:
    """Thirty deposits of 8,200 to 9,900 dollars, by turns of the couriers, in the fortnight before each invoice."""
    dice = Dice("peso deposits")
    made = []
    for start, _ in _INVOICES[:3]:
        for place in range(10):
            day = later(start, place - 12)
            amount = f"{dice.between(82, 99) * 100}.00"
            made.append(world.deposit(day, cast.couriers[place % 3], cast.payers[(place + place // 3) % 3], amount))
    return made


def _purse(world: World, firm: Firm) -> Account:
    return next(account for account in world.accounts.values() if account.holder == firm)


def _trade_leg(world: World, hubs: Hubs, cast: Peso) -> tuple[Bill, Consignment, Payment, Payment]:
    """Invoices paid by strangers, refrigerators to Colombia, pesos to the broker; the first of each is returned."""
    goods = world.atlas.lines["appliances"][1][0]
    first = None
    for place, (day, usd) in enumerate(_INVOICES):
        sent = world.send(
            Freight(
                cast.exporter, cast.importer, goods, usd // int(goods.usd), later(day, 6), days=9,
                ship=hubs.fleet[5 + place % 3], discharge="COCTG", usd=usd,
            )
        )  # fmt: skip
        bill = world.bill(day, (cast.exporter, cast.importer), usd, "Refrigerators", consignment=sent)
        paid = [
            world.pay(
                later(day, 2 + k), (purse, _purse(world, cast.exporter)), usd * share, f"Inv {bill.number}", bill.number
            )
            for k, (purse, share) in enumerate(zip(cast.payers, _SHARES, strict=True))
        ]
        ends = (_purse(world, cast.importer), cast.ceiba_purse)
        pesos = world.pay(later(day, 11), ends, usd * _DISCOUNT, "Servicios de cambio")
        first = first or (bill, sent, paid[0], pesos)
    if first is None:
        raise AssertionError("there are invoices")
    return first


def _settlement(world: World, cast: Peso, bridges: Bridges) -> None:
    """What is left goes by Panama to Dubai, for telephones that never move, and one courier flies with cash."""
    for place, (day, usd) in enumerate((("2024-04-02", 38_000), ("2024-06-11", 41_500), ("2024-10-01", 36_200))):
        world.pay(day, (cast.payers[place], bridges.istmo_purse), usd, "Consulting fees")
    for day, usd in (("2024-06-25", 62_000), ("2024-10-22", 47_500)):
        bill = world.bill(later(day, -4), (bridges.costa, bridges.istmo), usd, "Mobile telephones, as per pro forma")
        world.pay(day, (bridges.istmo_purse, bridges.costa_purse), usd, f"Inv {bill.number}", bill.number)
    flight = world.passport(cast.couriers[2], "2021-09-30")
    trip = world.trip("2024-11-08", ("USMIA", "PAPTY"), (flight,))
    cash = Cash(
        world.fresh("CTR#######"), trip.date, cast.couriers[2], "48000.00", "USD", trip.origin,
        destination=trip.destination, declared=False,
    )  # fmt: skip
    world.cash.append(replace(cash, receiver=bridges.istmo))


def _calls(world: World, cast: Peso, bridges: Bridges) -> None:
    """The broker rings the collector, he rings the couriers; and she rings Dubai."""
    broker, collector = cast.lines[cast.broker.code], cast.lines[cast.collector.code]
    world.call((broker, collector), "2024-03", 17, MARKING)
    world.call((broker, collector), "2024-09", 22, MARKING)
    for person in cast.couriers:
        world.call((collector, cast.lines[person.code]), "2024-03", 9, MARKING)
    world.call((broker, bridges.prepaid), "2024-06", 6, MARKING)
    world.call((broker, bridges.prepaid), "2024-10", 4, MARKING)


def _reports(world: World, cast: Peso, bridges: Bridges) -> None:
    informant = Voice(world, "informants", "C3", (MARKING,))
    informant.link("BENEFICIAL_OWNER_OF", cast.broker.id, cast.ceiba.id, "2022", interest_type="said to be hers")
    for person in cast.couriers:
        informant.link("ASSOCIATE_OF", cast.collector.id, person.id, "2023", basis="Hands out the bags of cash.")
    doubtful = Voice(world, "informants", "E4", (MARKING,))
    doubtful.link("BENEFICIAL_OWNER_OF", cast.broker.id, bridges.costa.id, "2021", interest_type="hearsay")
    partner = Voice(world, "partner", "B2", ("TLP:AMBER",))
    partner.link("BENEFICIAL_OWNER_OF", cast.broker.id, cast.ceiba.id, "2022", interest_type="signs as owner")
    partner.entity("Subject", cast.broker.id, alias="Martha Quiroga", weak_alias="La Contadora")
    case = Voice(world, "agency", "A2", (MARKING,))
    for party, role in ((cast.broker, "suspect"), (cast.collector, "suspect"), (cast.ceiba, "suspect firm")):
        case.link("SUBJECT_OF", party.id, "case:alpha", "2024-02-01", role=role)
    case.link("SUBJECT_OF", bridges.istmo.id, "case:alpha", "2024-07-10", role="received proceeds")


def _story(world: World, cast: Peso, bridges: Bridges, chain: tuple[str, ...]) -> Story:
    return Story(
        key="alpha",
        title="Refrigerators for drug dollars",
        area="c",
        marking=MARKING,
        summary=(
            "Cash collected in Miami is banked below the reporting level by three couriers, pays the invoices of an "
            "honest exporter, and comes back as pesos to a broker in Bogotá."
        ),
        cast={
            "broker": cast.broker.id, "collector": cast.collector.id, "courier": cast.couriers[0].id,
            "exporter": cast.exporter.id, "importer": cast.importer.id, "broker_firm": cast.ceiba.id,
            "broker_account": cast.ceiba_purse.id, "shell_in_panama": bridges.istmo.id,
        },
        facts=(
            Fact("Cash pays an invoice whose goods are paid again in pesos to the broker's account.", chain),
            Fact("The broker signs for that account.", (cast.broker.id, cast.ceiba_purse.id)),
            Fact("Two independent sources call her its firm's true owner.", (cast.broker.id, cast.ceiba.id)),
            Fact("She directs the collector by telephone.", _call_chain(world, cast)),
        ),
        asks=(
            Ask(
                "How does cash at a counter in Miami become pesos in Bogotá?",
                "shortest-paths",
                {"source": chain[1], "target": chain[-1], "directed": True},
                "The dollars stop with the exporter; the way on leads through his invoice to the importer, who pays "
                "the broker in pesos. The window keeps to the first invoice.",
                scope={"from": "2024-02-25", "to": "2024-03-31"},
                expect=(chain[3], chain[6], chain[-1]),
            ),
            Ask(
                "Who is around the broker?",
                "expand",
                {"entity": cast.broker.id, "hops": 1},
                "An account she signs for, a firm that two sources say is hers, a telephone, a case.",
                expect=(cast.ceiba_purse.id, cast.ceiba.id),
            ),
        ),
    )  # fmt: skip


def _call_chain(world: World, cast: Peso) -> tuple[str, ...]:
    broker, collector = cast.lines[cast.broker.code], cast.lines[cast.collector.code]
    call = next(call for call in world.calls if call.caller is broker and call.callee is collector)
    return cast.broker.id, broker.id, call.id, collector.id, cast.collector.id
