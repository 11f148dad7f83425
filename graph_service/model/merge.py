"""The merge: the only rule that joins records into what is shown.

An entity or a link as shown is the merge of the records the asker may see, so a source can be taken back and
nobody sees a value that came from a hidden record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from graph_service.model.graph import Entity, Link
from graph_service.model.ontology import Ontology
from graph_service.model.records import EntityRecord, LinkRecord, Properties
from graph_service.model.time import Interval

R = TypeVar("R", EntityRecord, LinkRecord)


def merge_entities(records: Iterable[EntityRecord], ontology: Ontology) -> tuple[Entity, ...]:
    """The entities that the records describe, by id.

    The kind is the most specific one said, the best graded among equals; values of a property are united,
    best graded first. O(r log r) in the number of records.
    """
    by_id: dict[str, list[EntityRecord]] = {}
    for record in records:
        by_id.setdefault(record.entity_id, []).append(record)
    return tuple(_merge_entity(entity_id, by_id[entity_id], ontology) for entity_id in sorted(by_id))


def merge_links(records: Iterable[LinkRecord]) -> tuple[Link, ...]:
    """The links that the records describe, by id; a link holds from its earliest start to its latest end."""
    by_id: dict[str, list[LinkRecord]] = {}
    for record in records:
        by_id.setdefault(record.link_id, []).append(record)
    return tuple(_merge_link(link_id, by_id[link_id]) for link_id in sorted(by_id))


def _merge_entity(entity_id: str, records: Sequence[EntityRecord], ontology: Ontology) -> Entity:
    ordered = _distinct(records)
    kind = min(ordered, key=lambda r: (-ontology.depth(r.kind), r.said.sort_key[0], r.kind)).kind
    properties = _united(record.properties for record in ordered)
    return Entity(
        id=entity_id,
        kind=kind,
        caption=ontology.caption(kind, properties) or entity_id,
        properties=properties,
        records=tuple(ordered),
    )


def _merge_link(link_id: str, records: Sequence[LinkRecord]) -> Link:
    ordered = _distinct(records)
    best = ordered[0]
    return Link(
        id=link_id,
        kind=best.kind,
        source=best.source,
        target=best.target,
        valid=hull([record.said.valid for record in ordered]),
        properties=_united(record.properties for record in ordered),
        records=tuple(ordered),
    )


def _distinct(records: Sequence[R]) -> list[R]:
    """The records best first, without those that repeat another word for word, whatever order they came in."""
    kept: list[R] = []
    for record in sorted(records, key=_order):
        if not kept or record != kept[-1]:
            kept.append(record)
    return kept


def _order(record: EntityRecord | LinkRecord) -> tuple[object, ...]:
    """Best first; the rest of the key puts records that are word for word the same side by side."""
    said = record.said
    return (
        said.sort_key,
        record.kind,
        sorted(record.properties.items()),
        str(said.grade),
        (said.valid.start or "", said.valid.end or ""),
        sorted(said.markings),
        (str(said.recorded_at), str(said.retracted_at)),
        (record.source, record.target) if isinstance(record, LinkRecord) else (),
    )


def _united(properties: Iterable[Properties]) -> Properties:
    united: dict[str, dict[str, None]] = {}
    for values_by_name in properties:
        for name, values in values_by_name.items():
            united.setdefault(name, {}).update(dict.fromkeys(values))
    return {name: tuple(united[name]) for name in sorted(united) if united[name]}


def hull(intervals: Sequence[Interval]) -> Interval:
    """The smallest interval around all of them (one at least); an open end stays open."""
    starts = [interval.start for interval in intervals]
    ends = [interval.end for interval in intervals]
    start = None if None in starts else min((s for s in starts if s), key=lambda s: Interval(s).days()[0])
    end = None if None in ends else max((e for e in ends if e), key=lambda e: Interval(None, e).days()[1])
    return Interval(start, end)
