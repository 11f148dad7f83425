"""Compiled loops: union-find against NetworkX, its budget, and compiling ahead."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from graph_service.network.budget import CALLED_OFF, OUT_OF_TIME, STRIDE
from graph_service.network.compiled import available
from graph_service.network.warm import warm_up

pytestmark = pytest.mark.skipif(not available("numba"), reason="the kernels need numba")


def labels(nodes: int, ends: list[tuple[int, int]], state: np.ndarray | None = None, budget: int = 10**9) -> list[int]:
    from graph_service.network.kernels.components import union_find

    pairs = np.array(ends, dtype=np.int32).reshape(-1, 2)
    spent = np.zeros(2, dtype=np.int64) if state is None else state
    made: list[int] = union_find(nodes, pairs[:, 0].copy(), pairs[:, 1].copy(), spent, budget).tolist()
    return made


@pytest.mark.parametrize("seed", range(10))
def test_components_are_those_of_networkx_named_by_the_least(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        nodes = dice.randint(1, 60)
        many = int(nodes * dice.choice([0, 0.3, 0.6, 1, 3]))
        ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(many)]
        graph = nx.Graph(ends)
        graph.add_nodes_from(range(nodes))
        least = {node: min(part) for part in nx.connected_components(graph) for node in part}
        assert labels(nodes, ends) == [least[node] for node in range(nodes)]


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_a_long_chain_in_any_order(order: str) -> None:
    ends = [(n, n + 1) for n in range(99_999)]
    if order == "descending":
        ends.reverse()
    elif order == "shuffled":
        random.Random(1).shuffle(ends)
    assert set(labels(100_000, ends)) == {0}


def test_nothing_at_all() -> None:
    assert labels(0, []) == []
    assert labels(3, []) == [0, 1, 2]


def test_every_link_is_counted_once() -> None:
    state = np.zeros(2, dtype=np.int64)
    labels(10, [(0, 1)] * (2 * STRIDE + 5), state)
    assert state.tolist() == [0, 2 * STRIDE + 5]


@pytest.mark.parametrize("stopped", [OUT_OF_TIME, CALLED_OFF])
def test_it_stops_when_told(stopped: int) -> None:
    state = np.array([stopped, 0], dtype=np.int64)
    assert labels(3, [(0, 1), (1, 2)], state) == [0, 1, 2]
    assert state[1] == 0


def test_it_stops_at_the_budget_with_whole_strides() -> None:
    state = np.zeros(2, dtype=np.int64)
    chain = [(n, n + 1) for n in range(4 * STRIDE)]
    made = labels(4 * STRIDE + 1, chain, state, budget=STRIDE + 1)
    assert state[1] == 2 * STRIDE
    assert made == [0] * (2 * STRIDE + 1) + list(range(2 * STRIDE + 1, 4 * STRIDE + 1))


def test_compiling_ahead_takes_a_time_and_the_second_time_hardly_any() -> None:
    assert warm_up() > 0
    assert warm_up() < 1
