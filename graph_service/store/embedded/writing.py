"""Writing into the embedded store: batches and withdrawals, as statements of one transaction that the caller owns.

Ids are resolved with one join per table, numbered and checked in arrays, and inserted as Arrow tables: no work per row
in Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import LiteralString

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.errors import ContradictedLinks, DanglingLinks, DataError, SourceNotFound
from graph_service.model.scope import join_markings, split_markings
from graph_service.store.embedded.state import State, Totals
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS, NEVER, Batch, Receipt, Withdrawal, to_moment
from graph_service.store.rows import checked

Numbers = npt.NDArray[np.int32]
_UNKNOWN = -1
_NO_IDS = pa.array([], pa.string()).dictionary_encode()
_BY_MARKER = "SELECT revision, new_entity_records, new_link_records FROM change WHERE marker = ?"
_FIRST_SAID = """SELECT place, link, r.source, target, kind, withdrawal IS NOT NULL AS gone
    FROM incoming JOIN link_record r USING (id) JOIN source s ON origin = no WHERE first"""
_STILL_SAID = """SELECT place, r.source, target, kind, false AS gone
    FROM incoming JOIN link_record r USING (id) JOIN source s ON origin = no WHERE withdrawal IS NULL"""
_BY_WITHDRAWAL = """SELECT revision, new_entity_records, new_link_records FROM change
    WHERE revision = (SELECT withdrawal FROM source WHERE no = ?)"""


@dataclass(frozen=True, slots=True)
class _Ids:
    """The distinct texts of a column in the order of their first rows, which one each row has, and those first rows."""

    distinct: pa.StringArray
    of_row: Numbers
    first_row: npt.NDArray[np.int64]

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> _Ids:
        """The ids of a column without nulls."""
        encoded = pa.concat_arrays(column.chunks).dictionary_encode() if column.num_chunks else _NO_IDS
        of_row = encoded.indices.to_numpy()
        first_row = np.empty(len(encoded.dictionary), np.int64)
        first_row[of_row[::-1]] = np.arange(len(of_row))[::-1]  # the first row is written last
        return cls(encoded.dictionary, of_row, first_row)

    def first_rows(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """For each row whether it is the first of one of these ids."""
        first = np.zeros(len(self.of_row), np.bool_)
        first[self.first_row[places]] = True
        return first


def write_batch(cursor: duckdb.DuckDBPyConnection, state: State, batch: Batch) -> Receipt:
    """Write the batch as the next revision, or give the first receipt of its marker."""
    if first := _receipt(cursor, _BY_MARKER, batch.marker):
        return first
    entities, links = checked(batch.entities, ENTITY_ROWS), checked(batch.links, LINK_ROWS)
    origin = _register_source(cursor, state, batch)
    classes = _register_classes(cursor, state, [entities.column("markings"), links.column("markings")])
    said = _Said(origin, to_moment(batch.recorded_at), classes)
    totals = _write_entities(cursor, state.totals, entities, said)
    totals = _write_links(cursor, totals, links, said)
    cursor.execute(
        "UPDATE source SET entities = entities + ?, links = links + ? WHERE no = ?", [len(entities), len(links), origin]
    )
    receipt = Receipt(state.revision + 1, len(entities), len(links))
    _write_change(cursor, receipt, batch.marker, origin, totals)
    return receipt


def write_withdrawal(cursor: duckdb.DuckDBPyConnection, state: State, withdrawal: Withdrawal) -> Receipt:
    """Mark the source withdrawn as the next revision, or give the receipt of when it was."""
    origin = _source_number(state, withdrawal.source_id)
    if origin is None:
        raise SourceNotFound(withdrawal.source_id)
    if first := _receipt(cursor, _BY_WITHDRAWAL, origin):
        return first
    source = state.sources[origin]
    receipt = Receipt(state.revision + 1, source.entities, source.links)
    cursor.execute(
        "UPDATE source SET withdrawn = ?, withdrawal = ? WHERE no = ?",
        [to_moment(withdrawal.at), receipt.revision, origin],
    )
    _write_change(cursor, receipt, None, origin, state.totals)
    return receipt


@dataclass(frozen=True, slots=True)
class _Said:
    """What all records of a batch share: the source's number, the moment, and the class of every text of markings."""

    origin: int
    recorded: int
    classes: dict[str, int]

    def columns(self, rows: pa.Table) -> dict[str, pa.Array]:
        """The columns that records of entities and links have in common."""
        markings = _Ids.of(rows.column("markings"))
        class_of = np.array([self.classes[text] for text in markings.distinct.to_pylist()], np.int32)
        kept = ("kind", "row", "grade", "valid_from", "valid_to", "from_day", "to_day", "amount", "properties")
        return {name: rows.column(name) for name in kept} | {
            "class": class_of[markings.of_row] if len(rows) else np.zeros(0, np.int32),
            "recorded": np.full(len(rows), self.recorded, np.int64),
            "origin": np.full(len(rows), self.origin, np.int32),
        }


