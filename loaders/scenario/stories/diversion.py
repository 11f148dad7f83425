"""Story DELTA, areas d and f: cooled infrared cameras diverted through a front and a transshipment port.

An honest maker in Oakland sells to a young firm in Hong Kong; a firm in Dubai that has no part in the sale pays; the
cameras go on to Jebel Ali as microscopes, and on to Bandar Abbas as spare parts, for a works that is on a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from loaders.scenario.atlas import Goods
from loaders.scenario.hubs import Hubs
from loaders.scenario.reports import Voice
from loaders.scenario.stories.bridges import Bridges
from loaders.scenario.stories.route import FEATURES, FORGERIES
from loaders.scenario.story import Ask, Fact, Story
from loaders.scenario.things import Bill, Consignment, Firm, Line, Passport, Payment, Person
from loaders.scenario.world import Freight, World, later

MARKING = "case:DELTA"
CAMERAS = Goods("8525.89", "Cooled infrared camera cores", Decimal(9_400), Decimal("1.6"))
MICROSCOPES = Goods("9011.80", "Laboratory microscopes, used", Decimal(700), Decimal("1.7"))
SPARES = Goods("8473.30", "Spare parts for data processing machines", Decimal(150), Decimal("1.7"))
BOARDS = Goods("8542.39", "Read-out circuits", Decimal(480), Decimal("0.1"))
_LIMIT = 4_800
"""Each of the small orders stays below the 5,000 dollars up to which the exporter needs no licence."""


@dataclass(frozen=True, slots=True)
class Diversion:
    """The cast, for the telling."""

    maker: Firm
    front: Firm
    director: Person
    trader: Firm
    works: Firm
    buyer: Person
    shared: Line
    buyers: tuple[Firm, ...]


@dataclass(frozen=True, slots=True)
class Cameras:
    """What moved: the three legs of the first consignment, its invoice, and the stranger's payment."""

    legs: tuple[Consignment, Consignment, Consignment]
    bill: Bill
    payment: Payment


def build_diversion(world: World, hubs: Hubs, bridges: Bridges, forger: Person, box: str) -> Story:
    """Plant the story; ``box`` is the container that another story has used."""
    cast = _cast(world, hubs)
    moved = _cameras(world, hubs, bridges, cast, box)
    _small_orders(world, cast)
    forged = _journeys(world, cast)
    _innocent_distributor(world, cast)
    _reports(world, cast, forged, forger, moved)
    world.call((cast.shared, bridges.prepaid), "2024-08", 3, MARKING)
    return _story(cast, bridges, forged, forger, moved)


def _cast(world: World, hubs: Hubs) -> Diversion:
    oakland, kong, dubai = world.town("USOAK"), world.town("HKHKG"), world.town("AEDXB")
    maker = world.firm("Calder Optronics", world.address(oakland, "business"), "1994-05-16", "optics")
    sales = world.person(("Nora", "Vanceling"), "female", "1979-07-02", "US", world.address(oakland))
    world.hire(sales, maker, "export manager", "2016-03")
    world.account(maker, "ZBTBUS6S", "1995-01-09")
    front = world.firm("Lumen Pacific Instruments", hubs.agent_address, "2024-02-05", "optics", "HK")
    director = world.person(("Desmond", "Sze Lok-Wing"), "male", "1987-04-18", "HK", world.address(kong))
    world.appoint(director, front, "director", "2024-02-05")
    world.appoint(director, front, "shareholder", "2024-02-05", share="100")
    trader = world.firm("Saffron Coast General Trading", world.address(dubai, "business"), "2021-10-13", "Trading")
    owner = world.person(("Nadia", "Rahmanizad"), "female", "1982-05-26", "AE", world.address(dubai))
    world.appoint(owner, trader, "director", "2021-10-13")
    bandar = world.town("IRBND")
    works = world.firm("Karun Optical Works", world.address(bandar, "business"), "1991", "optics")
    buyer = world.person(("Behzad", "Farrokhvandi"), "male", "1981-05-02", "IR", world.address(bandar))
    shared = world.line(front, "2024-02-20", "mobile", "HK")
    desk = world.address(kong, "business")
    names = (("Orchid Bay Components", "SG"), ("Tin Hill Trading", "MY"), ("Kestrel Lane Electronics", "HK"))
    buyers = tuple(
        world.firm(name, desk, "2024-03-11", "electronics", code) for name, code in (*names, ("Jade Reef Lab", "HK"))
    )
    for firm in buyers:
        world.line(firm, "2024-03-15", "mobile", "HK")
    return Diversion(maker, front, director, trader, works, buyer, shared, buyers)


