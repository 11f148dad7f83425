"""What ranks are computed from: one step of a walk along weighted ties, and distances from each node."""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints


@njit(nogil=True, cache=True)
def gather(
    start: Offsets, neighbour: Ints, weight: np.ndarray, value: np.ndarray, state: Offsets, budget: int
) -> np.ndarray:
    """For each node the weighted sum of its neighbours' values, float64[nodes]: a sparse matrix times a vector.

    ``weight`` float64[entries]. O(entries). Stops early when called off or out of budget.
    """
    nodes = len(start) - 1
    total = np.zeros(nodes)
    for v in range(nodes):
        if v % STRIDE == 0:
            if state[0] != 0 or state[1] >= budget:
                break
            state[1] += start[min(v + STRIDE, nodes)] - start[v]
        held = 0.0
        for entry in range(start[v], start[v + 1]):
            held += weight[entry] * value[neighbour[entry]]
        total[v] = held
    return total


@njit(nogil=True, cache=True)
def farness(start: Offsets, neighbour: Ints, state: Offsets, budget: int) -> tuple[Offsets, Ints]:
    """For each node the sum of its distances to those it reaches, int64[nodes], and how many these are, without itself.

    A breadth-first search from each node: O(nodes * entries). Stops early when called off or out of budget.
    """
    nodes = len(start) - 1
    total, reached = np.zeros(nodes, dtype=np.int64), np.zeros(nodes, dtype=np.int32)
    mark, distance = np.full(nodes, -1, dtype=np.int32), np.zeros(nodes, dtype=np.int32)
    queue = np.empty(nodes, dtype=np.int32)
    for source in range(nodes):
        if state[0] != 0 or state[1] >= budget:
            break
        queue[0], mark[source], distance[source] = source, source, 0
        head, tail = 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            state[1] += start[v + 1] - start[v]
            for entry in range(start[v], start[v + 1]):
                w = neighbour[entry]
                if mark[w] != source:
                    mark[w], distance[w] = source, distance[v] + 1
                    total[source] += distance[w]
                    queue[tail] = w
                    tail += 1
        reached[source] = tail - 1
    return total, reached


@njit(nogil=True, cache=True)
def from_each(start: Offsets, neighbour: Ints, sources: Ints, state: Offsets, budget: int) -> Ints:
    """Distances from each source to every node, int32[sources, nodes], -1 where there is no way.

    O(sources * entries). Stops early when called off or out of budget.
    """
    nodes = len(start) - 1
    distance = np.full((len(sources), nodes), -1, dtype=np.int32)
    queue = np.empty(nodes, dtype=np.int32)
    for row in range(len(sources)):
        if state[0] != 0 or state[1] >= budget:
            break
        queue[0], distance[row, sources[row]] = sources[row], 0
        head, tail = 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            state[1] += start[v + 1] - start[v]
            for entry in range(start[v], start[v + 1]):
                w = neighbour[entry]
                if distance[row, w] < 0:
                    distance[row, w] = distance[row, v] + 1
                    queue[tail] = w
                    tail += 1
    return distance
