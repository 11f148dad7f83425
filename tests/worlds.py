"""Small worlds written as data: the steps (loads and withdrawals) that make a store, and the scopes cases ask under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.api.scopes import scope_body
from graph_service.model.grades import UNGRADED, parse_grade
from graph_service.model.ontology import Ontology, load_ontology
from graph_service.model.records import EntityRecord, LinkRecord, Provenance, Source
from graph_service.model.scope import Scope
from graph_service.model.time import Interval, parse_moment
from graph_service.store.protocol import Batch, GraphStore, Withdrawal
from graph_service.store.rows import entity_table, link_table

Json = Mapping[str, Any]
"""A world, step or case as it stands in its file."""


def build(store: GraphStore, steps: Sequence[Json], ontology: Ontology | None = None) -> None:
    """Put every step into the store: ``{source, recorded_at, entities, links}`` or ``{withdraw, at}``.

    An entity is ``[id, kind, properties, said]``, a link ``[id, kind, source, target, properties, said]``; the last
    two may be left out; ``said`` has ``grade``, ``markings``, ``from``, ``to``.
    """
    known = ontology or load_ontology()
    for number, step in enumerate(steps):
        if "withdraw" in step:
            store.put(Withdrawal(step["withdraw"], parse_moment(step["at"])))
            continue
        name = step.get("source", "world")
        store.put(
            Batch(
                marker=f"{name}:{number}",
                source=Source(name, name, f"{number:064x}"),
                entities=entity_table([_entity(row, name, n) for n, row in enumerate(step.get("entities", ()))], known),
                links=link_table([_link(row, name, n) for n, row in enumerate(step.get("links", ()))]),
                recorded_at=parse_moment(step.get("recorded_at", "2024-01-01T00:00:00Z")),
            )
        )


def scope(given: Json, ontology: Ontology | None = None) -> Scope:
    """A scope from the names its options have: as, from, to, known, kinds, min_grade, events."""
    return scope_body(given).scope(ontology or load_ontology())


def _entity(row: Sequence[Any], source: str, number: int) -> EntityRecord:
    properties, said = _tail(row, 2)
    return EntityRecord(row[0], row[1], properties, _said(said, source, number))


def _link(row: Sequence[Any], source: str, number: int) -> LinkRecord:
    properties, said = _tail(row, 4)
    return LinkRecord(row[0], row[1], row[2], row[3], properties, _said(said, source, number))


def _tail(row: Sequence[Any], after: int) -> tuple[dict[str, tuple[str, ...]], Json]:
    properties = {name: tuple(values) for name, values in (row[after] if len(row) > after else {}).items()}
    return properties, row[after + 1] if len(row) > after + 1 else {}


def _said(said: Json, source: str, number: int) -> Provenance:
    return Provenance(
        source_id=source,
        row=str(number + 1),
        grade=parse_grade(said["grade"]) if "grade" in said else UNGRADED,
        markings=frozenset(said.get("markings", ())),
        valid=Interval(said.get("from"), said.get("to")),
    )
