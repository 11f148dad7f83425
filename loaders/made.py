"""What the formats hand over: the records that one row made, and what of it was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from graph_service.errors import InvalidValue
from graph_service.model.grades import Grade
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from graph_service.model.scope import join_markings, split_markings
from graph_service.model.time import Interval
from graph_service.model.values import normalise
from loaders.rejects import Reject
from loaders.source import Row

Draft: TypeAlias = tuple[LinkRecord, ...]
"""A link to be: the record, and in second place the one to take when its ends do not allow the first."""


@dataclass(frozen=True, slots=True)
class Made:
    """The records of one row.

    ``sure`` when the kinds of the links' ends were known and checked in the row itself. ``counts`` is false when the
    row was counted before, because its links are read after all entities.
    """

    file: str
    row: Row
    entities: tuple[EntityRecord, ...] = ()
    links: tuple[Draft, ...] = ()
    rejects: tuple[Reject, ...] = ()
    sure: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds of every record of a load: its source, the grade of those that say none, markings that all get."""

    source_id: str
    grade: Grade
    markings: frozenset[str]

    def said(
        self, row: str, grade: Grade | None, markings: frozenset[str], valid_from: str | None, valid_to: str | None
    ) -> Provenance:
        """The provenance of one record; raises InvalidValue when the validity ends before it starts."""
        return Provenance(
            source_id=self.source_id,
            row=row,
            grade=grade or self.grade,
            markings=markings | self.markings,
            valid=Interval(valid_from, valid_to) if valid_from or valid_to else _ALWAYS,
        )


_ALWAYS = Interval()


class Refused(Exception):
    """A row is refused for the value of a column (both empty when the whole row is at fault)."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason

    def reject(self, file: str, row: Row) -> Reject:
        """The refusal with its place and the row as it was."""
        fields = tuple(value for value in row.values if isinstance(value, str)) if not row.raw else ()
        return Reject(file, row.place, self.column, self.value, self.reason, fields, row.raw)


def canonical(
    column: str, type_name: str, raw: str, *, country: str | None = None, date_format: str | None = None
) -> str:
    """The canonical text of a value, or Refused with its column and the reason."""
    try:
        return normalise(type_name, raw, country=country, date_format=date_format)
    except InvalidValue as error:
        raise Refused(column, raw, str(error)) from error


def read_markings(texts: tuple[str, ...]) -> frozenset[str]:
    """Markings from texts; raises InvalidValue for what is none."""
    return split_markings(join_markings(texts))
