"""Registers: companies and their officers, residents, their kin and their jobs, and ships."""

from __future__ import annotations

from loaders.scenario.files import Origin, Row, Table
from loaders.scenario.things import Address, Firm, Party, Person, Post, Ship
from loaders.scenario.world import World

_LISTED_ABROAD = frozenset({"IR"})
"""Countries whose registers are not to be had: their people and firms are known from other sources only."""


def registers(world: World) -> tuple[Table, ...]:
    """The six registers, in the order in which they refer to one another."""
    firms = [firm for firm in world.firms.values() if firm.country.code not in _LISTED_ABROAD]
    people = [p for p in world.people.values() if p.home and p.home.town.country.code not in _LISTED_ABROAD]
    return (
        Table("companies.csv", Origin("Company registers", "A1"), [_firm(firm) for firm in firms], ";"),
        Table("officers.csv", Origin("Company registers: officers", "A2"), [_post(post) for post in world.posts], ";"),
        Table("residents.csv", Origin("Population registers", "A2"), [_resident(person) for person in people]),
        Table("kinship.csv", Origin("Civil registers", "A2"), [
            {"person_code": kin.one.code, "relative_code": kin.other.code, "relation": kin.relation}
            for kin in world.families
        ]),
        Table("employment.csv", Origin("Social insurance", "B2"), [
            {"person_code": job.person.code, "employer_country": job.firm.country.code,
             "employer_number": job.firm.number, "role": job.role, "since": job.since}
            for job in world.jobs
        ]),
        Table("vessels.csv", Origin("Ship register", "A1"), [_ship(ship) for ship in reversed(world.ships)]),
    )  # fmt: skip


def party(prefix: str, who: Party | None) -> dict[str, str]:
    """The columns by which a source names a person or a firm; all empty for nobody."""
    found = dict.fromkeys((f"{prefix}_person", f"{prefix}_country", f"{prefix}_number", f"{prefix}_name"), "")
    if isinstance(who, Person):
        found |= {f"{prefix}_person": who.code, f"{prefix}_name": who.name}
    elif isinstance(who, Firm):
        found |= firm_columns(prefix, who)
    return found


def firm_columns(prefix: str, firm: Firm | None) -> dict[str, str]:
    """The columns by which a source names a firm; all empty for none."""
    return {
        f"{prefix}_country": firm.country.code if firm else "",
        f"{prefix}_number": firm.number if firm else "",
        f"{prefix}_name": firm.name if firm else "",
    }


def _address(address: Address) -> dict[str, str]:
    country = address.town.country.name
    return {"street": address.street, "city": address.town.name, "country": country, "address_use": address.use}


def _firm(firm: Firm) -> Row:
    return {
        "jurisdiction": firm.country.code,
        "number": firm.number,
        "name": firm.name,
        "founded": firm.founded,
        "dissolved": firm.closed,
        "business": firm.line,
        "services": firm.services,
        **_address(firm.address),
    }


def _post(post: Post) -> Row:
    return {
        "jurisdiction": post.firm.country.code,
        "number": post.firm.number,
        "company": post.firm.name,
        **party("officer", post.person),
        "role": post.role,
        "share": post.share,
        "since": post.since,
        "until": post.until,
    }


def _resident(person: Person) -> Row:
    return {
        "person_code": person.code,
        "given_name": person.given,
        "family_name": person.family,
        "gender": person.gender[0].upper(),
        "born": person.birth,
        "nationality": person.nationality,
        **(_address(person.home) if person.home else {}),
    }


def _ship(ship: Ship) -> Row:
    return {
        "imo": ship.imo,
        "name": "" if ship.until else ship.name,
        "former_name": ship.name if ship.until else "",
        "flag": ship.flag.code,
        "mmsi": ship.mmsi,
        **firm_columns("owner", ship.owner),
        **firm_columns("operator", ship.operator),
        "gross_tonnage": str(ship.tonnage),
        "built": ship.built,
        "since": ship.since,
        "until": ship.until,
    }
