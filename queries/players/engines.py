"""The two engines of ``key-players``: the graph as each has it, and how each measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import networkx as nx
import numpy as np

from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.listing import graph_links_among, links_among
from queries.groups.simple_graph import SimpleGraph, ids_of, simple_networkx
from queries.players import holes, key_sets, nearness, prestige
from queries.players.protected import protected
from queries.players.scores import KeyMeasure, Scored

_COMPILED: Mapping[KeyMeasure, Callable[[SimpleGraph, Budget], Scored]] = {
    KeyMeasure.DEGREE: holes.degree,
    KeyMeasure.WEIGHTED_DEGREE: holes.weighted_degree,
    KeyMeasure.CLOSENESS: nearness.closeness,
    KeyMeasure.HARMONIC: nearness.harmonic,
    KeyMeasure.BETWEENNESS: nearness.betweenness,
    KeyMeasure.EIGENVECTOR: prestige.eigenvector,
    KeyMeasure.PAGERANK: prestige.pagerank,
    KeyMeasure.KATZ: prestige.katz,
    KeyMeasure.CONSTRAINT: holes.constraint,
    KeyMeasure.BROKERAGE: holes.brokerage,
    KeyMeasure.CLUSTERING: holes.clustering,
    KeyMeasure.ARTICULATION: holes.articulation,
}
_NETWORKX: Mapping[KeyMeasure, Callable[[nx.Graph, Budget], Scored]] = {
    KeyMeasure.DEGREE: holes.degree_networkx,
    KeyMeasure.WEIGHTED_DEGREE: holes.weighted_degree_networkx,
    KeyMeasure.CLOSENESS: nearness.closeness_networkx,
    KeyMeasure.HARMONIC: nearness.harmonic_networkx,
    KeyMeasure.BETWEENNESS: nearness.betweenness_networkx,
    KeyMeasure.EIGENVECTOR: prestige.eigenvector_networkx,
    KeyMeasure.PAGERANK: prestige.pagerank_networkx,
    KeyMeasure.KATZ: prestige.katz_networkx,
    KeyMeasure.CONSTRAINT: holes.constraint_networkx,
    KeyMeasure.BROKERAGE: holes.brokerage_networkx,
    KeyMeasure.CLUSTERING: holes.clustering_networkx,
    KeyMeasure.ARTICULATION: holes.articulation_networkx,
}


class Engine(Protocol):
    """Nodes are places in ``ids``, which ascend; ``candidates`` may be ranked, ``never`` are victims who may not.

    ``degree``: neighbours of each node; ``entries``: ties as they are looked at from each node.
    """

    ids: Sequence[str]
    candidates: Ints
    never: int
    degree: Ints
    entries: int

    def score(self, measure: KeyMeasure) -> Scored:
        """Every node's score, exactly."""

    def sample(self, error: float, seed: int) -> Scored:
        """Every node's betweenness, estimated."""

    def bridges(self) -> list[tuple[int, int]]:
        """The ties that part the graph, ascending."""

    def sizes(self) -> list[int]:
        """Nodes of each connected part, in no order."""

    def parting(self, candidates: Ints) -> key_sets.Worth:
        """How much sets of candidates part."""

    def distances(self, sources: Ints) -> Ints:
        """Distances from the sources to all nodes, -1 where there is no way."""

    def links_among(self, ids: Sequence[str]) -> Sequence[LinkRef]:
        """The links whose ends are both among these."""


class ArrayEngine:
    """Compiled loops on the view's arrays."""

    def __init__(self, view: View, kind: str, budget: Budget, *, directed: bool) -> None:
        """O(links log links)."""
        self._view, self._budget = view, budget
        self._graph = graph = SimpleGraph.of(view, directed=directed)
        meant, spared = view.of_kinds(kind)[graph.numbers], protected(view)[graph.numbers]
        self.ids = ids_of(view, graph.numbers)
        self.candidates: Ints = np.flatnonzero(meant & ~spared).astype(np.int32)
        self.never = int((meant & spared).sum())
        self.degree, self.entries = graph.degree, graph.entries

    def score(self, measure: KeyMeasure) -> Scored:
        """By compiled loops."""
        return _COMPILED[measure](self._graph, self._budget)

    def sample(self, error: float, seed: int) -> Scored:
        """From random shortest paths."""
        return nearness.sampled_betweenness(self._graph, error, seed, self._budget)

    def bridges(self) -> list[tuple[int, int]]:
        """By one depth-first walk."""
        return holes.bridges(self._graph, self._budget)

    def sizes(self) -> list[int]:
        """By union-find."""
        found: list[int] = np.unique(holes.parts(self._graph, self._budget), return_counts=True)[1].tolist()
        return found

    def parting(self, candidates: Ints) -> key_sets.Worth:
        """By one depth-first walk a set."""
        return key_sets.parting(self._graph, candidates, self._budget)

    def distances(self, sources: Ints) -> Ints:
        """By breadth-first searches."""
        return key_sets.distances(self._graph, sources, self._budget)

    def links_among(self, ids: Sequence[str]) -> Sequence[LinkRef]:
        """From the view."""
        return links_among(self._view, ids)


class NetworkxEngine:
    """NetworkX's own functions on ``view.graph``, where it has them."""

    def __init__(self, view: View, kind: str, budget: Budget, *, directed: bool) -> None:
        """O(links log links)."""
        self._view, self._budget = view, budget
        self._graph = graph = simple_networkx(view, directed=directed)
        ontology, spared = view.network.ontology, protected(view)
        kinds = ontology.descendants(ontology.entity_kind(kind).name)
        self.ids: Sequence[str] = list(graph)
        meant = np.array([bool(kinds & view.graph.nodes[node]["kinds"]) for node in graph], dtype=np.bool_)
        victim = np.array([bool(spared[view.number(node)]) for node in graph], dtype=np.bool_)
        self.candidates: Ints = np.flatnonzero(meant & ~victim).astype(np.int32)
        self.never = int((meant & victim).sum())
        self.degree: Ints = np.array([many for _, many in graph.degree()], dtype=np.int32)
        self.entries = graph.number_of_edges() * (1 if directed else 2)

    def score(self, measure: KeyMeasure) -> Scored:
        """By NetworkX."""
        return _NETWORKX[measure](self._graph, self._budget)

    def sample(self, error: float, seed: int) -> Scored:
        """From random sources."""
        return nearness.sampled_networkx(self._graph, error, seed, self._budget)

    def bridges(self) -> list[tuple[int, int]]:
        """By NetworkX."""
        return holes.bridges_networkx(self._graph, self._budget)

    def sizes(self) -> list[int]:
        """By NetworkX."""
        return [len(part) for part in nx.connected_components(self._graph)]

    def parting(self, candidates: Ints) -> key_sets.Worth:
        """By definition, a set at a time."""
        return key_sets.parting_networkx(self._graph, [self.ids[place] for place in candidates], self._budget)

    def distances(self, sources: Ints) -> Ints:
        """By NetworkX."""
        return key_sets.distances_networkx(self._graph, [self.ids[place] for place in sources], self._budget)

    def links_among(self, ids: Sequence[str]) -> Sequence[LinkRef]:
        """From the view's graph."""
        return graph_links_among(self._view.graph, ids)
