"""Walks on which time advances, over a timetable: which moves lie on any of so many links, and how early they arrive.

A search over moves, not over entities: what may follow depends on the move taken last and on how many were taken, so a
move reached by fewer links is all that need be known of it, whatever the least and greatest gap. No walk turns back at
once to where it came from, but to its end. It grows from both ends, the smaller frontier first, a level a link
(Casteigts, Himmel, Molter and Zschoche 2021, "Finding temporal paths under waiting time constraints": walks are easy,
simple paths are not).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints, Mask
from graph_service.network.kernels.paths import APART, BOUND, MET, STOPPED

Roles = npt.NDArray[np.int8]
Side = tuple[Offsets, Ints, Ints, Ints, Ints, Ints]
Terms = tuple[Roles, Mask, Mask, Mask, Offsets]
PASSED, FROM, TO = 1, 2, 4
"""What an entity is to a walk: passed, or one of its ends (added up where it is both)."""
NO_WAY = np.int64(2**62)
LENGTH_BITS = 8
"""The lowest bits of a value of ``least_arrivals`` count links, the others are the day of arrival."""
_LONGEST_TAIL = 2**20 - 1
_LOOK_ON = 20_000
"""Moves looked at beyond the bound, to tell whether there is no walk at all or how long the shortest is."""


@njit(nogil=True, cache=True)
def _place(days: Ints, low: int, high: int, day: int) -> int:
    """The first place in ``days[low:high]``, which ascend, that is not before a day."""
    while low < high:
        middle = (low + high) // 2
        if days[middle] < day:
            low = middle + 1
        else:
            high = middle
    return low


@njit(nogil=True, cache=True)
def _run(
    start: Offsets,
    leaves: Ints,
    node: int,
    ready: int,
    patience: int,
    whole: bool,
    seen: Ints,
    mark: int,
) -> tuple[int, int]:
    """The places of an entity's moves that may follow: all for ``whole``; else those of the days from ``ready`` on,
    for so many days. Without an end (``patience`` < 0) those seen before, from the latest on, are left out."""
    first, last = start[node], start[node + 1]
    if whole:
        return first, last
    if patience >= 0:
        first = _place(leaves, first, last, ready)
        return first, _place(leaves, first, last, ready + patience + 1)
    before = max(seen[node] - mark, 0)
    low = _place(leaves, first, last, ready)
    seen[node] = mark + min(max(last - low, before), _LONGEST_TAIL)
    return low, last - before


@njit(nogil=True, cache=True)
def _ends(far_along: Ints, far_against: Ints, move: int) -> tuple[int, int]:
    """Where a move leads, and where it comes from."""
    link = move >> 1
    return (far_against[link], far_along[link]) if move & 1 else (far_along[link], far_against[link])


@njit(nogil=True, cache=True)
def _too_soon_or_late(wait: int, patience: int) -> bool:
    """Whether a wait, the least gap taken off, is outside what is allowed."""
    return wait < 0 or (patience >= 0 and wait > patience)


@njit(nogil=True, cache=True)
def _grow(
    side: Side,
    terms: Terms,
    window: Offsets,
    goal: int,
    begun_at: Ints,
    queue: Ints,
    begin: int,
    end: int,
    found: tuple[Ints, Ints, Ints],
    stamps: tuple[int, int],
    depth: int,
    most: int,
    state: Offsets,
    budget: int,
) -> tuple[int, bool, bool]:
    """One level: marks the moves that may follow those of ``queue[begin:end]``, or for depth 1 those at the ends.

    ``most`` >= 0 keeps to moves that the other side knows, on walks of at most so many links. (new end, met, stopped).
    """
    start, move, leaves, far_along, far_against, arrives = side
    role, open_, of_event, event, gaps = terms
    (mine, theirs, seen), (stamp, mark) = found, stamps
    tail, met, looked, patience = end, False, 0, -1 if gaps[1] < 0 else gaps[1] - gaps[0]
    for place in range(len(begun_at) if depth == 1 else end - begin):
        whole, moment, ready, came_by, came_from, turned = depth == 1, False, 0, -1, -1, -1
        if depth == 1:
            node = begun_at[place]
        else:
            came_by = queue[begin + place] >> 1
            node, came_from = _ends(far_along, far_against, queue[begin + place])
            if role[node] & goal:
                continue
            moment = of_event[came_by] and event[node]
            whole, ready = moment, arrives[came_by] + gaps[0]
        low, high = _run(start, leaves, node, ready, patience, whole, seen, mark)
        for entry in range(low, high):
            taken, link = move[entry], move[entry] >> 1
            if mine[taken] >= stamp or leaves[entry] < window[0] or arrives[link] > window[1]:
                continue
            if (len(open_) > 0 and not open_[link]) or (
                moment and not of_event[link] and _too_soon_or_late(leaves[entry] - ready, patience)
            ):
                continue
            far, _ = _ends(far_along, far_against, taken)
            if not role[far] & goal and (role[far] != PASSED or far == node):
                continue
            if most >= 0 and (theirs[taken] < stamp or theirs[taken] - stamp + depth - 1 > most):
                continue
            if link == came_by or (far == came_from and not role[far] & goal):
                turned = entry
                continue
            mine[taken], queue[tail] = stamp + depth, taken
            tail += 1
            met = met or theirs[taken] >= stamp
        if turned >= 0 and not whole and patience < 0:  # others, come from elsewhere, may take what this one may not
            seen[node] = mark + min(start[node + 1] - turned - 1, _LONGEST_TAIL)
        looked += max(high - low, 1)
        if looked >= STRIDE:
            state[1], looked = state[1] + looked, 0
            if state[0] != 0 or state[1] >= budget:
                return tail, met, True
    state[1] += looked
    return tail, met, state[0] != 0 or state[1] >= budget


@njit(nogil=True, cache=True)
def meet(
    ahead: Side,
    behind: Side,
    terms: Terms,
    ends: tuple[Ints, Ints],
    window: Offsets,
    max_hops: int,
    known: Ints,
    queues: Ints,
    seen: Ints,
    stamps: tuple[int, int],
    state: Offsets,
    budget: int,
) -> tuple[int, int, int]:
    """(outcome, links of the shortest walk or 0, moves in the queue of the first side).

    ``terms``: role int8[entities] (PASSED, FROM, TO; 0 bars), open bool[links] (empty for all), which links join a
    party to an event, which entities are events, and the least and greatest number of days between a move and the next
    (-1 for any). ``window``: first and last day. Once MET, ``known`` int32[2, moves] holds, for the moves on any walk
    of at most ``max_hops`` links, the first of ``stamps`` and the fewest links up to it and on from it, itself counted.
    O(moves looked at) where there is no greatest gap, else O(moves * moves at an entity).
    """
    back_window = np.array([-window[1], -window[0]], dtype=np.int64)
    begin0, end0, depth0, begin1, end1, depth1 = 0, 0, 0, 0, 0, 0
    met, most, shortest, beyond = False, -1, 0, np.int64(-1)
    near, far = len(ends[0]), len(ends[1])
    while True:
        if not met and depth0 + depth1 > max_hops:
            beyond = state[1] if beyond < 0 else beyond
            if state[1] - beyond >= _LOOK_ON:
                return BOUND, 0, end0
        dry0, dry1 = depth0 > 0 and near == 0, depth1 > 0 and far == 0
        if not met and (dry0 or dry1):
            return APART, 0, end0
        if met and (depth0 + depth1 > max_hops or dry0 or dry1):
            most = max_hops
        done0, done1 = dry0 or depth0 >= max_hops, dry1 or depth1 >= max_hops
        if most >= 0 and done0 and done1:
            return MET, shortest, end0
        if (most < 0 and (depth0 == 0 or (depth1 > 0 and near <= far))) or (most >= 0 and not done0):
            depth0 += 1
            tail, now, stopped = _grow(
                ahead, terms, window, TO, ends[0], queues[0], begin0, end0, (known[0], known[1], seen[0]), stamps,
                depth0, most, state, budget
            )  # fmt: skip
            begin0, end0, near = end0, tail, tail - end0
        else:
            depth1 += 1
            tail, now, stopped = _grow(
                behind, terms, back_window, FROM, ends[1], queues[1], begin1, end1, (known[1], known[0], seen[1]),
                stamps, depth1, most, state, budget
            )  # fmt: skip
            begin1, end1, far = end1, tail, tail - end1
        if now and not met:
            met, shortest = True, depth0 + depth1 - 1
            if shortest > max_hops:
                return BOUND, shortest, end0
        if stopped:
            return (BOUND if not met and depth0 + depth1 > max_hops else STOPPED), 0, end0


@njit(nogil=True, cache=True)
def _slide(
    begins: Ints,
    ends: Ints,
    moment: tuple[Mask, Mask],
    moves_on: tuple[int, int],
    coming: Ints,
    gaps: Offsets,
    before: Offsets,
    here: Offsets,
    window: Offsets,
) -> None:
    """The least values of the moves that come to one entity from those ``before`` of the moves on: the minimum of a
    window that slides on with the day of arrival, kept as a queue of ascending values."""
    greatest = np.int64(2**40) if gaps[1] < 0 else gaps[1]
    following, last = moves_on
    at_once = NO_WAY
    for place in range(following, last):
        if moment[0][place] and before[place] < at_once:
            at_once = before[place]
    front, back = 0, 0
    for arrived in coming:
        while following < last and begins[following] <= ends[arrived] + greatest:
            while back > front and before[window[back - 1]] >= before[following]:
                back -= 1
            window[back] = following
            back += 1
            following += 1
        while back > front and begins[window[front]] < ends[arrived] + gaps[0]:
            front += 1
        best = before[window[front]] if back > front else NO_WAY
        if moment[1][arrived] and at_once < best:
            best = at_once
        if best < NO_WAY:
            here[arrived] = best + 1


@njit(nogil=True, cache=True)
def least_arrivals(
    start: Offsets,
    far: Ints,
    begins: Ints,
    ends: Ints,
    moment: tuple[Mask, Mask],
    into: Offsets,
    by_end: Ints,
    gaps: Offsets,
    max_hops: int,
    state: Offsets,
    budget: int,
) -> tuple[Offsets, bool]:
    """The least (day of arrival, links) by walks that begin with a move and have at most so many links, it counted:
    int64[max_hops + 1, moves], both in one number; and whether it was done.

    The moves are sorted by where they begin and when; ``start`` bounds those of an entity, ``far`` is where they lead,
    -1 for an end; ``moment``: which begin, and which lead, within an event. ``by_end``: the moves by where they lead
    and when they arrive, bounded by ``into``. O(max_hops * moves).
    """
    moves = len(far)
    table = np.full((max_hops + 1, moves), NO_WAY, dtype=np.int64)
    window = np.empty(moves + 1, dtype=np.int64)
    for hops in range(1, max_hops + 1):
        for place in range(moves):
            if far[place] < 0:
                table[hops, place] = (np.int64(ends[place]) << LENGTH_BITS) | 1
        if hops > 1:
            for node in range(len(start) - 1):
                moves_on = (start[node], start[node + 1])
                coming = by_end[into[node] : into[node + 1]]
                _slide(begins, ends, moment, moves_on, coming, gaps, table[hops - 1], table[hops], window)
        state[1] += moves
        if state[0] != 0 or state[1] >= budget:
            return table, False
    return table, True
