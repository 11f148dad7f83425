"""The JSON of answers, the same for the API and the command line: canonical, with nothing but plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import orjson

from graph_service import __version__, errors
from graph_service.model.answer import Answer
from graph_service.model.grades import Grade
from graph_service.model.graph import Entity, Link, Path
from graph_service.model.ontology import Ontology
from graph_service.model.records import EntityRecord, LinkRecord, Properties
from graph_service.model.scope import Scope
from graph_service.model.time import moment_text
from graph_service.service import ServiceHealth
from loaders.report import LoadReport
from queries.catalogue import CATALOGUE

URN = "urn:graph-service:"
"""Begins the ``type`` of a problem; the name of the error follows."""
_SUBJECTS = ("entity_id", "source_id")


def plain(value: object) -> object:
    """A value of the model as JSON's own types; dataclasses by field, sets sorted, moments as ISO 8601."""
    match value:
        case Entity():
            return _entity(value)
        case Link():
            return _link(value)
        case EntityRecord() | LinkRecord():
            return _record(value)
        case Path():
            return {
                "entities": list(value.entities),
                "links": list(value.links),
                "length": value.length,
                "cost": value.cost,
            }
        case Scope():
            return scope_json(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted(str(item) for item in value)
        case list() | tuple():
            return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    match value:
        case Grade():
            return str(value)
        case datetime():
            return moment_text(value)
        case Enum():
            return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def answer_json(answer: Answer[object]) -> dict[str, object]:
    """An answer as plain values, fields in the order of the contract."""
    result = plain(answer)
    if not isinstance(result, dict):
        raise TypeError("an answer is an object")
    return result


def scope_json(scope: Scope) -> dict[str, object]:
    """A scope by the names its options have on the command line."""
    kinds = None
    if scope.entity_kinds is not None or scope.link_kinds is not None:
        kinds = sorted((scope.entity_kinds or frozenset()) | (scope.link_kinds or frozenset()))
    return {
        "as": None if scope.markings is None else sorted(scope.markings),
        "from": scope.window.start,
        "to": scope.window.end,
        "known": None if scope.known_at is None else moment_text(scope.known_at),
        "kinds": kinds,
        "min_grade": None if scope.min_grade is None else str(scope.min_grade),
        "events": scope.events.value,
    }


def dumps(value: object) -> bytes:
    """Canonical JSON, UTF-8, indented by two, keys in the order given."""
    return orjson.dumps(plain(value), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _entity(entity: Entity) -> dict[str, object]:
    return {
        "id": entity.id,
        "kind": entity.kind,
        "caption": entity.caption,
        "properties": _properties(entity.properties),
        "probability": entity.probability,
        "records": [_record(record) for record in entity.records],
    }


def _link(link: Link) -> dict[str, object]:
    return {
        "id": link.id,
        "kind": link.kind,
        "source": link.source,
        "target": link.target,
        "valid_from": link.valid.start,
        "valid_to": link.valid.end,
        "properties": _properties(link.properties),
        "probability": link.probability,
        "event": link.event,
        "records": [_record(record) for record in link.records],
    }


def _record(record: EntityRecord | LinkRecord) -> dict[str, object]:
    said = record.said
    return {
        "source": said.source_id,
        "row": said.row,
        "grade": str(said.grade),
        "markings": sorted(said.markings),
        "kind": record.kind,
        "valid_from": said.valid.start,
        "valid_to": said.valid.end,
        "recorded_at": None if said.recorded_at is None else moment_text(said.recorded_at),
        "properties": _properties(record.properties),
    }


def _properties(properties: Properties) -> dict[str, list[str]]:
    return {name: list(properties[name]) for name in sorted(properties)}


def health_json(health: ServiceHealth) -> dict[str, object]:
    """The health of the service; totals are those of the store, whatever the scope."""
    store = health.store
    engines = [*(() if "numba" in health.missing else ("memory",)), "networkx"]
    return {
        "ok": store.ok,
        "service": __version__,
        "store": store.store,
        "version": store.version,
        "detail": store.detail,
        "revision": store.revision,
        "entity_records": store.entity_records,
        "link_records": store.link_records,
        "plugins": list(store.plugins),
        "engines": [*engines, *(["neo4j"] if store.store == "neo4j" else [])],
        "missing": list(health.missing),
        "fallback": "networkx" if health.missing else None,
    }


def catalogue_json() -> dict[str, object]:
    """Every question with its parameters as JSON Schema, the engines that answer it, and an example."""
    return {
        "questions": [
            {
                "name": asked.name,
                "summary": asked.summary,
                "engines": ["memory", "networkx", *(["neo4j"] if asked.neo4j else [])],
                "parameters": asked.parameters.model_json_schema(),
                "example": dict(asked.example),
            }
            for asked in CATALOGUE.values()
        ]
    }


def report_json(report: LoadReport) -> dict[str, object]:
    """The report of a load."""
    told = plain(report)
    if not isinstance(told, dict):
        raise TypeError("a report is an object")
    return told


def error_json(error: errors.GraphServiceError) -> dict[str, object]:
    """A foreseen error as the members that say what it is: its type, its text and what it is about."""
    about = {name: getattr(error, name) for name in _SUBJECTS if hasattr(error, name)}
    return {"type": URN + type(error).__name__, "detail": str(error), **about}


def error_of(told: Mapping[str, Any]) -> errors.GraphServiceError:
    """The error that ``error_json`` told of, as good as it can be made again from its members."""
    kind = getattr(errors, str(told.get("type", "")).removeprefix(URN), errors.GraphServiceError)
    detail = str(told.get("detail", ""))
    if not (isinstance(kind, type) and issubclass(kind, errors.GraphServiceError)):
        return errors.GraphServiceError(detail)
    if issubclass(kind, errors.EntityNotFound | errors.SourceNotFound):
        return kind(next((str(told[name]) for name in _SUBJECTS if name in told), detail))
    return errors.DataError(detail) if issubclass(kind, errors.RefusedLinks) else kind(detail)


def ontology_json(ontology: Ontology) -> dict[str, object]:
    """The kinds of entities and links with all that is said of them."""
    kinds, links = ontology.entity_kinds.values(), ontology.link_kinds.values()
    return {"entity_kinds": [plain(kind) for kind in kinds], "link_kinds": [plain(kind) for kind in links]}


ANSWER_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": [field.name for field in fields(Answer)],
    "properties": {
        "question": {"type": "string"},
        "parameters": {"type": "object"},
        "scope": {"type": "object"},
        "result": {"type": "object", "description": "What was found, by id; its form is the question's"},
        "subgraph": {
            "type": "object",
            "description": "The evidence: every entity and link named, with the records of each",
            "required": ["entities", "links"],
            "properties": {name: {"type": "array", "items": {"type": "object"}} for name in ("entities", "links")},
        },
        "truncated": {"type": "boolean", "description": "Whether more existed than is told"},
        "explored": {"type": "integer", "description": "Links looked at"},
        "engine": {"type": "string"},
        "store": {"type": "string"},
        "revision": {"type": "integer"},
    },
}
"""How the OpenAPI document describes an answer."""
