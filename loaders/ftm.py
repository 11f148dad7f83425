"""FollowTheMoney entities, as Aleph, OpenSanctions and their tools write them: JSON objects, one a line.

A schema becomes the kind that names it in the ontology, or the nearest one; schemata that are edges (Ownership,
Directorship) become links; a Payment is an event with its parties by role; a property that names another entity becomes
a link. An entity is loaded even when a value of it does not fit: that value is refused alone, with its reason. A
property that we have no place for is kept as a note (``hairColor: grey``), a link that its ends do not allow as
LINKED_TO with what it was called. What only served the program that made the file is left out (`ftm_terms.LEFT_OUT`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graph_service.errors import InvalidValue
from graph_service.model.ids import check_id
from graph_service.model.ontology import Ontology, Property
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from graph_service.model.time import day_range
from loaders.ftm_terms import (
    EDGES,
    IN_CURRENCY,
    LEFT_OUT,
    NEAREST,
    POINTERS,
    POINTERS_OF,
    RENAMED,
    RENAMED_OF,
    TEXTS_OF,
    Edge,
    Points,
)
from loaders.ids import link_id
from loaders.json_file import Json, json_lines, parse_object, texts
from loaders.made import Defaults, Draft, Made, Refused, canonical
from loaders.problems import near
from loaders.rejects import Reject
from loaders.source import Row, SourceFile

_UPPER = re.compile(r"(?<!^)(?=[A-Z])")
_STARTS, _ENDS, _WHEN = ("startDate",), ("endDate",), ("date",)


@dataclass(frozen=True, slots=True)
class FtmLines:
    """A file of FollowTheMoney entities; `made` reads its entities or its links."""

    source: SourceFile
    ontology: Ontology
    defaults: Defaults

    def made(self, *, links: bool) -> Iterator[Made | Reject]:
        """Entities in the order of the file, or all links; lines that are no entity are refused with the entities."""
        kinds = {kind.ftm: kind.name for kind in self.ontology.entity_kinds.values() if kind.ftm}
        for line in json_lines(self.source):
            if isinstance(line, Reject):
                if not links:
                    yield line
                continue
            row = Row(line[0], (), line[1])
            try:
                said = _Said.read(row, self, kinds)
                made = said.links() if links else said.entity()
            except Refused as error:
                if not links:
                    yield error.reject(self.source.name, row)
            else:
                if made is not None:
                    yield made


@dataclass(slots=True)
class _Said:
    """One FollowTheMoney entity on its way to records."""

    row: Row
    file: FtmLines
    id: str
    schema: str
    kind: str
    edge: Edge | None
    given: Mapping[str, tuple[str, ...]]
    rejects: list[Reject] = field(default_factory=list)

    @classmethod
    def read(cls, row: Row, file: FtmLines, kinds: Mapping[str, str]) -> _Said:
        """The entity of a line; Refused when the line is none."""
        try:
            content = parse_object(row.raw)
        except InvalidValue as error:
            raise Refused("", row.raw.strip(), str(error)) from error
        schema, entity_id = content.get("schema"), content.get("id")
        if not isinstance(schema, str):
            raise Refused("schema", "", "a FollowTheMoney entity has a schema")
        edge = EDGES.get(schema)
        kind = edge.kind if edge else kinds.get(schema) or NEAREST.get(schema)
        if kind is None:
            raise Refused("schema", schema, f"unknown schema{near(schema, [*kinds, *NEAREST, *EDGES])}")
        try:
            checked = check_id(entity_id if isinstance(entity_id, str) else "")
        except InvalidValue as error:
            raise Refused("id", str(entity_id or ""), str(error)) from error
        properties = content.get("properties") or {}
        if not isinstance(properties, dict):
            raise Refused("properties", "", "properties is an object of lists by name")
        said = cls(row, file, checked, schema, kind, edge, {})
        said.given = {name: found for name, value in properties.items() if (found := said._texts(name, value))}
        return said

    def entity(self) -> Made | None:
        """Its record as an entity; None when it is an edge."""
        if self.edge:
            return None
        pointers = self._pointers()
        given = {name: values for name, values in self.given.items() if name not in pointers}
        known = self.file.ontology.entity_kind(self.kind).properties
        properties, others = self._properties(given, known)
        notes = [f"{name}: {value}" for name, values in sorted(others.items()) for value in values]
        if notes:
            properties["notes"] = (*properties.get("notes", ()), *self._fitting("notes", known["notes"], notes))
        record = EntityRecord(self.id, self.kind, dict(sorted(properties.items())), self._provenance())
        return Made(self.file.source.name, self.row, entities=(record,), rejects=tuple(self.rejects))

    def links(self) -> Made | None:
        """Its links: itself, when it is an edge, or those that its properties stand for; None when it has none."""
        drafts = list(self._edge(self.edge) if self.edge else self._pointed())
        rejects = tuple(self.rejects) if self.edge else ()
        if not drafts and not rejects:
            return None
        return Made(self.file.source.name, self.row, (), tuple(drafts), rejects, counts=self.edge is not None)

    def _edge(self, edge: Edge) -> Iterator[Draft]:
        sources, targets = self.given.get(edge.source, ()), self.given.get(edge.target, ())
        if not sources or not targets:
            missing = edge.source if not sources else edge.target
            self._reject(missing, "", f"{self.schema} has no {missing}, so it links nothing")
            return
        given = {name: values for name, values in self.given.items() if name not in (edge.source, edge.target)}
        known = self.file.ontology.link_kind(edge.kind).properties
        dates = {*_STARTS, *_ENDS, *_WHEN}
        properties, others = self._properties({n: v for n, v in given.items() if n not in dates}, known)
        for name, values in sorted(others.items()):
            for value in values:
                self._reject(name, value, f"{edge.kind} has no property for it")
        said = self._provenance()
        pairs = [(source, target) for source in dict.fromkeys(sources) for target in dict.fromkeys(targets)]
        for number, (source, target) in enumerate(pairs, 1):
            made_id = self.id if len(pairs) == 1 else f"{self.id}/{number}"
            kept = [f"{name}: {value}" for name, values in properties.items() for value in values]
            yield (
                LinkRecord(made_id, edge.kind, source, target, properties, said),
                LinkRecord(made_id, "LINKED_TO", source, target, {"role": (self.schema, *kept)}, said),
            )

    def _pointed(self) -> Iterator[Draft]:
        pointers = self._pointers()
        if not pointers:
            return
        said = self._provenance()
        dates = said.valid.start, said.valid.end
        known = self.file.ontology.link_kinds
        for name, points in pointers.items():
            for other in dict.fromkeys(self.given[name]):
                source, target = (other, self.id) if points.reverse else (self.id, other)
                drafts = []
                for kind in dict.fromkeys((points.kind, "LINKED_TO")):
                    one, two = (source, target) if known[kind].directed or source <= target else (target, source)
                    role = {"role": (name,)} if kind == "LINKED_TO" else {}
                    drafts.append(LinkRecord(link_id(kind, one, two, *dates), kind, one, two, role, said))
                yield tuple(drafts)

    def _pointers(self) -> dict[str, Points]:
        special, plain = POINTERS_OF.get(self.kind, {}), TEXTS_OF.get(self.kind, ())
        return {
            name: special.get(name) or POINTERS[name] for name in self.given if name in POINTERS and name not in plain
        }

    def _properties(
        self, given: Mapping[str, tuple[str, ...]], known: Mapping[str, Property]
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """The properties in our terms, and those we have no place for."""
        found: dict[str, dict[str, None]] = {}
        others: dict[str, tuple[str, ...]] = {}
        for name, values in given.items():
            ours = self._name(name, known)
            if name in IN_CURRENCY and "amount" in known and "amount" not in given:
                ours, currency = IN_CURRENCY[name]
                found.setdefault("currency", {})[currency] = None
            if ours is not None:
                found.setdefault(ours, {}).update(dict.fromkeys(self._fitting(name, known[ours], values)))
            elif name not in LEFT_OUT:
                others[name] = values
        return {name: tuple(values) for name, values in found.items() if values}, others

    def _name(self, name: str, known: Mapping[str, Property]) -> str | None:
        snake = _UPPER.sub("_", name).lower()
        tried = (RENAMED_OF.get(self.kind, {}).get(name), snake, RENAMED.get(name))
        return next((ours for ours in tried if ours in known), None) if name not in LEFT_OUT else None

    def _fitting(self, name: str, prop: Property, values: tuple[str, ...] | list[str]) -> list[str]:
        found: list[str] = []
        for value in values:
            try:
                found.append(canonical(name, prop.type, value))
            except Refused as error:
                self._reject(name, value, error.reason)
        return found

    def _provenance(self) -> Provenance:
        """When it holds: from its start to its end, or on its date; a validity that runs backwards is left open."""
        starts, ends, on = (self._dates(names) for names in (_STARTS, _ENDS, _WHEN))
        start = min(starts or on, key=lambda date: day_range(date)[0], default=None)
        end = max(ends or (on if not starts else []), key=lambda date: day_range(date)[1], default=None)
        place = f"{self.file.source.name}:{self.row.place}"
        try:
            return self.file.defaults.said(place, None, frozenset(), start, end)
        except InvalidValue as error:
            self._reject("endDate", end or "", str(error))
            return self.file.defaults.said(place, None, frozenset(), start, None)

    def _dates(self, names: tuple[str, ...]) -> list[str]:
        date = Property("date", "", "datetime", "", searchable=False)
        return [text for name in names for text in self._fitting(name, date, self.given.get(name, ()))]

    def _texts(self, name: str, value: Json) -> tuple[str, ...]:
        try:
            return tuple(text for text in texts(value) if text.strip())
        except InvalidValue as error:
            self._reject(name, "", str(error))
            return ()

    def _reject(self, name: str, value: str, reason: str) -> None:
        """Refuse one value; the rejects file gets an entity with this value alone, so that it can be mended."""
        alone = {"id": self.id, "schema": self.schema, "properties": {name: [value]}}
        reject = Reject(self.file.source.name, self.row.place, name, value, reason, raw=json.dumps(alone))
        if reject not in self.rejects:
            self.rejects.append(reject)
