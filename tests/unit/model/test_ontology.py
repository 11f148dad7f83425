"""The shipped ontology, the questions it answers, and the files that users add."""

import math
import re
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import OntologyError, UnknownKind
from graph_service.model.ontology import DATA_FOLDER, EntityKind, LinkKind, Ontology, load_ontology
from graph_service.model.ontology_lint import lint


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


def shipped_files() -> dict[str, Any]:
    return {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA_FOLDER.glob("*.toml"))}


# What ships


def test_the_shipped_files_have_no_problem() -> None:
    assert lint(shipped_files()) == []


def test_loading_without_user_files_is_shared() -> None:
    assert load_ontology() is load_ontology()


def test_the_families_and_their_kinds(ontology: Ontology) -> None:
    families: dict[str, set[str]] = {}
    for kind in ontology.entity_kinds.values():
        families.setdefault(kind.family, set()).add(kind.name)
    assert families["parties"] >= {"Party", "Subject", "Organization", "Company", "Bank", "PublicBody"}
    assert families["identifiers"] == {
        "Account", "CryptoWallet", "Phone", "Email", "OnlineAccount", "Device", "Address"
    }  # fmt: skip
    assert families["transport"] == {"Conveyance", "Vessel", "Aircraft", "Vehicle", "Container"}
    assert families["events"] >= {"MoneyTransfer", "CashMovement", "Shipment", "Trip", "Meeting", "Seizure"}
    assert families["documents"] >= {"Document", "Invoice", "BillOfLading", "CustomsDeclaration", "Report", "Passport"}
    assert families["places"] >= {"Thing", "Place", "Port", "Country"}
    assert families["enforcement"] >= {"Case", "Office", "Warrant", "Request", "Treaty"}
    assert families["goods"] >= {"Asset", "Goods", "Firearm", "CulturalObject"}
    assert {link.family for link in ontology.link_kinds.values()} == families.keys()


def test_everything_is_documented_in_whole_sentences(ontology: Ontology) -> None:
    kinds: list[EntityKind | LinkKind] = [*ontology.entity_kinds.values(), *ontology.link_kinds.values()]
    for described in [*kinds, *(prop for kind in kinds for prop in kind.properties.values())]:
        assert described.description != described.label
        assert described.description[0].isupper() or described.description[0].isdigit()
        assert described.description.endswith(".")


def test_icons_and_colours_tell_the_kinds_apart(ontology: Ontology) -> None:
    kinds = ontology.entity_kinds.values()
    assert len({kind.icon for kind in kinds}) == len(kinds)
    assert len({kind.colour for kind in kinds}) == len(kinds)
    assert all(re.fullmatch("#[0-9a-f]{6}", kind.colour) for kind in kinds)


# Sight without green or red cones, as matrices on linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
SIGHT = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}
TO_XYZ = ((0.4339, 0.3763, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8729))


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as that sight perceives it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    seen = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in SIGHT[sight]]
    cube = [sum(a * b for a, b in zip(row, seen, strict=True)) for row in TO_XYZ]
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in cube)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize(("sight", "apart"), [("full", 20), ("deuteranopia", 12), ("protanopia", 12)])
def test_the_kinds_met_most_differ_in_colour_for_every_sight(ontology: Ontology, sight: str, apart: float) -> None:
    names = "Subject Organization Company Bank Account Phone Email Address Vessel Container MoneyTransfer CashMovement"
    kinds = [*names.split(), "Shipment", "Trip", "Document", "Report", "Place", "Country", "Case"]
    seen = {kind: lab(ontology.entity_kind(kind).colour, sight) for kind in kinds}
    close = [(a, b) for a, b in combinations(kinds, 2) if math.dist(seen[a], seen[b]) < apart]
    assert close == []


@pytest.mark.parametrize("event", ["MoneyTransfer", "CashMovement", "Shipment", "Trip", "Meeting", "Communication",
                                   "Seizure", "Incident"])  # fmt: skip
def test_every_event_has_a_date_and_roles_on_both_sides(ontology: Ontology, event: str) -> None:
    kind = ontology.entity_kind(event)
    assert kind.event
    assert kind.properties["date"].type == "datetime"
    sides = {
        link.side
        for link in ontology.link_kinds.values()
        if ontology.allows(link.name, "Subject", event)
        or any(ontology.allows(link.name, event, end) for end in ("Subject", "Office", "Place"))
    }
    assert sides >= {"from", "to"}


def test_money_flows_from_account_to_account(ontology: Ontology) -> None:
    assert ontology.allows("ORIGINATOR", "Account", "MoneyTransfer")
    assert ontology.allows("BENEFICIARY", "MoneyTransfer", "Account")
    assert not ontology.allows("BENEFICIARY", "Account", "MoneyTransfer")
    properties = ontology.entity_kind("MoneyTransfer").properties
    assert (properties["amount"].type, properties["currency"].type) == ("amount", "currency")


