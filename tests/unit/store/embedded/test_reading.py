"""Reading: the scope against a row, and how ids are looked up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.grades import ALL_GRADES, Grade
from graph_service.model.records import Source
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.model.time import DAY_MAX, DAY_MIN, Interval
from graph_service.store.embedded import reading
from graph_service.store.embedded.reading import Sight, sight
from graph_service.store.embedded.state import State, Totals
from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import LATEST, NEVER, to_moment
from tests.store_material import NOON, at, batch, knows, person, said, seen, seen_links

A, B = frozenset({"A"}), frozenset({"B"})
STATE = State(
    7,
    Totals(),
    {0: frozenset(), 1: A, 2: B, 3: A | B},
    {0: Source("s", "s", ""), 1: Source("t", "t", "")},
    {0: NEVER, 1: to_moment(at(5))},
)
ROW = {
    "class": 0,
    "grade": 7,
    "from_day": 10,
    "to_day": 20,
    "recorded": to_moment(NOON),
    "origin": 0,
    "kind": "Subject",
}


def test_everything_is_every_class_and_grade_of_the_present() -> None:
    every = frozenset(range(76))
    assert sight(EVERYTHING, STATE) == Sight(frozenset(range(4)), every, frozenset({1}), DAY_MIN, DAY_MAX, LATEST)


@pytest.mark.parametrize(
    ("held", "classes"), [(frozenset[str](), {0}), (A, {0, 1}), (B | {"C"}, {0, 2}), (A | B, {0, 1, 2, 3})]
)
def test_classes_are_those_whose_markings_are_all_held(held: frozenset[str], classes: set[int]) -> None:
    assert sight(Scope(markings=held), STATE).classes == classes


def test_grades_are_those_that_reach_the_least() -> None:
    least = Grade("C", "3")
    seen_grades = sight(Scope(min_grade=least), STATE).grades
    assert seen_grades == {grade.code for grade in ALL_GRADES if grade.reaches(least)}
    assert {str(ALL_GRADES[code]) for code in seen_grades} == {
        *("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"),
        *(f"5x5x5:{source}{content}" for source in "ABC" for content in "123"),
        *("3x5x2:1A", "3x5x2:1B"),  # C is .55, below .60
    }


@pytest.mark.parametrize(("minutes", "withdrawn"), [(4, set[int]()), (5, {1}), (6, {1})])
def test_a_source_is_withdrawn_from_its_moment_on(minutes: int, withdrawn: set[int]) -> None:
    assert sight(Scope(known_at=at(minutes)), STATE).withdrawn == withdrawn


def test_a_row_passes_only_when_each_part_does() -> None:
    clear = sight(Scope(window=Interval("1970-01-11", "1970-01-21"), known_at=at(1)), STATE)
    assert (clear.first, clear.last) == (10, 20)
    assert clear.shows(ROW, None)
    assert clear.shows(ROW, frozenset({"Subject"}))
    assert clear.shows(ROW | {"from_day": 20, "to_day": DAY_MAX}, None)
    assert clear.shows(ROW | {"from_day": DAY_MIN, "to_day": 10}, None)
    assert not clear.shows(ROW, frozenset({"Organization"}))
    for change in (
        {"class": 4},
        {"from_day": 21, "to_day": 30},
        {"from_day": 1, "to_day": 9},
        {"recorded": to_moment(at(2))},
    ):
        assert not clear.shows(ROW | change, None)
    assert not replace(clear, withdrawn=frozenset({0})).shows(ROW, None)
    assert not replace(clear, grades=frozenset({8})).shows(ROW, None)


@given(st.lists(st.integers(0, 300), max_size=400), st.integers(0, 10**7))
def test_runs_hold_every_id_once_in_order(ids: list[int], records: int) -> None:
    runs = reading._runs(ids, records)
    assert [number for run in runs for number in run] == list(dict.fromkeys(ids))
    assert all(runs)


def test_runs_take_the_index_while_that_is_cheaper_than_a_scan() -> None:
    assert [len(run) for run in reading._runs(range(120), 5_000_000)] == [50, 50, 20]
    assert [len(run) for run in reading._runs(range(120), 100_000)] == [120]
    assert reading._runs([], 5_000_000) == []


@pytest.fixture
def store() -> EmbeddedStore:
    store = EmbeddedStore(None)
    ids = [f"e{n:04}" for n in range(3_000)]
    store.put(batch("m1", [person(i) for i in ids], [knows(i, i, ids[-1]) for i in ids]))
    store.put(batch("m2", [person(i, said("2")) for i in ids[:200]]))
    return store


def test_runs_by_index_and_scans_find_the_same(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"e{n:04}" for n in range(0, 3_000, 7)]
    scanned = seen(store, ids), seen_links(store, ids)
    monkeypatch.setattr(reading, "_ROWS_A_LOOKUP", 0)
    assert (seen(store, ids), seen_links(store, ids)) == scanned
    assert len(scanned[0]) == len(ids) + len([i for i in ids if i < "e0200"])
    store.close()


def test_look_ups_take_the_indexes(store: EmbeddedStore) -> None:
    """DuckDB says in its profile whether a table was scanned by an index; ids come as a join, decided as it runs."""
    for statement, ids in (
        (reading._ENTITIES, ["e0007", "e2000"]),
        (reading._LINKS, ["e0007", "e2000"]),
        (reading._ENDS, [7, 2000]),
    ):
        with store._database.cursor() as cursor:
            [(_, plan)] = cursor.execute("EXPLAIN ANALYZE " + statement, {"ids": ids}).fetchall()
        assert "Index Scan" in plan, plan
    store.close()


def test_a_reader_stops_at_the_totals_of_its_state(store: EmbeddedStore) -> None:
    """What was committed after the state was read is not in it, though the tables hold it already."""
    old = store._state
    store.put(batch("m3", [person("new", said(markings=["M"])), person("e0000", said("3"))]))
    with store._database.cursor() as cursor:
        found = reading.read_records(cursor, old, ["new", "e0000"], (), EVERYTHING)
        assert [record.said.row for record in found.entities] == ["1", "2"]
        assert reading.read_changes(cursor, old, 2).revision == 2
        assert len(reading.read_changes(cursor, old, 0).entity_rows) == 3_200
    store.close()
