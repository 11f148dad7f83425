"""How deep nodes and ties lie in their surroundings: core numbers and truss numbers.

Graphs are undirected and simple, in compressed sparse rows with ascending neighbours. The loops stop early when they
are called off or out of budget; then their answers are worth nothing, which the budget tells.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints


@njit(nogil=True, cache=True)
def core_numbers(start: Offsets, neighbour: Ints, state: Offsets, budget: int) -> tuple[Ints, Ints]:
    """(core number of each node, the nodes in the order in which they are peeled off), int32[nodes] both.

    A node is in the k-core when it is in a part of the graph where everybody has k neighbours or more. Buckets after
    Batagelj and Zaversnik (2003), arXiv:cs/0310049; the order is a degeneracy order. O(nodes + ties).
    """
    nodes = len(start) - 1
    degree = np.empty(nodes, dtype=np.int32)
    highest = 0
    for v in range(nodes):
        degree[v] = start[v + 1] - start[v]
        highest = max(highest, degree[v])
    first = np.zeros(highest + 2, dtype=np.int64)
    for v in range(nodes):
        first[degree[v] + 1] += 1
    for d in range(1, highest + 2):
        first[d] += first[d - 1]
    at = first.copy()
    order, place = np.empty(nodes, dtype=np.int32), np.empty(nodes, dtype=np.int32)
    for v in range(nodes):
        place[v] = at[degree[v]]
        order[place[v]] = v
        at[degree[v]] += 1
    looked = 0
    for step in range(nodes):
        v = order[step]
        looked += start[v + 1] - start[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                break
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            if degree[w] > degree[v]:
                to = first[degree[w]]
                other = order[to]
                if other != w:
                    order[to], order[place[w]] = w, other
                    place[other], place[w] = place[w], to
                first[degree[w]] += 1
                degree[w] -= 1
    state[1] += looked
    return degree, order


@njit(nogil=True, cache=True)
def _tie(start: Offsets, neighbour: Ints, link: Ints, u: int, w: int) -> int:
    """The number of the tie between two nodes, or -1; by halving."""
    low, high = start[u], start[u + 1]
    while low < high:
        middle = (low + high) // 2
        if neighbour[middle] < w:
            low = middle + 1
        else:
            high = middle
    return link[low] if low < start[u + 1] and neighbour[low] == w else -1


@njit(nogil=True, cache=True)
def _third_sides(
    e: int, start: Offsets, neighbour: Ints, link: Ints, ends: tuple[Ints, Ints], gone: np.ndarray, found: Ints
) -> int:
    """Puts the two other ties of each triangle of tie ``e`` into ``found``, pair by pair; how many ties that are."""
    u, v = ends[0][e], ends[1][e]
    if start[u + 1] - start[u] > start[v + 1] - start[v]:
        u, v = v, u
    size = 0
    for entry in range(start[u], start[u + 1]):
        one = link[entry]
        if one != e and not gone[one]:
            other = _tie(start, neighbour, link, v, neighbour[entry])
            if other >= 0 and not gone[other]:
                found[size], found[size + 1] = one, other
                size += 2
    return size


@njit(nogil=True, cache=True)
def truss_numbers(
    start: Offsets, neighbour: Ints, link: Ints, low: Ints, high: Ints, state: Offsets, budget: int
) -> Ints:
    """The truss number of each tie, int32[ties]: the greatest k such that the tie is in a part of the graph where every
    tie is in k - 2 triangles or more.

    ``low``, ``high`` are the ends of each tie, ``link`` the tie of each entry. Peeling by support after Wang and Cheng
    (2012), doi:10.14778/2311906.2311909. O(ties * degree * log degree), and O(ties) for each k.
    """
    ties = len(low)
    support, truss = np.zeros(ties, dtype=np.int32), np.full(ties, 2, dtype=np.int32)
    gone, queued = np.zeros(ties, dtype=np.bool_), np.zeros(ties, dtype=np.bool_)
    stack, sides = np.empty(ties, dtype=np.int32), np.empty(2 * len(neighbour) + 2, dtype=np.int32)
    ends = (low, high)
    for e in range(ties):
        support[e] = _third_sides(e, start, neighbour, link, ends, gone, sides) // 2
        state[1] += min(start[low[e] + 1] - start[low[e]], start[high[e] + 1] - start[high[e]])
        if state[0] != 0 or state[1] >= budget:
            return truss
    k, left = 3, ties
    while left > 0:
        size = 0
        for e in range(ties):
            if not queued[e] and support[e] < k - 2:
                stack[size], queued[e] = e, True
                size += 1
        while size:
            size -= 1
            e = stack[size]
            many = _third_sides(e, start, neighbour, link, ends, gone, sides)
            state[1] += min(start[low[e] + 1] - start[low[e]], start[high[e] + 1] - start[high[e]])
            if state[0] != 0 or state[1] >= budget:
                return truss
            for place in range(many):
                side = sides[place]
                support[side] -= 1
                if support[side] < k - 2 and not queued[side]:
                    stack[size], queued[side] = side, True
                    size += 1
            gone[e], truss[e] = True, k - 1
            left -= 1
        k += 1
    return truss
