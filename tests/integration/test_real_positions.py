"""Positions on published graphs: LDBC's expected outputs, and every measure on covert networks against NetworkX.

The files are read in place, beside the repository; where they are absent the tests skip.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import networkx as nx
import pytest

from graph_service.errors import InvalidParameter
from graph_service.model.answer import Limits
from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.catalogue import question
from queries.players.scores import SETS, KeyMeasure
from tests.integration.test_real_data import DATA, needed, rows
from tests.unit.network.tables import Ledger, entity, link

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
PLENTY = Limits(links=10**12, seconds=600)
COVERT = sorted(path.name.removesuffix(".edges.csv") for path in (DATA / "covert").glob("*.edges.csv"))
WAYS = ("dir", "undir")


def answer(name: str, view: View, engine: str = "memory", **parameters: Any) -> Any:
    asked = question(name)
    with Budget(PLENTY) as budget:
        return getattr(asked, engine)(view, asked.parameters(**parameters), budget).result


def graphalytics(name: str, way: str) -> tuple[nx.DiGraph, dict[int, float]]:
    """The graph (undirected ties stand once each way) and LDBC's output by vertex."""
    folder = needed(f"graphalytics/{name}")
    graph = nx.DiGraph()
    for line in (folder / f"{way}-input").read_text(encoding="utf-8").splitlines():
        vertex, *others = map(int, line.split())
        graph.add_node(vertex)
        graph.add_edges_from((vertex, other) for other in others)
    if way == "undir":
        graph.add_edges_from([(target, source) for source, target in graph.edges()])
    pairs = (line.split() for line in (folder / f"{way}-output").read_text(encoding="utf-8").splitlines())
    return graph, {int(vertex): float(value) for vertex, value in pairs}


def view_of(graph: nx.Graph) -> View:
    """Each edge of the graph as a link; an undirected graph's as one of a symmetric kind."""
    kind = "REPRESENTS" if graph.is_directed() else "ASSOCIATE_OF"
    made = [link(f"l{place}", str(one), str(other), kind) for place, (one, other) in enumerate(graph.edges())]
    return View(Ledger().put([entity(str(node)) for node in graph], made).network())


@pytest.mark.parametrize("way", WAYS)
def test_weak_components_are_those_of_ldbc(way: str) -> None:
    graph, expected = graphalytics("wcc", way)
    found = answer("components", view_of(graph), min_size=1, limit=10_000).components
    parts = {frozenset(map(int, group.members)) for group in found}
    labels: dict[float, set[int]] = {}
    for vertex, label in expected.items():
        labels.setdefault(label, set()).add(vertex)
    assert parts == set(map(frozenset, labels.values()))


@pytest.mark.parametrize("way", WAYS)
def test_pagerank_settles_where_that_of_ldbc_goes(way: str) -> None:
    """LDBC stops after a set number of rounds and accepts a ten-thousandth; ours goes on until it settles."""
    graph, expected = graphalytics("pr", way)
    ranking = answer("key-players", view_of(graph), measure="pagerank", directed=True, limit=1_000).ranking
    found = {int(player.id): player.score for player in ranking}
    assert found == pytest.approx(expected, rel=1e-4)


def test_clustering_is_that_of_ldbc() -> None:
    """Undirected; of directed graphs LDBC counts arcs among neighbours, which is another measure."""
    graph, expected = graphalytics("lcc", "undir")
    ranking = answer("key-players", view_of(graph.to_undirected()), measure="clustering", limit=1_000).ranking
    found = {int(player.id): player.score for player in ranking}
    assert found == pytest.approx(expected, abs=1e-9)


def most_heard(heard: Counter[int]) -> int:
    """The label said most often, the least of equals."""
    return min(heard, key=lambda one: (-heard[one], one))


@pytest.mark.parametrize("way", WAYS)
def test_label_propagation_as_ldbc_defines_it_reads_our_view(way: str) -> None:
    """CDLP has no question of its own (communities are better found by Leiden): twenty lines on the view's graph."""
    graph, expected = graphalytics("cdlp", way)
    shown = view_of(graph).graph
    label = {node: int(node) for node in shown}
    for _ in range(5):
        heard = {
            node: Counter(label[other] for other in [*shown.successors(node), *shown.predecessors(node)])
            for node in shown
        }
        label = {node: most_heard(heard[node]) if heard[node] else label[node] for node in shown}
    assert {int(node): float(one) for node, one in label.items()} == expected


def test_there_are_covert_networks_to_measure() -> None:
    needed("covert")
    assert len(COVERT) >= 30


@pytest.mark.parametrize("name", COVERT)
def test_every_measure_on_a_covert_network(name: str) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(row["id"] for row in rows(DATA / "covert" / f"{name}.nodes.csv"))
    edges = rows(DATA / "covert" / f"{name}.edges.csv")
    made = [link(f"l{place}", row["source"], row["target"]) for place, row in enumerate(edges)]
    graph.add_edges_from((row["source"], row["target"]) for row in edges if row["source"] != row["target"])
    view = View(Ledger().put([entity(node) for node in graph], made).network())
    by_networkx = {
        KeyMeasure.DEGREE: dict(graph.degree()),
        KeyMeasure.CLOSENESS: nx.closeness_centrality(graph),
        KeyMeasure.HARMONIC: nx.harmonic_centrality(graph),
        KeyMeasure.BETWEENNESS: nx.betweenness_centrality(graph),
        KeyMeasure.CLUSTERING: nx.clustering(graph),
    }
    for measure, expected in by_networkx.items():
        ranking = answer("key-players", view, measure=measure, limit=1_000).ranking
        found = {player.id: player.score for player in ranking}
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 * max(1.0, *expected.values())), measure
    for measure in sorted(set(KeyMeasure) - SETS - set(by_networkx)):
        assert told(view, "memory", measure) == told(view, "networkx", measure), measure
    for asked in ("cores", "cliques", "components"):
        assert answer(asked, view, limit=1_000) == answer(asked, view, "networkx", limit=1_000), asked


def told(view: View, engine: str, measure: KeyMeasure) -> object:
    try:
        result = answer("key-players", view, engine, measure=measure, limit=1_000)
    except InvalidParameter as error:
        return str(error)
    assert not any(math.isnan(player.score) for player in result.ranking)
    return result
