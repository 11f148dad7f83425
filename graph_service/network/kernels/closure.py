"""How far the neighbours of a node are tied among themselves: triangles, and Burt's constraint.

Graphs are undirected and simple, in compressed sparse rows. The loops stop early when they are called off or out of
budget; then their answers are worth nothing, which the budget tells.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints


@njit(nogil=True, cache=True)
def triangles(start: Offsets, neighbour: Ints, state: Offsets, budget: int) -> Offsets:
    """How many triangles each node is in, int64[nodes].

    Each is found once, from its corner of the least degree (Latapy 2008, doi:10.1016/j.tcs.2008.07.017).
    O(ties ** 1.5).
    """
    nodes = len(start) - 1
    first, ahead = np.zeros(nodes + 1, dtype=np.int64), np.empty(len(neighbour) // 2, dtype=np.int32)
    for v in range(nodes):
        own, size = start[v + 1] - start[v], first[v]
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            many = start[w + 1] - start[w]
            if many > own or (many == own and w > v):
                ahead[size] = w
                size += 1
        first[v + 1] = size
    found, mark = np.zeros(nodes, dtype=np.int64), np.full(nodes, -1, dtype=np.int32)
    looked = len(neighbour)
    for v in range(nodes):
        for entry in range(first[v], first[v + 1]):
            mark[ahead[entry]] = v
        for entry in range(first[v], first[v + 1]):
            u = ahead[entry]
            looked += first[u + 1] - first[u]
            for onward in range(first[u], first[u + 1]):
                w = ahead[onward]
                if mark[w] == v:
                    found[v] += 1
                    found[u] += 1
                    found[w] += 1
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                return found
    state[1] += looked
    return found


@njit(nogil=True, cache=True)
def constraint(start: Offsets, neighbour: Ints, weight: np.ndarray, state: Offsets, budget: int) -> np.ndarray:
    """Burt's constraint of each node, float64[nodes], NaN for one without ties; ``weight`` float64[entries].

    The sum over the neighbours of the squared share of the node's effort that goes to each, directly and through one
    other (Burt 2004, doi:10.1086/421787). O(sum of degree ** 2).
    """
    nodes = len(start) - 1
    strength, found = np.zeros(nodes), np.full(nodes, np.nan)
    for v in range(nodes):
        for entry in range(start[v], start[v + 1]):
            strength[v] += weight[entry]
    through = np.zeros(nodes)
    looked = 0
    for v in range(nodes):
        if strength[v] == 0.0:
            continue
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            share = weight[entry] / strength[v]
            looked += start[w + 1] - start[w]
            for onward in range(start[w], start[w + 1]):
                through[neighbour[onward]] += share * (weight[onward] / strength[w])
        total = 0.0
        for entry in range(start[v], start[v + 1]):
            effort = weight[entry] / strength[v] + through[neighbour[entry]]
            total += effort * effort
        found[v] = total
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            for onward in range(start[w], start[w + 1]):
                through[neighbour[onward]] = 0.0
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                break
    state[1] += looked
    return found
