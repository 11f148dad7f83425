"""Ordinary journeys and calls: families, colleagues, a tour group, and the taxi office everybody rings."""

from __future__ import annotations

from loaders.scenario.commerce import FIRST, LAST
from loaders.scenario.dice import Dice
from loaders.scenario.hubs import Hubs
from loaders.scenario.population import Population
from loaders.scenario.things import Line, Passport, Person
from loaders.scenario.world import World, later

_RESORTS = ("AEDXB", "TRIST", "GRATH", "PAPTY", "SGSIN", "HKHKG", "GBLON", "USMIA")


def journeys(world: World, people: Population, count: int = 22) -> None:
    """Couples and lone travellers who go and mostly come back, and a tour leader whose guests all return with her."""
    dice = Dice("journeys")
    papers: dict[str, Passport] = {}
    for family in dice.several(people.families, count):
        home = family[0].home
        if home is None:
            continue
        party = tuple(_paper(world, dice, papers, person) for person in family[: dice.between(1, 2)])
        goal = dice.pick([town for town in _RESORTS if town != home.town.locode])
        day = dice.day(FIRST, LAST).isoformat()
        world.trip(day, (home.town.locode, goal), party)
        if dice.chance(0.6):
            world.trip(later(day, dice.between(4, 20)), (goal, home.town.locode), party)
    _tour(world, dice, people, papers)


def _paper(world: World, dice: Dice, papers: dict[str, Passport], person: Person) -> Passport:
    """The person's passport, issued when it is first asked for."""
    if person.code not in papers:
        papers[person.code] = world.passport(person, f"{dice.between(2016, 2023)}-{dice.between(1, 12):02d}-10")
    return papers[person.code]


def _tour(world: World, dice: Dice, people: Population, papers: dict[str, Passport]) -> None:
    """What the guide of the smuggling route does, innocently: companions out, and the same companions back."""
    home = world.town("GBLON")
    leader = world.person(("Rosalind", "Tuppence-Hale"), "female", "1977-05-19", "GB", world.address(home))
    firm = world.firm("Larkrise Tours", world.address(home, "business"), "2003-02-01", "Travel Agency")
    world.appoint(leader, firm, "director", "2003-02-01")
    guide = world.passport(leader, "2019-04-02")
    guests = [family[1] for family in people.families if family[1].nationality in ("GB", "NL", "DE")]
    for day in ("2024-05-04", "2024-09-14", "2025-03-22"):
        party = (guide, *(_paper(world, dice, papers, guest) for guest in dice.several(guests, 3)))
        world.trip(day, ("GBLON", "TRIST"), party, firm)
        world.trip(later(day, 9), ("TRIST", "GBLON"), party, firm)


def calls(world: World, hubs: Hubs, people: Population) -> None:
    """Who rings whom in an ordinary month."""
    dice = Dice("calls")
    lines: dict[str, Line] = {line.subscriber.id: line for line in world.lines.values()}

    def month() -> str:
        return f"{dice.pick((2024, 2024, 2025))}-{dice.between(1, 6):02d}"

    for family in people.families:
        phones = [lines[person.id] for person in family if person.id in lines]
        if len(phones) > 1:
            world.call((phones[0], phones[1]), month(), dice.between(3, 40))
    for job in dice.several(world.jobs, 30):
        if job.firm.id in lines and job.person.id in lines:
            world.call((lines[job.person.id], lines[job.firm.id]), month(), dice.between(1, 12))
    riders = [line for line in lines.values() if line.number.startswith(("+971", "+44", "+90", "+852"))]
    for line in dice.several([line for line in riders if line is not hubs.taxi], 22):
        world.call((line, hubs.taxi), month(), dice.between(1, 4))
