"""``key-players``: every measure against NetworkX itself, the set against brute force, and what is said beside."""

from __future__ import annotations

import itertools
import math
import random
import sys
from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest

from graph_service.errors import Cancelled, EngineCannot, InvalidParameter
from graph_service.model.answer import Finding, Limits
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.players.key_players import QUESTION, KeyPlayersParameters
from queries.players.scores import DIRECTED, SETS, KeyMeasure
from tests.unit.network.tables import Ledger, entity, link, plain_view

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
ENGINES = ("memory", "networkx")
SCORES = [measure for measure in KeyMeasure if measure not in SETS]
PLENTY = Limits(links=10**12, seconds=600)
# Graph K of the worked examples: two groups of four that know each other, joined through 9, two more beside 4.
GRAPH_K = [*itertools.combinations((1, 2, 3, 4), 2), *itertools.combinations((5, 6, 7, 8), 2)]
GRAPH_K += [(1, 9), (9, 5), (4, 10), (4, 11)]


def ask(view: View, engine: str = "memory", limits: Limits = PLENTY, **parameters: Any) -> Finding[Any]:
    with Budget(limits) as budget:
        answer = getattr(QUESTION, engine)
        finding: Finding[Any] = answer(view, KeyPlayersParameters(**{"limit": 1_000, **parameters}), budget)
    return finding


def outcome(view: View, engine: str, **parameters: Any) -> object:
    try:
        return ask(view, engine, **parameters)
    except InvalidParameter as error:
        return str(error)


def scores(finding: Finding[Any]) -> dict[str, float]:
    return {player.id: player.score for player in finding.result.ranking}


def expected(graph: nx.Graph, measure: KeyMeasure) -> dict[int, float]:
    """By NetworkX; an entity's strongest tie is the bound that Katz goes by."""
    entering = graph.in_degree(weight="weight") if graph.is_directed() else graph.degree(weight="weight")
    strongest = max((strength for _, strength in entering), default=0)
    by: dict[KeyMeasure, Callable[[], dict[int, float]]] = {
        KeyMeasure.DEGREE: lambda: dict(graph.degree()),
        KeyMeasure.WEIGHTED_DEGREE: lambda: dict(graph.degree(weight="weight")),
        KeyMeasure.CLOSENESS: lambda: nx.closeness_centrality(graph),
        KeyMeasure.HARMONIC: lambda: nx.harmonic_centrality(graph),
        KeyMeasure.BETWEENNESS: lambda: nx.betweenness_centrality(graph),
        KeyMeasure.EIGENVECTOR: lambda: nx.eigenvector_centrality(graph, 1_000, 1e-10, weight="weight"),
        KeyMeasure.PAGERANK: lambda: nx.pagerank(graph, tol=1e-10 / len(graph), max_iter=1_000),
        KeyMeasure.KATZ: lambda: nx.katz_centrality(
            graph, 0.9 / max(strongest, 1), max_iter=1_000, tol=1e-10, weight="weight"
        ),
        KeyMeasure.CONSTRAINT: lambda: nx.constraint(graph, weight="weight"),
        KeyMeasure.CLUSTERING: lambda: nx.clustering(graph),
        KeyMeasure.BROKERAGE: lambda: {node: open_pairs(graph, node) for node in graph},
        KeyMeasure.ARTICULATION: lambda: {
            node: parted for node in graph if (parted := pairs_reached(graph) - pairs_reached(graph, node)) > 0
        },
    }
    return by[measure]()


def open_pairs(graph: nx.Graph, node: int) -> int:
    return sum(not graph.has_edge(*pair) for pair in itertools.combinations(graph[node], 2))


def pairs_reached(graph: nx.Graph, without: int | None = None) -> int:
    """Pairs that reach each other, those of the one that is left out put aside both times."""
    left = graph.subgraph(set(graph) - {without})
    pairs = sum(len(part) * (len(part) - 1) // 2 for part in nx.connected_components(left))
    return pairs if without is None else pairs + len(nx.node_connected_component(graph, without)) - 1


def random_ends(dice: random.Random) -> tuple[int, list[tuple[int, int]]]:
    nodes = dice.randint(1, 30)
    ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(int(nodes * dice.choice([0.3, 1, 2, 4])))]
    return nodes, ends + [dice.choice(ends) for _ in range(4) if ends]


def graph_of(nodes: int, ends: list[tuple[int, int]], *, directed: bool = False) -> nx.Graph:
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(nodes))
    for one, other in ends:
        if one != other:
            known = graph.get_edge_data(one, other, {"weight": 0.0})["weight"]
            graph.add_edge(one, other, weight=known + 1.0)
    return graph