@pytest.mark.parametrize(
    ("source", "link", "target"),
    [
        ("Bank", "ORIGINATOR", "MoneyTransfer"),  # FinCEN files: banks move money, a bank reports it
        ("MoneyTransfer", "BENEFICIARY", "Bank"),
        ("Bank", "FILED", "Report"),
        ("Report", "MENTIONS", "MoneyTransfer"),
        ("Report", "MENTIONS", "Bank"),
        ("Party", "OFFICER_OF", "Company"),  # Panama papers: an officer is a person or a firm
        ("Company", "REGISTERED_AT", "Address"),
        ("Party", "REGISTERED_AT", "Address"),
        ("Organization", "INTERMEDIARY_OF", "Company"),
        ("Party", "SAME_NAME_AS", "Subject"),
        ("Subject", "WANTED_UNDER", "Warrant"),
        ("Vessel", "ATTENDED", "Meeting"),  # vessels meeting at sea
        ("MoneyTransfer", "SETTLES", "Invoice"),
        ("CustomsDeclaration", "COVERS", "Shipment"),
        ("Passport", "ISSUED_BY", "Country"),
        ("Country", "PARTY_TO", "Treaty"),
    ],
)
def test_what_must_be_expressible(ontology: Ontology, source: str, link: str, target: str) -> None:
    assert ontology.allows(link, source, target)


def test_followthemoney_names(ontology: Ontology) -> None:
    entities = {kind.ftm: kind.name for kind in ontology.entity_kinds.values() if kind.ftm}
    links = {link.ftm: link.name for link in ontology.link_kinds.values() if link.ftm}
    assert entities["Person"] == "Subject"
    assert entities["LegalEntity"] == "Party"
    assert entities["Payment"] == "MoneyTransfer"
    assert entities["Email"] == "EmailMessage"
    assert entities.keys() >= {
        "Thing",
        "Organization",
        "Company",
        "PublicBody",
        "Address",
        "Document",
        "Folder",
        "Page",
    }
    assert links["Ownership"] == "OWNS"
    assert links["Directorship"] == "DIRECTOR_OF"
    assert links["UnknownLink"] == "LINKED_TO"


# The questions of an ontology


def test_lineage_depth_and_descendants(ontology: Ontology) -> None:
    assert ontology.lineage("Passport") == ("Passport", "IdentityPaper", "Document", "Thing")
    assert ontology.depth("Passport") == 3
    assert ontology.depth("Thing") == 0
    assert ontology.descendants("IdentityPaper") == {"IdentityPaper", "Passport"}
    assert ontology.descendants("Entity") == ontology.entity_kinds.keys()
    assert ontology.is_a("Port", "Place")
    assert ontology.is_a("Port", "Entity")
    assert not ontology.is_a("Place", "Port")


def test_inheritance_of_properties_keys_caption_and_flags(ontology: Ontology) -> None:
    passport = ontology.entity_kind("Passport")
    assert passport.properties.keys() >= {"name", "number", "paper_type"}
    assert passport.keys == (("issuing_country", "paper_type", "number"), ("issuing_country", "number"))
    assert passport.caption == ontology.entity_kind("Document").caption
    assert ontology.entity_kind("Trip").event
    assert ontology.entity_kind("Country").infrastructure
    assert not ontology.entity_kind("Facility").infrastructure


@pytest.mark.parametrize(
    ("ask", "near"), [("Organisation", "Organization"), ("subject", "Subject"), ("MoneyTransfers", "MoneyTransfer")]
)
def test_an_unknown_entity_kind_names_its_neighbours(ontology: Ontology, ask: str, near: str) -> None:
    with pytest.raises(UnknownKind, match=rf"unknown entity kind '{ask}'; did you mean {near}"):
        ontology.entity_kind(ask)


def test_unknown_kinds_everywhere(ontology: Ontology) -> None:
    with pytest.raises(UnknownKind, match="unknown link kind 'OWN'; did you mean OWNS"):
        ontology.link_kind("OWN")
    with pytest.raises(UnknownKind, match=r"'Zzzzzz'$"):
        ontology.lineage("Zzzzzz")
    with pytest.raises(UnknownKind, match="'Nobody'"):
        ontology.is_a("Nobody", "Thing")
    with pytest.raises(UnknownKind, match="'Nobody'"):
        ontology.is_a("Subject", "Nobody")
    with pytest.raises(UnknownKind, match="'Nobody'"):
        ontology.allows("OWNS", "Nobody", "Company")
    with pytest.raises(UnknownKind, match="unknown kind 'Vesel'; did you mean Vessel"):
        ontology.expand_kinds(["Subject", "Vesel"])


