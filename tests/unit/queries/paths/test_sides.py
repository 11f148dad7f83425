"""Entities that are on both sides: where a way starts it does not end, on every question that goes from A to B."""

from __future__ import annotations

import pytest

from graph_service.errors import InvalidParameter
from graph_service.network.view import View
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import ask, both

FROM_TO = ("shortest-paths", "k-paths", "all-paths", "best-evidence", "time-ordered")


def chain(*names: str, joined: bool = True) -> View:
    """Entities in the order in which they are loaded, the first two of them linked or not."""
    links = [link("l", names[0], names[1], "ASSOCIATE_OF", said(valid=("2015", "2015")))] if joined else []
    return View(Ledger().put([entity(name) for name in names], links).network())


@pytest.mark.parametrize("name", FROM_TO)
def test_a_way_does_not_end_where_it_may_start(name: str) -> None:
    found = both(name, chain("a", "b"), source="a", targets=["a", "b"], directed=False)
    assert [path.entities for path in found.result.paths] == [("a", "b")]


@pytest.mark.parametrize("name", FROM_TO)
def test_where_there_is_no_other_end_each_reaches_itself(name: str) -> None:
    found = both(name, chain("b", "a"), sources=["a", "b"], targets=["b", "a"], directed=False)
    assert [path.entities for path in found.result.paths] == [("a",), ("b",)]


@pytest.mark.parametrize("name", FROM_TO)
def test_the_ends_of_no_way_are_told_by_id_whatever_the_load_order(name: str) -> None:
    for order in (("a", "b", "c", "d"), ("d", "c", "b", "a")):
        view = chain(*order, joined=False)
        found = both(name, view, sources=["c", "b"], targets=["b", "d", "a"], directed=False)
        assert found.result.paths == ()
        assert found.entities == ("a", "b")


def test_independent_routes_need_an_end_of_their_own() -> None:
    view = chain("a", "b")
    found = both("independent-routes", view, source="a", targets=["a", "b"]).result
    assert [route.path.entities for route in found.routes] == [("a", "b")]
    for engine in ("memory", "networkx"):
        with pytest.raises(InvalidParameter, match="two ends"):
            ask("independent-routes", view, engine, sources=["a", "b"], targets=["b"])
