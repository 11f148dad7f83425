"""Groups of entities (components, communities): their canonical form, and the evidence that goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

import networkx as nx
import numpy as np
from pydantic import Field

from graph_service.model.graph import LinkRef
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.pushdown import A_SEEN, B_SEEN, LINK_SEEN, Pushdown
from queries.question import Parameters


class GroupParameters(Parameters):
    """Which groups are listed, and how much of each."""

    limit: int = Field(default=50, ge=1, le=10_000, description="Groups listed, the largest first")
    min_size: int = Field(default=2, ge=1, le=2**31 - 1, description="Members of the smallest group listed")
    members: int = Field(default=1_000, ge=1, le=1_000_000, description="Members listed of each group")
    evidence: int = Field(default=500, ge=0, le=5_000, description="Members whose records and common links are fetched")


@dataclass(frozen=True, slots=True)
class Group:
    """A group: named by its smallest member id; ``members`` sorted, the first ones where ``size`` is larger."""

    id: str
    size: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The groups listed, how many there are of the size asked, and whether something was cut."""

    groups: tuple[Group, ...]
    total: int
    cut: bool

    def evidence(self, most: int) -> tuple[str, ...]:
        """The members whose records are fetched: group by group, at most so many."""
        return tuple(member for group in self.groups for member in group.members)[:most]


def list_labels(view: View, labels: Ints, asked: GroupParameters) -> Listing:
    """The groups of a labelling of all entity numbers (int32[entities]; invisible entities are passed over). O(n)."""
    numbers = view.node_numbers()
    if not len(numbers):
        return Listing((), 0, cut=False)
    _, place, size = np.unique(labels[numbers], return_inverse=True, return_counts=True)
    rank = view.network.id_rank[numbers]
    least = np.full(len(size), np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(least, place, rank)
    wanted = np.flatnonzero(size >= asked.min_size)
    first = wanted[np.lexsort((least[wanted], -size[wanted]))][: asked.limit]
    by_group = np.lexsort((rank, place))
    start = np.concatenate([[0], np.cumsum(size)])
    groups = []
    for group in first.tolist():
        members = numbers[by_group[start[group] : start[group + 1]][: asked.members]]
        names = tuple(str(name) for name in view.network.entity_ids.take(members).to_pylist())
        groups.append(Group(names[0], int(size[group]), names))
    return _listing(groups, len(wanted), asked)


def list_sets(sets: Iterable[Iterable[str]], asked: GroupParameters) -> Listing:
    """The groups of a partition given as sets of ids."""
    wanted = [sorted(members) for members in sets]
    wanted = sorted((m for m in wanted if len(m) >= asked.min_size), key=lambda m: (-len(m), m[0]))
    groups = [Group(m[0], len(m), tuple(m[: asked.members])) for m in wanted[: asked.limit]]
    return _listing(groups, len(wanted), asked)


def links_among(view: View, entities: Sequence[str]) -> list[LinkRef]:
    """The links of the view whose ends are both among the entities. O(links)."""
    inside = np.zeros(view.network.entities, dtype=np.bool_)
    inside[[view.number(entity) for entity in entities]] = True
    return [view.link_ref(int(k)) for k in np.flatnonzero(inside[view.links.source] & inside[view.links.target])]


def graph_links_among(graph: nx.MultiDiGraph, entities: Sequence[str]) -> list[LinkRef]:
    """The same on a NetworkX graph."""
    inside = set(entities)
    return [
        LinkRef(key, source, target, data["event"])
        for source, target, key, data in graph.out_edges(inside, keys=True, data=True)
        if target in inside
    ]


_AMONG: LiteralString = (
    "UNWIND $ids AS id MATCH (a:Entity {id: id})-[r]->(b:Entity) WHERE b.id IN $ids AND "
    + LINK_SEEN
    + " RETURN DISTINCT r.link_id AS link, a.id AS source, b.id AS target"
)


def stored_links_among(pushdown: Pushdown, entities: Sequence[str]) -> list[LinkRef]:
    """The same in the database."""
    rows = pushdown.rows(_AMONG, ids=list(entities))
    return [LinkRef(str(row["link"]), str(row["source"]), str(row["target"])) for row in rows]


_NODES: LiteralString = "MATCH (a:Entity) WHERE " + A_SEEN + " RETURN a.id AS id"
_PAIRS: LiteralString = (
    "MATCH (a:Entity)-[r]->(b:Entity) WHERE a <> b AND "
    + LINK_SEEN
    + " AND "
    + A_SEEN
    + " AND "
    + B_SEEN
    + " RETURN a.id AS source, b.id AS target, type(r) AS kind, count(DISTINCT r.link_id) AS links"
)


def stored_graph(pushdown: Pushdown) -> nx.Graph:
    """The entities of the scope, joined where links join them; ``weight`` counts the links, self-loops are left out."""
    graph = nx.Graph()
    graph.add_nodes_from(str(row["id"]) for row in pushdown.rows(_NODES))
    for row in pushdown.rows(_PAIRS):
        source, target = str(row["source"]), str(row["target"])
        known = graph.get_edge_data(source, target, {"weight": 0.0})["weight"]
        graph.add_edge(source, target, weight=known + float(str(row["links"])))
    return graph


def stored_ways(pushdown: Pushdown) -> nx.DiGraph:
    """The entities of the scope, joined the ways that links may be walked: those of a symmetric kind both ways."""
    graph, kinds = nx.DiGraph(), pushdown.ontology.link_kinds
    graph.add_nodes_from(str(row["id"]) for row in pushdown.rows(_NODES))
    for row in pushdown.rows(_PAIRS):
        source, target, kind = str(row["source"]), str(row["target"]), str(row["kind"])
        graph.add_edge(source, target)
        if kind in kinds and not kinds[kind].directed:
            graph.add_edge(target, source)
    return graph


def _listing(groups: Sequence[Group], total: int, asked: GroupParameters) -> Listing:
    cut = total > asked.limit or any(group.size > len(group.members) for group in groups)
    return Listing(tuple(groups), total, cut)
