"""What remains of a network while entities are taken out of it: an undirected simple graph, kept by each engine its
own way.

Nodes are numbered in order of id. Both engines tell the same: whole numbers to the digit, sums to the tolerance of
``ranking``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import networkx as nx
import numpy as np

from graph_service.network.adjacency import Adjacency, build_adjacency
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.facts import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """The network before anything is taken out: ``low`` < ``high`` int32[ties], in order; ``pivots`` int32: the nodes
    from which shortest paths are measured."""

    nodes: int
    low: Ints
    high: Ints
    pivots: Ints


class Remains(Protocol):
    """A network that entities are taken out of, one by one; scores are float64[nodes], of no meaning for those gone."""

    def degrees(self) -> Floats:
        """Ties of each node."""
        ...

    def dependencies(self) -> Floats:
        """Betweenness: for each node the sum over the pivots of their dependency on it."""
        ...

    def cuts(self) -> Floats:
        """For each node, how few ordered pairs of the others still reach each other once it is gone: their number,
        negative."""
        ...

    def parts(self) -> list[int]:
        """The sizes of the connected parts, the largest first."""
        ...

    def distances(self) -> Mapping[int, int]:
        """How many (pivot, other node) pairs lie at each distance; those that do not reach each other are left
        out."""
        ...

    def neighbours(self, node: int) -> Sequence[int]:
        """The nodes tied to a node, ascending."""
        ...

    def remove(self, node: int) -> None:
        """Take a node out with its ties."""
        ...

    def join(self, node: int, others: Sequence[int]) -> int:
        """Tie a node to others, and say how many of these ties are new."""
        ...


class ArrayRemains:
    """On arrays, by compiled loops; the rows are made anew after each change, O(nodes + ties)."""

    def __init__(self, whole: Whole, budget: Budget) -> None:
        """The whole network."""
        self._low, self._high = whole.low, whole.high
        self._pivots = whole.pivots
        self._there = np.ones(whole.nodes, dtype=np.bool_)
        self._budget = budget
        self._rows = self._built()

    def degrees(self) -> Floats:
        """By the rows."""
        return np.diff(self._rows.start).astype(np.float64)

    def dependencies(self) -> Floats:
        """By Brandes, from one half of the pivots beside the other: two halves always, so that sums do not depend on
        the machine."""
        from graph_service.network.kernels.removal import dependencies

        def half(pivots: Ints) -> Floats:
            found: Floats = dependencies(self._rows.start, self._rows.neighbour, pivots, *self._bound())
            return found

        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(half, (self._pivots[::2], self._pivots[1::2]))
        return one + other

    def cuts(self) -> Floats:
        """By one depth-first walk."""
        from graph_service.network.kernels.removal import pairs_left

        return -pairs_left(self._rows.start, self._rows.neighbour, *self._bound()).astype(np.float64)

    def parts(self) -> list[int]:
        """By union-find."""
        from graph_service.network.kernels.components import union_find

        label = union_find(len(self._there), self._low, self._high, *self._bound())
        sizes = np.bincount(label[self._there])
        return sorted(sizes[sizes > 0].tolist(), reverse=True)

    def distances(self) -> Mapping[int, int]:
        """By sweeps from 64 pivots at once."""
        from graph_service.network.kernels.removal import distances

        counts, _ = distances(self._rows.start, self._rows.neighbour, self._pivots, *self._bound())
        return {int(distance): int(counts[distance]) for distance in np.flatnonzero(counts)}

    def neighbours(self, node: int) -> Sequence[int]:
        """By the rows."""
        return sorted(self._rows.neighbour[self._rows.start[node] : self._rows.start[node + 1]].tolist())

    def remove(self, node: int) -> None:
        """O(nodes + ties)."""
        self._there[node] = False
        self._pivots = self._pivots[self._pivots != node]
        kept = (self._low != node) & (self._high != node)
        self._low, self._high = self._low[kept], self._high[kept]
        self._rows = self._built()

    def join(self, node: int, others: Sequence[int]) -> int:
        """O(nodes + ties)."""
        new = np.array(sorted(set(others) - set(self.neighbours(node)) - {node}), dtype=np.int32)
        self._low = np.concatenate([self._low, np.minimum(new, node).astype(np.int32)])
        self._high = np.concatenate([self._high, np.maximum(new, node).astype(np.int32)])
        self._rows = self._built()
        return len(new)

    def _built(self) -> Adjacency:
        return build_adjacency(len(self._there), self._low, self._high, np.ones(len(self._low), dtype=np.bool_))

    def _bound(self) -> tuple[np.ndarray, int]:
        return self._budget.state, self._budget.limits.links


class NetworkxRemains:
    """On a NetworkX graph, by its own functions and by definition."""

    def __init__(self, whole: Whole, budget: Budget) -> None:
        """The whole network."""
        self._nodes, self._pivots, self._budget = whole.nodes, whole.pivots.tolist(), budget
        self._graph = nx.Graph()
        self._graph.add_nodes_from(range(whole.nodes))
        self._graph.add_edges_from(zip(whole.low.tolist(), whole.high.tolist(), strict=True))

    def degrees(self) -> Floats:
        """By NetworkX."""
        return self._scored(dict(self._graph.degree()))

    def dependencies(self) -> Floats:
        """By NetworkX; from all nodes, twice its betweenness, which counts each pair once."""
        self._spend(len(self._pivots))
        if len(self._pivots) == len(self._graph):
            return self._scored(nx.betweenness_centrality(self._graph, normalized=False)) * 2
        subset = nx.betweenness_centrality_subset(self._graph, self._pivots, list(self._graph), normalized=False)
        return self._scored(subset) * 2

    def cuts(self) -> Floats:
        """By trying each."""
        self._spend(len(self._graph))
        found = {}
        for node in self._graph:
            without = self._graph.subgraph(other for other in self._graph if other != node)
            found[node] = -sum(len(part) * (len(part) - 1) for part in nx.connected_components(without))
        return self._scored(found)

    def parts(self) -> list[int]:
        """By NetworkX."""
        self._spend(1)
        return sorted(map(len, nx.connected_components(self._graph)), reverse=True)

    def distances(self) -> Mapping[int, int]:
        """By NetworkX, pivot by pivot."""
        counts: Counter[int] = Counter()
        for pivot in self._pivots:
            counts.update(nx.single_source_shortest_path_length(self._graph, pivot).values())
            if not self._spend(1):
                break
        del counts[0]
        return counts

    def neighbours(self, node: int) -> Sequence[int]:
        """By NetworkX."""
        return sorted(self._graph[node])

    def remove(self, node: int) -> None:
        """By NetworkX."""
        self._graph.remove_node(node)
        self._pivots = [pivot for pivot in self._pivots if pivot != node]

    def join(self, node: int, others: Sequence[int]) -> int:
        """By NetworkX."""
        before = self._graph.number_of_edges()
        self._graph.add_edges_from((node, other) for other in others if other != node)
        return int(self._graph.number_of_edges() - before)

    def _scored(self, by_node: Mapping[int, float]) -> Floats:
        score = np.zeros(self._nodes)
        score[list(by_node)] = list(by_node.values())
        return score

    def _spend(self, times: int) -> bool:
        return self._budget.spend(times * self._graph.number_of_edges())
