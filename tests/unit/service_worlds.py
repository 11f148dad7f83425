"""A service over a store in memory, and the small world that it is asked about."""

from __future__ import annotations

from typing import Any

from graph_service.model.scope import Caller, Events, Scope
from graph_service.service import GraphService
from graph_service.store.protocol import Statement
from tests.unit.ledger_store import LedgerStore, Rows
from tests.unit.network.tables import ONTOLOGY, Ledger, entity, link, said

ANYONE = Caller()
NOBODY = Caller("nobody", frozenset())
COLLAPSED = Scope(events=Events.COLLAPSED)


def world() -> Ledger:
    """Three in a row, the last of them marked."""
    return Ledger().put(
        [entity("a", properties={"name": ("Ann",)}), entity("b"), entity("c", by=said(markings=["m"]))],
        [link("ab", "a", "b"), link("bc", "b", "c")],
    )


def service_over(store: LedgerStore, **settings: Any) -> GraphService:
    return GraphService(store, ONTOLOGY, **settings)


def there(statement: Statement, scope: Scope) -> Rows:
    """A database in which every entity exists and has no links."""
    return [{"id": statement.parameters["id"]}] if set(statement.parameters) == {"id"} else []


ENTITY: dict[str, object] = {"entity": "a"}
"""Parameters of a question that this world answers."""
