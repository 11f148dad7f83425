"""Corridors from a view and from a graph: the same options in the same order, and named no sooner than looked at."""

from __future__ import annotations

import random
from itertools import islice

import numpy as np
import pytest

from graph_service.model.answer import Limits
from graph_service.network.adjacency import EITHER, FORWARD
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.compiled import available
from graph_service.network.search import Outcome
from graph_service.network.view import View
from queries.paths.best_first import NO_WAY, Option, Search
from queries.paths.corridors import (
    GraphCorridor,
    GraphWalk,
    SortedOptions,
    ViewCorridor,
    Walk,
    distances,
    in_graph,
    in_view,
    walkable_graph,
)
from queries.paths.costs import Recency, evidence_cost, evidence_costs, hub_toll, hub_tolls
from queries.paths.ground import GraphGround, ground_of, links_at
from queries.paths.rules import Rules
from queries.paths.terms import Terms
from tests.unit.network.tables import Ledger, entity, link
from tests.unit.network.walkable import numbers
from tests.unit.queries.asking import small
from tests.unit.queries.paths.ways import World, world

pytestmark = pytest.mark.skipif(not available("numba"), reason="the corridor of a view needs numba")

TERMS = Terms(hubs="free")
WEIGHT = 0.5


def pair(
    view: View, sources: list[str], targets: list[str], way: int, max_hops: int, *, costly: bool, terms: Terms = TERMS
) -> tuple[tuple[Outcome, ViewCorridor | None], tuple[Outcome, GraphCorridor | None]]:
    """The corridor by the kernels and the one by NetworkX."""
    graph = GraphGround.of(view, terms)
    ends = [numbers(sorted(view.number(one) for one in side)) for side in (sources, targets)]
    walk = Walk(ends[0], ends[1], way, max_hops)
    graph_walk = GraphWalk(frozenset(sources), frozenset(targets), way == FORWARD, max_hops)
    if costly:
        walk = Walk(ends[0], ends[1], way, max_hops, evidence_costs(view, Recency()), hub_tolls(view, WEIGHT))
        tolls = {one: hub_toll(links_at(view.graph, one), WEIGHT) for one in view.graph}
        graph_walk = GraphWalk(
            frozenset(sources),
            frozenset(targets),
            way == FORWARD,
            max_hops,
            lambda data: evidence_cost(float(str(data["probability"]))),
            tolls,
        )
    rules = Rules.of(terms, lambda one: view.codes(view.number(one)))
    return (
        in_view(view, walk, ground_of(view, terms), rules, Budget()),
        in_graph(graph, graph_walk, rules, Budget(), hubs=True),
    )


def chosen(dice: random.Random, made: World) -> tuple[list[str], list[str]]:
    some = dice.sample(sorted(made.kinds), min(len(made.kinds), dice.choice([2, 2, 3, 4])))
    cut = dice.randint(1, len(some) - 1)
    return some[:cut], some[cut:]


@pytest.mark.parametrize("costly", [False, True], ids=["links", "evidence"])
@pytest.mark.parametrize("seed", range(4))
def test_view_and_graph_give_the_same_options_wherever_a_way_comes(seed: int, costly: bool) -> None:
    """Asked as a search asks: wherever a way from a start has come to, with what it has left."""
    dice, met, compared = random.Random(seed), 0, 0
    for _ in range(60):
        made = world(dice)
        sources, targets = chosen(dice, made)
        way, hops = dice.choice([FORWARD, EITHER]), dice.randint(1, 6)
        (outcome, ours), (told, oracle) = pair(made.view, sources, targets, way, hops, costly=costly)
        assert (ours is None) == (oracle is None)
        if ours is None or oracle is None:
            assert outcome in {Outcome.EXHAUSTED, Outcome.BOUND}
            assert outcome is told or outcome is Outcome.BOUND, "a proof that there is none must be right"
            continue
        met += 1
        assert (ours.starts, ours.ends, ours.max_hops, ours.unit) == (
            *(tuple(start for start in oracle.starts if oracle.hops(start) <= hops), oracle.ends),
            *(oracle.max_hops, oracle.unit),
        )
        frontier, seen = [(start, hops) for start in ours.starts], set[tuple[str, int]]()
        while frontier:
            here, left = frontier.pop()
            if (here, left) in seen or here in ours.ends or left == 0:
                continue
            seen.add((here, left))
            assert ours.hops(here) == oracle.hops(here)
            mine, theirs = list(ours.options(here, left)), list(oracle.options(here, left))
            assert mine == sorted(mine)
            assert mine == theirs
            assert ours.least(here, left) == oracle.least(here, left)
            compared += 1
            frontier += [(option.step.entity, left - 1) for option in theirs]
    assert met > 10
    assert compared > 50


