"""``components``: who hangs together at all. Weakly connected: the direction of links does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

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
)
from queries.pushdown import Pushdown
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


def on_neo4j(pushdown: Pushdown, asked: ComponentsParameters, budget: Budget) -> Finding[ComponentsResult]:
    """The scope is applied in the database; the pairs that are left are joined here."""
    graph = stored_graph(pushdown)
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
