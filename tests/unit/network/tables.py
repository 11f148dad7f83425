"""What a store would hand to the Network, made by hand: a ledger of records with its changes, and plain graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph_service.model.grades import UNGRADED, parse_grade
from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord, Properties, Provenance
from graph_service.model.scope import join_markings, split_markings
from graph_service.model.time import DAY_MAX, DAY_MIN, Interval
from graph_service.network.network import Network
from graph_service.network.view import View
from graph_service.store.protocol import (
    ENTITY_CHANGES,
    LINK_CHANGES,
    NEVER,
    RETRACTIONS,
    Changes,
    to_moment,
)
from graph_service.store.rows import codes_text

START = datetime(2024, 1, 1, tzinfo=UTC)
ONTOLOGY = load_ontology()
Record = TypeVar("Record", EntityRecord, LinkRecord)


def day(number: int) -> datetime:
    """So many days after START."""
    return START + timedelta(days=number)


def said(
    source: str = "s",
    grade: str = "",
    markings: Sequence[str] = (),
    valid: tuple[str | None, str | None] = (None, None),
    row: str = "",
) -> Provenance:
    """Where a record comes from; when it was recorded is the ledger's business."""
    return Provenance(source, row, parse_grade(grade) if grade else UNGRADED, frozenset(markings), Interval(*valid))


def entity(
    entity_id: str, kind: str = "Subject", properties: Properties | None = None, by: Provenance | None = None
) -> EntityRecord:
    """A record of an entity."""
    return EntityRecord(entity_id, kind, properties or {}, by or said())


def link(link_id: str, source: str, target: str, kind: str = "REPRESENTS", by: Provenance | None = None) -> LinkRecord:
    """A record of a link; REPRESENTS has a direction, ASSOCIATE_OF has none."""
    return LinkRecord(link_id, kind, source, target, {}, by or said())


@dataclass
class Ledger:
    """Every record by the revision that brought it, as the oracle of views and as the maker of changes.

    ``entities`` and ``links`` are (revision, record) in record-number order; ``taken_back`` has for each withdrawn
    source the revision and the moment.
    """

    revision: int = 0
    entities: list[tuple[int, EntityRecord]] = field(default_factory=list)
    links: list[tuple[int, LinkRecord]] = field(default_factory=list)
    taken_back: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def put(
        self, entities: Sequence[EntityRecord] = (), links: Sequence[LinkRecord] = (), at: datetime = START
    ) -> Ledger:
        """One more revision with these records, known from a moment on."""
        self.revision += 1
        self.entities += [(self.revision, _recorded(record, at)) for record in entities]
        self.links += [(self.revision, _recorded(record, at)) for record in links]
        return self

    def withdraw(self, source: str, at: datetime) -> Ledger:
        """One more revision, in which all records of a source are retracted; nothing when they were before."""
        if source not in self.taken_back:
            self.revision += 1
            self.taken_back[source] = (self.revision, at)
        return self

    def entity_records(self) -> list[EntityRecord]:
        """The records as they stand now, with their retractions."""
        return [_retracted(record, self._moment(record.said.source_id)) for _, record in self.entities]

    def link_records(self) -> list[LinkRecord]:
        """The records as they stand now, with their retractions."""
        return [_retracted(record, self._moment(record.said.source_id)) for _, record in self.links]

    def changes(self, since: int) -> Changes:
        """What a store says happened after a revision."""
        entity_no = _numbers([record.entity_id for _, record in self.entities])
        link_no = _numbers([record.link_id for _, record in self.links])
        class_no, origin_no = self._classes(), _numbers(self._origins())
        old_entities = {record.entity_id for revision, record in self.entities if revision <= since}
        old_links = {record.link_id for revision, record in self.links if revision <= since}
        new = [record for revision, record in self.entities if revision > since]
        entity_rows = [
            {
                "entity": entity_no[record.entity_id],
                **self._row(record, class_no, origin_no),
                "text": ONTOLOGY.search_text(record.kind, record.properties),
                "codes": codes_text(record.kind, record.properties, ONTOLOGY),
            }
            for record in new
        ]
        link_rows = [
            {
                "link": link_no[record.link_id],
                "source": entity_no[record.source],
                "target": entity_no[record.target],
                **self._row(record, class_no, origin_no),
            }
            for revision, record in self.links
            if revision > since
        ]
        return Changes(
            since,
            self.revision,
            {number: split_markings(text) for text, number in class_no.items()},
            self._origins(),
            pa.array([i for i in entity_no if i not in old_entities], pa.string()),
            pa.array([i for i in link_no if i not in old_links], pa.string()),
            pa.Table.from_pylist(entity_rows, ENTITY_CHANGES),
            pa.Table.from_pylist(link_rows, LINK_CHANGES),
            self._retractions([(r, record.said.source_id) for r, record in self.entities], since),
            self._retractions([(r, record.said.source_id) for r, record in self.links], since),
        )

    def network(self) -> Network:
        """The network built at once."""
        return Network(ONTOLOGY).refreshed(self.changes(0))

    def _moment(self, source: str) -> datetime | None:
        return self.taken_back[source][1] if source in self.taken_back else None

    def _origins(self) -> tuple[str, ...]:
        entities, links = [r.said for _, r in self.entities], [r.said for _, r in self.links]
        return tuple(dict.fromkeys(by.source_id for by in entities + links))

    def _classes(self) -> dict[str, int]:
        said_at = [(revision, r.said) for revision, r in self.entities] + [
            (revision, r.said) for revision, r in self.links
        ]
        return _numbers([join_markings(by.markings) for _, by in sorted(said_at, key=lambda pair: pair[0])])

    def _row(
        self, record: EntityRecord | LinkRecord, class_no: Mapping[str, int], origin_no: Mapping[str, int]
    ) -> dict[str, Any]:
        by, moment = record.said, self._moment(record.said.source_id)
        first, last = by.valid.days()
        amount = record.properties.get("amount")
        return {
            "kind": record.kind,
            "class": class_no[join_markings(by.markings)],
            "grade": by.grade.code,
            "from_day": first,
            "to_day": last,
            "recorded": to_moment(by.recorded_at or START),
            "retracted": NEVER if moment is None else to_moment(moment),
            "origin": origin_no[by.source_id],
            "amount": float(amount[0]) if amount else None,
        }

    def _retractions(self, records: Sequence[tuple[int, str]], since: int) -> pa.Table:
        rows = [
            {"record": number, "retracted": to_moment(self.taken_back[source][1])}
            for number, (revision, source) in enumerate(records)
            if revision <= since and source in self.taken_back and self.taken_back[source][0] > since
        ]
        return pa.Table.from_pylist(rows, RETRACTIONS)


