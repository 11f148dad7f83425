"""Empty stores of both kinds, for tests that run on either."""

from __future__ import annotations

from graph_service.model.ontology import load_ontology
from graph_service.store.neo4j.store import Neo4jStore
from tests.services.neo4j_server import Neo4jServer


def fresh_neo4j(server: Neo4jServer) -> Neo4jStore:
    """A store on a wiped server; whoever asks for it closes it."""
    server.wipe()
    return Neo4jStore(server.uri, server.user, server.password, "neo4j", load_ontology())
