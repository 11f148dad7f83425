"""Joining many entities at once: the first shortest way between any two, and trees through all, on both engines.

Everything is said by id, so that what is made of it is the same for both. Links are walked either way; the entities
that are joined may be passed on the way between others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import networkx as nx
import numpy as np

from graph_service.model.graph import LinkRef
from graph_service.network.adjacency import EITHER, Offsets
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.search import Between, Outcome, shortest_links
from graph_service.network.view import View
from queries.paths.corridors import EdgeCost, distances, walkable_graph
from queries.paths.found import Proof, Walked
from queries.paths.ground import GraphGround, Ground
from queries.paths.parallel import first_by_id

Pair = tuple[str, str]
"""Two ids, the smaller first."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A link of a tree, with what it costs."""

    start: str
    end: str
    link: LinkRef
    cost: int


@dataclass(frozen=True, slots=True)
class Branches:
    """A tree: its links, and ``paid``, the cost of the ways that it was put together from, shared parts counted each
    time: the least with which all can be joined two by two."""

    links: tuple[Branch, ...]
    paid: int


class Joining(Protocol):
    """How an engine joins entities; ``hubs`` says whether they are led through. Costs are integers."""

    def pairs(self, wanted: Collection[Pair], *, hubs: bool) -> Mapping[Pair, Walked]:
        """The first shortest way of each two that are near enough."""

    def tree(self, regions: Sequence[Collection[str]], most: int, *, hubs: bool) -> Branches:
        """A small tree through all regions, each of which hangs together by itself; they can be joined by ways of which
        none costs more than ``most``."""

    def proof(self, some: Collection[str], others: Collection[str], *, hubs: bool) -> Proof:
        """Why nothing of the ones leads to the others."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewJoining:
    """By the compiled searches; ``cost`` int64[links], None for 1 each."""

    view: View
    ids: tuple[str, ...]
    ground: Ground
    max_hops: int
    cost: Offsets | None
    budget: Budget

    def pairs(self, wanted: Collection[Pair], *, hubs: bool) -> Mapping[Pair, Walked]:
        """All searches at once, each growing until it has met the others."""
        from graph_service.network.kernels import connecting

        view, ground, place = self.view, self._ground(hubs), {one: at for at, one in enumerate(self.ids)}
        asked = np.zeros((len(self.ids), len(self.ids)), dtype=np.bool_)
        for one, other in wanted:
            asked[place[one], place[other]] = True
        adjacency, nodes = view.adjacency, np.array([view.number(one) for one in self.ids], dtype=np.int32)
        seen = np.zeros((len(nodes), view.network.entities), dtype=np.int8)
        seers = np.zeros((-(-len(nodes) // 64), view.network.entities), dtype=np.uint64)
        mark = np.zeros(view.network.entities, dtype=np.int32)
        distance, steps, whole = connecting.ways(
            adjacency.start, adjacency.neighbour, adjacency.link, nodes, asked, ground.through, ground.open,
            view.network.id_rank, self.max_hops, seen, seers, mark, self.budget.state, self.budget.limits.links
        )  # fmt: skip
        _ = whole or self.budget.exhausted  # raises when called off
        return self._walks(distance, steps)

    def _walks(self, distance: Ints, steps: Ints) -> dict[Pair, Walked]:
        names = self._names(np.unique(steps[:, 2:4]))
        taken: dict[tuple[int, int], tuple[int, LinkRef]] = {}
        rows, at = steps.tolist(), 0
        walks = {}
        while at < len(rows):
            low, high = rows[at][:2]
            way = rows[at : at + int(distance[low, high])]
            at += len(way)
            links = []
            for _, _, start, end, link in way:
                if (start, end) not in taken:
                    taken[start, end] = (
                        self._link(start, end) if link < 0 else (self._price(link), self.view.link_ref(link))
                    )
                links.append(taken[start, end])
            entities = (names[way[0][2]], *(names[step[3]] for step in way))
            walks[self.ids[low], self.ids[high]] = _walked(entities, links)
        return walks

    def tree(self, regions: Sequence[Collection[str]], most: int, *, hubs: bool) -> Branches:
        """By the regions nearest to each."""
        from graph_service.network.kernels import steiner

        view, ground = self.view, self._ground(hubs)
        sources = np.array([view.number(one) for region in regions for one in sorted(region)], dtype=np.int32)
        region = np.repeat(np.arange(len(regions), dtype=np.int32), [len(one) for one in regions])
        if len(ground.through):
            ground = ground.naming(view, sources.tolist(), [])
        adjacency, cost = view.adjacency, np.zeros(0, dtype=np.int64) if self.cost is None else self.cost
        joins, paid, before = steiner.regions(
            adjacency.start, adjacency.neighbour, adjacency.link, sources, region, len(regions), ground.through,
            ground.open, cost, most, view.network.id_rank, self.budget.state, self.budget.limits.links
        )  # fmt: skip
        _ = self.budget.exhausted  # raises when called off
        steps = set()
        for one, other in joins.tolist():
            steps.add((one, other))
            for node in (one, other):
                child = node
                while (parent := int(before[child])) >= 0:
                    steps.add((child, parent))
                    child = parent
        names = self._names(np.array(sorted({node for step in steps for node in step}), dtype=np.int32))
        branches = (Branch(names[a], names[b], ref, price) for a, b in steps for price, ref in [self._link(a, b)])
        return Branches(tuple(sorted(branches, key=lambda branch: branch.link)), int(paid.sum()))

    def proof(self, some: Collection[str], others: Collection[str], *, hubs: bool) -> Proof:
        """By the two-sided search."""
        view, ground = self.view, self._ground(hubs)
        here, there = (np.array(sorted(map(view.number, side)), dtype=np.int32) for side in (some, others))
        between = Between(here, there, EITHER, ground.through, ground.open)
        found = shortest_links(view, between, self.max_hops, self.budget)
        outcome = Outcome.BUDGET if found.outcome is Outcome.MET else found.outcome
        return Proof(outcome.value, self.max_hops, found.distance if outcome is Outcome.BOUND else None)

    def _ground(self, hubs: bool) -> Ground:
        ground = self.ground.with_hubs() if hubs else self.ground
        if not len(ground.through):
            return ground
        return ground.naming(self.view, [self.view.number(one) for one in self.ids], [])

    def _names(self, nodes: Ints) -> dict[int, str]:
        names = self.view.network.entity_ids.take(nodes).to_pylist()
        return dict(zip(nodes.tolist(), map(str, names), strict=True))

    def _price(self, link: int) -> int:
        return 1 if self.cost is None else int(self.cost[link])

    def _link(self, start: int, end: int) -> tuple[int, LinkRef]:
        """The cheapest link between two, the first by id of several, with its cost."""
        adjacency = self.view.adjacency
        if adjacency.start[start + 1] - adjacency.start[start] > adjacency.start[end + 1] - adjacency.start[end]:
            start, end = end, start
        run = adjacency.run(start, EITHER)
        links = adjacency.link[run][adjacency.neighbour[run] == end]
        if len(self.ground.open):
            links = links[self.ground.open[links]]
        if self.cost is not None:
            links = links[self.cost[links] == self.cost[links].min()]
        link = first_by_id(self.view, links)
        return self._price(link), self.view.link_ref(link)


@dataclass(frozen=True, slots=True)
class GraphJoining:
    """By NetworkX's searches on the graph with every link turned both ways."""

    ids: tuple[str, ...]
    ground: GraphGround
    max_hops: int
    cost: EdgeCost | None
    budget: Budget

    def pairs(self, wanted: Collection[Pair], *, hubs: bool) -> Mapping[Pair, Walked]:
        """From distances to every entity."""
        graph = self._graph(hubs)
        walks = {}
        for other in sorted({other for _, other in wanted}):
            if not self.budget.spend(graph.number_of_edges()):
                break
            far = nx.single_source_shortest_path_length(graph, other)
            for one in (
                one for one, end in wanted if end == other and far.get(one, self.max_hops + 1) <= self.max_hops
            ):
                entities, links = [one], []
                while entities[-1] != other:
                    here = entities[-1]
                    step = min(end for end in graph.successors(here) if far[end] == far[here] - 1)
                    links.append(min(self._priced(graph[here][step]["links"])))
                    entities.append(step)
                walks[one, other] = _walked(entities, links)
        return walks

    def tree(self, regions: Sequence[Collection[str]], most: int, *, hubs: bool) -> Branches:
        """By definition: every entity's nearest region, every link between two regions, the cheapest that join all."""
        graph = self._graph(hubs, {one for region in regions for one in region})
        self.budget.spend(graph.number_of_edges())
        price = {(a, b): min(self._priced(links))[0] for a, b, links in graph.edges(data="links")}
        home = {one: at for at, region in enumerate(regions) for one in region}
        far = nx.multi_source_dijkstra_path_length(graph, set(home), cutoff=most, weight=lambda a, b, _: price[a, b])
        before: dict[str, str] = {}
        for node in sorted(far, key=lambda one: (far[one], one)):
            if node not in home:
                near = [
                    one for one in graph.predecessors(node) if far.get(one, -1) + price.get((one, node), 0) == far[node]
                ]
                home[node], before[node] = min((home[one], one) for one in near)
        over = sorted(
            (far[a] + price[a, b] + far[b], home[a], home[b], a, b)
            for a, b in graph.edges
            if a in far and b in far and home[a] < home[b]
        )
        joined, steps, paid = nx.utils.UnionFind(range(len(regions))), set(), 0
        for total, one, other, a, b in over:
            if joined[one] != joined[other]:
                joined.union(one, other)
                paid += total
                steps |= {(a, b), *_back(before, a), *_back(before, b)}
        branches = []
        for a, b in steps:
            cost, ref = min(self._priced(graph[a][b]["links"]))
            branches.append(Branch(a, b, ref, cost))
        return Branches(tuple(sorted(branches, key=lambda branch: branch.link)), paid)

    def proof(self, some: Collection[str], others: Collection[str], *, hubs: bool) -> Proof:
        """From the distances of all others."""
        far = distances(self._graph(hubs), set(some), through=set(others))
        met = [far[one] for one in others if one in far]
        return Proof("bound", self.max_hops, min(met)) if met else Proof("exhausted", self.max_hops)

    def _graph(self, hubs: bool, more: Iterable[str] = ()) -> nx.DiGraph:
        return walkable_graph(self.ground, {*self.ids, *more}, directed=False, hubs=hubs)

    def _priced(self, links: Iterable[tuple[LinkRef, dict[str, object]]]) -> list[tuple[int, LinkRef]]:
        return [(1 if self.cost is None else self.cost(data), ref) for ref, data in links]


def _walked(entities: Sequence[str], links: Sequence[tuple[int, LinkRef]]) -> Walked:
    return Walked(tuple(entities), tuple(ref for _, ref in links), float(sum(price for price, _ in links)))


def _back(before: Mapping[str, str], node: str) -> list[tuple[str, str]]:
    """The steps from an entity back to its region."""
    steps = []
    while node in before:
        steps.append((node, before[node]))
        node = before[node]
    return steps