def _recorded(record: Record, at: datetime) -> Record:
    return replace(record, said=replace(record.said, recorded_at=at))


def _retracted(record: Record, at: datetime | None) -> Record:
    return replace(record, said=replace(record.said, retracted_at=at))


def _numbers(values: Sequence[str]) -> dict[str, int]:
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


Ends = npt.NDArray[np.integer[Any]]


def plain_network(nodes: int, source: Ends, target: Ends, kind: str | Sequence[str] = "REPRESENTS") -> Network:
    """A network of Subjects ``0``, ``1`` ... joined by links ``0``, ``1`` ... of one kind, or of one each: for graphs
    too large to write down."""
    rows: dict[str, Any] = {
        "class": np.zeros(max(nodes, len(source)), np.int32),
        "grade": np.full(max(nodes, len(source)), UNGRADED.code, np.int8),
        "from_day": np.full(max(nodes, len(source)), DAY_MIN, np.int32),
        "to_day": np.full(max(nodes, len(source)), DAY_MAX, np.int32),
        "recorded": np.full(max(nodes, len(source)), to_moment(START), np.int64),
        "retracted": np.full(max(nodes, len(source)), NEVER, np.int64),
        "origin": np.zeros(max(nodes, len(source)), np.int32),
        "amount": np.full(max(nodes, len(source)), np.nan),
    }

    def table(schema: pa.Schema, many: int, kinds: str | Sequence[str], **more: object) -> pa.Table:
        columns = {name: column[:many] for name, column in rows.items()} | more
        columns["kind"] = np.broadcast_to(np.array(kinds, dtype=object), many)
        return pa.table({name: pa.array(columns[name], schema.field(name).type) for name in schema.names})

    blank = [""] * nodes
    return Network(ONTOLOGY).refreshed(
        Changes(
            0,
            1,
            {0: frozenset()},
            ("s",),
            pa.array(map(str, range(nodes)), pa.string()),
            pa.array(map(str, range(len(source))), pa.string()),
            table(ENTITY_CHANGES, nodes, "Subject", entity=np.arange(nodes), text=blank, codes=blank),
            table(LINK_CHANGES, len(source), kind, link=np.arange(len(source)), source=source, target=target),
            RETRACTIONS.empty_table(),
            RETRACTIONS.empty_table(),
        )
    )


def plain_view(nodes: int, ends: Sequence[tuple[int, int]], kind: str | Sequence[str] = "REPRESENTS") -> View:
    """The view of everything of a plain network, its links given as pairs."""
    pairs = np.array(ends, dtype=np.int32).reshape(-1, 2)
    return View(plain_network(nodes, pairs[:, 0], pairs[:, 1], kind))
