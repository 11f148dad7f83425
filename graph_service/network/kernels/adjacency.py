"""Counting sort of links into compressed sparse rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.columns import Ints, Mask


@njit(nogil=True, cache=True)
def fill(nodes: int, source: Ints, target: Ints, symmetric: Mask) -> tuple[np.ndarray, ...]:
    """The five arrays of an Adjacency, in its order of fields; two passes, O(nodes + links)."""
    links = len(source)
    count = np.zeros((3, nodes), dtype=np.int64)
    for i in range(links):
        out_side = 1 if symmetric[i] else 0
        count[out_side, source[i]] += 1
        if source[i] != target[i]:
            count[1 if symmetric[i] else 2, target[i]] += 1
    start = np.zeros(nodes + 1, dtype=np.int64)
    mutual = np.empty(nodes, dtype=np.int64)
    incoming = np.empty(nodes, dtype=np.int64)
    at = np.empty((3, nodes), dtype=np.int64)
    for v in range(nodes):
        mutual[v] = start[v] + count[0, v]
        incoming[v] = mutual[v] + count[1, v]
        start[v + 1] = incoming[v] + count[2, v]
        at[0, v], at[1, v], at[2, v] = start[v], mutual[v], incoming[v]
    neighbour = np.empty(start[nodes], dtype=np.int32)
    link = np.empty(start[nodes], dtype=np.int32)
    for i in range(links):
        out_side = 1 if symmetric[i] else 0
        u, v = source[i], target[i]
        place = at[out_side, u]
        neighbour[place], link[place] = v, i
        at[out_side, u] = place + 1
        if u != v:
            in_side = 1 if symmetric[i] else 2
            place = at[in_side, v]
            neighbour[place], link[place] = u, i
            at[in_side, v] = place + 1
    return start, mutual, incoming, neighbour, link
