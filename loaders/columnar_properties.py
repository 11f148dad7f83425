"""Property columns: which properties they are, their canonical values, and what is made of them for a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.model.ontology import EntityKind, LinkKind
from graph_service.model.text import tokens
from graph_service.store.rows import CODED, ROLE
from loaders.columnar_values import (
    Refusals,
    by_distinct,
    json_list_member,
    json_member,
    json_objects,
    normalised,
    truths,
)
from loaders.problems import near

RESERVED = ("id", "kind", "source", "target", "grade", "markings", "valid_from", "valid_to", "row")
"""Columns that are no properties; columns that begin with an underscore are left out."""

Columns: TypeAlias = Mapping[str, pa.Array]
"""Texts by column, null where there is none; lists of texts for a column of lists."""
Rows: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RawRows:
    """Rows of a table as they were read: texts (or lists of texts) by column, and the place of each row."""

    file: str
    columns: Columns
    places: pa.Array

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self.places)

    def column(self, name: str) -> pa.Array:
        """A column, all null when the file does not have it."""
        found = self.columns.get(name)
        return pa.nulls(self.size, pa.string()) if found is None else found


@dataclass(frozen=True, slots=True)
class PropertyColumn:
    """A property in canonical form, null where a row lacks it; ``coded`` tells where its values are codes."""

    name: str
    values: pa.Array
    coded: npt.NDArray[np.bool_]

    @property
    def listed(self) -> bool:
        """Whether it holds lists of values."""
        return bool(pa.types.is_list(self.values.type))


def property_names(columns: Sequence[str]) -> list[str]:
    """Those of the columns that are properties, sorted."""
    return sorted(name for name in columns if name not in RESERVED and not name.startswith("_"))


def read_properties(
    raw: RawRows, codes: Rows, kinds: Sequence[EntityKind] | Sequence[LinkKind], refusals: Refusals
) -> Iterator[PropertyColumn]:
    """Every property column in canonical form; rows with a value that does not fit, or whose kind lacks the property,
    are refused. ``codes`` are the places of the rows' kinds among ``kinds``."""
    standing = np.ones(raw.size, dtype=np.bool_)
    standing[list(refusals.reasons)] = False
    for name in property_names(list(raw.columns)):
        column = raw.columns[name]
        present = _present(column) & standing
        types = [kind.properties[name].type if name in kind.properties else "" for kind in kinds]
        of_row = np.array([sorted({*types, ""}).index(given) for given in types] or [0])[codes]
        values = pa.nulls(raw.size, column.type)
        coded = np.zeros(raw.size, dtype=np.bool_)
        for number, type_name in enumerate(sorted({*types, ""})):
            rows = np.flatnonzero(present & (of_row == number))
            if not len(rows):
                continue
            if not type_name:
                for row in rows:
                    kind = kinds[codes[row]]
                    reason = f"{kind.name} has no property {name!r}{near(name, kind.properties)}"
                    refusals.add(row, name, _shown(column[int(row)].as_py()), reason)
                continue
            values = _of_type(values, column, rows, (name, type_name), refusals)
            coded[rows] = type_name in CODED or name == ROLE
        yield PropertyColumn(name, values, coded)


def encoded(properties: Sequence[PropertyColumn], rows: Rows) -> dict[str, pa.Array]:
    """The columns ``properties`` (canonical JSON) and ``amount`` of the rows."""
    kept = pa.array(rows)
    members = []
    amount = pa.nulls(len(rows), pa.float64())
    for column in properties:
        values = column.values.take(kept)
        if values.null_count == len(values):
            continue
        members.append((json_list_member if column.listed else json_member)(column.name, values))
        if column.name == "amount":
            first = (
                pc.list_element(pc.if_else(pc.greater(pc.list_value_length(values), 0), values, None), 0)
                if column.listed
                else values
            )
            amount = first.cast(pa.float64())
    return {"properties": json_objects(members, len(rows)), "amount": amount}


def texts_of(
    properties: Sequence[PropertyColumn], codes: Rows, kinds: Sequence[EntityKind], kept: pa.Array
) -> pa.Array:
    """The search text of each entity, as `Ontology.search_text` makes it."""
    by_name = {column.name: column.values.take(kept) for column in properties}
    found = np.full(len(codes), "", dtype=object)
    for code in np.unique(codes):
        rows = np.flatnonzero(codes == code)
        names = [prop.name for prop in kinds[code].properties.values() if prop.searchable and prop.name in by_name]
        columns = [by_name[name].take(pa.array(rows)).to_pylist() for name in names]
        if len(columns) == 1 and not pa.types.is_list(by_name[names[0]].type):
            found[rows] = [" ".join(dict.fromkeys(tokens(text))) if text else "" for text in columns[0]]
        elif columns:
            found[rows] = [_text(values) for values in zip(*columns, strict=True)]
    return pa.array(found, pa.string())


def codes_of(properties: Sequence[PropertyColumn], rows: Rows) -> pa.Array:
    """The codes of each entity, sorted, parted by spaces."""
    kept = pa.array(rows)
    parts = []
    for column in properties:
        if not column.coded.any():
            continue
        values = pc.binary_join(column.values, " ") if column.listed else column.values
        parts.append(pc.fill_null(pc.if_else(pa.array(column.coded), values, None), "").take(kept))
    if not parts:
        return pa.array([""], pa.string()).take(pa.array(np.zeros(len(rows), dtype=np.int64)))
    joined = pc.binary_join_element_wise(*parts, " ")
    codes, found = by_distinct(joined, lambda text: " ".join(sorted(set(text.split()))))
    return pa.array(found, pa.string()).take(pa.array(codes))


def _of_type(values: pa.Array, column: pa.Array, rows: Rows, named: tuple[str, str], refusals: Refusals) -> pa.Array:
    """``values`` with those of the given rows filled in, in canonical form."""
    name, type_name = named
    taken = column if len(rows) == len(column) else column.take(pa.array(rows))
    if pa.types.is_list(column.type):
        flat, parents = taken.flatten(), pc.list_parent_indices(taken).to_numpy(zero_copy_only=False)
        fixed = normalised(flat, rows[parents], name, type_name, refusals).to_pylist()
        lists: list[list[str]] = [[] for _ in rows]
        for parent, text in zip(parents, fixed, strict=True):
            if text is not None and text not in lists[parent]:
                lists[parent].append(text)
        done = pa.array([texts or None for texts in lists], pa.list_(pa.string()))
        if len(rows) == len(column):
            return done
        places = np.full(len(column), -1)
        places[rows] = np.arange(len(rows))
        index = pa.array([int(place) if place >= 0 else None for place in places], pa.int64())
        filled = done.take(index).to_pylist()
        return pa.array(
            [new if new is not None else old for new, old in zip(filled, values.to_pylist(), strict=True)], done.type
        )
    done = normalised(taken, rows, name, type_name, refusals)
    if len(rows) == len(column):
        return done
    mask = np.zeros(len(column), dtype=np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(values, pa.array(mask), done)


def _present(column: pa.Array) -> npt.NDArray[np.bool_]:
    filled = pc.list_value_length(column) if pa.types.is_list(column.type) else pc.binary_length(column)
    return truths(pc.greater(filled, 0))


def _text(values: Sequence[str | list[str] | None]) -> str:
    found: dict[str, None] = {}
    for value in values:
        for text in (value,) if isinstance(value, str) else value or ():
            found.update(dict.fromkeys(tokens(text)))
    return " ".join(found)


def _shown(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")
