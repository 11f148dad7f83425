"""The view as a simple graph, for measures that know one tie between two entities: each engine its own form of it.

Undirected, a tie stands for all links between two entities; directed, for all that may be walked that way (a link of a
symmetric kind both ways). Its weight counts the links. Loops are left out, nodes come in order of id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from graph_service.network.adjacency import Offsets, build_adjacency
from graph_service.network.columns import Ints
from graph_service.network.facts import Floats
from graph_service.network.view import View
from queries.groups.weighted import Weighted

Rows = tuple[Offsets, Ints, Floats]
"""Compressed sparse rows: start int64[nodes + 1], neighbour int32[entries] ascending in a node, weight
float64[entries]."""


@dataclass(frozen=True, slots=True, eq=False)
class SimpleGraph:
    """``numbers`` int32[nodes]: entity numbers; ``along`` and ``against``: the ties by the direction they are walked,
    one and the same when undirected."""

    numbers: Ints
    along: Rows
    against: Rows
    directed: bool

    @staticmethod
    def of(view: View, *, directed: bool = False) -> SimpleGraph:
        """O(links log links)."""
        if not directed:
            weighted = Weighted.of(view)
            rows = weighted.rows()
            return SimpleGraph(weighted.numbers, rows, rows, directed=False)
        numbers = view.node_numbers()
        numbers = numbers[np.argsort(view.network.id_rank[numbers])]
        nodes = len(numbers)
        place = np.zeros(view.network.entities, dtype=np.int64)
        place[numbers] = np.arange(nodes)
        source, target = place[view.links.source], place[view.links.target]
        both = view.symmetric
        tail, head = np.concatenate([source, target[both]]), np.concatenate([target, source[both]])
        apart = tail != head
        pair, count = np.unique(tail[apart] * max(nodes, 1) + head[apart], return_counts=True)
        tail, head = np.divmod(pair, max(nodes, 1))
        weight = count.astype(np.float64)
        back = np.lexsort((tail, head))
        along, against = _rows(nodes, tail, head, weight), _rows(nodes, head[back], tail[back], weight[back])
        return SimpleGraph(numbers, along, against, directed=True)

    @property
    def nodes(self) -> int:
        """How many."""
        return len(self.numbers)

    @property
    def entries(self) -> int:
        """Ties as they are looked at from each node: twice their number when undirected."""
        return len(self.along[1])

    @property
    def degree(self) -> Ints:
        """Neighbours that each node's ties lead to, int32[nodes]."""
        return np.diff(self.along[0]).astype(np.int32)

    def ties(self) -> tuple[Ints, Ints, Ints]:
        """Of an undirected graph: the ends of each tie, the lower one first, and the tie of each entry."""
        start, neighbour, _ = self.along
        node = np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(start))
        once = node < neighbour
        low, high = node[once], neighbour[once]
        return low, high, build_adjacency(self.nodes, low, high, np.ones(len(low), dtype=np.bool_)).link


def _rows(nodes: int, node: Offsets, neighbour: Offsets, weight: Floats) -> Rows:
    """Rows of entries that are sorted by node."""
    start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(node, minlength=nodes), out=start[1:])
    return start, neighbour.astype(np.int32), weight


def simple_networkx(view: View, *, directed: bool = False) -> nx.Graph:
    """The same from ``view.graph`` (a DiGraph when directed): nodes are ids in ascending order, ``weight`` a float."""
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(sorted(view.graph))
    ties: dict[tuple[str, str], float] = {}
    for source, target, symmetric in view.graph.edges(data="symmetric"):
        ways = [(source, target)]
        if not directed:
            ways = [(min(source, target), max(source, target))]
        elif symmetric:
            ways.append((target, source))
        for way in ways:
            if source != target:
                ties[way] = ties.get(way, 0.0) + 1.0
    graph.add_weighted_edges_from((source, target, ties[source, target]) for source, target in sorted(ties))
    return graph


def ids_of(view: View, numbers: Ints) -> Sequence[str]:
    """The ids of entities by number."""
    return [str(name) for name in view.network.entity_ids.take(numbers).to_pylist()]
