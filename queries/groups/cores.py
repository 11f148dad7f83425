"""``cores``: who is in the thick of it: peeled off layer by layer, those who are tied to many who are tied to many.

k-core: everybody has k neighbours or more in it (Seidman 1983, doi:10.1016/0378-8733(83)90028-X). k-truss: every tie is
in k - 2 triangles or more in it (Cohen 2008), which asks for tight groups, not only busy ones. One tie between two
entities, whatever the direction and number of links.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.listing import Group, GroupParameters, Listing, graph_links_among, links_among, list_sets
from queries.groups.simple_graph import SimpleGraph, ids_of, simple_networkx
from queries.question import Question


class CoresParameters(GroupParameters):
    """How deep, by which rule, and what is listed."""

    k: int | None = Field(default=None, ge=1, le=1_000_000, description="How deep; the deepest there is unless told")
    truss: bool = Field(default=False, description="By triangles (k-truss) instead of by neighbours (k-core)")


@dataclass(frozen=True, slots=True)
class Shell:
    """How many entities have exactly this number ``k``: in the k-core or k-truss, not in the next."""

    k: int
    entities: int


@dataclass(frozen=True, slots=True)
class CoresResult:
    """The connected parts of the core at ``k``, the largest first, ``total`` of the size asked; ``shells`` from the
    outermost in. ``deepest``: the greatest k that anybody is in, 0 for nobody."""

    k: int
    deepest: int
    parts: tuple[Group, ...]
    total: int
    shells: tuple[Shell, ...]


Parts = Callable[[Sequence[int]], list[list[str]]]
"""The connected parts among so many nodes, ids."""


def in_memory(view: View, asked: CoresParameters, budget: Budget) -> Finding[CoresResult]:
    """By compiled peeling; O(nodes + ties) for cores."""
    graph = SimpleGraph.of(view)
    ids = ids_of(view, graph.numbers)
    low, high, _ = graph.ties()
    truss = truss_of(graph, budget) if asked.truss else None
    depth = core_of(graph, budget) if truss is None else _deepest_tie(graph.nodes, low, high, truss)
    k = int(depth.max(initial=0)) if asked.k is None else asked.k
    inside = (depth[low] >= k) & (depth[high] >= k) if truss is None else truss >= k
    members = np.flatnonzero(depth >= k)
    from graph_service.network.kernels.components import union_find

    part = union_find(graph.nodes, low[inside], high[inside], budget.state, budget.limits.links)[members]
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(part[order])) + 1
    parts = [[ids[node] for node in run.tolist()] for run in np.split(members[order], cuts)] if len(members) else []
    listing = list_sets(parts, asked)
    chosen = listing.evidence(asked.evidence)
    return _finding(k, depth, listing, (chosen, links_among(view, chosen)), budget)


def core_of(graph: SimpleGraph, budget: Budget) -> Ints:
    """The core number of each node, int32[nodes]."""
    from graph_service.network.kernels.cores import core_numbers

    found: Ints = core_numbers(*graph.along[:2], budget.state, budget.limits.links)[0]
    return found


def truss_of(graph: SimpleGraph, budget: Budget) -> Ints:
    """The truss number of each tie, int32[ties]."""
    from graph_service.network.kernels.cores import truss_numbers

    low, high, link = graph.ties()
    found: Ints = truss_numbers(*graph.along[:2], link, low, high, budget.state, budget.limits.links)
    return found


def _deepest_tie(nodes: int, low: Ints, high: Ints, truss: Ints) -> Ints:
    """The greatest truss number among each node's ties, 0 for none."""
    depth = np.zeros(nodes, dtype=np.int32)
    np.maximum.at(depth, low, truss)
    np.maximum.at(depth, high, truss)
    return depth


def on_networkx(view: View, asked: CoresParameters, budget: Budget) -> Finding[CoresResult]:
    """By NetworkX's cores; by its k-trusses one after the other."""
    graph = simple_networkx(view)
    budget.spend(graph.number_of_edges())
    number = _trusses(graph, budget) if asked.truss else nx.core_number(graph)
    depth = np.array([number[node] for node in graph], dtype=np.int32)
    k = int(depth.max(initial=0)) if asked.k is None else asked.k
    core = graph.subgraph([node for node in graph if number[node] >= k])
    if asked.truss:
        core = nx.k_truss(graph, k)
        core.remove_nodes_from([node for node in list(core) if number[node] < k])
        core.add_nodes_from(node for node in graph if number[node] >= k)
    listing = list_sets(nx.connected_components(core), asked)
    chosen = listing.evidence(asked.evidence)
    return _finding(k, depth, listing, (chosen, graph_links_among(view.graph, chosen)), budget)


def _trusses(graph: nx.Graph, budget: Budget) -> dict[str, int]:
    number = {node: 2 if many else 0 for node, many in graph.degree()}
    left, k = graph, 3
    while left.number_of_edges() and budget.spend(left.number_of_edges()):
        left = nx.k_truss(left, k)
        number.update((node, k) for node, many in left.degree() if many)
        k += 1
    return number


def _finding(
    k: int, depth: Ints, listing: Listing, evidence: tuple[Sequence[str], Sequence[LinkRef]], budget: Budget
) -> Finding[CoresResult]:
    layer, many = np.unique(depth, return_counts=True)
    shells = tuple(Shell(int(one), int(count)) for one, count in zip(layer, many, strict=True))
    result = CoresResult(k, int(depth.max(initial=0)), listing.groups, listing.total, shells)
    return Finding.of(result, *evidence, truncated=budget.exhausted or listing.cut, explored=budget.explored)


QUESTION = Question(
    name="cores",
    summary="Who is in the thick of it? The k-core or k-truss in its parts, and how many are how deep.",
    parameters=CoresParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"truss": True},
)
