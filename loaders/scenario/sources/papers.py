"""What comes as records: the agency's reference and case files, informants, a partner's report, and a watch list."""

from __future__ import annotations

from loaders.scenario.files import Lines, Origin
from loaders.scenario.reports import Voice
from loaders.scenario.story import Story
from loaders.scenario.world import World

OFFICES = {
    "bogota": ("Attaché Bogotá", "COBOG", "attaché", ("CO", "EC")),
    "panama": ("Attaché Panama", "PAPTY", "attaché", ("PA", "MX", "DO")),
    "miami": ("Miami field office", "USMIA", "domestic", ("US",)),
    "istanbul": ("Attaché Istanbul", "TRIST", "attaché", ("TR",)),
    "athens": ("Attaché Athens", "GRATH", "attaché", ("GR", "CY", "MT")),
    "dubai": ("Attaché Dubai", "AEDXB", "attaché", ("AE", "EG")),
    "dhaka": ("Sub-office Dhaka", "BDDAC", "sub-office", ("BD", "LK")),
    "hong-kong": ("Attaché Hong Kong", "HKHKG", "attaché", ("HK", "CN", "SG", "MY")),
}
"""Offices: name, town, type and the countries they cover."""
_OWNERS = {"alpha": "bogota", "bravo": "istanbul", "calypso": "athens", "delta": "hong-kong"}
_OPENED = {"alpha": "2024-02-01", "bravo": "2024-04-15", "calypso": "2024-03-04", "delta": "2024-09-02"}


def reference(world: World) -> Lines:
    """Countries, ports and offices: what everything else refers to."""
    said = Voice(world, "reference", "A1")
    for country in world.atlas.countries.values():
        said.entity("Country", f"country:{country.code}", name=country.name, code=country.code)
    for town in world.atlas.towns.values():
        port = said.entity(
            "Port", f"port:{town.locode}", name=town.name, locode=town.locode, country=town.country.code,
            latitude=str(town.lat), longitude=str(town.lon),
        )  # fmt: skip
        said.link("LOCATED_IN", port, f"country:{town.country.code}")
    for key, (name, locode, kind, covers) in OFFICES.items():
        town = world.town(locode)
        office = said.entity(
            "Office", f"office:{key}", name=name, city=town.name, country=town.country.code, office_type=kind,
            area=town.country.area,
        )  # fmt: skip
        for code in covers:
            said.link("COVERS_COUNTRY", office, f"country:{code}", "2019")
    return _lines(world, "reference", Origin("Agency reference data", "A1"))


def case_files(world: World, stories: tuple[Story, ...]) -> Lines:
    """The agency's own cases, each seen only by those who hold its marking."""
    for story in stories:
        if story.key not in _OWNERS:
            continue
        own = Voice(world, "cases", "A1", (story.marking,))
        case = own.entity(
            "Case", f"case:{story.key}", name=f"Case {story.key.upper()}", number=f"2024-{story.key.upper()}",
            areas=f"area {story.area}", status="open", case_type="criminal", opening_date=_OPENED[story.key],
        )  # fmt: skip
        own.link("OPENED_BY", case, f"office:{_OWNERS[story.key]}")
    bodies = [*world.said["cases"], *world.said["agency"]]
    return Lines("case_files.jsonl", Origin("Case files", "A2"), bodies, "records")


def informants(world: World) -> Lines:
    """Reports of informants: each graded by its handler."""
    return _lines(world, "informants", Origin("Informant reports", "C3"))


def partner(world: World) -> Lines:
    """A partner agency's report on the hawala house."""
    return _lines(world, "partner", Origin("Partner agency report 2025-03", "B2", ("TLP:AMBER",)))


def watch_list(world: World, stories: tuple[Story, ...]) -> Lines:
    """A watch list in FollowTheMoney form: two true entries, a ship under its old name, and namesakes."""
    cast = {role: ident for story in stories for role, ident in story.cast.items()}
    works = next(firm for firm in world.firms.values() if firm.id == cast["listed_works"])
    buyer = next(person for person in world.people.values() if person.id == cast["buyer"])
    ship = next(ship for ship in world.ships if ship.id == cast["ship"] and ship.until)
    bodies = [
        _ftm(cast["listed_works"], "Company", name=works.name, alias="کارون اپتیک", jurisdiction="ir",
             registrationNumber=works.number, topics="sanction"),
        _ftm(cast["buyer"], "Person", name=buyer.name, alias="بهزاد فرخوندی", birthDate=buyer.birth, nationality="ir",
             topics="sanction.linked"),
        _ftm("watch:representation-1", "Representation", agent=cast["buyer"], client=cast["listed_works"],
             role="procurement agent", startDate="2018"),
        _ftm("watch:entry-1183", "Sanction", entity=cast["listed_works"], program="Proliferation list",
             startDate="2021-05-11", reason="Buys controlled optics for military use.", authority="List keeper"),
        _ftm("watch:entry-1184", "Sanction", entity=cast["buyer"], program="Proliferation list",
             startDate="2022-02-28", reason="Acts for Karun Optical Works.", authority="List keeper"),
        _ftm(cast["ship"], "Vessel", name=ship.name, imoNumber=ship.imo, flag="pa", topics="poi"),
        *_namesakes(world),
    ]  # fmt: skip
    return Lines("watchlist.ftm.jsonl", Origin("Watch list", "B1"), bodies, "ftm")


def _namesakes(world: World) -> list[dict[str, object]]:
    """Entries that only sound like somebody here, and two that are somebody here under another spelling."""
    residents = [person for person in world.people.values() if person.home][40:200:40]
    found = [
        _ftm(f"watch:NK-{place + 301}", "Person", name=person.name, birthDate=str(int(person.birth[:4]) - 9),
             topics="crime.fin")
        for place, person in enumerate(residents)
    ]  # fmt: skip
    kin = world.people["bilal-halloum"]
    return [
        *found,
        _ftm("watch:NK-350", "Person", name="Bilal Hallum", birthDate=kin.birth[:7], nationality="ae", topics="poi"),
        _ftm("watch:NK-351", "Person", name="Ourhan Belgine", birthDate="1959", nationality="tr", topics="crime"),
    ]


def _ftm(ident: str, schema: str, **properties: str) -> dict[str, object]:
    return {"id": ident, "schema": schema, "properties": {name: [value] for name, value in properties.items()}}


def _lines(world: World, report: str, origin: Origin) -> Lines:
    return Lines(f"{report}.jsonl", origin, world.said[report], "records")
