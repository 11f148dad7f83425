"""Our own records as JSON lines: what the service keeps, written down, one record a line.

::

    {"type": "entity", "id": "p1", "kind": "Subject", "properties": {"name": "Ana Ruiz", "nationality": ["CO", "ES"]},
     "grade": "B2", "markings": ["TLP:AMBER"], "valid_from": "2014-05", "valid_to": "2016"}
    {"type": "link", "kind": "DIRECTOR_OF", "source": "p1", "target": "o1", "properties": {"role": "chair"}}

Only type, id, kind, source and target are required, and a link may leave its id out (`ids.link_id`). The lines may
stand in any order: entities are read first, then links. A line is loaded whole or refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph_service.errors import InvalidValue, UnknownKind
from graph_service.model.grades import parse_grade
from graph_service.model.ids import check_id
from graph_service.model.ontology import Ontology, Property
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from loaders.ids import link_id
from loaders.json_file import Json, json_lines, parse_object, texts
from loaders.made import Defaults, Made, Refused, canonical, read_markings
from loaders.problems import near
from loaders.rejects import Reject
from loaders.source import Row, SourceFile

_COMMON = ("type", "id", "kind", "properties", "grade", "markings", "valid_from", "valid_to")
_KEYS = {"entity": _COMMON, "link": (*_COMMON, "source", "target")}
_LINK_WORD = '"link"'
_ENTITY_WORD = '"entity"'


@dataclass(frozen=True, slots=True)
class RecordLines:
    """A file of our own records; `made` reads its entities or its links."""

    source: SourceFile
    ontology: Ontology
    defaults: Defaults

    def made(self, *, links: bool) -> Iterator[Made | Reject]:
        """The records of one type, in the order of the file; lines that are no record are refused with the entities."""
        for line in json_lines(self.source):
            if isinstance(line, Reject):
                if not links:
                    yield line
                continue
            place, text = line
            if (links and _LINK_WORD not in text) or (not links and _only_link(text)):
                continue  # nothing here for this reading, and cheaper to see than to parse
            row = Row(place, (), text)
            try:
                made = self._read(row, links=links)
            except Refused as error:
                yield error.reject(self.source.name, row)
            else:
                if made is not None:
                    yield made

    def _read(self, row: Row, *, links: bool) -> Made | None:
        try:
            content = parse_object(row.raw)
        except InvalidValue as error:
            if links and not _only_link(row.raw):
                return None  # refused with the entities
            raise Refused("", row.raw.strip(), str(error)) from error
        kind_of_record = content.get("type")
        is_link = kind_of_record == "link"
        if (links and not is_link and not _only_link(row.raw)) or (not links and is_link and _LINK_WORD in row.raw):
            return None
        if kind_of_record not in _KEYS:
            raise Refused("type", str(kind_of_record or ""), 'type is "entity" or "link"')
        for key in content:
            if key not in _KEYS[str(kind_of_record)] and not key.startswith("_"):
                raise Refused(key, "", f"no such key{near(key, _KEYS[str(kind_of_record)])}")
        return self._link(row, content) if is_link else self._entity(row, content)

    def _entity(self, row: Row, content: Mapping[str, Json]) -> Made:
        kind = _text(content, "kind")
        try:
            known = self.ontology.entity_kind(kind).properties
        except UnknownKind as error:
            raise Refused("kind", kind, str(error)) from error
        properties = read_properties(content, kind, known)
        record = EntityRecord(_id(content, "id"), kind, properties, self._said(row, content))
        return Made(self.source.name, row, entities=(record,))

    def _link(self, row: Row, content: Mapping[str, Json]) -> Made:
        kind = _text(content, "kind")
        try:
            described = self.ontology.link_kind(kind)
        except UnknownKind as error:
            raise Refused("kind", kind, str(error)) from error
        source, target = _id(content, "source"), _id(content, "target")
        said = self._said(row, content)
        if content.get("id") not in (None, ""):
            made_id = _id(content, "id")
        else:
            if not described.directed and source > target:
                source, target = target, source
            made_id = link_id(kind, source, target, said.valid.start, said.valid.end)
        properties = read_properties(content, kind, described.properties)
        return Made(self.source.name, row, links=((LinkRecord(made_id, kind, source, target, properties, said),),))

    def _said(self, row: Row, content: Mapping[str, Json]) -> Provenance:
        valid = [_date(content, key) for key in ("valid_from", "valid_to")]
        column = "grade"
        try:
            grade = _text(content, "grade", required=False)
            parsed = parse_grade(grade) if grade else None
            column = "markings"
            markings = read_markings(texts(content.get("markings")))
            column = "valid_to"
            return self.defaults.said(f"{self.source.name}:{row.place}", parsed, markings, valid[0], valid[1])
        except InvalidValue as error:
            raise Refused(column, "", str(error)) from error


def read_properties(
    content: Mapping[str, Json], kind: str, known: Mapping[str, Property]
) -> dict[str, tuple[str, ...]]:
    """The properties of a record in canonical form; Refused for one that its kind lacks or that does not fit."""
    given = content.get("properties") or {}
    if not isinstance(given, dict):
        raise Refused("properties", "", "properties is an object of values by name")
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(given):
        if name not in known:
            raise Refused(name, "", f"{kind} has no property {name!r}{near(name, known)}")
        try:
            raw = texts(given[name])
        except InvalidValue as error:
            raise Refused(name, "", str(error)) from error
        values = dict.fromkeys(canonical(name, known[name].type, text) for text in raw if text.strip())
        if values:
            found[name] = tuple(values)
    return found


def _only_link(text: str) -> bool:
    return _LINK_WORD in text and _ENTITY_WORD not in text


def _text(content: Mapping[str, Json], key: str, *, required: bool = True) -> str:
    value = content.get(key)
    if isinstance(value, str) and (value or not required):
        return value
    if value is None and not required:
        return ""
    raise Refused(key, "", f"{key} is missing" if value in (None, "") else f"{key} is one text")


def _id(content: Mapping[str, Json], key: str) -> str:
    text = _text(content, key)
    try:
        return check_id(text)
    except InvalidValue as error:
        raise Refused(key, text, str(error)) from error


def _date(content: Mapping[str, Json], key: str) -> str | None:
    text = _text(content, key, required=False)
    return canonical(key, "datetime", text) if text.strip() else None
