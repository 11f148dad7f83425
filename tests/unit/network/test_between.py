"""Shortest ways from many to many over ground with bars, against NetworkX on hundreds of random multigraphs."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from graph_service.model.answer import Limits
from graph_service.network.adjacency import EITHER, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.search import Between, Outcome, ShortestLinks, shortest_links
from graph_service.network.view import View
from tests.unit.network.tables import plain_network, plain_view
from tests.unit.network.walkable import numbers

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled search needs numba")

Step = tuple[int, int, int]


class Asked:
    """A random multigraph, two sets of ends, and bars on its nodes and links."""

    def __init__(self, dice: random.Random) -> None:
        nodes = dice.randint(2, 18)
        many = int(nodes * dice.choice([0.6, 1, 1.6, 3]))
        self.ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(many)]
        self.ends += [dice.choice(self.ends) for _ in range(dice.randint(0, 3)) if self.ends]
        self.kinds = [dice.choice(["REPRESENTS", "ASSOCIATE_OF"]) for _ in self.ends]
        self.way = dice.choice([FORWARD, EITHER])
        self.through = np.array([dice.random() < 0.75 for _ in range(nodes)], dtype=np.bool_)
        self.open = np.array([dice.random() < 0.85 for _ in self.ends], dtype=np.bool_)
        some = dice.sample(range(nodes), min(nodes, dice.randint(2, 6)))
        cut = dice.randint(1, len(some) - 1)
        self.sources, self.targets = some[:cut], some[cut:]
        self.view = plain_view(nodes, self.ends, self.kinds)

    @property
    def between(self) -> Between:
        """As the search takes it."""
        return Between(numbers(self.sources), numbers(self.targets), self.way, self.through, self.open)

    @property
    def graph(self) -> nx.MultiDiGraph:
        """What may be walked: links that are open, turned the ways they lead, among ends and those not barred."""
        graph = nx.MultiDiGraph()
        graph.add_nodes_from([*np.flatnonzero(self.through).tolist(), *self.sources, *self.targets])
        for link, (a, b) in enumerate(self.ends):
            if self.open[link] and a in graph and b in graph:
                graph.add_edge(a, b, link)
                if self.way == EITHER or self.kinds[link] == "ASSOCIATE_OF":
                    graph.add_edge(b, a, link)
        return graph


def by_pairs(asked: Asked) -> tuple[int | None, set[Step]]:
    """The distance of the nearest pair, and every (from, link, to) on a shortest way of any pair so near.

    A shortest way of the nearest pair passes no other end: from there it would be shorter still."""
    graph, found = asked.graph, dict[int, set[Step]]()
    back_of = {end: nx.single_source_shortest_path_length(graph.reverse(), end) for end in asked.targets}
    for start in asked.sources:
        out = nx.single_source_shortest_path_length(graph, start)
        for end in asked.targets:
            back = back_of[end]
            if end in out:
                found.setdefault(out[end], set()).update(
                    (a, link, b)
                    for a, b, link in graph.edges(keys=True)
                    if a in out and b in back and out[a] + 1 + back[b] == out[end]
                )
    return (min(found), found[min(found)]) if found else (None, set())


def steps(found: ShortestLinks) -> set[Step]:
    rows = [(int(a), int(link), int(b)) for a, link, b in found.steps]
    assert len(rows) == len(set(rows))
    return set(rows)


@pytest.mark.parametrize("seed", range(10))
def test_from_many_to_many_over_bars_they_are_the_links_of_the_nearest_pairs(seed: int) -> None:
    dice, met, apart, barred = random.Random(seed), 0, 0, 0
    for _ in range(60):
        asked = Asked(dice)
        distance, expected = by_pairs(asked)
        found = shortest_links(asked.view, asked.between, 255, Budget())
        assert (found.distance, steps(found), found.complete) == (distance, expected, True)
        assert found.outcome is (Outcome.EXHAUSTED if distance is None else Outcome.MET)
        met, apart = met + bool(expected), apart + (distance is None)
        if distance is not None and distance > 1:
            bound = shortest_links(asked.view, asked.between, distance - 1, Budget())
            assert (bound.outcome, bound.distance, len(bound.steps)) == (Outcome.BOUND, distance, 0)
        free = Between(asked.between.sources, asked.between.targets, asked.way)
        barred += steps(shortest_links(asked.view, free, 255, Budget())) != expected
    assert met > 20
    assert apart > 5
    assert barred > 5, "bars that change nothing would say nothing"


def test_bars_that_bar_nothing_change_nothing() -> None:
    dice = random.Random(1)
    for _ in range(100):
        asked = Asked(dice)
        nodes = len(asked.through)
        ends = (numbers(asked.sources), numbers(asked.targets), asked.way)
        everything = Between(*ends, np.ones(nodes, np.bool_), np.ones(len(asked.ends), np.bool_))
        free, open_ = (shortest_links(asked.view, one, 255, Budget()) for one in (Between(*ends), everything))
        assert (free.outcome, free.distance) == (open_.outcome, open_.distance)
        assert steps(free) == steps(open_)


def test_turned_round_it_is_the_same_backwards() -> None:
    """Either way, the links from the targets to the sources are those there, walked against."""
    dice = random.Random(2)
    for _ in range(100):
        asked = Asked(dice)
        there = Between(numbers(asked.sources), numbers(asked.targets), EITHER, asked.through, asked.open)
        back = Between(numbers(asked.targets), numbers(asked.sources), EITHER, asked.through, asked.open)
        one, other = (shortest_links(asked.view, each, 255, Budget()) for each in (there, back))
        assert one.distance == other.distance
        assert steps(one) == {(b, link, a) for a, link, b in steps(other)}


def test_an_end_that_may_not_be_passed_is_still_an_end() -> None:
    view = plain_view(4, [(0, 1), (1, 2), (2, 3)])
    nobody = np.zeros(4, dtype=np.bool_)
    found = shortest_links(view, Between(numbers([0]), numbers([1]), EITHER, nobody), 8, Budget())
    assert steps(found) == {(0, 0, 1)}
    parted = shortest_links(view, Between(numbers([0]), numbers([3]), EITHER, nobody), 8, Budget())
    assert (parted.outcome, parted.distance) == (Outcome.EXHAUSTED, None)


def test_of_parallel_links_only_those_that_may_be_taken_are_walked() -> None:
    view = plain_view(3, [(0, 1), (0, 1), (0, 1), (1, 2), (1, 2)])
    some = np.array([True, False, True, False, True])
    found = shortest_links(view, Between(numbers([0]), numbers([2]), FORWARD, open=some), 8, Budget())
    assert steps(found) == {(0, 0, 1), (0, 2, 1), (1, 4, 2)}


def test_whatever_the_budget_no_bar_is_broken() -> None:
    dice, stopped = random.Random(3), 0
    for _ in range(20):
        asked = Asked(dice)
        whole = steps(shortest_links(asked.view, asked.between, 255, Budget()))
        for links in range(1, 100, 4):
            found = shortest_links(asked.view, asked.between, 255, Budget(Limits(links=links)))
            assert steps(found) <= whole
            stopped += found.outcome is Outcome.BUDGET
            if found.outcome is Outcome.MET:
                assert found.complete == (steps(found) == whole)
    assert stopped > 20


def test_half_of_a_big_star_against_the_other_half() -> None:
    """A hundred thousand sources and as many targets round one hub: every link lies on a shortest way."""
    tips = 200_000
    view = View(plain_network(tips + 1, np.zeros(tips, np.int64), np.arange(1, tips + 1)))
    half = tips // 2
    sources, targets = (np.arange(*span, dtype=np.int32) for span in ((1, half + 1), (half + 1, tips + 1)))
    found = shortest_links(view, Between(sources, targets, EITHER), 2, Budget())
    assert (found.outcome, found.distance, len(found.steps)) == (Outcome.MET, 2, tips)
    hub = np.ones(tips + 1, dtype=np.bool_)
    hub[0] = False
    assert shortest_links(view, Between(sources, targets, EITHER, hub), 2, Budget()).outcome is Outcome.EXHAUSTED
