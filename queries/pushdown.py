"""Asking the database itself: how a question is put to Neo4j under a scope.

The store adds the scope's parameters (``$scope_classes``, ``$scope_from`` ...) to every statement; the two predicates
below are the visibility rule in Cypher, for a relationship ``r`` and for a node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Limits
from graph_service.model.ontology import Ontology
from graph_service.model.scope import Scope
from graph_service.store.protocol import GraphStore, Statement

LINK_SEEN: LiteralString = """(
  r.recorded <= $scope_known AND r.retracted > $scope_known
  AND r.from_day <= $scope_to AND r.to_day >= $scope_from
  AND ($scope_classes IS NULL OR r.class IN $scope_classes)
  AND ($scope_link_kinds IS NULL OR type(r) IN $scope_link_kinds)
  AND ($scope_grades IS NULL OR r.grade IN $scope_grades))"""
"""Whether the scope shows a link record, the relationship ``r``."""

RECORD_SEEN: LiteralString = """(
  e.recorded <= $scope_known AND e.retracted > $scope_known
  AND e.from_day <= $scope_to AND e.to_day >= $scope_from
  AND ($scope_classes IS NULL OR e.class IN $scope_classes)
  AND ($scope_entity_kinds IS NULL OR e.kind IN $scope_entity_kinds)
  AND ($scope_grades IS NULL OR e.grade IN $scope_grades))"""
"""Whether the scope shows an entity record, the node ``e``."""

A_SEEN: LiteralString = "EXISTS { (a)<-[:ABOUT]-(e:EntityRecord) WHERE " + RECORD_SEEN + " }"
B_SEEN: LiteralString = "EXISTS { (b)<-[:ABOUT]-(e:EntityRecord) WHERE " + RECORD_SEEN + " }"

_THERE: LiteralString = "MATCH (a:Entity {id: $id}) WHERE " + A_SEEN + " RETURN a.id AS id"


@dataclass(frozen=True, slots=True)
class Pushdown:
    """A store that has a query language, with the scope and limits to ask it under."""

    store: GraphStore
    scope: Scope
    ontology: Ontology
    limits: Limits
    plugins: tuple[str, ...] = ()

    def rows(self, text: LiteralString, **parameters: object) -> list[dict[str, object]]:
        """The rows of a statement under the scope."""
        return self.store.ask(Statement(text, parameters), self.scope, self.limits.seconds)

    def require(self, entity_id: str) -> None:
        """Raises EntityNotFound when the scope does not show the entity."""
        if not self.rows(_THERE, id=entity_id):
            raise EntityNotFound(entity_id)

    @property
    def symmetric(self) -> list[str]:
        """The link kinds that go both ways."""
        return sorted(kind.name for kind in self.ontology.link_kinds.values() if not kind.directed)

    @property
    def has_gds(self) -> bool:
        """Whether the Graph Data Science plugin is there."""
        return any(plugin.startswith("gds") for plugin in self.plugins)
