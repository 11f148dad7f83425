"""The merge: the one rule that joins records into what is shown."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.model.grades import ALL_GRADES, parse_grade
from graph_service.model.merge import hull, merge_entities, merge_links
from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord, Properties, Provenance
from graph_service.model.time import Interval

ONTOLOGY = load_ontology()
UNHURRIED = settings(deadline=None)


def said(
    source: str = "s", row: str = "", grade: str = "", start: str | None = None, end: str | None = None
) -> Provenance:
    return Provenance(source, row, parse_grade(grade), frozenset(), Interval(start, end))


def entity(kind: str, by: Provenance, properties: Properties | None = None, entity_id: str = "e") -> EntityRecord:
    return EntityRecord(entity_id, kind, properties or {}, by)


def link(by: Provenance, properties: Properties | None = None, kind: str = "OWNS", link_id: str = "l") -> LinkRecord:
    return LinkRecord(link_id, kind, "a", "b", properties or {}, by)


# Kind


def test_the_most_specific_kind_wins_over_a_better_grade() -> None:
    assert ONTOLOGY.is_a("Company", "Organization")
    [made] = merge_entities([entity("Organization", said(grade="A1")), entity("Company", said(grade="E5"))], ONTOLOGY)
    assert made.kind == "Company"


def test_among_equally_specific_kinds_the_better_graded_wins() -> None:
    assert ONTOLOGY.depth("Vessel") == ONTOLOGY.depth("Aircraft")
    [made] = merge_entities([entity("Aircraft", said(grade="C3")), entity("Vessel", said(grade="B2"))], ONTOLOGY)
    assert made.kind == "Vessel"


def test_among_equals_the_name_of_the_kind_decides() -> None:
    records = [entity("Vessel", said("a", grade="B2")), entity("Aircraft", said("b", grade="B2"))]
    assert merge_entities(records, ONTOLOGY)[0].kind == merge_entities(records[::-1], ONTOLOGY)[0].kind == "Aircraft"


def test_a_link_is_of_the_kind_its_best_record_says() -> None:
    [made] = merge_links([link(said(grade="C3"), kind="OWNS"), link(said(grade="A1"), kind="DIRECTS")])
    assert made.kind == "DIRECTS"


# Properties and caption


def test_values_are_united_best_graded_first() -> None:
    [made] = merge_entities(
        [
            entity("Subject", said("x", "1", "C3"), {"name": ("Anna", "Ann"), "alias": ("Nan",)}),
            entity("Subject", said("x", "2", "A1"), {"name": ("Ann", "Annie")}),
            entity("Subject", said("a", "1", "C3"), {"name": ("Hanna",)}),
        ],
        ONTOLOGY,
    )
    assert made.properties == {"alias": ("Nan",), "name": ("Ann", "Annie", "Hanna", "Anna")}
    assert list(made.properties) == ["alias", "name"]
    assert made.caption == "Ann"


def test_the_caption_is_the_best_name_and_else_the_id() -> None:
    nameless = entity("Subject", said())
    assert merge_entities([nameless], ONTOLOGY)[0].caption == "e"
    assert merge_entities([nameless, entity("Subject", said("t"), {"name": ("Ann",)})], ONTOLOGY)[0].caption == "Ann"


def test_the_caption_follows_the_kind_that_was_chosen() -> None:
    money = {"amount": ("1000.50",), "currency": ("USD",)}
    [made] = merge_entities(
        [entity("Event", said(grade="A1"), {"date": ("2014",)}), entity("MoneyTransfer", said(), money)], ONTOLOGY
    )
    assert made.kind == "MoneyTransfer"
    assert made.caption == "1,000.50 USD"


def test_absent_and_empty_are_one_thing() -> None:
    [made] = merge_entities([entity("Subject", said(), {"name": (), "alias": ("Nan",)})], ONTOLOGY)
    assert made.properties == {"alias": ("Nan",)}
    [joined] = merge_links([link(said(), {"role": ()})])
    assert joined.properties == {}


# Records


def test_a_record_said_twice_word_for_word_is_evidence_once() -> None:
    one = entity("Subject", said("s", "1", "B2"), {"name": ("Ann",)})
    again = replace(one, said=replace(one.said, row="2"))
    [made] = merge_entities([one, again, one, again, one], ONTOLOGY)
    assert made.records == (one, again)


@pytest.mark.parametrize(
    "change",
    [
        {"markings": frozenset({"a"})},
        {"valid": Interval("2014")},
        {"valid": Interval(None, "2014")},
        {"recorded_at": datetime(2024, 1, 1, tzinfo=UTC)},
        {"retracted_at": datetime(2024, 1, 1, tzinfo=UTC)},
        {"source_id": "other"},
        {"grade": parse_grade("A2")},
    ],
    ids=str,
)
def test_records_that_differ_in_anything_are_both_kept(change: dict[str, Any]) -> None:
    one = entity("Subject", said("s", "1", "B1"))
    other = replace(one, said=replace(one.said, **change))
    assert one != other
    for records in ([one, other, one], [other, one, other]):
        [made] = merge_entities(records, ONTOLOGY)
        assert len(made.records) == 2
        assert set(map(repr, made.records)) == {repr(one), repr(other)}


def test_entities_and_links_come_by_id_each_once() -> None:
    made = merge_entities([entity("Subject", said(), entity_id=i) for i in "cabac"], ONTOLOGY)
    assert [one.id for one in made] == ["a", "b", "c"]
    assert [one.id for one in merge_links([link(said(), link_id=i) for i in "zyz"])] == ["y", "z"]


def test_nothing_merges_to_nothing() -> None:
    assert merge_entities([], ONTOLOGY) == ()
    assert merge_links([]) == ()


def test_an_entity_with_very_many_records_is_merged_in_time() -> None:
    records = [entity("Organization", said("s", str(n)), {"name": ("Hub",)}) for n in range(20_000)]
    begun = time.perf_counter()
    [made] = merge_entities(records, ONTOLOGY)
    assert len(made.records) == 20_000
    assert time.perf_counter() - begun < 10  # comparing each with each took minutes


# Validity


@pytest.mark.parametrize(
    ("intervals", "around"),
    [
        ([("2014", "2015")], ("2014", "2015")),
        ([("2014", "2015"), ("2016", "2017")], ("2014", "2017")),
        ([("2014", "2015"), (None, "2014")], (None, "2015")),
        ([("2014", "2015"), ("2013", None)], ("2013", None)),
        ([("2014-06", "2014-07"), ("2014", "2014")], ("2014", "2014")),
        ([("2014-01-02", "2014-12-30"), ("2014-03", "2014-12")], ("2014-01-02", "2014-12")),
        ([(None, None)], (None, None)),
        ([("", "")], (None, None)),
    ],
)
def test_a_link_holds_from_the_earliest_start_to_the_latest_end(
    intervals: list[tuple[str | None, str | None]], around: tuple[str | None, str | None]
) -> None:
    [made] = merge_links([link(said(row=str(n), start=s, end=e)) for n, (s, e) in enumerate(intervals)])
    assert made.valid == Interval(*around)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    years = sorted(draw(st.lists(st.integers(1900, 2030), min_size=2, max_size=2)))
    return Interval(*(None if draw(st.booleans()) else str(year) for year in years))


@UNHURRIED
@given(st.lists(intervals(), min_size=1, max_size=6))
def test_the_hull_is_the_smallest_interval_around_all(given_intervals: list[Interval]) -> None:
    days = [one.days() for one in given_intervals]
    assert hull(given_intervals).days() == (min(first for first, _ in days), max(last for _, last in days))
    assert hull(given_intervals) == hull(given_intervals[::-1])


# Laws

names = st.lists(st.sampled_from(["Ann", "Anna", "Bo"]), max_size=3).map(tuple)
provenances = st.builds(
    Provenance,
    st.sampled_from(["one", "two", "three"]),
    st.sampled_from(["1", "2"]),
    st.sampled_from(ALL_GRADES),
    st.frozensets(st.sampled_from("ab")),
    intervals(),
)
entity_records = st.lists(
    st.builds(
        EntityRecord,
        st.sampled_from(["e", "f"]),
        st.sampled_from(["Subject", "Organization", "Company", "Vessel", "Thing"]),
        st.fixed_dictionaries({}, optional={"name": names, "alias": names}),
        provenances,
    ),
    max_size=8,
)
link_records = st.lists(
    st.builds(
        LinkRecord,
        st.sampled_from(["l", "m"]),
        st.sampled_from(["OWNS", "DIRECTS"]),
        st.just("a"),
        st.just("b"),
        st.fixed_dictionaries({}, optional={"role": names}),
        provenances,
    ),
    max_size=8,
)


@UNHURRIED
@given(entity_records, st.data())
def test_the_order_in_which_records_come_does_not_matter(records: list[EntityRecord], data: st.DataObject) -> None:
    assert merge_entities(data.draw(st.permutations(records)), ONTOLOGY) == merge_entities(records, ONTOLOGY)


@UNHURRIED
@given(link_records, st.data())
def test_the_order_of_link_records_does_not_matter(records: list[LinkRecord], data: st.DataObject) -> None:
    assert merge_links(data.draw(st.permutations(records))) == merge_links(records)


@UNHURRIED
@given(entity_records)
def test_a_record_twice_is_once(records: list[EntityRecord]) -> None:
    assert merge_entities([*records, *records], ONTOLOGY) == merge_entities(records, ONTOLOGY)


@UNHURRIED
@given(entity_records, st.sampled_from(["one", "two", "three"]))
def test_withdrawing_a_source_undoes_it(records: list[EntityRecord], source: str) -> None:
    others = [record for record in records if record.said.source_id != source]
    together = [record for one in merge_entities(records, ONTOLOGY) for record in one.records]
    left = [record for record in together if record.said.source_id != source]
    assert merge_entities(left, ONTOLOGY) == merge_entities(others, ONTOLOGY)


@UNHURRIED
@given(entity_records)
def test_every_value_shown_is_in_a_record_and_every_value_said_is_shown(records: list[EntityRecord]) -> None:
    for one in merge_entities(records, ONTOLOGY):
        own = [record for record in records if record.entity_id == one.id]
        said_values = {(n, v) for record in own for n, values in record.properties.items() for v in values}
        shown = [(name, value) for name, values in one.properties.items() for value in values]
        assert set(shown) == said_values
        assert len(shown) == len(set(shown))
        assert one.kind in {record.kind for record in own}
        assert {repr(record) for record in one.records} == {repr(record) for record in own}


@UNHURRIED
@given(entity_records)
def test_the_kind_is_the_deepest_then_the_best_then_the_first_by_name(records: list[EntityRecord]) -> None:
    for one in merge_entities(records, ONTOLOGY):
        own = [record for record in records if record.entity_id == one.id]
        deepest = max(ONTOLOGY.depth(record.kind) for record in own)
        deep = [record for record in own if ONTOLOGY.depth(record.kind) == deepest]
        best = max(record.said.grade.probability for record in deep)
        assert one.kind == min(record.kind for record in deep if record.said.grade.probability == best)
