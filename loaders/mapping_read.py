"""Reads mapping files: TOML to a `MappingFile`, every mistake of form listed with its line.

What the words mean for the ontology and the file is `mapping_check`'s business.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from graph_service.errors import MappingError
from loaders.csv_file import CsvForm
from loaders.mapping import (
    FILTERS,
    SHIPPED,
    Condition,
    EntityRule,
    FileForm,
    LinkRule,
    MappingFile,
    Piece,
    Said,
    Template,
    Value,
)

_FORMATS = ("csv", "jsonl", "json")
_TOP = ("title", "description", "file", "records", "entity", "link")
_FILE = ("format", "encoding", "delimiter", "quote", "columns", "null", "date_format", "country")
_SAID = ("grade", "markings", "valid_from", "valid_to")
_ENTITY = ("kind", "id", "rows", "reference", "when", "properties", *_SAID)
_LINK = ("kind", "fallback", "source", "target", "id", "rows", "when", "properties", *_SAID)
_VALUE = (
    "column", "constant", "template", "split", "table", "otherwise", "keep", "format", "country", "country_column",
    "optional",
)  # fmt: skip
_CONDITION = ("column", "is", "is_not", "empty")
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]")
_TABLE_LINE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY_LINE = re.compile(r"\s*([\w.\-\"' ]+?)\s*=")
_LARGEST = 1 << 20


def shipped_names() -> tuple[str, ...]:
    """The names of the ready mappings."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml") if path.stem != "example"))


def read_mapping(name_or_path: str | Path) -> MappingFile:
    """A ready mapping by its name, or a mapping file; raises MappingError that lists every problem."""
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and name_or_path in shipped_names():
        path = SHIPPED / f"{name_or_path}.toml"
    try:
        if path.stat().st_size > _LARGEST:
            raise MappingError(f"{path.name}: a mapping file has {_LARGEST >> 20} MB at most")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise MappingError(f"{path.name}: a mapping file is UTF-8: {error}") from error
        known = ", ".join(shipped_names())
        raise MappingError(
            f"there is no mapping file {str(name_or_path)!r}; the ready mappings are: {known}"
        ) from error
    return parse_mapping(text, path.stem)


def parse_mapping(text: str, name: str) -> MappingFile:
    """A mapping from its text; ``name`` is what problems call the file."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MappingError(f"{name}.toml: not a TOML file: {error}") from error
    reader = _Reader()
    file, title, entities, links = reader.read(content)
    mapping = MappingFile(name, title, text, file, entities, links, _line_numbers(text))
    raise_problems(mapping, reader.problems)
    return mapping


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a mapping file, at a key such as ``entity.payer.properties.name``."""

    at: str
    text: str


def raise_problems(mapping: MappingFile, problems: Iterable[Problem]) -> None:
    """Raise one MappingError with all problems, a line each, in the order of the file; nothing when there are none."""
    placed = sorted({(_line_of(problem.at, mapping.lines), problem.at, problem.text) for problem in problems})
    if placed:
        shown = [f"{mapping.name}.toml:{line}: {at}: {text}" for line, at, text in placed]
        raise MappingError("\n".join(shown))


def near(name: str, known: Iterable[str]) -> str:
    """A hint with the names most like a wrong one, or nothing."""
    by_folded = {item.casefold(): item for item in known}
    close = [by_folded[match] for match in get_close_matches(name.casefold(), by_folded, n=3)]
    return f"; did you mean {' or '.join(repr(item) for item in close)}?" if close else ""


