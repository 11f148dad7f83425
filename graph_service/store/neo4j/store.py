"""The store on Neo4j: the system of record that a team shares.

Labels are entity kinds (and ``Entity``), relationship types are link kinds, one relationship a link record; an
entity's own records hang on it as ``(:EntityRecord)-[:ABOUT]->(:Entity)``. A node shows the merge of its unmarked
records to people who browse. Every statement of ``ask`` gets the scope as ``$scope_classes``, ``$scope_from``,
``$scope_to``, ``$scope_known``, ``$scope_entity_kinds``, ``$scope_link_kinds`` and ``$scope_grades``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import LiteralString

import neo4j
from neo4j import exceptions

from graph_service.errors import GraphServiceError, StoreUnavailable
from graph_service.model.ontology import Ontology
from graph_service.model.records import Records, Source
from graph_service.model.scope import Scope
from graph_service.store.neo4j.known import KnownLinks, NewLinks
from graph_service.store.neo4j.reading import (
    State,
    read_changes,
    read_entities,
    read_links,
    read_revision,
    read_sources,
    read_state,
    scope_parameters,
)
from graph_service.store.neo4j.schema import check_version, index_link_kinds, make_schema
from graph_service.store.neo4j.session import Server, translated
from graph_service.store.neo4j.writing import Writer
from graph_service.store.protocol import (
    ENTITY_ROWS,
    LINK_ROWS,
    Batch,
    Changes,
    Health,
    Receipt,
    Statement,
    Withdrawal,
)
from graph_service.store.rows import checked

_FOUND: LiteralString = (
    "MATCH (b:Batch {marker: $marker}) RETURN b.revision AS revision, b.entities AS entities, b.links AS links"
)
_COMPONENTS: LiteralString = "CALL dbms.components() YIELD versions, edition RETURN versions[0] AS version, edition"
_GDS: LiteralString = "RETURN gds.version() AS version"
_TOTALS: LiteralString = """
MATCH (m:Meta {id: 'meta'})
RETURN m.revision AS revision, m.next_entity_record AS entities, m.next_link_record AS links"""
_KINDS: LiteralString = "MATCH (m:Meta {id: 'meta'}) SET m.link_kinds = $kinds"

_READINGS, _PAUSE_SECONDS = 100, 0.02


class Neo4jStore:
    """A GraphStore on a Neo4j database, 5.26 or newer, Community or Enterprise."""

    name = "neo4j"

    def __init__(
        self, uri: str, user: str, password: str, database: str, ontology: Ontology, *, seconds: float = 600.0
    ) -> None:
        """Connects, checks the version once and makes the schema; raises StoreUnavailable or IncompatibleStore."""
        self._ontology = ontology
        self._server = Server(uri, user, password, database, seconds=seconds)
        self._writing = threading.Lock()
        self._links = KnownLinks()
        self._state: State | None = None
        self._plugins: tuple[str, ...] | None = None
        try:
            with translated(uri):
                self._server.driver.verify_connectivity()
            self._version, self._edition = self._components()
            check_version(self._version, self._edition)
            with translated(uri), self._server.session() as session:
                make_schema(session)
        except GraphServiceError:
            self._server.close()
            raise

    def get(self, entities: Sequence[str], links: Sequence[str], scope: Scope) -> Records:
        """See the protocol; two indexed look-ups."""

        def records(tx: neo4j.ManagedTransaction) -> Records:
            state = self._present(tx)
            given = scope_parameters(scope, state.classes)
            found = read_links(tx, links, given, state.link_kinds, self._ontology)
            return Records(read_entities(tx, entities, given), found)

        return self._server.read(records)

    def put(self, change: Batch | Withdrawal) -> Receipt:
        """See the protocol; when the reply to a commit is lost, the marker tells whether it was written."""
        with self._writing, translated(self._server.uri):
            if isinstance(change, Withdrawal):
                return self._written(lambda writer: writer.withdraw(change), f"withdrawal of {change.source_id}")
            entities, links = checked(change.entities, ENTITY_ROWS), checked(change.links, LINK_ROWS)
            batch = replace(change, entities=entities, links=links)
            self._prepare(batch)
            return self._written(lambda writer: writer.put(batch), batch.marker)

    def changes(self, since: int) -> Changes:
        """See the protocol."""
        for _ in range(_READINGS):
            changes = self._server.read(lambda tx: read_changes(tx, since, self._ontology))
            if changes is not None:
                return changes
            time.sleep(_PAUSE_SECONDS)
        raise StoreUnavailable("Neo4j's indexes do not show what was committed; is one of them offline?")

    def ask(self, statement: Statement, scope: Scope, seconds: float) -> list[dict[str, object]]:
        """See the protocol."""

        def rows(tx: neo4j.ManagedTransaction) -> list[dict[str, object]]:
            given = scope_parameters(scope, self._present(tx).classes)
            return tx.run(statement.text, given | dict(statement.parameters)).data()

        return self._server.read(rows, seconds)

    def sources(self, scope: Scope) -> tuple[Source, ...]:
        """See the protocol."""
        return self._server.read(lambda tx: read_sources(tx, scope))

    def revision(self) -> int:
        """See the protocol; one small read, for other processes write too."""
        return self._server.read(read_revision)

    def health(self) -> Health:
        """See the protocol; one small read: the version and the plugins are those of the first connection."""
        try:
            row = self._server.rows(_TOTALS, {})[0]
            plugins = self._known_plugins()
        except (GraphServiceError, exceptions.Neo4jError) as error:
            return Health(False, self.name, "", str(error))
        revision, entities, links = (int(str(row[key])) for key in ("revision", "entities", "links"))
        detail = f"Neo4j {self._version} {self._edition}"
        return Health(True, self.name, self._version, detail, revision, entities, links, plugins)

    def close(self) -> None:
        """See the protocol."""
        self._server.close()

    def _components(self) -> tuple[str, str]:
        row = self._server.rows(_COMPONENTS, {})[0]
        return str(row["version"]), str(row["edition"])

    def _known_plugins(self) -> tuple[str, ...]:
        if self._plugins is None:
            try:
                self._plugins = (f"gds {self._server.rows(_GDS, {})[0]['version']}",)
            except exceptions.ClientError:
                self._plugins = ()
        return self._plugins

    def _present(self, tx: neo4j.ManagedTransaction) -> State:
        """The state of the present revision; read again only when another revision has come."""
        state = self._state
        if state is None or state.revision != read_revision(tx):
            state = self._state = read_state(tx)
        return state

    def _prepare(self, batch: Batch) -> None:
        """Indexes for link kinds that are new; schema changes cannot be part of the batch's own transaction."""
        kinds = set(batch.links["kind"].unique().to_pylist())
        known = set(self._server.read(self._present).link_kinds)
        if kinds <= known:
            return
        with self._server.session() as session:
            index_link_kinds(session, sorted(kinds - known), self._ontology)
            session.run(_KINDS, kinds=sorted(kinds | known)).consume()
        self._state = None

    def _written(self, work: Callable[[Writer], Receipt], marker: str) -> Receipt:
        def write(tx: neo4j.ManagedTransaction) -> tuple[Receipt, NewLinks]:
            writer = Writer.locked(tx, self._ontology, self._links)
            return work(writer), writer.new_links

        try:
            receipt, new = self._server.write(write)
        except (exceptions.IncompleteCommit, exceptions.SessionExpired, exceptions.ServiceUnavailable) as lost:
            found = self._found(marker)
            if found is None:
                raise StoreUnavailable(f"Neo4j went away before {marker!r} was written; nothing of it was") from lost
            return found
        self._links.note(new)
        return receipt

    def _found(self, marker: str) -> Receipt | None:
        """What became of a write whose reply was lost; asks until the server answers or the driver gives up."""
        rows = self._server.rows(_FOUND, {"marker": marker})
        if not rows:
            return None
        revision, entities, links = (int(str(rows[0][key])) for key in ("revision", "entities", "links"))
        return Receipt(revision, entities, links)
