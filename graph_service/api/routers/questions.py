"""Questions: the catalogue, and a typed route a question, made from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from graph_service.api.deps import CallerDep, ServiceDep
from graph_service.api.responses import answer_response, json_response
from graph_service.api.running import run
from graph_service.api.scopes import ScopeBody
from graph_service.api.wire import catalogue_json
from queries.catalogue import CATALOGUE
from queries.question import AnyQuestion

router = APIRouter(prefix="/v1", tags=["questions"])
Engine = Literal["auto", "memory", "neo4j", "networkx"]


class Asked(BaseModel):
    """A question as it is asked over HTTP: its parameters, the scope, the engine."""

    model_config = ConfigDict(extra="forbid")

    parameters: dict[str, Any] = Field(default_factory=dict)
    scope: ScopeBody = Field(default_factory=ScopeBody)
    engine: Engine = "auto"


async def answered(request: Request, name: str, asked: Asked, service: ServiceDep, caller: CallerDep) -> Response:
    """The answer of the service to a question, as JSON with who answered in its headers."""
    scope = asked.scope.scope(service.ontology)
    return answer_response(
        await run(
            request,
            lambda budget: service.ask(name, asked.parameters, scope, caller, engine=asked.engine, budget=budget),
        )
    )


@router.get("/questions")
def questions() -> Response:
    """Every question with its parameters as JSON Schema, its engines and an example."""
    return json_response(catalogue_json())


@router.get("/entities")
async def find_entities(
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    text: Annotated[str, Query(max_length=1_000)],
    limit: int = 20,
) -> Response:
    """Entities by text: the question ``find``."""
    return await answered(request, "find", Asked(parameters={"text": text, "limit": limit}), service, caller)


@router.get("/entities/{entity_id:path}")
async def get_entity(request: Request, entity_id: str, service: ServiceDep, caller: CallerDep) -> Response:
    """All that is known of one entity: the question ``entity``."""
    return await answered(request, "entity", Asked(parameters={"entity": entity_id}), service, caller)


def _typed_body(asked: AnyQuestion) -> type[BaseModel]:
    """The body of a question's own route: its parameters are checked and documented by their model."""
    name = "".join(part.capitalize() for part in asked.name.split("-")) + "Question"
    required = any(field.is_required() for field in asked.parameters.model_fields.values())
    default = Field(...) if required else Field(default_factory=asked.parameters)
    return create_model(
        name,
        __config__=ConfigDict(extra="forbid"),
        parameters=(asked.parameters, default),
        scope=(ScopeBody, Field(default_factory=ScopeBody)),
        engine=(Engine, "auto"),
    )


def _handler(asked: AnyQuestion) -> Callable[..., Awaitable[Response]]:
    typed = _typed_body(asked)
    example = {"parameters": dict(asked.example), "scope": {"events": "kept"}, "engine": "auto"}

    async def ask(request: Request, body: BaseModel, service: ServiceDep, caller: CallerDep) -> Response:
        given = body.model_dump(by_alias=True, exclude_unset=True)
        return await answered(request, asked.name, Asked.model_validate(given), service, caller)

    ask.__annotations__["body"] = Annotated[typed, Body(openapi_examples={"demo": {"value": example}})]
    ask.__doc__ = asked.summary
    return ask


for _asked in CATALOGUE.values():
    router.post(f"/questions/{_asked.name}", name=_asked.name)(_handler(_asked))


@router.post("/questions/{name}", include_in_schema=False)
async def ask_any(request: Request, name: str, asked: Asked, service: ServiceDep, caller: CallerDep) -> Response:
    """A question that the catalogue does not know: told with its nearest names."""
    return await answered(request, name, asked, service, caller)
