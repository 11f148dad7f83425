"""``components``, strongly: everybody reaches everybody along the direction of links."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.model.scope import Scope
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.view import View
from graph_service.store.protocol import Statement
from queries.groups.components import ComponentsParameters, on_neo4j
from queries.groups.listing import Group, list_sets
from tests.unit.ledger_store import Rows
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, shown
from tests.unit.network.tables import ONTOLOGY, Ledger, entity, link, plain_view
from tests.unit.queries.asking import ask, both, database, small


@UNHURRIED
@given(ledgers(), scopes())
def test_they_are_those_of_networkx_and_symmetric_links_go_both_ways(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    graph = nx.DiGraph((one.source, one.target) for one in links.values())
    graph.add_edges_from(
        (one.target, one.source)
        for one in links.values()
        if one.event is None and not ONTOLOGY.link_kind(one.kind).directed
    )
    graph.add_nodes_from(nodes)
    finding = both("components", view, strong=True, min_size=1)
    asked = ComponentsParameters(strong=True, min_size=1)
    assert finding.result.components == list_sets(nx.strongly_connected_components(graph), asked).groups


def test_a_ring_with_a_tail() -> None:
    view = small("ab bc ca cd")
    assert both("components", view, strong=True).result.components == (Group("a", 3, ("a", "b", "c")),)
    assert both("components", view, strong=True, min_size=1).result.total == 2
    assert both("components", view).result.components[0].size == 4


def test_a_budget_that_is_spent_is_told_and_calling_off_raises_though_the_list_is_cut() -> None:
    view = plain_view(20_001, [(n, n + 1) for n in range(20_000)])
    assert ask("components", view, limits=Limits(links=5_000), strong=True, min_size=1, limit=10_000).truncated
    for engine in ("memory", "networkx"):
        budget = Budget()
        budget.state[0] = CALLED_OFF
        with pytest.raises(Cancelled):
            ask_with(budget, engine)


def ask_with(budget: Budget, engine: str) -> None:
    from queries.groups.components import QUESTION

    getattr(QUESTION, engine)(small("ab bc ca de"), ComponentsParameters(limit=1, strong=True), budget)


def test_a_database_is_asked_for_ways_by_kind() -> None:
    def answers(statement: Statement, _scope: Scope) -> Rows:
        if "type(r) AS kind" in statement.text:
            ways = [
                ("a", "b", "REPRESENTS"),
                ("b", "a", "REPRESENTS"),
                ("b", "c", "REPRESENTS"),
                ("d", "c", "FAMILY_OF"),
            ]
            return [{"source": source, "target": target, "kind": kind} for source, target, kind in ways]
        return [{"id": name} for name in "abcd"] if "RETURN a.id AS id" in statement.text else []

    pushdown, _ = database(answers)
    with Budget() as budget:
        finding = on_neo4j(pushdown, ComponentsParameters(strong=True), budget)
    assert finding.result.components == (Group("a", 2, ("a", "b")), Group("c", 2, ("c", "d")))
    made = [entity(name) for name in "abcd"]
    ties = [link("1", "a", "b"), link("2", "b", "a"), link("3", "b", "c"), link("4", "d", "c", "FAMILY_OF")]
    here = both("components", View(Ledger().put(made, ties).network()), strong=True)
    assert here.result == finding.result
