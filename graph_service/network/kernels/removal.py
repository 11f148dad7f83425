"""What a network loses with each node: dependencies on shortest paths, distances, and what its absence would part.

Graphs are undirected and simple, in compressed sparse rows. The loops stop early when they are called off or out of
budget; then their answers are worth nothing, which the budget tells.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.columns import Ints

WORD = 64
"""Sources that one sweep of ``distances`` serves: the bits of a word."""
LONGEST = 4_096
"""Distances that are told apart; longer ones count as this long."""


@njit(nogil=True, cache=True)
def dependencies(start: Offsets, neighbour: Ints, sources: Ints, state: Offsets, budget: int) -> np.ndarray:
    """For each node the sum over the sources of their dependency on it, float64[nodes]; O(sources * ties).

    Over all nodes as sources that is twice the betweenness. Brandes (2001), doi:10.1080/0022250X.2001.9990249, with
    the ties of the shortest-path graph listed on the way out, so that the way back has no branch: the list read from
    its end adds ``reach[v] = 1 / paths(v) + sum of reach over the successors``, and the dependency is
    ``paths(v) * reach(v) - 1``.
    """
    nodes = len(start) - 1
    total, paths, reach = np.zeros(nodes), np.zeros(nodes), np.empty(nodes)
    distance = np.full(nodes, -1, dtype=np.int32)
    queue = np.empty(nodes + 1, dtype=np.int32)
    near, far = np.empty(len(neighbour) + 1, dtype=np.int32), np.empty(len(neighbour) + 1, dtype=np.int32)
    for source in sources:
        if state[0] != 0 or state[1] >= budget:
            break
        queue[0], distance[source], paths[source] = source, 0, 1.0
        head, tail, listed, looked = 0, 1, 0, 0
        while head < tail:
            v = queue[head]
            head += 1
            depth, ways = distance[v] + 1, paths[v]
            looked += start[v + 1] - start[v]
            for entry in range(start[v], start[v + 1]):
                w = neighbour[entry]
                fresh = 1 if distance[w] < 0 else 0
                queue[tail] = w
                tail += fresh
                reached = depth if fresh else distance[w]
                distance[w] = reached
                onward = 1 if reached == depth else 0
                paths[w] += ways * onward
                near[listed], far[listed] = v, w
                listed += onward
        for place in range(tail):
            reach[queue[place]] = 1.0 / paths[queue[place]]
        for place in range(listed - 1, -1, -1):
            reach[near[place]] += reach[far[place]]
        for place in range(1, tail):
            total[queue[place]] += paths[queue[place]] * reach[queue[place]] - 1.0
        for place in range(tail):
            distance[queue[place]], paths[queue[place]] = -1, 0.0
        state[1] += looked
    return total


@njit(nogil=True, cache=True)
def distances(
    start: Offsets, neighbour: Ints, sources: Ints, state: Offsets, budget: int
) -> tuple[Offsets, np.ndarray]:
    """How many (source, other node) pairs lie at each distance, int64[LONGEST + 1], place 0 stays 0; and for each node
    the sum of 1 / distance from the sources, float64[nodes]: over all nodes as sources, its harmonic centrality.

    Breadth-first from 64 sources at once, a bit each (Then et al. 2014, doi:10.14778/2735496.2735507). A link counts
    once a sweep. O(levels * ties) for every 64 sources, and no more
    than a search from each.
    """
    nodes = len(start) - 1
    counts, nearness = np.zeros(LONGEST + 1, dtype=np.int64), np.zeros(nodes)
    front, following = np.zeros(nodes, dtype=np.uint64), np.zeros(nodes, dtype=np.uint64)
    active, touched = np.empty(nodes, dtype=np.int32), np.empty(nodes, dtype=np.int32)
    for first in range(0, len(sources), WORD):
        seen, many_active = np.zeros(nodes, dtype=np.uint64), min(WORD, len(sources) - first)
        for bit in range(many_active):
            source = sources[first + bit]
            active[bit], front[source] = source, np.uint64(1) << np.uint64(bit)
            seen[source] = front[source]
        level = 0
        while many_active:
            level += 1
            if state[0] != 0 or state[1] >= budget:
                return counts, nearness
            many_touched, found = 0, 0
            for place in range(many_active):
                v = active[place]
                state[1] += start[v + 1] - start[v]
                for entry in range(start[v], start[v + 1]):
                    w = neighbour[entry]
                    if not following[w]:
                        touched[many_touched] = w
                        many_touched += 1
                    following[w] |= front[v]
                front[v] = np.uint64(0)
            many_active = 0
            for place in range(many_touched):
                v = touched[place]
                bits = following[v] & ~seen[v]
                following[v] = np.uint64(0)
                if bits:
                    front[v] = bits
                    seen[v] |= bits
                    active[many_active] = v
                    many_active += 1
                    many = 0
                    while bits:
                        bits &= bits - np.uint64(1)
                        many += 1
                    nearness[v] += many / level
                    found += many
            counts[min(level, LONGEST)] += found
    return counts, nearness


@njit(nogil=True, cache=True)
def pairs_left(start: Offsets, neighbour: Ints, state: Offsets, budget: int) -> Offsets:
    """For each node, how many ordered pairs of the others still reach each other once it is gone, int64[nodes].

    One depth-first walk (Hopcroft and Tarjan 1973, doi:10.1145/362248.362272): a subtree that has no tie above the
    node falls off as a part of its own. O(nodes + ties).
    """
    nodes = len(start) - 1
    order, low = np.full(nodes, -1, dtype=np.int64), np.zeros(nodes, dtype=np.int64)
    size, fallen, lost = np.zeros(nodes, dtype=np.int64), np.zeros(nodes, dtype=np.int64), np.zeros(nodes, np.int64)
    parent, root = np.full(nodes, -1, dtype=np.int64), np.zeros(nodes, dtype=np.int64)
    at, stack = start[:-1].copy(), np.empty(nodes, dtype=np.int64)
    clock, whole = 0, 0
    for first in range(nodes):
        if order[first] >= 0:
            continue
        if state[0] != 0 or state[1] >= budget:
            break
        stack[0], depth = first, 1
        order[first], low[first], root[first], size[first] = clock, clock, first, 1
        clock += 1
        while depth:
            v = stack[depth - 1]
            if at[v] < start[v + 1]:
                w = neighbour[at[v]]
                at[v] += 1
                state[1] += 1
                if order[w] < 0:
                    order[w], low[w], root[w], size[w], parent[w] = clock, clock, first, 1, v
                    clock += 1
                    stack[depth] = w
                    depth += 1
                elif w != parent[v]:
                    low[v] = min(low[v], order[w])
                continue
            depth -= 1
            above = parent[v]
            if above >= 0:
                size[above] += size[v]
                low[above] = min(low[above], low[v])
                if low[v] >= order[above]:
                    fallen[above] += size[v]
                    lost[above] += size[v] * (size[v] - 1)
        whole += size[first] * (size[first] - 1)
    left = np.empty(nodes, dtype=np.int64)
    for v in range(nodes):
        together = size[root[v]]
        rest = together - 1 - fallen[v]
        left[v] = whole - together * (together - 1) + lost[v] + rest * (rest - 1)
    return left
