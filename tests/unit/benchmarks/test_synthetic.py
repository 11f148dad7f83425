"""The made-up world is one that the product could have loaded: what it derives is what the product derives."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pytest

from benchmarks.synthetic import KINDS, world
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import join_markings, split_markings
from graph_service.model.time import Interval
from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS, Receipt
from graph_service.store.rows import codes_text, decode_properties, encode_properties
from tests.store_material import batch

ONTOLOGY = load_ontology()
ENTITIES, LINKS = world(2_000, 8_000, 3)


def test_it_is_of_the_size_and_columns_asked() -> None:
    assert (ENTITIES.num_rows, LINKS.num_rows) == (2_000, 8_000)
    assert ENTITIES.schema.equals(ENTITY_ROWS)
    assert LINKS.schema.equals(LINK_ROWS)
    assert len(set(ENTITIES["entity_id"].to_pylist())) == 2_000
    assert len(set(LINKS["link_id"].to_pylist())) == 8_000
    assert set(ENTITIES["kind"].to_pylist()) == set(KINDS)


def test_the_seed_decides() -> None:
    again, other = world(200, 500, 3), world(200, 500, 4)
    assert world(200, 500, 3) == again
    assert not again[0].equals(other[0])
    assert not again[1].equals(other[1])


def test_links_are_allowed_between_their_ends_and_none_is_a_loop() -> None:
    kind_of = dict(zip(ENTITIES["entity_id"].to_pylist(), ENTITIES["kind"].to_pylist(), strict=True))
    for link in LINKS.to_pylist():
        assert ONTOLOGY.allows(link["kind"], kind_of[link["source"]], kind_of[link["target"]]), link
        assert link["source"] != link["target"]


def test_few_entities_have_many_links() -> None:
    degrees = Counter(LINKS["source"].to_pylist() + LINKS["target"].to_pylist())
    hubs = sorted(degrees.values(), reverse=True)[: 2_000 // 100]
    assert sum(hubs) / 16_000 > 0.05
    assert max(hubs) > 10 * 16_000 / 2_000


@pytest.mark.parametrize("table", [ENTITIES, LINKS], ids=["entities", "links"])
def test_what_records_share_is_consistent(table: pa.Table) -> None:
    for row in table.to_pylist():
        properties = decode_properties(row["properties"])
        assert encode_properties(properties) == row["properties"]
        assert Interval(row["valid_from"], row["valid_to"]).days() == (row["from_day"], row["to_day"])
        assert join_markings(split_markings(row["markings"])) == row["markings"]
        amount = properties.get("amount")
        assert row["amount"] == (float(amount[0]) if amount else None)
        assert amount is None or Decimal(amount[0]) >= 0
    assert {"", "TLP:AMBER case:ALPHA"} <= set(table["markings"].to_pylist())


def test_properties_and_search_text_are_those_of_the_ontology() -> None:
    for row in ENTITIES.to_pylist():
        properties = decode_properties(row["properties"])
        assert properties.keys() <= ONTOLOGY.entity_kind(row["kind"]).properties.keys()
        assert row["text"] == ONTOLOGY.search_text(row["kind"], properties)
        assert row["codes"] == codes_text(row["kind"], properties, ONTOLOGY)
    for row in LINKS.to_pylist():
        assert decode_properties(row["properties"]).keys() <= ONTOLOGY.link_kind(row["kind"]).properties.keys()


def test_a_store_takes_it() -> None:
    store = EmbeddedStore(None)
    made = batch("m1")
    assert store.put(type(made)("m1", made.source, ENTITIES, LINKS, made.recorded_at)) == Receipt(1, 2_000, 8_000)
    store.close()
