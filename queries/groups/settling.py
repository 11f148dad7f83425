"""The groups of a weighted graph, found from groups that are known already: Leiden with a warm start and inertia.

Runs that begin with single nodes may differ on nearly the same graph by far more than the graph does. Here every
earlier group is an anchor, a node without strength that is tied to its members by a share of their ties: a member
moves only where its links say so clearly. This is evolutionary clustering (Chakrabarti, Kumar and Tomkins 2006,
doi:10.1145/1150402.1150467) with the quality of ``communities`` as that of a snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph_service.network.adjacency import build_adjacency
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from queries.groups.quality import PartitionParameters, Quality
from queries.groups.weighted import Floats, Weighted

_FEW = 1_000
"""A further round of which fewer than one in so many nodes move is not worth its time."""


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """A graph whose nodes are pieces of the one below, then the anchors: ends, weights, and ``strength`` float64."""

    low: Ints
    high: Ints
    weight: Floats
    strength: Floats
    anchors: int

    @property
    def nodes(self) -> int:
        """How many nodes there are, without the anchors."""
        return len(self.strength) - self.anchors


def settle(weighted: Weighted, before: Ints, asked: PartitionParameters, inertia: float, budget: Budget) -> Ints | None:
    """The groups, int32[nodes] from 0 on, each of which hangs together; None when the budget ended before.

    ``before`` int32[nodes] has the earlier groups, -1 for a node that was in none; ``inertia``: the share of a node's
    ties by which it is held to its own. Rounds of Leiden until one moves hardly anybody. The same seed gives the same
    groups. O(nodes + ties) a round; from earlier groups 5 s of one core for 1M nodes and 5M ties.
    """
    from graph_service.network.kernels.components import union_find

    nodes = len(weighted.numbers)
    ties = _sums(weighted.low, weighted.weight, nodes) + _sums(weighted.high, weighted.weight, nodes)
    if asked.quality is Quality.CPM:
        strength, density = np.ones(nodes), asked.resolution
    else:
        strength, density = ties, asked.resolution / max(float(ties.sum()), 1e-300)
    level, label = _anchored(weighted, strength, inertia * ties, before)
    dice = np.random.default_rng(asked.seed)
    for turn in range(asked.iterations if len(weighted.low) else 0):
        earlier, label = label, _round(level, label, density, dice, budget, least=nodes // _FEW if turn else 0)
        if budget.exhausted:
            return None
        if np.array_equal(earlier, label):
            break
    inside = label[weighted.low] == label[weighted.high]
    unbounded = np.zeros(2, dtype=np.int64)
    return compact(union_find(nodes, weighted.low[inside], weighted.high[inside], unbounded, len(inside) + 1))


def _anchored(weighted: Weighted, strength: Floats, hold: Floats, before: Ints) -> tuple[_Level, Ints]:
    """The graph with an anchor for each earlier group, tied to its members by ``hold``; and the labels at first."""
    nodes = len(strength)
    member = np.flatnonzero((before >= 0) & (hold > 0)).astype(np.int32)
    group = compact(before[member])
    anchors = int(group.max(initial=-1)) + 1
    level = _Level(
        np.concatenate([weighted.low, member]),
        np.concatenate([weighted.high, group + nodes]).astype(np.int32),
        np.concatenate([weighted.weight, hold[member]]),
        np.concatenate([strength, np.zeros(anchors)]),
        anchors,
    )
    alone = np.arange(nodes, dtype=np.int32) + int(before.max(initial=-1)) + 1
    known = np.where(before >= 0, before, alone)
    at = np.empty(anchors, dtype=np.int32)
    at[group] = known[member]
    return level, compact(np.concatenate([known, at]))


def _round(
    level: _Level, label: Ints, density: float, dice: np.random.Generator, budget: Budget, *, least: int
) -> Ints:
    """One round of Leiden: move, refine, and the same on the graph of the pieces until nothing is joined any more.

    It ends at once where fewer than ``least`` nodes move.
    """
    from graph_service.network.kernels.leiden import lift, move, refine

    of = np.arange(len(label), dtype=np.int32)
    while True:
        rows = build_adjacency(len(label), level.low, level.high, np.ones(len(level.low), dtype=np.bool_))
        ties = (rows.start, rows.neighbour, level.weight[rows.link])
        order = dice.permutation(len(label)).astype(np.int32)
        moves = move(*ties, level.strength, density, label, order, budget.state)
        parted = compact(label)
        groups = int(parted[: level.nodes].max(initial=-1)) + 1
        if budget.exhausted or moves < least or groups == level.nodes:
            return compact(label[of])
        parted[level.nodes :] = np.arange(level.nodes, len(label))  # an anchor holds no piece together
        named = refine(*ties, level.strength, density, parted, order, budget.state)
        one_of, place = np.unique(named, return_inverse=True)
        pieces, piece = len(one_of), place.astype(np.int32)
        if pieces == len(label):
            return compact(label[of])
        level = _Level(*lift(*ties, piece, pieces), _sums(piece, level.strength, pieces), level.anchors)
        of, label, least = piece[of], compact(label[one_of]), 0


def _sums(place: Ints, weight: Floats, places: int) -> Floats:
    return np.bincount(place, weight, places).astype(np.float64)


def compact(label: Ints) -> Ints:
    """The same groups numbered from 0 in the order in which their first nodes stand, as an array of its own.

    O(nodes + g log g) for labels in a range of about as many.
    """
    if not len(label):
        return label.copy()
    nodes, least = len(label), int(label.min())
    first = np.full(int(label.max()) - least + 1, nodes, dtype=np.int64)
    first[label[::-1] - least] = np.arange(nodes - 1, -1, -1)  # the last one written stays: the first of its group
    there = np.flatnonzero(first < nodes)
    number = np.empty(len(first), dtype=np.int32)
    number[there[np.argsort(first[there])]] = np.arange(len(there), dtype=np.int32)
    return number[label - least]
