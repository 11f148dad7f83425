"""What holds for every request: a request id, a bound on bodies, headers that keep a browser safe."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Sequence

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_service.api.errors import problem

JSON_BYTES = 1_000_000
"""Largest JSON body; uploads have their own bound."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def common_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give the answer the request's id (or a new one), the store's name, and the safety headers."""
    given = request.headers.get("x-request-id", "")
    request.state.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    response = await call_next(request)
    response.headers["X-Request-ID"] = request.state.request_id
    response.headers["X-Graph-Store"] = request.app.state.service.store.name
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class HostCheck:
    """Answers only requests that name this service as their host, so that a page elsewhere cannot rebind a name to it."""

    def __init__(self, app: ASGIApp, *, allowed: Sequence[str]) -> None:
        """``allowed``: host names without ports."""
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        hosts = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"]
        if scope["type"] in {"http", "websocket"} and (len(hosts) != 1 or _bare(hosts[0]) not in self._allowed):
            await problem(400, "the Host header does not name this service")(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _bare(host: str) -> str:
    """The host without its port."""
    return host if host.endswith("]") else host.rpartition(":")[0] or host


class BodyLimit:
    """Refuses bodies over a bound, by the header when there is one, else while they come in."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        """``upload_bytes`` bounds multipart bodies, JSON_BYTES all others."""
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        multipart = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        most = self._upload_bytes if multipart else JSON_BYTES
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            await problem(413, f"the body is larger than {most:,} bytes")(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                return {"type": "http.disconnect"}
            return message

        await self._app(scope, counted, send)
