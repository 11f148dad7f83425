"""The peer of loading into Neo4j: the plain script a careful person would write to make the very same graph.

Its rows are finished before the clock starts, with every number, label and native value that the store would make, so
it does nothing but send ``UNWIND`` batches. It checks nothing, and could not be run a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, cast

import neo4j
import pyarrow as pa

from graph_service.model.ontology import Ontology
from graph_service.store.neo4j.mapping import labels, native, shown_of_row
from graph_service.store.neo4j.schema import link_type
from graph_service.store.protocol import NEVER, Batch, to_moment
from graph_service.store.rows import decode_properties

ROWS = 10_000
"""Rows of one statement, and of one transaction."""
Row = dict[str, Any]

_ENTITIES: LiteralString = """
UNWIND $rows AS row CREATE (e:LABELS) SET e = row.entity
CREATE (r:EntityRecord)-[:ABOUT]->(e) SET r = row.record"""
_LINKS: LiteralString = """
UNWIND $rows AS row MATCH (a:Entity {id: row.source}) MATCH (b:Entity {id: row.target})
CREATE (a)-[r:KIND]->(b) SET r = row.record"""
_NODES: LiteralString = """
MATCH (n:Entity|EntityRecord) RETURN labels(n) AS labels, count(*) AS many, sum(size(keys(n))) AS keys"""
_RELATIONSHIPS: LiteralString = """
MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS many, sum(size(keys(r))) AS keys"""
_SAMPLE: LiteralString = """
UNWIND $ids AS id MATCH (e:Entity {id: id})
RETURN id, properties(e) AS shown, COLLECT { MATCH (r:EntityRecord)-[:ABOUT]->(e) RETURN properties(r) } AS records,
COLLECT { MATCH (e)-[r]->(o:Entity) RETURN [type(r), o.id, properties(r)] ORDER BY r.no } AS links"""


@dataclass(frozen=True, slots=True)
class Script:
    """Literal statements, each with the rows it is sent in slices."""

    parts: tuple[tuple[LiteralString, Sequence[Row]], ...]

    def run(self, driver: neo4j.Driver) -> None:
        """Write everything: one client, one transaction a slice."""
        with driver.session() as session:
            for statement, rows in self.parts:
                for start in range(0, len(rows), ROWS):
                    with session.begin_transaction() as transaction:
                        transaction.run(statement, rows=rows[start : start + ROWS]).consume()
                        transaction.commit()


def plain_script(batches: Sequence[Batch], ontology: Ontology) -> Script:
    """The script that writes what a store makes of the batches, in which every id is new and said once."""
    classes: dict[str, int] = {}
    for batch in batches:
        for text in sorted({*_markings(batch.entities), *_markings(batch.links)}):
            classes.setdefault(text, len(classes))
    entities: dict[LiteralString, list[Row]] = defaultdict(list)
    links: dict[LiteralString, list[Row]] = defaultdict(list)
    for number, (row, record) in enumerate(_records(batches, "entities", classes)):
        entities[_entity_statement(row, ontology)].append(_entity(row, record, number, ontology))
    for number, (row, record) in enumerate(_records(batches, "links", classes)):
        statement: LiteralString = _LINKS.replace("KIND", link_type(row["kind"], ontology))
        links[statement].append(_link(row, record, number, ontology))
    return Script((*entities.items(), *links.items()))


def _markings(table: pa.Table) -> list[str]:
    texts: list[str] = table["markings"].unique().to_pylist()
    return texts


def _records(batches: Sequence[Batch], which: str, classes: Mapping[str, int]) -> Iterator[tuple[Row, Row]]:
    for batch in batches:
        said = {"source_id": batch.source.id, "recorded": to_moment(batch.recorded_at), "retracted": NEVER}
        for row in getattr(batch, which).to_pylist():
            yield (
                row,
                {key: value for key, value in row.items() if value is not None}
                | said
                | {"class": classes[row["markings"]]},
            )


def _entity_statement(row: Row, ontology: Ontology) -> LiteralString:
    names = labels([] if row["markings"] else [row["kind"]], ontology)
    return _ENTITIES.replace("LABELS", cast("Any", ":".join(["Entity", *names])))


def _entity(row: Row, record: Row, number: int, ontology: Ontology) -> Row:
    entity = shown_of_row(row, ontology) | {"id": row["entity_id"], "no": number}
    return {"entity": entity, "record": _kept(record | {"no": number})}


def _link(row: Row, record: Row, number: int, ontology: Ontology) -> Row:
    shown = native(decode_properties(row["properties"]), ontology.link_kind(row["kind"]).properties)
    made = shown | record | {"no": number, "link_no": number}
    return {"source": row["source"], "target": row["target"], "record": _kept(made, ("source", "target", "kind"))}


def _kept(record: Row, without: Collection[str] = ()) -> Row:
    """The properties that a record has, for a property that is null is none."""
    return {key: value for key, value in record.items() if value is not None and key not in without}


def graph(driver: neo4j.Driver, ids: Sequence[str]) -> tuple[object, ...]:
    """What is in the database: nodes by labels and relationships by type with their properties counted, and all that
    is about some entities."""
    with driver.session() as session:
        nodes = {tuple(sorted(row["labels"])): (row["many"], row["keys"]) for row in session.run(_NODES)}
        relationships = {row["type"]: (row["many"], row["keys"]) for row in session.run(_RELATIONSHIPS)}
        sample = session.run(_SAMPLE, ids=list(ids)).data()
    return nodes, relationships, sample
