"""The same graph in Neo4j: loading beside a plain script, and shortest paths beside Neo4j's own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from statistics import mean

import neo4j
import pyarrow as pa

from benchmarks.harness import SEED, Measured, milliseconds, seconds, size_name, times_faster
from benchmarks.plain import graph, plain_script
from benchmarks.synthetic import world
from graph_service.model.ontology import load_ontology
from graph_service.model.records import Source
from graph_service.network.budget import Budget
from graph_service.network.network import Network
from graph_service.network.view import View
from graph_service.store.neo4j.schema import index_link_kinds, make_schema
from graph_service.store.neo4j.store import Neo4jStore
from graph_service.store.protocol import Batch
from queries.catalogue import CATALOGUE
from tests.services.neo4j_server import Neo4jServer

PAIRS = 200
SAMPLE = 200
LARGEST = 500_000
"""Links of the largest graph that is loaded into Neo4j; 5M would take the better part of an hour."""

_SHORTEST = """
MATCH (a:Entity {id: $source}), (b:Entity {id: $target})
MATCH p = shortestPath((a)-[*..20]-(b)) WHERE all(r IN relationships(p) WHERE r.retracted > $known)
RETURN length(p) AS length"""


def measure(server: Neo4jServer, entities: int, links: int) -> Iterator[Measured]:
    """Load the world both ways, then ask for paths both ways; above LARGEST one row says that it was not done."""
    size = size_name(entities, links)
    if links > LARGEST:
        yield Measured("Neo4j: load, shortest path", size, "not measured: the load takes too long", "", "", "", None)
        return
    ours, plain = _loads(server, *world(entities, links, SEED))
    rate = (entities + links) / ours
    yield Measured(
        "load into Neo4j, the same graph shown first",
        size,
        f"{ours:.0f} s, {rate:,.0f} records/s",
        f"plain UNWIND script, its rows made beforehand, {plain:.0f} s",
        times_faster(ours, plain),
        "at least its rate",
        ours <= plain,
    )
    with closing(_store(server)) as store:
        health = store.health()
        assert (health.entity_records, health.link_records) == (entities, links)
        yield _paths(server, store, size)


def _loads(server: Neo4jServer, entities: pa.Table, links: pa.Table) -> tuple[float, float]:
    """Seconds of our load and of the plain script, each the mean of two in opposite order; ours is there in the end.

    Constraints and indexes are there before either begins, and each of the four must make the same graph.
    """
    batches = list(_batches(entities, links))
    script = plain_script(batches, load_ontology())
    ids = random.Random(SEED).sample(entities["entity_id"].to_pylist(), SAMPLE)
    spent: dict[str, list[float]] = {"ours": [], "plain": []}
    graphs = []
    with server.driver() as driver:
        with driver.session() as session:
            make_schema(session)
            index_link_kinds(session, links["kind"].unique().to_pylist(), load_ontology())
        for who in ("ours", "plain", "plain", "ours"):
            server.wipe()
            with closing(_store(server)) as store:
                work = partial(script.run, driver) if who == "plain" else partial(_put, store, batches)
                spent[who].append(seconds(work))
            graphs.append(graph(driver, ids))
            assert graphs[-1] == graphs[0]
    return mean(spent["ours"]), mean(spent["plain"])


def _store(server: Neo4jServer) -> Neo4jStore:
    return Neo4jStore(server.uri, server.user, server.password, "neo4j", load_ontology())


def _put(store: Neo4jStore, batches: Sequence[Batch]) -> None:
    for batch in batches:
        store.put(batch)


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
            given = asked.parameters(source=source, target=target, limit=1, max_hops=20, hubs="free")
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
