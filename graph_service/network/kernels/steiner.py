"""A small tree through many nodes, by the regions of what is nearest to each: Mehlhorn (1988), "A faster approximation
algorithm for the Steiner problem in graphs".

Links are walked either way. ``rank`` int32[n] settles ties by the nodes' ids.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints, Mask

Number = np.int64
NO_WAY = Number(2**62)
Crossing = tuple[Number, Number, Number, Number, Number, Number, Number]
"""A way over a link between two regions: what it costs, the regions, the ranks of the link's ends, and these."""


@njit(nogil=True, cache=True)
def _root(group: Ints, one: int) -> int:
    while group[one] != one:
        group[one] = group[group[one]]
        one = group[one]
    return one


@njit(nogil=True, cache=True)
def _crossed(
    v: Number, w: Number, total: Number, region: Ints, rank: Ints, cheapest: Offsets, by: Ints, over: list[Crossing]
) -> None:
    """Notes a way over a link between two regions, unless a better one is known for these."""
    low, high = (v, w) if region[v] < region[w] else (w, v)
    one, other = np.int64(region[low]), np.int64(region[high])
    first, last = np.int64(rank[low]), np.int64(rank[high])
    if total > cheapest[one, other]:
        return
    if total == cheapest[one, other] and (
        first > by[one, other, 0] or (first == by[one, other, 0] and last >= by[one, other, 1])
    ):
        return
    cheapest[one, other], by[one, other, 0], by[one, other, 1] = total, first, last
    heapq.heappush(over, (total, one, other, first, last, low, high))


@njit(nogil=True, cache=True)
def _chosen(
    over: list[Crossing], below: Number, region: Ints, group: Ints, joins: Ints, paid: Offsets, count: int
) -> int:
    """Joins regions by the cheapest ways known that cost less than ``below``; how many joins there are then."""
    while over and over[0][0] < below and count < len(group) - 1:
        total, _, _, _, _, u, v = heapq.heappop(over)
        one, other = _root(group, region[u]), _root(group, region[v])
        if one != other:
            group[one] = other
            joins[count, 0], joins[count, 1], paid[count] = u, v, total
            count += 1
    return count


@njit(nogil=True, cache=True)
def _nearer(v: Number, w: Number, total: Number, far: Offsets, region: Ints, before: Ints, rank: Ints) -> bool:
    """Whether the way over v is better than the best known to w: nearer, or by a lower region, or by a lower rank."""
    if total != far[w] or before[w] < 0:
        return bool(total < far[w])
    return bool(region[v] < region[w] or (region[v] == region[w] and rank[v] < rank[before[w]]))


@njit(nogil=True, cache=True)
def regions(  # a compiled loop takes arrays, not objects
    start: Offsets,
    neighbour: Ints,
    link: Ints,
    sources: Ints,
    region_of: Ints,
    regions_: int,
    through: Mask,
    open_: Mask,
    cost: Offsets,
    most: int,
    rank: Ints,
    state: Offsets,
    budget: int,
) -> tuple[Ints, Offsets, Ints]:
    """(the links that join regions, rows (entity, entity); what each way over them costs; the node before each, -1).

    Each source lies in the region ``region_of`` gives it; every other node in that of the nearest source, ties by the
    lower region, then by the lower rank of the node before. Of the ways that lead over a link between two regions the
    cheapest ones are chosen that join all ``regions_`` (ties by regions, then ranks): with the ways back to the sources
    they make a tree whose cost is at most twice the least there is. The search ends as soon as all are joined.

    ``through`` bool[n] says which nodes may be passed (the sources must be among them), ``open_`` bool[links] which
    links may be taken; an empty one allows all. ``cost`` int64[links], positive; an empty one is 1 for each. ``most``:
    all can be joined by ways of which none costs more, so that nothing farther than half of it is looked at. ``state``
    is the budget's. O(links looked at * log).
    """
    far, region = np.full(len(rank), NO_WAY, dtype=np.int64), np.full(len(rank), -1, dtype=np.int32)
    before, settled = region.copy(), np.zeros(len(rank), dtype=np.bool_)
    group = np.arange(regions_).astype(np.int32)
    joins, paid = np.empty((regions_, 2), dtype=np.int32), np.empty(regions_, dtype=np.int64)
    count, looked = 0, 0
    some_nodes, some_links, some_costs = len(through) > 0, len(open_) > 0, len(cost) > 0
    heap = [(np.int64(0), np.int64(region_of[at]), np.int64(-1), np.int64(sources[at])) for at in range(len(sources))]
    for at in range(len(sources)):
        far[sources[at]], region[sources[at]] = 0, region_of[at]
    heapq.heapify(heap)
    cheapest = np.full((regions_, regions_), NO_WAY, dtype=np.int64)
    by = np.zeros((regions_, regions_, 2), dtype=np.int32)
    zero = np.int64(0)
    over = [(zero, zero, zero, zero, zero, zero, zero) for _ in range(0)]
    while count < regions_ - 1 and (heap or over):
        # What joins two regions for less than twice the distance walked so far has been seen from both its ends.
        count = _chosen(over, Number(2 * heap[0][0]) if heap else NO_WAY, region, group, joins, paid, count)
        if not heap or count == regions_ - 1:
            continue
        spent, home, _, v = heapq.heappop(heap)
        if settled[v]:
            continue
        settled[v] = True
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            if (some_links and not open_[link[entry]]) or (some_nodes and not through[w]):
                continue
            total = spent + (cost[link[entry]] if some_costs else 1)
            if settled[w]:
                if region[w] != home:
                    _crossed(v, np.int64(w), np.int64(total + far[w]), region, rank, cheapest, by, over)
            elif 2 * total <= most and _nearer(v, np.int64(w), np.int64(total), far, region, before, rank):
                far[w], region[w], before[w] = total, home, v
                heapq.heappush(heap, (total, home, np.int64(rank[v]), np.int64(w)))
        looked += start[v + 1] - start[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                break
    state[1] += looked
    return joins[:count], paid[:count], before