def _write_entities(cursor: duckdb.DuckDBPyConnection, totals: Totals, rows: pa.Table, said: _Said) -> Totals:
    ids = _Ids.of(rows.column("entity_id"))
    numbers = _entity_numbers(cursor, ids.distinct)
    new = np.flatnonzero(numbers == _UNKNOWN)
    numbers[new] = totals.entities + np.arange(len(new))
    columns = {
        "record": totals.entity_records + np.arange(len(rows)),
        "entity": numbers[ids.of_row],
        "id": rows.column("entity_id"),
        "first": ids.first_rows(new),
        "text": rows.column("text"),
        "codes": rows.column("codes"),
    }
    _insert(cursor, "INSERT INTO entity_record BY NAME SELECT * FROM incoming", columns | said.columns(rows))
    return replace(totals, entities=totals.entities + len(new), entity_records=totals.entity_records + len(rows))


def _write_links(cursor: duckdb.DuckDBPyConnection, totals: Totals, rows: pa.Table, said: _Said) -> Totals:
    source, target = _ends(cursor, rows)
    ids, kinds = _Ids.of(rows.column("link_id")), _Ids.of(rows.column("kind"))
    numbers, stands = _known_links(cursor, ids.distinct, kinds.distinct)
    new = np.flatnonzero(numbers == _UNKNOWN)
    numbers[new] = totals.links + np.arange(len(new))
    now = np.stack([source, target, kinds.of_row])
    free = np.flatnonzero(stands[0] == _UNKNOWN)
    stands[:, free] = now[:, ids.first_row[free]]
    contradicted = np.flatnonzero((stands[:, ids.of_row] != now).any(axis=0))
    if len(contradicted):
        raise ContradictedLinks(contradicted.tolist())
    columns = {
        "record": totals.link_records + np.arange(len(rows)),
        "link": numbers[ids.of_row],
        "id": rows.column("link_id"),
        "first": ids.first_rows(new),
        "source": source,
        "target": target,
    }
    _insert(cursor, "INSERT INTO link_record BY NAME SELECT * FROM incoming", columns | said.columns(rows))
    return replace(totals, links=totals.links + len(new), link_records=totals.link_records + len(rows))


def _ends(cursor: duckdb.DuckDBPyConnection, rows: pa.Table) -> tuple[Numbers, Numbers]:
    """Entity numbers of both ends; DanglingLinks when the store, this batch included, lacks any."""
    both = _Ids.of(pa.chunked_array([*rows.column("source").chunks, *rows.column("target").chunks], pa.string()))
    ends = _entity_numbers(cursor, both.distinct)[both.of_row]
    source, target = ends[: len(rows)], ends[len(rows) :]
    dangling = np.flatnonzero((source == _UNKNOWN) | (target == _UNKNOWN))
    if len(dangling):
        raise DanglingLinks(dangling.tolist())
    return source, target


def _entity_numbers(cursor: duckdb.DuckDBPyConnection, ids: pa.StringArray) -> Numbers:
    """The numbers of the ids, _UNKNOWN for new ones."""
    numbers = np.full(len(ids), _UNKNOWN, np.int32)
    found = _join(cursor, "SELECT place, entity FROM incoming JOIN entity_record USING (id) WHERE first", ids)
    numbers[found.column("place")] = found.column("entity")
    return numbers


