"""Least cuts: against every set of nodes on small graphs, and NetworkX on larger ones."""

from __future__ import annotations

import random
from itertools import combinations

import networkx as nx
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import Budget
from queries.groups.vertex_cut import least_cut

Steps = list[tuple[int, int]]


def layered(dice: random.Random, left: int, middle: int, right: int, share: float) -> tuple[int, Steps]:
    """Random steps from the left to the right, straight or through the middle."""
    nodes = left + middle + right
    steps = [
        (one, other)
        for one in range(left + middle)
        for other in range(left if one < left else left + middle, nodes)
        if dice.random() < share
    ]
    return nodes, steps


def parted(nodes: int, steps: Steps, left: int, right: int, gone: frozenset[int]) -> bool:
    """Whether no way from a left node to a right one is left without some nodes."""
    graph = nx.DiGraph((one, other) for one, other in steps if not {one, other} & gone)
    graph.add_nodes_from(set(range(nodes)) - gone)
    starts = set(range(left)) - gone
    reached = starts.union(*(nx.descendants(graph, one) for one in starts))
    return not reached & (set(range(nodes - right, nodes)) - gone)


@pytest.mark.parametrize("seed", range(80))
def test_no_smaller_set_parts_the_sides_and_this_one_does(seed: int) -> None:
    dice = random.Random(seed)
    left, middle, right = dice.randint(1, 4), dice.randint(0, 4), dice.randint(1, 4)
    nodes, steps = layered(dice, left, middle, right, dice.choice([0.2, 0.5, 0.8]))
    with Budget() as budget:
        cut = least_cut(nodes, steps, left, right, budget)
    assert cut is not None
    assert parted(nodes, steps, left, right, frozenset(cut))
    for size in range(len(cut)):
        assert not any(parted(nodes, steps, left, right, frozenset(few)) for few in combinations(range(nodes), size))


@pytest.mark.parametrize("seed", range(5))
def test_as_many_as_networkx_finds_disjoint_ways(seed: int) -> None:
    dice = random.Random(seed)
    nodes, steps = layered(dice, 30, 60, 30, 0.03)
    graph = nx.DiGraph(steps)
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(("start", node) for node in range(30))
    graph.add_edges_from((node, "end") for node in range(90, 120))
    with Budget() as budget:
        cut = least_cut(nodes, steps, 30, 30, budget)
    assert cut is not None
    assert len(cut) == len(list(nx.node_disjoint_paths(graph, "start", "end")))


def test_of_several_least_cuts_the_one_nearest_to_the_right() -> None:
    with Budget() as budget:
        assert least_cut(3, [(0, 1), (1, 2)], 1, 1, budget) == [2]
        assert least_cut(4, [(0, 1), (1, 2), (1, 3)], 1, 2, budget) == [1]
        assert least_cut(2, [], 1, 1, budget) == []


def test_a_spent_budget_gives_none_and_calling_off_raises() -> None:
    with Budget(Limits(links=1)) as budget:
        assert least_cut(3, [(0, 1), (1, 2)], 1, 1, budget) is None
    budget.call_off()
    with pytest.raises(Cancelled):
        least_cut(3, [(0, 1), (1, 2)], 1, 1, budget)
