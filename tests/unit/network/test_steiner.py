"""The kernel of small trees, against the least spanning tree of all distances."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

pytest.importorskip("numba")

from graph_service.network.adjacency import build_adjacency
from graph_service.network.budget import CALLED_OFF
from graph_service.network.kernels.steiner import regions
from tests.unit.network.walkable import ALL, Made, numbers


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_regions_are_joined_by_a_least_spanning_tree_of_their_distances(seed: int, unit: bool) -> None:
    """Mehlhorn's theorem: the cheapest ways over links between regions weigh as much as those between all sources."""
    dice = random.Random(seed)
    made = Made(dice, 30, 50)
    if unit:
        made.cost[:] = 1
    graph = made.graph
    part = min(map(sorted, nx.connected_components(graph)), key=lambda some: (-len(some), some))
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


def test_a_stopped_search_joins_what_it_knows() -> None:
    """A chain of 50,000 between two: with a budget of 10,000 links, or called off, they are not joined."""
    source, target = np.arange(50_000, dtype=np.int32), np.arange(1, 50_001, dtype=np.int32)
    adjacency = build_adjacency(50_001, source, target, np.zeros(50_000, dtype=np.bool_))
    rank, none, ends = np.arange(50_001, dtype=np.int32), np.zeros(0, dtype=np.int64), numbers([0, 50_000])
    for called, limit, many in ((0, 10_000, 0), (CALLED_OFF, 10**9, 0), (0, 10**9, 1)):
        state = np.array([called, 0], dtype=np.int64)
        walked = (adjacency.start, adjacency.neighbour, adjacency.link)
        joins, _, _ = regions(*walked, ends, numbers([0, 1]), 2, ALL, ALL, none, 10**6, rank, state, limit)
        assert len(joins) == many
        assert many or state[1] < 20_000
