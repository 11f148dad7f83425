"""``communities``: who belongs together, more closely than with the rest.

Leiden (Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z) on the undirected graph whose weights count the
links between two entities; groups are connected, and the same seed gives the same groups whatever the load order.
NetworkX's Louvain is the declared fallback. There is no single right answer: engines may differ in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import LiteralString, TypeVar

import networkx as nx
import numpy as np
import numpy.typing as npt
from pydantic import Field

from graph_service.errors import EngineCannot
from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.adjacency import build_adjacency
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.listing import (
    Group,
    GroupParameters,
    Listing,
    graph_links_among,
    links_among,
    list_labels,
    list_sets,
    stored_graph,
    stored_links_among,
)
from queries.pushdown import A_SEEN, B_SEEN, LINK_SEEN, Pushdown
from queries.question import Question


class CommunitiesParameters(GroupParameters):
    """How fine, and by which throw of the dice."""

    resolution: float = Field(default=1.0, gt=0, le=1_000, description="Higher gives more and smaller groups")
    seed: int = Field(default=1, ge=0, lt=2**31, description="The same seed gives the same groups")
    iterations: int = Field(default=2, ge=1, le=100, description="Rounds of Leiden")


T = TypeVar("T", int, str)


@dataclass(frozen=True, slots=True)
class CommunitiesResult:
    """The communities, the largest first; ``total`` counts those of the size asked; ``modularity`` of the whole
    partition (Newman and Girvan, with the resolution asked)."""

    communities: tuple[Group, ...]
    total: int
    modularity: float
    algorithm: str = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """The undirected weighted graph of a view: nodes in order of id.

    ``low`` < ``high`` place the ends, ``weight`` counts links.
    """

    numbers: Ints
    low: Ints
    high: Ints
    weight: npt.NDArray[np.float64]

    @staticmethod
    def of(view: View) -> Weighted:
        """O(links log links); self-loops say nothing about groups and are left out."""
        rank = view.network.id_rank
        numbers = view.node_numbers()
        numbers = numbers[np.argsort(rank[numbers])]
        place = np.zeros(view.network.entities, dtype=np.int64)
        place[numbers] = np.arange(len(numbers))
        one, other = place[view.links.source], place[view.links.target]
        key = np.minimum(one, other) * max(len(numbers), 1) + np.maximum(one, other)
        pair, weight = np.unique(key[one != other], return_counts=True)
        low, high = np.divmod(pair, max(len(numbers), 1))
        return Weighted(numbers, low.astype(np.int32), high.astype(np.int32), weight.astype(np.float64))

    def modularity(self, label: Ints, resolution: float) -> float:
        """Of a labelling int32[nodes]; 0 for a graph without links."""
        total = float(self.weight.sum())
        if not total:
            return 0.0
        groups = int(label.max()) + 1
        strength = np.bincount(label[self.low], self.weight, groups) + np.bincount(
            label[self.high], self.weight, groups
        )
        inside = float(self.weight[label[self.low] == label[self.high]].sum())
        return round(inside / total - resolution * float(((strength / (2 * total)) ** 2).sum()), 9)


def in_memory(view: View, asked: CommunitiesParameters, budget: Budget) -> Finding[CommunitiesResult]:
    """By graspologic-native's Leiden on compressed sparse rows."""
    weighted = Weighted.of(view)
    budget.spend(len(weighted.weight))
    label = _leiden(weighted, asked)
    labels = np.zeros(view.network.entities, dtype=np.int32)
    labels[weighted.numbers] = label
    listing = list_labels(view, labels, asked)
    inside = listing.evidence(asked.evidence)
    return _finding(
        listing, weighted.modularity(label, asked.resolution), "leiden", (inside, links_among(view, inside)), budget
    )


def _leiden(weighted: Weighted, asked: CommunitiesParameters) -> Ints:
    import graspologic_native

    nodes = len(weighted.numbers)
    label = np.arange(nodes, dtype=np.int32)
    if not len(weighted.weight):
        return label
    rows = build_adjacency(nodes, weighted.low, weighted.high, np.ones(len(weighted.low), dtype=np.bool_))
    _, partition = graspologic_native.leiden_csr(
        rows.start,
        rows.neighbour,
        weighted.weight[rows.link],
        nodes,
        resolution=asked.resolution,
        iterations=asked.iterations,
        seed=asked.seed,
    )
    label[np.fromiter(partition.keys(), np.int64, len(partition))] = np.fromiter(
        partition.values(), np.int32, len(partition)
    )
    return label


