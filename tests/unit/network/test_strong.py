"""Strong components and bridges against NetworkX, on long chains too, and their budget."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from graph_service.network.budget import CALLED_OFF
from graph_service.network.compiled import available
from tests.unit.network.simple import PLENTY, directed_rows, fresh, random_graph, rows

pytestmark = pytest.mark.skipif(not available("numba"), reason="the kernels need numba")


def strong_parts(graph: nx.DiGraph, stopped: int = 0, budget: int = PLENTY) -> set[frozenset[int]]:
    from graph_service.network.kernels.strong import strong_components

    parts: dict[int, set[int]] = {}
    for node, label in enumerate(strong_components(*directed_rows(graph), fresh(stopped), budget).tolist()):
        parts.setdefault(label, set()).add(node)
    return {frozenset(part) for part in parts.values()}


@pytest.mark.parametrize("seed", range(10))
def test_strong_components_are_those_of_networkx(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(30):
        chance = dice.choice([0.0, 0.03, 0.06, 0.1, 0.3])
        graph = nx.gnp_random_graph(dice.randint(0, 30), chance, seed=dice.randrange(2**31), directed=True)
        graph.add_edges_from((node, node) for node in graph if dice.random() < 0.1)
        assert strong_parts(graph) == set(map(frozenset, nx.strongly_connected_components(graph)))


def test_a_ring_of_a_hundred_thousand_is_one_and_a_chain_is_none() -> None:
    ring = nx.cycle_graph(100_000, create_using=nx.DiGraph)
    assert len(strong_parts(ring)) == 1
    ring.remove_edge(99_999, 0)
    assert len(strong_parts(ring)) == 100_000


def test_who_was_not_reached_is_alone() -> None:
    ring = nx.cycle_graph(50, create_using=nx.DiGraph)
    assert len(strong_parts(ring, stopped=CALLED_OFF)) == 50
    assert len(strong_parts(ring, budget=10)) == 50


@pytest.mark.parametrize("seed", range(10))
def test_bridges_are_those_of_networkx(seed: int) -> None:
    from graph_service.network.kernels.strong import bridges

    dice = random.Random(seed)
    for _ in range(30):
        graph = random_graph(dice)
        made = rows(graph)
        cut = bridges(made.start, made.neighbour, made.link, len(made.low), fresh(), PLENTY)
        found = set(zip(made.low[cut].tolist(), made.high[cut].tolist(), strict=True))
        assert found == {(min(tie), max(tie)) for tie in nx.bridges(graph)}


def test_every_tie_of_a_long_chain_is_a_bridge_until_it_is_called_off() -> None:
    from graph_service.network.kernels.strong import bridges

    made = rows(nx.path_graph(100_000))
    assert np.all(bridges(made.start, made.neighbour, made.link, 99_999, fresh(), PLENTY))
    assert not np.any(bridges(made.start, made.neighbour, made.link, 99_999, fresh(CALLED_OFF), PLENTY))
