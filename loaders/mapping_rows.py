"""Applies a checked mapping: rows in, records out.

Everything that can be worked out once (positions of columns, value types, which links the ontology allows) is worked
out when the `Maker` is built, so that a row costs little more than its values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from graph_service.errors import InvalidValue
from graph_service.model.ids import check_id
from graph_service.model.ontology import Ontology
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from loaders.ends import not_allowed
from loaders.ids import link_id
from loaders.made import Defaults, Draft, Made, Refused
from loaders.mapping import EntityRule, LinkRule, MappingFile, Value
from loaders.mapping_cells import Cells, RowValues
from loaders.mapping_check import possible_kinds
from loaders.mapping_said import RuleProperties, RuleSaid
from loaders.rejects import Reject
from loaders.source import Row


class Maker:
    """Makes the records of the rows of one table (one array of a JSON document, or the whole of a CSV file)."""

    def __init__(
        self, mapping: MappingFile, ontology: Ontology, defaults: Defaults, columns: Sequence[str], rows: str = ""
    ) -> None:
        self._cells = cells = Cells(mapping.file, columns)
        self._ontology = ontology
        self._entities = [
            _Entity(rule, ontology, cells, defaults) for rule in mapping.entities.values() if rule.rows == rows
        ]
        self._links = [_Link(rule, ontology, cells, defaults) for rule in mapping.links if rule.rows == rows]
        self._allowed: dict[tuple[str, str, str], bool] = {}

    def make(self, rows: Iterable[Row | Reject], file: str) -> Iterator[Made | Reject]:
        """The records of every row in order; a row with anything wrong is refused whole."""
        for row in rows:
            if isinstance(row, Reject):
                yield row
                continue
            try:
                yield self._row(row, file)
            except Refused as error:
                yield error.reject(file, row)

    def _row(self, row: Row, file: str) -> Made:
        place = f"{file}:{row.place}"
        self._cells.left_out.clear()
        ends: dict[str, tuple[str, str]] = {}
        entities: list[EntityRecord] = []
        for rule in self._entities:
            found = rule.make(row.values, place)
            if found is not None:
                ends[rule.alias] = found[0], found[1]
                if found[2] is not None:
                    entities.append(found[2])
        links: list[Draft] = []
        sure = True
        for link in self._links:
            source, target = ends.get(link.source), ends.get(link.target)
            if source is None or target is None:
                continue
            kinds = link.kinds(row.values)
            if source[1] and target[1]:
                kinds = self._fitting(kinds, source[1], target[1])
            elif kinds:
                sure = False
            if kinds:
                links.append(link.make(row.values, place, kinds, source[0], target[0]))
        if not entities and not links:
            raise Refused("", "", "the row makes no record: none of the mapping's conditions holds")
        told = {error.reject(file, row): None for error in self._cells.left_out}
        return Made(file, row, tuple(entities), tuple(links), tuple(told), sure=sure)

    def _fitting(self, kinds: tuple[str, ...], source_kind: str, target_kind: str) -> tuple[str, ...]:
        """The first of the kinds that the ontology allows between the two; none of none."""
        for kind in kinds:
            key = kind, source_kind, target_kind
            if key not in self._allowed:
                self._allowed[key] = self._ontology.allows(*key)
            if self._allowed[key]:
                return (kind,)
        if kinds:
            raise Refused("", "", not_allowed(kinds[0], source_kind, target_kind))
        return ()


class _Entity:
    def __init__(self, rule: EntityRule, ontology: Ontology, cells: Cells, defaults: Defaults) -> None:
        self.alias = rule.alias
        self._rule = rule
        self._when = [cells.condition(condition) for condition in rule.when]
        self._kind = cells.raw(rule.kind) if rule.kind else None
        self._id = cells.template(rule.id)
        kinds = [ontology.entity_kind(name) for name in possible_kinds(rule.kind)]
        self._properties = RuleProperties(rule.properties, kinds, cells)
        self._said = RuleSaid(rule.said, cells, defaults)

    def make(self, values: RowValues, place: str) -> tuple[str, str, EntityRecord | None] | None:
        """The id, the kind ("" when not known) and the record; None when a condition does not hold."""
        if not all(holds(values) for holds in self._when):
            return None
        kind = _one_kind(self._rule.kind, self._kind(values)) if self._kind else ""
        entity_id = _checked_id(self._id(values))
        if self._rule.reference:
            return entity_id, kind, None
        record = EntityRecord(entity_id, kind, self._properties.read(kind, values), self._said.read(values, place))
        return entity_id, kind, record


class _Link:
    def __init__(self, rule: LinkRule, ontology: Ontology, cells: Cells, defaults: Defaults) -> None:
        self.source, self.target = rule.source, rule.target
        self._rule = rule
        self._when = [cells.condition(condition) for condition in rule.when]
        self._kind = cells.raw(rule.kind)
        self._id = cells.template(rule.id) if rule.id else None
        names = dict.fromkeys((*possible_kinds(rule.kind), *([rule.fallback] if rule.fallback else [])))
        kinds = [ontology.link_kind(name) for name in names]
        self._directed = {kind.name: kind.directed for kind in kinds}
        self._properties = RuleProperties(rule.properties, kinds, cells)
        self._said = RuleSaid(rule.said, cells, defaults)

    def kinds(self, values: RowValues) -> tuple[str, ...]:
        """The kind the link shall have, then the one to fall back on; empty when a condition does not hold."""
        if not all(holds(values) for holds in self._when):
            return ()
        first = _one_kind(self._rule.kind, self._kind(values))
        fallback = self._rule.fallback
        return (first, fallback) if fallback and fallback != first else (first,)

    def make(self, values: RowValues, place: str, kinds: tuple[str, ...], source: str, target: str) -> Draft:
        """The link as each of the kinds; a fallback that cannot hold the properties is left out."""
        said = self._said.read(values, place)
        drafts = [self._record(values, kinds[0], source, target, said)]
        for kind in kinds[1:]:
            with suppress(Refused):
                drafts.append(self._record(values, kind, source, target, said))
        return tuple(drafts)

    def _record(self, values: RowValues, kind: str, source: str, target: str, said: Provenance) -> LinkRecord:
        if self._id:
            made_id = _checked_id(self._id(values))
        else:
            if not self._directed[kind] and source > target:
                source, target = target, source
            made_id = link_id(kind, source, target, said.valid.start, said.valid.end)
        return LinkRecord(made_id, kind, source, target, self._properties.read(kind, values), said)


def _checked_id(text: str) -> str:
    try:
        return check_id(text)
    except InvalidValue as error:
        raise Refused("", text, str(error)) from error


def _one_kind(kind: Value | None, texts: list[str]) -> str:
    if not texts and kind and kind.otherwise:
        return kind.otherwise
    if len(texts) != 1:
        column = kind.column if kind else ""
        problem = "holds several values" if texts else "is empty"
        raise Refused(column, "; ".join(texts), f"column {column!r} {problem}, and the kind depends on it")
    return texts[0]
