"""The first page and the files it needs, all out of installed packages; nothing comes from outside."""

from __future__ import annotations

import mimetypes
import secrets

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from graph_service.errors import NotFound

router = APIRouter(include_in_schema=False)


@router.get("/")
def first_page() -> Response:
    """The workbench, under a policy that runs only its own scripts."""
    from viz.chart import content_security_policy, workbench_page

    nonce = secrets.token_urlsafe(18)
    return HTMLResponse(workbench_page(nonce), headers={"Content-Security-Policy": content_security_policy(nonce)})


@router.get("/assets/{name}")
def asset(name: str) -> Response:
    """A script or style of the page."""
    from viz.chart import asset_files

    if (content := asset_files().get(name)) is None:
        raise NotFound(f"no file {name!r}")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers={"Cache-Control": "max-age=3600"})
