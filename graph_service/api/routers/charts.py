"""Charts: the answer to a question as a scene (JSON) or as one offline page (HTML)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from graph_service.api.asking import Charted, drawn
from graph_service.api.deps import CallerDep, StateDep
from graph_service.api.strict import JsonRoute

router = APIRouter(prefix="/v1", tags=["charts"], route_class=JsonRoute)
_AS_FILE = {"Content-Disposition": 'attachment; filename="chart.html"'}


@router.post("/charts", response_model=None, responses={200: {"content": {"application/json": {}, "text/html": {}}}})
async def chart(request: Request, charted: Charted, state: StateDep, caller: CallerDep) -> Response:
    """The scene as JSON, or one offline page when the Accept header asks for HTML."""
    html = "text/html" in request.headers.get("accept", "")
    body, headers = await drawn(request, charted, state, caller, html=html)
    return HTMLResponse(body, headers=headers | _AS_FILE) if html else Response(body, 200, headers, "application/json")
