"""Two-sided breadth-first search and the links that lie on shortest paths.

The search grows from both ends, always the side with the smaller frontier, one whole level at a time, until the two
meet. Pohl (1971), "Bi-directional search". Marks are stamped, so that a workspace is used again without being
cleared.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints, Mask

MET, APART, STOPPED, BOUND = 0, 1, 2, 3
"""How a search ended: the sides met; a frontier ran dry; called off or out of budget; the hop bound was reached."""


@njit(nogil=True, cache=True)
def _grow(  # a compiled loop takes arrays, not objects
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    queue: Ints,
    begin: int,
    end: int,
    mark: Ints,
    stamp: int,
    depth: int,
    other: Ints,
    through: Mask,
    open_: Mask,
    state: Offsets,
    budget: int,
) -> tuple[int, bool, bool]:
    """One level: marks what the frontier ``queue[begin:end]`` reaches; (new end, met the other side, stopped)."""
    tail, met = end, False
    looked = 0
    some_nodes, some_links = len(through) > 0, len(open_) > 0
    for place in range(begin, end):
        v = queue[place]
        for entry in range(first[v], last[v]):
            w = neighbour[entry]
            if mark[w] >= stamp or (some_links and not open_[link[entry]]):
                continue
            if some_nodes and not through[w] and other[w] != stamp:
                continue
            mark[w] = stamp + depth
            queue[tail] = w
            tail += 1
            if other[w] >= stamp:
                met = True
        looked += last[v] - first[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                return tail, met, True
    state[1] += looked
    return tail, met, state[0] != 0 or state[1] >= budget


@njit(nogil=True, cache=True)
def two_sided(  # a compiled loop takes arrays, not objects
    first: Offsets,
    last: Offsets,
    back_first: Offsets,
    back_last: Offsets,
    neighbour: Ints,
    link: Ints,
    sources: Ints,
    targets: Ints,
    through: Mask,
    open_: Mask,
    max_hops: int,
    marks: Ints,
    queues: Ints,
    stamp: int,
    state: Offsets,
    budget: int,
) -> tuple[int, int, int, int, int]:
    """(outcome, levels from the sources, levels from the targets, meeting nodes from, to).

    ``first``/``last`` bound each node's entries along the way, ``back_*`` against it. Sources and targets have no node
    in common. ``through`` bool[n] says which other nodes may be passed, ``open_`` bool[links] which links may be taken;
    an empty one allows all. ``marks`` int32[2, n] and ``queues`` int32[2, n] are workspace; marks below ``stamp`` are
    stale. The meeting nodes are places of the queue of the side grown last, given negative when that was the targets'.
    O(links looked at).
    """
    for place in range(len(sources)):
        marks[0, sources[place]], queues[0, place] = stamp, sources[place]
    for place in range(len(targets)):
        marks[1, targets[place]], queues[1, place] = stamp, targets[place]
    begin0, end0, depth0 = 0, len(sources), 0
    begin1, end1, depth1 = 0, len(targets), 0
    while depth0 + depth1 < max_hops:
        if end0 == begin0 or end1 == begin1:
            return APART, depth0, depth1, 0, 0
        if end0 - begin0 <= end1 - begin1:
            depth0 += 1
            tail, met, stopped = _grow(
                first, last, neighbour, link, queues[0], begin0, end0, marks[0], stamp, depth0, marks[1],
                through, open_, state, budget
            )  # fmt: skip
            begin0, end0 = end0, tail
            if met:
                return MET, depth0, depth1, begin0, end0
        else:
            depth1 += 1
            tail, met, stopped = _grow(
                back_first, back_last, neighbour, link, queues[1], begin1, end1, marks[1], stamp, depth1, marks[0],
                through, open_, state, budget
            )  # fmt: skip
            begin1, end1 = end1, tail
            if met:
                return MET, depth0, depth1, -begin1, -end1
        if stopped:
            return STOPPED, depth0, depth1, 0, 0
    exhausted = end0 == begin0 or end1 == begin1
    return (APART if exhausted else BOUND), depth0, depth1, 0, 0


@njit(nogil=True, cache=True)
def backtrack(
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    open_: Mask,
    mark: Ints,
    stamp: int,
    found: Ints,
    depth: int,
    most: int,
    state: Offsets,
    budget: int,
) -> tuple[Ints, bool]:
    """The links between nodes of successive depths that lead to the nodes ``found`` at ``depth``.

    Rows (nearer node, link, farther node), int32[k, 3], at most ``most`` of them; and whether all are there. A node is
    expanded once.
    """
    steps = np.empty((64, 3), dtype=np.int32)
    layer = found
    count = 0
    some_links = len(open_) > 0
    for level in range(depth, 0, -1):
        nearer = np.empty(16, dtype=np.int32)
        size = 0
        for v in layer:
            state[1] += last[v] - first[v]
            if state[0] != 0 or state[1] >= budget:
                return steps[:count], False
            for entry in range(first[v], last[v]):
                u = neighbour[entry]
                if mark[u] != stamp + level - 1 and mark[u] != -(stamp + level - 1):
                    continue
                if some_links and not open_[link[entry]]:
                    continue
                if count == most:
                    return steps[:count], False
                if count == len(steps):
                    steps = np.concatenate((steps, np.empty_like(steps)))
                steps[count, 0], steps[count, 1], steps[count, 2] = u, link[entry], v
                count += 1
                if mark[u] > 0:
                    mark[u] = -mark[u]
                    if size == len(nearer):
                        nearer = np.concatenate((nearer, np.empty_like(nearer)))
                    nearer[size] = u
                    size += 1
        layer = nearer[:size]
    return steps[:count], True
