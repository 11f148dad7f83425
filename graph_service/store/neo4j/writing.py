"""Writing a batch or a withdrawal in one transaction, under a lock that keeps numbers dense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import neo4j
import pyarrow as pa

from graph_service.errors import DanglingLinks, DataError, SourceNotFound
from graph_service.model.ontology import Ontology
from graph_service.model.scope import join_markings
from graph_service.store.neo4j.mapping import labels, native, shown, shown_of_row
from graph_service.store.neo4j.schema import over_link_kinds
from graph_service.store.protocol import NEVER, Batch, Receipt, Withdrawal, to_moment
from graph_service.store.rows import decode_properties, entity_record

SLICE = 10_000
Row = dict[str, Any]

_LOCK: LiteralString = "MATCH (m:Meta {id: 'meta'}) SET m.locked = timestamp() RETURN properties(m) AS meta"
_MARKER: LiteralString = (
    "MATCH (b:Batch {marker: $marker}) RETURN b.revision AS revision, b.entities AS entities, b.links AS links"
)
_SOURCE: LiteralString = """
MERGE (s:Source {id: $id}) ON CREATE SET s += $source, s.entities = 0, s.links = 0
SET s.entities = s.entities + $entities, s.links = s.links + $links"""
_CLASSES: LiteralString = "MATCH (c:VisibilityClass) RETURN c.markings AS markings, c.no AS no"
_CLASS: LiteralString = "CREATE (:VisibilityClass {markings: $markings, no: $no})"
_KNOWN_ENTITIES: LiteralString = "UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN e.id AS id, e.no AS no"
_KNOWN_LINKS: LiteralString = (
    "MATCH (a:Entity)-[r:KIND]->(b:Entity) WHERE r.link_id IN $ids"
    " RETURN r.link_id AS id, r.link_no AS no, a.id AS source, b.id AS target"
)
_NEW_ENTITIES: LiteralString = """
UNWIND $rows AS row
CREATE (e:Entity:$($labels)) SET e = row.shown, e.id = row.id, e.no = row.no
CREATE (r:EntityRecord)-[:ABOUT]->(e) SET r = row.record"""
_MORE_RECORDS: LiteralString = """
UNWIND $rows AS row MATCH (e:Entity {id: row.id})
CREATE (r:EntityRecord)-[:ABOUT]->(e) SET r = row.record"""
_RECORDS_OF: LiteralString = """
UNWIND $ids AS id MATCH (e:Entity {id: id})<-[:ABOUT]-(r:EntityRecord)
WHERE r.retracted = $never RETURN id, properties(r) AS record ORDER BY id, r.no"""
_SHOW: LiteralString = """
UNWIND $rows AS row MATCH (e:Entity {id: row.id})
REMOVE e:$(row.gone) SET e = row.keys, e:$(row.labels), e += row.shown"""
_LABELS_OF: LiteralString = "UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN id, e.no AS no, labels(e) AS labels"
_LINKS: LiteralString = """
UNWIND $rows AS row MATCH (a:Entity {id: row.source}) MATCH (b:Entity {id: row.target})
CREATE (a)-[r:$($kind)]->(b) SET r = row.record"""
_BATCH: LiteralString = "CREATE (b:Batch) SET b = $batch"
_META: LiteralString = "MATCH (m:Meta {id: 'meta'}) SET m += $meta"
_WITHDRAWN: LiteralString = "MATCH (s:Source {id: $id}) RETURN s.withdrawn_at AS at, s.withdrawn_revision AS revision"
_WITHDRAW: LiteralString = "MATCH (s:Source {id: $id}) SET s.withdrawn_at = $at, s.withdrawn_revision = $revision"
_RETRACT_ENTITIES: LiteralString = """
MATCH (r:EntityRecord {source_id: $id}) WHERE r.retracted = $never
SET r.retracted = $at, r.retracted_revision = $revision RETURN collect(DISTINCT r.entity_id) AS entities, count(*) AS
records"""
_RETRACT_LINKS: LiteralString = """
MATCH (:Entity)-[r]->(:Entity) WHERE r.source_id = $id AND r.retracted = $never
SET r.retracted = $at, r.retracted_revision = $revision RETURN count(*) AS records"""


@dataclass(slots=True)
class Writer:
    """One transaction's work: the numbers it hands out are the lock's until it commits."""

    tx: neo4j.ManagedTransaction
    ontology: Ontology
    meta: Row

    @classmethod
    def locked(cls, tx: neo4j.ManagedTransaction, ontology: Ontology) -> Writer:
        """A writer that holds the lock."""
        return cls(tx, ontology, dict(tx.run(_LOCK).single(strict=True)["meta"]))

    def put(self, batch: Batch) -> Receipt:
        """Write the batch, or find that it was written before."""
        done = self.tx.run(_MARKER, marker=batch.marker).single()
        if done is not None:
            return Receipt(done["revision"], done["entities"], done["links"], repeated=True)
        source = self.tx.run(_WITHDRAWN, id=batch.source.id).single()
        if source is not None and source["at"] is not None:
            raise DataError(f"source {batch.source.id!r} was withdrawn and takes no more records")
        receipt = Receipt(self.meta["revision"] + 1, len(batch.entities), len(batch.links))
        classes = self._classes(batch)
        said = {"source_id": batch.source.id, "recorded": to_moment(batch.recorded_at), "retracted": NEVER}
        new = self._entities(batch.entities, classes, said)
        self._links(batch.links, classes, said, new)
        self._source(batch, receipt)
        self._finish(batch.marker, receipt)
        return receipt

    def withdraw(self, withdrawal: Withdrawal) -> Receipt:
        """Retract every record of the source, once."""
        known = self.tx.run(_WITHDRAWN, id=withdrawal.source_id).single()
        if known is None:
            raise SourceNotFound(withdrawal.source_id)
        marker = f"withdrawal of {withdrawal.source_id}"
        if known["at"] is not None:
            done = self.tx.run(_MARKER, marker=marker).single(strict=True)
            return Receipt(done["revision"], done["entities"], done["links"], repeated=True)
        revision = self.meta["revision"] + 1
        given = {"id": withdrawal.source_id, "at": to_moment(withdrawal.at), "revision": revision}
        self.tx.run(_WITHDRAW, given).consume()
        retracted = self.tx.run(_RETRACT_ENTITIES, given, never=NEVER).single(strict=True)
        links = self.tx.run(_RETRACT_LINKS, given, never=NEVER).single(strict=True)["records"]
        self._show(retracted["entities"])
        receipt = Receipt(revision, retracted["records"], links)
        self._finish(marker, receipt)
        return receipt

    def _classes(self, batch: Batch) -> dict[str, int]:
        known = {row["markings"]: row["no"] for row in self.tx.run(_CLASSES).data()}
        said = {text for table in (batch.entities, batch.links) for text in table["markings"].unique().to_pylist()}
        for markings in sorted(said - set(known)):
            known[markings] = len(known)
            self.tx.run(_CLASS, markings=markings, no=known[markings]).consume()
        return known

    def _entities(self, table: pa.Table, classes: Mapping[str, int], said: Row) -> set[str]:
        """Write the entity records; the ids of entities that are new with this batch."""
        known = self._numbers(table["entity_id"].unique().to_pylist())
        new: dict[str, int] = {}
        repeated: set[str] = set()
        for rows in _slices(table):
            first: dict[tuple[str, ...], list[Row]] = {}
            more = []
            for row in rows:
                entity_id = row["entity_id"]
                record = row | said | {"class": classes[row["markings"]], "no": self._next("entity_record")}
                if entity_id in known or entity_id in new:
                    repeated.add(entity_id)
                    more.append({"id": entity_id, "record": record})
                    continue
                new[entity_id] = self._next("entity")
                made = {"id": entity_id, "no": new[entity_id], "shown": shown_of_row(row, self.ontology)}
                kinds = [] if row["markings"] else [row["kind"]]
                first.setdefault(tuple(labels(kinds, self.ontology)), []).append(made | {"record": record})
            for names, made_rows in sorted(first.items()):
                self.tx.run(_NEW_ENTITIES, rows=made_rows, labels=list(names)).consume()
            self.tx.run(_MORE_RECORDS, rows=more).consume()
        self._show(sorted(repeated))
        return set(new)

    def _links(self, table: pa.Table, classes: Mapping[str, int], said: Row, new: set[str]) -> None:
        self._check_ends(table, new)
        known = self._known_links(table["link_id"].unique().to_pylist())
        for rows in _slices(table):
            by_kind: dict[str, list[Row]] = {}
            for row in rows:
                ends = (row["source"], row["target"])
                number, *before = known.setdefault(row["link_id"], (-1, *ends))
                if tuple(before) != ends:
                    raise DataError(f"link {row['link_id']!r} joins other entities than before")
                if number < 0:
                    number = self._next("link")
                    known[row["link_id"]] = (number, *ends)
                kind = self.ontology.link_kind(row["kind"])
                record = native(decode_properties(row["properties"]), kind.properties) | row | said
                record |= {"class": classes[row["markings"]], "no": self._next("link_record"), "link_no": number}
                del record["source"], record["target"], record["kind"]
                by_kind.setdefault(kind.name, []).append({"source": ends[0], "target": ends[1], "record": record})
            for name, made in sorted(by_kind.items()):
                self.tx.run(_LINKS, rows=made, kind=name).consume()

    def _check_ends(self, table: pa.Table, new: set[str]) -> None:
        ends = set(table["source"].unique().to_pylist()) | set(table["target"].unique().to_pylist())
        there = new | set(self._numbers(sorted(ends - new)))
        if ends <= there:
            return
        pairs = zip(table["source"].to_pylist(), table["target"].to_pylist(), strict=True)
        raise DanglingLinks([row for row, pair in enumerate(pairs) if not there.issuperset(pair)])

    def _numbers(self, ids: Sequence[str]) -> dict[str, int]:
        if not self.meta["next_entity"]:
            return {}
        return {
            row["id"]: row["no"]
            for start in range(0, len(ids), SLICE)
            for row in self.tx.run(_KNOWN_ENTITIES, ids=ids[start : start + SLICE]).data()
        }

    def _known_links(self, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        written = self.meta["link_kinds"]
        if not written or not self.meta["next_link"]:
            return {}
        statement = over_link_kinds(written, self.ontology, _KNOWN_LINKS)
        return {
            row["id"]: (row["no"], row["source"], row["target"])
            for start in range(0, len(ids), SLICE)
            for row in self.tx.run(statement, ids=ids[start : start + SLICE]).data()
        }

    def _show(self, ids: Sequence[str]) -> None:
        """Make the nodes of these entities show the merge of their unmarked records as they now stand."""
        for start in range(0, len(ids), SLICE):
            some = list(ids[start : start + SLICE])
            records: dict[str, list[Any]] = {entity_id: [] for entity_id in some}
            for row in self.tx.run(_RECORDS_OF, ids=some, never=NEVER).data():
                records[row["id"]].append(entity_record(row["record"]))
            rows = []
            for row in self.tx.run(_LABELS_OF, ids=some).data():
                said = records[row["id"]]
                now = labels({record.kind for record in said if not record.said.markings}, self.ontology)
                gone = sorted(set(row["labels"]) - set(now) - {"Entity"})
                keys = {"id": row["id"], "no": row["no"]}
                shown_now = shown(said, self.ontology)
                rows.append({"id": row["id"], "keys": keys, "labels": now, "gone": gone, "shown": shown_now})
            self.tx.run(_SHOW, rows=rows).consume()

    def _source(self, batch: Batch, receipt: Receipt) -> None:
        source = batch.source
        described = {
            "name": source.name,
            "sha256": source.sha256,
            "grade": source.grade.code,
            "markings": join_markings(source.markings),
            "format": source.format,
            "loaded_at": to_moment(source.loaded_at or batch.recorded_at),
        }
        self.tx.run(_SOURCE, id=source.id, source=described, entities=receipt.entities, links=receipt.links).consume()

    def _finish(self, marker: str, receipt: Receipt) -> None:
        counters = {key: self.meta[key] for key in self.meta if key.startswith("next_")}
        batch = {"marker": marker, "revision": receipt.revision, "entities": receipt.entities, "links": receipt.links}
        self.tx.run(_BATCH, batch=batch | counters).consume()
        self.tx.run(_META, meta=counters | {"revision": receipt.revision}).consume()

    def _next(self, what: str) -> int:
        number: int = self.meta[f"next_{what}"]
        self.meta[f"next_{what}"] = number + 1
        return number


def _slices(table: pa.Table) -> Iterator[list[Row]]:
    for start in range(0, len(table), SLICE):
        yield table.slice(start, SLICE).to_pylist()
