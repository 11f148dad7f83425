"""Records to rows and back: nothing is lost, and what is derived is right."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import DataError, InvalidValue, UnknownKind
from graph_service.model.grades import ALL_GRADES
from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord, Properties, Provenance
from graph_service.model.time import DAY_MAX, DAY_MIN, Interval
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS, NEVER, to_moment
from graph_service.store.rows import (
    checked,
    codes_text,
    decode_properties,
    encode_properties,
    entity_record,
    entity_table,
    link_record,
    link_table,
)
from tests.store_material import NOON, at, knows, person, said

ONTOLOGY = load_ontology()
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
IDS = TEXT.filter(bool)
VALUES: st.SearchStrategy[tuple[str, ...]] = st.lists(TEXT, min_size=1, max_size=3).map(tuple)
PROPERTIES = st.dictionaries(st.sampled_from(["name", "alias", "nationality", "profession"]), VALUES)
MARKINGS = st.frozensets(st.sampled_from(["TLP:RED", "case:ALPHA", "org:BOGOTÁ", "x"]))
INTERVALS = st.builds(
    Interval, st.sampled_from([None, "1999", "2014-05", "2016-02-29"]), st.sampled_from([None, "2016-02-29", "2020"])
)
SAID = st.builds(
    Provenance,
    source_id=IDS,
    row=TEXT,
    grade=st.sampled_from(ALL_GRADES),
    markings=MARKINGS,
    valid=INTERVALS,
    recorded_at=st.just(NOON),
    retracted_at=st.sampled_from([None, at(5)]),
)
ENTITIES = st.builds(EntityRecord, IDS, st.sampled_from(["Subject", "Organization"]), PROPERTIES, SAID)
LINKS = st.builds(LinkRecord, IDS, st.sampled_from(["OWNS", "ASSOCIATE_OF"]), IDS, IDS, PROPERTIES, SAID)


def _stored(row: dict[str, object], provenance: Provenance) -> dict[str, object]:
    """The row with what a store adds to it."""
    retracted = provenance.retracted_at
    return row | {
        "source_id": provenance.source_id,
        "recorded": to_moment(NOON),
        "retracted": NEVER if retracted is None else to_moment(retracted),
    }


@given(st.lists(ENTITIES, max_size=5))
def test_entities_come_back_as_they_were(records: list[EntityRecord]) -> None:
    table = entity_table(records, ONTOLOGY)
    assert table.schema.equals(ENTITY_ROWS)
    rows = zip(table.to_pylist(), records, strict=True)
    assert [entity_record(_stored(row, record.said)) for row, record in rows] == records


@given(st.lists(LINKS, max_size=5))
def test_links_come_back_as_they_were(records: list[LinkRecord]) -> None:
    table = link_table(records)
    assert table.schema.equals(LINK_ROWS)
    rows = zip(table.to_pylist(), records, strict=True)
    assert [link_record(_stored(row, record.said)) for row, record in rows] == records


def test_what_is_derived_from_an_entity() -> None:
    provenance = said("a.csv:7", ALL_GRADES[7], ["B", "A"], Interval("1970-01-02", "1970-02"))
    record = EntityRecord(
        "p",
        "Subject",
        {"name": ("José  Núñez", "Nunez"), "nationality": ("es", "co"), "country": ("co",), "title": ("Dr",)},
        provenance,
    )
    [row] = entity_table([record], ONTOLOGY).to_pylist()
    assert row == {
        "entity_id": "p",
        "kind": "Subject",
        "row": "a.csv:7",
        "grade": 7,
        "markings": "A B",
        "valid_from": "1970-01-02",
        "valid_to": "1970-02",
        "from_day": 1,
        "to_day": 58,
        "amount": None,
        "properties": '{"country":["co"],"name":["José  Núñez","Nunez"],"nationality":["es","co"],"title":["Dr"]}',
        "text": "jose nunez",
        "codes": "co es",
    }


def test_what_is_derived_from_a_link() -> None:
    provenance = said(valid=Interval())
    link = LinkRecord("l", "INDEBTED_TO", "a", "b", {"amount": ("12.50", "99"), "currency": ()}, provenance)
    [row, bare] = link_table([link, knows("k", "b", "a")]).to_pylist()
    assert (row["amount"], row["properties"]) == (12.5, '{"amount":["12.50","99"]}')
    assert (row["source"], row["target"], row["from_day"], row["to_day"]) == ("a", "b", DAY_MIN, DAY_MAX)
    assert (bare["amount"], bare["properties"], bare["valid_from"], bare["valid_to"]) == (None, "{}", None, None)


def test_a_record_of_an_unknown_kind_or_marking_is_refused() -> None:
    with pytest.raises(UnknownKind, match="Subjekt"):
        entity_table([replace(person("a"), kind="Subjekt")], ONTOLOGY)
    with pytest.raises(InvalidValue, match="marking"):
        entity_table([person("a", said(markings=["two words"]))], ONTOLOGY)


def test_countries_are_those_of_the_kinds_country_properties() -> None:
    properties: Properties = {"jurisdiction": ("pa",), "nationality": ("fr",), "name": ("co",), "country": ("vg", "pa")}
    assert codes_text("Organization", properties, ONTOLOGY) == "pa vg"
    assert codes_text("Subject", {"name": ("co",)}, ONTOLOGY) == ""


@given(st.dictionaries(TEXT, st.lists(TEXT, max_size=3).map(tuple), max_size=4))
def test_properties_are_canonical_and_whole(properties: dict[str, tuple[str, ...]]) -> None:
    text = encode_properties(properties)
    assert decode_properties(text) == {name: values for name, values in properties.items() if values}
    backwards = dict(reversed(properties.items()))
    assert encode_properties(backwards) == text


def test_checked_puts_columns_in_order_and_casts() -> None:
    table = link_table([knows("l", "a", "b")])
    wide = table.set_column(table.column_names.index("row"), "row", table["row"].cast(pa.large_string()))
    assert checked(wide.select(list(reversed(LINK_ROWS.names))), LINK_ROWS).equals(table)


@pytest.mark.parametrize("name", LINK_ROWS.names)
def test_checked_lets_only_dates_and_amounts_be_absent(name: str) -> None:
    table = link_table([knows("l", "a", "b")])
    place = table.column_names.index(name)
    absent = table.set_column(place, name, pa.nulls(1, LINK_ROWS.field(name).type))
    if name in {"valid_from", "valid_to", "amount"}:
        assert checked(absent, LINK_ROWS).num_rows == 1
    else:
        with pytest.raises(DataError, match=name):
            checked(absent, LINK_ROWS)


def test_checked_names_columns_that_are_missing_or_too_many() -> None:
    table = link_table([])
    with pytest.raises(DataError, match="properties"):
        checked(table.drop_columns(["properties"]), LINK_ROWS)
    with pytest.raises(DataError, match="extra"):
        checked(table.append_column("extra", pa.array([], pa.string())), LINK_ROWS)
    with pytest.raises(DataError, match="types"):
        checked(table.set_column(3, "target", pa.array([], pa.list_(pa.string()))), LINK_ROWS)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [("x" * 513, "more than 512 characters"), ("é" * 513, "more than 512"), ("x[y>z]", "like those of collapsed")],
)
def test_checked_refuses_ids_that_none_may_have(wrong: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        checked(link_table([knows("l", "a", "b"), knows(wrong, "a", "b")]), LINK_ROWS)
    with pytest.raises(DataError, match=why):
        checked(entity_table([person("a"), person(wrong)], ONTOLOGY), ENTITY_ROWS)


@pytest.mark.parametrize("allowed", ["x" * 512, "é" * 512, "名" * 512, "a[1]", "x[y>z].", "]"])
def test_checked_keeps_all_other_ids(allowed: str) -> None:
    assert checked(entity_table([person(allowed)], ONTOLOGY), ENTITY_ROWS).num_rows == 1
