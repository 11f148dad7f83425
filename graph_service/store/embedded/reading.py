"""Reading from the embedded store: records under a scope, and what changed since a revision.

A look-up takes the index on ids and filters by the scope in Python: a filter beside the index costs the planner more
than the few rows are worth, and may lead it past the index. The changes are whole columns, in number order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString, TypeAlias, TypeVar, cast

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph_service.model.grades import ALL_GRADES
from graph_service.model.records import EntityRecord, LinkRecord, Records
from graph_service.model.scope import Scope, join_markings
from graph_service.store.embedded.state import State, totals_at
from graph_service.store.protocol import ENTITY_CHANGES, LATEST, LINK_CHANGES, RETRACTIONS, Changes, to_moment
from graph_service.store.rows import entity_record, link_record

Row: TypeAlias = dict[str, object]
R = TypeVar("R", EntityRecord, LinkRecord)
T = TypeVar("T")

_ENTITIES = """
    SELECT entity, id AS entity_id, record, kind, row, grade, class, valid_from, valid_to, from_day, to_day, properties,
        recorded, origin
    FROM entity_record WHERE id IN (SELECT unnest($ids::VARCHAR[]))
"""
_LINKS = """
    SELECT source, target, id AS link_id, record, kind, row, grade, class, valid_from, valid_to, from_day, to_day,
        properties, recorded, origin
    FROM link_record WHERE id IN (SELECT unnest($ids::VARCHAR[]))
"""
_ENDS = "SELECT entity, id FROM entity_record WHERE entity IN (SELECT unnest($ids::INTEGER[]))"

_RUN = 50
"""How many ids one statement looks up by index: DuckDB reads the whole column for more."""
_ROWS_A_LOOKUP = 4_000
"""How many rows are scanned in the time that looking up one id takes."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A scope worked out against a state: what a row of a record table must hold to be shown."""

    classes: frozenset[int]
    grades: frozenset[int]
    withdrawn: frozenset[int]
    first: int
    last: int
    known: int

    def shows(self, row: Mapping[str, object], kinds: frozenset[str] | None) -> bool:
        """Whether the row's class, validity, moments, grade and kind are all in sight."""
        return (
            row["class"] in self.classes
            and cast("int", row["from_day"]) <= self.last
            and cast("int", row["to_day"]) >= self.first
            and cast("int", row["recorded"]) <= self.known
            and row["origin"] not in self.withdrawn
            and row["grade"] in self.grades
            and (kinds is None or row["kind"] in kinds)
        )


def sight(scope: Scope, state: State) -> Sight:
    """The classes and grades that the scope may see, the sources withdrawn for it, its days and its as-known moment."""
    known = LATEST if scope.known_at is None else to_moment(scope.known_at)
    first, last = scope.window.days()
    least = scope.min_grade
    return Sight(
        frozenset(number for number, markings in state.classes.items() if scope.may_see(markings)),
        frozenset(grade.code for grade in ALL_GRADES if least is None or grade.reaches(least)),
        frozenset(number for number, moment in state.withdrawn.items() if moment <= known),
        first,
        last,
        known,
    )


def read_records(
    cursor: duckdb.DuckDBPyConnection, state: State, entities: Sequence[str], links: Sequence[str], scope: Scope
) -> Records:
    """The records of these ids that the scope shows, by id and record number."""
    seen = sight(scope, state)
    id_of: dict[object, object] = {}
    entity_rows = _rows(cursor, _ENTITIES, entities, state.totals.entity_records)
    id_of.update((row["entity"], row["entity_id"]) for row in entity_rows)
    entity_rows = [row for row in entity_rows if seen.shows(row, scope.entity_kinds)]
    link_rows = _rows(cursor, _LINKS, links, state.totals.link_records)
    link_rows = [row for row in link_rows if seen.shows(row, scope.link_kinds)]
    _name_ends(cursor, link_rows, id_of, state.totals.entity_records)
    return Records(
        tuple(_told(entity_rows, "entity_id", state, entity_record)),
        tuple(_told(link_rows, "link_id", state, link_record)),
    )


def _rows(cursor: duckdb.DuckDBPyConnection, sql: LiteralString, ids: Sequence[str], records: int) -> list[Row]:
    """The rows of these ids below a number of records."""
    found: list[Row] = []
    for run in _runs(ids, records):
        rows = cursor.execute(sql, {"ids": run}).fetchall()
        names = [column[0] for column in cursor.description or ()]
        place = names.index("record")
        found += [dict(zip(names, row, strict=True)) for row in rows if row[place] < records]
    return found


