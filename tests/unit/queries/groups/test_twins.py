"""The same scope with events kept or collapsed, what is attached to a group, and who is never ranked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graph_service.model.scope import Events, Scope
from graph_service.model.time import Interval
from graph_service.network.view import View
from queries.groups.twins import Attached, infrastructure, victims, with_events_collapsed, with_events_kept
from tests.unit.network.tables import Ledger, entity, link, said

KINDS = {"t": "MoneyTransfer", "s": "Seizure", "i": "Incident", "k": "Case"}


def ledger() -> Ledger:
    links = [
        link("l1", "a", "t", "ORIGINATOR"),
        link("l2", "t", "b", "BENEFICIARY"),
        link("l3", "s", "b", "SEIZED_FROM"),
        link("l4", "i", "c", "VICTIM", said(grade="E5", valid=("2010", "2011"), markings=["a"])),
        link("l5", "a", "k", "RELATED_CASE"),
    ]
    return Ledger().put([entity(name, KINDS.get(name, "Subject")) for name in "abctsik"], links)


def names(view: View, mask: np.ndarray) -> set[str]:
    return {view.network.entity_id(int(number)) for number in np.flatnonzero(mask)}


def test_a_view_is_its_own_twin_and_the_other_has_the_same_scope() -> None:
    view = View(ledger().network(), Scope(markings=frozenset()))
    flat = with_events_collapsed(view)
    assert with_events_kept(view) is view
    assert with_events_collapsed(flat) is flat
    assert flat.scope == replace(view.scope, events=Events.COLLAPSED)
    assert names(flat, flat.nodes) == {"a", "b", "c", "k"}
    assert names(with_events_kept(flat), with_events_kept(flat).nodes) == set("abctsik")


def test_what_is_attached_to_members_or_is_one() -> None:
    view = View(ledger().network())
    inside = np.zeros(view.network.entities, dtype=np.bool_)
    inside[[view.number("b"), view.number("c")]] = True
    assert Attached.of(view, "Seizure").among(view, inside) == ("s",)
    assert Attached.of(view, "Case").among(view, inside) == ()
    inside[view.number("k")] = True
    assert Attached.of(view, "Case").among(view, inside) == ("k",)


def test_victims_stay_victims_whatever_the_scope_leaves_out_but_not_beyond_the_markings() -> None:
    network = ledger().network()
    narrow = Scope(entity_kinds=frozenset({"Subject"}), link_kinds=frozenset({"ORIGINATOR"}))
    for scope in (Scope(), narrow, Scope(window=Interval("2015", None))):
        view = View(network, scope)
        assert names(view, victims(view)) == {"c"}
    hidden = View(network, Scope(markings=frozenset()))
    assert names(hidden, victims(hidden)) == set()


def test_infrastructure_is_what_the_ontology_marks_so() -> None:
    kinds = {"b": "Bank", "p": "Port", "s": "Subject", "c": "Company"}
    view = View(Ledger().put([entity(*each) for each in kinds.items()]).network())
    assert names(view, infrastructure(view)) == {"b", "p"}
