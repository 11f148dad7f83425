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
def _grow(
    start: Offsets,
    move: Ints,
    leaves: Ints,
    far_along: Ints,
    far_against: Ints,
    arrives: Ints,
    of_event: Mask,
    event: Mask,
    begun_at: Ints,
    goal: int,
    role: Roles,
    open_: Mask,
    window: Offsets,
    gaps: Offsets,
    queue: Ints,
    begin: int,
    end: int,
    mine: Ints,
    theirs: Ints,
    stamp: int,
    depth: int,
    most: int,
    seen: Ints,
    mark: int,
    state: Offsets,
    budget: int,
) -> tuple[int, bool, bool]:
    """One level: marks the moves that may follow those of ``queue[begin:end]``, or for depth 1 those at the ends.

    ``most`` >= 0 keeps to moves that the other side knows, on walks of at most so many links. (new end, met, stopped).
    """
    tail, met, looked = end, False, 0
    count = len(begun_at) if depth == 1 else end - begin
    for place in range(count):
        whole, moment, ready, came_by, came_from, turned = depth == 1, False, 0, -1, -1, -1
        if depth == 1:
            node = begun_at[place]
        else:
            before = queue[begin + place]
            came_by = before >> 1
            node, came_from = far_along[came_by], far_against[came_by]
            if before & 1:
                node, came_from = came_from, node
            if role[node] & goal:
                continue
            moment = of_event[came_by] and event[node]
            whole, ready = moment, arrives[came_by] + gaps[0]
        patience = -1 if gaps[1] < 0 else gaps[1] - gaps[0]
        low, high = _run(start, leaves, node, ready, patience, whole, seen, mark)
        for entry in range(low, high):
            taken = move[entry]
            link = taken >> 1
            if mine[taken] >= stamp or (len(open_) > 0 and not open_[link]):
                continue
            if leaves[entry] < window[0] or arrives[link] > window[1]:
                continue
            if moment and not of_event[link]:
                wait = leaves[entry] - ready
                if wait < 0 or (patience >= 0 and wait > patience):
                    continue
            far = far_along[link] if taken & 1 == 0 else far_against[link]
            if not role[far] & goal and (role[far] != PASSED or far == node):
                continue
            if most >= 0 and (theirs[taken] < stamp or theirs[taken] - stamp + depth - 1 > most):
                continue
            if link == came_by or (far == came_from and not role[far] & goal):
                turned = entry
                continue
            mine[taken] = stamp + depth
            queue[tail] = taken
            tail += 1
            if theirs[taken] >= stamp:
                met = True
        if turned >= 0 and not whole and patience < 0:  # others, come from elsewhere, may take what this one may not
            seen[node] = mark + min(start[node + 1] - turned - 1, _LONGEST_TAIL)
        looked += max(high - low, 1)
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                return tail, met, True
    state[1] += looked
    return tail, met, state[0] != 0 or state[1] >= budget


