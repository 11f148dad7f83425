"""What the store on Neo4j makes of what a server says: lost replies, versions, health; no server is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from neo4j import exceptions

from graph_service.errors import IncompatibleStore, StoreUnavailable
from graph_service.model.ontology import load_ontology
from graph_service.store.neo4j.schema import SCHEMA_VERSION
from graph_service.store.neo4j.store import Neo4jStore
from graph_service.store.protocol import Receipt, Withdrawal
from tests.store_material import at, batch, person

LOST = (
    exceptions.IncompleteCommit("the connection broke"),
    exceptions.SessionExpired("the leader changed"),
    exceptions.ServiceUnavailable("nobody there"),
)


@dataclass
class Reply:
    """The result of a statement of the schema."""

    schema: int

    def consume(self) -> None:
        """Nothing to wait for."""

    def single(self, *, strict: bool) -> Mapping[str, object]:
        """The version of the schema."""
        assert strict
        return {"version": self.schema}


@dataclass
class Server:
    """Answers as it was told to; ``asked`` keeps the parameters of each statement that was read by its first words.

    ``lost``: what every write ends with. ``marker``: the batch that the database holds. ``down``: raised by every read.
    """

    version: str = "5.26.21"
    schema: int = SCHEMA_VERSION
    gds: str | None = None
    lost: Exception | None = None
    marker: str | None = None
    down: Exception | None = None
    closed: bool = False
    asked: list[Mapping[str, object]] = field(default_factory=list)
    uri: str = "neo4j://graph.intra:7687"

    @property
    def driver(self) -> Server:
        """Itself."""
        return self

    def verify_connectivity(self) -> None:
        """Always there."""

    @contextmanager
    def session(self, *, reading: bool = False) -> Iterator[Server]:
        """Itself."""
        assert not reading
        yield self

    def run(self, text: str, **given: object) -> Reply:
        """A statement of the schema."""
        return Reply(self.schema)

    def write(self, work: Callable[[Any], Receipt]) -> Receipt:
        """The reply to a write that is lost."""
        assert self.lost is not None
        raise self.lost

    def read(self, work: Callable[[Any], Any]) -> Any:
        """Of the state, which is empty."""
        raise AssertionError("no test here reads the state")

    def rows(self, text: str, given: Mapping[str, object]) -> list[dict[str, object]]:
        """The rows of a statement."""
        if self.down is not None:
            raise self.down
        self.asked.append(given)
        if "dbms.components" in text:
            return [{"version": self.version, "edition": "community"}]
        if "gds.version" in text:
            if self.gds is None:
                raise exceptions.ClientError("there is no procedure of this name")
            return [{"version": self.gds}]
        if "Batch" in text:
            found = given["marker"] == self.marker
            return [{"revision": 7, "entities": 1, "links": 0}] if found else []
        return [{"revision": 7, "entities": 3, "links": 2}]

    def close(self) -> None:
        """Notes that it was closed."""
        self.closed = True


def store(monkeypatch: pytest.MonkeyPatch, server: Server) -> Neo4jStore:
    """A store that talks to the server."""
    monkeypatch.setattr("graph_service.store.neo4j.store.Server", lambda *_, **__: server)
    return Neo4jStore(server.uri, "neo4j", "s3cret-canary", "neo4j", load_ontology())


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Link kinds are known, so that nothing is written before a batch."""
    monkeypatch.setattr(Neo4jStore, "_prepare", lambda *_: None)


@pytest.mark.parametrize("lost", LOST, ids=lambda error: type(error).__name__)
def test_a_write_whose_reply_was_lost_is_looked_up_by_its_marker(
    monkeypatch: pytest.MonkeyPatch, lost: Exception
) -> None:
    server = Server(lost=lost, marker="m1")
    held = store(monkeypatch, server)
    assert held.put(batch("m1", [person("a")])) == Receipt(7, 1, 0)
    assert server.asked[-1] == {"marker": "m1"}


@pytest.mark.parametrize("lost", LOST, ids=lambda error: type(error).__name__)
def test_a_write_that_left_no_marker_was_none(monkeypatch: pytest.MonkeyPatch, lost: Exception) -> None:
    held = store(monkeypatch, Server(lost=lost, marker="another"))
    with pytest.raises(StoreUnavailable, match="went away before 'm1' was written; nothing of it was") as caught:
        held.put(batch("m1", [person("a")]))
    assert caught.value.__cause__ is lost


def test_a_withdrawal_has_a_marker_too(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(lost=LOST[0], marker="withdrawal of src")
    assert store(monkeypatch, server).put(Withdrawal("src", at(1))) == Receipt(7, 1, 0)


@pytest.mark.parametrize(
    ("server", "text"),
    [
        (Server(version="5.25.1"), "Neo4j 5.25.1 community is too old: 5.26 or newer is needed"),
        (Server(version="4.4.38"), "is too old"),
        (Server(schema=SCHEMA_VERSION + 1), f"has schema {SCHEMA_VERSION + 1}; this version reads {SCHEMA_VERSION}"),
    ],
)
def test_a_server_of_another_version_is_refused_and_let_go(
    monkeypatch: pytest.MonkeyPatch, server: Server, text: str
) -> None:
    with pytest.raises(IncompatibleStore, match=text):
        store(monkeypatch, server)
    assert server.closed


@pytest.mark.parametrize("version", ["5.26.0", "5.26.21", "2025.01.0", "2026.03.1-aura"])
def test_newer_servers_are_taken(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    server = Server(version=version)
    held = store(monkeypatch, server)
    health = held.health()
    assert (health.version, health.revision) == (version, 7)
    held.close()
    assert server.closed


@pytest.mark.parametrize(("gds", "plugins"), [(None, ()), ("2.13.4", ("gds 2.13.4",))])
def test_health_tells_totals_and_asks_for_version_and_plugins_once(
    monkeypatch: pytest.MonkeyPatch, gds: str | None, plugins: tuple[str, ...]
) -> None:
    server = Server(gds=gds)
    held = store(monkeypatch, server)
    health = held.health()
    assert (health.ok, health.store, health.detail) == (True, "neo4j", "Neo4j 5.26.21 community")
    assert (health.revision, health.entity_records, health.link_records) == (7, 3, 2)
    assert health.plugins == plugins
    many = len(server.asked)
    assert held.health() == health
    assert len(server.asked) == many + 1


def test_health_of_a_server_that_went_away_is_told_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    held = store(monkeypatch, server)
    server.down = StoreUnavailable("Neo4j cannot be reached")
    health = held.health()
    assert (health.ok, health.detail, health.link_records) == (False, "Neo4j cannot be reached", 0)
    assert "canary" not in repr(health)
