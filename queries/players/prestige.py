"""Measures by walks along ties, weighted by links: eigenvector, PageRank, Katz; each engine its own way.

All three repeat one step until it changes nothing more. Eigenvector: Bonacich (1987), doi:10.1086/228631. PageRank:
Page, Brin, Motwani and Winograd (1999). Katz (1953), doi:10.1007/BF02289026.
"""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np

from graph_service.errors import EngineCannot, InvalidParameter
from graph_service.network.budget import Budget
from graph_service.network.facts import Floats
from queries.groups.simple_graph import SimpleGraph
from queries.players.nearness import values
from queries.players.scores import Scored

DAMPING = 0.85
"""The chance that a walk goes on; with the rest it starts anew anywhere."""
SETTLED = 1e-10
"""How much all scores may still move in a step when they count as settled, in all (PageRank) or in the mean."""
_ROUNDS = 1_000
_UNSETTLED = (
    f"measure: eigenvector did not settle within {_ROUNDS:,} steps, as on graphs that are long or fall into like parts;"
    " pagerank and katz do"
)


def pagerank(graph: SimpleGraph, budget: Budget) -> Scored:
    """PageRank, 1 in all; who has no way on starts anew. O(rounds * ties)."""
    start, _, weight = graph.along
    out = np.zeros(graph.nodes)
    filled = np.flatnonzero(np.diff(start))
    out[filled] = np.add.reduceat(weight, start[filled]) if len(filled) else 0.0
    return Scored(walked(_gatherer(graph, budget), out, SETTLED, budget))


def walked(gather: Callable[[Floats], Floats], out: Floats, settled: float, budget: Budget) -> Floats:
    """How often a walk is at each node, 1 in all, by steps until one moves less than ``settled`` in all.

    ``gather``: what each node gets from those with a tie to it; ``out`` float64[nodes]: the weight of the ties on.
    """
    nodes, ending = max(len(out), 1), out == 0
    rank = np.full(len(out), 1.0 / nodes)
    for _ in range(_ROUNDS):
        lost = float(rank[ending].sum())
        following = DAMPING * (gather(rank / np.where(ending, 1.0, out)) + lost / nodes) + (1 - DAMPING) / nodes
        moved = float(np.abs(following - rank).sum())
        rank = following
        if moved < settled or budget.exhausted:
            break
    return rank


def eigenvector(graph: SimpleGraph, budget: Budget) -> Scored:
    """The leading eigenvector, of length 1, from equal scores on. Raises InvalidParameter where it does not settle."""
    gather = _gatherer(graph, budget)
    score = np.full(graph.nodes, 1.0 / graph.nodes)
    for _ in range(_ROUNDS):
        following = score + gather(score)
        following /= np.linalg.norm(following) or 1.0
        moved = float(np.abs(following - score).sum())
        score = following
        if moved < graph.nodes * SETTLED or budget.exhausted:
            return Scored(score)
    raise InvalidParameter(_UNSETTLED)


def katz(graph: SimpleGraph, budget: Budget) -> Scored:
    """Walks that end here, each step worth ``attenuation``; of length 1."""
    gather = _gatherer(graph, budget)
    start, _, weight = graph.against
    entering = np.array(np.bincount(np.repeat(np.arange(graph.nodes), np.diff(start)), weight, graph.nodes))
    worth = attenuation(float(entering.max()))
    score = np.zeros(graph.nodes)
    for _ in range(_ROUNDS):
        following = worth * gather(score) + 1.0
        moved = float(np.abs(following - score).sum())
        score = following
        if moved < graph.nodes * SETTLED or budget.exhausted:
            break
    return Scored(score / np.linalg.norm(score))


def attenuation(strongest: float) -> float:
    """What a step is worth to Katz: 0.9 over the links of the entity with the most, so that the sum of all walks is
    bounded whatever the graph."""
    return 0.9 / max(strongest, 1.0)


def pagerank_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX, whose iteration needs SciPy."""
    budget.spend(graph.number_of_edges())
    try:
        found = nx.pagerank(graph, alpha=DAMPING, tol=SETTLED / len(graph), max_iter=_ROUNDS)
    except ImportError as error:
        raise EngineCannot("pagerank by NetworkX needs SciPy; the engine memory does without") from error
    return Scored(values(graph, found))


def eigenvector_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(graph.number_of_edges())
    try:
        found = nx.eigenvector_centrality(graph, max_iter=_ROUNDS, tol=SETTLED, weight="weight")
    except nx.PowerIterationFailedConvergence as error:
        raise InvalidParameter(_UNSETTLED) from error
    return Scored(values(graph, found))


def katz_networkx(graph: nx.Graph, budget: Budget) -> Scored:
    """By NetworkX."""
    budget.spend(graph.number_of_edges())
    entering = graph.in_degree(weight="weight") if graph.is_directed() else graph.degree(weight="weight")
    worth = attenuation(max(strength for _, strength in entering))
    found = nx.katz_centrality(graph, alpha=worth, max_iter=_ROUNDS, tol=SETTLED, weight="weight")
    return Scored(values(graph, found))


def _gatherer(graph: SimpleGraph, budget: Budget) -> Callable[[Floats], Floats]:
    """One step: what each node gets from those with a tie to it."""
    from graph_service.network.kernels.walking import gather

    def step(value: Floats) -> Floats:
        got: Floats = gather(*graph.against, value, budget.state, budget.limits.links)
        return got

    return step
