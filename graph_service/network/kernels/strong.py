"""Strong components and bridges, each by one depth-first walk without recursion."""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.columns import Ints, Mask


@njit(nogil=True, cache=True)
def strong_components(first: Offsets, last: Offsets, neighbour: Ints, state: Offsets, budget: int) -> Ints:
    """For each node the number of its strong component, int32[nodes]; who was not reached is alone.

    ``first``, ``last`` bound each node's entries along the direction of links. Tarjan (1972), doi:10.1137/0201010.
    O(nodes + links). Stops early when called off or out of budget.
    """
    nodes = len(first)
    order, low = np.full(nodes, -1, dtype=np.int32), np.zeros(nodes, dtype=np.int32)
    label = np.full(nodes, -1, dtype=np.int32)
    at, path, pending = first.copy(), np.empty(nodes, dtype=np.int32), np.empty(nodes, dtype=np.int32)
    clock, parts, waiting, stopped = 0, 0, 0, False
    for root in range(nodes):
        if order[root] >= 0 or stopped:
            continue
        depth = 1
        path[0], pending[waiting], order[root], low[root] = root, root, clock, clock
        waiting += 1
        clock += 1
        while depth and not stopped:
            v = path[depth - 1]
            if at[v] < last[v]:
                w = neighbour[at[v]]
                at[v] += 1
                if order[w] < 0:
                    path[depth], pending[waiting], order[w], low[w] = w, w, clock, clock
                    depth += 1
                    waiting += 1
                    clock += 1
                elif label[w] < 0:
                    low[v] = min(low[v], order[w])
                continue
            state[1] += last[v] - first[v]
            stopped = state[0] != 0 or state[1] >= budget
            depth -= 1
            if depth:
                low[path[depth - 1]] = min(low[path[depth - 1]], low[v])
            if low[v] == order[v]:
                while True:
                    waiting -= 1
                    w = pending[waiting]
                    label[w] = parts
                    if w == v:
                        break
                parts += 1
    for v in range(nodes):
        if label[v] < 0:
            label[v] = parts
            parts += 1
    return label


@njit(nogil=True, cache=True)
def bridges(start: Offsets, neighbour: Ints, link: Ints, ties: int, state: Offsets, budget: int) -> Mask:
    """Which ties of an undirected simple graph part it when they go, bool[ties]; ``link`` is the tie of each entry.

    Tarjan (1974), doi:10.1016/0020-0190(74)90003-9. O(nodes + ties). Stops early when called off or out of budget.
    """
    nodes = len(start) - 1
    order, low = np.full(nodes, -1, dtype=np.int32), np.zeros(nodes, dtype=np.int32)
    came, at, path = np.full(nodes, -1, dtype=np.int32), start[:-1].copy(), np.empty(nodes, dtype=np.int32)
    found = np.zeros(ties, dtype=np.bool_)
    clock = 0
    for root in range(nodes):
        if order[root] >= 0:
            continue
        path[0], depth, order[root], low[root] = root, 1, clock, clock
        clock += 1
        while depth:
            v = path[depth - 1]
            if at[v] < start[v + 1]:
                w, tie = neighbour[at[v]], link[at[v]]
                at[v] += 1
                if order[w] < 0:
                    path[depth], order[w], low[w], came[w] = w, clock, clock, tie
                    depth += 1
                    clock += 1
                elif tie != came[v]:
                    low[v] = min(low[v], order[w])
                continue
            state[1] += start[v + 1] - start[v]
            if state[0] != 0 or state[1] >= budget:
                return found
            depth -= 1
            if depth:
                above = path[depth - 1]
                low[above] = min(low[above], low[v])
                found[came[v]] = low[v] > order[above]
    return found