@pytest.mark.parametrize("measure", SCORES)
def test_three_hundred_random_graphs_agree_with_networkx(measure: KeyMeasure) -> None:
    dice = random.Random(f"measure {measure}")
    settled = 0
    for turn in range(300):
        nodes, ends = random_ends(dice)
        directed = measure in DIRECTED and turn % 2 == 1
        graph = graph_of(nodes, ends, directed=directed)
        try:
            wanted = expected(graph, measure)
        except nx.PowerIterationFailedConvergence:
            with pytest.raises(InvalidParameter, match="did not settle"):
                ask(plain_view(nodes, ends), measure=measure)
            continue
        settled += 1
        found = scores(ask(plain_view(nodes, ends), measure=measure, directed=directed))
        wanted = {node: score for node, score in wanted.items() if not math.isnan(score)}
        near = 1e-9 * max(1.0, *wanted.values()) if wanted else 0.0
        assert found == pytest.approx({str(node): score for node, score in wanted.items()}, rel=0, abs=near)
    assert settled >= 250


@pytest.mark.parametrize("measure", KeyMeasure)
def test_both_engines_say_the_same_to_the_last_digit(measure: KeyMeasure) -> None:
    dice = random.Random(f"engines {measure}")
    for _ in range(25):
        nodes, ends = random_ends(dice)
        view = plain_view(
            nodes, ends, "REPRESENTS" if not ends else [dice.choice(["REPRESENTS", "ASSOCIATE_OF"]) for _ in ends]
        )
        asked: dict[str, Any] = {
            "measure": measure,
            "limit": dice.choice([1, 3, 50]),
            "size": dice.randint(1, 3),
            "directed": measure in DIRECTED and dice.random() < 0.5,
        }
        assert outcome(view, "memory", **asked) == outcome(view, "networkx", **asked)


def best_by_hand(graph: nx.Graph, size: int, measure: KeyMeasure) -> tuple[float, int]:
    """The best score of any set, and how many sets have it; by definition."""
    found = []
    for chosen in itertools.combinations(graph, size):
        if measure is KeyMeasure.KPP_NEG:
            left = graph.subgraph(set(graph) - set(chosen))
            pairs = len(left) * (len(left) - 1)
            together = sum(len(part) * (len(part) - 1) for part in nx.connected_components(left))
            found.append(1 - together / pairs if pairs else 1.0)
        else:
            far = nx.multi_source_dijkstra_path_length(graph, set(chosen), weight=None)
            found.append(sum(1 / steps if steps else 1 for steps in far.values()) / len(graph))
    return max(found), sum(score > max(found) - 1e-9 for score in found)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("measure", sorted(SETS))
def test_the_set_is_the_best_there_is(measure: KeyMeasure, engine: str) -> None:
    dice = random.Random(f"set {measure}")
    for _ in range(25):
        nodes, ends = random_ends(dice)
        nodes, size = min(nodes, 12), dice.randint(1, 3)
        ends = [(one, other) for one, other in ends if max(one, other) < nodes]
        size = min(size, nodes)
        chosen = ask(plain_view(nodes, ends), engine, measure=measure, size=size).result.best_set
        score, equals = best_by_hand(graph_of(nodes, ends), size, measure)
        assert chosen.score == pytest.approx(score, abs=1e-9)
        assert (chosen.exact, chosen.equals, len(chosen.members)) == (True, equals, size)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_worked_example_where_the_best_pair_is_without_the_best_single(engine: str) -> None:
    view = plain_view(12, GRAPH_K)  # node 0 is outside of everything, so F and DR are held against eleven below
    made = [entity(f"n{n:02}") for n in range(1, 12)]
    ties = [link(f"l{k}", f"n{a:02}", f"n{b:02}") for k, (a, b) in enumerate(GRAPH_K)]
    view = View(Ledger().put(made, ties).network())
    parting = ask(view, engine, measure="kpp-neg", size=2).result.best_set
    assert (parting.members, parting.score, parting.equals) == (("n04", "n05"), 0.75, 2)
    assert (parting.before, parting.single, round(parting.single_score, 3)) == (0.0, "n01", 0.556)
    reaching = ask(view, engine, measure="kpp-pos", size=2).result.best_set
    assert (reaching.members, reaching.score) == (("n04", "n05"), 1.0)
    assert [player.id for player in ask(view, engine, measure="articulation").result.ranking] == [
        "n01", "n09", "n05", "n04",
    ]  # fmt: skip
    between = ask(view, engine, measure="betweenness", limit=4).result.ranking
    assert [(player.id, round(player.score * 45, 1)) for player in between] == [
        ("n01", 25.0), ("n09", 24.0), ("n05", 21.0), ("n04", 17.0),
    ]  # fmt: skip


def test_bridges_go_with_the_cut_vertices_and_are_evidence() -> None:
    view = plain_view(6, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)])
    for engine in ENGINES:
        finding = ask(view, engine, measure="articulation")
        assert finding.result.bridges == (("2", "3"), ("3", "4"))
        assert finding.result.bridges_total == 2
        assert {"3", "4", "5"} <= {ref.id for ref in finding.links}
        assert not finding.truncated
        assert ask(view, engine, measure="articulation", limit=1).truncated


