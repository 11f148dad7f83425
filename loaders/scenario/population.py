"""Ordinary people and firms: families at their addresses, firms with their directors, jobs, accounts and phones."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.scenario.atlas import Town
from loaders.scenario.dice import Dice
from loaders.scenario.hubs import Hubs
from loaders.scenario.things import Account, Address, Firm, Party, Person
from loaders.scenario.world import World

FAMILIES = {
    "USMIA": 5, "USNYC": 3, "USHOU": 2, "USOAK": 3, "COBOG": 6, "COCTG": 2, "PAPTY": 4, "DOSDQ": 2, "BRSSZ": 2,
    "GBLON": 5, "NLRTM": 4, "DEHAM": 4, "GRPIR": 3, "GRATH": 2, "CYLMS": 2, "TRIST": 5, "TRMER": 2, "AEDXB": 4,
    "BDDAC": 5, "INNSA": 2, "MYPKG": 2, "SGSIN": 3, "HKHKG": 5, "CNNGB": 1, "JPYOK": 1, "VNHPH": 1,
}  # fmt: skip
"""How many families live where."""
TRADERS = {
    "USMIA": 4, "USNYC": 2, "USOAK": 2, "COCTG": 3, "COBOG": 3, "ECGYE": 2, "BRSSZ": 3, "UYMVD": 1, "MXVER": 1,
    "DOSDQ": 1, "CAHAL": 1, "GBFXT": 2, "NLRTM": 4, "DEHAM": 4, "PTSIE": 1, "GRPIR": 2, "TRMER": 3, "AEJEA": 5,
    "EGALY": 2, "MAPTM": 1, "NGAPP": 1, "KEMBA": 1, "INNSA": 3, "LKCMB": 1, "BDCGP": 2, "MYPKG": 2, "SGSIN": 3,
    "HKHKG": 3, "CNNGB": 4, "VNHPH": 2, "JPYOK": 1,
}  # fmt: skip
"""How many firms trade goods from where."""
SERVICES = {
    "USMIA": 6, "USHOU": 2, "USNYC": 2, "COBOG": 3, "PAPTY": 3, "GBLON": 4, "NLRTM": 3, "DEHAM": 2, "GRATH": 2,
    "TRIST": 4, "AEDXB": 3, "BDDAC": 3, "SGSIN": 1, "HKHKG": 3,
}  # fmt: skip
"""How many firms serve customers in their own town."""
_LETTERBOX = ("GB", "CY", "MT", "PA", "HK")


@dataclass(frozen=True, slots=True)
class Population:
    """Who lives and trades: families (parents first), traders by line, service firms, and the letterbox firms."""

    families: tuple[tuple[Person, ...], ...]
    traders: tuple[Firm, ...]
    services: tuple[Firm, ...]
    letterboxes: tuple[Firm, ...]
    purse: dict[str, Account]
    """The account of a person or firm, by id."""


def populate(world: World, hubs: Hubs) -> Population:
    """Everyone who has nothing to do with any story."""
    dice = Dice("population")
    families = tuple(_family(world, dice, world.town(town)) for town, n in FAMILIES.items() for _ in range(n))
    traders = tuple(_trader(world, dice, world.town(town)) for town, n in TRADERS.items() for _ in range(n))
    services = tuple(_service(world, dice, world.town(town)) for town, n in SERVICES.items() for _ in range(n))
    letterboxes = tuple(_letterbox(world, dice, hubs) for _ in range(24))
    adults = [person for family in families for person in family[:2]]
    for firm in (*traders, *services, *hubs.forwarders, hubs.albatross, hubs.northquay, hubs.taxi.subscriber):
        if isinstance(firm, Firm):
            _staff(world, dice, firm, adults)
    purse: dict[str, Account] = {}
    holders: list[Party] = [*adults, *traders, *services, *hubs.forwarders, hubs.albatross, hubs.northquay]
    for party in holders:
        _equip(world, dice, party, purse)
    return Population(families, traders, services, letterboxes, purse)


def name_of(world: World, dice: Dice, culture: str, gender: str) -> tuple[str, str]:
    """A given and a family name of the culture."""
    names = world.atlas.names[culture]
    return dice.pick(names.male if gender == "male" else names.female), dice.pick(names.family)


def _family(world: World, dice: Dice, town: Town) -> tuple[Person, ...]:
    home = world.address(town)
    country = town.country
    family_name = dice.pick(world.atlas.names[country.culture].family)
    first_year = dice.between(1956, 1982)
    members: list[Person] = []
    for place in range(2 + dice.below(3)):
        gender = ("male", "female", dice.pick(("male", "female")))[min(place, 2)]
        given, _ = name_of(world, dice, country.culture, gender)
        year = first_year + dice.below(5) if place < 2 else min(first_year + 24 + dice.below(6), 2006)
        born = f"{year}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
        members.append(world.person((given, family_name), gender, born, country.code, home))
        for earlier in members[:-1]:
            parent = earlier in members[:2]
            relation = "spouses" if place == 1 else "parent and child" if parent else "siblings"
            world.relate(earlier, members[-1], relation)
    return tuple(members)


def _firm_name(world: World, dice: Dice, title: str) -> str:
    first, second = world.atlas.firm_words
    while True:
        name = f"{dice.pick(first)} {dice.pick(second)} {title}"
        if name not in {firm.name.rsplit(" ", 1)[0] for firm in world.firms.values()}:
            return name


def _trader(world: World, dice: Dice, town: Town) -> Firm:
    key = dice.pick(tuple(world.atlas.lines))
    title = world.atlas.lines[key][0]
    founded = f"{dice.between(1985, 2021)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
    return world.firm(_firm_name(world, dice, title), world.address(town, "business"), founded, key)


def _service(world: World, dice: Dice, town: Town) -> Firm:
    title = dice.pick(world.atlas.services)
    founded = f"{dice.between(1995, 2022)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
    return world.firm(_firm_name(world, dice, title), world.address(town, "business"), founded, title)


def _letterbox(world: World, dice: Dice, hubs: Hubs) -> Firm:
    """A firm that the formation agent set up: its address, its nominee director, and nothing else known."""
    title = dice.pick(("Holdings", "Ventures", "Trading", "Assets"))
    founded = f"{dice.between(2012, 2023)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
    name = _firm_name(world, dice, title)
    firm = world.firm(name, hubs.agent_address, founded, title, dice.pick(_LETTERBOX))
    world.appoint(hubs.nominee, firm, "director", founded)
    world.appoint(hubs.agent, firm, "secretary", founded)
    return firm


def _staff(world: World, dice: Dice, firm: Firm, adults: list[Person]) -> None:
    """One or two directors who also own the firm, and some employees, from the same country where there are any."""
    near = [person for person in adults if person.nationality == firm.country.code] or adults
    leaders = dice.several(near, dice.between(1, 2))
    for person in leaders:
        world.appoint(person, firm, "director", firm.founded)
        world.appoint(person, firm, "shareholder", firm.founded, share=str(100 // len(leaders)))
    for person in dice.several([person for person in near if person not in leaders], dice.between(0, 2)):
        since = f"{dice.between(max(2016, int(firm.founded[:4])), 2024)}-{dice.between(1, 12):02d}"
        world.hire(person, firm, dice.pick(("clerk", "driver", "accountant", "manager")), since)


def _equip(world: World, dice: Dice, party: Party, purse: dict[str, Account]) -> None:
    """An account at a bank of the country, or with the big bank in New York; and mostly a phone."""
    town: Address | None = party.address if isinstance(party, Firm) else party.home
    country = town.town.country.code if town else ""
    banks = [bic for bic, bank in world.atlas.banks.items() if bank.country.code == country]
    firm = isinstance(party, Firm)
    if banks and dice.chance(0.95 if firm else 0.6):
        purse[party.id] = world.account(
            party, dice.pick(banks), f"{dice.between(2008, 2022)}-{dice.between(1, 12):02d}-15"
        )
    elif firm:
        purse[party.id] = world.account(party, "ZCMBUS33", f"{dice.between(2008, 2022)}-06-01")
    if dice.chance(0.5 if firm else 0.65):
        world.line(party, f"{dice.between(2010, 2023)}-{dice.between(1, 12):02d}-01", "landline" if firm else "mobile")
