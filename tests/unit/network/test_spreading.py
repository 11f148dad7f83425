"""The kernels that spread out: against NetworkX's distances and every way by definition; ties, bounds, budget."""

from __future__ import annotations

import random
from collections.abc import Iterator

import networkx as nx
import numpy as np
import pytest

pytest.importorskip("numba")

from graph_service.network.adjacency import Adjacency, Offsets, build_adjacency
from graph_service.network.budget import CALLED_OFF, STRIDE
from graph_service.network.columns import Ints
from graph_service.network.kernels.spreading import cheapest, leading_on, spread
from tests.unit.network.walkable import ALL, numbers


def forward(adjacency: Adjacency) -> tuple[Offsets, Offsets, Ints, Ints]:
    return adjacency.start[:-1], adjacency.incoming, adjacency.neighbour, adjacency.link


class Made:
    """A random directed graph with costs, some nodes that may not be passed and some links that may not be taken."""

    def __init__(self, dice: random.Random, nodes: int, links: int) -> None:
        self.nodes = nodes
        self.ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(links)]
        self.cost = np.array([dice.randint(0, 4) for _ in self.ends], dtype=np.int64)
        self.through = np.array([dice.random() < 0.8 for _ in range(nodes)])
        self.open = np.array([dice.random() < 0.9 for _ in self.ends], dtype=np.bool_)
        source, target = numbers([a for a, _ in self.ends]), numbers([b for _, b in self.ends])
        self.adjacency = build_adjacency(nodes, source, target, np.zeros(links, dtype=np.bool_))

    def ways(self, source: int, max_hops: int) -> Iterator[tuple[list[int], int]]:
        """Every simple way from a node, with its cost."""

        def on(way: list[int], spent: int) -> Iterator[tuple[list[int], int]]:
            yield way, spent
            here = way[-1]
            if len(way) > max_hops or (len(way) > 1 and not self.through[here]):
                return
            for k, (a, b) in enumerate(self.ends):
                if a == here and b not in way and self.open[k]:
                    yield from on([*way, b], spent + int(self.cost[k]))

        yield from on([source], 0)


@pytest.mark.parametrize("seed", range(30))
def test_spreading_is_breadth_first_and_ties_go_to_the_least_rank(seed: int) -> None:
    dice = random.Random(seed)
    made = Made(dice, 30, 60)
    rank = numbers(dice.sample(range(30), 30))
    sources, hops = numbers(sorted(dice.sample(range(30), 2))), dice.randint(1, 5)
    graph = nx.DiGraph(
        pair for k, pair in enumerate(made.ends) if made.open[k] and (made.through[pair[0]] or pair[0] in sources)
    )
    graph.add_nodes_from(range(30))
    far = nx.multi_source_dijkstra_path_length(graph, set(sources.tolist()), cutoff=hops, weight=lambda *_: 1)
    place, state = np.full(30, -1, dtype=np.int32), np.zeros(2, dtype=np.int64)
    node, distance, before = spread(
        *forward(made.adjacency), sources, made.through, made.open, rank, hops, place, state, 10_000
    )
    assert dict(zip(node.tolist(), distance.tolist(), strict=True)) == far
    assert (np.diff(distance) >= 0).all()
    assert [int(place[v]) for v in node] == list(range(len(node)))
    for label in range(len(node)):
        v = int(node[label])
        near = [int(rank[u]) for u in graph.predecessors(v) if far.get(u) == far[v] - 1]
        assert (before[label] < 0) if v in sources else (rank[node[before[label]]] == min(near))


@pytest.mark.parametrize("seed", range(30))
def test_the_first_label_of_a_node_is_its_cheapest_way(seed: int) -> None:
    dice = random.Random(seed)
    made = Made(dice, 9, 18)
    rank = numbers(dice.sample(range(9), 9))
    source, hops, most = dice.randrange(9), dice.randint(1, 6), dice.choice([3, 1_000])
    best: dict[int, tuple[int, int, list[int]]] = {}
    for way, spent in made.ways(source, hops):
        key = (spent, len(way) - 1, [int(rank[v]) for v in way[-2::-1]])
        if spent <= most and (way[-1] not in best or key < best[way[-1]]):
            best[way[-1]] = key
    place, state = np.full(9, -1, dtype=np.int32), np.zeros(2, dtype=np.int64)
    node, distance, before, total = cheapest(
        *forward(made.adjacency), numbers([source]), made.through, made.open, rank, made.cost, most, hops, place, state,
        10_000
    )  # fmt: skip
    assert set(node.tolist()) == set(best)
    for v, (spent, links, ranks) in best.items():
        label = int(place[v])
        assert (int(total[label]), int(distance[label])) == (spent, links)
        came = []
        while before[label] >= 0:
            label = int(before[label])
            came.append(int(rank[node[label]]))
        assert came == ranks


def test_what_leads_on_is_counted_where_it_may_be_passed() -> None:
    """0 leads to 1 and 2 and twice to 3; 1 may not be passed; the link from 2 to 3 is closed."""
    ends = [(0, 1), (0, 2), (0, 3), (0, 3), (1, 3), (2, 3), (2, 0)]
    adjacency = build_adjacency(
        4, numbers([a for a, _ in ends]), numbers([b for _, b in ends]), np.zeros(7, dtype=np.bool_)
    )
    place = numbers([0, 1, 2, -1])
    through, opened = np.array([True, False, True, True]), np.array([True] * 5 + [False, True])
    state = np.zeros(2, dtype=np.int64)
    assert leading_on(*forward(adjacency), numbers([0, 1, 2]), place, through, opened, state, 100).tolist() == [2, 0, 0]
    assert state[1] == 6


def test_a_stopped_search_ends_within_a_stride() -> None:
    nodes = 60_000
    source = numbers([0] * 5_000 + list(range(1, nodes - 1)))
    target = numbers(list(range(1, 5_001)) + list(range(2, nodes)))
    adjacency = build_adjacency(nodes, source, target, np.zeros(len(source), dtype=np.bool_))
    rank, cost = np.arange(nodes, dtype=np.int32), np.ones(len(source), dtype=np.int64)
    for called, limit in ((0, 9_000), (CALLED_OFF, 2**40)):
        most = (5_000 if called else limit) + STRIDE
        place, state = np.full(nodes, -1, dtype=np.int32), np.array([called, 0], dtype=np.int64)
        spread(*forward(adjacency), numbers([0]), ALL, ALL, rank, nodes, place, state, limit)
        assert state[1] <= most
        place, state = np.full(nodes, -1, dtype=np.int32), np.array([called, 0], dtype=np.int64)
        cheapest(*forward(adjacency), numbers([0]), ALL, ALL, rank, cost, 2**40, nodes, place, state, limit)
        assert state[1] <= most