def on_networkx(view: View, asked: CommunitiesParameters, budget: Budget) -> Finding[CommunitiesResult]:
    """By NetworkX's Louvain, whose groups are parted where they do not hang together."""
    weighted = Weighted.of(view)
    budget.spend(len(weighted.weight))
    names = [view.network.entity_id(int(number)) for number in weighted.numbers]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_weighted_edges_from(
        zip(weighted.low.tolist(), weighted.high.tolist(), weighted.weight.tolist(), strict=True)
    )
    found = nx.community.louvain_communities(graph, resolution=asked.resolution, seed=asked.seed) if names else []
    parts = list(_connected(graph, found))
    label = np.zeros(len(names), dtype=np.int32)
    for number, members in enumerate(parts):
        label[list(members)] = number
    listing = list_sets(([names[place] for place in members] for members in parts), asked)
    inside = listing.evidence(asked.evidence)
    evidence = (inside, graph_links_among(view.graph, inside))
    return _finding(listing, weighted.modularity(label, asked.resolution), "louvain", evidence, budget)


PROJECT: LiteralString = (
    "MATCH (a:Entity) WHERE "
    + A_SEEN
    + " OPTIONAL MATCH (a)-[r]->(b:Entity) WHERE a <> b AND "
    + LINK_SEEN
    + " AND "
    + B_SEEN
    + " WITH a, b, count(DISTINCT r.link_id) AS links"
    + " WITH gds.graph.project($name, a, b, {relationshipProperties: {links: toFloat(links)}},"
    + " {undirectedRelationshipTypes: ['*']}) AS g RETURN g.nodeCount AS nodes, g.relationshipCount AS links"
)
LEIDEN: LiteralString = (
    "CALL gds.leiden.stream($name, {gamma: $gamma, randomSeed: $seed, concurrency: 1,"
    " maxLevels: 20, relationshipWeightProperty: 'links'})"
    " YIELD nodeId, communityId RETURN gds.util.asNode(nodeId).id AS id, communityId AS community ORDER BY id"
)
DROP: LiteralString = "CALL gds.graph.drop($name, false) YIELD graphName RETURN graphName"


def on_neo4j(pushdown: Pushdown, asked: CommunitiesParameters, budget: Budget) -> Finding[CommunitiesResult]:
    """By Graph Data Science's Leiden on a projection of the scope; refused where the plugin is not there."""
    if not pushdown.has_gds:
        raise EngineCannot("communities in Neo4j need the Graph Data Science plugin; engine memory answers without it")
    graph = stored_graph(pushdown)
    budget.spend(graph.number_of_edges())
    found: dict[object, set[str]] = {node: {node} for node in graph}
    if _worth_moving(graph, asked.resolution):
        found = {}
        for row in _stored_leiden(pushdown, asked):
            found.setdefault(row["community"], set()).add(str(row["id"]))
    parts = list(_connected(graph, found.values()))
    quality = nx.community.modularity(graph, parts, resolution=asked.resolution) if graph.number_of_edges() else 0.0
    listing = list_sets(parts, asked)
    inside = listing.evidence(asked.evidence)
    return _finding(listing, round(quality, 9), "gds-leiden", (inside, stored_links_among(pushdown, inside)), budget)


def _worth_moving(graph: nx.Graph, resolution: float) -> bool:
    """Whether any two entities are better off together than alone.

    Where none are, GDS 2.13 fails instead of saying so.
    """
    strength = dict(graph.degree(weight="weight"))
    total = sum(strength.values())
    return any(
        weight - resolution * strength[source] * strength[target] / total > 0
        for source, target, weight in graph.edges(data="weight")
    )


def _stored_leiden(pushdown: Pushdown, asked: CommunitiesParameters) -> list[dict[str, object]]:
    name = f"communities-{uuid.uuid4()}"
    try:
        pushdown.rows(PROJECT, name=name)
        return pushdown.rows(LEIDEN, name=name, gamma=asked.resolution, seed=asked.seed)
    finally:
        pushdown.rows(DROP, name=name)


def _connected(graph: nx.Graph, groups: Iterable[Iterable[T]]) -> Iterable[set[T]]:
    """The groups, each parted into its connected pieces."""
    for members in groups:
        yield from nx.connected_components(graph.subgraph(members))


def _finding(
    listing: Listing,
    modularity: float,
    algorithm: str,
    evidence: tuple[Sequence[str], Sequence[LinkRef]],
    budget: Budget,
) -> Finding[CommunitiesResult]:
    result = CommunitiesResult(listing.groups, listing.total, modularity, algorithm)
    return Finding.of(result, *evidence, truncated=listing.cut or budget.exhausted, explored=budget.explored)


QUESTION = Question(
    name="communities",
    summary="Who belongs together? Groups by the Leiden method, connected and repeatable by seed.",
    parameters=CommunitiesParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba", "graspologic_native"),
    example={"resolution": 1.0, "limit": 5},
)
