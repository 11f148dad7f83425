"""The cells of a row as a mapping sees them: texts without blanks, templates, conditions, typed values.

A `Cells` knows where the columns stand; each of its methods is asked once and gives a function from a row's values.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from graph_service.model.values import normalise
from loaders.ids import short_hash, slug
from loaders.made import Refused, canonical
from loaders.mapping import DATES, Condition, FileForm, Template, Value

RowValues: TypeAlias = tuple[str | tuple[str, ...], ...]
Reader: TypeAlias = Callable[[RowValues], list[str]]
"""The texts that a row has for something; none where it has no value."""

_FILTERS: Mapping[str, Callable[[str], str]] = {
    "hash": short_hash,
    "slug": slug,
    "lower": str.lower,
    "upper": str.upper,
}


class Cells:
    """Where the columns stand, and what their texts mean.

    ``left_out`` collects the optional values of the present row that do not fit; who reads a row empties it first.
    """

    def __init__(self, form: FileForm, columns: Sequence[str]) -> None:
        self.form = form
        self.left_out: list[Refused] = []
        self._position = {name: index for index, name in enumerate(columns)}

    def texts(self, column: str, split: str = "") -> Reader:
        """The texts of a cell without white space around them, those left out that mean no value."""
        at, null = self._position[column], self.form.null

        def read(values: RowValues) -> list[str]:
            cell = values[at]
            parts: Iterable[str] = (cell,) if isinstance(cell, str) else cell
            if split:
                parts = (piece for part in parts for piece in part.split(split))
            return [text for text in map(str.strip, parts) if text and text not in null]

        return read

    def template(self, template: Template) -> Callable[[RowValues], str]:
        """The text of a template; Refused when a column of it is empty or holds several values."""
        pieces = [(piece, self.texts(piece.column) if piece.column else None) for piece in template]

        def read(values: RowValues) -> str:
            found: list[str] = []
            for piece, cell in pieces:
                found.append(piece.text if cell is None else _key(piece.column, piece.filter, cell(values)))
            return "".join(found)

        return read

    def condition(self, condition: Condition) -> Callable[[RowValues], bool]:
        """Whether a condition holds."""
        cell, among, wanted = self.texts(condition.column), condition.among, not condition.negated
        if among is None:
            return lambda values: bool(cell(values)) is wanted
        return lambda values: any(text in among for text in cell(values)) is wanted

    def raw(self, value: Value) -> Reader:
        """The texts of a value, before they are normalised."""
        if value.constants:
            fixed = list(value.constants)
            return lambda _: fixed
        if value.template:
            columns = [self.texts(piece.column) for piece in value.template if piece.column]
            render = self.template(value.template)
            return lambda values: [render(values)] if all(column(values) for column in columns) else []
        cell = self.texts(value.column, value.split)
        if value.table is None:
            return cell
        look = _lookup(value)
        return lambda values: [found for text in cell(values) if (found := look(text))]

    def typed(self, value: Value, type_name: str) -> Reader:
        """The canonical texts of a value of a type."""
        raw, column = self.raw(value), value.column
        if value.constants:
            constants = [normalise(type_name, text, country=value.country) for text in value.constants]
            return lambda _: constants
        if type_name == "phone":
            return self._tolerant(value, self._phone(value, raw))
        formats = (value.formats or self.form.date_formats) if type_name in DATES else ()
        if len(formats) > 1:
            return self._tolerant(
                value, lambda values: [_dated(column, type_name, text, formats) for text in raw(values)]
            )
        one = formats[0] if formats else None
        return self._tolerant(
            value, lambda values: [canonical(column, type_name, text, date_format=one) for text in raw(values)]
        )

    def _tolerant(self, value: Value, read: Reader) -> Reader:
        """The same reader, or for an optional value one that leaves out what does not fit."""
        if not value.optional:
            return read

        def careful(values: RowValues) -> list[str]:
            try:
                return read(values)
            except Refused as error:
                self.left_out.append(error)
                return []

        return careful

    def _phone(self, value: Value, raw: Reader) -> Reader:
        fixed = value.country or self.form.country
        where = self.texts(value.country_column) if value.country_column else None

        def read(values: RowValues) -> list[str]:
            named = where(values) if where else []
            country = canonical(value.country_column, "country", named[0]) if named else fixed
            return [canonical(value.column, "phone", text, country=country) for text in raw(values)]

        return read


def _dated(column: str, type_name: str, text: str, formats: tuple[str, ...]) -> str:
    """A date in the first of several formats that it fits."""
    for date_format in formats:
        with suppress(Refused):
            return canonical(column, type_name, text, date_format=date_format)
    raise Refused(column, text, f"not a date of the format {' or '.join(map(repr, formats))}: {text!r}")


def _key(column: str, filter_name: str, texts: list[str]) -> str:
    """The part of an id that comes from a column: composed, white space made one space, then filtered."""
    if len(texts) != 1:
        reason = "holds several values, so it cannot be part of an id" if texts else "is empty, and an id needs it"
        raise Refused(column, "; ".join(texts), f"column {column!r} {reason}")
    text = " ".join(unicodedata.normalize("NFC", texts[0]).split())
    if filter_name:
        text = _FILTERS[filter_name](text)
        if not text:
            raise Refused(column, texts[0], f"column {column!r} has nothing that an id could be made of")
    return text


def _lookup(value: Value) -> Callable[[str], str]:
    """Replaces a text by the value's table: as written first, then in any case."""
    table = dict(value.table or {})
    folded = {key.casefold(): replacement for key, replacement in table.items()}

    def look(text: str) -> str:
        found = table.get(text, folded.get(text.casefold()))
        if found is not None:
            return found
        if value.otherwise is not None:
            return value.otherwise
        if value.keep:
            return text
        raise Refused(value.column, text, "is not in the table of the mapping")

    return look
