"""Peeling: core numbers and truss numbers against NetworkX, and their budget."""

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
def test_core_numbers_and_a_degeneracy_order(seed: int) -> None:
    from graph_service.network.kernels.cores import core_numbers

    dice = random.Random(seed)
    for _ in range(30):
        graph = random_graph(dice)
        made = rows(graph)
        core, order = core_numbers(made.start, made.neighbour, fresh(), PLENTY)
        assert dict(enumerate(core.tolist())) == nx.core_number(graph)
        assert sorted(order.tolist()) == list(graph)
        place = {node: step for step, node in enumerate(order.tolist())}
        later = [sum(place[other] > place[node] for other in graph[node]) for node in graph]
        assert max(later, default=0) == core.max(initial=0)


@pytest.mark.parametrize("seed", range(6))
def test_truss_numbers_by_networkx_k_by_k(seed: int) -> None:
    from graph_service.network.kernels.cores import truss_numbers

    dice = random.Random(seed)
    for _ in range(20):
        graph = random_graph(dice, 24)
        made = rows(graph)
        found = truss_numbers(made.start, made.neighbour, made.link, made.low, made.high, fresh(), PLENTY)
        truss = {(int(low), int(high)): int(k) for low, high, k in zip(made.low, made.high, found, strict=True)}
        for k in range(2, max(truss.values(), default=2) + 2):
            inside = {(min(tie), max(tie)) for tie in nx.k_truss(graph, k).edges()}
            assert inside == {tie for tie, depth in truss.items() if depth >= k}, k


def test_a_clique_of_n_is_an_n_truss_and_an_n_less_one_core() -> None:
    from graph_service.network.kernels.cores import core_numbers, truss_numbers

    made = rows(nx.complete_graph(9))
    assert set(core_numbers(made.start, made.neighbour, fresh(), PLENTY)[0].tolist()) == {8}
    truss = truss_numbers(made.start, made.neighbour, made.link, made.low, made.high, fresh(), PLENTY)
    assert set(truss.tolist()) == {9}


def test_peeling_stops_when_told_and_counts_what_it_looked_at() -> None:
    from graph_service.network.kernels.cores import core_numbers, truss_numbers

    made = rows(nx.cycle_graph(3 * STRIDE))
    state = fresh()
    core_numbers(made.start, made.neighbour, state, PLENTY)
    assert state[1] == len(made.neighbour)
    state = fresh()
    core_numbers(made.start, made.neighbour, state, STRIDE)
    assert STRIDE <= state[1] < len(made.neighbour)
    truss = truss_numbers(made.start, made.neighbour, made.link, made.low, made.high, fresh(CALLED_OFF), PLENTY)
    assert np.array_equal(truss, np.full(3 * STRIDE, 2))