def test_a_symmetric_link_may_be_written_either_way_round(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[link.SHARES_BERTH_WITH]\nlabel = "berths with"\nreverse = "berths with"\ndescription = "Side by side."\n'
        'domain = ["Vessel"]\nrange = ["Port"]\ndirected = false\n'
    )
    mine = load_ontology(file)
    assert mine.allows("SHARES_BERTH_WITH", "Port", "Vessel")
    assert not mine.allows("SHARES_BERTH_WITH", "Vessel", "Vessel")


def test_kinds_of_a_filter_expand_to_their_descendants(ontology: Ontology) -> None:
    entities, links = ontology.expand_kinds(["Conveyance", "OWNS", "Subject"])
    assert entities == {"Conveyance", "Vessel", "Aircraft", "Vehicle", "Subject"}
    assert links == {"OWNS"}
    assert ontology.expand_kinds(["Entity"])[0] == ontology.entity_kinds.keys()
    assert ontology.expand_kinds([]) == (frozenset(), frozenset())


def test_caption_takes_the_first_property_that_has_a_value(ontology: Ontology) -> None:
    assert ontology.caption("Subject", {"name": ("Ann", "Anna"), "alias": ("A",)}) == "Ann"
    assert ontology.caption("Subject", {"name": (), "alias": ("A",)}) == "A"
    assert ontology.caption("Subject", {"birth_date": ("1970",)}) is None
    assert ontology.caption("Account", {"number": ("1",), "iban": ("GB82",)}) == "GB82"


def test_caption_of_an_amount_is_readable(ontology: Ontology) -> None:
    amount = {"amount": ("56898523.47",), "currency": ("USD",), "date": ("2015",)}
    assert ontology.caption("MoneyTransfer", amount) == "56,898,523.47 USD"
    assert ontology.caption("MoneyTransfer", {"amount": ("1000000000000",)}) == "1,000,000,000,000"


def test_search_text_is_folded_distinct_and_in_order(ontology: Ontology) -> None:
    properties = {"alias": ("Société X", "X-Corp"), "name": ("SOCIETE Générale",), "notes": ("secret",)}
    assert ontology.search_text("Company", properties) == "societe generale x corp"
    assert ontology.search_text("Company", {"notes": ("secret",)}) == ""


# Files of users

NEW_KIND = """
[entity.Drone]
label = "Drone"
description = "An unmanned aircraft."
extends = "Aircraft"
colour = "#ABCDEF"
icon = "Dr"

[entity.Drone.properties]
range_km = { type = "number" }

[entity.Subject.properties.shoe_size]
type = "number"
searchable = true

[link.OWNS.properties]
nominee = { type = "boolean", label = "By nominee", description = "Held in the name of another." }
"""


def test_a_user_file_adds_kinds_and_properties(tmp_path: Path) -> None:
    file = tmp_path / "drones.toml"
    file.write_text(NEW_KIND)
    mine = load_ontology(file)
    drone = mine.entity_kind("Drone")
    assert (drone.family, drone.plural, drone.colour) == ("drones", "Drones", "#abcdef")
    assert drone.caption == ("name", "alias")
    assert mine.allows("MASTER_OF", "Subject", "Drone")
    shoe_size = mine.entity_kind("Subject").properties["shoe_size"]
    assert (shoe_size.label, shoe_size.description) == ("Shoe size", "Shoe size")
    assert mine.search_text("Subject", {"shoe_size": ("43",)}) == "43"
    assert mine.link_kind("OWNS").properties["nominee"].type == "boolean"
    assert "shoe_size" not in load_ontology().entity_kind("Subject").properties


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("[entity", "not a TOML file"), (b"\xff", "not a TOML file"), (None, "cannot be read")],
)
def test_a_file_that_is_no_toml(tmp_path: Path, text: str | bytes | None, complaint: str) -> None:
    file = tmp_path / "mine.toml"
    if text is not None:
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(OntologyError, match=rf"mine\.toml: {complaint}"):
        load_ontology(file)


def test_a_user_file_cannot_take_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    file = tmp_path / "parties.toml"
    file.write_text(NEW_KIND)
    with pytest.raises(OntologyError, match="rename yours"):
        load_ontology(file)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[entity.Subject]\nlabel = "S"\n[entity.Nobody.properties]\nx = { type = "text" }\n')
    with pytest.raises(OntologyError) as caught:
        load_ontology(file)
    redefined, unknown = str(caught.value).splitlines()
    assert redefined == (
        "mine.toml: entity.Subject: already defined in parties.toml; only properties can be added to it"
    )
    assert unknown == (
        "mine.toml: entity.Nobody: adds properties to 'Nobody', which no file defines; "
        "a new kind needs label, description, colour, icon"
    )
