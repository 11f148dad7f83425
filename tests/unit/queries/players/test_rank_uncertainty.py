"""Ranks with intervals: against counts by hand, against worlds drawn by another hand, and on what makes no sense."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx
import numpy as np
import pytest
from pydantic import ValidationError

from graph_service.errors import Cancelled, UnknownKind
from graph_service.model.answer import Finding, Limits
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.players.measures import Graph, Measure, by_networkx, compiled
from queries.players.plausible import Unseen
from queries.players.rank_uncertainty import QUESTION, RankUncertaintyParameters, RankUncertaintyResult
from tests.unit.network.tables import Ledger, entity, link, plain_view, said
from tests.unit.queries.asking import small

Found = Finding[RankUncertaintyResult]
GRADES = {"A1": 0.9025, "A2": 0.76, "B2": 0.64, "C3": 0.36}


def ask(view: View, engine: str = "memory", limits: Limits | None = None, **parameters: Any) -> Found:
    with Budget(limits or Limits(links=10**10, seconds=120)) as budget:
        found: Found = getattr(QUESTION, engine)(view, RankUncertaintyParameters(**parameters), budget)
    return found


def both(view: View, **parameters: Any) -> RankUncertaintyResult:
    memory, oracle = (ask(view, engine, **parameters) for engine in ("memory", "networkx"))
    assert memory == oracle
    return memory.result


def graded(ties: dict[tuple[int, int], str]) -> View:
    """A view of ties between numbered people, each said by one link of a grade."""
    people = sorted({end for tie in ties for end in tie})
    links = [
        link(f"l{n}", f"{a:03}", f"{b:03}", by=said(grade=grade)) for n, ((a, b), grade) in enumerate(ties.items())
    ]
    return View(Ledger().put([entity(f"{one:03}") for one in people], links).network())


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("model", list(Unseen))
def test_both_engines_rank_the_same_draws(measure: Measure, model: Unseen) -> None:
    for seed in range(5):
        graph = nx.gnm_random_graph(6 + 3 * seed, 12 + 4 * seed, seed=seed)
        view = plain_view(len(graph), [*graph.edges, (0, 1), (1, 0), (2, 2)])
        result = both(view, measure=measure, model=model, draws=20, limit=6, seed=seed)
        assert result.draws == 20
        assert len(result.ranks) == 6


@pytest.mark.parametrize("measure", list(Measure))
def test_the_measures_are_networkxs_own(measure: Measure) -> None:
    one = np.zeros(0)
    for seed in range(20):
        graph = nx.gnm_random_graph(5 + seed, 4 + 2 * seed, seed=seed)
        ends = np.array(list(graph.edges), dtype=np.int32).reshape(-1, 2)
        pivots = np.arange(0, len(graph), 1 + seed % 2, dtype=np.int32)
        with Budget() as budget:
            one, other = (
                scored(Graph(len(graph), ends[:, 0], ends[:, 1], pivots), measure, budget)
                for scored in (compiled, by_networkx)
            )
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
    if measure is Measure.PAGERANK:
        assert one.mean() == pytest.approx(1.0)


def test_what_is_certain_has_no_interval() -> None:
    """A single link of chance .9025 between the hub and each leaf, and none missing: with seven leaves the hub is first
    whenever two of them stand, which is practically always; the leaves change places."""
    view = graded({(0, leaf): "A1" for leaf in range(1, 8)})
    result = both(view, measure="degree", missing=0, draws=400)
    hub = result.ranks[0]
    assert (hub.id, hub.reported, hub.median, hub.low, hub.high, hub.in_top) == ("000", 1, 1, 1, 1, 1.0)
    assert result.standing == pytest.approx(7 * 0.9025)
    assert {row.reported for row in result.ranks[1:]} == {2}


def test_the_share_in_the_top_is_that_of_the_chance() -> None:
    """Entity a has one tie, to b, of chance .64; c and d are tied by one of chance .36. With top 2 by degree, a is in
    the top unless the tie c-d stands and a-b does not: 1 - .36 * .36 = .8704, within four standard errors."""
    view = graded({(0, 1): "B2", (2, 3): "C3"})
    rows = {row.id: row for row in both(view, measure="degree", missing=0, top=2, draws=4_000).ranks}
    for one, wanted in (("000", 1 - 0.36 * 0.36), ("002", 1 - 0.64 * 0.64)):
        assert abs(rows[one].in_top - wanted) <= 4 * (wanted * (1 - wanted) / 4_000) ** 0.5


def test_links_of_one_tie_and_sources_of_one_link_support_each_other() -> None:
    """Noisy-or: two links of C3 give .5904, one link said by B2 and C3 of two sources gives .7696."""
    links = [
        link("1", "a", "b", by=said(grade="C3")),
        link("2", "b", "a", by=said(grade="C3")),
        link("3", "c", "d", by=said("one", "B2")),
        link("3", "c", "d", by=said("two", "C3")),
    ]
    view = View(Ledger().put([entity(name) for name in "abcd"], links).network())
    assert both(view, measure="degree", draws=20).standing == pytest.approx(0.5904 + 0.7696)


@pytest.mark.parametrize("measure", ["degree", "betweenness"])
def test_intervals_cover_a_truth_of_the_stated_model_at_their_rate(measure: str) -> None:
    """A truth made by the model in plain Python, ranked by NetworkX: 90 % intervals hold it in 90 % of 300 worlds or
    more, less three binomial errors (ranks are whole numbers, so that some intervals hold more); and they are no wider
    than that takes: without their ends they hold less than 90 % of what can vary."""
    dice = random.Random(11)
    graph = nx.powerlaw_cluster_graph(24, 2, 0.4, seed=3)
    ties = {tie: dice.choice(list(GRADES)) for tie in graph.edges}
    result = both(graded(ties), measure=measure, missing=0.15, model="triads", draws=1_000, limit=24)
    assert result.ranked == 24
    rows, worlds = {int(row.id): row for row in result.ranks}, 300
    inside = dict.fromkeys(rows, 0)
    within = dict.fromkeys(rows, 0)
    for _ in range(worlds):
        truth = _true_world(graph, ties, 0.15, dice)
        score = dict(truth.degree()) if measure == "degree" else nx.betweenness_centrality(truth)
        for node, row in rows.items():
            rank = 1 + sum(other > score[node] + 1e-9 for other in score.values())
            inside[node] += row.low <= rank <= row.high
            within[node] += row.low < rank < row.high
    error = 3 * (0.9 * 0.1 / worlds) ** 0.5
    assert min(inside.values()) >= worlds * (0.9 - error)
    assert np.mean(list(inside.values())) >= worlds * 0.9
    assert max(within.values()) <= worlds * (0.9 + error)


def _true_world(graph: nx.Graph, ties: dict[tuple[int, int], str], missing: float, dice: random.Random) -> nx.Graph:
    """By definition: each tie at its chance; then so many friends of friends that the share is missing on average."""
    truth = nx.Graph()
    truth.add_nodes_from(graph)
    truth.add_edges_from(tie for tie, grade in ties.items() if dice.random() < GRADES[grade])
    mean = sum(GRADES[grade] for grade in ties.values()) * missing / (1 - missing)
    more = 0
    gap = dice.expovariate(1.0)
    while gap < mean:  # a Poisson number as the arrivals within the mean
        gap += dice.expovariate(1.0)
        more += 1
    open_ends = [(one, two) for v in graph for one in graph[v] for two in graph[v] if one < two]
    open_ends = [pair for pair in open_ends if not graph.has_edge(*pair)]
    added: set[tuple[int, int]] = set()
    while len(added) < more:
        added.add(dice.choice(open_ends))
    truth.add_edges_from(added)
    return truth


def test_victims_are_not_ranked_and_only_the_kind_asked_is() -> None:
    links = [link("v", "case", "hub", "VICTIM"), *(link(f"l{n}", "hub", n) for n in "abc"), link("x", "a", "firm")]
    things = [entity("case", "Incident"), entity("firm", "Company"), *map(entity, ("hub", *"abc"))]
    view = View(Ledger().put(things, links).network())
    result = both(view, measure="degree", draws=20)
    assert (result.ranked, result.never) == (4, 1)
    assert {row.id for row in result.ranks} == {"a", "b", "c", "firm"}
    assert {row.id for row in both(view, kind="Company", draws=20).ranks} == {"firm"}


def test_the_order_is_by_median_and_the_list_is_cut_with_notice() -> None:
    graph = nx.barabasi_albert_graph(30, 2, seed=1)
    view = plain_view(30, list(graph.edges))
    found = ask(view, draws=100, limit=5)
    assert found.truncated
    assert not ask(view, draws=100, limit=30).truncated
    medians = [row.median for row in ask(view, draws=100, limit=30).result.ranks]
    assert medians == sorted(medians)
    assert list(found.entities) == sorted(row.id for row in found.result.ranks)
    assert all(row.low <= row.median <= row.high for row in found.result.ranks)


def test_a_wider_level_gives_wider_intervals_from_the_same_draws() -> None:
    view = plain_view(20, list(nx.gnm_random_graph(20, 40, seed=2).edges))
    narrow, wide = (ask(view, draws=200, level=level).result for level in (0.5, 0.99))
    for one, other in zip(narrow.ranks, wide.ranks, strict=True):
        assert (one.id, one.median) == (other.id, other.median)
        assert other.low <= one.low <= one.high <= other.high
    assert narrow != wide


@pytest.mark.parametrize("nodes", [0, 1, 3])
def test_without_links_everybody_is_first(nodes: int) -> None:
    result = both(plain_view(nodes, []), draws=20)
    assert [(row.reported, row.low, row.high) for row in result.ranks] == [(1, 1, 1)] * nodes
    assert (result.ties, result.standing, result.unseen) == (0, 0.0, 0.0)


def test_a_budget_that_ends_gives_fewer_draws_and_says_so() -> None:
    view = plain_view(60, list(nx.gnm_random_graph(60, 150, seed=1).edges))
    found = ask(view, limits=Limits(links=400_000, seconds=60), draws=1_000, limit=60)
    assert found.truncated
    assert 0 < found.result.draws < 1_000
    fewer = ask(view, draws=max(20, found.result.draws), limit=60)
    assert found.result.ranks == fewer.result.ranks
    nothing = ask(view, limits=Limits(links=1, seconds=60))
    assert (nothing.result.draws, nothing.result.ranks, nothing.truncated) == (0, (), True)


def test_where_all_pivots_would_take_too_long_there_are_fewer_and_it_is_told() -> None:
    view, tight = (
        plain_view(300, list(nx.gnm_random_graph(300, 900, seed=1).edges)),
        Limits(links=9_000_000, seconds=60),
    )
    for measure in ("betweenness", "harmonic"):
        memory, oracle = (
            ask(view, engine, limits=tight, draws=20, measure=measure) for engine in ("memory", "networkx")
        )
        assert memory == oracle
        assert memory.result.draws == 20
        assert 64 <= memory.result.pivots < memory.result.entities == 300
    assert ask(view, limits=tight, draws=20, measure="degree").result.pivots == 300


def test_it_can_be_called_off() -> None:
    with Budget() as budget:
        budget.call_off()
        with pytest.raises(Cancelled):
            QUESTION.memory(small("ab bc"), RankUncertaintyParameters(), budget)


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_an_unknown_kind_is_refused(engine: str) -> None:
    with pytest.raises(UnknownKind):
        ask(small("ab bc"), engine, kind="Wizard")


@pytest.mark.parametrize("wrong", [{"draws": 1}, {"missing": 1.0}, {"level": 0.2}, {"measure": "luck"}, {"top": 0}])
def test_parameters_are_bounded(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RankUncertaintyParameters.model_validate(wrong)
