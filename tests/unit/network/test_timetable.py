"""The timetable: which days a link has, and the moves of each entity in the order of time."""

from __future__ import annotations

import random

import numpy as np
import pytest

from graph_service.model.scope import Events, Scope
from graph_service.network.adjacency import EITHER, FORWARD
from graph_service.network.timetable import AGAINST, Days, Timetable
from graph_service.network.view import View
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.paths.timed_ways import moves, timed_world

Valid = tuple[str | None, str | None]


def one_link(*valid: Valid) -> View:
    """A view of one link of as many records as days are given."""
    records = [link("l", "a", "b", by=said(f"s{number}", valid=days)) for number, days in enumerate(valid)]
    return View(Ledger().put([entity("a"), entity("b")], records).network())


@pytest.mark.parametrize(
    ("valid", "days"),
    [
        ([("1970-01-02", "1970-01-04")], (1, 3)),
        ([("1970-01-02", None)], (1, 1)),
        ([(None, "1970-01-04")], (3, 3)),
        ([("1970-01", "1970-01")], (0, 30)),
        ([("1970-01-02", "1970-01-02"), ("1970-01-05", "1970-01-06")], (1, 5)),
        ([(None, None)], None),
        ([("1970-01-02", None), (None, "1970-01-04")], None),
    ],
    ids=["both", "first", "last", "a month", "two records", "none", "open on both sides by two records"],
)
def test_the_days_of_a_link(valid: list[Valid], days: tuple[int, int] | None) -> None:
    """As the merge has them: from the earliest start to the latest end, an open one of either record stays open."""
    found = Days.of(one_link(*valid))
    assert found.dated.tolist() == [days is not None]
    assert found.undated == (days is None)
    if days is not None:
        assert (found.first[0], found.last[0]) == days


@pytest.mark.parametrize("way", [FORWARD, EITHER])
@pytest.mark.parametrize("seed", range(3))
def test_moves_are_those_by_definition_in_order_of_time(way: int, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        made = timed_world(dice)
        view = made.view
        timetable = Timetable.of(view, way)
        wanted = {
            (each.near, each.far, each.link, each.first, each.last) for each in moves(made, directed=way == FORWARD)
        }
        for side, sign in ((timetable.ahead, 1), (timetable.behind, -1)):
            told = set()
            for node in range(view.network.entities):
                run = slice(int(side.start[node]), int(side.start[node + 1]))
                assert (np.diff(side.leaves[run]) >= 0).all()
                for move, leaves in zip(side.move[run].tolist(), side.leaves[run].tolist(), strict=True):
                    number = move >> 1
                    far = (side.far_against if move & AGAINST else side.far_along)[number]
                    ends = [view.network.entity_id(node), view.network.entity_id(int(far))][::sign]
                    days = [leaves * sign, int(side.arrives[number]) * sign][::sign]
                    told.add((*ends, view.link_id(number), *days))
            assert told == wanted


def test_collapsed_events_give_their_days_to_the_direct_links() -> None:
    when = said(valid=("1970-01-03", "1970-01-05"))
    entities = [entity("a"), entity("b"), entity("m", "MoneyTransfer", {}, when)]
    roles = [link("o", "a", "m", "ORIGINATOR"), link("r", "m", "b", "BENEFICIARY")]
    days = Days.of(View(Ledger().put(entities, roles).network(), Scope(events=Events.COLLAPSED)))
    assert (days.first.tolist(), days.last.tolist(), days.of_event.tolist()) == ([2], [4], [False])


def test_where_time_does_not_matter_every_link_is_there() -> None:
    view = one_link((None, None))
    timetable = Timetable.of(view, FORWARD, timed=False)
    assert timetable.ahead.move.tolist() == [0]
    assert timetable.days.first.tolist() == timetable.days.last.tolist() == [0]
    assert Timetable.of(view, FORWARD).ahead.move.tolist() == []


def test_it_is_made_once_for_a_view() -> None:
    view = one_link(("2020", "2020"))
    assert Timetable.of(view, FORWARD) is Timetable.of(view, FORWARD)
    assert Timetable.of(view, FORWARD) is not Timetable.of(view, EITHER)


def test_a_view_of_nothing_has_an_empty_one() -> None:
    timetable = Timetable.of(View(Ledger().put([entity("a")], []).network()), EITHER)
    assert timetable.ahead.move.tolist() == []
    assert timetable.ahead.start.tolist() == [0, 0]
