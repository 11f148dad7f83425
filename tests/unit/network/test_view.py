"""The View: what a scope shows, against the rule record by record, and the forms in which it is handed out."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from graph_service.errors import EntityNotFound, UnknownKind
from graph_service.model.grades import Grade
from graph_service.model.graph import LinkRef
from graph_service.model.merge import merge_entities
from graph_service.model.scope import EVERYTHING, Events, Scope
from graph_service.model.time import Interval
from graph_service.network.view import View, collapsed_id, tables
from tests.unit.network.oracle import ENTITY_KINDS, UNHURRIED, ShownLink, ledgers, scopes, sees, shown
from tests.unit.network.tables import ONTOLOGY, Ledger, day, entity, link, said


def nodes_of(view: View) -> dict[str, str]:
    """The kind of every entity of a view."""
    return {view.network.entity_id(int(n)): view.entity_kind(int(n)) for n in view.node_numbers()}


def links_of(view: View) -> dict[str, ShownLink]:
    """Every link of a view by id."""
    made = {}
    for place in range(len(view.links)):
        ref = view.link_ref(place)
        assert ref.id == view.link_id(place)
        made[ref.id] = ShownLink(ref.source, ref.target, view.link_kind(place), ref.event)
    assert len(made) == len(view.links)
    return made


# Against the rule


@UNHURRIED
@given(ledgers(), scopes())
def test_a_view_shows_what_the_rule_says(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    assert (nodes_of(view), links_of(view)) == shown(ledger, scope)


@UNHURRIED
@given(ledgers(), scopes())
def test_unknown_and_hidden_entities_cannot_be_told_apart(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    nodes, _ = shown(ledger, scope)
    for entity_id in [f"e{n}" for n in range(7)] + ["nobody"]:
        if entity_id in nodes:
            assert view.network.entity_id(view.number(entity_id)) == entity_id
        else:
            with pytest.raises(EntityNotFound, match=f"^no entity '{entity_id}' in this scope$"):
                view.number(entity_id)


@UNHURRIED
@given(ledgers(), scopes())
def test_the_kind_of_a_view_is_that_of_the_merge(ledger: Ledger, scope: Scope) -> None:
    records = [record for record in ledger.entity_records() if sees(record, scope, scope.entity_kinds)]
    merged = {one.id: one.kind for one in merge_entities(records, ONTOLOGY)}
    view = View(ledger.network(), scope)
    assert nodes_of(view) == {i: kind for i, kind in merged.items() if i in set(view.node_ids())}


@UNHURRIED
@given(ledgers(), scopes())
def test_an_entity_counts_as_every_kind_that_is_said_of_it(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    nodes, _ = shown(ledger, scope)
    for kind in (*ENTITY_KINDS, "Thing", "Event", "Phone"):
        said_so = {
            record.entity_id
            for record in ledger.entity_records()
            if sees(record, scope, scope.entity_kinds) and ONTOLOGY.is_a(record.kind, kind)
        } & set(nodes)
        mask = view.of_kinds(kind)
        assert {view.network.entity_id(int(n)) for n in np.flatnonzero(mask)} == said_so
    assert view.of_kinds(None).tolist() == view.nodes.tolist()


@UNHURRIED
@given(ledgers(), scopes())
def test_counts_by_kind(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    entities, linked = view.count_kinds()
    assert entities == {kind: list(nodes.values()).count(kind) for kind in sorted(set(nodes.values()))}
    kinds = [one.kind for one in links.values()]
    assert linked == {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    assert list(entities) == sorted(entities)
    assert list(linked) == sorted(linked)


@UNHURRIED
@given(ledgers(), scopes())
def test_links_parted_by_kind_are_all_there_once(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    some = np.arange(len(view.links), dtype=np.int32)[::-1][: len(view.links) // 2 + 1]
    parts = view.by_kind(some)
    assert sorted(place for part in parts.values() for place in part.tolist()) == list(range(len(some)))
    for kind, part in parts.items():
        assert {view.link_kind(int(some[place])) for place in part} == {kind}


@UNHURRIED
@given(ledgers(), scopes())
def test_a_link_goes_both_ways_when_its_kind_does_and_never_for_an_event(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    for place, symmetric in enumerate(view.symmetric.tolist()):
        kind = view.link_kind(place)
        assert symmetric is (kind in ONTOLOGY.link_kinds and not ONTOLOGY.link_kind(kind).directed)
        assert symmetric is (kind == "ASSOCIATE_OF")


# Cases worth a name


def test_the_kind_follows_what_the_asker_may_see() -> None:
    ledger = Ledger().put(
        [
            entity("x", "Thing", by=said(grade="E5")),
            entity("x", "Company", by=said(markings=["a"], grade="C3")),
            entity("x", "Organization", by=said(grade="C3")),
            entity("x", "Subject", by=said(grade="A1", markings=["b"])),
        ]
    )
    network = ledger.network()

    def kind(*held: str) -> str:
        return nodes_of(View(network, Scope(markings=frozenset(held))))["x"]

    assert kind() == "Organization"
    assert kind("b") == "Subject"
    assert kind("a") == "Company"
    assert kind("a", "b") == "Company"
    assert nodes_of(View(network))["x"] == "Company"


def test_a_link_is_hidden_when_either_end_is() -> None:
    ledger = Ledger().put(
        [entity("a"), entity("b"), entity("h", by=said(markings=["x"]))],
        [link("ab", "a", "b"), link("ah", "a", "h"), link("hb", "h", "b"), link("hh", "h", "h")],
    )
    assert set(links_of(View(ledger.network(), Scope(markings=frozenset())))) == {"ab"}
    assert set(links_of(View(ledger.network()))) == {"ab", "ah", "hb", "hh"}


def test_records_of_one_link_are_one_link_and_parallel_links_are_many() -> None:
    ledger = Ledger().put([entity("a"), entity("b")], [link("one", "a", "b"), link("two", "a", "b")])
    ledger.put([], [link("one", "a", "b", by=said("other", markings=["x"])), link("one", "a", "b", by=said("third"))])
    view = View(ledger.network())
    assert sorted(links_of(view)) == ["one", "two"]
    assert len(view.adjacency.neighbour) == 4


def test_a_link_shows_when_any_of_its_records_does() -> None:
    ledger = Ledger().put([entity("a"), entity("b")], [link("l", "a", "b", by=said(markings=["x"], grade="A1"))])
    ledger.put([], [link("l", "a", "b", by=said("other", grade="D4", valid=("2014", "2014")))])
    network = ledger.network()
    nobody = frozenset[str]()
    assert set(links_of(View(network, Scope(markings=nobody)))) == {"l"}
    assert set(links_of(View(network, Scope(markings=nobody, window=Interval("2015"))))) == set()
    assert set(links_of(View(network, Scope(min_grade=Grade("A", "1"), entity_kinds=None)))) == set()
    assert set(links_of(View(network, Scope(window=Interval("2015"))))) == {"l"}


def test_an_entity_under_another_moment() -> None:
    ledger = Ledger().put([entity("a"), entity("b", by=said("other"))], [link("l", "a", "b")])
    ledger.put([entity("c")], [link("m", "a", "c")], at=day(5)).withdraw("other", day(7))
    network = ledger.network()
    assert set(View(network, Scope(known_at=day(4))).node_ids()) == {"a", "b"}
    assert set(View(network, Scope(known_at=day(6))).node_ids()) == {"a", "b", "c"}
    assert set(View(network).node_ids()) == {"a", "c"}
    assert set(links_of(View(network))) == {"m"}


def test_a_kind_that_does_not_exist_is_refused() -> None:
    view = View(Ledger().put([entity("a")]).network())
    with pytest.raises(UnknownKind, match="did you mean Subject"):
        view.of_kinds("Subjct")


# Forms


@UNHURRIED
@given(ledgers(), scopes())
def test_the_networkx_graph_is_the_view(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    graph = view.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    assert {node: data["kind"] for node, data in graph.nodes(data=True)} == nodes
    edges = {key: ShownLink(a, b, d["kind"], d["event"]) for a, b, key, d in graph.edges(keys=True, data=True)}
    assert edges == links
    assert graph.number_of_edges() == len(links)
    assert all(d["symmetric"] is (d["kind"] == "ASSOCIATE_OF") for _, _, d in graph.edges(data=True))
    for node, kinds in graph.nodes(data="kinds"):
        own = [r for r in ledger.entity_records() if r.entity_id == node and sees(r, scope, scope.entity_kinds)]
        assert kinds == {record.kind for record in own}


def test_the_graph_is_made_once() -> None:
    view = View(Ledger().put([entity("a")]).network())
    assert view.graph is view.graph
    assert view.to_networkx() is not view.graph


PAYMENT = Ledger().put(
    [
        entity("payer"),
        entity("payee"),
        entity("t", "MoneyTransfer", {"amount": ("12.5",)}, said(valid=("2015", "2015"))),
    ],
    [
        link("from", "payer", "t", "ORIGINATOR"),
        link("to", "t", "payee", "BENEFICIARY"),
        link("know", "payer", "payee", "ASSOCIATE_OF"),
    ],
)


def test_the_tables_hold_what_the_view_shows() -> None:
    entities, links = tables(View(PAYMENT.network()))
    assert entities.to_pylist() == [
        {"id": "payer", "kind": "Subject"},
        {"id": "payee", "kind": "Subject"},
        {"id": "t", "kind": "MoneyTransfer"},
    ]
    assert [(row["id"], row["kind"], row["source"], row["target"], row["event"]) for row in links.to_pylist()] == [
        ("from", "ORIGINATOR", "payer", "t", None),
        ("to", "BENEFICIARY", "t", "payee", None),
        ("know", "ASSOCIATE_OF", "payer", "payee", None),
    ]


@UNHURRIED
@given(ledgers(), scopes())
def test_the_tables_of_any_view_agree_with_it(ledger: Ledger, scope: Scope) -> None:
    nodes, links = shown(ledger, scope)
    entity_table, link_table = tables(View(ledger.network(), scope))
    assert {row["id"]: row["kind"] for row in entity_table.to_pylist()} == nodes
    told = {r["id"]: ShownLink(r["source"], r["target"], r["kind"], r["event"]) for r in link_table.to_pylist()}
    assert told == links


def test_a_notebook_gets_frames() -> None:
    view = View(PAYMENT.network(), Scope(events=Events.COLLAPSED))
    for entities, links in (view.to_pandas(), view.to_polars()):
        assert list(entities["id"]) == ["payer", "payee"]
        assert sorted(links["id"]) == ["know", "t[payer>payee]"]


# Collapsed events


def test_a_collapsed_event_is_one_direct_link_of_its_kind() -> None:
    view = View(PAYMENT.network(), Scope(events=Events.COLLAPSED))
    assert links_of(view) == {
        "know": ShownLink("payer", "payee", "ASSOCIATE_OF"),
        "t[payer>payee]": ShownLink("payer", "payee", "MoneyTransfer", "t"),
    }
    assert view.count_kinds() == ({"Subject": 2}, {"ASSOCIATE_OF": 1, "MoneyTransfer": 1})
    place = [view.link_id(n) for n in range(len(view.links))].index("t[payer>payee]")
    assert view.link_ref(place) == LinkRef(collapsed_id("t", "payer", "payee"), "payer", "payee", "t")


def test_a_view_of_everything_is_the_default() -> None:
    view = View(PAYMENT.network())
    assert view.scope == EVERYTHING
    assert view.nodes.all()
