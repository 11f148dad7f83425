"""The corridor of ways in time on a view's arrays, by the compiled search over moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_service.network.adjacency import EITHER, FORWARD, Offsets
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints, Mask
from graph_service.network.search import Outcome
from graph_service.network.timetable import AGAINST, Timetable
from graph_service.network.view import View
from graph_service.network.workspaces import Workspaces
from queries.paths.ground import Ground
from queries.paths.timed_search import Hop, Option, TimedWay
from queries.paths.timing import Pace


@dataclass(frozen=True, slots=True)
class Trip:
    """Where ways in time begin and end, by number, and how they may be walked. ``timed`` False: days do not matter;
    ``backwards``: against the direction of links and of time."""

    sources: Ints
    targets: Ints
    directed: bool
    max_hops: int
    pace: Pace
    timed: bool = True
    backwards: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Moves:
    """The moves of a corridor, by where and when they begin: ``near``, ``far`` entity numbers, ``link``, ``begins``,
    ``ends`` int32; ``to_end`` int16: links on to an end, itself counted."""

    near: Ints
    far: Ints
    link: Ints
    begins: Ints
    ends: Ints
    to_end: npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class ViewTimedCorridor:
    """A corridor on arrays; names are looked up for what is offered only."""

    starts: tuple[str, ...]
    ends: frozenset[str]
    max_hops: int
    view: View
    trip: Trip
    moves: _Moves
    of_event: Mask
    event: Mask
    table: Offsets
    number: dict[str, int]

    def options(self, way: TimedWay) -> Iterator[Option]:
        """What may follow a way, sorted on arrays; equals are named together."""
        left, moves = self.max_hops - len(way.hops), self.moves
        here = self.number[way.here]
        low, high = np.searchsorted(moves.near, [here, here + 1])
        place = np.arange(low, high)
        length = moves.to_end[low:high].astype(np.int64)
        follows = length <= left
        arrives = np.zeros(len(place), dtype=np.int64)
        if len(self.table):
            from graph_service.network.kernels.timed import LENGTH_BITS, NO_WAY

            least = self.table[left, low:high]
            follows &= least < NO_WAY
            arrives, length = least >> LENGTH_BITS, least & ((1 << LENGTH_BITS) - 1)
        if way.hops:
            follows &= self._following(way.hops[-1], here, place)
        place, arrives, length = place[follows], arrives[follows], length[follows]
        departs = moves.begins[place].astype(np.int64)
        if way.hops:
            departs[:] = way.hops[0].begins
        yield from self._named(place, self.trip.pace.cost(departs, arrives), length)

    def entities(self) -> Iterator[str]:
        """The entities of the corridor."""
        every = np.unique(np.concatenate([self.moves.near, self.moves.far]))
        return (self.view.network.entity_id(int(one)) for one in every)

    def _following(self, last: Hop, here: int, place: npt.NDArray[np.intp]) -> Mask:
        """Which of an entity's moves may follow a hop; going through an event is one moment."""
        pace, wait = self.trip.pace, self.moves.begins[place] - np.int64(last.ends)
        may = wait >= pace.least
        if pace.greatest is not None:
            may &= wait <= pace.greatest
        if self.event[here] and self.of_event[self.moves.link[last.place]]:
            may |= self.of_event[self.moves.link[place]]
        return may

    def _named(self, place: npt.NDArray[np.intp], cost: Offsets, length: Offsets) -> Iterator[Option]:
        rank = self.view.network.id_rank[self.moves.far[place]]
        order = np.lexsort((rank, length, cost))
        keys = np.column_stack([cost, length, rank])[order]
        cuts = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
        for equal in np.split(order, cuts) if len(order) else ():
            options = [Option(int(cost[one]), int(length[one]), self._hop(int(place[one]))) for one in equal.tolist()]
            yield from sorted(options, key=lambda option: option.hop.link.id)

    def _hop(self, place: int) -> Hop:
        moves, link = self.moves, int(self.moves.link[place])
        name = self.view.network.entity_id(int(moves.far[place]))
        self.number[name] = int(moves.far[place])
        amount = self.view.facts.amount[link]
        if self.of_event[link]:
            event = moves.near[place] if self.event[moves.near[place]] else moves.far[place]
            amount = self.view.entity_facts.amount[event]
        told = None if np.isnan(amount) else float(amount)
        return Hop(name, self.view.link_ref(link), int(moves.begins[place]), int(moves.ends[place]), told, place)