@njit(nogil=True, cache=True)
def meet(
    start: Offsets,
    move: Ints,
    leaves: Ints,
    far_along: Ints,
    far_against: Ints,
    arrives: Ints,
    back_start: Offsets,
    back_move: Ints,
    back_leaves: Ints,
    back_far_along: Ints,
    back_far_against: Ints,
    back_arrives: Ints,
    of_event: Mask,
    event: Mask,
    sources: Ints,
    targets: Ints,
    role: Roles,
    open_: Mask,
    window: Offsets,
    gaps: Offsets,
    max_hops: int,
    known: Ints,
    queues: Ints,
    stamp: int,
    seen: Ints,
    mark: int,
    state: Offsets,
    budget: int,
) -> tuple[int, int, int]:
    """(outcome, links of the shortest walk or 0, moves in the queue of the first side).

    ``role`` int8[entities]: PASSED, FROM, TO; 0 bars. ``window``: first and last day; ``gaps``: least and greatest
    number of days between a move and the next, the greatest -1 for any. Once MET, ``known`` int32[2, moves] holds, for
    the moves on any walk of at most ``max_hops`` links, ``stamp`` and the fewest links up to it and on from it, itself
    counted. O(moves looked at) where there is no greatest gap, else O(moves * moves at an entity).
    """
    back_window = np.array([-window[1], -window[0]], dtype=np.int64)
    begin0, end0, depth0, begin1, end1, depth1 = 0, 0, 0, 0, 0, 0
    met, stopped, most, shortest = False, False, -1, 0
    near, far, beyond = len(sources), len(targets), np.int64(-1)
    while True:
        if met and depth0 + depth1 > max_hops and most < 0:
            most = max_hops
        dry0, dry1 = depth0 > 0 and near == 0, depth1 > 0 and far == 0
        if most < 0 and (dry0 or dry1):
            if not met:
                return APART, 0, end0
            most = max_hops
        done0, done1 = dry0 or depth0 >= max_hops, dry1 or depth1 >= max_hops
        if most >= 0 and done0 and done1:
            return MET, shortest, end0
        if not met and depth0 + depth1 > max_hops:
            beyond = state[1] if beyond < 0 else beyond
            if state[1] - beyond >= _LOOK_ON:
                return BOUND, 0, end0
        if (most < 0 and (depth0 == 0 or (depth1 > 0 and near <= far))) or (most >= 0 and not done0):
            depth0 += 1
            tail, now, stopped = _grow(
                start, move, leaves, far_along, far_against, arrives, of_event, event, sources, TO, role, open_,
                window, gaps, queues[0], begin0, end0, known[0], known[1], stamp, depth0, most, seen[0], mark,
                state, budget
            )  # fmt: skip
            begin0, end0 = end0, tail
            near = end0 - begin0
        else:
            depth1 += 1
            tail, now, stopped = _grow(
                back_start, back_move, back_leaves, back_far_along, back_far_against, back_arrives, of_event, event,
                targets, FROM, role, open_, back_window, gaps, queues[1], begin1, end1, known[1], known[0], stamp,
                depth1, most, seen[1], mark, state, budget
            )  # fmt: skip
            begin1, end1 = end1, tail
            far = end1 - begin1
        if now and not met:
            met, shortest = True, depth0 + depth1 - 1
            if shortest > max_hops:
                return BOUND, shortest, end0
        if stopped:
            return (BOUND if not met and depth0 + depth1 > max_hops else STOPPED), 0, end0


@njit(nogil=True, cache=True)
def least_arrivals(
    start: Offsets,
    far: Ints,
    begins: Ints,
    ends: Ints,
    of_event_here: Mask,
    of_event_there: Mask,
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
    -1 for an end. ``by_end``: the moves by where they lead and when they arrive, bounded by ``into``. A sliding window
    over the moves of an entity, so O(max_hops * moves).
    """
    moves = len(far)
    table = np.full((max_hops + 1, moves), NO_WAY, dtype=np.int64)
    window = np.empty(moves + 1, dtype=np.int64)
    greatest = np.int64(2**40) if gaps[1] < 0 else gaps[1]
    for hops in range(1, max_hops + 1):
        for place in range(moves):
            if far[place] < 0:
                table[hops, place] = (np.int64(ends[place]) << LENGTH_BITS) | 1
        if hops == 1:
            continue
        before, here = table[hops - 1], table[hops]
        for node in range(len(start) - 1):
            last = start[node + 1]
            moment = NO_WAY
            for place in range(start[node], last):
                if of_event_here[place] and before[place] < moment:
                    moment = before[place]
            front, back, following = 0, 0, start[node]
            for entry in range(into[node], into[node + 1]):
                arrived = by_end[entry]
                while following < last and begins[following] <= ends[arrived] + greatest:
                    while back > front and before[window[back - 1]] >= before[following]:
                        back -= 1
                    window[back] = following
                    back += 1
                    following += 1
                while back > front and begins[window[front]] < ends[arrived] + gaps[0]:
                    front += 1
                best = before[window[front]] if back > front else NO_WAY
                if of_event_there[arrived]:
                    best = min(best, moment)
                if best < NO_WAY:
                    here[arrived] = best + 1
        state[1] += moves
        if state[0] != 0 or state[1] >= budget:
            return table, False
    return table, True
