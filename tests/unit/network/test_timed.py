"""The compiled search over moves: moves on walks of so many links and least arrivals, against walks by definition."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from graph_service.model.time import day_text
from graph_service.network.adjacency import FORWARD
from graph_service.network.compiled import available
from graph_service.network.timetable import Timetable
from graph_service.network.view import View
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.paths.timed_ways import BASE, Taken, moves, timed_world

if not available("numba"):
    pytest.skip("the compiled engine needs numba", allow_module_level=True)

from graph_service.network.kernels import timed
from graph_service.network.kernels.paths import APART, BOUND, MET, STOPPED

FOREVER = (-(2**40), 2**40)
Found = tuple[int, int, dict[str, tuple[int, int]]]
"""Outcome, shortest, and for each link that was found the fewest links up to it and on from it."""


def met(view: View, source: str, target: str, max_hops: int, gaps: tuple[int, int], **more: Any) -> Found:
    """What the kernel finds between two entities of a view, links walked along."""
    timetable, nodes, links = Timetable.of(view, FORWARD), view.network.entities, len(view.links)
    begins, leads = (np.array([view.number(one)], dtype=np.int32) for one in (source, target))
    ends = (begins, leads)
    role = np.ones(nodes, dtype=np.int8)
    role[ends[0]], role[ends[1]] = timed.FROM, timed.TO
    known, queues = np.zeros((2, 2 * links), dtype=np.int32), np.zeros((2, 2 * links), dtype=np.int32)
    open_ = more.get("open_", np.zeros(0, dtype=np.bool_))
    terms = (role, open_, timetable.days.of_event, timetable.days.event, np.array(gaps, dtype=np.int64))
    code, shortest, end = timed.meet(
        timetable.ahead.arrays,
        timetable.behind.arrays,
        terms,
        ends,
        np.array(more.get("window", FOREVER), dtype=np.int64),
        max_hops,
        known,
        queues,
        np.zeros((2, nodes), dtype=np.int32),
        (1, 1),
        more.get("state", np.zeros(2, dtype=np.int64)),
        more.get("budget", 10**9),
    )
    found = {}
    for move in queues[0, :end].tolist():
        up, on = known[0, move] - 1, known[1, move] - 1
        if code == MET and on > 0 and up + on - 1 <= max_hops:
            name = f"{view.link_id(move >> 1)}{'-' if move & 1 else '+'}"
            found[name] = int(up), int(on)
    return code, shortest, found


def walks(taken: list[Taken], made: Any, source: str, target: str, max_hops: int, gaps: tuple[int, int]) -> list[Any]:
    """Every walk in time of at most so many links, by definition: none turns back at once, none passes an end."""
    complete = []

    def on(way: list[Taken]) -> None:
        if way and way[-1].far == target:
            complete.append(way)
            return
        for each in taken if len(way) < max_hops else ():
            if each.near != (way[-1].far if way else source) or each.far in {source, each.near}:
                continue
            if way:
                before, wait = way[-1], each.first - way[-1].last
                moment = before.event is not None and before.event == each.event == before.far
                if not moment and not (wait >= gaps[0] and (gaps[1] < 0 or wait <= gaps[1])):
                    continue
                if each.far == before.near or each.link == before.link:
                    continue
            on([*way, each])

    on([])
    return complete


@pytest.mark.parametrize("gaps", [(0, -1), (1, -1), (0, 2), (1, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_it_finds_the_moves_of_all_walks(gaps: tuple[int, int], seed: int) -> None:
    dice = random.Random(f"{seed} {gaps}")
    reached = 0
    for _ in range(60):
        made = timed_world(dice, most=7)
        view, (source, target) = made.view, dice.sample(list(made.ids), 2)
        max_hops = dice.randint(1, 5)
        taken = moves(made, directed=True)
        wanted: dict[str, tuple[int, int]] = {}
        complete = walks(taken, made, source, target, max_hops, gaps)
        for way in complete:
            for place, each in enumerate(way):
                name = f"{each.link}{'+' if made.links[each.link][0] == each.near else '-'}"
                up, on = wanted.get(name, (99, 99))
                wanted[name] = min(up, place + 1), min(on, len(way) - place)
        code, shortest, found = met(view, source, target, max_hops, gaps)
        assert found == wanted
        assert (code == MET) == bool(complete)
        assert not complete or shortest == min(map(len, complete))
        reached += bool(complete)
    assert reached > 5


def test_why_nothing_is_found() -> None:
    chain = chained(4)
    assert met(chain, "n0", "n4", 4, (0, -1))[:2] == (MET, 4)
    assert met(chain, "n0", "n4", 3, (0, -1))[:2] == (BOUND, 4)
    assert met(chain, "n4", "n0", 4, (0, -1))[:2] == (APART, 0)
    assert met(chain, "n0", "n4", 4, (2, -1))[:2] == (APART, 0)
    assert met(chain, "n0", "n4", 4, (0, -1), window=(BASE, BASE + 2))[:2] == (APART, 0)
    shut = np.array([True, True, False, True])
    assert met(chain, "n0", "n4", 4, (0, -1), open_=shut)[:2] == (APART, 0)


def chained(length: int, parallel: int = 1) -> View:
    """A chain of so many links, one a day, each so many times."""
    made = [
        link(f"{place}-{copy}", f"n{place}", f"n{place + 1}", by=said(valid=(day_text(BASE + place),) * 2))
        for place in range(length)
        for copy in range(parallel)
    ]
    return View(Ledger().put([entity(f"n{place}") for place in range(length + 1)], made).network())


def test_it_stops_when_called_off_or_out_of_budget() -> None:
    view = chained(6, parallel=1_000)
    state = np.zeros(2, dtype=np.int64)
    assert met(view, "n0", "n6", 6, (0, -1), budget=1, state=state)[0] == STOPPED
    assert state[1] < 10_000
    assert met(view, "n0", "n6", 6, (0, -1), state=np.array([2, 0]))[0] == STOPPED


def test_each_move_is_looked_at_a_few_times_only() -> None:
    """A thousand moves in and a thousand out of each entity: by the million if each pair were looked at."""
    state = np.zeros(2, dtype=np.int64)
    code, _, found = met(chained(6, parallel=1_000), "n0", "n6", 6, (0, -1), state=state)
    assert (code, len(found)) == (MET, 6_000)
    assert state[1] < 10 * 6_000


@pytest.mark.parametrize("gaps", [(0, -1), (1, -1), (0, 2)])
def test_least_arrivals_are_those_of_walks(gaps: tuple[int, int]) -> None:
    """A layered graph, whose moves lead from each layer to the next: by trying every walk."""
    dice = random.Random(str(gaps))
    for _ in range(60):
        layers, width = 4, 3
        made = sorted(
            (layer * width + dice.randrange(width), dice.randrange(8), dice.choice([0, 0, 2]), dice.randrange(width))
            for layer in range(layers)
            for _ in range(5)
        )
        near = np.array([one for one, *_ in made])
        begins = np.array([day for _, day, _, _ in made], dtype=np.int32)
        ends = begins + np.array([lasts for _, _, lasts, _ in made], dtype=np.int32)
        nodes = sorted(set(near.tolist()))
        target = [(one // width + 1) * width + to for one, _, _, to in made]
        far = [
            -1 if one // width == layers - 1 else nodes.index(to) if to in nodes else len(nodes)
            for (one, *_), to in zip(made, target, strict=True)
        ]
        start = np.searchsorted(near, [*nodes, 10**6, 10**6]).astype(np.int64)
        by_end = np.lexsort((ends, np.array(far))).astype(np.int32)
        into = np.searchsorted(np.array(far)[by_end], np.arange(len(nodes) + 2)).astype(np.int64)
        never = np.zeros(len(made), dtype=np.bool_)
        leads = np.array(far, dtype=np.int32)
        state, bounds = np.zeros(2, dtype=np.int64), np.array(gaps, dtype=np.int64)
        table, done = timed.least_arrivals(
            start, leads, begins, ends, (never, never), into, by_end, bounds, 4, state, 10**9
        )  # fmt: skip

        def least(place: int, hops: int, *, plan: Any = (far, near, nodes, begins, ends)) -> tuple[int, int] | None:
            far, near, nodes, begins, ends = plan
            if far[place] < 0:
                return int(ends[place]), 1
            after = [
                least(each, hops - 1)
                for each in range(len(near))
                if hops > 1 and far[place] < len(nodes) and near[each] == nodes[far[place]]
                and begins[each] - ends[place] >= gaps[0]
                and (gaps[1] < 0 or begins[each] - ends[place] <= gaps[1])
            ]  # fmt: skip
            return min(((day, many + 1) for day, many in filter(None, after)), default=None)

        assert done
        for hops in range(1, 5):
            for place in range(len(made)):
                value = int(table[hops, place])
                told = None if value == timed.NO_WAY else (value >> timed.LENGTH_BITS, value & 255)
                assert told == least(place, hops)
