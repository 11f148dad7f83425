"""Constraints, indexes and the allow-list of names: everything in Neo4j that is not data.

Labels, relationship types and property keys come from the ontology alone. Relationship indexes need a type, so those
of a link kind are made before it is first written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, LiteralString, cast

import neo4j

from graph_service.errors import IncompatibleStore
from graph_service.model.ontology import Ontology

SCHEMA_VERSION = 2
OLDEST = (5, 26)
_STATEMENTS: tuple[LiteralString, ...] = (
    "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT source_id IF NOT EXISTS FOR (n:Source) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT batch_marker IF NOT EXISTS FOR (n:Batch) REQUIRE n.marker IS UNIQUE",
    "CREATE CONSTRAINT batch_revision IF NOT EXISTS FOR (n:Batch) REQUIRE n.revision IS UNIQUE",
    "CREATE CONSTRAINT class_markings IF NOT EXISTS FOR (n:VisibilityClass) REQUIRE n.markings IS UNIQUE",
    "CREATE CONSTRAINT meta_id IF NOT EXISTS FOR (n:Meta) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX record_no IF NOT EXISTS FOR (n:EntityRecord) ON (n.no)",
    "CREATE INDEX record_entity IF NOT EXISTS FOR (n:EntityRecord) ON (n.entity_id)",
    "CREATE INDEX record_source IF NOT EXISTS FOR (n:EntityRecord) ON (n.source_id)",
    """CREATE FULLTEXT INDEX record_text IF NOT EXISTS FOR (n:EntityRecord) ON EACH [n.text]
    OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}""",
    """MERGE (m:Meta {id: 'meta'}) ON CREATE SET m.schema = 2, m.revision = 0, m.next_entity = 0, m.next_link = 0,
    m.next_entity_record = 0, m.next_link_record = 0, m.link_kinds = []""",
)


def make_schema(session: neo4j.Session) -> None:
    """Create what is not there yet; nothing changes when all is. Raises IncompatibleStore for a newer schema."""
    for statement in _STATEMENTS:
        session.run(statement).consume()
    version = session.run("MATCH (m:Meta {id: 'meta'}) RETURN m.schema AS version").single(strict=True)["version"]
    if version != SCHEMA_VERSION:
        raise IncompatibleStore(f"the graph in Neo4j has schema {version}; this version reads {SCHEMA_VERSION}")


def index_link_kinds(session: neo4j.Session, kinds: Iterable[str], ontology: Ontology) -> None:
    """The indexes of link kinds that are about to be written for the first time."""
    for kind in kinds:
        name = link_type(kind, ontology)
        session.run(_index(name, "link_id")).consume()
        session.run(_index(name, "no")).consume()
    session.run("CALL db.awaitIndexes(60)").consume()


def link_type(kind: str, ontology: Ontology) -> LiteralString:
    """The relationship type of a link kind, as text that may stand in a statement: only names that the ontology
    holds."""
    name: LiteralString = cast("Any", ontology.link_kind(kind).name)
    return name


def over_link_kinds(kinds: Iterable[str], ontology: Ontology, one: LiteralString) -> LiteralString:
    """One statement over relationships of several types, each looked up by its own index.

    ``one`` matches a relationship ``r`` of type ``KIND`` and returns it; the parts are joined by UNION ALL.
    """
    parts = [one.replace("KIND", link_type(kind, ontology)) for kind in sorted(kinds)]
    return " UNION ALL ".join(parts)


def check_version(version: str, edition: str) -> None:
    """Raises IncompatibleStore below the floor, which calendar versions (2025.01 and later) are above."""
    numbers = tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".")[:2])
    if numbers < OLDEST:
        raise IncompatibleStore(f"Neo4j {version} {edition} is too old: 5.26 or newer is needed")


def _index(kind: LiteralString, key: LiteralString) -> LiteralString:
    return f"CREATE INDEX {kind.lower()}_{key} IF NOT EXISTS FOR ()-[r:{kind}]-() ON (r.{key})"
