"""The kernels that join many nodes: distances against NetworkX, and the first way by rank."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

pytest.importorskip("numba")

from graph_service.network.budget import CALLED_OFF
from graph_service.network.columns import Ints
from graph_service.network.kernels.connecting import ways
from tests.unit.network.walkable import ALL, Made, numbers


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
    distance, steps, whole = ways(
        *made.walked, numbers(chosen), wanted, made.through, made.open, made.rank, hops, seen, seers, mark, state, 10**7
    )
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


def test_a_stopped_search_says_so() -> None:
    made = Made(random.Random(1), 2_000, 40_000)
    wanted = np.triu(np.ones((20, 20), dtype=np.bool_), 1)
    for called, limit in ((0, 500), (CALLED_OFF, 10**9)):
        seen, seers = np.zeros((20, 2_000), dtype=np.int8), np.zeros((1, 2_000), dtype=np.uint64)
        state, mark = np.array([called, 0], dtype=np.int64), np.zeros(2_000, dtype=np.int32)
        chosen = np.arange(20, dtype=np.int32)
        distance, _, whole = ways(*made.walked, chosen, wanted, ALL, ALL, made.rank, 8, seen, seers, mark, state, limit)
        assert not whole
        assert (distance < 0).any()
