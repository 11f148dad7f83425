"""What Neo4j shows to people who browse, and the scope as parameters; no server is needed."""

from __future__ import annotations

import pytest

from graph_service.errors import IncompatibleStore, UnknownKind
from graph_service.model.grades import ALL_GRADES, Grade
from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, Provenance
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.model.time import DAY_MAX, DAY_MIN, Interval, day_range, parse_moment
from graph_service.store.neo4j.mapping import labels, native, shown, shown_of_row
from graph_service.store.neo4j.reading import scope_parameters
from graph_service.store.neo4j.schema import check_version, link_type, over_link_kinds
from graph_service.store.protocol import LATEST, to_moment
from graph_service.store.rows import encode_properties

ONTOLOGY = load_ontology()
TRANSFER = ONTOLOGY.entity_kind("MoneyTransfer").properties


def record(*, markings: tuple[str, ...] = (), kind: str = "Subject", grade: str = "B2", **values: str) -> EntityRecord:
    said = Provenance("src", "1", Grade(grade[0], grade[1]), frozenset(markings))
    return EntityRecord("e", kind, {name: (value,) for name, value in values.items()}, said)


def test_numbers_become_numbers_and_texts_stay() -> None:
    assert native({"amount": ("1000.50",), "currency": ("USD",)}, TRANSFER) == {"amount": 1000.5, "currency": "USD"}


def test_several_values_become_a_list() -> None:
    types = ONTOLOGY.entity_kind("Subject").properties
    assert native({"name": ("Ann", "Anna")}, types) == {"name": ["Ann", "Anna"]}


def test_properties_outside_the_ontology_are_no_keys() -> None:
    assert native({"}) DETACH DELETE n //": ("x",), "amount": ()}, TRANSFER) == {}


def test_a_number_that_neo4j_cannot_hold_stays_text() -> None:
    types = {name: one for name, one in TRANSFER.items() if one.type == "integer"}
    name = next(iter(types))
    assert native({name: (str(2**63),)}, types) == {name: [str(2**63)]}


def test_a_node_shows_only_unmarked_records() -> None:
    said = [record(name="Anna Berg"), record(markings=("case:A",), name="The Viper")]
    assert shown(said, ONTOLOGY) == {"caption": "Anna Berg", "name": "Anna Berg"}


def test_a_node_of_marked_records_shows_nothing() -> None:
    assert shown([record(markings=("case:A",), name="The Viper")], ONTOLOGY) == {}


@pytest.mark.parametrize("markings", ["", "case:A"])
def test_a_single_row_shows_what_the_merge_would(markings: str) -> None:
    row = {
        "entity_id": "e",
        "kind": "Subject",
        "markings": markings,
        "properties": encode_properties({"name": ("Ann",)}),
    }
    assert shown_of_row(row, ONTOLOGY) == shown([record(markings=tuple(markings.split()), name="Ann")], ONTOLOGY)


def test_labels_are_the_kind_and_all_above_it() -> None:
    assert labels(["Passport"], ONTOLOGY) == sorted(ONTOLOGY.lineage("Passport"))
    assert labels([], ONTOLOGY) == []


def test_everything_restricts_nothing() -> None:
    assert scope_parameters(EVERYTHING, {0: frozenset()}) == {
        "scope_classes": None,
        "scope_from": DAY_MIN,
        "scope_to": DAY_MAX,
        "scope_known": LATEST,
        "scope_entity_kinds": None,
        "scope_link_kinds": None,
        "scope_grades": None,
    }


def test_a_scope_becomes_classes_days_moments_and_codes() -> None:
    known = parse_moment("2024-05-01T00:00:00Z")
    scope = Scope(
        markings=frozenset({"a"}),
        window=Interval("2012", "2013-02"),
        known_at=known,
        entity_kinds=frozenset({"Subject"}),
        link_kinds=frozenset({"OWNS"}),
        min_grade=Grade("B", "2"),
    )
    classes = {0: frozenset[str](), 1: frozenset({"a"}), 2: frozenset({"b"}), 3: frozenset({"a", "b"})}
    given = scope_parameters(scope, classes)
    assert given["scope_classes"] == [0, 1]
    assert (given["scope_from"], given["scope_to"]) == (day_range("2012")[0], day_range("2013-02")[1])
    assert given["scope_known"] == to_moment(known)
    assert (given["scope_entity_kinds"], given["scope_link_kinds"]) == (["Subject"], ["OWNS"])
    codes = given["scope_grades"]
    assert isinstance(codes, list)
    assert {str(ALL_GRADES[code]) for code in codes} == {"A1", "A2", "B1", "B2", "5x5x5:A1", "5x5x5:B1", "3x5x2:1A"}


def test_relationship_types_come_from_the_ontology_alone() -> None:
    assert link_type("OWNS", ONTOLOGY) == "OWNS"
    with pytest.raises(UnknownKind):
        link_type("OWNS]->() DETACH DELETE n //", ONTOLOGY)


def test_one_part_a_kind() -> None:
    text = over_link_kinds(["OWNS", "MEMBER_OF"], ONTOLOGY, "MATCH ()-[r:KIND]->() RETURN r")
    assert text == "MATCH ()-[r:MEMBER_OF]->() RETURN r UNION ALL MATCH ()-[r:OWNS]->() RETURN r"


@pytest.mark.parametrize("version", ["5.26.0", "5.26.30", "5.27.0", "2025.01.0", "2026.08.1", "5.26-aura"])
def test_supported_versions(version: str) -> None:
    check_version(version, "community")


@pytest.mark.parametrize("version", ["4.4.40", "5.25.1", "5.9.0", "3.5.1"])
def test_versions_below_the_floor_are_refused_by_name(version: str) -> None:
    with pytest.raises(IncompatibleStore, match=version.replace(".", r"\.")):
        check_version(version, "community")