def _runs(ids: Iterable[T], records: int) -> list[list[T]]:
    """The distinct ids in runs that take the index, or in one that scans the table where that is faster."""
    distinct = list(dict.fromkeys(ids))
    size = _RUN if len(distinct) * _ROWS_A_LOOKUP < records else max(1, len(distinct))
    return [distinct[start : start + size] for start in range(0, len(distinct), size)]


def _name_ends(
    cursor: duckdb.DuckDBPyConnection, rows: Sequence[Row], id_of: dict[object, object], records: int
) -> None:
    """Put ids in the place of the entity numbers of both ends; those that are not known yet are looked up."""
    missing = {row[end] for row in rows for end in ("source", "target")} - id_of.keys()
    for run in _runs(missing, records):
        id_of.update(cursor.execute(_ENDS, {"ids": run}).fetchall())
    for row in rows:
        row["source"], row["target"] = id_of[row["source"]], id_of[row["target"]]


def _told(rows: list[Row], key: str, state: State, record: Callable[[Mapping[str, object]], R]) -> list[R]:
    """The rows as records, in order, with what their numbers stand for."""
    rows.sort(key=lambda row: (row[key], row["record"]))
    for row in rows:
        origin = cast("int", row["origin"])
        row["source_id"] = state.sources[origin].id
        row["retracted"] = state.withdrawn[origin]
        row["markings"] = join_markings(state.classes[cast("int", row["class"])])
    return [record(row) for row in rows]


def read_changes(cursor: duckdb.DuckDBPyConnection, state: State, since: int) -> Changes:
    """What happened from a revision to that of the state."""
    old = totals_at(cursor, since) if since < state.revision else state.totals
    entities = {"low": old.entity_records, "high": state.totals.entity_records}
    links = {"low": old.link_records, "high": state.totals.link_records}
    withdrawn = np.array(list(state.withdrawn.values()), np.int64)
    span = {"since": since, "revision": state.revision}
    return Changes(
        since,
        state.revision,
        state.classes,
        tuple(state.sources[number].id for number in sorted(state.sources)),
        _strings(cursor.sql(_ENTITY_IDS, params=entities).to_arrow_table()),
        _strings(cursor.sql(_LINK_IDS, params=links).to_arrow_table()),
        _with_retractions(cursor.sql(_ENTITY_ROWS, params=entities).to_arrow_table(), withdrawn, ENTITY_CHANGES),
        _with_retractions(cursor.sql(_LINK_ROWS, params=links).to_arrow_table(), withdrawn, LINK_CHANGES),
        cursor.sql(_ENTITY_RETRACTIONS, params=span | {"old": old.entity_records}).to_arrow_table().cast(RETRACTIONS),
        cursor.sql(_LINK_RETRACTIONS, params=span | {"old": old.link_records}).to_arrow_table().cast(RETRACTIONS),
    )


_ENTITY_IDS = "SELECT id FROM entity_record WHERE first AND record >= $low AND record < $high"
_LINK_IDS = "SELECT id FROM link_record WHERE first AND record >= $low AND record < $high"
_ENTITY_ROWS = """
    SELECT entity, kind, class, grade, from_day, to_day, recorded, origin, amount, text, codes
    FROM entity_record WHERE record >= $low AND record < $high
"""
_LINK_ROWS = """
    SELECT link, source, target, kind, class, grade, from_day, to_day, recorded, origin, amount
    FROM link_record WHERE record >= $low AND record < $high
"""
_ENTITY_RETRACTIONS = """
    SELECT record, withdrawn AS retracted FROM entity_record JOIN source ON origin = no
    WHERE withdrawal > $since AND withdrawal <= $revision AND record < $old ORDER BY record
"""
_LINK_RETRACTIONS = """
    SELECT record, withdrawn AS retracted FROM link_record JOIN source ON origin = no
    WHERE withdrawal > $since AND withdrawal <= $revision AND record < $old ORDER BY record
"""


def _with_retractions(rows: pa.Table, withdrawn: npt.NDArray[np.int64], schema: pa.Schema) -> pa.Table:
    """The rows with the moment of their source's withdrawal."""
    chunks = rows.column("origin").chunks
    moments = pa.chunked_array([withdrawn[chunk.to_numpy()] for chunk in chunks], pa.int64())
    return rows.append_column("retracted", moments).select(schema.names).cast(schema)


def _strings(table: pa.Table) -> pa.StringArray:
    chunks = table.column(0).chunks
    return pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())
