"""``communities``: who belongs together, more closely than with the rest.

Leiden on the undirected graph whose weights say how strongly two entities are tied; groups are connected, and the same
seed gives the same groups whatever the load order. NetworkX's Louvain is the declared fallback. There is no single
right answer: engines may differ in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import LiteralString

import networkx as nx
from pydantic import Field

from graph_service.errors import EngineCannot
from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.grouping import Grouping
from queries.groups.listing import (
    Group,
    GroupParameters,
    Listing,
    links_among,
    list_labels,
    list_sets,
    stored_graph,
    stored_links_among,
)
from queries.groups.partitioning import Parting, finer, leiden, louvain
from queries.groups.quality import PartitionParameters, Quality
from queries.groups.weighted import Weight, Weighted
from queries.pushdown import A_SEEN, B_SEEN, LINK_SEEN, Pushdown
from queries.question import Question


class CommunitiesParameters(PartitionParameters, GroupParameters):
    """How groups are told apart, how many levels of them, and what is listed."""

    levels: int = Field(default=1, ge=1, le=5, description="Levels of groups: each level parts those above it")


@dataclass(frozen=True, slots=True)
class Level:
    """The groups of a level below the first (2, 3 ...), the largest first; ``within`` gives by the id of each group
    that of the one above it. ``total`` counts those of the size asked."""

    level: int
    groups: tuple[Group, ...]
    total: int
    within: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CommunitiesResult:
    """The communities, the largest first; ``total`` counts those of the size asked; ``modularity`` of the whole
    partition (Newman and Girvan; at the resolution asked, or at 1 where the quality is ``cpm``).

    ``cpm``: the partition's quality by the constant Potts model, None where it was not asked. ``levels``: the finer
    ones.
    """

    communities: tuple[Group, ...]
    total: int
    modularity: float
    algorithm: str = field(compare=False)
    cpm: float | None = None
    levels: tuple[Level, ...] = ()


def in_memory(view: View, asked: CommunitiesParameters, budget: Budget) -> Finding[CommunitiesResult]:
    """By Leiden on compressed sparse rows."""
    return _parted(view, asked, budget, leiden)


def on_networkx(view: View, asked: CommunitiesParameters, budget: Budget) -> Finding[CommunitiesResult]:
    """By NetworkX's Louvain."""
    return _parted(view, asked, budget, louvain)


def _parted(view: View, asked: CommunitiesParameters, budget: Budget, parting: Parting) -> Finding[CommunitiesResult]:
    weighted = asked.weighted(view)
    budget.spend(len(weighted.weight))
    labels = _labels(weighted, asked, budget, parting)
    if not labels:  # out of time before there were any groups: none are told, rather than wrong ones
        return Finding.of(_result(Listing((), 0, cut=True), 0.0, parting.__name__), truncated=True)
    groupings = [Grouping.of(view, weighted, label) for label in labels]
    listings = [list_labels(view, grouping.of_entity, asked) for grouping in groupings]
    by_modularity = asked.quality is Quality.MODULARITY
    result = CommunitiesResult(
        listings[0].groups,
        listings[0].total,
        weighted.modularity(labels[0], asked.resolution if by_modularity else 1.0),
        parting.__name__,
        None if by_modularity else weighted.constant_potts(labels[0], asked.resolution),
        tuple(
            Level(number, listing.groups, listing.total, _within(view, listing, above))
            for number, (listing, above) in enumerate(zip(listings[1:], groupings, strict=False), 2)
        ),
    )
    inside = listings[0].evidence(asked.evidence)
    cut = any(listing.cut for listing in listings) or len(labels) < asked.levels
    return Finding.of(
        result, inside, links_among(view, inside), truncated=budget.exhausted or cut, explored=budget.explored
    )


def _labels(weighted: Weighted, asked: CommunitiesParameters, budget: Budget, parting: Parting) -> list[Ints]:
    """The labels int32[nodes] of every level that was reached, each nested in the one before."""
    label = parting(weighted, asked, asked.resolution, budget)
    labels: list[Ints] = []
    while label is not None:
        labels.append(label)
        if len(labels) == asked.levels:
            break
        label = finer(weighted, label, asked, len(labels) + 1, parting, budget)
    return labels


def _within(view: View, listing: Listing, above: Grouping) -> dict[str, str]:
    """For each group listed the id of the group above it."""
    return {one.id: above.name(view, int(above.of_entity[view.number(one.id)])) for one in listing.groups}


def _result(listing: Listing, modularity: float, algorithm: str) -> CommunitiesResult:
    return CommunitiesResult(listing.groups, listing.total, modularity, algorithm)


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
    if asked.quality is not Quality.MODULARITY or asked.weight is not Weight.LINKS or asked.levels > 1:
        raise EngineCannot("engine neo4j knows one level of communities, by modularity and count of links")
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
    return Finding.of(
        _result(listing, round(quality, 9), "gds-leiden"),
        inside,
        stored_links_among(pushdown, inside),
        truncated=budget.exhausted or listing.cut,
        explored=budget.explored,
    )


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


def _connected(graph: nx.Graph, groups: Iterable[Iterable[str]]) -> Iterable[set[str]]:
    """The groups, each parted into its connected pieces."""
    for members in groups:
        yield from nx.connected_components(graph.subgraph(members))


QUESTION = Question(
    name="communities",
    summary="Who belongs together? Groups by the Leiden method, connected and repeatable by seed.",
    parameters=CommunitiesParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"resolution": 1.0, "limit": 5},
)
