"""Measures by distance and by shortest paths: closeness, harmonic, betweenness; each engine its own way.

Closeness as NetworkX has it, after Wasserman and Faust (1994): scaled by the share that is reached. Harmonic: Boldi and
Vigna (2014), doi:10.1080/15427951.2013.865686. Betweenness: Freeman (1977), Brandes (2001), as a share of the pairs of
others. Too large a graph is sampled: random shortest paths here, random sources in NetworkX.
"""

from __future__ import annotations

import math

import networkx as nx
import numpy as np

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from queries.groups.simple_graph import SimpleGraph
from queries.players.scores import Scored

MISS = 0.05
"""The chance that the bound of an estimate does not hold: it holds at 95 %."""
_UNIVERSAL = 0.5
_MOST_SAMPLES = 2_000_000
_BATCH = 16_384


def closeness(graph: SimpleGraph, budget: Budget) -> Scored:
    """A breadth-first search from each, against the direction. O(nodes * ties)."""
    from graph_service.network.kernels.walking import farness

    start, neighbour, _ = graph.against
    total, reached = farness(start, neighbour, budget.state, budget.limits.links)
    share = reached / max(graph.nodes - 1, 1)
    return Scored(np.divide(reached * share, total, out=np.zeros(graph.nodes), where=total > 0))


def harmonic(graph: SimpleGraph, budget: Budget) -> Scored:
    """Sixty-four searches at once. O(nodes * ties / 64) where few steps lead everywhere."""
    from graph_service.network.kernels.removal import distances

    _, nearness = distances(*graph.along[:2], _all(graph.nodes), budget.state, budget.limits.links)
    return Scored(nearness)


def exact_fits(nodes: int, entries: int, most: int, budget: Budget) -> bool:
    """Whether betweenness is computed exactly: at most so many nodes, and within the links the budget has."""
    return nodes <= 2 or (nodes <= most and budget.explored + nodes * entries <= budget.limits.links)


def betweenness(graph: SimpleGraph, budget: Budget) -> Scored:
    """Exactly, of all pairs. O(nodes * ties)."""
    from graph_service.network.kernels.removal import dependencies

    total = dependencies(*graph.along[:2], _all(graph.nodes), budget.state, budget.limits.links)
    return Scored(total / _pairs(graph.nodes))


def sampled_betweenness(graph: SimpleGraph, error: float, seed: int, budget: Budget) -> Scored:
    """By random shortest paths, as many as the error takes or the budget allows, and the bound that is reached.

    Riondato and Kornaropoulos (2016), doi:10.1007/s10618-015-0423-0: all scores are within the bound at once. When
    directed, the longest path is bounded by the nodes there are.
    """
    from graph_service.network.kernels.sampling import longest_way, sampled_paths

    nodes, bound = graph.nodes, (budget.state, budget.limits.links)
    longest = nodes if graph.directed else longest_way(*graph.along[:2], *bound)
    spread = nodes / max(nodes - 2, 1)
    wanted = min(samples_for(error / spread, longest), _MOST_SAMPLES)
    draw = np.random.default_rng(seed)
    dice = draw.integers(1, 2**63, 1, dtype=np.uint64)
    through, done = np.zeros(nodes), 0
    while done < wanted and not budget.exhausted:
        ends = _different(draw, nodes, min(_BATCH, wanted - done))
        counted, drawn = sampled_paths(*graph.along[:2], *graph.against[:2], ends, dice, *bound)
        through += counted
        done += drawn
    reached = min(1.0, error_of(done, longest) * spread)
    return Scored(through * spread / max(done, 1), done, reached)


def samples_for(error: float, longest: int) -> int:
    """Random paths that keep all scores within the error at 95 %, where no shortest path has more nodes."""
    return math.ceil(_UNIVERSAL / error**2 * _dimension(longest))


def error_of(samples: int, longest: int) -> float:
    """The error that so many random paths keep all scores within at 95 %; 1 for none."""
    return math.sqrt(_UNIVERSAL / samples * _dimension(longest)) if samples else 1.0


def _dimension(longest: int) -> float:
    inner = math.floor(math.log2(longest - 2)) + 1 if longest > 2 else 0
    return inner + math.log(1 / MISS)


def closeness_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(len(graph) * graph.number_of_edges())
    return Scored(values(graph, nx.closeness_centrality(graph)))


def harmonic_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(len(graph) * graph.number_of_edges())
    return Scored(values(graph, nx.harmonic_centrality(graph)))


def betweenness_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(len(graph) * graph.number_of_edges())
    return Scored(values(graph, nx.betweenness_centrality(graph)))


def sampled_networkx(graph: nx.Graph, error: float, seed: int, budget: Budget) -> Scored:
    """By NetworkX from random sources; the bound is Hoeffding's over all nodes (Brandes and Pich 2007,
    doi:10.1142/S0218127407018403). Where it takes no fewer sources than there are nodes, it is exact."""
    nodes, entries = len(graph), max(graph.number_of_edges() * (1 if graph.is_directed() else 2), 1)
    spread = nodes / max(nodes - 1, 1)
    wanted = math.ceil(math.log(2 * nodes / MISS) * (spread / error) ** 2 / 2) + 1
    allowed = max((budget.limits.links - budget.explored) // entries, 2)
    sources = min(wanted, allowed)
    if nodes <= sources:
        return betweenness_networkx(graph, budget)
    budget.spend(sources * entries)
    found = nx.betweenness_centrality(graph, k=sources, seed=seed)
    reached = min(1.0, math.sqrt(math.log(2 * nodes / MISS) / (2 * (sources - 1))) * spread)
    return Scored(values(graph, found), sources, reached)


def values(graph: nx.Graph, found: dict[str, float]) -> np.ndarray:
    """A dictionary of NetworkX as an array in the order of its nodes."""
    return np.array([found[node] for node in graph], dtype=np.float64)


def _all(nodes: int) -> Ints:
    return np.arange(nodes, dtype=np.int32)


def _pairs(nodes: int) -> int:
    """Ordered pairs of others."""
    return max((nodes - 1) * (nodes - 2), 1)


def _different(draw: np.random.Generator, nodes: int, many: int) -> Ints:
    """Pairs of two different nodes, each as likely, int32[many, 2]."""
    first = draw.integers(0, nodes, many)
    second = draw.integers(0, nodes - 1, many)
    return np.stack([first, second + (second >= first)], axis=1).astype(np.int32)
