"""The comparison with Neo4j: which sizes it takes on, and what it loads; no server is needed."""

from __future__ import annotations

import pyarrow as pa

from benchmarks.database import LARGEST, _batches, measure
from benchmarks.harness import SIZES
from benchmarks.synthetic import world
from tests.services.neo4j_server import Neo4jServer


def test_the_largest_size_is_said_to_be_left_out() -> None:
    """Nothing listens at port 1: it must not even be tried."""
    server = Neo4jServer("bolt://127.0.0.1:1", "neo4j", "none")
    (row,) = measure(server, *SIZES["large"])
    assert row.size == "1M / 5M"
    assert row.ours.startswith("not measured: ")
    assert row.met is None


def test_the_other_sizes_are_measured() -> None:
    assert [name for name, (_, links) in SIZES.items() if links <= LARGEST] == ["small", "middle"]


def test_the_batches_hold_every_row_once_in_order() -> None:
    entities, links = world(100, 350, 5)
    batches = list(_batches(entities, links, 60))
    assert pa.concat_tables([one.entities for one in batches]).equals(entities)
    assert pa.concat_tables([one.links for one in batches]).equals(links)
    assert len({one.marker for one in batches}) == len(batches) == 2 + 6