def _known_links(
    cursor: duckdb.DuckDBPyConnection, ids: pa.StringArray, kinds: pa.StringArray
) -> tuple[Numbers, Numbers]:
    """The numbers of the links of these ids, and in three rows source, target and place in ``kinds`` as records that
    stand say them; _UNKNOWN for what is new, or said by withdrawn sources alone."""
    numbers, stands = np.full(len(ids), _UNKNOWN, np.int32), np.full((3, len(ids)), _UNKNOWN, np.int32)
    found = _join(cursor, _FIRST_SAID, ids)
    numbers[found.column("place")] = found.column("link")
    gone = found.filter(found.column("gone")).column("place").to_numpy()
    again = [_join(cursor, _STILL_SAID, ids.take(pa.array(gone)))] if len(gone) else []
    for rows, places in ((found, np.arange(len(ids))), *((rows, gone) for rows in again)):
        standing = rows.filter(pc.invert(rows.column("gone")))
        at = places[standing.column("place").to_numpy()]
        stands[0, at], stands[1, at] = standing.column("source"), standing.column("target")
        stands[2, at] = pc.fill_null(pc.index_in(standing.column("kind"), kinds), _UNKNOWN)
    return numbers, stands


def _join(cursor: duckdb.DuckDBPyConnection, sql: LiteralString, ids: pa.StringArray) -> pa.Table:
    """The result of a statement over ``incoming``: ids and their places."""
    cursor.register("incoming", pa.table({"place": np.arange(len(ids)), "id": ids}))
    try:
        return cursor.sql(sql).to_arrow_table()
    finally:
        cursor.unregister("incoming")


def _insert(cursor: duckdb.DuckDBPyConnection, sql: LiteralString, columns: Mapping[str, object]) -> None:
    """Run an insert that reads from ``incoming``."""
    cursor.register("incoming", pa.table(columns))
    try:
        cursor.execute(sql)
    finally:
        cursor.unregister("incoming")


def _register_source(cursor: duckdb.DuckDBPyConnection, state: State, batch: Batch) -> int:
    """The number of the batch's source, which stays as first registered; DataError when it was withdrawn."""
    source = batch.source
    number = _source_number(state, source.id)
    if number is None:
        number = len(state.sources)
        loaded = to_moment(source.loaded_at or batch.recorded_at)
        values = [number, source.id, source.name, source.sha256, source.grade.code]
        values += [join_markings(source.markings), source.format, loaded, NEVER]
        cursor.execute("INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, 0)", values)
    elif state.withdrawn[number] != NEVER:
        raise DataError(f"source {source.id!r} was withdrawn; what it says now needs a source of its own")
    return number


def _source_number(state: State, source_id: str) -> int | None:
    return next((number for number, source in state.sources.items() if source.id == source_id), None)


def _register_classes(
    cursor: duckdb.DuckDBPyConnection, state: State, columns: Sequence[pa.ChunkedArray]
) -> dict[str, int]:
    """The class number of every text of markings in the columns; new sets of markings get the next numbers."""
    numbers = {markings: number for number, markings in state.classes.items()}
    texts = dict.fromkeys(text for column in columns for text in pc.unique(column).to_pylist())
    found = {}
    for text in texts:
        markings = split_markings(text)
        if markings not in numbers:
            numbers[markings] = len(numbers)
            cursor.execute("INSERT INTO visibility_class VALUES (?, ?)", [numbers[markings], join_markings(markings)])
        found[text] = numbers[markings]
    return found


def _receipt(cursor: duckdb.DuckDBPyConnection, sql: LiteralString, value: object) -> Receipt | None:
    """The receipt of the change that the statement finds, marked as a repeat."""
    rows = cursor.execute(sql, [value]).fetchall()
    if not rows:
        return None
    revision, entities, links = rows[0]
    return Receipt(revision, entities, links, repeated=True)


def _write_change(
    cursor: duckdb.DuckDBPyConnection, receipt: Receipt, marker: str | None, origin: int, totals: Totals
) -> None:
    cursor.execute(
        "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [receipt.revision, marker, origin, receipt.entities, receipt.links,
         totals.entities, totals.links, totals.entity_records, totals.link_records],
    )  # fmt: skip
