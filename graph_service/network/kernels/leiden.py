"""Local moving, refinement and lifting of the Leiden method, from any labelling: Traag, Waltman and van Eck (2019).

Unlike a start from single nodes these may begin with the groups of yesterday, so that the groups of today differ from
them only where the links do. Graphs are symmetric, in compressed sparse rows, without self-loops, weights positive.
Arguments of the first two: ``strength`` float64[n] and ``density``, whose product for two nodes is what a tie between
them must outweigh (modularity: the weights of a node's links, and the resolution over twice the total weight; constant
Potts model: 1, and the resolution); ``label`` int32[n], below n; ``order``, the nodes as they are looked at; ``state``,
the budget's, whose first number stops the work. Links looked at are not counted: the rounds over a graph are few, and
whoever begins them counts its links once.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints

_GAIN = 1e-9
_VISITS = 1_000
"""Visits a node, on average, after which moving ends even if rounding keeps nodes going to and fro."""


@njit(nogil=True, cache=True)
def _ties(start: Offsets, neighbour: Ints, weight: np.ndarray, label: Ints, v: int, tie: np.ndarray, met: Ints) -> int:
    """Sums the weights from a node to each group into ``tie`` and lists the groups in ``met``; how many they are."""
    found = 0
    for entry in range(start[v], start[v + 1]):
        group = label[neighbour[entry]]
        if tie[group] == 0.0:
            met[found] = group
            found += 1
        tie[group] += weight[entry]
    return found


@njit(nogil=True, cache=True)
def _best(met: Ints, found: int, tie: np.ndarray, total: np.ndarray, pull: float, home: int) -> tuple[int, float]:
    """The group that gains most, the present one where none gains more; among equals the smallest label."""
    best, most = home, tie[home] - pull * total[home] + _GAIN
    for place in range(found):
        group = met[place]
        gain = tie[group] - pull * total[group]
        if gain > most or (gain == most and best != home and group < best):
            best, most = group, gain
    return best, most


@njit(nogil=True, cache=True)
def _sizes(label: Ints, strength: np.ndarray) -> tuple[np.ndarray, Ints, Ints, int]:
    """Of each group the strength and the size; the labels nobody bears, the smallest last, and how many they are."""
    nodes = len(label)
    total, size = np.zeros(nodes), np.zeros(nodes, dtype=np.int32)
    for v in range(nodes):
        total[label[v]] += strength[v]
        size[label[v]] += 1
    free, many = np.empty(nodes, dtype=np.int32), 0
    for group in range(nodes - 1, -1, -1):
        if size[group] == 0:
            free[many] = group
            many += 1
    return total, size, free, many


@njit(nogil=True, cache=True)
def move(
    start: Offsets,
    neighbour: Ints,
    weight: np.ndarray,
    strength: np.ndarray,
    density: float,
    label: Ints,
    order: Ints,
    state: Offsets,
) -> int:
    """Moves nodes to the group that gains most, or to one of their own; how many moves were made.

    After each move the node's neighbours are looked at again, nobody else: another call may find more moves, and when
    one finds none no single move gains anything. ``label`` is changed in place. O(links) a round, few rounds; stops
    early, with a whole labelling, when called off or out of time.
    """
    nodes = len(label)
    total, size, free, many = _sizes(label, strength)
    queue, waiting = order.copy(), np.ones(nodes, dtype=np.bool_)
    tie, met = np.zeros(nodes), np.empty(nodes, dtype=np.int32)
    head, left, moves, looked = 0, nodes, 0, 0
    for _ in range(_VISITS * nodes):
        if not left:
            break
        v = queue[head]
        head = (head + 1) % nodes
        left -= 1
        waiting[v] = False
        home = label[v]
        found = _ties(start, neighbour, weight, label, v, tie, met)
        total[home] -= strength[v]
        best, gain = _best(met, found, tie, total, density * strength[v], home)
        if gain < 0.0 and size[home] > 1:
            best = free[many - 1]
        for place in range(found):
            tie[met[place]] = 0.0
        total[best] += strength[v]
        if best != home:
            label[v] = best
            moves += 1
            many -= size[best] == 0
            size[best] += 1
            size[home] -= 1
            if size[home] == 0:
                free[many] = home
                many += 1
            for entry in range(start[v], start[v + 1]):
                u = neighbour[entry]
                if label[u] != best and not waiting[u]:
                    waiting[u] = True
                    queue[(head + left) % nodes] = u
                    left += 1
        looked += start[v + 1] - start[v]
        if looked >= STRIDE:
            looked = 0
            if state[0] != 0:
                break
    return moves


@njit(nogil=True, cache=True)
def refine(
    start: Offsets,
    neighbour: Ints,
    weight: np.ndarray,
    strength: np.ndarray,
    density: float,
    label: Ints,
    order: Ints,
    state: Offsets,
) -> Ints:
    """Parts each group anew into well-connected pieces: int32[n], the number of one of the piece's nodes.

    A node that is still alone and well joined to the rest of its group goes to the piece of the group that gains most,
    if that is well joined too; so every piece hangs together. O(links); stops early with a whole parting.
    """
    nodes = len(label)
    total = np.zeros(nodes)
    cut = np.zeros(nodes)
    for v in range(nodes):
        total[label[v]] += strength[v]
        for entry in range(start[v], start[v + 1]):
            cut[v] += weight[entry] if label[neighbour[entry]] == label[v] else 0.0
    piece = np.arange(nodes).astype(np.int32)
    size = np.ones(nodes, dtype=np.int32)
    held = strength.copy()
    tie, met = np.zeros(nodes), np.empty(nodes, dtype=np.int32)
    looked = 0
    for v in order:
        rest = total[label[v]]
        if size[v] != 1 or piece[v] != v or cut[v] < density * strength[v] * (rest - strength[v]):
            continue
        found = _ties(start, neighbour, weight, piece, v, tie, met)
        best, most = v, _GAIN
        for place in range(found):
            other = met[place]
            gain = tie[other] - density * strength[v] * held[other]
            well = label[other] == label[v] and cut[other] >= density * held[other] * (rest - held[other])
            if well and (gain > most or (gain == most and best != v and other < best)):
                best, most = other, gain
        if best != v:
            cut[best] += cut[v] - 2.0 * tie[best]
            held[best] += strength[v]
            size[best] += 1
            piece[v] = best
        for place in range(found):
            tie[met[place]] = 0.0
        looked += start[v + 1] - start[v]
        if looked >= STRIDE:
            looked = 0
            if state[0] != 0:
                break
    return piece


@njit(nogil=True, cache=True)
def lift(
    start: Offsets, neighbour: Ints, weight: np.ndarray, piece: Ints, pieces: int
) -> tuple[Ints, Ints, np.ndarray]:
    """The links of the graph of pieces, int32[n] below ``pieces``: lower end, higher end, and the summed weight.

    What joins nodes of one piece is left out. O(nodes + links).
    """
    nodes = len(piece)
    first = np.zeros(pieces + 1, dtype=np.int64)
    for v in range(nodes):
        first[piece[v] + 1] += 1
    for p in range(pieces):
        first[p + 1] += first[p]
    at, member = first.copy(), np.empty(nodes, dtype=np.int32)
    for v in range(nodes):
        member[at[piece[v]]] = v
        at[piece[v]] += 1
    most = len(neighbour) // 2
    low, high = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32)
    joined = np.empty(most)
    tie, met = np.zeros(pieces), np.empty(pieces, dtype=np.int32)
    links = 0
    for p in range(pieces):
        found = 0
        for place in range(first[p], first[p + 1]):
            v = member[place]
            for entry in range(start[v], start[v + 1]):
                other = piece[neighbour[entry]]
                if other > p:
                    if tie[other] == 0.0:
                        met[found] = other
                        found += 1
                    tie[other] += weight[entry]
        for place in range(found):
            low[links], high[links], joined[links] = p, met[place], tie[met[place]]
            tie[met[place]] = 0.0
            links += 1
    return low[:links], high[:links], joined[:links]
