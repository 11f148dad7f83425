"""The server that the other tests rely on: the version we promise, and a wipe that leaves nothing but the schema."""

import os
from pathlib import Path

import pytest

from tests.services.missing import ServiceMissingError
from tests.services.neo4j_artifacts import GDS_VERSION, NEO4J_VERSION
from tests.services.neo4j_server import Neo4jServer, start_neo4j


def ours(server: Neo4jServer) -> bool:
    """Whether this run chose the server's version and plugins itself."""
    return server.pid is not None


def test_it_is_the_community_edition_we_support(neo4j_server: Neo4jServer) -> None:
    with neo4j_server.driver() as driver:
        component = driver.execute_query("CALL dbms.components()").records[0]
    assert component["name"] == "Neo4j Kernel"
    if ours(neo4j_server):
        assert (component["versions"], component["edition"]) == ([NEO4J_VERSION], "community")


def test_graph_data_science_answers(neo4j_server: Neo4jServer) -> None:
    if not ours(neo4j_server):
        pytest.skip("only the server started by Java brings Graph Data Science")
    with neo4j_server.driver() as driver:
        assert driver.execute_query("RETURN gds.version() AS version").records[0]["version"] == GDS_VERSION


def test_a_wipe_removes_data_and_projections_and_keeps_the_schema(clean_neo4j: Neo4jServer) -> None:
    with clean_neo4j.driver() as driver:
        driver.execute_query("CREATE CONSTRAINT wipe_keeps_this IF NOT EXISTS FOR (n:Wiped) REQUIRE n.id IS UNIQUE")
        try:
            driver.execute_query("UNWIND range(1, 25000) AS id CREATE (:Wiped {id: id})-[:TO]->(:Wiped {id: -id})")
            if ours(clean_neo4j):
                driver.execute_query(
                    "MATCH (a)-[:TO]->(b) WITH gds.graph.project('left', a, b) AS g RETURN g.graphName"
                )
            clean_neo4j.wipe()
            assert driver.execute_query("MATCH (n) RETURN count(n) AS n").records[0]["n"] == 0
            if ours(clean_neo4j):
                assert driver.execute_query("CALL gds.graph.list() YIELD graphName RETURN graphName").records == []
            names = driver.execute_query("SHOW CONSTRAINTS YIELD name RETURN collect(name) AS names").records[0][
                "names"
            ]
            assert "wipe_keeps_this" in names
        finally:
            driver.execute_query("DROP CONSTRAINT wipe_keeps_this IF EXISTS")


def test_somebody_elses_graph_is_refused_and_left_alone(
    clean_neo4j: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", clean_neo4j.uri)
    monkeypatch.setenv("NEO4J_USER", clean_neo4j.user)
    monkeypatch.setenv("NEO4J_PASSWORD", clean_neo4j.password)
    with clean_neo4j.driver() as driver:
        driver.execute_query("CREATE (:Precious)")
        with pytest.raises(RuntimeError, match="holds 1 nodes"), start_neo4j():
            pass
        assert driver.execute_query("MATCH (n:Precious) RETURN count(n) AS n").records[0]["n"] == 1


def test_an_empty_server_of_somebody_else_is_used_and_left_empty(
    clean_neo4j: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", clean_neo4j.uri)
    monkeypatch.setenv("NEO4J_USER", clean_neo4j.user)
    monkeypatch.setenv("NEO4J_PASSWORD", clean_neo4j.password)
    with start_neo4j() as server, server.driver() as driver:
        assert (server.uri, server.pid) == (clean_neo4j.uri, None)
        driver.execute_query("CREATE (:Left)")
    with clean_neo4j.driver() as driver:
        assert driver.execute_query("MATCH (n) RETURN count(n) AS n").records[0]["n"] == 0


def test_without_any_way_to_start_one_the_reasons_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(
            ServiceMissingError, match=r"NEO4J_URI is not set; Java is not installed; Docker is not installed"
        ),
        start_neo4j(),
    ):
        pass


def test_a_server_that_cannot_start_tells_the_end_of_its_log(
    neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not ours(neo4j_server):
        pytest.skip("needs a server started by Java")
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with (
        pytest.raises(RuntimeError, match=r"(?s)before it had started:.*bananas"),
        start_neo4j(pagecache="bananas", gds=False),
    ):
        pass


def test_the_server_ends_with_its_block(neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> None:
    if not ours(neo4j_server):
        pytest.skip("needs a server started by Java")
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with start_neo4j(heap="512m", pagecache="64m", gds=False) as small:
        assert small.pid is not None
        with small.driver() as driver:
            assert driver.execute_query("RETURN 1 AS one").records[0]["one"] == 1
            found = driver.execute_query("SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'gds.' RETURN name").records
        assert found == []
    with pytest.raises(ProcessLookupError):
        os.kill(small.pid, 0)
