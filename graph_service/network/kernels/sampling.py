"""Random shortest paths, to estimate betweenness on graphs that are too large to compute it.

Riondato and Kornaropoulos (2016), doi:10.1007/s10618-015-0423-0; each path by a two-sided search that grows the side
with fewer links to look at, as in KADABRA (Borassi and Natale 2019, doi:10.1145/3284359).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.columns import Ints


@njit(nogil=True, cache=True)
def longest_way(start: Offsets, neighbour: Ints, state: Offsets, budget: int) -> int:
    """No shortest path of an undirected graph has more nodes than this: in each part twice the distance from one node
    to its farthest, and one more. O(nodes + entries)."""
    nodes = len(start) - 1
    distance, queue = np.full(nodes, -1, dtype=np.int32), np.empty(nodes, dtype=np.int32)
    longest = min(nodes, 1)
    for source in range(nodes):
        if distance[source] >= 0:
            continue
        if state[0] != 0 or state[1] >= budget:
            return nodes
        queue[0], distance[source] = source, 0
        head, tail = 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            state[1] += start[v + 1] - start[v]
            for entry in range(start[v], start[v + 1]):
                w = neighbour[entry]
                if distance[w] < 0:
                    distance[w] = distance[v] + 1
                    queue[tail] = w
                    tail += 1
        longest = max(longest, 2 * distance[queue[tail - 1]] + 1)
    return longest


@njit(nogil=True, cache=True)
def _drawn(dice: np.ndarray) -> float:
    """The next number in [0, 1) of a xorshift generator (Marsaglia 2003, doi:10.18637/jss.v008.i14)."""
    x = dice[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    dice[0] = x
    return float(x >> np.uint64(11)) / 9007199254740992.0


@njit(nogil=True, cache=True)
def _walk_home(
    v: int, start: Offsets, neighbour: Ints, distance: Ints, ways: np.ndarray, through: np.ndarray, dice: np.ndarray
) -> None:
    """Counts each node passed on a random shortest way from ``v``, itself included, to where distance is 0."""
    while distance[v] > 0:
        through[v] += 1.0
        left = _drawn(dice) * ways[v]
        following = -1
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            if distance[w] == distance[v] - 1:
                following = w
                left -= ways[w]
                if left < 0.0:
                    break
        v = following


@njit(nogil=True, cache=True)
def _grown(
    begin: int, end: int, start: Offsets, neighbour: Ints, queue: Ints, distance: Ints, ways: np.ndarray
) -> tuple[int, int]:
    """(the new end of the queue, entries looked at) after one whole level from the frontier ``queue[begin:end]``."""
    tail, looked = end, 0
    for place in range(begin, end):
        v = queue[place]
        looked += start[v + 1] - start[v]
        for entry in range(start[v], start[v + 1]):
            w = neighbour[entry]
            if distance[w] < 0:
                distance[w] = distance[v] + 1
                queue[tail] = w
                tail += 1
            if distance[w] == distance[v] + 1:
                ways[w] += ways[v]
    return tail, looked


@njit(nogil=True, cache=True)
def _cost(begin: int, end: int, start: Offsets, queue: Ints) -> int:
    """The entries of a frontier."""
    total = 0
    for place in range(begin, end):
        total += start[queue[place] + 1] - start[queue[place]]
    return total


@njit(nogil=True, cache=True)
def _together(begin: int, end: int, queue: Ints, other: Ints, ways_out: np.ndarray, ways_in: np.ndarray) -> float:
    """How many shortest paths lead through the nodes of a frontier that the other side has reached too."""
    total = 0.0
    for place in range(begin, end):
        v = queue[place]
        if other[v] >= 0:
            total += ways_out[v] * ways_in[v]
    return total


@njit(nogil=True, cache=True)
def _meeting(
    begin: int, end: int, queue: Ints, other: Ints, ways_out: np.ndarray, ways_in: np.ndarray, left: float
) -> int:
    """The node of a frontier through which the path leads whose number among them all is ``left``."""
    met = -1
    for place in range(begin, end):
        v = queue[place]
        if other[v] >= 0:
            met = v
            left -= ways_out[v] * ways_in[v]
            if left < 0.0:
                break
    return met


@njit(nogil=True, cache=True)
def sampled_paths(
    start: Offsets,
    neighbour: Ints,
    back_start: Offsets,
    back_neighbour: Ints,
    ends: Ints,
    dice: np.ndarray,
    state: Offsets,
    budget: int,
) -> tuple[np.ndarray, int]:
    """(how many of the random shortest paths pass through each node, float64[nodes], how many were drawn).

    ``ends`` int32[samples, 2]: two different nodes each; ``dice`` uint64[1], not 0, is the seed and is used up. The
    ends of a path do not count. Stops early when called off or out of budget: then fewer were drawn.
    """
    nodes = len(start) - 1
    through, ways_out, ways_in = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes)
    away, home = np.full(nodes, -1, dtype=np.int32), np.full(nodes, -1, dtype=np.int32)
    out, into = np.empty(nodes, dtype=np.int32), np.empty(nodes, dtype=np.int32)
    for sample in range(len(ends)):
        if state[0] != 0 or state[1] >= budget:
            return through, sample
        s, t = ends[sample, 0], ends[sample, 1]
        out[0], away[s], ways_out[s] = s, 0, 1.0
        into[0], home[t], ways_in[t] = t, 0, 1.0
        begin0, end0, begin1, end1, paths = 0, 1, 0, 1, 0.0
        while paths == 0.0 and end0 > begin0 and end1 > begin1:
            if _cost(begin0, end0, start, out) <= _cost(begin1, end1, back_start, into):
                tail, looked = _grown(begin0, end0, start, neighbour, out, away, ways_out)
                begin0, end0 = end0, tail
            else:
                tail, looked = _grown(begin1, end1, back_start, back_neighbour, into, home, ways_in)
                begin1, end1 = end1, tail
            state[1] += looked
            paths = _together(begin0, end0, out, home, ways_out, ways_in)
        if paths > 0.0:
            met = _meeting(begin0, end0, out, home, ways_out, ways_in, _drawn(dice) * paths)
            _walk_home(met, back_start, back_neighbour, away, ways_out, through, dice)
            _walk_home(met, start, neighbour, home, ways_in, through, dice)
            through[met if away[met] > 0 and home[met] > 0 else s if home[met] > 0 else t] -= 1.0
        for place in range(end0):
            away[out[place]], ways_out[out[place]] = -1, 0.0
        for place in range(end1):
            home[into[place]], ways_in[into[place]] = -1, 0.0
    return through, len(ends)
