"""Both readers of ties say the same of every entity, and what they say is what stands in the records."""

from __future__ import annotations

import math
import random

import pytest

from graph_service.errors import EntityNotFound
from graph_service.model.scope import Events, Scope
from graph_service.model.time import DAY_MAX, DAY_MIN, day_range
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.players.succession import Activity
from queries.players.ties import MILLION, ArrayTies, GraphTies, weight_of
from tests.unit.network.tables import Ledger, entity, link, said

pytestmark = pytest.mark.skipif(not available("numba"), reason="adjacency is compiled here")


def small_world() -> Ledger:
    """A loop, parallel links, a link without a direction, and a dated transfer."""
    entities = [
        entity("ann", by=said(valid=("2001", None))),
        entity("bob"),
        entity("firm", "Company"),
        entity("pay", "MoneyTransfer", by=said(valid=("2014-05-06", "2014-05-06"))),
    ]
    links = [
        link("z", "ann", "firm", "DIRECTOR_OF", said(valid=("2010", "2012"))),
        link("a", "ann", "firm", "DIRECTOR_OF"),
        link("f", "bob", "ann", "ASSOCIATE_OF"),
        link("loop", "ann", "ann", "ASSOCIATE_OF"),
        link("o", "ann", "pay", "ORIGINATOR"),
        link("r", "pay", "bob", "BENEFICIARY"),
    ]
    return Ledger().put(entities, links)


def view_of(scope: Scope | None = None) -> View:
    return View(small_world().network(), scope or Scope())


def named(reader: ArrayTies | GraphTies, entity_id: str) -> set[tuple[str, str, str]]:
    """The ties of an entity by name."""
    if isinstance(reader, ArrayTies):
        found = reader.of(reader.node(entity_id))
        return {(reader.name(tie.neighbour), reader.link_kind(tie), tie.direction) for tie in found}
    return {(tie.neighbour, reader.link_kind(tie), tie.direction) for tie in reader.of(reader.node(entity_id))}


@pytest.mark.parametrize("reader", [ArrayTies, GraphTies])
def test_ties_with_their_kind_and_direction(reader: type[ArrayTies | GraphTies]) -> None:
    kept = reader(view_of())
    assert named(kept, "ann") == {
        ("firm", "DIRECTOR_OF", "out"),
        ("bob", "ASSOCIATE_OF", "both"),
        ("pay", "ORIGINATOR", "out"),
    }
    assert named(kept, "firm") == {("ann", "DIRECTOR_OF", "in")}
    collapsed = reader(view_of(Scope(events=Events.COLLAPSED)))
    assert named(collapsed, "bob") == {("ann", "ASSOCIATE_OF", "both"), ("ann", "MoneyTransfer", "in")}


def test_arrays_and_graph_count_and_date_alike() -> None:
    for scope in (Scope(), Scope(events=Events.COLLAPSED), Scope(link_kinds=frozenset({"ASSOCIATE_OF"}))):
        view = view_of(scope)
        arrays, graph = ArrayTies(view), GraphTies(view)
        for name in view.node_ids():
            number = arrays.node(name)
            assert arrays.links(number) == graph.links(name)
            assert {arrays.name(one) for one in arrays.neighbours(number)} == graph.neighbours(name)
            assert arrays.activity(number) == graph.activity(name)
            assert arrays.kind_of(number) == graph.kind_of(name)
            for kind in ("Party", "Company", "Subject", "Event"):
                assert arrays.called(number, kind) == graph.called(name, kind)
            assert named(arrays, name) == named(graph, name)


def test_a_loop_is_one_link_and_no_tie() -> None:
    arrays = ArrayTies(view_of())
    ann = arrays.node("ann")
    assert arrays.links(ann) == 5
    assert ann not in arrays.neighbours(ann)


def test_the_link_of_a_tie_is_the_one_with_the_smallest_id() -> None:
    view = view_of()
    arrays, graph = ArrayTies(view), GraphTies(view)
    (there,) = (tie for tie in arrays.of(arrays.node("firm")) if tie.direction == "in")
    (same,) = (tie for tie in graph.of("firm") if tie.direction == "in")
    assert arrays.link(arrays.node("firm"), there) == graph.link("firm", same)
    assert arrays.link(arrays.node("firm"), there).id == "a"


def test_records_links_and_events_date_an_entity() -> None:
    arrays = ArrayTies(view_of())
    transfer = day_range("2014-05-06")[0]
    assert arrays.activity(arrays.node("ann")) == Activity(day_range("2001")[0], transfer)
    assert arrays.activity(arrays.node("firm")) == Activity(day_range("2001")[0], day_range("2012")[1])
    assert arrays.activity(arrays.node("pay")) == Activity(transfer, transfer)
    nothing = ArrayTies(View(Ledger().put([entity("x")]).network()))
    assert nothing.activity(nothing.node("x")) == Activity(DAY_MIN, DAY_MAX)


@pytest.mark.parametrize("reader", [ArrayTies, GraphTies])
def test_unknown_and_hidden_entities_are_not_found(reader: type[ArrayTies | GraphTies]) -> None:
    with pytest.raises(EntityNotFound):
        reader(view_of()).node("nobody")
    with pytest.raises(EntityNotFound):
        reader(view_of(Scope(entity_kinds=frozenset({"Company"})))).node("ann")


def test_weights_fall_with_the_links_of_a_neighbour() -> None:
    dice = random.Random(1)
    for links in [1, 2, 3, *(dice.randint(4, 10**6) for _ in range(50))]:
        assert weight_of(links) / MILLION == pytest.approx(1 / math.log2(1 + links), abs=1e-6)
    assert weight_of(0) == weight_of(1) == MILLION
