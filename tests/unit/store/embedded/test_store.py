"""The embedded store as one object among threads: closing, waiting, refusing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from graph_service.errors import EngineCannot, StoreUnavailable
from graph_service.model.scope import EVERYTHING
from graph_service.store.embedded.state import State, read_state
from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import GraphStore, Statement
from tests.store_material import batch, everything, knows, person, seen


def test_it_is_a_graph_store_that_cannot_be_asked() -> None:
    store: GraphStore = EmbeddedStore(None)
    assert store.name == "embedded"
    with pytest.raises(EngineCannot, match="memory"):
        store.ask(Statement("RETURN 1"), EVERYTHING, 1.0)
    store.close()


def test_health_names_the_database_and_the_place(tmp_path: Path) -> None:
    for path, place in ((None, "in memory"), (tmp_path / "s.duckdb", str(tmp_path / "s.duckdb"))):
        store = EmbeddedStore(path)
        health = store.health()
        assert (health.ok, health.version, health.detail) == (True, f"DuckDB {duckdb.__version__}", place)
        store.close()
        assert place in store.health().detail
        assert "closed" in store.health().detail


def test_a_put_that_fails_midway_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last thing a put does before it commits is to read the state; whatever stops it there, nothing is kept."""
    store = EmbeddedStore(None)
    store.put(batch("m1", [person("a")]))
    before = everything(store)

    def stopped(cursor: duckdb.DuckDBPyConnection) -> None:
        assert cursor.execute("SELECT count(*) FROM entity_record").fetchall() == [(2,)]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("graph_service.store.embedded.store.read_state", stopped)
        with pytest.raises(KeyboardInterrupt):
            store.put(batch("m2", [person("b")]))
    assert everything(store) == before
    assert store.put(batch("m2", [person("b")])).revision == 2
    store.close()


def test_errors_of_the_database_are_told_as_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore(None)
    monkeypatch.setattr("graph_service.store.embedded.reading._ENTITIES", "SELECT id FROM absent WHERE id = $ids")
    with pytest.raises(StoreUnavailable, match="absent"):
        store.get(["a"], (), EVERYTHING)
    assert store.health().ok
    store.close()


@pytest.mark.parametrize("in_file", [False, True])
def test_closing_waits_for_calls_under_way_and_turns_later_ones_away(tmp_path: Path, *, in_file: bool) -> None:
    store = EmbeddedStore(tmp_path / "s.duckdb" if in_file else None)
    ids = [f"e{n}" for n in range(300)]
    store.put(batch("m0", [person(i) for i in ids], [knows(i, i, ids[0]) for i in ids]))
    begun = threading.Barrier(5)

    def read() -> int:
        begun.wait()
        for calls in range(100_000):
            try:
                assert len(seen(store, ids)) == len(store.changes(0).link_rows) == 300
            except StoreUnavailable:
                return calls
        raise AssertionError("the store was never closed")

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        begun.wait()
        assert store.put(batch("m1")).revision == 2
        store.close()
        assert all(reader.result(30) >= 0 for reader in readers)


def test_readers_do_not_wait_for_a_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A put is held where all its rows are written and nothing is committed; readers are served the state before it."""
    store = EmbeddedStore(None)
    store.put(batch("m1", [person("a")]))
    written, go_on = threading.Event(), threading.Event()

    def held(cursor: duckdb.DuckDBPyConnection) -> State:
        written.set()
        assert go_on.wait(30)
        return read_state(cursor)

    monkeypatch.setattr("graph_service.store.embedded.store.read_state", held)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(store.put, batch("m2", [person("b")]))
        assert written.wait(30)
        assert seen(store, ["a", "b"]) == [("a", "1")]
        assert store.changes(0).entity_ids.to_pylist() == ["a"]
        assert store.revision() == 1
        go_on.set()
        assert writing.result(30).revision == 2
    assert seen(store, ["a", "b"]) == [("a", "1"), ("b", "1")]
    store.close()
