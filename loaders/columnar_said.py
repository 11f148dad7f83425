"""Grade, markings, validity and place by the column."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.errors import InvalidValue
from graph_service.model.grades import Grade, parse_grade
from graph_service.model.scope import join_markings, split_markings
from graph_service.model.time import DAY_MAX, DAY_MIN, day_range
from graph_service.model.values import normalise
from loaders.columnar_properties import RawRows
from loaders.columnar_values import Refusals, by_distinct
from loaders.made import Defaults


class SaidColumns:
    """Grade, markings, validity and place of the rows."""

    def __init__(self, raw: RawRows, defaults: Defaults, refusals: Refusals) -> None:
        self._raw = raw
        self._grades = self._distinct("grade", lambda text: _grade(text, defaults).code, refusals)
        self._markings = self._distinct("markings", lambda text: _markings(text, defaults), refusals)
        self._from = self._distinct("valid_from", _date, refusals)
        self._to = self._distinct("valid_to", _date, refusals)
        starts = np.array([day_range(text)[0] if isinstance(text, str) else DAY_MIN for text in self._from[1]])
        ends = np.array([day_range(text)[1] if isinstance(text, str) else DAY_MAX for text in self._to[1]])
        self._from_day, self._to_day = starts[self._from[0]], ends[self._to[0]]
        for row in np.flatnonzero(self._from_day > self._to_day):
            start, end = self._from[1][self._from[0][row]], self._to[1][self._to[0][row]]
            refusals.add(row, "valid_to", str(end), f"the interval ends ({end}) before it starts ({start})")

    def columns(self, rows: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
        """The columns that entities and links have in common, for the rows that stand."""
        given, made = self._raw.column("row").take(pa.array(rows)), self._raw.places.take(pa.array(rows))
        made = pc.binary_join_element_wise(self._raw.file, made, ":")
        named = pc.fill_null(pc.not_equal(given, ""), False)
        return {
            "row": pc.if_else(named, given, made),
            "grade": _spread(self._grades, rows, pa.int8()),
            "markings": _spread(self._markings, rows, pa.string()),
            "valid_from": _spread(self._from, rows, pa.string()),
            "valid_to": _spread(self._to, rows, pa.string()),
            "from_day": pa.array(self._from_day[rows], pa.int32()),
            "to_day": pa.array(self._to_day[rows], pa.int32()),
        }

    def _distinct(
        self, name: str, convert: Callable[[str], object], refusals: Refusals
    ) -> tuple[npt.NDArray[np.int64], list[object]]:
        column = self._raw.column(name)
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, " ")
        codes, found = by_distinct(column, convert)
        for code, error in enumerate(found):
            if isinstance(error, InvalidValue):
                for row in np.flatnonzero(codes == code):
                    refusals.add(row, name, str(column[int(row)].as_py() or ""), str(error))
                found[code] = None
        return codes, found


def _spread(
    column: tuple[npt.NDArray[np.int64], list[object]], rows: npt.NDArray[np.int64], kind: pa.DataType
) -> pa.Array:
    return pa.array(column[1], kind).take(pa.array(column[0][rows]))


def _grade(text: str, defaults: Defaults) -> Grade:
    return parse_grade(text) if text.strip() else defaults.grade


def _markings(text: str, defaults: Defaults) -> str:
    return join_markings(split_markings(text) | defaults.markings)


def _date(text: str) -> str | None:
    return normalise("datetime", text) if text.strip() else None
