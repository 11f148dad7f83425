"""Story BRAVO, areas a and p: people smuggled from Dhaka by Dubai, Istanbul and Panama to Houston.

A recruiter, a forger, a travel agency, a guide who always flies home alone, three safe houses, and hawala for the fees.
The people who are moved are recorded as non-criminal (`ncii`): they pay and travel, they are not suspects.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from loaders.scenario.dice import Dice
from loaders.scenario.population import name_of
from loaders.scenario.reports import Voice
from loaders.scenario.stories.bridges import Bridges
from loaders.scenario.story import Ask, Fact, Story
from loaders.scenario.things import Account, Address, Firm, Line, Passport, Person, Trip
from loaders.scenario.world import World, later

MARKING = "case:BRAVO"
FORGERIES = "TX70551{:02d}"
"""The numbers of the forged passports run on: one workshop, one batch."""
FEATURES = ["laser print over offset", "serif error in the machine readable zone", "hologram of batch MB-7"]
_GROUPS = (("2024-03-18", 3), ("2024-06-10", 2), ("2024-10-07", 3), ("2025-02-17", 2))


@dataclass(frozen=True, slots=True)
class Route:
    """The cast, for the telling."""

    people: dict[str, Person]
    firms: dict[str, Firm]
    purses: dict[str, Account]
    lines: dict[str, Line]
    houses: dict[str, Address]
    moved: tuple[Person, ...]


def build_route(world: World, bridges: Bridges) -> tuple[Story, Person]:
    """Plant the story; the forger is returned too, for he has another customer."""
    cast = _cast(world)
    trips = _travel(world, cast)
    _hawala(world, cast, bridges)
    _calls(world, cast, bridges)
    _reports(world, cast, bridges)
    return _story(world, cast, bridges, trips), cast.people["forger"]


def _cast(world: World) -> Route:
    def person(given: str, family: str, gender: str, birth: str, country: str, town: str) -> Person:
        return world.person((given, family), gender, birth, country, world.address(world.town(town)))

    people = {
        "recruiter": person("Mizan", "Talukder", "male", "1983-04-21", "BD", "BDDAC"),
        "banker": person("Shafiq", "Mollahdar", "male", "1968-10-10", "BD", "BDDAC"),
        "forger": person("Orhan", "Belgin", "male", "1959-02-13", "TR", "TRIST"),
        "agent": person("Sevda", "Korkutlu", "female", "1981-12-05", "TR", "TRIST"),
        "guide": person("Emre", "Aksoylu", "male", "1990-08-19", "TR", "TRIST"),
        "payer": person("Abel", "Santamaría Cruz", "male", "1977-11-28", "PA", "PAPTY"),
        "keeper": person("Lucía", "Batista Ríos", "female", "1986-03-03", "PA", "PAPTY"),
        "receiver": person("Gus", "Pruittman", "male", "1972-09-22", "US", "USHOU"),
    }
    dhaka, istanbul, panama = world.town("BDDAC"), world.town("TRIST"), world.town("PAPTY")
    firms = {
        "recruiting": world.firm("Padma Bridge Overseas", world.address(dhaka, "business"), "2018-07-01", "Staffing"),
        "travel": world.firm("Şahin Yol Turizm", world.address(istanbul, "business"), "2015-03-12", "Travel Agency"),
        "casa": world.firm("Casa Tránsito Remesas", world.address(panama, "business"), "2020-05-04", "Remittances"),
    }
    for firm, director in (("recruiting", "recruiter"), ("travel", "agent"), ("casa", "payer")):
        world.appoint(people[director], firms[firm], "director", firms[firm].founded)
    world.hire(people["guide"], firms["travel"], "guide", "2022-01")
    purses = {
        "banker": world.account(people["banker"], "ZBDBBDDH", "2012-03"),
        "casa": world.account(firms["casa"], "ZBINPAPA", "2020-06-01"),
        "keeper": world.account(people["keeper"], "ZBINPAPA", "2019-01"),
        "travel": world.account(firms["travel"], "ZBTBTRIS", "2015-04-01"),
        "forger": world.account(people["forger"], "ZBTBTRIS", "2010-05"),
    }
    lines = {key: world.line(one, "2022-05-01", "prepaid") for key, one in people.items() if key != "receiver"}
    lines["receiver"] = world.line(people["receiver"], "2023-01-15")
    houses = {key: world.address(world.town(town), "safe house") for key, town in
              (("istanbul", "TRIST"), ("panama", "PAPTY"), ("houston", "USHOU"))}  # fmt: skip
    dice = Dice("the people moved")
    moved = tuple(
        world.person(
            name_of(world, dice, "bn", gender), gender, f"{dice.between(1990, 2004)}", "BD", world.address(dhaka)
        )
        for gender in dice.several(("male",) * 7 + ("female",) * 3, 10)
    )
    return Route(people, firms, purses, lines, houses, moved)


def _travel(world: World, cast: Route) -> list[Trip]:
    """Out of Dhaka on their own passports, on from Istanbul in other names with the guide, who returns alone."""
    dice = Dice("the journeys of the people moved")
    guide = world.passport(cast.people["guide"], "2020-02-14")
    flights, left, serial = [], list(cast.moved), 11
    for day, size in _GROUPS:
        group, left = left[:size], left[size:]
        own = tuple(world.passport(person, "2022-11-20") for person in group)
        world.trip(later(day, -9), ("BDDAC", "AEDXB"), own, cast.firms["recruiting"])
        world.trip(later(day, -8), ("AEDXB", "TRIST"), own, cast.firms["recruiting"])
        forged = []
        for person in group:
            false = _false_name(world, dice, person)
            forged.append(world.passport(false, "2021-06-01", "TR", FORGERIES.format(serial)))
            _forgery(world, cast, forged[-1], person)
            serial += 1
        flights.append(world.trip(day, ("TRIST", "PAPTY"), (guide, *forged), cast.firms["travel"]))
        world.trip(later(day, 4), ("PAPTY", "TRIST"), (guide,), cast.firms["travel"])
    return flights


def _false_name(world: World, dice: Dice, person: Person) -> Person:
    """The person that a forged passport pretends to be; border control knows nobody else."""
    return world.person(name_of(world, dice, "tr", person.gender), person.gender, f"{person.birth}-01-01", "TR", None)


def _forgery(world: World, cast: Route, forged: Passport, bearer: Person) -> None:
    """What the laboratory and the interviews said later of a forged passport."""
    lab = Voice(world, "agency", "A2", (MARKING,))
    lab.entity("Passport", forged.id, document_status="counterfeit", features=FEATURES)
    lab.link("PREPARED", cast.people["forger"].id, forged.id, "2024")
    interview = Voice(world, "agency", "B3", (MARKING,))
    interview.entity("Subject", bearer.id, analytic_role="ncii")
    interview.entity("Subject", forged.person.id, analytic_role="ncii", notes="A name in a forged passport.")
    interview.link("PRESENTED", bearer.id, forged.id, "2024")


def _hawala(world: World, cast: Route, bridges: Bridges) -> None:
    """Fees paid in Dhaka come out in Panama the next day, two per cent less; nothing is wired between the two."""
    dice = Dice("fees")
    starts = [day for day, size in _GROUPS for _ in range(size)]
    for person, day in zip(cast.moved, starts, strict=True):
        usd = Decimal(dice.between(44, 71) * 100)
        purse = world.account(person, "ZBDBBDDH", "2021-05")
        world.pay(later(day, -14), (purse, cast.purses["banker"]), usd, "Family matter")
        world.pay(later(day, -13), (cast.purses["casa"], cast.purses["keeper"]), usd * Decimal("0.98"), "Remesa")
    for day, size in _GROUPS:
        world.pay(later(day, -5), (cast.purses["travel"], cast.purses["forger"]), 900 * size, "Baskı işi")
    for day, dollars in (("2024-03-08", 18_400), ("2024-06-03", 11_900), ("2024-09-30", 17_250)):
        world.pay(day, (bridges.istmo_purse, cast.purses["casa"]), dollars, "Loan to affiliate")
    bill = world.bill("2024-07-02", (bridges.exchange, bridges.costa), 23_000, "Cotton cloth, mixed lots")
    world.pay("2024-07-09", (bridges.costa_purse, bridges.exchange_purse), 23_000, f"Inv {bill.number}", bill.number)
    world.pay("2024-08-01", (cast.purses["banker"], bridges.exchange_purse), 15_500, "Cotton cloth")


def _calls(world: World, cast: Route, bridges: Bridges) -> None:
    def ring(one: Line, other: Line, month: str, count: int) -> None:
        world.call((one, other), month, count, MARKING)

    lines = cast.lines
    ring(lines["recruiter"], bridges.prepaid, "2024-03", 14)
    ring(lines["banker"], bridges.prepaid, "2024-03", 21)
    ring(lines["payer"], bridges.prepaid, "2024-06", 8)
    ring(lines["recruiter"], lines["agent"], "2024-02", 19)
    ring(lines["recruiter"], lines["banker"], "2024-02", 33)
    ring(lines["agent"], lines["forger"], "2024-02", 12)
    ring(lines["agent"], lines["guide"], "2024-03", 27)
    ring(lines["guide"], lines["keeper"], "2024-03", 10)
    ring(lines["payer"], lines["keeper"], "2024-03", 15)
    ring(lines["keeper"], lines["receiver"], "2024-04", 9)


def _reports(world: World, cast: Route, bridges: Bridges) -> None:
    case = Voice(world, "agency", "A2", (MARKING,))
    house = {key: place.id for key, place in cast.houses.items()}
    for key, at in cast.houses.items():
        case.entity("Address", at.id, full=at.full, street=at.street, city=at.town.name,
                    country=at.town.country.code, address_type="safe house")  # fmt: skip
        case.link("EVIDENCE_IN", house[key], "case:bravo")
    for person in cast.moved[:5]:
        case.link("SEEN_AT", person.id, house["istanbul"], "2024-03/2024-06")
        case.link("SEEN_AT", person.id, house["panama"], "2024-03/2024-07")
    for who, place, since in (
        ("guide", "istanbul", "2023-08"),
        ("keeper", "panama", "2022"),
        ("receiver", "houston", "2023"),
    ):
        case.link("LOCATED_AT", cast.people[who].id, house[place], since)
    for who in ("recruiter", "banker", "agent", "guide", "forger", "keeper", "receiver", "payer"):
        case.link("SUBJECT_OF", cast.people[who].id, "case:bravo", "2024-04-15", role="suspect")
    informant = Voice(world, "informants", "C2", ("TLP:AMBER", MARKING))
    informant.link(
        "ASSOCIATE_OF", cast.people["recruiter"].id, cast.people["agent"].id, "2021", basis="Sends her people."
    )
    informant.link("ASSOCIATE_OF", cast.people["banker"].id, bridges.halloum.id, "2015", basis="Keep one book.")
    informant.link("LOCATED_AT", cast.people["guide"].id, house["istanbul"], "2023-08")
    wrong = Voice(world, "informants", "D5", (MARKING,))
    wrong.link("LOCATED_AT", cast.people["forger"].id, house["istanbul"], "2023")
    partner = Voice(world, "partner", "B3", ("TLP:AMBER",))
    partner.link(
        "ASSOCIATE_OF", bridges.halloum.id, cast.people["payer"].id, "2022-06", basis="Settle accounts monthly."
    )


def _story(world: World, cast: Route, bridges: Bridges, flights: list[Trip]) -> Story:
    people, lines = cast.people, cast.lines
    call = next(c for c in world.calls if c.caller is lines["recruiter"] and c.callee is bridges.prepaid)
    guide = flights[0].travellers[0]
    return Story(
        key="bravo",
        title="The travellers of Şahin Yol",
        area="a",
        marking=MARKING,
        summary=(
            "A recruiter in Dhaka sends people by Dubai and Istanbul, on forged passports and with a guide, to safe "
            "houses in Panama and Houston; the fees travel by hawala."
        ),
        cast={key: person.id for key, person in people.items()}
        | {"safe_house": cast.houses["istanbul"].id, "travel_agency": cast.firms["travel"].id}
        | {"hawaladar": bridges.halloum.id, "prepaid_phone": bridges.prepaid.id},
        facts=(
            Fact(
                "The recruiter rings the hawaladar's nephew.",
                (people["recruiter"].id, lines["recruiter"].id, call.id, bridges.prepaid.id, bridges.nephew.id),
            ),
            Fact(
                "The guide flew with a forged passport of the Istanbul workshop beside him.",
                (guide.person.id, flights[0].id, flights[0].travellers[1].id, people["forger"].id),
            ),
            Fact("The guide stays at the safe house in Istanbul.", (people["guide"].id, cast.houses["istanbul"].id)),
            Fact("The agency that booked the flights pays the forger.", _paid(world, cast)),
        ),
        asks=(
            Ask(
                "How is a recruiter in Dhaka connected with a drop house in Houston?",
                "shortest-paths",
                {"source": people["recruiter"].id, "target": people["receiver"].id, "max_hops": 14},
                "By telephone only: recruiter, travel agent, guide, keeper of the house in Panama, receiver.",
                scope={"kinds": ["Subject", "Phone", "Communication"]},
                expect=(lines["keeper"].id, lines["receiver"].id),
            ),
            Ask(
                "What happens at the safe house in Istanbul?",
                "expand",
                {"entity": cast.houses["istanbul"].id, "hops": 1},
                "The guide lives there, five of the people moved were seen there; one report on the forger is poor.",
                expect=(people["guide"].id, cast.moved[0].id),
            ),
        ),
    )


def _paid(world: World, cast: Route) -> tuple[str, ...]:
    paid = next(p for p in world.payments if p.payee is cast.purses["forger"])
    return (
        cast.firms["travel"].id,
        cast.purses["travel"].id,
        paid.id,
        cast.purses["forger"].id,
        cast.people["forger"].id,
    )
