"""Disruption against straightforward scripts, by definition on worked examples, and on what makes no sense."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from pydantic import ValidationError

from graph_service.errors import Cancelled, EntityNotFound, InvalidParameter, UnknownKind
from graph_service.model.answer import Finding, Limits
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.players.disruption import QUESTION, Curve, DisruptionParameters, DisruptionResult
from tests.unit.network.tables import Ledger, entity, link, plain_view
from tests.unit.queries.asking import small
from tests.unit.queries.players.scripts import taken_in_turn

Found = Finding[DisruptionResult]
KPP = "1-2 1-3 1-4 2-3 2-4 3-4 5-6 5-7 5-8 6-7 6-8 7-8 1-9 9-5 4-10 4-11"
"""The example of the key player problem: two cliques of four, a bridge between them, and two leaves."""


def ask(view: View, engine: str = "memory", limits: Limits | None = None, **parameters: Any) -> Found:
    with Budget(limits or Limits(links=10**9, seconds=60)) as budget:
        found: Found = getattr(QUESTION, engine)(view, DisruptionParameters(**parameters), budget)
    return found


def both(view: View, **parameters: Any) -> DisruptionResult:
    memory, oracle = (ask(view, engine, **parameters) for engine in ("memory", "networkx"))
    assert memory == oracle
    return memory.result


def curve(view: View, strategy: str, **parameters: Any) -> Curve:
    (found,) = both(view, strategies=strategy, **parameters).curves
    assert found.strategy == strategy
    return found


def removed(found: Curve) -> list[str]:
    return [point.removed for point in found.points][1:]


def kpp() -> View:
    pairs = [pair.split("-") for pair in KPP.split()]
    names = sorted({name for pair in pairs for name in pair}, key=int)
    links = [link(f"l{n}", one, other) for n, (one, other) in enumerate(pairs)]
    return View(Ledger().put([entity(name) for name in names], links).network())


def test_the_worked_example_of_fragmentation() -> None:
    """F of the example without 1, 9, 5 and 4 is .556, .533, .467 and .378; 1 is the best single node, and
    {1, 4}, taken greedily, gives .694."""
    view = kpp()
    for one, wanted in (("1", 0.556), ("9", 0.533), ("5", 0.467), ("4", 0.378)):
        assert curve(view, "given", given=one).points[1].fragmentation == pytest.approx(wanted, abs=5e-4)
    greedy = curve(view, "fragmentation", count=2)
    assert removed(greedy) == ["1", "4"]
    assert greedy.points[2].fragmentation == pytest.approx(0.694, abs=5e-4)
    assert curve(view, "given", given="4,5").points[2].fragmentation == 0.75


def test_the_worked_example_of_distances() -> None:
    """Distance-weighted fragmentation, which is 1 less the efficiency: .644 without 1, .778 without 4 and 5."""
    assert 1 - curve(kpp(), "given", given="1").points[1].efficiency == pytest.approx(0.644, abs=5e-4)
    assert 1 - curve(kpp(), "given", given="4,5").points[2].efficiency == pytest.approx(0.778, abs=5e-4)


@pytest.mark.parametrize("strategy", ["degree", "betweenness", "fragmentation"])
@pytest.mark.parametrize("in_turn", [True, False], ids=["in turn", "at once"])
def test_every_step_is_that_of_a_script(strategy: str, in_turn: bool) -> None:
    for seed in range(12):
        graph = nx.gnm_random_graph(6 + 2 * seed, int((6 + 2 * seed) * (0.8 + seed % 4 * 0.5)), seed=seed)
        found = curve(plain_view(len(graph), list(graph.edges)), strategy, in_turn=in_turn, count=8)
        named = nx.relabel_nodes(graph, str)
        order, measures = taken_in_turn(named, strategy, 8, in_turn=in_turn)
        assert removed(found) == order
        told = [(p.fragmentation, p.largest, p.parts, p.efficiency) for p in found.points]
        assert told == [pytest.approx(one, abs=2e-9) for one in measures]


def test_parallel_links_and_loops_count_once() -> None:
    one, many = small("ab bc cd ca"), small("ab bc cd ca ab ba aa cd")
    for strategy in ("degree", "betweenness", "fragmentation"):
        assert curve(one, strategy, count=3).points == curve(many, strategy, count=3).points


def test_the_best_placed_neighbour_takes_over_after_the_delay() -> None:
    """Hub h has three arms; a has an arm of its own, so that it is the best placed of h's neighbours and inherits the
    ties to b and c. With a delay of 1 that happens when one more is gone."""
    view = small("ha hb hc ad ae bf cg")
    at_once = curve(view, "given", given="h", delay=0)
    assert [(t.after, t.removed, t.heir, t.ties) for t in at_once.takeovers] == [(1, "h", "a", 2)]
    assert (at_once.points[1].parts, at_once.points[1].fragmentation) == (1, 0.0)
    later = curve(view, "given", given="h,d", delay=1)
    assert later.points[1].parts == 3
    assert [(t.after, t.heir, t.ties) for t in later.takeovers] == [(2, "a", 2)]
    assert later.points[2].parts == 1
    assert not curve(view, "given", given="h", delay=1).takeovers, "nobody had the time to"


def test_a_place_is_filled_from_the_next_ring_when_no_neighbour_is_of_the_kind() -> None:
    """Ann and Ben share a phone: nobody of her kind is her neighbour, and he is the nearest of it."""
    people = [entity(name) for name in ("ann", "ben", "zoe")]
    links = [
        link("1", "ann", "phone", "USES"),
        link("2", "ben", "phone", "USES"),
        link("3", "ann", "firm", "DIRECTOR_OF"),
    ]
    view = View(Ledger().put([*people, entity("phone", "Phone"), entity("firm", "Company")], links).network())
    found = curve(view, "given", given="ann", delay=0)
    assert [(t.heir, t.ties) for t in found.takeovers] == [("ben", 1)]
    assert not curve(view, "given", given="ann,ben", delay=1).takeovers, "he was gone himself by then"


def test_money_that_no_longer_moves() -> None:
    people = [entity(name) for name in "abcd"]
    moved = [entity("t1", "MoneyTransfer", {"amount": ("75",)}), entity("t2", "MoneyTransfer", {"amount": ("25",)})]
    links = [
        link("1", "a", "t1", "ORIGINATOR"),
        link("2", "t1", "b", "BENEFICIARY"),
        link("3", "c", "t2", "ORIGINATOR"),
        link("4", "t2", "d", "BENEFICIARY"),
    ]
    view = View(Ledger().put([*people, *moved], links).network())
    found = curve(view, "money", count=3)
    assert removed(found) == ["a", "c", "b"]
    assert [point.money for point in found.points] == [1.0, 0.25, 0.0, 0.0]
    assert curve(small("ab bc"), "degree").points[0].money is None


def test_random_removal_is_a_mean_of_runs_and_the_same_for_the_same_seed() -> None:
    graph = nx.barabasi_albert_graph(40, 2, seed=5)
    view = plain_view(40, list(graph.edges))
    one = curve(view, "random", runs=30, seed=1)
    assert (one.runs, len(one.points), one.points[0].fragmentation) == (30, 6, 0.0)
    assert one == curve(view, "random", runs=30, seed=1)
    assert one != curve(view, "random", runs=30, seed=2)
    for point, low, high in zip(one.points, one.low, one.high, strict=True):
        assert low <= point.fragmentation <= high
    single = [curve(view, "random", runs=1, seed=1).points[step].largest for step in range(6)]
    assert single[1:] != [point.largest for point in one.points][1:]
    best = curve(view, "betweenness").points[-1].fragmentation
    assert best > one.points[-1].fragmentation, "aiming beats chance on a network with hubs"


def test_few_pivots_estimate_the_same_on_both_engines() -> None:
    graph = nx.connected_watts_strogatz_graph(60, 4, 0.2, seed=2)
    view = plain_view(60, list(graph.edges))
    sampled, whole = curve(view, "betweenness", pivots=20), curve(view, "betweenness")
    assert both(view, pivots=20, strategies="degree").pivots == 20
    assert sampled.points[0].efficiency != whole.points[0].efficiency
    assert sampled.points[0].efficiency == pytest.approx(whole.points[0].efficiency, rel=0.15)
    assert sampled.points[0].fragmentation == whole.points[0].fragmentation == 0.0


def test_victims_are_no_candidates_and_are_counted() -> None:
    links = [link("v", "case", "hub", "VICTIM"), *(link(f"l{n}", "hub", n) for n in "abc"), link("x", "a", "b")]
    view = View(Ledger().put([entity("case", "Incident"), *map(entity, ("hub", *"abc"))], links).network())
    result = both(view, strategies="degree,random", count=9, delay=0)
    assert (result.candidates, result.never) == (3, 1)
    assert removed(result.curves[0]) == ["a", "b", "c"]
    assert "hub" not in {takeover.heir for takeover in result.curves[0].takeovers}
    for engine in ("memory", "networkx"):
        with pytest.raises(InvalidParameter, match="hub is a victim here"):
            ask(view, engine, given="hub")


@pytest.mark.parametrize("nodes", [0, 1, 2])
def test_next_to_nothing_is_answered(nodes: int) -> None:
    result = both(plain_view(nodes, []), strategies="betweenness,random,fragmentation,money", count=5, delay=0)
    assert [len(one.points) for one in result.curves] == [nodes + 1] * 4
    assert result.curves[0].points[-1].fragmentation == 1.0
    assert result.curves[0].points[-1].largest == 0


@pytest.mark.parametrize(
    ("parameters", "error", "says"),
    [
        ({"strategies": "degree,luck"}, InvalidParameter, "strategies: no 'luck'; there are degree"),
        ({"strategies": " , "}, InvalidParameter, "name at least one"),
        ({"strategies": "given"}, InvalidParameter, "given: name at least one entity"),
        ({"given": "nobody"}, EntityNotFound, "nobody"),
        ({"given": ",".join(map(str, range(101)))}, InvalidParameter, "101 entities, 100 at most"),
        ({"kind": "Wizard"}, UnknownKind, "Wizard"),
    ],
    ids=["unknown", "empty", "given none", "not there", "too many", "kind"],
)
@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_what_makes_no_sense_is_refused(
    engine: str, parameters: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        ask(small("ab bc"), engine, **parameters)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": 101}, {"delay": -1}, {"runs": 0}, {"pivots": 1}])
def test_numbers_are_bounded(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        DisruptionParameters.model_validate(wrong)


def test_a_budget_that_ends_leaves_whole_steps_only() -> None:
    graph = nx.gnm_random_graph(200, 800, seed=1)
    view = plain_view(200, list(graph.edges))
    whole = ask(view, strategies="betweenness", count=10, pivots=200)
    cut = ask(view, limits=Limits(links=1_500_000, seconds=60), strategies="betweenness", count=10, pivots=200)
    assert cut.truncated
    assert not whole.truncated
    points = cut.result.curves[0].points
    assert 1 < len(points) < 11
    assert points == whole.result.curves[0].points[: len(points)]


def test_strategies_that_the_budget_does_not_suffice_for_are_left_out() -> None:
    view = plain_view(200, list(nx.gnm_random_graph(200, 800, seed=1).edges))
    nothing = ask(view, limits=Limits(links=1, seconds=60))
    assert (nothing.result.curves, nothing.entities, nothing.truncated) == ((), (), True)
    some = ask(view, limits=Limits(links=1_000_000, seconds=60), pivots=200)
    assert [one.strategy for one in some.result.curves] == ["betweenness"]
    assert some.truncated


def test_where_all_pivots_would_take_too_long_there_are_fewer_and_it_is_told() -> None:
    graph = nx.gnm_random_graph(400, 1_600, seed=1)
    view, tight = plain_view(400, list(graph.edges)), Limits(links=5_000_000, seconds=60)
    found = ask(view, limits=tight, strategies="betweenness,degree")
    assert 64 <= found.result.pivots < 400
    assert not found.truncated, "that is what they are fewer for"
    assert found == ask(view, "networkx", strategies="betweenness,degree", pivots=found.result.pivots)
    assert ask(view, strategies="betweenness,degree").result.pivots == 400


def test_it_can_be_called_off() -> None:
    view = plain_view(200, list(nx.gnm_random_graph(200, 800, seed=1).edges))
    with Budget() as budget:
        budget.call_off()
        with pytest.raises(Cancelled):
            QUESTION.memory(view, DisruptionParameters(), budget)
