"""The form of a mapping file: TOML tables to the values of `loaders.mapping`, every mistake of form noted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from loaders.csv_file import CsvForm
from loaders.mapping import FILTERS, Condition, EntityRule, FileForm, LinkRule, Piece, Said, Template, Value
from loaders.problems import Problem, near

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


@dataclass(slots=True)
class FormReader:
    """Reads the tables of one mapping file; `problems` are those found so far."""

    problems: list[Problem] = field(default_factory=list)

    def read(self, content: Mapping[str, object]) -> tuple[FileForm, str, dict[str, EntityRule], tuple[LinkRule, ...]]:
        """The form of the file, the title, the entities by alias, the links."""
        self._known(content, _TOP, "")
        file = self._file(self._table(content, "file", ""))
        usual = self._said(self._table(content, "records", ""), "records")
        self._known(self._table(content, "records", ""), _SAID, "records")
        entities = {
            alias: self._entity(alias, self._table(self._table(content, "entity", ""), alias, "entity"), usual)
            for alias in self._table(content, "entity", "")
        }
        links = tuple(
            self._link(alias, self._table(self._table(content, "link", ""), alias, "link"), usual)
            for alias in self._table(content, "link", "")
        )
        if not entities:
            self._wrong("entity", "a mapping makes at least one entity: write [entity.NAME]")
        return file, self._text(content, "title", ""), entities, links

    def _file(self, table: Mapping[str, object]) -> FileForm:
        self._known(table, _FILE, "file")
        form = self._text(table, "format", "file") or "csv"
        if form not in _FORMATS:
            self._wrong("file.format", f"not one of {', '.join(_FORMATS)}: {form!r}")
        delimiter = self._text(table, "delimiter", "file")
        quote = self._text(table, "quote", "file", default='"')
        if len(delimiter) > 1 or len(quote) > 1 or (delimiter and delimiter == quote) or delimiter in ("\n", "\r"):
            self._wrong("file", "delimiter and quote are single characters, and different ones")
        return FileForm(
            format=form,
            encoding=self._text(table, "encoding", "file") or None,
            csv=CsvForm(delimiter or None, quote, tuple(self._texts(table, "columns", "file"))),
            null=frozenset(self._texts(table, "null", "file")),
            date_formats=tuple(self._texts(table, "date_format", "file")),
            country=self._text(table, "country", "file") or None,
        )

    def _entity(self, alias: str, table: Mapping[str, object], usual: Said) -> EntityRule:
        at = f"entity.{alias}"
        self._known(table, _ENTITY, at)
        reference = self._flag(table, "reference", at)
        kind = self._value(table["kind"], f"{at}.kind", constant=True) if "kind" in table else None
        if kind is None and not reference:
            self._wrong(at, "an entity needs a kind")
        if "id" not in table:
            self._wrong(at, 'an entity needs an id, such as id = "shop:customer:{number}"')
        properties = self._properties(table, at)
        if reference and properties:
            self._wrong(at, "a reference makes no record, so it has no properties")
        return EntityRule(
            at=at,
            alias=alias,
            kind=kind,
            id=self._template(table.get("id", "-"), f"{at}.id"),
            rows=self._text(table, "rows", at),
            reference=reference,
            when=self._conditions(table.get("when", []), f"{at}.when"),
            properties=properties,
            said=self._said(table, at, usual),
        )

    def _link(self, alias: str, table: Mapping[str, object], usual: Said) -> LinkRule:
        at = f"link.{alias}"
        self._known(table, _LINK, at)
        for key in ("kind", "source", "target"):
            if key not in table:
                self._wrong(at, f"a link needs a {key}")
        return LinkRule(
            at=at,
            alias=alias,
            kind=self._value(table.get("kind", "-"), f"{at}.kind", constant=True),
            source=self._text(table, "source", at),
            target=self._text(table, "target", at),
            id=self._template(table["id"], f"{at}.id") if "id" in table else (),
            fallback=self._text(table, "fallback", at),
            rows=self._text(table, "rows", at),
            when=self._conditions(table.get("when", []), f"{at}.when"),
            properties=self._properties(table, at),
            said=self._said(table, at, usual),
        )

    def _said(self, table: Mapping[str, object], at: str, usual: Said | None = None) -> Said:
        found = usual or Said()

        def of(key: str, default: Value | None) -> Value | None:
            constant = key in ("grade", "markings")
            return self._value(table[key], f"{at}.{key}", constant=constant) if key in table else default

        return Said(
            grade=of("grade", found.grade),
            markings=of("markings", found.markings),
            valid_from=of("valid_from", found.valid_from),
            valid_to=of("valid_to", found.valid_to),
        )

    def _properties(self, table: Mapping[str, object], at: str) -> dict[str, tuple[Value, ...]]:
        inside = f"{at}.properties"
        return {
            name: tuple(
                self._value(item, f"{inside}.{name}") for item in (given if isinstance(given, list) else [given])
            )
            for name, given in self._table(table, "properties", at).items()
        }

    def _value(self, given: object, at: str, *, constant: bool = False) -> Value:
        """A value; a bare text is a column, or where ``constant`` is set, itself the value."""
        if isinstance(given, str):
            return Value(at, constants=(given,)) if constant else Value(at, column=given)
        if isinstance(given, list) and constant:
            return Value(at, constants=tuple(self._texts({"it": given}, "it", at)))
        if not isinstance(given, dict):
            self._wrong(at, "not a column name or a table such as { column = ... } or { constant = ... }")
            return Value(at)
        self._known(given, _VALUE, at)
        if sum(key in given for key in ("column", "constant", "template")) != 1:
            self._wrong(at, "give one of column, constant or template")
        table = given.get("table")
        if table is not None and not (isinstance(table, dict) and all(isinstance(v, str) for v in table.values())):
            self._wrong(at, 'table: texts by texts, such as { M = "male", F = "female" }')
            table = None
        if table is None and ("otherwise" in given or "keep" in given):
            self._wrong(at, "otherwise and keep go with a table")
        return Value(
            at=at,
            column=self._text(given, "column", at),
            template=self._template(given["template"], at) if "template" in given else (),
            constants=tuple(self._texts(given, "constant", at)),
            split=self._text(given, "split", at),
            table=table,
            otherwise=self._text(given, "otherwise", at) if "otherwise" in given else None,
            keep=self._flag(given, "keep", at),
            formats=tuple(self._texts(given, "format", at)),
            country=self._text(given, "country", at) or None,
            country_column=self._text(given, "country_column", at),
            optional=self._flag(given, "optional", at),
        )

    def _conditions(self, given: object, at: str) -> tuple[Condition, ...]:
        return tuple(self._condition(item, at) for item in (given if isinstance(given, list) else [given]))

    def _condition(self, given: object, at: str) -> Condition:
        if isinstance(given, str):
            return Condition(at, given)
        if not isinstance(given, dict) or "column" not in given or len(given) > 2:
            self._wrong(at, 'a condition is a column or { column = "type", is = "X" } with is, is_not or empty')
            return Condition(at, "")
        self._known(given, _CONDITION, at)
        column = self._text(given, "column", at)
        if "empty" in given:
            return Condition(at, column, negated=self._flag(given, "empty", at))
        for key in ("is", "is_not"):
            if key in given:
                return Condition(at, column, frozenset(self._texts(given, key, at)), negated=key == "is_not")
        return Condition(at, column)

    def _template(self, given: object, at: str) -> Template:
        if not isinstance(given, str) or not given:
            self._wrong(at, 'a template is a text with columns in braces, such as "shop:customer:{number}"')
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
                self._wrong(at, f"a brace that stands alone in {given!r}; write {{{{ or }}}} for the character itself")
            else:
                pieces.append(Piece(text=whole))
        return tuple(pieces)

    def _table(self, table: Mapping[str, object], key: str, at: str) -> Mapping[str, object]:
        given = table.get(key, {})
        if isinstance(given, dict):
            return given
        self._wrong(f"{at}.{key}".lstrip("."), "must be a table")
        return {}

    def _text(self, table: Mapping[str, object], key: str, at: str, default: str = "") -> str:
        given = table.get(key, default)
        if isinstance(given, str):
            return given
        self._wrong(f"{at}.{key}".lstrip("."), "must be a text in quotes")
        return default

    def _texts(self, table: Mapping[str, object], key: str, at: str) -> list[str]:
        given = table.get(key, [])
        items = given if isinstance(given, list) else [given]
        if all(isinstance(item, str) for item in items):
            return list(items)
        self._wrong(f"{at}.{key}".lstrip("."), "must be a text in quotes, or a list of them")
        return []

    def _flag(self, table: Mapping[str, object], key: str, at: str) -> bool:
        given = table.get(key, False)
        if not isinstance(given, bool):
            self._wrong(f"{at}.{key}", "must be true or false")
        return given is True

    def _known(self, table: Mapping[str, object], names: tuple[str, ...], at: str) -> None:
        for key in table:
            if key not in names:
                self._wrong(f"{at}.{key}".lstrip("."), f"a mapping has no such key here{near(key, names)}")

    def _wrong(self, at: str, text: str) -> None:
        self.problems.append(Problem(at, text))