@pytest.mark.parametrize("costly", [False, True], ids=["links", "evidence"])
def test_the_ways_through_both_are_the_same(costly: bool) -> None:
    dice, ways = random.Random(9), 0
    for _ in range(80):
        made = world(dice)
        sources, targets = chosen(dice, made)
        way, hops = dice.choice([FORWARD, EITHER]), dice.randint(1, 6)
        (_, ours), (_, oracle) = pair(made.view, sources, targets, way, hops, costly=costly)
        if ours is None or oracle is None:
            continue
        rules = Rules.of(TERMS, lambda _: frozenset())
        found = [list(islice(Search(one, rules, Budget()).ways(), 200)) for one in (ours, oracle)]
        assert found[0] == found[1]
        ways += len(found[0])
    assert ways > 60


def test_past_a_need_both_promise_no_more_links_than_it_takes() -> None:
    dice, compared = random.Random(4), 0
    for _ in range(80):
        made = world(dice)
        [source], [target] = (made_of[:1] for made_of in chosen(dice, made))
        terms = Terms(hubs="free", via=(dice.choice(sorted(made.kinds)),), via_country=("RU",))
        (_, ours), (_, oracle) = pair(made.view, [source], [target], EITHER, 5, costly=False, terms=terms)
        if ours is None or oracle is None:
            continue
        for need in (0, 1):
            mine, theirs = ours.past(need, source), oracle.past(need, source)
            assert mine == theirs or min(mine, theirs) > 5
            compared += theirs <= 5
    assert compared > 20


# Sorted options


def star() -> View:
    """From a to z by 300 entities, to each third of them by two links, named in a shuffled order."""
    middle = [f"m{n:03}" for n in range(300)]
    links = [link(f"{side}{one}", "a", one) for n, one in enumerate(middle) for side in ("xw" if n % 3 == 0 else "x")]
    links += [link(f"y{one}", one, "z") for one in middle]
    random.Random(2).shuffle(links)
    return View(Ledger().put([entity(one) for one in ("z", *reversed(middle), "a")], links).network())


def options_of_a() -> tuple[ViewCorridor, SortedOptions]:
    view = star()
    (_, corridor), _ = pair(view, ["a"], ["z"], EITHER, 2, costly=False)
    assert corridor is not None
    options = corridor.options("a", 2)
    assert isinstance(options, SortedOptions)
    return corridor, options


def test_options_are_named_when_they_are_looked_at_and_not_before() -> None:
    corridor, options = options_of_a()
    assert len(options) == 400
    assert set(corridor.number) == {"a", "z"}
    assert options[1].told == ("m000", "xm000")
    assert set(corridor.number) == {"a", "z", "m000"}
    assert options[399].told == ("m299", "xm299")
    assert set(corridor.number) == {"a", "z", "m000", "m299"}


def test_options_are_a_sequence_in_order_parallel_links_by_id() -> None:
    _, options = options_of_a()
    expected = [(f"m{n:03}", f"{side}m{n:03}") for n in range(300) for side in (("w", "x") if n % 3 == 0 else ("x",))]
    assert [option.told for option in options] == expected
    assert [option.told for option in options[3:9:2]] == expected[3:9:2]
    assert options[10:10] == []
    with pytest.raises(IndexError):
        _ = options[400]
    assert options[-2:] == [options[398], options[399]]
    assert options[5] is options[5], "made once"


def test_parallel_links_of_different_cost_are_parted_by_cost_first() -> None:
    view = View(
        Ledger()
        .put(
            [entity(one) for one in "abz"],
            [link("l1", "a", "b"), link("l0", "a", "b"), link("l9", "b", "z"), link("l2", "a", "b")],
        )
        .network()
    )
    corridor = pair(view, ["a"], ["z"], EITHER, 2, costly=False)[0][1]
    assert corridor is not None
    rows = np.array([[9, 2, 0, 1, 0, 1], [9, 2, 0, 1, 1, 1], [11, 2, 0, 1, 3, 3]], dtype=np.int64)
    options = SortedOptions(corridor, rows)
    assert [(option.cost, option.told[1]) for option in options] == [(9, "l0"), (9, "l1"), (11, "l2")]
    assert options[2] == Option(11, 2, ("b", "l2"), options[2].step)
    assert options[2].step.cost == 3


