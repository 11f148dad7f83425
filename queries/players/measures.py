"""The measures that ranks are taken by, of an undirected simple graph given by its ties; each engine its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import networkx as nx
import numpy as np

from graph_service.network.adjacency import build_adjacency
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.facts import Floats
from queries.players.prestige import DAMPING, walked

_CLOSE = 1e-13


class Measure(StrEnum):
    """``degree``: ties. ``betweenness``: shortest paths through it. ``harmonic``: the sum of 1 / distance to the
    others. ``pagerank``: how often a walk along ties that starts anew with chance 0.15 at each step is there, 1 on
    average."""

    DEGREE = "degree"
    BETWEENNESS = "betweenness"
    HARMONIC = "harmonic"
    PAGERANK = "pagerank"


SEARCHED = frozenset({Measure.BETWEENNESS, Measure.HARMONIC})
"""The measures that shortest paths make."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """So many nodes, their ties (``low``, ``high``), and the pivots that shortest paths are measured from."""

    nodes: int
    low: Ints
    high: Ints
    pivots: Ints


Scored = Callable[[Graph, Measure, Budget], Floats]
"""The measure of each node, float64[nodes]."""


def compiled(graph: Graph, measure: Measure, budget: Budget) -> Floats:
    """By compiled loops; PageRank to 1e-13 in all."""
    nodes, low, high = graph.nodes, graph.low, graph.high
    if measure is Measure.DEGREE:
        budget.spend(len(low))
        return np.bincount(low, minlength=nodes).astype(np.float64) + np.bincount(high, minlength=nodes)
    if measure is Measure.PAGERANK:
        return _pagerank(nodes, low, high, budget)
    from graph_service.network.kernels.removal import dependencies, distances

    rows = build_adjacency(nodes, low, high, np.ones(len(low), dtype=np.bool_))
    bound = (graph.pivots, budget.state, budget.limits.links)
    score: Floats
    if measure is Measure.BETWEENNESS:
        score = dependencies(rows.start, rows.neighbour, *bound)
        return score
    _, score = distances(rows.start, rows.neighbour, *bound)
    return score


def by_networkx(given: Graph, measure: Measure, budget: Budget) -> Floats:
    """By NetworkX; PageRank from its matrix."""
    graph, nodes, pivots = nx.Graph(), given.nodes, given.pivots.tolist()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(zip(given.low.tolist(), given.high.tolist(), strict=True))
    budget.spend(len(given.low) * (1 if measure is Measure.DEGREE else len(pivots)))
    by: Mapping[Measure, Callable[[], Mapping[int, float]]] = {
        Measure.DEGREE: lambda: dict(graph.degree()),
        Measure.BETWEENNESS: lambda: _between(graph, pivots),
        Measure.HARMONIC: lambda: nx.harmonic_centrality(graph, sources=pivots),
        Measure.PAGERANK: lambda: _walked(graph),
    }
    found = by[measure]()
    scale = {Measure.BETWEENNESS: 2, Measure.PAGERANK: nodes}.get(measure, 1)
    return np.array([found[node] * scale for node in range(nodes)], dtype=np.float64)


def _between(graph: nx.Graph, pivots: list[int]) -> Mapping[int, float]:
    if len(pivots) == len(graph):
        whole: Mapping[int, float] = nx.betweenness_centrality(graph, normalized=False)
        return whole
    some: Mapping[int, float] = nx.betweenness_centrality_subset(graph, pivots, list(graph), normalized=False)
    return some


def _pagerank(nodes: int, low: Ints, high: Ints, budget: Budget) -> Floats:
    """By steps along the ties; O(rounds * ties), of which rounds there are about 190 at the most."""

    def gather(share: Floats) -> Floats:
        budget.spend(len(low))
        got = np.bincount(low, share[high], nodes) + np.bincount(high, share[low], nodes)
        return got.astype(np.float64, copy=False)

    degree = np.bincount(low, minlength=nodes) + np.bincount(high, minlength=nodes)
    return walked(gather, degree.astype(np.float64), _CLOSE, budget) * nodes


def _walked(graph: nx.Graph) -> Mapping[int, float]:
    """The stationary distribution of NetworkX's Google matrix, solved: its own iteration stops earlier."""
    if not graph:
        return {}
    matrix = np.asarray(nx.google_matrix(graph, alpha=DAMPING))
    equations = matrix.T - np.eye(len(graph))
    equations[-1] = 1.0
    wanted = np.zeros(len(graph))
    wanted[-1] = 1.0
    return dict(zip(graph, np.linalg.solve(equations, wanted).tolist(), strict=True))
