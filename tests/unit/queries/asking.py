"""Asking a question of a view or of a database, the way the service does it, without the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_service.model.answer import DEFAULT_LIMITS, Finding, Limits
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.network.budget import Budget
from graph_service.network.view import View
from graph_service.store.protocol import Statement
from queries.catalogue import CATALOGUE
from queries.pushdown import Pushdown
from tests.unit.ledger_store import LedgerStore, Rows
from tests.unit.network.tables import ONTOLOGY, Ledger, entity, link


def ask(
    name: str, view: View, engine: str = "memory", limits: Limits = DEFAULT_LIMITS, **parameters: object
) -> Finding[Any]:
    """The finding of an engine that works on views."""
    asked = CATALOGUE[name]
    with Budget(limits) as budget:
        finding: Finding[Any] = getattr(asked, engine)(view, asked.parameters(**parameters), budget)
    return finding


def both(name: str, view: View, **parameters: Any) -> Finding[Any]:
    """The finding of both engines, which must be one."""
    memory, oracle = (ask(name, view, engine, **parameters) for engine in ("memory", "networkx"))
    assert memory == oracle
    return memory


def database(
    answers: Callable[[Statement, Scope], Rows],
    scope: Scope = EVERYTHING,
    limits: Limits = DEFAULT_LIMITS,
    *plugins: str,
) -> tuple[Pushdown, LedgerStore]:
    """A push-down over a store that gives these answers, and the store, which notes what it was asked."""
    store = LedgerStore(name="neo4j", answers=answers)
    return Pushdown(store, scope, ONTOLOGY, limits, plugins), store


def small(links: str, kind: str = "REPRESENTS") -> View:
    """A view of links written ``ab bc``; parallel links are told apart by their place: ``ab0 bc1``."""
    pairs = links.split()
    names = dict.fromkeys("".join(pairs))
    made = [link(f"{pair}{place}", pair[0], pair[1], kind) for place, pair in enumerate(pairs)]
    return View(Ledger().put([entity(name) for name in names], made).network())
