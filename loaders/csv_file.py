"""CSV files as rows: bounded, strict about quotes, and never stopped by one bad line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.errors import SourceFileError
from loaders.lines import LONGEST_LINE, Lines, TooLong
from loaders.rejects import REASONS, Reject, unguarded
from loaders.source import Row, SourceFile

DELIMITERS = (",", ";", "\t", "|")
"""What may part the fields when the mapping does not say; the one that is most frequent in the header is taken."""


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV file is written: ``delimiter`` (None: found in the header), ``quote`` (empty: none), ``columns`` when
    the file has no header."""

    delimiter: str | None = None
    quote: str = '"'
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV file whose header has been read: its columns and its rows, as often as wanted."""

    source: SourceFile
    columns: tuple[str, ...]
    delimiter: str
    quote: str
    headed: bool

    def rows(self, *, exact: bool = False) -> Iterator[Row | Reject]:
        """Every row in order, or the refusal of a row that is no row: ragged, too long, or wrongly quoted.

        Blanks before a field and empty fields beyond the header are no fault, unless the form is to be ``exact``.
        """
        width = len(self.columns)
        mended = self.columns[-len(REASONS) :] == REASONS
        waiting_for_header = self.headed
        for place, fields in _records(self.source, self.delimiter, self.quote, exact=exact):
            if isinstance(fields, Reject):
                yield fields
            elif not fields:
                continue
            elif waiting_for_header:
                waiting_for_header = False
            elif len(fields) < width or (len(fields) > width and (exact or any(fields[width:]))):
                reason = f"has {len(fields)} fields where the header has {width}"
                text = self.delimiter.join(fields)
                yield Reject(self.source.name, place, "", text, reason)  # nobody knows which field is which
            else:
                kept = fields[:width]
                yield Row(place, tuple(unguarded(value) for value in kept) if mended else tuple(kept))


def open_csv(source: SourceFile, form: CsvForm) -> CsvTable:
    """Read the header; raises SourceFileError for a header that cannot be one."""
    if form.columns:
        delimiter = form.delimiter or ","
        return CsvTable(source, form.columns, delimiter, form.quote, headed=False)
    delimiter = form.delimiter or _delimiter(source)
    for _, fields in _records(source, delimiter, form.quote):
        if isinstance(fields, Reject):
            raise SourceFileError(f"{source.name}: the header cannot be read: {fields.reason}")
        if fields:
            return CsvTable(source, _header(source, fields), delimiter, form.quote, headed=True)
    raise SourceFileError(f"{source.name} is empty: it has no header")


def _header(source: SourceFile, fields: list[str]) -> tuple[str, ...]:
    columns = tuple(" ".join(field.split()) for field in fields)
    twice = sorted(name for name, times in Counter(columns).items() if name and times > 1)
    if twice:
        raise SourceFileError(f"{source.name}: the header has column {twice[0]!r} more than once")
    if not any(columns):
        raise SourceFileError(f"{source.name}: the header is blank")
    if any("\x00" in name for name in columns):
        raise SourceFileError(f"{source.name}: the header holds a NUL character; this is no CSV file")
    return columns


def _delimiter(source: SourceFile) -> str:
    with source.open() as file:
        lines = Lines(file)
        try:
            line = next((line for line in lines if line.strip()), "")
        except TooLong as error:
            raise SourceFileError(f"{source.name}: the header cannot be read: {error.reason}") from error
    return max(DELIMITERS, key=line.count)


def _records(
    source: SourceFile, delimiter: str, quote: str, *, exact: bool = False
) -> Iterator[tuple[str, list[str] | Reject]]:
    """Each record with the number of its first line; a record that cannot be parsed costs one line only."""
    csv.field_size_limit(LONGEST_LINE)
    with source.open() as file:
        lines = Lines(file)
        reader = csv.reader(
            lines,
            delimiter=delimiter,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            skipinitialspace=not exact,
            strict=True,
        )
        while True:
            lines.begin()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except (csv.Error, TooLong) as error:
                text = lines.give_back()
                place = str(lines.first)
                yield place, Reject(source.name, place, "", text.rstrip("\r\n"), _reason(error))
            else:
                yield str(lines.first), fields


def _reason(error: csv.Error | TooLong) -> str:
    if isinstance(error, TooLong):
        return error.reason
    if "unexpected end" in str(error):
        return "a quote that opens in this line is not closed"
    return f"not a CSV row: {error}"
