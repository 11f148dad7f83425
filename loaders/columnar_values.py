"""Values by the column: the same canonical texts as `values.normalise` gives, for millions of rows.

A value that is plainly canonical already is seen so by a pattern over the whole column. Every other one goes through
`normalise`, each distinct text once. So a column costs what its unusual values cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.errors import InvalidValue
from graph_service.model.values import MAX_LENGTH, normalise

_TEXT = r"^[!-~\pL\pN](?s:.*)[!-~\pL\pN]$|^[!-~\pL\pN]$"
_DAY = r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])"
CANONICAL = {
    "text": _TEXT,
    "name": _TEXT,
    "identifier": _TEXT,
    "amount": r"^(0|-?[1-9]\d{0,17}|-?(0|[1-9]\d{0,17})\.\d{0,17}[1-9])$",
    "number": r"^(0|-?[1-9]\d{0,17}|-?(0|[1-9]\d{0,17})\.\d{0,17}[1-9])$",
    "integer": r"^(0|-?[1-9]\d{0,17})$",
    "share": r"^([1-9]?\d(\.\d{0,17}[1-9])?|100)$",
    "date": rf"^{_DAY}$",
    "datetime": rf"^{_DAY}(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d)?Z?$",
    "boolean": r"^(true|false)$",
}
"""By value type, a pattern that only canonical texts match (not all of them): a test compares it with `normalise`."""
_TIMELESS_Z = r"^[^T]*Z$"
_ESCAPED = r'["\\\x00-\x1f]'


@dataclass(slots=True)
class Refusals:
    """The rows of a chunk that are refused, each with the first thing that was wrong with it."""

    size: int
    reasons: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def add(self, row: int | np.integer[Any], column: str, value: str, reason: str) -> None:
        """Refuse a row, unless it is refused already."""
        self.reasons.setdefault(int(row), (column, value, reason))

    def accepted(self) -> npt.NDArray[np.int64]:
        """The rows that stand, in order."""
        keep = np.ones(self.size, dtype=np.bool_)
        keep[list(self.reasons)] = False
        return np.flatnonzero(keep)


def normalised(
    values: pa.Array, rows: npt.NDArray[np.int64], column: str, type_name: str, refusals: Refusals
) -> pa.Array:
    """A column of texts in the canonical form of a type; null where it is null, empty, or refused.

    ``rows`` are the numbers of the values' rows, for the refusals.
    """
    doubtful = _doubtful(values, type_name)
    places = np.flatnonzero(doubtful)
    if not len(places):
        return values
    texts = values.take(pa.array(places)).dictionary_encode()
    fixed: list[str | None] = []
    wrong: dict[int, str] = {}
    for code, text in enumerate(texts.dictionary.to_pylist()):
        found: str | None = None
        if text.strip():
            try:
                found = normalise(type_name, text)
            except InvalidValue as error:
                wrong[code] = str(error)
        fixed.append(found)
    if wrong:
        codes = texts.indices.to_numpy(zero_copy_only=False)
        for place in np.flatnonzero(np.isin(codes, list(wrong))):
            code = int(codes[place])
            refusals.add(int(rows[places[place]]), column, texts.dictionary[code].as_py(), wrong[code])
    replaced = pa.array(fixed, pa.string()).take(texts.indices)
    return pc.replace_with_mask(values, pa.array(doubtful), replaced)


def by_distinct(
    values: pa.Array, convert: Callable[[str], object], empty: str = ""
) -> tuple[npt.NDArray[np.int64], list[object]]:
    """Codes into the list of converted distinct texts; null counts as ``empty``. What ``convert`` raises as
    InvalidValue stands in the list as the error."""
    encoded = pc.fill_null(values, empty).dictionary_encode()
    found: list[object] = []
    for text in encoded.dictionary.to_pylist():
        try:
            found.append(convert(text))
        except InvalidValue as error:
            found.append(error)
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), found


def json_member(name: str, values: pa.Array) -> pa.Array:
    """``"name":["value"]`` for each value, null for null: a piece of the canonical JSON of properties."""
    escaped = np.flatnonzero(truths(pc.match_substring_regex(values, _ESCAPED)))
    if len(escaped):
        mask = np.zeros(len(values), dtype=np.bool_)
        mask[escaped] = True
        written = [orjson.dumps(text).decode()[1:-1] for text in values.take(pa.array(escaped)).to_pylist()]
        values = pc.replace_with_mask(values, pa.array(mask), pa.array(written, pa.string()))
    return pc.binary_join_element_wise(f'{orjson.dumps(name).decode()}:["', values, '"]', "")


def json_list_member(name: str, lists: pa.Array) -> pa.Array:
    """The same for lists of values, each kept once in its order; null for an empty list."""
    key = orjson.dumps(name).decode()
    return pa.array(
        [
            f"{key}:{orjson.dumps(list(dict.fromkeys(texts))).decode()}" if texts else None
            for texts in lists.to_pylist()
        ],
        pa.string(),
    )


def json_objects(members: list[pa.Array], size: int) -> pa.Array:
    """JSON objects of members that are null where a row lacks them."""
    if not members:
        return pa.array(["{}"], pa.string()).take(pa.array(np.zeros(size, dtype=np.int64)))
    parts = [pc.fill_null(pc.binary_join_element_wise(",", member, ""), "") for member in members]
    inside = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*parts, ""), 1)
    return pc.binary_join_element_wise("{", inside, "}", "")


def truths(flags: pa.Array) -> npt.NDArray[np.bool_]:
    """A boolean column as an array; null is false."""
    found: npt.NDArray[np.bool_] = pc.fill_null(flags, False).to_numpy(zero_copy_only=False)
    return found


def _doubtful(values: pa.Array, type_name: str) -> npt.NDArray[np.bool_]:
    """Where a value is not plainly canonical; a null is never doubtful."""
    pattern = CANONICAL.get(type_name)
    if pattern is None:
        plain = pa.array(np.zeros(len(values), dtype=np.bool_))
        return truths(pc.and_not(pc.is_valid(values), plain))
    plain = pc.match_substring_regex(values, pattern)
    if pattern is _TEXT:
        short = pc.less_equal(pc.binary_length(values), MAX_LENGTH)
        plain = pc.and_(plain, pc.and_not(short, pc.match_substring(values, "\x00")))
    elif type_name == "datetime":
        plain = pc.and_not(plain, pc.match_substring_regex(values, _TIMELESS_Z))
    return truths(pc.and_not(pc.is_valid(values), pc.fill_null(plain, False)))
