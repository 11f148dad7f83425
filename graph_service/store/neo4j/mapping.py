"""Records to what Neo4j holds and back: native values for people who browse, the record itself beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph_service.model.merge import merge_entities
from graph_service.model.ontology import Ontology, Property
from graph_service.model.records import EntityRecord, Properties
from graph_service.store.rows import decode_properties

_NUMBERS = {"amount": float, "number": float, "share": float, "integer": int}
_LARGEST = 2**63


def native(properties: Properties, types: Mapping[str, Property]) -> dict[str, object]:
    """The properties that the ontology knows, as Neo4j's own values: numbers as numbers, one value bare, several as a
    list.

    The exact text stands in the record's ``properties``; these are for Cypher, GDS and Bloom.
    """
    return {name: _value(types[name].type, values) for name, values in properties.items() if name in types and values}


def _value(kind: str, values: Sequence[str]) -> object:
    convert = _NUMBERS.get(kind, str)
    made = [convert(value) for value in values]
    if any(isinstance(value, int) and not -_LARGEST <= value < _LARGEST for value in made):
        return list(values)
    return made[0] if len(made) == 1 else made


def shown(records: Iterable[EntityRecord], ontology: Ontology) -> dict[str, object]:
    """What an entity node shows to people who browse: the merge of its unmarked records, none when all are marked.

    Those who browse the database are not asked for their markings, so marked records leave no trace on the node.
    """
    merged = merge_entities((record for record in records if not record.said.markings), ontology)
    if not merged:
        return {}
    entity = merged[0]
    return native(entity.properties, ontology.entity_kind(entity.kind).properties) | {"caption": entity.caption}


def shown_of_row(row: Mapping[str, object], ontology: Ontology) -> dict[str, object]:
    """The same for an entity of which this is the only record: no merge is needed."""
    if row["markings"]:
        return {}
    kind = str(row["kind"])
    properties = decode_properties(str(row["properties"]))
    caption = ontology.caption(kind, properties) or str(row["entity_id"])
    return native(properties, ontology.entity_kind(kind).properties) | {"caption": caption}


def labels(kinds: Iterable[str], ontology: Ontology) -> list[str]:
    """The labels of a node: its unmarked records' kinds with all their ancestors.

    ``Entity`` stands on every node anyway.
    """
    return sorted({ancestor for kind in kinds for ancestor in ontology.lineage(kind)})
