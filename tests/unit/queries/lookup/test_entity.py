"""``entity`` and ``degree``: links counted, against counting by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import EntityNotFound, UnknownKind
from graph_service.model.answer import Limits
from graph_service.model.scope import Scope
from graph_service.network.view import View
from queries.lookup.entity import LinkCount
from queries.players.degree import Ranked
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, sees, shown
from tests.unit.network.tables import ONTOLOGY, Ledger, entity, link, plain_view
from tests.unit.queries.asking import ask, both, small


@UNHURRIED
@given(ledgers(), scopes())
def test_the_links_of_an_entity_by_kind_and_direction(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    for node in nodes:
        count: Counter[tuple[str, str]] = Counter()
        for one in links.values():
            if node in {one.source, one.target}:
                direction = "both" if one.kind == "ASSOCIATE_OF" else "out" if one.source == node else "in"
                count[one.kind, direction] += 1
        finding = both("entity", view, entity=node)
        assert finding.result.links == tuple(sorted(LinkCount(k, d, n) for (k, d), n in count.items()))
        assert finding.result.degree == sum(count.values())
        assert finding.entities == (node,)
        assert not finding.truncated


@pytest.mark.parametrize("engine", ["memory", "networkx"])
@pytest.mark.parametrize("name", ["entity", "expand"])
def test_a_hidden_and_an_unknown_entity_are_refused_alike(name: str, engine: str) -> None:
    ledger = Ledger().put([entity("a"), entity("t", "MoneyTransfer")])
    view = View(ledger.network(), Scope(entity_kinds=frozenset({"Subject"})))
    for hidden in ("t", "nobody"):
        with pytest.raises(EntityNotFound, match=f"^no entity '{hidden}' in this scope$"):
            ask(name, view, engine, entity=hidden)


def test_a_self_loop_counts_once() -> None:
    finding = both("entity", small("aa aa ab"), entity="a")
    assert finding.result.degree == 3
    assert finding.result.links == (LinkCount("REPRESENTS", "out", 3),)
    assert both("entity", small("aa", "ASSOCIATE_OF"), entity="a").result.links == (
        LinkCount("ASSOCIATE_OF", "both", 1),
    )


# degree


@UNHURRIED
@given(ledgers(), scopes(), st.sampled_from([None, "Subject", "Organization", "Thing", "Phone"]), st.integers(1, 5))
def test_who_is_most_connected(ledger: Ledger, scope: Scope, kind: str | None, limit: int) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    among = {
        record.entity_id
        for record in ledger.entity_records()
        if sees(record, scope, scope.entity_kinds) and (kind is None or ONTOLOGY.is_a(record.kind, kind))
    } & set(nodes)
    ranking = []
    for node in among:
        own = [one for one in links.values() if node in {one.source, one.target}]
        neighbours = {one.source for one in own} | {one.target for one in own}
        by_kind = Counter(one.kind for one in own)
        ranking.append(Ranked(node, len(own), len(neighbours - {node}), dict(by_kind)))
    ranking.sort(key=lambda one: (-one.degree, one.id))
    finding = both("degree", view, kind=kind, limit=limit)
    assert finding.result.ranking == tuple(ranking[:limit])
    assert finding.truncated == (len(ranking) > limit)
    assert all(list(one.by_kind) == sorted(one.by_kind) for one in finding.result.ranking)


def test_ties_come_by_id_and_entities_without_links_are_ranked_too() -> None:
    ledger = Ledger().put([entity(i) for i in "dbca"], [link("x", "d", "c")])
    ranking = both("degree", View(ledger.network()), limit=3).result.ranking
    assert [(one.id, one.degree) for one in ranking] == [("c", 1), ("d", 1), ("a", 0)]


def test_the_ranking_of_nobody() -> None:
    assert both("degree", View(Ledger().network())).result.ranking == ()
    assert both("degree", plain_view(3, [(0, 1)]), kind="Vessel").result.ranking == ()


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_a_kind_that_does_not_exist_is_refused(engine: str) -> None:
    with pytest.raises(UnknownKind):
        ask("degree", plain_view(3, [(0, 1)]), engine, kind="Nothing")


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_a_ranking_under_a_spent_budget_is_told_as_cut(engine: str) -> None:
    view = plain_view(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)])
    finding = ask("degree", view, engine, Limits(links=2), limit=10)
    assert finding.truncated
    assert finding.result.ranking
    assert not ask("degree", view, engine, limit=10).truncated
