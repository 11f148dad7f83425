"""Records, batches and readings for the store contract: small, written by hand, allowed by the shipped ontology."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pyarrow as pa

from graph_service.model.grades import UNGRADED, Grade
from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord, Properties, Provenance, Records, Source
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.model.time import Interval
from graph_service.store.protocol import Batch, Changes, GraphStore
from graph_service.store.rows import entity_table, link_table

MakeStore: TypeAlias = Callable[[], GraphStore]
"""Gives an empty store; called once a check, and closed by the caller."""

NOON = datetime(2024, 3, 1, 12, 0, 0, 123_456, tzinfo=UTC)
"""When the first batch of every check is recorded; microseconds must survive."""
B2 = Grade("B", "2")


def at(minutes: int) -> datetime:
    """So many minutes after NOON."""
    return NOON + timedelta(minutes=minutes)


def source(source_id: str = "src", markings: Sequence[str] = ()) -> Source:
    """A source whose description differs from every default."""
    return Source(source_id, f"{source_id}.csv", "ab" * 32, B2, frozenset(markings), format="csv", loaded_at=NOON)


def said(
    row: str = "1", grade: Grade = UNGRADED, markings: Sequence[str] = (), valid: Interval | None = None
) -> Provenance:
    """Provenance whose source is filled in by `batch`."""
    return Provenance("", row, grade, frozenset(markings), valid or Interval())


def person(entity_id: str, provenance: Provenance | None = None, **properties: str) -> EntityRecord:
    """A record of a Subject; one value a property."""
    return EntityRecord(entity_id, "Subject", _values(properties), provenance or said())


def company(entity_id: str, provenance: Provenance | None = None, **properties: str) -> EntityRecord:
    """A record of an Organization; one value a property."""
    return EntityRecord(entity_id, "Organization", _values(properties), provenance or said())


def knows(link_id: str, first: str, second: str, provenance: Provenance | None = None) -> LinkRecord:
    """A record of an ASSOCIATE_OF between two persons."""
    return LinkRecord(link_id, "ASSOCIATE_OF", first, second, {}, provenance or said())


def owns(link_id: str, owner: str, owned: str, provenance: Provenance | None = None) -> LinkRecord:
    """A record of an OWNS from a party to an organization."""
    return LinkRecord(link_id, "OWNS", owner, owned, {}, provenance or said())


def batch(
    marker: str,
    entities: Sequence[EntityRecord] = (),
    links: Sequence[LinkRecord] = (),
    origin: Source | None = None,
    recorded_at: datetime = NOON,
) -> Batch:
    """The records as a batch of one source."""
    return Batch(marker, origin or source(), entity_table(entities, load_ontology()), link_table(links), recorded_at)


def kept_entity(record: EntityRecord, origin: str = "src", recorded_at: datetime = NOON) -> EntityRecord:
    """The record as a store gives it back."""
    return replace(record, said=replace(record.said, source_id=origin, recorded_at=recorded_at))


def kept_link(record: LinkRecord, origin: str = "src", recorded_at: datetime = NOON) -> LinkRecord:
    """The record as a store gives it back."""
    return replace(record, said=replace(record.said, source_id=origin, recorded_at=recorded_at))


def seen(store: GraphStore, ids: Sequence[str], scope: Scope = EVERYTHING) -> list[tuple[str, str]]:
    """Entity id and row of the entity records that the scope shows, in the store's order."""
    return [(record.entity_id, record.said.row) for record in store.get(ids, (), scope).entities]


def seen_links(store: GraphStore, ids: Sequence[str], scope: Scope = EVERYTHING) -> list[tuple[str, str]]:
    """Link id and row of the link records that the scope shows, in the store's order."""
    return [(record.link_id, record.said.row) for record in store.get((), ids, scope).links]


def columns(table: pa.Table, *names: str) -> list[tuple[object, ...]]:
    """The rows of some columns as tuples."""
    return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))


def everything(store: GraphStore) -> tuple[object, ...]:
    """All a store shows of its content: what must not change when a put writes nothing."""
    health = store.health()
    totals = health.revision, health.entity_records, health.link_records
    return plain(store.changes(0)), store.sources(EVERYTHING), store.revision(), totals


def plain(changes: Changes) -> dict[str, object]:
    """The changes as plain values that compare with ``==``, class numbers replaced by their markings."""
    return {
        "entity_ids": changes.entity_ids.to_pylist(),
        "link_ids": changes.link_ids.to_pylist(),
        "entity_rows": plain_rows(changes.entity_rows, changes),
        "link_rows": plain_rows(changes.link_rows, changes),
    }


def plain_rows(rows: pa.Table, changes: Changes) -> list[dict[str, object]]:
    """The rows as dictionaries, the class replaced by its markings, the origin by the source's id."""
    return [
        row | {"class": changes.classes[row["class"]], "origin": changes.origins[row["origin"]]}
        for row in rows.to_pylist()
    ]


NOTHING = Records()


def _values(properties: Mapping[str, str]) -> Properties:
    return {name: (value,) for name, value in properties.items()}
