"""Measures of how a node sits among its neighbours: degree, Burt's holes, open pairs, cut vertices; each engine its own
way.

Burt (1992), Structural Holes. A cut vertex parts those who reach each other only through it; a bridge is a tie that
does.
"""

from __future__ import annotations

import networkx as nx
import numpy as np

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.facts import Floats
from queries.groups.simple_graph import SimpleGraph
from queries.players.nearness import values
from queries.players.scores import Scored


def degree(graph: SimpleGraph, budget: Budget) -> Scored:
    """Neighbours."""
    budget.spend(graph.entries)
    return Scored(graph.degree.astype(np.float64))


def weighted_degree(graph: SimpleGraph, budget: Budget) -> Scored:
    """Links with others."""
    budget.spend(graph.entries)
    start, _, weight = graph.along
    total = np.bincount(np.repeat(np.arange(graph.nodes), np.diff(start)), weight, graph.nodes)
    return Scored(total.astype(np.float64))


def constraint(graph: SimpleGraph, budget: Budget) -> Scored:
    """Burt's constraint by links; NaN for somebody alone."""
    from graph_service.network.kernels import closure

    return Scored(closure.constraint(*graph.along, budget.state, budget.limits.links))


def brokerage(graph: SimpleGraph, budget: Budget) -> Scored:
    """Pairs of neighbours that have no tie themselves."""
    return Scored(_pairs(graph) - _triangles(graph, budget))


def clustering(graph: SimpleGraph, budget: Budget) -> Scored:
    """The share of the pairs of neighbours that have a tie (Watts and Strogatz 1998), 0 where there are none."""
    pairs = _pairs(graph)
    return Scored(np.divide(_triangles(graph, budget), pairs, out=np.zeros(graph.nodes), where=pairs > 0))


def articulation(graph: SimpleGraph, budget: Budget) -> Scored:
    """Pairs of others that reach each other only through it; above 0 are the cut vertices. O(nodes + ties)."""
    from graph_service.network.kernels.removal import pairs_left

    part = parts(graph, budget)
    size = np.bincount(part, minlength=graph.nodes).astype(np.int64)
    before = int((size * (size - 1)).sum())
    own = size[part]
    left = pairs_left(*graph.along[:2], budget.state, budget.limits.links)
    if budget.exhausted:
        return Scored(np.zeros(graph.nodes))
    return Scored((before - 2 * (own - 1) - left) / 2.0)


def parts(graph: SimpleGraph, budget: Budget) -> Ints:
    """The connected part of each node, by the least node of it, int32[nodes]."""
    from graph_service.network.kernels.components import union_find

    low, high, _ = graph.ties()
    found: Ints = union_find(graph.nodes, low, high, budget.state, budget.limits.links)
    return found


def bridges(graph: SimpleGraph, budget: Budget) -> list[tuple[int, int]]:
    """The ties that part the graph when they go, as pairs of nodes, ascending. O(nodes + ties)."""
    from graph_service.network.kernels import strong

    low, high, link = graph.ties()
    cut = strong.bridges(*graph.along[:2], link, len(low), budget.state, budget.limits.links)
    return list(zip(low[cut].tolist(), high[cut].tolist(), strict=True))


def degree_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(graph.number_of_edges())
    return Scored(values(graph, dict(graph.degree())))


def weighted_degree_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(graph.number_of_edges())
    return Scored(values(graph, dict(graph.degree(weight="weight"))))


def constraint_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX, node by node: asked for all at once it wants SciPy."""
    budget.spend(graph.number_of_edges())
    return Scored(values(graph, nx.constraint(graph, nodes=list(graph), weight="weight")))


def brokerage_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """From NetworkX's triangles."""
    budget.spend(graph.number_of_edges())
    closed = nx.triangles(graph)
    return Scored(values(graph, {node: many * (many - 1) / 2 - closed[node] for node, many in graph.degree()}))


def clustering_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(graph.number_of_edges())
    return Scored(values(graph, nx.clustering(graph)))


def articulation_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX's cut vertices, and by taking each of them out of its part."""
    found = dict.fromkeys(graph, 0.0)
    budget.spend(graph.number_of_edges())
    for part in nx.connected_components(graph):
        whole = graph.subgraph(part)
        others = (len(part) - 1) * (len(part) - 2)
        for node in list(nx.articulation_points(whole)):
            left = [len(rest) for rest in nx.connected_components(whole.subgraph(part - {node}))]
            found[node] = (others - sum(size * (size - 1) for size in left)) / 2
            if not budget.spend(whole.number_of_edges()):
                return Scored(values(graph, dict.fromkeys(graph, 0.0)))
    return Scored(values(graph, found))


def bridges_networkx(graph: nx.Graph, budget: Budget) -> list[tuple[int, int]]:
    """By NetworkX."""
    budget.spend(graph.number_of_edges())
    place = {node: number for number, node in enumerate(graph)}
    pairs = ((place[one], place[other]) for one, other in nx.bridges(graph))
    return sorted((min(pair), max(pair)) for pair in pairs)


def _pairs(graph: SimpleGraph) -> Floats:
    many = graph.degree.astype(np.float64)
    return many * (many - 1) / 2


def _triangles(graph: SimpleGraph, budget: Budget) -> Floats:
    from graph_service.network.kernels.closure import triangles

    return triangles(*graph.along[:2], budget.state, budget.limits.links).astype(np.float64)
