"""The same graph in Neo4j: loading beside a plain script, and shortest paths beside Neo4j's own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import neo4j
import pyarrow as pa

from benchmarks.harness import SEED, Measured, milliseconds, seconds, size_name, times_faster
from graph_service.model.ontology import load_ontology
from graph_service.model.records import Source
from graph_service.network.budget import Budget
from graph_service.network.network import Network
from graph_service.network.view import View
from graph_service.store.neo4j.store import Neo4jStore
from graph_service.store.protocol import Batch
from queries.catalogue import CATALOGUE
from tests.services.neo4j_server import Neo4jServer

SLICE = 10_000
PAIRS = 200

_PLAIN_ENTITIES = """
UNWIND $rows AS row CREATE (e:Entity {id: row.entity_id}) SET e += row
CREATE (r:EntityRecord)-[:ABOUT]->(e) SET r = row"""
_PLAIN_LINKS = """
UNWIND $rows AS row MATCH (a:Entity {id: row.source}) MATCH (b:Entity {id: row.target})
CREATE (a)-[r:LINK]->(b) SET r = row"""
_SHORTEST = """
MATCH (a:Entity {id: $source}), (b:Entity {id: $target})
MATCH p = shortestPath((a)-[*..20]-(b)) WHERE all(r IN relationships(p) WHERE r.retracted > $known)
RETURN length(p) AS length"""


def measure(server: Neo4jServer, tables: tuple[pa.Table, pa.Table]) -> Iterator[Measured]:
    """Load the tables both ways, then ask for paths both ways."""
    entities, links = tables
    size = size_name(len(entities), len(links))
    server.wipe()
    plain = seconds(lambda: _load_plainly(server, entities, links))
    server.wipe()
    store = Neo4jStore(server.uri, server.user, server.password, "neo4j", load_ontology())
    batches = list(_batches(entities, links))
    ours = seconds(lambda: [store.put(batch) for batch in batches])
    health = store.health()
    assert (health.entity_records, health.link_records) == (len(entities), len(links))
    rate = (len(entities) + len(links)) / ours
    yield Measured(
        "load into Neo4j",
        size,
        f"{ours:.0f} s, {rate:,.0f} records/s",
        f"plain UNWIND script {plain:.0f} s",
        times_faster(ours, plain),
        "at least its rate",
        ours <= plain,
    )
    yield _paths(server, store, size)
    store.close()


def _paths(server: Neo4jServer, store: Neo4jStore, size: str) -> Measured:
    view = View(Network(load_ontology()).refreshed(store.changes(0)))
    _ = view.adjacency
    rng = random.Random(SEED)
    numbers = view.node_numbers()
    ids = [view.network.entity_id(int(rng.choice(numbers))) for _ in range(2 * PAIRS)]
    pairs = list(zip(ids[::2], ids[1::2], strict=True))
    with server.driver() as driver, driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
        for source, target in pairs:
            assert _in_memory(view, source, target)() == _in_neo4j(session, source, target)()
        theirs = milliseconds(_in_neo4j(session, source, target) for source, target in pairs)
    ours = milliseconds(_in_memory(view, source, target) for source, target in pairs)
    return Measured(
        "one shortest path, equal lengths shown first",
        size,
        f"p50 {ours[0]:.2f}, p95 {ours[1]:.2f} ms",
        f"Neo4j shortestPath p50 {theirs[0]:.1f}, p95 {theirs[1]:.1f} ms",
        f"p50 {times_faster(ours[0], theirs[0])}, p95 {times_faster(ours[1], theirs[1])}",
        "20x",
        ours[1] * 20 <= theirs[1],
    )


def _in_memory(view: View, source: str, target: str) -> Callable[[], int | None]:
    asked = CATALOGUE["shortest-paths"]

    def search() -> int | None:
        with Budget() as budget:
            given = asked.parameters(source=source, target=target, limit=1, max_hops=20)
            paths = asked.memory(view, given, budget).result.paths
        return paths[0].length if paths else None

    return search


def _in_neo4j(session: neo4j.Session, source: str, target: str) -> Callable[[], int | None]:
    def search() -> int | None:
        if source == target:
            return 0
        record = session.run(_SHORTEST, source=source, target=target, known=0).single()
        return None if record is None else int(record["length"])

    return search


def _batches(entities: pa.Table, links: pa.Table, rows: int = 100_000) -> Iterator[Batch]:
    source = Source("benchmark", "benchmark", "0" * 64)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for start in range(0, len(entities), rows):
        yield Batch(f"e{start}", source, entities.slice(start, rows), links.slice(0, 0), at)
    for start in range(0, len(links), rows):
        yield Batch(f"l{start}", source, entities.slice(0, 0), links.slice(start, rows), at)


def _load_plainly(server: Neo4jServer, entities: pa.Table, links: pa.Table) -> None:
    """What a script of twenty lines does: the same columns, one client, no numbering, no checks, no marker."""
    with server.driver() as driver, driver.session() as session:
        session.run("CREATE CONSTRAINT plain_id IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE").consume()
        for statement, table in ((_PLAIN_ENTITIES, entities), (_PLAIN_LINKS, links)):
            for start in range(0, len(table), SLICE):
                rows = table.slice(start, SLICE).to_pylist()
                with session.begin_transaction() as transaction:
                    transaction.run(statement, rows=rows).consume()
                    transaction.commit()
