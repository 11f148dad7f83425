"""The page that documents the API: without a network, under a policy that runs only the scripts it holds itself."""

from __future__ import annotations

import base64
import hashlib
import re

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

DOCS = "/docs"
FILES = "/static-offline-docs"
"""Where fastapi-offline serves the files of Swagger UI."""
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def add_docs(app: FastAPI) -> None:
    """Serve the documentation at ``/docs``; the app comes from fastapi-offline, which serves the files it needs."""
    page = get_swagger_ui_html(
        openapi_url=str(app.openapi_url),
        title=app.title,
        swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{FILES}/swagger-ui.css",
        swagger_favicon_url=f"{FILES}/favicon.png",
        swagger_ui_parameters=app.swagger_ui_parameters,
    )
    body, policy = bytes(page.body), policy_of(bytes(page.body))

    def docs() -> HTMLResponse:
        return HTMLResponse(body, headers={"Content-Security-Policy": policy})

    app.add_api_route(DOCS, docs, include_in_schema=False)


def policy_of(page: bytes) -> str:
    """A Content-Security-Policy for a page: its files from here alone, and of scripts within it just those it has."""
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE.findall(page))
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
