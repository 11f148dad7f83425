"""``components``: who hangs together at all. Weakly connected: the direction of links does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

import networkx as nx

from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.groups import (
    Group,
    GroupParameters,
    Listing,
    graph_links_among,
    links_among,
    list_labels,
    list_sets,
    stored_links_among,
)
from queries.pushdown import A_SEEN, B_SEEN, LINK_SEEN, Pushdown
from queries.question import Question


class ComponentsParameters(GroupParameters):
    """Nothing but what is listed."""


@dataclass(frozen=True, slots=True)
class ComponentsResult:
    """The components, the largest first; ``total`` counts those of the size asked."""

    components: tuple[Group, ...]
    total: int


def in_memory(view: View, asked: ComponentsParameters, budget: Budget) -> Finding[ComponentsResult]:
    """By union-find over the links."""
    from graph_service.network.kernels.components import union_find

    labels = union_find(view.network.entities, view.links.source, view.links.target, budget.state, budget.limits.links)
    listing = list_labels(view, labels, asked)
    inside = listing.evidence(asked.evidence)
    return _finding(listing, inside, links_among(view, inside), budget)


def on_networkx(view: View, asked: ComponentsParameters, budget: Budget) -> Finding[ComponentsResult]:
    """By NetworkX."""
    budget.spend(view.graph.number_of_edges())
    listing = list_sets(nx.weakly_connected_components(view.graph), asked)
    inside = listing.evidence(asked.evidence)
    return _finding(listing, inside, graph_links_among(view.graph, inside), budget)


NODES: LiteralString = "MATCH (a:Entity) WHERE " + A_SEEN + " RETURN a.id AS id"
PAIRS: LiteralString = (
    "MATCH (a:Entity)-[r]->(b:Entity) WHERE "
    + LINK_SEEN
    + " AND "
    + A_SEEN
    + " AND "
    + B_SEEN
    + " RETURN a.id AS source, b.id AS target, count(DISTINCT r.link_id) AS links"
)
"""The linked pairs of the scope."""


def on_neo4j(pushdown: Pushdown, asked: ComponentsParameters, budget: Budget) -> Finding[ComponentsResult]:
    """The scope is applied in the database; the pairs that are left are joined here."""
    graph = nx.Graph()
    graph.add_nodes_from(str(row["id"]) for row in pushdown.rows(NODES))
    graph.add_edges_from((str(row["source"]), str(row["target"])) for row in pushdown.rows(PAIRS))
    budget.spend(graph.number_of_edges())
    listing = list_sets(nx.connected_components(graph), asked)
    inside = listing.evidence(asked.evidence)
    return _finding(listing, inside, stored_links_among(pushdown, inside), budget)


def _finding(
    listing: Listing, inside: Sequence[str], links: Sequence[LinkRef], budget: Budget
) -> Finding[ComponentsResult]:
    result = ComponentsResult(listing.groups, listing.total)
    return Finding.of(result, inside, links, truncated=listing.cut or budget.exhausted, explored=budget.explored)


QUESTION = Question(
    name="components",
    summary="Who hangs together at all? The weakly connected parts, the largest first.",
    parameters=ComponentsParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"limit": 5},
)
