"""What a rule of a mapping says of its records: their properties, grade, markings and validity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph_service.errors import InvalidValue
from graph_service.model.grades import Grade, parse_grade
from graph_service.model.ontology import EntityKind, LinkKind, Property
from graph_service.model.records import Provenance
from loaders.made import Defaults, Refused, read_markings
from loaders.mapping import Said, Value
from loaders.mapping_cells import Cells, Reader, RowValues


class RuleProperties:
    """The properties of a rule, for each kind it may choose."""

    def __init__(
        self, given: Mapping[str, tuple[Value, ...]], kinds: Iterable[EntityKind | LinkKind], cells: Cells
    ) -> None:
        self._plans = {kind.name: [_plan(name, given[name], kind, cells) for name in sorted(given)] for kind in kinds}

    def read(self, kind: str, values: RowValues) -> dict[str, tuple[str, ...]]:
        """The properties of a row as one of the kinds; Refused when a value does not fit."""
        found: dict[str, tuple[str, ...]] = {}
        for name, readers in self._plans[kind]:
            texts = [text for read in readers for text in read(values)]
            if texts:
                found[name] = tuple(dict.fromkeys(texts)) if len(texts) > 1 else (texts[0],)
        return found


def _plan(name: str, given: tuple[Value, ...], kind: EntityKind | LinkKind, cells: Cells) -> tuple[str, list[Reader]]:
    prop: Property | None = kind.properties.get(name)
    if prop is not None:
        return name, [cells.typed(value, prop.type) for value in given]
    return name, [_unwanted(name, kind.name, value, cells.raw(value)) for value in given]


def _unwanted(name: str, kind: str, value: Value, raw: Reader) -> Reader:
    def read(values: RowValues) -> list[str]:
        texts = raw(values) if not value.constants else []
        if texts:
            raise Refused(value.column, texts[0], f"{kind} has no property {name!r}")
        return []

    return read


class RuleSaid:
    """Grade, markings and validity of a rule's records."""

    def __init__(self, said: Said, cells: Cells, defaults: Defaults) -> None:
        self._grade = (said.grade, cells.raw(said.grade)) if said.grade else None
        self._markings = (said.markings, cells.raw(said.markings)) if said.markings else None
        self._from = cells.typed(said.valid_from, "datetime") if said.valid_from else None
        self._to = cells.typed(said.valid_to, "datetime") if said.valid_to else None
        self._end = said.valid_to or Value("")
        self._cells = cells
        self._defaults = defaults

    def read(self, values: RowValues, place: str) -> Provenance:
        """The provenance of a row's record; a validity that runs backwards loses an optional end, else is Refused."""
        grade: Grade | None = None
        markings: frozenset[str] = frozenset()
        column, text = "", ""
        valid_from = next(iter(self._from(values)), None) if self._from else None
        valid_to = next(iter(self._to(values)), None) if self._to else None
        try:
            if self._grade:
                column, text = self._grade[0].column, next(iter(self._grade[1](values)), "")
                grade = parse_grade(text) if text else None
            if self._markings:
                texts = self._markings[1](values)
                column, text = self._markings[0].column, " ".join(texts)
                markings = read_markings(tuple(texts))
        except InvalidValue as error:
            raise Refused(column, text, str(error)) from error
        try:
            return self._defaults.said(place, grade, markings, valid_from, valid_to)
        except InvalidValue as error:
            backwards = Refused(self._end.column, valid_to or "", str(error))
            if not self._end.optional:
                raise backwards from error
            self._cells.left_out.append(backwards)
            return self._defaults.said(place, grade, markings, valid_from, None)
