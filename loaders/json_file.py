"""JSON as rows: one object a line, or arrays of objects in one document.

Numbers keep the digits they were written with, because an amount must not pass through a float. What JSON leaves open
is refused: NaN, keys that stand twice, half characters (lone surrogates), nesting beyond reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graph_service.errors import InvalidValue, SourceFileError
from loaders.lines import Lines, TooLong
from loaders.rejects import Reject
from loaders.source import Row, SourceFile

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"
"""A JSON value as it is read here: numbers are texts."""

LARGEST_DOCUMENT = 256 << 20
"""Bytes of a JSON document, which is held in memory whole; JSON lines have no such bound."""


def parse(text: str) -> Json:
    """The JSON value of a text; raises InvalidValue with the reason when it is none, or an unsafe one."""
    try:
        value: Json = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InvalidValue(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError:
        raise InvalidValue("not JSON that can be read: it is nested too deeply") from None
    if "\\u" in text and not _whole(value):
        raise InvalidValue("holds half a character (a lone surrogate)")
    return value


def parse_object(text: str) -> dict[str, Json]:
    """The JSON object of a text; raises InvalidValue for anything else."""
    value = parse(text)
    if not isinstance(value, dict):
        raise InvalidValue("not a JSON object")
    return value


def json_lines(source: SourceFile) -> Iterator[tuple[str, str] | Reject]:
    """The place and the text of every line that is not blank; a line that is too long is refused."""
    with source.open(newline="\n") as file:
        lines = Lines(file)
        while True:
            lines.begin()
            try:
                line = next(lines)
            except StopIteration:
                return
            except TooLong as error:
                yield Reject(source.name, str(lines.first), "", error.start, error.reason, raw=error.start)
                continue
            if line.strip():
                yield str(lines.first), line


def texts(value: Json) -> tuple[str, ...]:
    """A scalar or a list of scalars as texts, nulls and empty texts left out; raises InvalidValue for an object."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, list):
        return tuple(text for item in value for text in _scalar(item))
    raise InvalidValue("an object where a value was expected")


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A file of JSON objects, one a line, seen as a table of the columns (dotted paths) that are asked for."""

    source: SourceFile

    def rows(self, columns: Sequence[str]) -> Iterator[Row | Reject]:
        """Every object in order; a line that is no JSON object is refused."""
        paths = [column.split(".") for column in columns]
        for line in json_lines(self.source):
            if isinstance(line, Reject):
                yield line
                continue
            place, text = line
            try:
                yield Row(place, _values(parse_object(text), paths), text)
            except InvalidValue as error:
                yield Reject(self.source.name, place, "", text.strip(), str(error), raw=text)


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """A JSON document held in memory, whose arrays of objects are tables."""

    source: SourceFile
    content: Json

    def array(self, path: str) -> list[Json]:
        """The array at a dotted path, the document itself for the empty one; empty when there is none."""
        found = _at(self.content, path.split(".")) if path else self.content
        return found if isinstance(found, list) else []

    def rows(self, path: str, columns: Sequence[str]) -> Iterator[Row | Reject]:
        """Every object of an array in order; an item that is no object is refused."""
        paths = [column.split(".") for column in columns]
        for index, item in enumerate(self.array(path)):
            place = f"{path}[{index}]"
            raw = json.dumps(item, ensure_ascii=False)
            if not isinstance(item, dict):
                yield Reject(self.source.name, place, "", raw, "not a JSON object", raw=raw)
                continue
            try:
                yield Row(place, _values(item, paths), raw)
            except InvalidValue as error:
                yield Reject(self.source.name, place, "", raw, str(error), raw=raw)


def open_document(source: SourceFile) -> JsonDocument:
    """Read a JSON document whole; raises SourceFileError when it is none or beyond LARGEST_DOCUMENT."""
    if source.size > LARGEST_DOCUMENT:
        raise SourceFileError(
            f"{source.name} is a JSON document of {source.size >> 20} MB; the most is {LARGEST_DOCUMENT >> 20} MB: "
            "write it as JSON lines (one object a line)"
        )
    with source.open() as file:
        text = file.read()
    try:
        return JsonDocument(source, parse(text))
    except InvalidValue as error:
        raise SourceFileError(f"{source.name}: {error}") from error


def _values(item: dict[str, Json], paths: Sequence[Sequence[str]]) -> tuple[str | tuple[str, ...], ...]:
    found: list[str | tuple[str, ...]] = []
    for path in paths:
        try:
            values = texts(_at(item, path))
        except InvalidValue as error:
            raise InvalidValue(f"{'.'.join(path)}: {error}") from error
        found.append(values[0] if len(values) == 1 else values or "")
    return tuple(found)


def _at(value: Json, path: Sequence[str]) -> Json:
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and len(step) < 10 and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _scalar(item: Json) -> tuple[str, ...]:
    if isinstance(item, list):
        raise InvalidValue("a list within a list where a value was expected")
    return texts(item)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise InvalidValue(f"key {twice!r} stands twice")
    return found


def _refuse_constant(name: str) -> Json:
    raise InvalidValue(f"{name} is not a value")


def _whole(value: Json) -> bool:
    """Whether every text can be written as UTF-8; the nesting was bounded when the value was parsed."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=_refuse_constant, object_pairs_hook=_unique, strict=True
)
