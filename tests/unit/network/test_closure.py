"""Triangles and Burt's constraint against NetworkX."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from graph_service.network.budget import CALLED_OFF, STRIDE
from graph_service.network.compiled import available
from tests.unit.network.simple import PLENTY, fresh, random_graph, rows

pytestmark = pytest.mark.skipif(not available("numba"), reason="the kernels need numba")


@pytest.mark.parametrize("seed", range(10))
def test_triangles_and_constraint_are_those_of_networkx(seed: int) -> None:
    from graph_service.network.kernels.closure import constraint, triangles

    dice = random.Random(seed)
    for _ in range(20):
        graph = random_graph(dice)
        made = rows(graph)
        closed = triangles(made.start, made.neighbour, fresh(), PLENTY)
        assert dict(enumerate(closed.tolist())) == nx.triangles(graph)
        ends = zip(made.low.tolist(), made.high.tolist(), strict=True)
        weight = np.array([graph[low][high]["weight"] for low, high in ends])
        found = constraint(made.start, made.neighbour, weight[made.link], fresh(), PLENTY)
        expected = nx.constraint(graph, nodes=list(graph), weight="weight")
        assert found == pytest.approx([expected[node] for node in graph], abs=1e-9, nan_ok=True)


def test_a_pair_is_wholly_constrained_and_a_star_hardly() -> None:
    """Burt's own extremes: all effort in one contact is 1; n contacts that do not know each other are 1 / n."""
    from graph_service.network.kernels.closure import constraint

    for leaves in (1, 4, 10):
        made = rows(nx.star_graph(leaves))
        found = constraint(made.start, made.neighbour, np.ones(2 * leaves), fresh(), PLENTY)
        assert found[0] == pytest.approx(1 / leaves)


def test_they_stop_when_told() -> None:
    from graph_service.network.kernels.closure import constraint, triangles

    made = rows(nx.complete_graph(100))
    state = fresh(CALLED_OFF)
    triangles(made.start, made.neighbour, state, PLENTY)
    assert 0 < state[1] < 99 * 100 * 20
    state = fresh()
    found = constraint(made.start, made.neighbour, np.ones(9_900), state, STRIDE)
    assert STRIDE <= state[1] < 3 * STRIDE
    assert np.isnan(found[-1])
