"""Writing a batch or a withdrawal in one transaction, under a lock that keeps numbers dense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import neo4j
import numpy as np
import pyarrow as pa

from graph_service.errors import ContradictedLinks, DanglingLinks, DataError, SourceNotFound
from graph_service.model.ontology import Ontology
from graph_service.model.scope import join_markings
from graph_service.store.neo4j.known import KnownLinks, NewLinks
from graph_service.store.neo4j.mapping import labels, shown
from graph_service.store.neo4j.schema import over_link_kinds
from graph_service.store.neo4j.sending import Sending
from graph_service.store.protocol import NEVER, Batch, Receipt, Withdrawal, to_moment
from graph_service.store.rows import entity_record

SLICE = 10_000
_SAID = ("kind", "source", "target")
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
    " RETURN r.link_id AS id, r.link_no AS no, r.retracted AS retracted, type(r) AS kind, a.id AS source,"
    " b.id AS target"
)
_RECORDS_OF: LiteralString = """
UNWIND $ids AS id MATCH (e:Entity {id: id})<-[:ABOUT]-(r:EntityRecord)
WHERE r.retracted = $never RETURN id, properties(r) AS record ORDER BY id, r.no"""
_SHOW: LiteralString = """
UNWIND $rows AS row MATCH (e:Entity {id: row.id})
REMOVE e:$(row.gone) SET e = row.keys, e:$(row.labels), e += row.shown"""
_LABELS_OF: LiteralString = "UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN id, e.no AS no, labels(e) AS labels"
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
    known: KnownLinks
    new_links: NewLinks

    @classmethod
    def locked(cls, tx: neo4j.ManagedTransaction, ontology: Ontology, known: KnownLinks) -> Writer:
        """A writer that holds the lock; ``known`` is not changed, for the transaction may yet fail."""
        meta = dict(tx.run(_LOCK).single(strict=True)["meta"])
        return cls(tx, ontology, meta, known, NewLinks(meta["next_link"], ()))

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
        sending = Sending(self.tx, self.ontology, said)
        self._entities(batch.entities, classes, sending)
        self._links(batch.links, classes, sending)
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

    def _entities(self, table: pa.Table, classes: Mapping[str, int], sending: Sending) -> None:
        ids = table["entity_id"].to_pylist()
        numbers = self._numbers(table["entity_id"].unique().to_pylist())
        first = np.zeros(len(ids), np.bool_)
        for place, entity_id in enumerate(ids):
            if entity_id not in numbers:
                numbers[entity_id] = self._next("entity")
                first[place] = True
        table = self._numbered(table, "entity", classes).append_column("entity_no", _looked_up(ids, numbers))
        sending.entities(table.filter(pa.array(first)))
        more = table.filter(pa.array(~first))
        sending.more_records(more)
        self._show(sorted(more["entity_id"].unique().to_pylist()))

    def _links(self, table: pa.Table, classes: Mapping[str, int], sending: Sending) -> None:
        numbers = self._known_links(table)
        ids = table["link_id"].to_pylist()
        fresh = [link_id for link_id in dict.fromkeys(ids) if link_id not in numbers]
        numbers.update((link_id, self._next("link")) for link_id in fresh)
        self.new_links = NewLinks(self.new_links.first, fresh)
        sending.links(self._numbered(table, "link", classes).append_column("link_no", _looked_up(ids, numbers)))
        if sending.left_out():
            raise DanglingLinks(self._dangling(table))

    def _numbered(self, table: pa.Table, what: str, classes: Mapping[str, int]) -> pa.Table:
        """The table with the class and the number of each record."""
        start = self.meta[f"next_{what}_record"]
        self.meta[f"next_{what}_record"] = start + len(table)
        seen = _looked_up(table["markings"].to_pylist(), classes)
        return table.append_column("class", seen).append_column("no", pa.array(range(start, start + len(table))))

    def _dangling(self, table: pa.Table) -> list[int]:
        """The places of the links of which an end is not there."""
        ends = [table["source"].to_pylist(), table["target"].to_pylist()]
        there = self._numbers(sorted({*ends[0], *ends[1]}))
        return [row for row, pair in enumerate(zip(*ends, strict=True)) if any(end not in there for end in pair)]

    def _numbers(self, ids: Sequence[str]) -> dict[str, int]:
        if not self.meta["next_entity"]:
            return {}
        return {
            row["id"]: row["no"]
            for start in range(0, len(ids), SLICE)
            for row in self.tx.run(_KNOWN_ENTITIES, ids=ids[start : start + SLICE]).data()
        }

    def _known_links(self, table: pa.Table) -> dict[str, int]:
        """The numbers of those links of the batch that are there already; ContradictedLinks when what they say is not
        what records that stand say, or what the batch said before."""
        found: list[Row] = []
        if self.meta["link_kinds"] and self.meta["next_link"]:
            statement = over_link_kinds(self.meta["link_kinds"], self.ontology, _KNOWN_LINKS)
            ids = self.known.may_be_there(table["link_id"].unique().to_pylist(), self.meta["next_link"])
            for start in range(0, len(ids), SLICE):
                found += self.tx.run(statement, ids=ids[start : start + SLICE]).data()
        stands = {row["id"]: tuple(row[name] for name in _SAID) for row in found if row["retracted"] == NEVER}
        said = zip(*(table[name].to_pylist() for name in ("link_id", *_SAID)), strict=True)
        contradicted = [
            row for row, (link, *now) in enumerate(said) if stands.setdefault(link, tuple(now)) != tuple(now)
        ]
        if contradicted:
            if dangling := self._dangling(table):
                raise DanglingLinks(dangling)
            raise ContradictedLinks(contradicted)
        return {row["id"]: row["no"] for row in found}

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


def _looked_up(keys: Sequence[str], numbers: Mapping[str, int]) -> pa.Array:
    return pa.array([numbers[key] for key in keys], pa.int64())
