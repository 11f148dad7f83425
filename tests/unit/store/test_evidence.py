"""Evidence: what a finding names, fetched in one read and merged."""

from __future__ import annotations

from graph_service.model.answer import Finding
from graph_service.model.graph import Link, LinkRef, Subgraph
from graph_service.model.scope import EVERYTHING, Events, Scope
from graph_service.model.time import Interval
from graph_service.store.evidence import fetch
from tests.unit.ledger_store import LedgerStore
from tests.unit.network.tables import ONTOLOGY, Ledger, entity, link, said

LEDGER = Ledger().put(
    [
        entity("a", properties={"name": ("Ann",)}),
        entity("a", properties={"name": ("Hidden",)}, by=said("spy", "A1", ["m"])),
        entity("b"),
        entity("t", "MoneyTransfer", {"amount": ("5",)}, said("bank", "B2", valid=("2015-03-05", "2015-03-05"))),
        entity("t", "MoneyTransfer", {"currency": ("USD",)}, said("press", "C3", valid=("2015-03", "2015-04"))),
    ],
    [
        link("ab", "a", "b", by=said("one", valid=("2010", "2012"))),
        link("ab", "a", "b", by=said("two", valid=("2011", "2014"))),
        link("at", "a", "t", "ORIGINATOR"),
        link("tb", "t", "b", "BENEFICIARY"),
    ],
)


def fetched(finding: Finding[object], scope: Scope = EVERYTHING) -> tuple[Subgraph, LedgerStore]:
    store = LedgerStore(LEDGER)
    return fetch(store, finding, scope, ONTOLOGY), store


def test_entities_and_links_are_merged_from_their_records_in_one_read() -> None:
    made, store = fetched(Finding.of(None, ["b", "a"], [LinkRef("ab", "a", "b")]))
    assert [one.id for one in made.entities] == ["a", "b"]
    assert made.entities[0].properties == {"name": ("Hidden", "Ann")}
    assert len(made.entities[0].records) == 2
    [joined] = made.links
    assert (joined.id, joined.kind, joined.valid, joined.event) == ("ab", "REPRESENTS", Interval("2010", "2014"), None)
    assert store.calls == ["get"]


def test_only_the_records_in_scope_are_shown() -> None:
    made, _ = fetched(Finding.of(None, ["a"]), Scope(markings=frozenset()))
    assert made.entities[0].properties == {"name": ("Ann",)}
    assert made.entities[0].caption == "Ann"


def test_a_direct_link_for_an_event_carries_the_event_but_the_event_is_no_entity() -> None:
    refs = [LinkRef("t[a>b]", "a", "b", "t"), LinkRef("ab", "a", "b")]
    made, _ = fetched(Finding.of(None, ["a", "b"], refs), Scope(events=Events.COLLAPSED))
    assert [one.id for one in made.entities] == ["a", "b"]
    plain, event = made.links
    assert plain.id == "ab"
    assert isinstance(event, Link)
    assert (event.id, event.kind, event.source, event.target, event.event) == ("t[a>b]", "MoneyTransfer", "a", "b", "t")
    assert event.properties == {"amount": ("5",), "currency": ("USD",)}
    assert [record.said.source_id for record in event.records] == ["bank", "press"]
    assert event.probability == 0.7696


def test_an_event_lasts_as_long_as_all_its_records_say() -> None:
    made, _ = fetched(Finding.of(None, ["a", "b"], [LinkRef("t[a>b]", "a", "b", "t")]))
    assert made.links[0].valid == Interval("2015-03", "2015-04")


def test_what_is_gone_since_the_finding_is_simply_not_there() -> None:
    refs = [LinkRef("gone", "a", "b"), LinkRef("x[a>b]", "a", "b", "x")]
    made, _ = fetched(Finding.of(None, ["a", "nobody"], refs))
    assert [one.id for one in made.entities] == ["a"]
    assert made.links == ()


def test_a_finding_without_evidence_is_an_empty_subgraph() -> None:
    assert fetched(Finding.of("nothing"))[0] == Subgraph()
