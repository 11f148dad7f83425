"""Steps and distances against NetworkX and against the matrix."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from graph_service.network.budget import CALLED_OFF
from graph_service.network.compiled import available
from tests.unit.network.simple import PLENTY, fresh, random_graph, rows

pytestmark = pytest.mark.skipif(not available("numba"), reason="the kernels need numba")


@pytest.mark.parametrize("seed", range(8))
def test_farness_and_distances_are_those_of_networkx(seed: int) -> None:
    from graph_service.network.kernels.walking import farness, from_each

    dice = random.Random(seed)
    for _ in range(20):
        graph = random_graph(dice)
        made = rows(graph)
        far = dict(nx.all_pairs_shortest_path_length(graph))
        total, reached = farness(made.start, made.neighbour, fresh(), PLENTY)
        assert total.tolist() == [sum(far[node].values()) for node in graph]
        assert reached.tolist() == [len(far[node]) - 1 for node in graph]
        sources = np.array([node for node in graph if dice.random() < 0.5], dtype=np.int32)
        distance = from_each(made.start, made.neighbour, sources, fresh(), PLENTY)
        assert distance.tolist() == [[far[source].get(node, -1) for node in graph] for source in sources.tolist()]


def test_one_step_is_the_matrix_times_the_vector() -> None:
    from graph_service.network.kernels.walking import gather

    dice = random.Random(1)
    for _ in range(20):
        graph = random_graph(dice)
        made = rows(graph)
        ends = zip(made.low.tolist(), made.high.tolist(), strict=True)
        weight = np.array([graph[low][high]["weight"] for low, high in ends], dtype=np.float64)
        value = np.array([dice.random() for _ in graph])
        matrix = np.zeros((len(graph), len(graph)))
        matrix[made.low, made.high] = matrix[made.high, made.low] = weight
        state = fresh()
        stepped = gather(made.start, made.neighbour, weight[made.link], value, state, PLENTY)
        assert stepped == pytest.approx(matrix @ value)
        assert state[1] == 2 * len(made.low)


def test_they_stop_when_called_off() -> None:
    from graph_service.network.kernels.walking import farness, from_each, gather

    made = rows(nx.complete_graph(5))
    ties, off = (made.start, made.neighbour), fresh(CALLED_OFF)
    assert farness(*ties, off, PLENTY)[0].tolist() == [0] * 5
    assert from_each(*ties, np.array([2], dtype=np.int32), off, PLENTY).tolist() == [[-1] * 5]
    assert gather(*ties, np.ones(20), np.ones(5), off, PLENTY).tolist() == [0.0] * 5
    assert off[1] == 0
