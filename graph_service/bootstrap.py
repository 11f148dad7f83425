"""The only place that knows every store: from settings to a service."""

from __future__ import annotations

from pathlib import Path

from graph_service.audit import Audit
from graph_service.config import IN_MEMORY, Settings, StoreChoice
from graph_service.model.ontology import Ontology, load_ontology
from graph_service.service import Capacity, GraphService
from graph_service.store.protocol import GraphStore


def open_service(settings: Settings) -> GraphService:
    """The service on the store that was chosen.

    Raises StoreLocked when another process holds the embedded file, StoreUnavailable when Neo4j is not there,
    IncompatibleStore, OntologyError. One store is never taken for the other.
    """
    ontology = load_ontology(*settings.graph_ontology)
    capacity = Capacity(settings.graph_memory_links, settings.graph_networkx_links)
    store, audit = open_store(settings, ontology), Audit(settings.graph_audit_file)
    return GraphService(store, ontology, limits=settings.limits, capacity=capacity, audit=audit)


def open_store(settings: Settings, ontology: Ontology) -> GraphStore:
    """The store that was chosen."""
    if settings.graph_store is StoreChoice.NEO4J:
        from graph_service.store.neo4j.store import Neo4jStore

        return Neo4jStore(
            settings.neo4j_uri,
            settings.neo4j_user,
            settings.neo4j_password.get_secret_value(),
            settings.neo4j_database,
            ontology,
        )
    from graph_service.store.embedded.store import EmbeddedStore

    return EmbeddedStore(None if settings.graph_path == Path(IN_MEMORY) else settings.graph_path)
