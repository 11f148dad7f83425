"""Story CALYPSO, areas g and b: cigarettes in transit that never arrive, carried by a shipping line's own ships.

Cigarettes leave Jebel Ali for Montevideo or Apapa and are landed at Piraeus, where an importer whose goods were seized
came back six weeks later under another name, with the same telephone and the same address.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from loaders.scenario.atlas import Goods
from loaders.scenario.hubs import Hubs
from loaders.scenario.reports import Voice
from loaders.scenario.stories.bridges import Bridges
from loaders.scenario.story import Ask, Fact, Story
from loaders.scenario.things import Cash, Consignment, Firm, Line, Person
from loaders.scenario.world import Freight, World

MARKING = "case:CALYPSO"
CIGARETTES = Goods("2402.20", "Cigarettes, thousands", Decimal(14), Decimal("1.1"))
_RUNS = (("2024-01-04", "UY"), ("2024-04-11", "UY"), ("2024-05-30", "NG"), ("2024-08-22", "UY"), ("2024-12-05", "NG"))


@dataclass(frozen=True, slots=True)
class Tobacco:
    """The cast, for the telling."""

    factory: Firm
    seized: Firm
    phoenix: Firm
    owner: Person
    manager: Person
    master: Person
    niece: Person
    shared: Line
    manager_line: Line


def build_tobacco(world: World, hubs: Hubs, bridges: Bridges) -> tuple[Story, str]:
    """Plant the story; the container of the second run is returned too, for it is seen again."""
    cast = _cast(world, hubs)
    runs = _runs(world, hubs, cast)
    seizure = _seizure(world, cast, runs[0])
    flights = _cash(world, bridges, cast)
    world.call((cast.manager_line, bridges.prepaid), "2024-05", 5, MARKING)
    world.call((cast.manager_line, cast.shared), "2024-04", 13, MARKING)
    _reports(world, hubs, bridges, cast, runs)
    return _story(hubs, bridges, cast, seizure, (runs[1], flights)), runs[1].box


def _cast(world: World, hubs: Hubs) -> Tobacco:
    piraeus = world.town("GRPIR")
    factory = world.firm("Golden Dune Tobacco", world.address(world.town("AEJEA"), "business"), "2010-12-01", "Tobacco")
    world.account(factory, "ZGCBAEAD", "2011-01-16", "USD")
    desk = world.address(piraeus, "business")
    seized = world.firm("Aegean Provisions", desk, "2017-04-03", "Provisions")
    seized = world.revise(seized, closed="2024-03-01")
    phoenix = world.firm("Kyma Storage and Trading", desk, "2024-03-25", "Provisions")
    world.account(phoenix, "ZAHBGRAA", "2024-04-02")

    def greek(given: str, family: str, gender: str, birth: str) -> Person:
        return world.person((given, family), gender, birth, "GR", world.address(piraeus))

    owner, manager = (
        greek("Stavros", "Lekkasis", "male", "1957-09-08"),
        greek("Ioannis", "Kastritis", "male", "1974-02-27"),
    )
    niece = greek("Dimitra", "Lekkasi", "female", "1993-11-14")
    uncle = greek("Petros", "Lekkasis", "male", "1961-03-19")
    master = world.person(("Pavlos", "Dorinakis"), "male", "1969-06-06", "GR", world.address(world.town("GRATH")))
    world.relate(owner, uncle, "brothers")
    world.relate(uncle, niece, "father and daughter")
    world.appoint(owner, hubs.albatross, "shareholder", "1998-04-02", share="60")
    world.hire(manager, hubs.albatross, "operations manager", "2009-05")
    world.appoint(uncle, seized, "director", "2017-04-03", until="2024-03-01")
    world.appoint(niece, phoenix, "director", "2024-03-25")
    shared = world.line(seized, "2017-05-01", "landline")
    manager_line = world.line(manager, "2012-06-01")
    return Tobacco(factory, seized, phoenix, owner, manager, master, niece, shared, manager_line)


def _runs(world: World, hubs: Hubs, cast: Tobacco) -> list[Consignment]:
    """Five runs on the Calypso Star without a recorded arrival, and three honest ones to Alexandria."""
    runs = []
    for place, (day, country) in enumerate(_RUNS):
        runs.append(
            world.send(
                Freight(
                    cast.factory, cast.seized if place == 0 else cast.phoenix, CIGARETTES, 10_000, day, 0,
                    ship=hubs.calypso, discharge={"UY": "UYMVD", "NG": "NGAPP"}[country], destination=country,
                    procedure="transit",
                )
            )
        )  # fmt: skip
    shop = world.firm("Nile Corniche Kiosks", world.address(world.town("EGALY"), "business"), "2008-08-08", "Tobacco")
    for day in ("2024-02-06", "2024-06-18", "2024-11-19"):
        world.send(Freight(cast.factory, shop, CIGARETTES, 6_000, day, 12, ship=hubs.fleet[3]))
    return runs


def _seizure(world: World, cast: Tobacco, run: Consignment) -> str:
    """Customs at Piraeus find the first run where it should not be."""
    case = Voice(world, "agency", "A1")
    seizure = case.entity(
        "Seizure", "seizure:GR-2024-0117", seizure_number="GR-2024-0117", date="2024-02-12", commodity="cigarettes",
        quantity="10000000", unit="sticks", place="Piraeus", name="Ten million cigarettes at Piraeus",
    )  # fmt: skip
    case.link("SEIZED_FROM", cast.seized.id, seizure)
    case.link("SEIZED_ITEM", seizure, f"container:{run.box}")
    case.link("SEIZED_ITEM", seizure, run.id)
    case.link("HELD_AT", seizure, "port:GRPIR")
    return seizure


def _cash(world: World, bridges: Bridges, cast: Tobacco) -> list[Cash]:
    """The manager carries the takings to Dubai three times, and declares them once."""
    paper = world.passport(cast.manager, "2018-10-22")
    flights = []
    for day, declared in (("2024-05-13", True), ("2024-07-01", False), ("2024-10-14", False)):
        trip = world.trip(day, ("GRATH", "AEDXB"), (paper,))
        flights.append(
            Cash(
                world.fresh("CTR#######"), day, cast.manager, "85000.00", "EUR", trip.origin,
                destination=trip.destination, declared=declared, receiver=bridges.exchange,
            )
        )  # fmt: skip
    world.cash += flights
    purse = next(account for account in world.accounts.values() if account.holder == cast.factory)
    for day, usd in (("2024-05-27", 96_000), ("2024-11-26", 88_000)):
        world.pay(day, (bridges.costa_purse, purse), usd, "Goods as agreed")
    return flights


def _reports(world: World, hubs: Hubs, bridges: Bridges, cast: Tobacco, runs: list[Consignment]) -> None:
    case = Voice(world, "agency", "A2", (MARKING,))
    for party, role in ((cast.phoenix, "suspect firm"), (cast.manager, "suspect"), (hubs.calypso, "conveyance")):
        case.link("SUBJECT_OF", party.id, "case:calypso", "2024-03-04", role=role)
    case.link("SUBJECT_OF", cast.factory.id, "case:calypso", "2024-06-01", role="supplier")
    case.link("HAS_PHONE", cast.phoenix.id, cast.shared.id, "2024-04")
    case.link("MASTER_OF", cast.master.id, hubs.calypso.id, "2023-06/2025-01")
    partner = Voice(world, "partner", "B2", ("TLP:AMBER",))
    for run in runs[1:3]:
        partner.link("VIA", run.id, "port:GRPIR", run.date[:7], sequence="1")
    partner.link("HAS_PHONE", cast.phoenix.id, cast.shared.id, "2024-04")
    informant = Voice(world, "informants", "C3", (MARKING,))
    informant.link("CONTROLS", cast.owner.id, cast.phoenix.id, "2024", basis="The niece signs what he says.")
    informant.link("ASSOCIATE_OF", cast.manager.id, bridges.halloum.id, "2023", basis="Brings him bags.")
    wrong = Voice(world, "informants", "E5", (MARKING,))
    wrong.link("MASTER_OF", cast.manager.id, hubs.calypso.id, "2024")


def _story(hubs: Hubs, bridges: Bridges, cast: Tobacco, seizure: str, moved: tuple[Consignment, list[Cash]]) -> Story:
    run, flights = moved
    return Story(
        key="calypso",
        title="Cigarettes for nowhere",
        area="g",
        marking=MARKING,
        summary=(
            "Transit cigarettes on the Calypso Star are landed at Piraeus instead of Montevideo; the importer is a "
            "firm seized from in February that rose again in March, and the cash flies to Dubai."
        ),
        cast={
            "factory": cast.factory.id, "seized_importer": cast.seized.id, "new_importer": cast.phoenix.id,
            "shipping_line": hubs.albatross.id, "ship": hubs.calypso.id, "owner": cast.owner.id,
            "manager": cast.manager.id, "container": f"container:{run.box}", "cigarettes": run.id,
            "cash_receiver": bridges.exchange.id,
        },
        facts=(
            Fact("The new importer has the old one's telephone.", (cast.seized.id, cast.shared.id, cast.phoenix.id)),
            Fact("They share an address too.", (cast.seized.id, cast.seized.address.id, cast.phoenix.id)),
            Fact("Goods of the old one were seized.", (cast.seized.id, seizure)),
            Fact("The manager carries cash to the hawala.", (cast.manager.id, flights[0].id, bridges.exchange.id)),
            Fact("The factory's cigarettes travel on the ship.", (cast.factory.id, run.id, hubs.calypso.id)),
        ),
        asks=(
            Ask(
                "Is the new importer the old one?",
                "shortest-paths",
                {"source": cast.seized.id, "target": cast.phoenix.id},
                "One telephone and one address, two links each; that both are Greek means nothing.",
                expect=(cast.shared.id, cast.seized.address.id),
            ),
            Ask(
                "What else has this container carried?",
                "expand",
                {"entity": f"container:{run.box}", "hops": 1},
                "Cigarettes in spring, and in autumn the spare parts of case DELTA: the box is one, the trips are two.",
                expect=(run.id,),
            ),
        ),
    )  # fmt: skip
