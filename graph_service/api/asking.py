"""Questions as they are asked over HTTP: their bodies, and how they are answered and drawn."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from graph_service.api.deps import State
from graph_service.api.responses import answer_response, who
from graph_service.api.scopes import Engine, ScopeBody
from graph_service.api.wire import answer_json, dumps
from graph_service.model.answer import Answer
from graph_service.model.scope import Caller
from graph_service.network.budget import Budget
from queries.question import AnyQuestion


class Asked(BaseModel):
    """A question: its parameters, the scope, the engine."""

    model_config = ConfigDict(extra="forbid")

    parameters: dict[str, Any] = Field(default_factory=dict, description="The question's own parameters")
    scope: ScopeBody = Field(default_factory=ScopeBody, description="What may be looked at")
    engine: Engine = Field(default="auto", description="Who answers")


class Charted(Asked):
    """A question to draw, by name."""

    question: str = Field(max_length=100, examples=["expand"], description="A question of the catalogue")


def typed_body(asked: AnyQuestion) -> type[BaseModel]:
    """The body of a question's own route: its parameters are checked and documented by their model."""
    name = "".join(part.capitalize() for part in asked.name.split("-")) + "Question"
    required = any(field.is_required() for field in asked.parameters.model_fields.values())
    parameters = Field(...) if required else Field(default_factory=dict, validate_default=True)
    return create_model(
        name,
        __config__=ConfigDict(extra="forbid"),
        parameters=(asked.parameters, parameters),
        scope=(ScopeBody, Field(default_factory=ScopeBody)),
        engine=(Engine, "auto"),
    )


async def answered(request: Request, name: str, asked: Asked, state: State, caller: Caller) -> Response:
    """The answer to a question, as JSON with who answered in its headers."""

    def work(budget: Budget) -> Response:
        return answer_response(_answer(name, asked, state, caller, budget))

    return await state.desk.run(request, work)


async def drawn(
    request: Request, charted: Charted, state: State, caller: Caller, *, html: bool
) -> tuple[bytes, dict[str, str]]:
    """The chart of an answer, as a page or as the JSON of its scene, and the headers that say who answered."""

    def work(budget: Budget) -> tuple[bytes, dict[str, str]]:
        from viz.chart import offline_page
        from viz.figures import PLOTTED, plot_of
        from viz.scene import scene_of

        answer = _answer(charted.question, charted, state, caller, budget)
        scene = scene_of(answer, state.service.ontology)
        if not html:
            return dumps(scene), who(answer)
        plot = plot_of(answer_json(answer)) if charted.question in PLOTTED else ""
        return offline_page(scene, plot).encode(), who(answer)

    return await state.desk.run(request, work)


def _answer(name: str, asked: Asked, state: State, caller: Caller, budget: Budget) -> Answer[object]:
    scope = asked.scope.scope(state.service.ontology)
    return state.service.ask(name, asked.parameters, scope, caller, engine=asked.engine, budget=budget)
