"""Questions: the catalogue, and a typed route a question, made from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic import BaseModel

from graph_service.api.asking import Asked, answered, typed_body
from graph_service.api.deps import CallerDep, StateDep
from graph_service.api.responses import json_response
from graph_service.api.strict import JsonRoute
from graph_service.api.wire import ANSWER_SCHEMA, catalogue_json
from queries.catalogue import CATALOGUE
from queries.question import AnyQuestion

router = APIRouter(prefix="/v1/questions", tags=["questions"], route_class=JsonRoute)
_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": dict(ANSWER_SCHEMA)}}}}


@router.get("")
def questions() -> Response:
    """Every question with its parameters as JSON Schema, its engines and an example."""
    return json_response(catalogue_json())


def _handler(asked: AnyQuestion) -> Callable[..., Awaitable[Response]]:
    async def ask(request: Request, body: BaseModel, state: StateDep, caller: CallerDep) -> Response:
        given = Asked.model_validate(body.model_dump(by_alias=True, exclude_unset=True))
        return await answered(request, asked.name, given, state, caller)

    example = {"parameters": dict(asked.example), "scope": {"events": "kept"}, "engine": "auto"}
    ask.__annotations__["body"] = Annotated[typed_body(asked), Body(openapi_examples={"demo": {"value": example}})]
    ask.__doc__ = asked.summary
    return ask


for _asked in CATALOGUE.values():
    router.post(f"/{_asked.name}", name=_asked.name, response_model=None, responses=_ANSWER)(_handler(_asked))


@router.post("/{name}", include_in_schema=False)
async def ask_any(request: Request, name: str, asked: Asked, state: StateDep, caller: CallerDep) -> Response:
    """A question that the catalogue does not know: told with its nearest names."""
    return await answered(request, name, asked, state, caller)
