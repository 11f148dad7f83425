"""Record columns: what decides whether a record is seen, one array a property, one place a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.model.grades import ALL_GRADES
from graph_service.model.scope import Scope
from graph_service.model.time import DAY_MAX, DAY_MIN
from graph_service.store.protocol import LATEST, NEVER, to_moment

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
_COLUMNS = ("kind", "visibility", "grade", "from_day", "to_day", "recorded", "retracted", "origin", "amount")


@dataclass(frozen=True, slots=True, eq=False)
class Interned:
    """Values by small number, in the order in which they were first met; append-only."""

    values: tuple[object, ...] = ()

    def codes(self, column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], Interned]:
        """The numbers of a column's values, and the table with the new ones added; O(rows)."""
        encoded = column.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        place = {value: number for number, value in enumerate(self.values)}
        lookup = [place.setdefault(value, len(place)) for value in encoded.dictionary.to_pylist()]
        indices = encoded.indices.to_numpy(zero_copy_only=False)
        codes = np.asarray(lookup, dtype=np.int32)[indices] if lookup else np.zeros(0, dtype=np.int32)
        return codes, Interned(tuple(place))


@dataclass(frozen=True, slots=True, eq=False)
class RecordColumns:
    """The columns of all records of one sort (entities or links), in record-number order.

    ``kind`` int16 into ``kinds``; ``visibility`` int32, the class; ``grade`` int8 code; days int32; ``recorded`` and
    ``retracted`` int32 into ``moments``; ``origin`` int32, the source, into the Network's ``origins``; ``amount``
    float64, NaN for none.
    """

    kinds: Interned
    moments: Interned
    kind: npt.NDArray[np.int16]
    visibility: Ints
    grade: npt.NDArray[np.int8]
    from_day: Ints
    to_day: Ints
    recorded: Ints
    retracted: Ints
    origin: Ints
    amount: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """How many records."""
        return len(self.kind)

    def nbytes(self) -> int:
        """Bytes held by the arrays."""
        return sum(cast("npt.NDArray[np.int32]", getattr(self, name)).nbytes for name in _COLUMNS)

    def appended(self, rows: pa.Table, retractions: pa.Table, origins: Ints) -> RecordColumns:
        """These columns with new rows at the end and older records retracted; ``origins``: the rows' sources by
        number."""
        kind, kinds = self.kinds.codes(rows["kind"])
        recorded, moments = self.moments.codes(rows["recorded"])
        retracted, moments = moments.codes(rows["retracted"])
        late, moments = moments.codes(retractions["retracted"])
        all_retracted = np.concatenate([self.retracted, retracted])
        all_retracted[retractions["record"].to_numpy()] = late
        return RecordColumns(
            kinds,
            moments,
            np.concatenate([self.kind, kind.astype(np.int16)]),
            np.concatenate([self.visibility, rows["class"].to_numpy()]),
            np.concatenate([self.grade, rows["grade"].to_numpy()]),
            np.concatenate([self.from_day, rows["from_day"].to_numpy()]),
            np.concatenate([self.to_day, rows["to_day"].to_numpy()]),
            np.concatenate([self.recorded, recorded]),
            all_retracted,
            np.concatenate([self.origin, origins]),
            np.concatenate([self.amount, pc.fill_null(rows["amount"], np.nan).to_numpy()]),
        )

    def seen(self, scope: Scope, kinds: frozenset[str] | None, classes: Mapping[int, frozenset[str]]) -> Mask:
        """Which records the scope shows, as one boolean a record: the visibility rule on arrays. O(records)."""
        known = LATEST if scope.known_at is None else to_moment(scope.known_at)
        moments = np.asarray(self.moments.values, dtype=np.int64)
        mask = np.ones(len(self), dtype=np.bool_)
        _keep(mask, moments > known, self.retracted)
        _keep(mask, moments <= known, self.recorded)
        _keep(mask, _table(classes, scope), self.visibility)
        if kinds is not None:
            _keep(mask, np.array([kind in kinds for kind in self.kinds.values], dtype=np.bool_), self.kind)
        if scope.min_grade is not None:
            _keep(mask, np.array([grade.reaches(scope.min_grade) for grade in ALL_GRADES]), self.grade)
        first, last = scope.window.days()
        if first > DAY_MIN:
            mask &= self.to_day >= first
        if last < DAY_MAX:
            mask &= self.from_day <= last
        return mask


def _keep(mask: Mask, table: npt.NDArray[np.bool_], codes: npt.NDArray[np.int8] | npt.NDArray[np.int16] | Ints) -> None:
    """Narrow the mask to the records whose code the table allows; nothing to do where it allows all."""
    if not table.all():
        mask &= table[codes]


def _table(classes: Mapping[int, frozenset[str]], scope: Scope) -> npt.NDArray[np.bool_]:
    table = np.zeros(max(classes, default=-1) + 1, dtype=np.bool_)
    for number, markings in classes.items():
        table[number] = scope.may_see(markings)
    return table


def empty_columns() -> RecordColumns:
    """Columns of no records."""
    nothing = np.zeros(0, dtype=np.int32)
    return RecordColumns(
        Interned(),
        Interned((NEVER,)),
        np.zeros(0, dtype=np.int16),
        nothing,
        np.zeros(0, dtype=np.int8),
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        np.zeros(0, dtype=np.float64),
    )
