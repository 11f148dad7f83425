"""Amounts that move, and what stops them; both readings of a view give the same."""

from __future__ import annotations

import numpy as np
import pytest

from graph_service.model.scope import Events, Scope
from graph_service.network.columns import Mask
from graph_service.network.view import View
from queries.players import movements
from queries.players.movements import Movements
from tests.unit.network.tables import Ledger, entity, link


def transfers() -> View:
    return _view(Scope())


def _view(scope: Scope) -> View:
    """Ann pays Ben 100 and, together with Cid, Dov 40; a report mentions the first; Eve owns a firm for 7."""
    people = [entity(name) for name in ("ann", "ben", "cid", "dov", "eve", "firm")]
    events = [
        entity(f"t{n}", "MoneyTransfer", {"amount": (str(amount),)}) for n, amount in ((1, 100), (2, 40), (3, -5))
    ]
    links = [
        link("l1", "ann", "t1", "ORIGINATOR"),
        link("l2", "t1", "ben", "BENEFICIARY"),
        link("l3", "ann", "t2", "ORIGINATOR"),
        link("l4", "cid", "t2", "ORIGINATOR"),
        link("l5", "t2", "dov", "BENEFICIARY"),
        link("l6", "eve", "t3", "ORIGINATOR"),
        link("l7", "report", "t1", "MENTIONS"),
        link("l8", "ann", "ben", "ASSOCIATE_OF"),
    ]
    return View(Ledger().put([*people, *events, entity("report", "Report")], links).network(), scope)


def readings(view: View) -> tuple[list[str], Movements, Movements]:
    ids = sorted(view.graph)
    place = np.zeros(view.network.entities, dtype=np.int32)
    place[[view.number(one) for one in ids]] = np.arange(len(ids))
    return ids, movements.on_arrays(view, place), movements.on_graph(view, {one: n for n, one in enumerate(ids)})


def without(ids: list[str], *gone: str) -> Mask:
    return np.array([one not in gone for one in ids], dtype=np.bool_)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ((), 140.0),
        (("ann",), 0.0),
        (("ben",), 40.0),
        (("cid",), 100.0),
        (("t2",), 100.0),
        (("report",), 140.0),
        (("eve", "firm"), 140.0),
        (("cid", "ben"), 0.0),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_an_event_stops_without_one_of_its_parties(gone: tuple[str, ...], left: float) -> None:
    """A report that mentions a transfer is no party of it; an amount below zero does not count."""
    ids, arrays, graph = readings(transfers())
    assert arrays.total(without(ids, *gone)) == graph.total(without(ids, *gone)) == left


def test_a_collapsed_event_counts_once_however_many_links_stand_for_it() -> None:
    ids, arrays, graph = readings(_view(Scope(events=Events.COLLAPSED)))
    for gone, left in (((), 140.0), (("cid",), 100.0), (("ann",), 0.0)):
        assert arrays.total(without(ids, *gone)) == graph.total(without(ids, *gone)) == left


def test_amounts_by_node_are_those_that_still_move_through_it() -> None:
    ids, arrays, graph = readings(transfers())
    there = without(ids, "cid")
    for found in (arrays, graph):
        by_node = dict(zip(ids, found.by_node(there).tolist(), strict=True))
        assert {one: amount for one, amount in by_node.items() if amount} == {"ann": 100, "ben": 100, "t1": 100}


def test_where_nothing_moves_there_is_nothing_to_stop() -> None:
    view = View(Ledger().put([entity("a"), entity("b")], [link("l", "a", "b")]).network())
    ids, arrays, graph = readings(view)
    assert arrays.total(without(ids)) == graph.total(without(ids)) == 0.0
    assert not arrays.by_node(without(ids)).any()
