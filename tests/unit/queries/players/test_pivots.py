"""Pivots: as many as the budget affords, drawn evenly, and good estimates of what all would give."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest

from graph_service.model.answer import Limits
from queries.players.pivots import FEWEST, MOST, affordable, pivot_nodes


def test_a_small_network_is_measured_from_all() -> None:
    assert affordable(50, 100, 10, Limits()) == 50
    assert pivot_nodes(50, 50, 1).tolist() == list(range(50))


@pytest.mark.parametrize("searches", [1, 10, 1_000])
def test_what_is_afforded_fits_the_budget_or_is_the_fewest(searches: int) -> None:
    limits = Limits(links=20_000_000)
    many = affordable(100_000, 5_000, searches, limits)
    assert FEWEST <= many <= MOST
    assert many == FEWEST or many * 2 * 5_000 * searches <= limits.links


def test_more_budget_affords_more() -> None:
    afforded = [affordable(10_000, 20_000, 5, Limits(links=10**power)) for power in range(6, 11)]
    assert afforded == sorted(afforded)
    assert (afforded[0], afforded[-1]) == (FEWEST, MOST)


def test_a_network_without_ties_costs_nothing() -> None:
    assert affordable(300, 0, 5, Limits()) == 300
    assert affordable(0, 0, 0, Limits()) == 0


def test_pivots_are_drawn_evenly_each_once_and_by_the_seed_alone() -> None:
    """Over 3,000 seeds each of 20 nodes is among 5 pivots a quarter of the time, within four standard errors."""
    drawn = Counter(node for seed in range(3_000) for node in pivot_nodes(20, 5, seed).tolist())
    assert len(set(pivot_nodes(20, 5, 1).tolist())) == 5
    assert pivot_nodes(20, 5, 1, 2).tolist() == pivot_nodes(20, 5, 1, 2).tolist()
    assert pivot_nodes(20, 5, 1, 2).tolist() != pivot_nodes(20, 5, 1, 3).tolist()
    for node in range(20):
        assert abs(drawn[node] / 3_000 - 0.25) <= 4 * (0.25 * 0.75 / 3_000) ** 0.5


def test_what_pivots_estimate_is_what_all_give_on_average() -> None:
    graph = nx.barabasi_albert_graph(40, 2, seed=1)
    exact = nx.betweenness_centrality(graph, normalized=False)
    hub = max(exact, key=lambda node: exact[node])
    found = [
        nx.betweenness_centrality_subset(graph, pivot_nodes(40, 10, seed).tolist(), list(graph), normalized=False)[hub]
        for seed in range(200)
    ]
    assert np.mean(found) * 4 == pytest.approx(exact[hub], rel=0.03)