def _cameras(world: World, hubs: Hubs, bridges: Bridges, cast: Diversion, box: str) -> Cameras:
    """Two consignments out of Oakland, and each goes on twice under another name; Costa Azul pays both."""
    found = []
    purse = next(account for account in world.accounts.values() if account.holder == cast.maker)
    for day, quantity, container in (("2024-08-05", 24, box), ("2024-11-11", 18, "")):
        out = world.send(
            Freight(cast.maker, cast.front, CAMERAS, quantity, day, 17, ship=hubs.fleet[6], discharge="HKHKG")
        )
        on = world.send(
            Freight(
                cast.front, cast.trader, MICROSCOPES, quantity, later(day, 26), 15, ship=hubs.fleet[2],
                loading="HKHKG", discharge="AEJEA", forwarder=hubs.forwarders[0], procedure="transit",
            )
        )  # fmt: skip
        last = world.send(
            Freight(
                cast.trader, cast.works, SPARES, quantity, later(day, 47), 3, ship=hubs.calypso, box=container,
                loading="AEJEA", forwarder=hubs.forwarders[0], procedure="re-export",
            )
        )  # fmt: skip
        bill = world.bill(
            later(day, -6), (cast.maker, cast.front), CAMERAS.usd * quantity, CAMERAS.description, consignment=out
        )
        paid = world.pay(
            later(day, -2), (bridges.costa_purse, purse), Decimal(bill.amount), f"Inv {bill.number}", bill.number
        )
        found.append(Cameras((out, on, last), bill, paid))
    return found[0]


def _small_orders(world: World, cast: Diversion) -> None:
    """Four firms at one desk each order circuits just below the limit, by air, and name the front as notify party."""
    for place, firm in enumerate(cast.buyers):
        order = Freight(cast.maker, firm, BOARDS, 10, later("2024-05-06", 9 * place), 4, notify=cast.front, usd=_LIMIT)
        sent = world.send(order)
        world.bill(sent.date, (cast.maker, firm), _LIMIT, "Read-out circuits", consignment=sent)


def _journeys(world: World, cast: Diversion) -> Passport:
    """The buyer flies to Hong Kong in another name, on a passport of the Istanbul workshop; the director flies back."""
    false = world.person(("Cem", "Aydoğanlı"), "male", "1981-01-01", "TR", None)
    forged = world.passport(false, "2021-06-01", "TR", FORGERIES.format(31))
    own = world.passport(cast.director, "2019-08-14")
    world.trip("2024-07-15", ("AEDXB", "HKHKG"), (forged,))
    world.trip("2024-07-19", ("HKHKG", "AEDXB"), (forged, own))
    world.trip("2024-07-25", ("AEDXB", "HKHKG"), (own,))
    return forged


def _innocent_distributor(world: World, cast: Diversion) -> None:
    """The same pattern with a licence: Hong Kong to Singapore, old firm, own money. It is no hit."""
    kong = world.town("HKHKG")
    firm = world.firm("Peak Photonics Distribution", world.address(kong, "business"), "2003-09-09", "optics")
    lab = world.firm(
        "Straits Imaging Laboratory", world.address(world.town("SGSIN"), "business"), "1999-01-20", "optics"
    )
    purse = world.account(firm, "ZLPBHKHH", "2003-10-01", "USD")
    maker = next(account for account in world.accounts.values() if account.holder == cast.maker)
    sent = world.send(Freight(cast.maker, firm, CAMERAS, 12, "2024-06-17", 16))
    bill = world.bill("2024-06-12", (cast.maker, firm), CAMERAS.usd * 12, CAMERAS.description, consignment=sent)
    world.pay("2024-06-20", (purse, maker), Decimal(bill.amount), f"Inv {bill.number}", bill.number)
    world.send(Freight(firm, lab, CAMERAS, 12, "2024-07-22", 5))
    office = Voice(world, "agency", "A1")
    licence = office.entity(
        "Licence", "licence:US-D7741920", number="D7741920", licence_type="export of 6A003", quantity="12",
        issue_date="2024-05-30", expiry_date="2025-05-29",
    )  # fmt: skip
    office.link("ISSUED_TO", licence, firm.id)
    office.link("COVERS", licence, sent.id)


