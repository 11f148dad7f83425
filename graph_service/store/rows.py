"""Records to Arrow rows and back: the one translation that loaders and both stores share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.errors import DataError
from graph_service.model.grades import ALL_GRADES
from graph_service.model.ids import COLLAPSED_ID, LONGEST_ID
from graph_service.model.ontology import Ontology
from graph_service.model.records import EntityRecord, LinkRecord, Properties, Provenance
from graph_service.model.scope import join_markings, split_markings
from graph_service.model.time import Interval
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS, from_moment

CODED = frozenset({"country", "currency", "hs_code"})
"""The value types whose values are among an entity's codes."""
ROLE = "analytic_role"
"""The property whose words are among them too: how analysis may treat a person."""
_MAY_BE_NULL = {"valid_from", "valid_to", "amount"}


def entity_table(records: Sequence[EntityRecord], ontology: Ontology) -> pa.Table:
    """The records as ENTITY_ROWS, in their order; raises UnknownKind for a kind that the ontology lacks."""
    columns = _common([(r.properties, r.said) for r in records])
    columns["entity_id"] = [r.entity_id for r in records]
    columns["kind"] = [r.kind for r in records]
    columns["text"] = [ontology.search_text(r.kind, r.properties) for r in records]
    columns["codes"] = [codes_text(r.kind, r.properties, ontology) for r in records]
    return pa.table({name: columns[name] for name in ENTITY_ROWS.names}, schema=ENTITY_ROWS)


def link_table(records: Sequence[LinkRecord]) -> pa.Table:
    """The records as LINK_ROWS, in their order."""
    columns = _common([(r.properties, r.said) for r in records])
    columns["link_id"] = [r.link_id for r in records]
    columns["kind"] = [r.kind for r in records]
    columns["source"] = [r.source for r in records]
    columns["target"] = [r.target for r in records]
    return pa.table({name: columns[name] for name in LINK_ROWS.names}, schema=LINK_ROWS)


def codes_text(kind: str, properties: Properties, ontology: Ontology) -> str:
    """The country, currency and HS codes among the properties and the words of the analytic role, sorted, parted by
    spaces: what questions filter by."""
    types = ontology.entity_kind(kind).properties
    codes = {
        word
        for name, values in properties.items()
        if name in types and (types[name].type in CODED or name == ROLE)
        for value in values
        for word in value.split()
    }
    return " ".join(sorted(codes))


def encode_properties(properties: Properties) -> str:
    """The properties as canonical JSON: sorted names, no empty lists."""
    kept = {name: list(values) for name, values in properties.items() if values}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()


def decode_properties(text: str) -> Properties:
    """The properties of a JSON text."""
    return {name: tuple(values) for name, values in orjson.loads(text).items()}


def checked(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with the columns, order and types of the schema; DataError when it has others, lacks values, or holds
    ids that none may have."""
    if set(table.column_names) != set(schema.names):
        odd = sorted(set(table.column_names) ^ set(schema.names))
        raise DataError(f"the batch's columns are not those of a store's rows: {', '.join(odd)}")
    try:
        rows = table.select(schema.names).cast(schema)
    except pa.ArrowException as error:
        raise DataError(f"the batch's columns are not of a store's types: {error}") from error
    for name in schema.names:
        if name not in _MAY_BE_NULL and rows.column(name).null_count:
            raise DataError(f"the batch's column {name!r} lacks values")
    _check_ids(rows.column(schema.names[0]))
    return rows


def _check_ids(ids: pa.ChunkedArray) -> None:
    """DataError for an id that is too long, or has the form of those that views make."""
    if pc.any(pc.greater(pc.binary_length(ids), LONGEST_ID)).as_py():  # bytes are quick to count, and never fewer
        for text in ids.filter(pc.greater(pc.utf8_length(ids), LONGEST_ID)).slice(0, 1).to_pylist():
            raise DataError(f"the batch holds an id of more than {LONGEST_ID} characters: {text[:60]!r}")
    closed = ids.filter(pc.ends_with(ids, "]"))
    for text in closed.filter(pc.match_substring_regex(closed, COLLAPSED_ID)).slice(0, 1).to_pylist():
        raise DataError(f"the batch holds an id like those of collapsed events, x[y>z]: {text[:60]!r}")


def entity_record(row: Mapping[str, object]) -> EntityRecord:
    """A record from a store's row with the columns of ENTITY_ROWS, ``source_id``, ``recorded`` and ``retracted``."""
    return EntityRecord(str(row["entity_id"]), str(row["kind"]), decode_properties(str(row["properties"])), _said(row))


def link_record(row: Mapping[str, object]) -> LinkRecord:
    """A record from a store's row with the columns of LINK_ROWS, ``source_id``, ``recorded`` and ``retracted``."""
    return LinkRecord(
        str(row["link_id"]),
        str(row["kind"]),
        str(row["source"]),
        str(row["target"]),
        decode_properties(str(row["properties"])),
        _said(row),
    )


def _said(row: Mapping[str, object]) -> Provenance:
    return Provenance(
        source_id=str(row["source_id"]),
        row=str(row["row"]),
        grade=ALL_GRADES[cast("int", row["grade"])],
        markings=split_markings(str(row["markings"])),
        valid=Interval(cast("str | None", row.get("valid_from")), cast("str | None", row.get("valid_to"))),
        recorded_at=from_moment(cast("int", row["recorded"])),
        retracted_at=from_moment(cast("int", row["retracted"])),
    )


def _common(said: Sequence[tuple[Properties, Provenance]]) -> dict[str, list[object]]:
    days = [provenance.valid.days() for _, provenance in said]
    return {
        "row": [p.row for _, p in said],
        "grade": [p.grade.code for _, p in said],
        "markings": [join_markings(p.markings) for _, p in said],
        "valid_from": [p.valid.start for _, p in said],
        "valid_to": [p.valid.end for _, p in said],
        "from_day": [first for first, _ in days],
        "to_day": [last for _, last in days],
        "amount": [float(q["amount"][0]) if q.get("amount") else None for q, _ in said],
        "properties": [encode_properties(q) for q, _ in said],
    }
