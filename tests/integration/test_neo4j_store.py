"""What only a real Neo4j shows: indexes that are used, what browsing reveals, errors, a server that goes away."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from graph_service.errors import Cancelled, StoreUnavailable
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.store.neo4j import reading, sending, writing
from graph_service.store.neo4j.schema import over_link_kinds
from graph_service.store.neo4j.store import Neo4jStore
from graph_service.store.protocol import Statement, Withdrawal
from tests.services.neo4j_server import Neo4jServer
from tests.store_material import at, batch, company, knows, person, said
from tests.stores import fresh_neo4j

ONTOLOGY = load_ontology()
SENT = {"rows": [], "source_id": "src", "recorded": 0, "retracted": 1}
_RUNNING = """
SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery AS text
WHERE text CONTAINS "UNWIND $rows" RETURN id"""


@pytest.fixture
def store(neo4j_server: Neo4jServer) -> Iterator[Neo4jStore]:
    made = fresh_neo4j(neo4j_server)
    yield made
    made.close()


def operators(plan: Mapping[str, Any]) -> Iterator[str]:
    yield str(plan["operatorType"])
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.mark.parametrize(
    ("text", "parameters", "index"),
    [
        (reading._ENTITIES, {"ids": ["a"]}, "NodeIndexSeek"),
        (over_link_kinds(["ASSOCIATE_OF"], ONTOLOGY, reading._LINKS), {"ids": ["ab"]}, "RelationshipIndexSeek"),
        (reading._ENTITY_ROWS, {"first": 1, "last": 2}, "NodeIndexSeekByRange"),
        (
            over_link_kinds(["ASSOCIATE_OF"], ONTOLOGY, reading._LINK_ROWS),
            {"first": 1, "last": 2},
            "RelationshipIndexSeekByRange",
        ),
        (writing._KNOWN_ENTITIES, {"ids": ["a"]}, "NodeUniqueIndexSeek"),
        (over_link_kinds(["ASSOCIATE_OF"], ONTOLOGY, writing._KNOWN_LINKS), {"ids": ["ab"]}, "RelationshipIndexSeek"),
        (sending._MORE_RECORDS, SENT, "NodeUniqueIndexSeek"),
        (over_link_kinds(["ASSOCIATE_OF"], ONTOLOGY, sending._LINKS), SENT, "NodeUniqueIndexSeek"),
        (writing._MARKER, {"marker": "m"}, "NodeUniqueIndexSeek"),
    ],
)
def test_look_ups_use_an_index(
    store: Neo4jStore, neo4j_server: Neo4jServer, text: str, parameters: dict[str, Any], index: str
) -> None:
    store.put(batch("m1", [person("a"), person("b")], [knows("ab", "a", "b")]))
    given = reading.scope_parameters(EVERYTHING, {}) | parameters
    with neo4j_server.driver() as driver, driver.session() as session:
        plan = session.run("EXPLAIN " + text, given).consume().plan
    used = list(operators(plan or {}))
    assert any(index in one for one in used), used
    assert not any("AllNodesScan" in one or "AllRelationshipsScan" in one for one in used), used


def test_browsing_shows_labels_and_native_values_but_nothing_marked(
    store: Neo4jStore, neo4j_server: Neo4jServer
) -> None:
    open_record = company("firm", name="Blue Heron")
    hidden = person("viper", said(markings=["case:A"]), name="The Viper")
    store.put(batch("m1", [open_record, hidden]))
    with neo4j_server.driver() as driver, driver.session() as session:
        rows = session.run("MATCH (e:Entity) RETURN e.id AS id, labels(e) AS labels, e.name AS name ORDER BY id").data()
    assert rows[0]["name"] == "Blue Heron"
    assert {"Entity", "Organization", "Party"} <= set(rows[0]["labels"])
    assert rows[1] == {"id": "viper", "labels": ["Entity"], "name": None}


def test_a_withdrawal_takes_its_values_off_the_node(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    store.put(batch("m1", [person("a", name="Anna")]))
    store.put(Withdrawal("src", at(5)))
    with neo4j_server.driver() as driver, driver.session() as session:
        row = session.run("MATCH (e:Entity {id: 'a'}) RETURN labels(e) AS labels, properties(e) AS shown").single(
            strict=True
        )
    assert row["labels"] == ["Entity"]
    assert row["shown"] == {"id": "a", "no": 0}


def test_parallel_records_are_parallel_relationships(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    store.put(batch("m1", [person("a"), person("b")], [knows("ab", "a", "b"), knows("ab", "a", "b", said("2"))]))
    with neo4j_server.driver() as driver, driver.session() as session:
        rows = session.run("MATCH ()-[r:ASSOCIATE_OF]->() RETURN r.link_id AS id, r.link_no AS no, r.row AS row").data()
    assert sorted((row["id"], row["no"], row["row"]) for row in rows) == [("ab", 0, "1"), ("ab", 0, "2")]


def test_two_that_write_by_turns_number_a_link_once(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    """Each knows the links that it wrote itself; those of the other are asked for."""
    other = Neo4jStore(neo4j_server.uri, neo4j_server.user, neo4j_server.password, "neo4j", ONTOLOGY)
    people = [person("a"), person("b")]
    store.put(batch("m1", people, [knows("l1", "a", "b")]))
    other.put(batch("m2", [], [knows("l2", "a", "b"), knows("l1", "a", "b", said("2"))]))
    store.put(batch("m3", [], [knows("l2", "a", "b", said("2")), knows("l3", "a", "b")]))
    other.put(batch("m4", [], [knows("l3", "a", "b", said("2")), knows("l2", "a", "b", said("3"))]))
    other.close()
    changes = store.changes(0)
    assert changes.link_ids.to_pylist() == ["l1", "l2", "l3"]
    assert changes.link_rows["link"].to_pylist() == [0, 1, 0, 1, 2, 2, 1]


def test_a_wrong_password_is_told_without_it(neo4j_server: Neo4jServer) -> None:
    if not neo4j_server.password:
        pytest.skip("this server asks for no password")
    with pytest.raises(StoreUnavailable, match="refused the user name or password") as caught:
        Neo4jStore(neo4j_server.uri, neo4j_server.user, "hunter2-secret", "neo4j", ONTOLOGY)
    assert "hunter2" not in str(caught.value)


def test_no_server_is_told_in_time() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable, match=str(port)):
        Neo4jStore(f"bolt://127.0.0.1:{port}", "neo4j", "x", "neo4j", ONTOLOGY)
    assert time.monotonic() - begun < 30


def test_a_statement_over_its_time_is_stopped(store: Neo4jStore) -> None:
    endless = Statement("UNWIND range(1, 100000000) AS x WITH x, x % 7 AS y RETURN max(x * y) AS most")
    begun = time.monotonic()
    with pytest.raises((Cancelled, StoreUnavailable)):
        store.ask(endless, EVERYTHING, 0.5)
    assert time.monotonic() - begun < 10


def test_the_scope_is_given_to_every_statement(store: Neo4jStore) -> None:
    store.put(batch("m1", [person("a", said(markings=["x"]))]))
    row = store.ask(Statement("RETURN $scope_classes AS classes, $mine AS mine", {"mine": 7}), Scope(frozenset()), 5)
    assert row == [{"classes": [], "mine": 7}]


def test_transactions_ended_in_mid_load_lose_and_double_nothing(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    """The server ends transactions while batches are written: each batch is there whole or not at all, and once."""
    acknowledged: list[int] = []

    def write() -> None:
        for number in range(40):
            people = [person(f"e{number}.{k}") for k in range(300)]
            for _ in range(20):
                try:
                    store.put(batch(f"m{number}", people))
                except (StoreUnavailable, Cancelled):
                    continue
                acknowledged.append(number)
                break

    writer = threading.Thread(target=write)
    writer.start()
    ended = 0
    with neo4j_server.driver() as driver, driver.session() as session:
        while writer.is_alive():
            for row in session.run(_RUNNING).data():
                session.run("TERMINATE TRANSACTION $id", id=row["id"]).consume()
                ended += 1
            time.sleep(0.1)
    writer.join()
    changes = store.changes(0)
    assert ended > 0
    assert acknowledged == list(range(40))
    assert changes.revision == 40
    assert sorted(changes.entity_ids.to_pylist()) == sorted(f"e{n}.{k}" for n in range(40) for k in range(300))
