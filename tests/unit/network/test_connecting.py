"""The kernels that join many nodes: distances against NetworkX, the first way by rank, regions by definition."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

pytest.importorskip("numba")

from graph_service.network.adjacency import build_adjacency
from graph_service.network.budget import CALLED_OFF
from graph_service.network.columns import Ints, Mask
from graph_service.network.kernels.connecting import regions, ways

ALL: Mask = np.zeros(0, dtype=np.bool_)


def numbers(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int32)


class Made:
    """A random graph, some of whose nodes may not be passed and some of whose links may not be taken."""

    def __init__(self, dice: random.Random, nodes: int, links: int) -> None:
        self.nodes = nodes
        self.ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(links)]
        self.through = np.array([dice.random() < 0.85 for _ in range(nodes)])
        self.open = np.array([dice.random() < 0.9 for _ in self.ends], dtype=np.bool_)
        self.rank = numbers(dice.sample(range(nodes), nodes))
        self.cost = np.array([dice.randint(1, 6) for _ in self.ends], dtype=np.int64)
        source, target = numbers([a for a, _ in self.ends]), numbers([b for _, b in self.ends])
        self.adjacency = build_adjacency(nodes, source, target, np.zeros(links, dtype=np.bool_))
        self.walked = (self.adjacency.start, self.adjacency.neighbour, self.adjacency.link)

    @property
    def graph(self) -> nx.Graph:
        """What may be passed and taken; ``weight``: the least cost of the links between two."""
        graph = nx.Graph()
        graph.add_nodes_from(np.flatnonzero(self.through).tolist())
        for k, (a, b) in enumerate(self.ends):
            if self.open[k] and self.through[a] and self.through[b] and a != b:
                known = graph.get_edge_data(a, b, {"weight": 99})["weight"]
                graph.add_edge(a, b, weight=min(known, int(self.cost[k])))
        return graph


def first_way(graph: nx.Graph, rank: Ints, one: int, other: int) -> list[int]:
    """Of all shortest paths the first by the ranks of their nodes."""
    return min(nx.all_shortest_paths(graph, one, other), key=lambda way: [int(rank[v]) for v in way])


@pytest.mark.parametrize(("nodes", "links", "many"), [(12, 20, 5), (60, 90, 12), (200, 260, 90)])
@pytest.mark.parametrize("seed", range(6))
def test_every_two_are_joined_by_their_first_shortest_way(nodes: int, links: int, many: int, seed: int) -> None:
    dice = random.Random(seed)
    made = Made(dice, nodes, links)
    chosen = dice.sample(range(nodes), many)
    made.through[chosen] = True
    wanted = np.triu(np.array([[dice.random() < 0.8 for _ in chosen] for _ in chosen]), 1)
    hops = dice.randint(1, 9)
    seen, seers = np.zeros((many, nodes), dtype=np.int8), np.zeros((-(-many // 64), nodes), dtype=np.uint64)
    state, mark = np.zeros(2, dtype=np.int64), np.zeros(nodes, dtype=np.int32)
    rest = (made.through, made.open, made.rank, hops, seen, seers, mark, state, 10**7)
    distance, steps, whole = ways(*made.walked, numbers(chosen), wanted, *rest)
    assert whole
    graph, found = made.graph, dict[tuple[int, int], list[list[int]]]()
    for row in steps.tolist():
        found.setdefault((row[0], row[1]), []).append(row[2:])
    for a in range(many):
        far = nx.single_source_shortest_path_length(graph, chosen[a], cutoff=hops)
        for b in range(a + 1, many):
            expected = far.get(chosen[b], -1) if wanted[a, b] else -1
            assert distance[a, b] == distance[b, a] == expected
            if expected > 0:
                way = found[a, b]
                assert [way[0][0], *(step[1] for step in way)] == first_way(graph, made.rank, chosen[a], chosen[b])
                for start, end, link in way:
                    between = [k for k, ends in enumerate(made.ends) if set(ends) == {start, end} and made.open[k]]
                    assert between == [link] if link >= 0 else len(between) > 1
            else:
                assert (a, b) not in found


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_regions_are_joined_by_a_least_spanning_tree_of_their_distances(seed: int, unit: bool) -> None:
    """Mehlhorn's theorem: the cheapest ways over links between regions weigh as much as those between all sources."""
    dice = random.Random(seed)
    made = Made(dice, 30, 50)
    if unit:
        made.cost[:] = 1
    graph = made.graph
    part = sorted(max(nx.connected_components(graph), key=len))
    chosen = dice.sample(part, min(len(part), 6))
    between = nx.Graph()
    for one in chosen:
        far = nx.single_source_dijkstra_path_length(graph, one)
        between.add_weighted_edges_from((one, other, far[other]) for other in chosen if other != one)
    tree = nx.minimum_spanning_tree(between)
    most = max(data["weight"] for _, _, data in tree.edges(data=True))
    cost = np.zeros(0, dtype=np.int64) if unit else made.cost
    for bound in (most, 10**6):
        joins, paid, before = regions(
            *made.walked, numbers(chosen), np.arange(len(chosen), dtype=np.int32), len(chosen), made.through, made.open,
            cost, bound, made.rank, np.zeros(2, dtype=np.int64), 10**7
        )  # fmt: skip
        assert len(joins) == len(chosen) - 1
        assert int(paid.sum()) == tree.size(weight="weight")
        steps = {tuple(sorted(join)) for join in joins.tolist()}
        for node in joins.ravel().tolist():
            child = node
            while before[child] >= 0:
                steps.add(tuple(sorted((child, int(before[child])))))
                child = int(before[child])
        made_of = nx.Graph(steps)
        assert nx.is_tree(made_of)
        assert set(chosen) <= set(made_of)
        assert all(graph.has_edge(*step) for step in steps)


def test_sources_of_one_region_are_not_joined_with_each_other() -> None:
    """0 and 1 are one region, 4 another, on the chain 0-1-2-3-4: only 1 and 4 are joined, over the middle."""
    source, target = numbers([0, 1, 2, 3]), numbers([1, 2, 3, 4])
    adjacency = build_adjacency(5, source, target, np.zeros(4, dtype=np.bool_))
    rank, none = np.arange(5, dtype=np.int32), np.zeros(0, dtype=np.int64)
    joins, paid, _ = regions(
        adjacency.start, adjacency.neighbour, adjacency.link, numbers([0, 1, 4]), numbers([0, 0, 1]), 2, ALL, ALL, none,
        99, rank, np.zeros(2, dtype=np.int64), 100
    )  # fmt: skip
    assert paid.tolist() == [3]
    assert len(joins) == 1


def test_a_stopped_search_says_so() -> None:
    made = Made(random.Random(1), 2_000, 40_000)
    chosen = numbers(list(range(20)))
    wanted = np.triu(np.ones((20, 20), dtype=np.bool_), 1)
    for called, limit in ((0, 500), (CALLED_OFF, 10**9)):
        seen, seers = np.zeros((20, 2_000), dtype=np.int8), np.zeros((1, 2_000), dtype=np.uint64)
        state, mark = np.array([called, 0], dtype=np.int64), np.zeros(2_000, dtype=np.int32)
        distance, _, whole = ways(*made.walked, chosen, wanted, ALL, ALL, made.rank, 8, seen, seers, mark, state, limit)
        assert not whole
        assert (distance < 0).any()
        joins, _, _ = regions(
            *made.walked, chosen, chosen, 20, ALL, ALL, made.cost, 10**6, made.rank, state, limit
        )  # fmt: skip
        assert len(joins) < 19 or state[1] < 10_000
