"""``components``: who hangs together at all.

Weakly: the direction of links does not matter. Strongly: everybody reaches everybody along it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
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
    stored_ways,
)
from queries.groups.simple_graph import simple_networkx
from queries.pushdown import Pushdown
from queries.question import Question


class ComponentsParameters(GroupParameters):
    """Weakly or strongly, and what is listed."""

    strong: bool = Field(default=False, description="Strongly: each reaches each along the direction of links")


@dataclass(frozen=True, slots=True)
class ComponentsResult:
    """The components, the largest first; ``total`` counts those of the size asked."""

    components: tuple[Group, ...]
    total: int


def in_memory(view: View, asked: ComponentsParameters, budget: Budget) -> Finding[ComponentsResult]:
    """By union-find over the links; strongly by one depth-first walk."""
    from graph_service.network.kernels.components import union_find
    from graph_service.network.kernels.strong import strong_components

    bound = (budget.state, budget.limits.links)
    if asked.strong:
        ways = view.adjacency
        labels = strong_components(ways.start[:-1], ways.incoming, ways.neighbour, *bound)
    else:
        labels = union_find(view.network.entities, view.links.source, view.links.target, *bound)
    listing = list_labels(view, labels, asked)
    inside = listing.evidence(asked.evidence)
    return _finding(listing, inside, links_among(view, inside), budget)


def on_networkx(view: View, asked: ComponentsParameters, budget: Budget) -> Finding[ComponentsResult]:
    """By NetworkX."""
    budget.spend(view.graph.number_of_edges())
    if asked.strong:
        parts = nx.strongly_connected_components(simple_networkx(view, directed=True))
    else:
        parts = nx.weakly_connected_components(view.graph)
    listing = list_sets(parts, asked)
    inside = listing.evidence(asked.evidence)
    return _finding(listing, inside, graph_links_among(view.graph, inside), budget)


def on_neo4j(pushdown: Pushdown, asked: ComponentsParameters, budget: Budget) -> Finding[ComponentsResult]:
    """The scope is applied in the database; the pairs that are left are joined here."""
    graph = stored_ways(pushdown) if asked.strong else stored_graph(pushdown)
    budget.spend(graph.number_of_edges())
    parts = nx.strongly_connected_components(graph) if asked.strong else nx.connected_components(graph)
    listing = list_sets(parts, asked)
    inside = listing.evidence(asked.evidence)
    return _finding(listing, inside, stored_links_among(pushdown, inside), budget)


def _finding(
    listing: Listing, inside: Sequence[str], links: Sequence[LinkRef], budget: Budget
) -> Finding[ComponentsResult]:
    result = ComponentsResult(listing.groups, listing.total)
    return Finding.of(result, inside, links, truncated=budget.exhausted or listing.cut, explored=budget.explored)


QUESTION = Question(
    name="components",
    summary="Who hangs together at all? The weakly or strongly connected parts, the largest first.",
    parameters=ComponentsParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"limit": 5},
)