@dataclass(slots=True)
class _Reader:
    problems: list[Problem] = field(default_factory=list)

    def read(self, content: Mapping[str, object]) -> tuple[FileForm, str, dict[str, EntityRule], tuple[LinkRule, ...]]:
        self.known(content, _TOP, "")
        file = self.file(self.table(content, "file", ""))
        usual = self.said(self.table(content, "records", ""), "records")
        self.known(self.table(content, "records", ""), _SAID, "records")
        entities = {
            alias: self.entity(alias, self.table(self.table(content, "entity", ""), alias, "entity"), usual)
            for alias in self.table(content, "entity", "")
        }
        links = tuple(
            self.link(alias, self.table(self.table(content, "link", ""), alias, "link"), usual)
            for alias in self.table(content, "link", "")
        )
        if not entities:
            self.wrong("entity", "a mapping makes at least one entity: write [entity.NAME]")
        return file, self.text(content, "title", ""), entities, links

    def file(self, table: Mapping[str, object]) -> FileForm:
        self.known(table, _FILE, "file")
        form = self.text(table, "format", "file") or "csv"
        if form not in _FORMATS:
            self.wrong("file.format", f"not one of {', '.join(_FORMATS)}: {form!r}")
        delimiter = self.text(table, "delimiter", "file")
        quote = self.text(table, "quote", "file", default='"')
        if len(delimiter) > 1 or len(quote) > 1 or (delimiter and delimiter == quote) or delimiter in ("\n", "\r"):
            self.wrong("file", "delimiter and quote are single characters, and different ones")
        return FileForm(
            format=form,
            encoding=self.text(table, "encoding", "file") or None,
            csv=CsvForm(delimiter or None, quote, tuple(self.texts(table, "columns", "file"))),
            null=frozenset(self.texts(table, "null", "file")),
            date_formats=tuple(self.texts(table, "date_format", "file")),
            country=self.text(table, "country", "file") or None,
        )

    def entity(self, alias: str, table: Mapping[str, object], usual: Said) -> EntityRule:
        at = f"entity.{alias}"
        self.known(table, _ENTITY, at)
        reference = self.flag(table, "reference", at)
        kind = self.value(table["kind"], f"{at}.kind", constant=True) if "kind" in table else None
        if kind is None and not reference:
            self.wrong(at, "an entity needs a kind")
        if "id" not in table:
            self.wrong(at, 'an entity needs an id, such as id = "shop:customer:{number}"')
        properties = self.properties(table, at)
        if reference and properties:
            self.wrong(at, "a reference makes no record, so it has no properties")
        return EntityRule(
            at=at,
            alias=alias,
            kind=kind,
            id=self.template(table.get("id", "-"), f"{at}.id"),
            rows=self.text(table, "rows", at),
            reference=reference,
            when=self.conditions(table.get("when", []), f"{at}.when"),
            properties=properties,
            said=self.said(table, at, usual),
        )

    def link(self, alias: str, table: Mapping[str, object], usual: Said) -> LinkRule:
        at = f"link.{alias}"
        self.known(table, _LINK, at)
        for key in ("kind", "source", "target"):
            if key not in table:
                self.wrong(at, f"a link needs a {key}")
        return LinkRule(
            at=at,
            alias=alias,
            kind=self.value(table.get("kind", "-"), f"{at}.kind", constant=True),
            source=self.text(table, "source", at),
            target=self.text(table, "target", at),
            id=self.template(table["id"], f"{at}.id") if "id" in table else (),
            fallback=self.text(table, "fallback", at),
            rows=self.text(table, "rows", at),
            when=self.conditions(table.get("when", []), f"{at}.when"),
            properties=self.properties(table, at),
            said=self.said(table, at, usual),
        )

    def said(self, table: Mapping[str, object], at: str, usual: Said | None = None) -> Said:
        found = usual or Said()

        def of(key: str, default: Value | None) -> Value | None:
            constant = key in ("grade", "markings")
            return self.value(table[key], f"{at}.{key}", constant=constant) if key in table else default

        return Said(
            grade=of("grade", found.grade),
            markings=of("markings", found.markings),
            valid_from=of("valid_from", found.valid_from),
            valid_to=of("valid_to", found.valid_to),
        )

    def properties(self, table: Mapping[str, object], at: str) -> dict[str, tuple[Value, ...]]:
        inside = f"{at}.properties"
        return {
            name: tuple(
                self.value(item, f"{inside}.{name}") for item in (given if isinstance(given, list) else [given])
            )
            for name, given in self.table(table, "properties", at).items()
        }

    def value(self, given: object, at: str, *, constant: bool = False) -> Value:
        """A value; a bare text is a column, or where ``constant`` is set, itself the value."""
        if isinstance(given, str):
            return Value(at, constants=(given,)) if constant else Value(at, column=given)
        if isinstance(given, list) and constant:
            return Value(at, constants=tuple(self.texts({"it": given}, "it", at)))
        if not isinstance(given, dict):
            self.wrong(at, "not a column name or a table such as { column = ... } or { constant = ... }")
            return Value(at)
        self.known(given, _VALUE, at)
        if sum(key in given for key in ("column", "constant", "template")) != 1:
            self.wrong(at, "give one of column, constant or template")
        table = given.get("table")
        if table is not None and not (isinstance(table, dict) and all(isinstance(v, str) for v in table.values())):
            self.wrong(at, 'table: texts by texts, such as { M = "male", F = "female" }')
            table = None
        if table is None and ("otherwise" in given or "keep" in given):
            self.wrong(at, "otherwise and keep go with a table")
        return Value(
            at=at,
            column=self.text(given, "column", at),
            template=self.template(given["template"], at) if "template" in given else (),
            constants=tuple(self.texts(given, "constant", at)),
            split=self.text(given, "split", at),
            table=table,
            otherwise=self.text(given, "otherwise", at) if "otherwise" in given else None,
            keep=self.flag(given, "keep", at),
            formats=tuple(self.texts(given, "format", at)),
            country=self.text(given, "country", at) or None,
            country_column=self.text(given, "country_column", at),
            optional=self.flag(given, "optional", at),
        )

    def conditions(self, given: object, at: str) -> tuple[Condition, ...]:
        return tuple(self.condition(item, at) for item in (given if isinstance(given, list) else [given]))

    def condition(self, given: object, at: str) -> Condition:
        if isinstance(given, str):
            return Condition(at, given)
        if not isinstance(given, dict) or "column" not in given or len(given) > 2:
            self.wrong(at, 'a condition is a column or { column = "type", is = "X" } with is, is_not or empty')
            return Condition(at, "")
        self.known(given, _CONDITION, at)
        column = self.text(given, "column", at)
        if "empty" in given:
            return Condition(at, column, negated=self.flag(given, "empty", at))
        for key in ("is", "is_not"):
            if key in given:
                return Condition(at, column, frozenset(self.texts(given, key, at)), negated=key == "is_not")
        return Condition(at, column)

    def template(self, given: object, at: str) -> Template:
        if not isinstance(given, str) or not given:
            self.wrong(at, 'a template is a text with columns in braces, such as "shop:customer:{number}"')
            return ()
        pieces: list[Piece] = []
        for match in _PIECE.finditer(given):
            whole, inside = match[0], match[1]
            if whole in ("{{", "}}"):
                pieces.append(Piece(text=whole[0]))
            elif inside:
                column, bar, name = inside.rpartition("|")
                filtered = bool(bar) and name.strip() in FILTERS
                pieces.append(
                    Piece(column=(column if filtered else inside).strip(), filter=name.strip() if filtered else "")
                )
            elif whole in ("{", "}", "{}"):
                self.wrong(at, f"a brace that stands alone in {given!r}; write {{{{ or }}}} for the character itself")
            else:
                pieces.append(Piece(text=whole))
        return tuple(pieces)

    def table(self, table: Mapping[str, object], key: str, at: str) -> Mapping[str, object]:
        given = table.get(key, {})
        if isinstance(given, dict):
            return given
        self.wrong(f"{at}.{key}".lstrip("."), "must be a table")
        return {}

    def text(self, table: Mapping[str, object], key: str, at: str, default: str = "") -> str:
        given = table.get(key, default)
        if isinstance(given, str):
            return given
        self.wrong(f"{at}.{key}".lstrip("."), "must be a text in quotes")
        return default

    def texts(self, table: Mapping[str, object], key: str, at: str) -> list[str]:
        given = table.get(key, [])
        items = given if isinstance(given, list) else [given]
        if all(isinstance(item, str) for item in items):
            return list(items)
        self.wrong(f"{at}.{key}".lstrip("."), "must be a text in quotes, or a list of them")
        return []

    def flag(self, table: Mapping[str, object], key: str, at: str) -> bool:
        given = table.get(key, False)
        if not isinstance(given, bool):
            self.wrong(f"{at}.{key}", "must be true or false")
        return given is True

    def known(self, table: Mapping[str, object], names: tuple[str, ...], at: str) -> None:
        for key in table:
            if key not in names:
                self.wrong(f"{at}.{key}".lstrip("."), f"a mapping has no such key here{near(key, names)}")

    def wrong(self, at: str, text: str) -> None:
        self.problems.append(Problem(at, text))


def _line_numbers(text: str) -> dict[str, int]:
    """The line of each table and key, so far as they stand on lines of their own."""
    found: dict[str, int] = {}
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE_LINE.match(line):
            inside = header[1].replace('"', "").replace(" ", "")
            found.setdefault(inside, number)
        elif key := _KEY_LINE.match(line):
            name = key[1].replace('"', "").replace(" ", "")
            found.setdefault(f"{inside}.{name}".lstrip("."), number)
    return found


def _line_of(at: str, lines: Mapping[str, int]) -> int:
    while at:
        if at in lines:
            return lines[at]
        at = at.rpartition(".")[0]
    return 1
