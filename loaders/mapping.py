"""Mappings: how the columns of a file become entities and links, said in a TOML file.

A mapping is read, checked against the ontology and against the header, and only then a row is read. The shortest
useful one, for a file of payments with the columns ``payer``, ``payee``, ``sum`` and ``day``::

    [entity.payer]
    kind = "Party"
    id = "shop:party:{payer}"
    properties.name = "payer"

    [entity.payee]
    kind = "Party"
    id = "shop:party:{payee}"
    properties.name = "payee"

    [entity.payment]
    kind = "MoneyTransfer"
    id = "shop:payment:{payer}:{payee}:{day}"
    properties.amount = "sum"
    properties.currency = { constant = "EUR" }
    properties.date = { column = "day", format = "%d/%m/%Y" }

    [link.from]
    kind = "ORIGINATOR"
    source = "payer"
    target = "payment"

    [link.to]
    kind = "BENEFICIARY"
    source = "payment"
    target = "payee"

``loaders/mappings/example.toml`` shows everything a mapping can say, with comments. A row is loaded whole or refused
whole: when a value does not fit its type, nothing of its row is loaded and the row goes to the rejects file; only of a
value that the mapping calls ``optional`` the row is loaded without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from loaders.csv_file import CsvForm

SHIPPED = Path(__file__).parent / "mappings"
"""The ready mappings, one a file, known by the file's name without its ending."""
DATES = ("date", "datetime")
"""The value types that take date formats."""
FILTERS = ("hash", "slug", "lower", "upper")
"""What may follow a column in a template, as in ``{name|slug}``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a template: literal text, or a column with a filter of FILTERS (or none)."""

    text: str = ""
    column: str = ""
    filter: str = ""


Template: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """Where the values of a property come from: a column, a template or constants; and how they are read.

    ``table`` replaces a value, by the empty text to leave it out; one that is not in it becomes ``otherwise``, stays
    (``keep``), or refuses the row. ``formats`` are those a date may have, ``country`` or ``country_column`` say where
    a national phone number belongs. A value that is ``optional`` is refused alone when it does not fit, and its row
    still loads.
    """

    at: str
    column: str = ""
    template: Template = ()
    constants: tuple[str, ...] = ()
    split: str = ""
    table: Mapping[str, str] | None = None
    otherwise: str | None = None
    keep: bool = False
    formats: tuple[str, ...] = ()
    country: str | None = None
    country_column: str = ""
    optional: bool = False

    def columns(self) -> Iterator[str]:
        """The columns it reads."""
        yield from (name for name in (self.column, self.country_column) if name)
        yield from (piece.column for piece in self.template if piece.column)


@dataclass(frozen=True, slots=True)
class Condition:
    """A column that must have a value: any (``among`` None), one of some, or, negated, none of them."""

    at: str
    column: str
    among: frozenset[str] | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What holds of records beside their properties; None where the mapping says nothing."""

    grade: Value | None = None
    markings: Value | None = None
    valid_from: Value | None = None
    valid_to: Value | None = None

    def values(self) -> Iterator[Value]:
        """Those that are said."""
        yield from (value for value in (self.grade, self.markings, self.valid_from, self.valid_to) if value)


@dataclass(frozen=True, slots=True)
class EntityRule:
    """Makes one entity of a row: its kind (a constant or by table), its id and properties, under its conditions.

    A ``reference`` makes no record: it names an entity that some other file or source describes; its ``kind`` may be
    left out. ``rows`` is the array of a JSON document that the rule applies to.
    """

    at: str
    alias: str
    kind: Value | None
    id: Template
    rows: str = ""
    reference: bool = False
    when: tuple[Condition, ...] = ()
    properties: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class LinkRule:
    """Makes one link between two entities of the row, where both were made; ``id`` empty: derived from kind and ends.

    ``fallback`` is the kind to take when the ontology does not allow the first one between these two ends.
    """

    at: str
    alias: str
    kind: Value
    source: str
    target: str
    id: Template = ()
    fallback: str = ""
    rows: str = ""
    when: tuple[Condition, ...] = ()
    properties: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class FileForm:
    """How the file is written: csv, jsonl or json; texts that mean no value; defaults for dates and phones."""

    format: str = "csv"
    encoding: str | None = None
    csv: CsvForm = field(default_factory=CsvForm)
    null: frozenset[str] = frozenset()
    date_formats: tuple[str, ...] = ()
    country: str | None = None


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping as it was read; ``text`` is the file itself, part of what a source is identified by."""

    name: str
    title: str
    text: str
    file: FileForm
    entities: Mapping[str, EntityRule]
    links: tuple[LinkRule, ...]
    lines: Mapping[str, int]

    def rules(self) -> Iterator[EntityRule | LinkRule]:
        """All rules, entities first."""
        yield from self.entities.values()
        yield from self.links

    def arrays(self) -> tuple[str, ...]:
        """The arrays of a JSON document that are read, in the order of the rules; one nameless table otherwise."""
        return tuple(dict.fromkeys(rule.rows for rule in self.rules()))

    def columns(self, rows: str = "") -> tuple[str, ...]:
        """The columns that the rules of one array read, each once."""
        found: dict[str, None] = {}
        for rule in self.rules():
            if rule.rows == rows:
                found.update(dict.fromkeys(_columns(rule)))
        return tuple(found)

    @property
    def refers(self) -> bool:
        """Whether it links to entities that other files or sources describe."""
        return any(rule.reference for rule in self.entities.values())


def _columns(rule: EntityRule | LinkRule) -> Iterator[str]:
    yield from (piece.column for piece in rule.id if piece.column)
    yield from (condition.column for condition in rule.when)
    for values in rule.properties.values():
        for value in values:
            yield from value.columns()
    for value in (*rule.said.values(), *((rule.kind,) if rule.kind else ())):
        yield from value.columns()
