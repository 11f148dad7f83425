"""What the service is and holds: health, counts, the ontology, sources."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from graph_service.api.deps import CallerDep, ServiceDep
from graph_service.api.responses import json_response
from graph_service.api.scopes import ScopeBody
from graph_service.api.strict import JsonRoute
from graph_service.api.wire import health_json, ontology_json

router = APIRouter(prefix="/v1", tags=["system"], route_class=JsonRoute)


@router.get("/health")
def health(service: ServiceDep) -> Response:
    """Whether the store answers, what it is, and which engines there are; 503 when it does not answer."""
    told = service.health()
    return json_response(health_json(told), 200 if told.store.ok else 503)


@router.get("/stats")
def stats(scope: Annotated[ScopeBody, Query()], service: ServiceDep, caller: CallerDep) -> Response:
    """What the caller sees in this scope, counted by kind."""
    return json_response(service.stats(scope.scope(service.ontology), caller))


@router.get("/ontology")
def ontology(service: ServiceDep) -> Response:
    """The kinds of entities and links with labels, colours and properties."""
    return json_response(ontology_json(service.ontology))


@router.get("/sources")
def sources(service: ServiceDep, caller: CallerDep) -> Response:
    """The sources, withdrawn ones included."""
    return json_response({"sources": service.sources(caller)})


@router.delete("/sources/{source_id:path}")
def withdraw(source_id: str, service: ServiceDep, caller: CallerDep) -> Response:
    """Take a source back: its records are retracted from now on and stay for as-known questions."""
    return json_response(service.withdraw(source_id, caller))
