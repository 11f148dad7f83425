"""Records on their way to the server: rows as bare lists for literal maps, and statements that overlap.

Measured beside maps sent whole (``SET r = row``): the driver packs a list of values in less than half the time of a
map, whose keys go with every row, and the server sets properties that stand in the statement more cheaply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString, cast

import neo4j
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.model.ontology import Ontology, Property
from graph_service.store.neo4j.mapping import labels, native, shown_of_row
from graph_service.store.neo4j.schema import link_type
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS
from graph_service.store.rows import decode_properties

SLICE = 2_500
"""Rows of one statement: few, so that the server has the first before the second is made."""
_DESCRIBES = ("entity_id", "kind", "markings", "properties")
_NUMBERS = ("class", "no")
_ENTITY_RECORD = (*ENTITY_ROWS.names, *_NUMBERS)
_LINK_RECORD = (*(name for name in LINK_ROWS.names if name not in ("kind", "source", "target")), *_NUMBERS, "link_no")
_SHARED = ("source_id", "recorded", "retracted")


def _literal(stored: Sequence[str]) -> LiteralString:
    """The properties of a record as a map: its own by their place in the row, the batch's by parameter."""
    own = [f"{name}: row[{place}]" for place, name in enumerate(stored)]
    literal: LiteralString = cast("Any", ", ".join([*own, *(f"{name}: ${name}" for name in _SHARED)]))
    return "{" + literal + "}"


_NEW_ENTITIES: LiteralString = (
    "UNWIND $rows AS row CREATE (e:Entity:$($labels) {id: row[0], no: row[-2]}) SET e += row[-1] CREATE (:EntityRecord "
    + _literal(_ENTITY_RECORD)
    + ")-[:ABOUT]->(e) RETURN count(*) AS written"
)
_MORE_RECORDS: LiteralString = (
    "UNWIND $rows AS row MATCH (e:Entity {id: row[0]}) CREATE (:EntityRecord "
    + _literal(_ENTITY_RECORD)
    + ")-[:ABOUT]->(e) RETURN count(*) AS written"
)
_LINKS: LiteralString = (
    "UNWIND $rows AS row MATCH (a:Entity {id: row[-3]}) MATCH (b:Entity {id: row[-2]}) CREATE (a)-[r:KIND "
    + _literal(_LINK_RECORD)
    + "]->(b) RETURN count(*) AS written"
)
_LINKS_SHOWN: LiteralString = _LINKS.replace("RETURN", "SET r += row[-1] RETURN")


class Sending:
    """Statements of one transaction that run while the rows of the next are made.

    Each returns a count, so the server answers ``run`` as soon as it has planned the statement, and the client looks
    at the counts in the end. At most one statement is under way while another is made.
    """

    def __init__(self, tx: neo4j.ManagedTransaction, ontology: Ontology, said: dict[str, object]) -> None:
        """``said``: the parameters that all records of the batch share."""
        self._tx = tx
        self._ontology = ontology
        self._said = said
        self._sent: list[tuple[neo4j.Result, int]] = []

    def entities(self, table: pa.Table) -> None:
        """Write the first records of new entities with their nodes; ``class``, ``no`` and ``entity_no`` stand beside
        ENTITY_ROWS."""
        labelled = pc.if_else(pc.equal(table["markings"], ""), table["kind"], "")
        for kind, part in _by(labelled, table):
            names = labels([kind] if kind else [], self._ontology)
            for rows in _slices(part):
                shown = [shown_of_row(row, self._ontology) for row in rows.select(_DESCRIBES).to_pylist()]
                self._send(_NEW_ENTITIES, [*_columns(rows, (*_ENTITY_RECORD, "entity_no")), shown], labels=names)

    def more_records(self, table: pa.Table) -> None:
        """Write records of entities that are there."""
        for rows in _slices(table):
            self._send(_MORE_RECORDS, _columns(rows, _ENTITY_RECORD))

    def links(self, table: pa.Table) -> None:
        """Write link records; ``class``, ``no`` and ``link_no`` stand beside LINK_ROWS. One whose end is not there is
        left out: see `left_out`."""
        for kind, part in _by(table["kind"], table):
            types = self._ontology.link_kind(kind).properties
            name = link_type(kind, self._ontology)
            for rows in _slices(part):
                texts = rows["properties"].to_pylist()
                shown = {text: _shown_of_link(text, types) for text in set(texts)}
                statement = _LINKS_SHOWN if any(shown.values()) else _LINKS
                columns = _columns(rows, (*_LINK_RECORD, "source", "target"))
                self._send(statement.replace("KIND", name), [*columns, [shown[text] for text in texts]])

    def left_out(self) -> int:
        """How many of the rows sent so far were not written; waits until all statements have run."""
        many = sum(sent - int(result.single(strict=True)["written"]) for result, sent in self._sent)
        self._sent.clear()
        return many

    def _send(self, statement: LiteralString, columns: Sequence[Sequence[object]], **given: object) -> None:
        rows = list(zip(*columns, strict=True))
        self._sent.append((self._tx.run(statement, {**self._said, **given, "rows": rows}), len(rows)))


def _shown_of_link(text: str, types: Mapping[str, Property]) -> dict[str, object]:
    """The native values of a link record's properties, without those that every record has anyway."""
    values = native(decode_properties(text), types)
    return {name: value for name, value in values.items() if name not in _LINK_RECORD and name not in _SHARED}


def _by(keys: pa.ChunkedArray, table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each key, in their order; the keys sorted."""
    for key in sorted(keys.unique().to_pylist()):
        yield key, table.filter(pc.equal(keys, key))


def _slices(table: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, len(table), SLICE):
        yield table.slice(start, SLICE)


def _columns(rows: pa.Table, names: Sequence[str]) -> list[Sequence[object]]:
    return [rows[name].to_pylist() for name in names]