def _reports(world: World, cast: Diversion, forged: Passport, forger: Person, moved: Cameras) -> None:
    case = Voice(world, "agency", "A2", (MARKING,))
    goods = case.entity(
        "Goods", f"goods:{moved.legs[0].ucr}-1", description=CAMERAS.description, hs_code="852589",
        control_number="6A003", quantity="24", unit="C62",
    )  # fmt: skip
    for leg in moved.legs:
        case.link("CONTAINS", leg.id, goods)
    for party, role in ((cast.front, "suspect firm"), (cast.director, "suspect"), (cast.trader, "suspect firm")):
        case.link("SUBJECT_OF", party.id, "case:delta", "2024-09-02", role=role)
    case.link("SUBJECT_OF", cast.buyer.id, "case:delta", "2024-09-20", role="suspect")
    lab = Voice(world, "agency", "A2", (MARKING, "case:BRAVO"))
    lab.entity("Passport", forged.id, document_status="counterfeit", features=FEATURES)
    lab.link("PREPARED", forger.id, forged.id, "2024")
    partner = Voice(world, "partner", "B2", ("TLP:AMBER",))
    partner.link("PRESENTED", cast.buyer.id, forged.id, "2024-07")
    partner.entity("Subject", cast.buyer.id, alias="Behzad Farokhvandi", birth_date="1979", notes="Buys for the works.")
    partner.link("HAS_PHONE", cast.buyer.id, cast.shared.id, "2024-06")
    partner.link("REPRESENTS", cast.buyer.id, cast.works.id, "2018", role="procurement agent")
    meeting = partner.entity(
        "Meeting", "meeting:partner-0417", name="Meeting at a hotel in Dubai", date="2024-07-20", place="Dubai",
        description="The director of the front and the buyer, one hour.",
    )  # fmt: skip
    for person in (cast.director, cast.buyer):
        partner.link("ATTENDED", person.id, meeting)
    informant = Voice(world, "informants", "C3", (MARKING,))
    informant.link("REPRESENTS", cast.director.id, cast.works.id, "2024", role="said to buy for them")


def _story(cast: Diversion, bridges: Bridges, forged: Passport, forger: Person, moved: Cameras) -> Story:
    out, on, last = moved.legs
    goods_way = (cast.maker.id, out.id, cast.front.id, on.id, cast.trader.id, last.id, cast.works.id)
    money_way = (bridges.costa.id, bridges.costa_purse.id, moved.payment.id, moved.bill.id, cast.front.id)
    return Story(
        key="delta",
        title="Cameras that became spare parts",
        area="d",
        marking=MARKING,
        summary=(
            "Controlled infrared cameras go from Oakland to a six-month-old firm in Hong Kong, on to Jebel Ali as "
            "microscopes and to a listed works in Bandar Abbas as spare parts; a stranger in Dubai pays."
        ),
        cast={
            "maker": cast.maker.id, "front": cast.front.id, "director": cast.director.id, "trader": cast.trader.id,
            "listed_works": cast.works.id, "buyer": cast.buyer.id, "third_party_payer": bridges.costa.id,
            "shared_phone": cast.shared.id, "forged_passport": forged.id, "last_leg": last.id,
        },
        facts=(
            Fact("The cameras travel to the listed works in three legs.", goods_way),
            Fact("A firm in Dubai that is no party to the sale pays the front's invoice.", money_way),
            Fact("The front's telephone is the buyer's too.", (cast.front.id, cast.shared.id, cast.buyer.id)),
            Fact("The buyer travels on a passport of the Istanbul workshop.", (cast.buyer.id, forged.id, forger.id)),
        ),
        asks=(
            Ask(
                "Where do the cameras end up?",
                "shortest-paths",
                {"source": cast.maker.id, "target": cast.works.id, "directed": True},
                "Along the goods: Oakland, Hong Kong, Jebel Ali, Bandar Abbas; the last consignee is on a list.",
                scope={"from": "2024-08", "to": "2024-10"},
                expect=goods_way,
            ),
            Ask(
                "Who stands behind the front?",
                "expand",
                {"entity": cast.front.id, "hops": 2},
                "A nominee address shared with two dozen firms means little; the telephone of the buyer, much.",
                expect=(cast.buyer.id, cast.shared.id),
            ),
        ),
    )  # fmt: skip
