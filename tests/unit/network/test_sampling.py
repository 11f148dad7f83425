"""Random shortest paths: what they estimate is betweenness, and what bounds them."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from graph_service.network.budget import CALLED_OFF
from graph_service.network.compiled import available
from tests.unit.network.simple import PLENTY, fresh, random_graph, rows

pytestmark = pytest.mark.skipif(not available("numba"), reason="the kernels need numba")


def sampled(graph: nx.Graph, samples: int, seed: int = 1, stopped: int = 0) -> tuple[np.ndarray, int]:
    from graph_service.network.kernels.sampling import sampled_paths

    made, draw = rows(graph), np.random.default_rng(seed)
    ends = np.array([draw.choice(len(graph), 2, replace=False) for _ in range(samples)], dtype=np.int32)
    dice = np.array([seed], dtype=np.uint64)
    rows_ = (made.start, made.neighbour)
    found: tuple[np.ndarray, int] = sampled_paths(*rows_, *rows_, ends, dice, fresh(stopped), PLENTY)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_estimate_comes_to_betweenness(seed: int) -> None:
    """Within five standard errors at every node: a share of 20,000 draws is off by 0.0035 at the most, once."""
    dice = random.Random(seed)
    graph = random_graph(dice)
    while len(graph) < 8 or graph.size() < len(graph):
        graph = random_graph(dice)
    nodes, draws = len(graph), 20_000
    through, done = sampled(graph, draws, seed + 1)
    assert done == draws
    pairs = nodes * (nodes - 1) / 2
    expected = [value / pairs for value in nx.betweenness_centrality(graph, normalized=False).values()]
    assert through / draws == pytest.approx(expected, abs=5 * 0.0036)


def test_on_a_chain_every_path_is_known() -> None:
    """Between the two ends of pairs there is one path: node i of n is inside i * (n - 1 - i) of the pairs."""
    through, done = sampled(nx.path_graph(5), 4_000)
    assert through[0] == through[4] == 0
    assert through / done == pytest.approx([0, 3 / 10, 4 / 10, 3 / 10, 0], abs=0.04)


def test_ways_are_drawn_evenly_among_equals() -> None:
    """A square: the two ways between opposite corners, one pair in three, are as likely."""
    through, done = sampled(nx.cycle_graph(4), 12_000)
    assert through / done == pytest.approx([1 / 12] * 4, abs=0.012)
    assert float(through.sum()) / done == pytest.approx(1 / 3, abs=0.02)


def test_the_longest_way_bounds_every_shortest_path() -> None:
    from graph_service.network.kernels.sampling import longest_way

    dice = random.Random(3)
    for _ in range(60):
        graph = random_graph(dice)
        made = rows(graph)
        parts = [nx.diameter(graph.subgraph(part)) + 1 for part in nx.connected_components(graph)]
        bound = longest_way(made.start, made.neighbour, fresh(), PLENTY)
        assert max(parts, default=0) <= bound <= max(2 * max(parts, default=0), 1)
    made = rows(nx.path_graph(9))
    assert longest_way(made.start, made.neighbour, fresh(CALLED_OFF), PLENTY) == 9


def test_it_stops_when_called_off_and_says_how_many_were_drawn() -> None:
    through, done = sampled(nx.cycle_graph(6), 50, stopped=CALLED_OFF)
    assert done == 0
    assert not through.any()
