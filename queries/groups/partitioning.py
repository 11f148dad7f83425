"""Parting a weighted graph into groups: Leiden for the engine memory, NetworkX's Louvain for the other.

Groups are connected whatever the method gives, and the same seed gives the same groups. NetworkX does not look at a
budget, so it works aside: a question that is called off or out of time does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import networkx as nx
import numpy as np

from graph_service.network.aside import aside
from graph_service.network.budget import RUNNING, Budget
from graph_service.network.columns import Ints
from queries.groups.quality import PartitionParameters, Quality
from queries.groups.settling import settle
from queries.groups.weighted import Weighted

_MOST_TRIALS, _TRIED_TIES = 32, 60_000
"""Runs of Leiden at the most, and the ties that all runs of a question may look at together beyond the first."""
_FINER = 2.0
"""By how much the resolution of the constant Potts model grows from level to level."""


Parting = Callable[[Weighted, PartitionParameters, float, Budget], Ints | None]
"""A graph, how it is parted, at which resolution and under which budget: a label for each node, None when the budget
ended before there was one."""


def leiden(weighted: Weighted, asked: PartitionParameters, resolution: float, budget: Budget) -> Ints | None:
    """By Leiden (Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z); see ``settling``.

    On small graphs it is run several times, on the nodes in another order each time, and the best parting is kept: one
    run may miss the best by some percent, and which of two equals it finds is left to the seed.
    O(ties) a round; 9 s of one core for 1M nodes and 5M ties in two rounds.
    """
    nodes, ties = len(weighted.numbers), len(weighted.weight)
    if not ties:
        return np.arange(nodes, dtype=np.int32)
    quality = weighted.constant_potts if asked.quality is Quality.CPM else weighted.modularity
    nobody = np.full(nodes, -1, dtype=np.int32)
    best, score = None, -np.inf
    trials = max(1, min(_MOST_TRIALS, _TRIED_TIES // ties))
    for trial in range(trials):
        dice = np.random.default_rng([asked.seed, trial])
        turned = dice.permutation(nodes).astype(np.int32) if trials > 1 else np.arange(nodes, dtype=np.int32)
        once = asked.model_copy(update={"resolution": resolution, "seed": int(dice.integers(2**31))})
        label = settle(weighted.turned(turned), nobody, once, 0.0, budget)
        if label is None:
            break
        if (reached := quality(label[turned], resolution)) > score:
            best, score = label[turned], reached
    return best


def louvain(weighted: Weighted, asked: PartitionParameters, resolution: float, budget: Budget) -> Ints | None:
    """By NetworkX's Louvain, whose groups are parted where they do not hang together."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(weighted.numbers)))
    graph.add_weighted_edges_from(
        zip(weighted.low.tolist(), weighted.high.tolist(), weighted.weight.tolist(), strict=True)
    )
    label = np.zeros(len(graph), dtype=np.int32)
    if not len(graph):
        return label
    parts = aside(lambda: _levels(graph, asked, resolution, budget), budget)
    if parts is None or budget.exhausted:
        return None
    for number, members in enumerate(parts):
        label[list(members)] = number
    return label


def _levels(graph: nx.Graph, asked: PartitionParameters, resolution: float, budget: Budget) -> list[set[int]]:
    """The parts at the last level that was reached before the budget ended."""
    loops, threshold = graph, 1e-7
    if asked.quality is Quality.CPM:
        loops, resolution = _as_modularity(graph, resolution)
        threshold = 0.0
    found: Sequence[set[int]] = [{node} for node in graph]
    for parts in nx.community.louvain_partitions(loops, resolution=resolution, threshold=threshold, seed=asked.seed):
        found = parts
        if budget.state[0] != RUNNING:
            break
    return [piece for part in found for piece in nx.connected_components(graph.subgraph(part))]


def _as_modularity(graph: nx.Graph, resolution: float) -> tuple[nx.Graph, float]:
    """The graph and the resolution whose modularity is the constant Potts model of another.

    Loops make all degrees the same d; what modularity expects between any two nodes is then the same too, d² / 2m.
    """
    degree = dict(graph.degree(weight="weight"))
    most = max(degree.values()) or 1.0
    loops = graph.copy()
    loops.add_weighted_edges_from((node, node, (most - degree[node]) / 2) for node in graph if degree[node] < most)
    return loops, resolution * 2 * loops.size(weight="weight") / most**2


def finer(
    weighted: Weighted, label: Ints, asked: PartitionParameters, level: int, parting: Parting, budget: Budget
) -> Ints | None:
    """Each group of a labelling parted again: the labels of the next level, which nest in those given.

    By modularity each group is parted by its own links alone, at the resolution asked; the constant Potts model would
    find nothing new at the same resolution, which is doubled at every ``level`` below the first (2, 3 ...).
    """
    if asked.quality is Quality.CPM:
        kept = label[weighted.low] == label[weighted.high]
        inside = Weighted(weighted.numbers, weighted.low[kept], weighted.high[kept], weighted.weight[kept])
        return parting(inside, asked, asked.resolution * _FINER ** (level - 1), budget)
    inside = weighted.inside(label)
    groups = len(np.unique(label[inside.low]))
    return parting(inside, asked, asked.resolution * max(groups, 1), budget)