def test_equals_share_a_rank_and_are_counted() -> None:
    ranking = ask(plain_view(5, [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4)]), measure="degree").result.ranking
    assert [(player.id, player.rank, player.ties) for player in ranking] == [
        ("0", 1, 1), ("1", 2, 3), ("2", 2, 3), ("3", 2, 3), ("4", 5, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_victims_are_counted_and_never_ranked_nor_chosen(engine: str) -> None:
    made = [entity(name) for name in "abcd"] + [entity("case", "Case")]
    ties = [link(f"{x}{y}", x, y) for x, y in ("ab", "ac", "ad")] + [link("v", "case", "a", "VICTIM")]
    view = View(Ledger().put(made, ties).network())
    for measure in SCORES:
        result = ask(view, engine, measure=measure).result
        assert "a" not in {player.id for player in result.ranking}
        assert result.never == 1
    assert "a" not in ask(view, engine, measure="kpp-neg", size=3).result.best_set.members


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("measure", KeyMeasure)
def test_nobody_and_somebody_alone(engine: str, measure: KeyMeasure) -> None:
    nobody = ask(View(Ledger().network()), engine, measure=measure)
    assert (nobody.result.ranking, nobody.result.best_set, nobody.result.candidates) == ((), None, 0)
    alone = ask(plain_view(1, []), engine, measure=measure, size=5)
    if measure in SETS:
        assert alone.result.best_set.members == ("0",)
        assert alone.result.best_set.score == 1.0
    else:
        assert [player.rank for player in alone.result.ranking] == (
            [] if measure in {KeyMeasure.CONSTRAINT, KeyMeasure.ARTICULATION} else [1]
        )
    assert not alone.truncated


@pytest.mark.parametrize("engine", ENGINES)
def test_sampled_betweenness_keeps_its_bound_and_says_it(engine: str) -> None:
    """At 95 % all scores are within the bound at once: of ten seeds all but one, and the bound is loose."""
    nodes, ends = 60, [(dice.randrange(60), dice.randrange(60)) for dice in [random.Random(5)] for _ in range(140)]
    exact = nx.betweenness_centrality(graph_of(nodes, ends))
    view = plain_view(nodes, ends)
    kept = 0
    for seed in range(1, 11):
        result = ask(view, engine, exact=0, error=0.2 if engine == "memory" else 0.5, seed=seed).result
        found = {player.id: player.score for player in result.ranking}
        kept += max(abs(found[str(node)] - score) for node, score in exact.items()) <= result.error
        assert result.samples > 0
        assert 0 < result.error <= (0.2 if engine == "memory" else 0.5) + 1e-6
    assert kept >= 9


def test_a_sample_is_repeatable_and_a_small_budget_is_told_with_the_bound_it_reached() -> None:
    dice = random.Random(8)
    view = plain_view(400, [(dice.randrange(400), dice.randrange(400)) for _ in range(1_200)])
    assert ask(view, exact=0, error=0.05, seed=3) == ask(view, exact=0, error=0.05, seed=3)
    assert ask(view, exact=0, error=0.05, seed=3) != ask(view, exact=0, error=0.05, seed=4)
    short = ask(view, exact=0, error=0.01, limits=Limits(links=50_000))
    assert short.truncated
    assert 0.01 < short.result.error < 1
    assert short.explored < 60_000
    assert ask(view, limits=Limits(links=900_000)).result.samples, "400 * 2,400 links do not fit, so it is sampled"


def test_where_all_sets_are_too_many_swaps_find_a_planted_one() -> None:
    """Five stars of ten joined in a ring by their centres: the five centres part everybody."""
    ends = [(center * 11, center * 11 + leaf) for center in range(5) for leaf in range(1, 11)]
    ends += [(center * 11, (center + 1) % 5 * 11) for center in range(5)]
    chosen = ask(plain_view(55, ends), measure="kpp-neg", size=5).result.best_set
    assert sorted(chosen.members, key=int) == ["0", "11", "22", "33", "44"]
    assert (chosen.score, chosen.exact) == (1.0, False)


def test_bad_parameters_are_told() -> None:
    view = plain_view(2, [(0, 1)])
    for engine in ENGINES:
        with pytest.raises(InvalidParameter, match="directed: constraint knows no direction"):
            ask(view, engine, measure="constraint", directed=True)
        with pytest.raises(InvalidParameter, match="did not settle"):
            ask(plain_view(300, [(n, n + 1) for n in range(299)]), engine, measure="eigenvector")
    with pytest.raises(ValueError, match="less than or equal to 50"):
        KeyPlayersParameters(size=51)


def test_without_scipy_networkx_says_that_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(EngineCannot, match="SciPy"):
        ask(plain_view(3, [(0, 1)]), "networkx", measure="pagerank")
    assert ask(plain_view(3, [(0, 1)]), measure="pagerank").result.ranking


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("measure", KeyMeasure)
def test_what_was_called_off_raises(engine: str, measure: KeyMeasure) -> None:
    budget = Budget(PLENTY)
    budget.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        getattr(QUESTION, engine)(
            plain_view(30, [(n, n + 1) for n in range(29)]), KeyPlayersParameters(measure=measure), budget
        )
