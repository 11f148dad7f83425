"""Weakly connected components by union-find with path halving."""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints


@njit(nogil=True, cache=True)
def union_find(nodes: int, source: Ints, target: Ints, state: np.ndarray, budget: int) -> Ints:
    """For each node the least node number of its component, int32[nodes]; near-linear in nodes and links.

    Tarjan (1975); halving after van Leeuwen and Weide (1977). Stops early when called off or out of budget.
    """
    parent = np.arange(nodes).astype(np.int32)
    for i in range(len(source)):
        if i % STRIDE == 0:
            if state[0] != 0 or state[1] >= budget:
                break
            state[1] += min(STRIDE, len(source) - i)
        u, v = source[i], target[i]
        while parent[u] != u:
            parent[u] = parent[parent[u]]
            u = parent[u]
        while parent[v] != v:
            parent[v] = parent[parent[v]]
            v = parent[v]
        if u < v:
            parent[v] = u
        elif v < u:
            parent[u] = v
    for v in range(nodes):
        parent[v] = parent[parent[v]]
    return parent
