"""Reading from Neo4j: the scope as parameters, records under it, and what changed since a revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import neo4j
import numpy as np
import pyarrow as pa

from graph_service.model.grades import ALL_GRADES
from graph_service.model.ontology import Ontology
from graph_service.model.records import EntityRecord, LinkRecord, Source
from graph_service.model.scope import Scope, split_markings
from graph_service.store.neo4j.schema import over_link_kinds
from graph_service.store.protocol import (
    ENTITY_CHANGES,
    LATEST,
    LINK_CHANGES,
    RETRACTIONS,
    Changes,
    from_moment,
    to_moment,
)
from graph_service.store.rows import entity_record, link_record

_REVISION: LiteralString = "MATCH (m:Meta {id: 'meta'}) RETURN m.revision AS revision"
_META: LiteralString = """
MATCH (m:Meta {id: 'meta'})
RETURN m.revision AS revision, m.link_kinds AS link_kinds,
  COLLECT { MATCH (c:VisibilityClass) RETURN [c.no, c.markings] } AS classes"""
_SEEN: LiteralString = """
  r.recorded <= $scope_known AND r.retracted > $scope_known
  AND r.from_day <= $scope_to AND r.to_day >= $scope_from
  AND ($scope_classes IS NULL OR r.class IN $scope_classes)
  AND ($scope_grades IS NULL OR r.grade IN $scope_grades)"""
_ENTITIES: LiteralString = (
    "UNWIND $ids AS id MATCH (r:EntityRecord {entity_id: id})"
    " WHERE ($scope_entity_kinds IS NULL OR r.kind IN $scope_entity_kinds) AND"
    + _SEEN
    + " RETURN properties(r) AS record"
)
_LINKS: LiteralString = (
    "MATCH (a:Entity)-[r:KIND]->(b:Entity) WHERE r.link_id IN $ids"
    " AND ($scope_link_kinds IS NULL OR type(r) IN $scope_link_kinds) AND"
    + _SEEN
    + " RETURN properties(r) AS record, type(r) AS kind, a.id AS source, b.id AS target"
)
_SOURCES: LiteralString = "MATCH (s:Source) RETURN properties(s) AS source ORDER BY s.id"
_AFTER: LiteralString = "MATCH (b:Batch {revision: $revision}) RETURN properties(b) AS counters"

_COLUMNS: LiteralString = (
    "r.no AS no, r.class AS class, r.grade AS grade, r.from_day AS from_day, r.to_day AS to_day,"
    " r.recorded AS recorded, r.retracted AS retracted, r.source_id AS source_id, r.amount AS amount"
)
_ENTITY_IDS: LiteralString = """
MATCH (r:EntityRecord)-[:ABOUT]->(e:Entity) WHERE r.no >= $first AND r.no < $last AND e.no >= $entity
RETURN DISTINCT e.no AS no, e.id AS id"""
_ENTITY_ROWS: LiteralString = (
    "MATCH (r:EntityRecord)-[:ABOUT]->(e:Entity) WHERE r.no >= $first AND r.no < $last"
    " RETURN e.no AS entity, r.kind AS kind, r.text AS text, r.codes AS codes, " + _COLUMNS
)
_LINK_ROWS: LiteralString = (
    "MATCH (a:Entity)-[r:KIND]->(b:Entity) WHERE r.no >= $first AND r.no < $last"
    " RETURN r.link_no AS link, r.link_id AS id, a.no AS source, b.no AS target, type(r) AS kind, " + _COLUMNS
)
_WITHDRAWN: LiteralString = (
    "MATCH (s:Source) WHERE s.withdrawn_revision > $since AND s.withdrawn_revision <= $revision RETURN s.id AS id"
)
_RETRACTED_ENTITIES: LiteralString = """
UNWIND $ids AS id MATCH (r:EntityRecord {source_id: id}) WHERE r.retracted_revision > $since AND r.no < $first
RETURN r.no AS record, r.retracted AS retracted ORDER BY record"""
_RETRACTED_LINKS: LiteralString = """
MATCH (:Entity)-[r]->(:Entity) WHERE r.source_id IN $ids AND r.retracted_revision > $since AND r.no < $first
RETURN r.no AS record, r.retracted AS retracted ORDER BY record"""


@dataclass(frozen=True, slots=True)
class State:
    """What changes with every revision and is asked for with every question."""

    revision: int
    link_kinds: tuple[str, ...]
    classes: Mapping[int, frozenset[str]]


def read_revision(tx: neo4j.ManagedTransaction) -> int:
    """The number of the last change."""
    revision: int = tx.run(_REVISION).single(strict=True)["revision"]
    return revision


def read_state(tx: neo4j.ManagedTransaction) -> State:
    """The present state."""
    row = tx.run(_META).single(strict=True)
    classes = {number: split_markings(text) for number, text in row["classes"]}
    return State(row["revision"], tuple(row["link_kinds"]), classes)


def scope_parameters(scope: Scope, classes: Mapping[int, frozenset[str]]) -> dict[str, object]:
    """The scope as the parameters that every statement gets; None where it does not restrict."""
    first, last = scope.window.days()
    least = scope.min_grade
    return {
        "scope_classes": None
        if scope.markings is None
        else [number for number, markings in classes.items() if scope.may_see(markings)],
        "scope_from": first,
        "scope_to": last,
        "scope_known": LATEST if scope.known_at is None else to_moment(scope.known_at),
        "scope_entity_kinds": None if scope.entity_kinds is None else sorted(scope.entity_kinds),
        "scope_link_kinds": None if scope.link_kinds is None else sorted(scope.link_kinds),
        "scope_grades": None if least is None else [grade.code for grade in ALL_GRADES if grade.reaches(least)],
    }


def read_entities(
    tx: neo4j.ManagedTransaction, ids: Sequence[str], scope: Mapping[str, object]
) -> tuple[EntityRecord, ...]:
    """The records of these entities that the scope shows, by id, then number."""
    if not ids:
        return ()
    records = [row["record"] for row in tx.run(_ENTITIES, dict(scope), ids=sorted(set(ids))).data()]
    records.sort(key=_by_id_then_number)
    return tuple(entity_record(record) for record in records)


def read_links(
    tx: neo4j.ManagedTransaction,
    ids: Sequence[str],
    scope: Mapping[str, object],
    kinds: Sequence[str],
    ontology: Ontology,
) -> tuple[LinkRecord, ...]:
    """The records of these links that the scope shows, by id, then number."""
    if not ids or not kinds:
        return ()
    rows = tx.run(over_link_kinds(kinds, ontology, _LINKS), dict(scope), ids=sorted(set(ids))).data()
    rows.sort(key=lambda row: _by_id_then_number(row["record"]))
    ends = ("kind", "source", "target")
    return tuple(link_record(row["record"] | {end: row[end] for end in ends}) for row in rows)


def read_sources(tx: neo4j.ManagedTransaction, scope: Scope) -> tuple[Source, ...]:
    """The sources whose markings the asker holds, by id."""
    sources = (_source(row["source"]) for row in tx.run(_SOURCES).data())
    return tuple(source for source in sources if scope.may_see(source.markings))


def read_changes(tx: neo4j.ManagedTransaction, since: int, ontology: Ontology) -> Changes | None:
    """What happened after a revision, up to the one in force when the reading began.

    A transaction of Neo4j sees what others commit meanwhile, so the new records are read between two numbers. An
    index may show a commit a moment after the data do: None when records are still missing, and the reader comes
    again.
    """
    state = read_state(tx)
    before, after = _counters(tx, since), _counters(tx, state.revision)
    if state.revision and not after:
        return None
    first_entity, first_link = before["next_entity_record"], before["next_link_record"]
    new_entities = {"first": first_entity, "last": after["next_entity_record"], "entity": before["next_entity"]}
    ids = tx.run(_ENTITY_IDS, new_entities).data()
    ids.sort(key=lambda row: row["no"])
    origins: dict[str, int] = {}
    entity_rows = _table(tx.run(_ENTITY_ROWS, new_entities).data(), ENTITY_CHANGES, origins)
    rows: list[dict[str, Any]] = []
    if state.link_kinds:
        new_links = {"first": first_link, "last": after["next_link_record"]}
        rows = tx.run(over_link_kinds(state.link_kinds, ontology, _LINK_ROWS), new_links).data()
    names = {row["link"]: row["id"] for row in rows if row["link"] >= before["next_link"]}
    read = {"entity": len(ids), "entity_record": len(entity_rows), "link": len(names), "link_record": len(rows)}
    if any(after[f"next_{what}"] - before[f"next_{what}"] != many for what, many in read.items()):
        return None
    link_rows = _table(rows, LINK_CHANGES, origins)
    withdrawn = [row["id"] for row in tx.run(_WITHDRAWN, since=since, revision=state.revision).data()]
    given = {"ids": withdrawn, "since": since}
    late = withdrawn and since
    return Changes(
        since=since,
        revision=state.revision,
        classes=state.classes,
        origins=tuple(origins),
        entity_ids=pa.array([row["id"] for row in ids], pa.string()),
        link_ids=pa.array([names[number] for number in sorted(names)], pa.string()),
        entity_rows=entity_rows,
        link_rows=link_rows,
        entity_retractions=_retractions(tx.run(_RETRACTED_ENTITIES, given, first=first_entity).data() if late else []),
        link_retractions=_retractions(tx.run(_RETRACTED_LINKS, given, first=first_link).data() if late else []),
    )


def _by_id_then_number(record: Mapping[str, Any]) -> tuple[str, int]:
    """Sorted here, by code points: the database sorts by UTF-16 units."""
    return record.get("entity_id") or record["link_id"], record["no"]


def _counters(tx: neo4j.ManagedTransaction, revision: int) -> Mapping[str, int]:
    """The numbers that were next after a revision; all 0 before the first, none while its index lags behind."""
    if revision == 0:
        return defaultdict(int)
    found = tx.run(_AFTER, revision=revision).single()
    return {} if found is None else found["counters"]


def _table(rows: Sequence[dict[str, Any]], schema: pa.Schema, origins: dict[str, int]) -> pa.Table:
    """Rows in the order of their record numbers, their sources numbered as they are met."""
    for row in rows:
        row["origin"] = origins.setdefault(row["source_id"], len(origins))
    order = np.argsort(np.array([row["no"] for row in rows], dtype=np.int64), kind="stable").tolist()
    return pa.table({name: [rows[place][name] for place in order] for name in schema.names}, schema=schema)


def _retractions(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in RETRACTIONS.names}, schema=RETRACTIONS)


def _source(row: Mapping[str, Any]) -> Source:
    loaded, withdrawn = row.get("loaded_at"), row.get("withdrawn_at")
    return Source(
        id=row["id"],
        name=row["name"],
        sha256=row["sha256"],
        grade=ALL_GRADES[row["grade"]],
        markings=split_markings(row["markings"]),
        format=row["format"],
        loaded_at=None if loaded is None else from_moment(loaded),
        withdrawn_at=None if withdrawn is None else from_moment(withdrawn),
        entities=row["entities"],
        links=row["links"],
    )
