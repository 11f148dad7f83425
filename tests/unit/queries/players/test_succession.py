"""Who follows whom in time, and when a thing was there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.time import DAY_MAX, DAY_MIN, day_range
from queries.players.succession import Activity, Relation

OPEN = (DAY_MIN, DAY_MAX)
MIRROR = {Relation.SUCCESSOR: Relation.PREDECESSOR, Relation.PREDECESSOR: Relation.SUCCESSOR}


def span(text: str) -> Activity:
    """Written ``2014 2016-05``, a bar for an open end."""
    first, last = text.split()
    return Activity(
        DAY_MIN if first == "|" else day_range(first)[0],
        DAY_MAX if last == "|" else day_range(last)[1],
    )


@pytest.mark.parametrize(
    ("one", "other", "relation", "gap"),
    [
        ("2010 2014", "2015 2016", Relation.SUCCESSOR, 1),
        ("2010 2014", "2015 |", Relation.SUCCESSOR, 1),
        ("| 2014", "2015 |", Relation.SUCCESSOR, 1),
        ("2010 2014", "2014-12-05 2016", Relation.SUCCESSOR, -26),
        ("2010 2014", "2014-11-30 2016", Relation.OVERLAPPING, -31),
        ("2010 2014", "2015-06-29 2016", Relation.SUCCESSOR, 180),
        ("2010 2014", "2015-06-30 2016", Relation.APART, 181),
        ("2010 2014", "2014-12-05 2014-12-20", Relation.OVERLAPPING, -26),
        ("2010-01-01 2010-01-01", "2010-01-01 2010-01-09", Relation.OVERLAPPING, 0),
        ("2010 2014", "2012 2013", Relation.OVERLAPPING, -1095),
        ("2010 |", "2015 2016", Relation.OVERLAPPING, None),
        ("2010 2014", "| 2016", Relation.OVERLAPPING, -2556),
        ("2010 2014", "| |", None, None),
        ("| |", "| |", None, None),
    ],
)
def test_relations_in_time(one: str, other: str, relation: Relation | None, gap: int | None) -> None:
    assert span(one).relation(span(other), 180) == (relation, gap)
    back = relation if relation is None else MIRROR.get(relation, relation)
    assert span(other).relation(span(one), 180) == (back, gap)


@pytest.mark.parametrize(
    ("own", "links", "expected"),
    [
        (OPEN, [], OPEN),
        (OPEN, [OPEN], OPEN),
        (OPEN, [(3, 5), (9, 9), OPEN], (3, 9)),
        (OPEN, [(3, 5), (4, DAY_MAX)], (3, 5)),
        (OPEN, [(3, 5), (7, DAY_MAX)], (3, 7)),
        (OPEN, [(DAY_MIN, 5), (4, 8)], (4, 8)),
        (OPEN, [(3, DAY_MAX), (4, DAY_MAX)], (3, DAY_MAX)),
        (OPEN, [(DAY_MIN, 5), OPEN], (DAY_MIN, 5)),
        ((1, DAY_MAX), [(3, 5)], (1, 5)),
        ((DAY_MIN, 7), [(3, 9)], (3, 7)),
        ((1, 7), [(3, 9)], (1, 7)),
        ((DAY_MIN, 7), [(8, 9)], (8, 8)),
    ],
)
def test_when_a_thing_was_there(own: tuple[int, int], links: list[tuple[int, int]], expected: tuple[int, int]) -> None:
    activity = Activity.of(own, links)
    assert (activity.first, activity.last) == expected


def test_days_as_texts() -> None:
    assert span("2014 2016-02").texts() == ("2014-01-01", "2016-02-29")
    assert span("| |").texts() == (None, None)


DAYS = st.one_of(st.just(DAY_MIN), st.integers(0, 60), st.just(DAY_MAX))


@given(st.tuples(DAYS, DAYS).map(sorted), st.tuples(DAYS, DAYS).map(sorted), st.integers(0, 40))
def test_a_successor_begins_near_the_end_of_what_it_follows_and_outlives_it(
    one: list[int], other: list[int], gap: int
) -> None:
    first, second = Activity(*one), Activity(*other)
    relation, days = first.relation(second, gap)
    near = abs(second.first - first.last) <= max(gap, 30) and second.first > first.first and second.last > first.last
    if relation is Relation.SUCCESSOR:
        assert near
        assert days == second.first - first.last
    if relation is Relation.APART:
        assert days is not None
        assert days > gap
        assert first.last + days == second.first or second.last + days == first.first