def timed_in_view(
    view: View, trip: Trip, ground: Ground, budget: Budget
) -> tuple[Outcome, int | None, ViewTimedCorridor | None]:
    """How the search ended, the links of the shortest walk where known, and the corridor where there is one."""
    from graph_service.network.kernels import timed as kernels
    from graph_service.network.kernels.paths import APART, BOUND, MET

    timetable = Timetable.of(view, FORWARD if trip.directed else EITHER, timed=trip.timed)
    days = timetable.days
    ahead, behind = timetable.ahead, timetable.behind
    if trip.backwards:
        ahead, behind = behind, ahead
    role = (ground.through if len(ground.through) else view.nodes).astype(np.int8)
    role[trip.sources] = kernels.FROM
    role[trip.targets] = kernels.TO
    role[np.intersect1d(trip.sources, trip.targets)] = kernels.FROM | kernels.TO
    terms = (role, ground.open, days.of_event, days.event, trip.pace.gaps)
    ends, window = (trip.sources, trip.targets), np.array(trip.pace.window, dtype=np.int64)
    scratch = view.kept("scratch for moves", lambda: Workspaces(2 * len(view.links)))
    walk, work = (ahead.arrays, behind.arrays, terms, ends, window, trip.max_hops), (budget.state, budget.limits.links)
    with scratch.borrowed() as (known, queues, stamp), view.network.workspaces.borrowed() as (seen, _, mark):
        code, shortest, end = kernels.meet(*walk, known, queues, seen, (stamp, mark), *work)
        if code != MET:
            _ = budget.exhausted  # raises when called off
            outcome = {APART: Outcome.EXHAUSTED, BOUND: Outcome.BOUND}.get(code, Outcome.BUDGET)
            return outcome, shortest or None, None
        move = queues[0, :end]
        up, on = known[0, move] - stamp, known[1, move] - stamp
        inside = (on > 0) & (up + on - 1 <= trip.max_hops)
        move, to_end = move[inside], on[inside].astype(np.int16)
    moves = _moves(view, timetable, trip, move, to_end)
    table = _arrivals(view, timetable, trip, moves, budget) if trip.pace.by_arrival else np.zeros((0, 0), np.int64)
    if table is None:
        return Outcome.BUDGET, None, None
    return Outcome.MET, shortest, _corridor(view, timetable, trip, moves, table)


def _moves(view: View, timetable: Timetable, trip: Trip, move: Ints, to_end: npt.NDArray[np.int16]) -> _Moves:
    """Sorted by where they begin, then when."""
    link, along = move >> 1, (move & AGAINST == 0) != trip.backwards
    source, target, days = view.links.source[link], view.links.target[link], timetable.days
    begins, ends = days.first[link], days.last[link]
    if trip.backwards:
        begins, ends = -ends, -begins
    near, far = np.where(along, source, target), np.where(along, target, source)
    order = np.lexsort((move, begins, near))
    return _Moves(near[order], far[order], link[order], begins[order], ends[order], to_end[order])


def _arrivals(view: View, timetable: Timetable, trip: Trip, moves: _Moves, budget: Budget) -> Offsets | None:
    """The table of least arrivals; None when the budget ended."""
    from graph_service.network.kernels.timed import least_arrivals

    if (trip.max_hops + 1) * len(moves.near) > budget.limits.links - budget.explored:
        return None
    nodes = np.unique(moves.near)
    start = np.searchsorted(moves.near, np.append(nodes, view.network.entities)).astype(np.int64)
    far = np.searchsorted(nodes, moves.far).astype(np.int32)
    far[np.isin(moves.far, trip.targets)] = -1
    by_end = np.lexsort((moves.ends, far)).astype(np.int32)
    into = np.searchsorted(far[by_end], np.arange(len(nodes) + 1)).astype(np.int64)
    days = timetable.days
    of_event = days.of_event[moves.link]
    here, there = of_event & days.event[moves.near], of_event & days.event[moves.far]
    walked, state = (start, far, moves.begins, moves.ends, (here, there), into, by_end), budget.state
    table, done = least_arrivals(*walked, trip.pace.gaps, trip.max_hops, state, budget.limits.links)
    _ = budget.exhausted  # raises when called off
    return table if done else None


def _corridor(view: View, timetable: Timetable, trip: Trip, moves: _Moves, table: Offsets) -> ViewTimedCorridor:
    ids = view.network.entity_id
    number = {ids(node): node for node in np.intersect1d(trip.sources, moves.near).tolist()}
    ends = frozenset(ids(node) for node in np.intersect1d(trip.targets, moves.far).tolist())
    days = timetable.days
    return ViewTimedCorridor(
        tuple(sorted(number)), ends, trip.max_hops, view, trip, moves, days.of_event, days.event, table, number
    )
