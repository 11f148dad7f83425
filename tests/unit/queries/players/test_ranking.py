"""Order by score: equals stay equal whatever their last digits say."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.players.ranking import ranked


def told(*score: float) -> tuple[list[int], list[int]]:
    order, rank = ranked(np.array(score, dtype=np.float64))
    return order.tolist(), rank.tolist()


def test_the_highest_comes_first_and_equals_share_the_better_rank() -> None:
    assert told(1, 3, 2, 3, 0) == ([1, 3, 2, 0, 4], [4, 1, 3, 1, 5])


def test_nothing_is_ranked_of_nothing() -> None:
    assert told() == ([], [])


@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_sums_that_differ_in_the_last_digits_are_equal(scale: float) -> None:
    one, other = 0.3 * scale, (0.1 + 0.1 + 0.1) * scale
    assert one < other
    assert told(one, other, 0) == ([0, 1, 2], [1, 1, 3])


@given(st.lists(st.integers(0, 6), max_size=30))
def test_ranks_of_whole_numbers_are_one_more_than_those_above(score: list[int]) -> None:
    _, rank = told(*score)
    assert rank == [1 + sum(other > one for other in score) for one in score]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=30), st.integers(0, 2**31))
def test_noise_below_the_tolerance_changes_nothing(score: list[int], seed: int) -> None:
    noise = np.random.default_rng(seed).uniform(-1e-10, 1e-10, len(score))
    assert told(*(np.array(score) + noise).tolist()) == told(*map(float, score))


def test_the_symmetric_are_equals_by_betweenness() -> None:
    """All nodes of a ring are alike; NetworkX's sums for them differ in the last digit or not, the ranks do not."""
    ring = nx.betweenness_centrality(nx.cycle_graph(31))
    assert set(told(*ring.values())[1]) == {1}
