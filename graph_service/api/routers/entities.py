"""Entities: found by text, and shown with all that is known of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from graph_service.api.asking import Asked, answered
from graph_service.api.deps import CallerDep, StateDep
from graph_service.api.scopes import ScopeQuery
from graph_service.api.strict import JsonRoute
from graph_service.api.wire import ANSWER_SCHEMA

router = APIRouter(prefix="/v1/entities", tags=["entities"], route_class=JsonRoute)
_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": dict(ANSWER_SCHEMA)}}}}
_FIND = {"text", "identifier", "kind", "country", "limit"}


class FindQuery(ScopeQuery):
    """What to look for, as the parameters of the question ``find``, and the scope."""

    text: str = Field(default="", description="Words of a name, address, number ...")
    identifier: str = Field(default="", description="A whole identifier, spaces and dashes forgiven")
    kind: str | None = Field(default=None, description="Only entities of this kind or one below it")
    country: str | None = Field(default=None, description="Only entities of this country (ISO 3166 alpha-2)")
    limit: int = Field(default=20, description="Hits at the most")


@router.get("", response_model=None, responses=_ANSWER)
async def find(request: Request, asked: Annotated[FindQuery, Query()], state: StateDep, caller: CallerDep) -> Response:
    """Who or what is called so: the question ``find``."""
    return await answered(request, "find", _question(asked, asked.model_dump(include=_FIND)), state, caller)


@router.get("/{entity_id:path}", response_model=None, responses=_ANSWER)
async def entity(
    request: Request, entity_id: str, asked: Annotated[ScopeQuery, Query()], state: StateDep, caller: CallerDep
) -> Response:
    """All that is known of one entity, by source: the question ``entity``."""
    return await answered(request, "entity", _question(asked, {"entity": entity_id}), state, caller)


def _question(asked: ScopeQuery, parameters: dict[str, object]) -> Asked:
    return Asked(parameters=parameters, scope=asked, engine=asked.engine)
