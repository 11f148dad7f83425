"""Victims are never candidates, however narrow the question; hidden records say nothing of anybody."""

from __future__ import annotations

import numpy as np
import pytest

from graph_service.model.scope import Events, Scope
from graph_service.model.time import Interval
from graph_service.network.view import View
from queries.players.protected import protected
from tests.unit.network.tables import Ledger, entity, link, said


def world() -> Ledger:
    people = [entity(name) for name in ("ann", "ben", "cid")]
    happened = [entity("case", "Incident"), entity("secret", "Incident")]
    links = [
        link("v1", "case", "ann", "VICTIM", said(grade="E5", valid=("2010", "2010"))),
        link("s1", "cid", "case", "SUSPECT"),
        link("v2", "secret", "ben", "VICTIM", said(markings=["case:ALPHA"])),
        link("t1", "ann", "ben", "ASSOCIATE_OF"),
    ]
    return Ledger().put([*people, *happened], links)


def spared(scope: Scope) -> list[str]:
    view = View(world().network(), scope)
    return sorted(view.network.entity_id(int(number)) for number in np.flatnonzero(protected(view)))


@pytest.mark.parametrize(
    "scope",
    [
        Scope(markings=frozenset()),
        Scope(markings=frozenset(), entity_kinds=frozenset({"Subject"}), link_kinds=frozenset({"ASSOCIATE_OF"})),
        Scope(markings=frozenset(), events=Events.COLLAPSED),
    ],
    ids=["whole", "kinds", "collapsed"],
)
def test_a_victim_is_spared_in_every_scope_that_shows_the_person(scope: Scope) -> None:
    assert spared(scope) == ["ann"]


def test_a_hidden_record_spares_nobody() -> None:
    assert spared(Scope()) == ["ann", "ben"]
    assert spared(Scope(markings=frozenset({"case:ALPHA"}))) == ["ann", "ben"]


@pytest.mark.parametrize("role", ["ncii", "witness", "minor", "possible victim", "official"])
def test_people_of_an_analytic_role_are_spared_whatever_is_asked(role: str) -> None:
    said_once = entity("dot", "Subject", {"analytic_role": (role,)}, said(grade="E5", valid=("2010", "2010")))
    others = [entity("dot", by=said("other")), entity("eve", "Subject", {"analytic_role": ("subject",)})]
    network = Ledger().put([said_once, *others]).network()
    for scope in (Scope(), Scope(window=Interval("2020", "2021"))):
        view = View(network, scope)
        spared = [view.network.entity_id(int(number)) for number in np.flatnonzero(protected(view))]
        assert spared == ["dot"]