def test_of_options_that_cost_the_same_the_shorter_way_comes_first() -> None:
    """By b it takes three links and by c two, at 4 in all; by d, also two, at 3; among equals the name decides."""
    view = small("ab bm mz ac cz ad dz ae ez")
    cost = {"ab": 2, "bm": 1, "mz": 1, "ac": 2, "cz": 2, "ad": 1, "dz": 2, "ae": 3, "ez": 1}
    costs = np.array([cost[view.link_id(place)[:2]] for place in range(len(view.links))], dtype=np.int64)
    walk = Walk(numbers([view.number("a")]), numbers([view.number("z")]), FORWARD, 3, costs)
    rules = Rules.of(TERMS, lambda _: frozenset())
    _, corridor = in_view(view, walk, ground_of(view, TERMS), rules, Budget())
    assert corridor is not None
    told = [(option.cost, option.length, option.told[0]) for option in corridor.options("a", 3)]
    assert told == [(3, 2, "d"), (4, 2, "c"), (4, 2, "e"), (4, 3, "b")]
    ways = ["".join(way.entities) for way in Search(corridor, rules, Budget()).ways()]
    assert ways == ["adz", "acz", "aez", "abmz"]


# How it ends without a corridor, and on which graph it stands


@pytest.mark.parametrize(
    ("links", "ends", "hops", "outcome"),
    [("ab cd", "ad", 8, Outcome.EXHAUSTED), ("ab bc cd", "ad", 2, Outcome.BOUND), ("ab", "ab", 1, Outcome.MET)],
)
def test_without_a_corridor_it_says_why(links: str, ends: str, hops: int, outcome: Outcome) -> None:
    for ended, corridor in pair(small(links), [ends[0]], [ends[1]], EITHER, hops, costly=False):
        assert ended is outcome
        assert (corridor is not None) == (outcome is Outcome.MET)


def test_a_budget_that_ends_is_no_proof() -> None:
    view = small("ab bc cd de")
    walk = Walk(numbers([view.number("a")]), numbers([view.number("e")]), EITHER, 8)
    rules = Rules.of(TERMS, lambda _: frozenset())
    assert in_view(view, walk, ground_of(view, TERMS), rules, Budget(Limits(links=2))) == (Outcome.BUDGET, None)
    called_off = Budget()
    called_off.state[0] = CALLED_OFF
    with pytest.raises(Exception, match="called off"):
        in_view(view, walk, ground_of(view, TERMS), rules, called_off)


def test_least_and_options_with_nothing_left_are_none() -> None:
    (_, ours), (_, oracle) = pair(small("ab bc"), ["a"], ["c"], EITHER, 4, costly=True)
    assert ours is not None
    assert oracle is not None
    assert ours.least("a", 1) == oracle.least("a", 1) == NO_WAY
    assert ours.least("a", 2) == oracle.least("a", 2) < NO_WAY
    assert list(ours.options("a", 1)) == list(oracle.options("a", 1)) == []


def test_the_walkable_graph_turns_links_the_ways_they_lead() -> None:
    made = Ledger().put(
        [entity(one) for one in "abc"], [link("d", "a", "b"), link("s", "b", "c", "ASSOCIATE_OF"), link("o", "a", "a")]
    )
    ground = GraphGround.of(View(made.network()), TERMS)
    for directed, expected in ((True, {"ab", "bc", "cb", "aa"}), (False, {"ab", "ba", "bc", "cb", "aa"})):
        graph = walkable_graph(ground, frozenset(), directed=directed, hubs=True)
        assert {f"{one}{other}" for one, other in graph.edges()} == expected
        assert [ref.id for ref, _ in graph["a"]["a"]["links"]] == ["o"], "a self-loop is there once"


def test_distances_reach_whom_they_may_not_pass_and_nobody_past_them() -> None:
    ground = GraphGround.of(small("ab bc cd"), TERMS)
    graph = walkable_graph(ground, frozenset(), directed=False, hubs=True)
    assert distances(graph, {"a"}, through={"c"}) == {"a": 0, "b": 1, "c": 2}
    assert distances(graph, {"a"}, through={"a"}) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert distances(graph, {"a", "d"}, through={"d"}) == {"a": 0, "b": 1, "c": 1, "d": 0}
