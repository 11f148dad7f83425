"""The simple graph of a view: both engines' forms are one, and are what the records say."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.scope import Scope
from graph_service.network.view import View
from queries.groups.simple_graph import Rows, SimpleGraph, ids_of, simple_networkx
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, shown
from tests.unit.network.tables import ONTOLOGY, Ledger, plain_view


def arcs(ids: list[str], rows: Rows) -> dict[tuple[str, str], float]:
    start, neighbour, weight = rows
    return {
        (node, ids[neighbour[entry]]): float(weight[entry])
        for place, node in enumerate(ids)
        for entry in range(start[place], start[place + 1])
    }


@UNHURRIED
@given(ledgers(), scopes(), st.booleans())
def test_both_forms_are_what_the_records_say(ledger: Ledger, scope: Scope, directed: bool) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    expected: dict[tuple[str, str], float] = {}
    for one in links.values():
        both = not directed or (one.event is None and not ONTOLOGY.link_kind(one.kind).directed)
        for way in [(one.source, one.target)] + [(one.target, one.source)] * both:
            if one.source != one.target:
                expected[way] = expected.get(way, 0.0) + 1.0
    graph = SimpleGraph.of(view, directed=directed)
    ids = list(ids_of(view, graph.numbers))
    assert ids == sorted(nodes)
    assert arcs(ids, graph.along) == expected
    assert arcs(ids, graph.against) == {(target, source): weight for (source, target), weight in expected.items()}
    told = simple_networkx(view, directed=directed)
    assert list(told) == ids
    assert told.is_directed() is directed
    twice = told if directed else nx.DiGraph(told)
    assert {(source, target): weight for source, target, weight in twice.edges(data="weight")} == expected
    assert (graph.nodes, graph.entries) == (len(nodes), len(expected))


def test_ties_are_numbered_once_and_neighbours_ascend() -> None:
    graph = SimpleGraph.of(plain_view(5, [(3, 1), (1, 3), (0, 4), (4, 1), (2, 2)]))
    low, high, link = graph.ties()
    ties = list(zip(low.tolist(), high.tolist(), strict=True))
    assert ties == [(0, 4), (1, 3), (1, 4)]
    assert graph.degree.tolist() == [1, 2, 0, 1, 2]
    start, neighbour, weight = graph.along
    for node in range(5):
        run = slice(start[node], start[node + 1])
        assert neighbour[run].tolist() == sorted(neighbour[run].tolist())
        for other, tie in zip(neighbour[run].tolist(), link[run].tolist(), strict=True):
            assert ties[tie] == (min(node, other), max(node, other))
    assert weight.sum() == 8


@pytest.mark.parametrize("directed", [False, True])
def test_nobody(directed: bool) -> None:
    view = View(Ledger().network())
    assert (SimpleGraph.of(view, directed=directed).nodes, SimpleGraph.of(view, directed=directed).entries) == (0, 0)
    assert len(simple_networkx(view, directed=directed)) == 0
