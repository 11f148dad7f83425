"""Charts: the answer to a question as a scene (JSON) or as one offline page (HTML)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from graph_service.api.deps import CallerDep, ServiceDep
from graph_service.api.responses import json_response
from graph_service.api.routers.questions import Asked
from graph_service.api.running import run

router = APIRouter(prefix="/v1", tags=["charts"])


class Charted(Asked):
    """A question to draw, by name."""

    question: str


@router.post("/charts")
async def chart(request: Request, charted: Charted, service: ServiceDep, caller: CallerDep) -> Response:
    """The scene as JSON, or the offline page when HTML is asked for by the Accept header."""
    from viz.chart import offline_page

    from viz.scene import scene_of

    scope = charted.scope.scope(service.ontology)
    name, given, engine = charted.question, charted.parameters, charted.engine
    answer = await run(request, lambda budget: service.ask(name, given, scope, caller, engine=engine, budget=budget))
    scene = scene_of(answer, service.ontology)
    return HTMLResponse(offline_page(scene)) if _wants_html(request) else json_response(scene)


def _wants_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
