"""Spreading out from some nodes: by links, by cost, and by time.

What is reached stands in labels, one a row: the node, the links of the way that leads to it, and the label before on
that way. Ties go to the node before with the least ``rank``: numbering and load order do not matter. ``through``
bool[n] says which nodes other than the sources lead on, ``open_`` bool[links] which links may be taken; an empty one
allows all. ``state`` is the budget's.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints, Mask

NEVER = 2**31 - 1
"""More links than any way has."""
NO_WAY = 2**62


@njit(nogil=True, cache=True)
def spread(  # a compiled loop takes arrays, not objects
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    sources: Ints,
    through: Mask,
    open_: Mask,
    rank: Ints,
    max_hops: int,
    place: Ints,
    state: Offsets,
    budget: int,
) -> tuple[Ints, Ints, Ints]:
    """(node, hops, label before) of all that is reached in at most ``max_hops`` links, nearest first; O(links).

    ``place`` int32[n] is workspace, -1 everywhere; afterwards it holds the label of each node reached.
    """
    node, before, hops = np.empty_like(place), np.empty_like(place), np.empty_like(place)
    tail = 0
    for v in sources:
        place[v], node[tail], before[tail], hops[tail] = tail, v, -1, 0
        tail += 1
    begin, end, depth, looked = 0, tail, 0, 0
    some_nodes, some_links = len(through) > 0, len(open_) > 0
    while begin < end and depth < max_hops:
        depth += 1
        for at in range(begin, end):
            v = node[at]
            if depth > 1 and some_nodes and not through[v]:
                continue
            for entry in range(first[v], last[v]):
                if some_links and not open_[link[entry]]:
                    continue
                w = neighbour[entry]
                seen = place[w]
                if seen < 0:
                    place[w], node[tail], before[tail], hops[tail] = tail, w, at, depth
                    tail += 1
                elif seen >= end and rank[v] < rank[node[before[seen]]]:
                    before[seen] = at
            looked += last[v] - first[v]
            if looked >= STRIDE:
                state[1] += looked
                looked = 0
                if state[0] != 0 or state[1] >= budget:
                    return node[:tail], hops[:tail], before[:tail]
        begin, end = end, tail
    state[1] += looked
    return node[:tail], hops[:tail], before[:tail]


@njit(nogil=True, cache=True)
def cheapest(  # a compiled loop takes arrays, not objects
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    sources: Ints,
    through: Mask,
    open_: Mask,
    rank: Ints,
    cost: Offsets,
    most: int,
    max_hops: int,
    place: Ints,
    state: Offsets,
    budget: int,
) -> tuple[Ints, Ints, Ints, Offsets]:
    """(node, hops, label before, cost) of the ways that are the cheapest of their number of links or fewer.

    Labels come by cost, then links; a node has one for each number of links that makes it cheaper, and its first is
    that of its cheapest way of at most ``max_hops`` links and cost ``most``. ``cost`` int64[links], not negative.
    ``place`` as for ``spread``; it ends with the first label of each node. Label setting after Hansen (1980),
    "Bicriterion path problems": O(max_hops * links * log).
    """
    node, before, hops = np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32)
    total = np.empty(64, dtype=np.int64)
    fewest = np.full(len(place), NEVER, dtype=np.int32)
    begun = np.zeros(len(place), dtype=np.bool_)
    least, by = np.full(len(place), NO_WAY, dtype=np.int64), np.full(len(place), NEVER, dtype=np.int32)
    some_nodes, some_links = len(through) > 0, len(open_) > 0
    heap = [(np.int64(0), np.int64(0), np.int64(-1), np.int64(-1), np.int64(v)) for v in sources]
    for v in sources:
        begun[v] = True
    heapq.heapify(heap)
    tail, looked = 0, 0
    while heap:
        spent, far, _, from_, v = heapq.heappop(heap)
        if far >= fewest[v]:
            continue
        if tail == len(node):
            node, before = np.concatenate((node, np.empty_like(node))), np.concatenate((before, np.empty_like(before)))
            hops, total = np.concatenate((hops, np.empty_like(hops))), np.concatenate((total, np.empty_like(total)))
        fewest[v] = far
        node[tail], before[tail], hops[tail], total[tail] = v, from_, far, spent
        if place[v] < 0:
            place[v] = tail
        tail += 1
        if far == max_hops or (some_nodes and not through[v] and not begun[v]):
            continue
        for entry in range(first[v], last[v]):
            w, on = neighbour[entry], link[entry]
            paid = spent + cost[on]
            if (some_links and not open_[on]) or far + 1 >= fewest[w] or paid > most:
                continue
            if (paid > least[w] and far + 1 >= by[w]) or (paid == least[w] and far + 1 > by[w]):
                continue  # another way that waits is better
            if paid <= least[w]:
                least[w], by[w] = paid, far + 1
            heapq.heappush(heap, (paid, far + 1, np.int64(rank[v]), np.int64(tail - 1), np.int64(w)))
        looked += last[v] - first[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                break
    state[1] += looked
    return node[:tail], hops[:tail], before[:tail], total[:tail]


@njit(nogil=True, cache=True)
def earliest(  # a compiled loop takes arrays, not objects
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    sources: Ints,
    through: Mask,
    open_: Mask,
    rank: Ints,
    begins: Ints,
    ends: Ints,
    moment: Mask,
    event: Mask,
    window: Offsets,
    max_hops: int,
    place: Ints,
    state: Offsets,
    budget: int,
) -> tuple[Ints, Ints, Ints, Offsets]:
    """(node, hops, label before, day) of the ways that arrive first with their number of links or fewer.

    As for ``cheapest``, but a way costs the day on which its last link ends. A link may be taken that begins, in
    int32[links], no earlier than the one before ended; at an event, bool[n], also a link to it (``moment`` bool[links])
    that is not over yet, for an event is one moment. ``window``: the first and the last day of all.
    """
    node, before, hops = np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32)
    total = np.empty(64, dtype=np.int64)
    fewest, begun = np.full(len(place), NEVER, dtype=np.int32), np.zeros(len(place), dtype=np.bool_)
    heap = [(np.int64(window[0]), np.int64(0), np.int64(-1), np.int64(-1), np.int64(v)) for v in sources]
    begun[sources] = True
    tail, looked = 0, 0
    while heap:
        day, far, _, from_, v = heapq.heappop(heap)
        if far >= fewest[v]:
            continue
        if tail == len(node):
            node, before = np.concatenate((node, np.empty_like(node))), np.concatenate((before, np.empty_like(before)))
            hops, total = np.concatenate((hops, np.empty_like(hops))), np.concatenate((total, np.empty_like(total)))
        fewest[v] = far
        node[tail], before[tail], hops[tail], total[tail] = v, from_, far, day
        place[v] = tail if place[v] < 0 else place[v]
        tail += 1
        if far == max_hops or (len(through) > 0 and not through[v] and not begun[v]):
            continue
        for entry in range(first[v], last[v]):
            w, on = neighbour[entry], link[entry]
            if not open_[on] or far + 1 >= fewest[w] or begins[on] < window[0] or ends[on] > window[1]:
                continue
            if begins[on] >= day or (event[v] and moment[on] and ends[on] >= day):
                heapq.heappush(heap, (np.int64(ends[on]), far + 1, np.int64(rank[v]), np.int64(tail - 1), np.int64(w)))
        looked += last[v] - first[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                break
    state[1] += looked
    return node[:tail], hops[:tail], before[:tail], total[:tail]


@njit(nogil=True, cache=True)
def leading_on(  # a compiled loop takes arrays, not objects
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    node: Ints,
    place: Ints,
    through: Mask,
    open_: Mask,
    state: Offsets,
    budget: int,
) -> Ints:
    """For each of these nodes the links that lead from it to nodes without a place (-1), int32; 0 where it may not be
    passed."""
    onward = np.zeros(len(node), dtype=np.int32)
    some_nodes, some_links = len(through) > 0, len(open_) > 0
    looked = 0
    for at in range(len(node)):
        v = node[at]
        if some_nodes and not through[v]:
            continue
        for entry in range(first[v], last[v]):
            if place[neighbour[entry]] < 0 and (not some_links or open_[link[entry]]):
                onward[at] += 1
        looked += last[v] - first[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                break
    state[1] += looked
    return onward
