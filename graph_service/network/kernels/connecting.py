"""Joining many nodes at once: how far any two are apart, and one way for each two.

Links are walked either way here. ``through`` bool[n] says which nodes may be passed (those that are joined must be
among them), ``open_`` bool[links] which links may be taken; an empty one allows all. ``rank`` int32[n] settles ties by
the nodes' ids. ``state`` is the budget's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints, Mask

Depths = npt.NDArray[np.int8]
Seers = npt.NDArray[np.uint64]
ONE = np.uint64(1)
SCANS = 16
"""Looks at one number after the other that take as long as a look at a link."""


@njit(nogil=True, cache=True)
def _ring(
    start: Offsets,
    neighbour: Ints,
    link: Ints,
    ring: Ints,
    depth: int,
    seen: Depths,
    room: Ints,
    through: Mask,
    open_: Mask,
    state: Offsets,
    budget: int,
) -> tuple[Ints, bool]:
    """The nodes one link beyond a ring, marked in ``seen``; and whether the budget is spent."""
    tail, looked = 0, 0
    some_nodes, some_links = len(through) > 0, len(open_) > 0
    for v in ring:
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            if seen[w] or (some_nodes and not through[w]) or (some_links and not open_[link[entry]]):
                continue
            seen[w] = depth + 1
            room[tail] = w
            tail += 1
        looked += start[v + 1] - start[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                return room[:tail].copy(), True
    state[1] += looked
    return room[:tail].copy(), state[0] != 0 or state[1] >= budget


@njit(nogil=True, cache=True)
def _met(one: int, ring: Ints, hops: int, seers: Seers, missing: Seers, distance: Ints) -> None:
    """Notes for all that have seen a node of the ring of ``one``, and are still looked for, that they are so far."""
    for x in ring:
        for word in range(len(seers)):
            both = seers[word, x] & missing[one, word]
            place = 64 * word
            while both:
                if both & ONE:
                    distance[one, place], distance[place, one] = hops, hops
                    missing[one, word] ^= ONE << np.uint64(place % 64)
                    missing[place, one // 64] ^= ONE << np.uint64(one % 64)
                both >>= ONE
                place += 1


@njit(nogil=True, cache=True)
def _grown(
    start: Offsets,
    neighbour: Ints,
    link: Ints,
    nodes: Ints,
    wanted: Mask,
    through: Mask,
    open_: Mask,
    max_hops: int,
    seen: Depths,
    seers: Seers,
    room: Ints,
    state: Offsets,
    budget: int,
) -> tuple[Ints, list[Ints], bool]:
    """(links between any two; the rings around each node, half of ``max_hops`` and one in a row; whether all grew)."""
    many = len(nodes)
    distance = np.full((many, many), -1, dtype=np.int32)
    missing = np.zeros((many, len(seers)), dtype=np.uint64)
    half = (max_hops + 1) // 2
    nothing = np.empty(0, dtype=np.int32)
    rings = [nothing for _ in range(many * (half + 1))]
    for a in range(many):
        rings[a * (half + 1)] = nodes[a : a + 1].copy()
        seen[a, nodes[a]] = 1
        seers[a // 64, nodes[a]] |= ONE << np.uint64(a % 64)
        for b in range(many):
            if wanted[min(a, b), max(a, b)]:
                missing[a, b // 64] |= ONE << np.uint64(b % 64)
    whole = True
    for depth in range(1, half + 1):
        for a in range(many):
            if whole and missing[a].any():
                ring, stopped = _ring(
                    start, neighbour, link, rings[a * (half + 1) + depth - 1], depth, seen[a], room, through, open_,
                    state, budget
                )  # fmt: skip
                rings[a * (half + 1) + depth] = ring
                whole = not stopped
        if not whole:
            break
        # First those whose rings of before are met by the new ones, then those whose new rings meet each other.
        for a in range(many):
            _met(a, rings[a * (half + 1) + depth], 2 * depth - 1, seers, missing, distance)
        for a in range(many):
            for x in rings[a * (half + 1) + depth]:
                seers[a // 64, x] |= ONE << np.uint64(a % 64)
        if 2 * depth <= max_hops:
            for a in range(many):
                _met(a, rings[a * (half + 1) + depth], 2 * depth, seers, missing, distance)
    return distance, rings, whole


@njit(nogil=True, cache=True)
def ways(  # a compiled loop takes arrays, not objects
    start: Offsets,
    neighbour: Ints,
    link: Ints,
    nodes: Ints,
    wanted: Mask,
    through: Mask,
    open_: Mask,
    rank: Ints,
    max_hops: int,
    seen: Depths,
    seers: Seers,
    mark: Ints,
    state: Offsets,
    budget: int,
) -> tuple[Ints, Ints, bool]:
    """(links between any two, int32[k, k], -1 for more than ``max_hops``; the first way of each two; whether all were
    looked for).

    Ways are rows (place of the one, place of the other, entity, entity, link), step by step from the lower place to
    the higher; -1 as the link where several join the two. Of the shortest ways it is the first by the ranks of its
    nodes. ``wanted`` bool[k, k], upper triangle, says for which two; ``max_hops`` at most 250. ``seen`` int8[k, n],
    ``seers`` uint64[words, n], a bit for each of k, and ``mark`` int32[n] are workspace, all 0.

    Rings around all nodes grow at once, those of each until it has met all it looks for or half the links are walked.
    Who has seen an entity is kept as bits, so that all who meet at it are found at once, after Then and others (2014),
    "The more the merrier: efficient multi-source graph traversal". O(k * links within max_hops / 2 of a node).
    """
    many, half = len(nodes), (max_hops + 1) // 2
    room = np.empty_like(mark)
    distance, rings, whole = _grown(
        start, neighbour, link, nodes, wanted, through, open_, max_hops, seen, seers, room, state, budget
    )
    steps = np.empty((64, 5), dtype=np.int32)
    count, stamp = 0, 0
    for a in range(many):
        for b in range(a + 1, many):
            far = distance[a, b]
            if far <= 0:
                continue
            if state[0] != 0 or state[1] >= budget:
                distance[a, b], distance[b, a], whole = -1, -1, False
                continue
            stamp += 1
            middle, other = rings[a * (half + 1) + (far + 1) // 2], rings[b * (half + 1) + far // 2]
            if len(other) < len(middle):
                middle = other
            looked = _marked(start, neighbour, link, middle, far, seen[a], seen[b], mark, stamp, room, open_)
            while count + far > len(steps):
                steps = np.concatenate((steps, np.empty_like(steps)))
            looked += _first(
                start, neighbour, link, nodes[a], far, seen[a], seen[b], mark, stamp, open_, rank, steps, count
            )
            steps[count : count + far, 0], steps[count : count + far, 1] = a, b
            count += far
            state[1] += looked
    return distance, steps[:count], whole


@njit(nogil=True, cache=True)
def _marked(
    start: Offsets,
    neighbour: Ints,
    link: Ints,
    middle: Ints,
    far: int,
    near_seen: Depths,
    far_seen: Depths,
    mark: Ints,
    stamp: int,
    room: Ints,
    open_: Mask,
) -> int:
    """Marks what lies on a shortest way up to its middle; the links looked at."""
    tail, looked = 0, len(middle) // SCANS
    depth = (far + 1) // 2
    some_links = len(open_) > 0
    for x in middle:
        if near_seen[x] == depth + 1 and far_seen[x] == far - depth + 1:
            mark[x] = stamp
            room[tail] = x
            tail += 1
    begin = 0
    while depth > 1:
        depth -= 1
        end = tail
        for at in range(begin, end):
            v = room[at]
            looked += start[v + 1] - start[v]
            for entry in range(start[v], start[v + 1]):
                w = neighbour[entry]
                if near_seen[w] != depth + 1 or mark[w] == stamp or (some_links and not open_[link[entry]]):
                    continue
                mark[w] = stamp
                room[tail] = w
                tail += 1
        begin = end
    return looked


@njit(nogil=True, cache=True)
def _first(
    start: Offsets,
    neighbour: Ints,
    link: Ints,
    begin: int,
    far: int,
    near_seen: Depths,
    far_seen: Depths,
    mark: Ints,
    stamp: int,
    open_: Mask,
    rank: Ints,
    steps: Ints,
    count: int,
) -> int:
    """Writes the first way by rank into ``steps`` from ``count`` on; the links looked at."""
    v, looked = begin, 0
    half = (far + 1) // 2
    some_links = len(open_) > 0
    for depth in range(1, far + 1):
        best, by = -1, -1
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            if some_links and not open_[link[entry]]:
                continue
            if depth <= half:
                if mark[w] != stamp or near_seen[w] != depth + 1:
                    continue
            elif far_seen[w] != far - depth + 1:
                continue
            if w == best:
                by = -1
            elif best < 0 or rank[w] < rank[best]:
                best, by = w, link[entry]
        looked += start[v + 1] - start[v]
        steps[count + depth - 1, 2], steps[count + depth - 1, 3], steps[count + depth - 1, 4] = v, best, by
        v = best
    return looked
