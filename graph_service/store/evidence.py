"""Evidence: the records behind a finding, fetched and merged into the subgraph of an answer."""

from __future__ import annotations

from graph_service.model.answer import Finding
from graph_service.model.graph import Entity, Link, LinkRef, Subgraph
from graph_service.model.merge import hull, merge_entities, merge_links
from graph_service.model.ontology import Ontology
from graph_service.model.scope import Scope
from graph_service.store.protocol import GraphStore


def fetch(store: GraphStore, finding: Finding[object], scope: Scope, ontology: Ontology) -> Subgraph:
    """The subgraph that a finding names: one read of the store, then the merge.

    A direct link that stands for an event carries the event's kind, properties and records.
    """
    direct = [ref.id for ref in finding.links if ref.event is None]
    events = {ref.event for ref in finding.links if ref.event is not None}
    records = store.get([*finding.entities, *sorted(events)], direct, scope)
    entities = {entity.id: entity for entity in merge_entities(records.entities, ontology)}
    links = list(merge_links(records.links))
    links.extend(_standing_for(entities[ref.event], ref) for ref in finding.links if ref.event in entities)
    shown = set(finding.entities)
    return Subgraph.of((entity for key, entity in entities.items() if key in shown), links)


def _standing_for(event: Entity, ref: LinkRef) -> Link:
    return Link(
        id=ref.id,
        kind=event.kind,
        source=ref.source,
        target=ref.target,
        valid=hull([record.said.valid for record in event.records]),
        properties=event.properties,
        records=event.records,
        event=event.id,
    )
