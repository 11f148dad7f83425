"""What holds for every request, around the app: its id, its log line, who may ask, how much it may send.

Plain ASGI, so that a handler sees the client go away and nothing is held back.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_service.api.errors import problem

JSON_BYTES = 1_000_000
"""Largest body, but for uploads, which have their own bound."""
UPLOADS = "/v1/loads"
DRAINED_BYTES = 64 * 2**20
"""So much of a body that is too large is read and dropped, so that the client reads the refusal instead of a reset."""
_ACCESS = logging.getLogger("graph_service.access")
_LOG = logging.getLogger("graph_service.api")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Edge:
    """Gives every answer its id and safety headers, logs one line, and answers for errors that nobody foresaw."""

    def __init__(self, app: ASGIApp, *, headers: Mapping[str, str]) -> None:
        """``headers`` are added to those that keep a browser safe."""
        self._app = app
        self._headers = _HEADERS | dict(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        scope["request_id"] = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        begun, status = time.perf_counter(), 0

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = scope["request_id"]
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, marked)
        except Exception:
            _LOG.exception("unforeseen error", extra={"request_id": scope["request_id"]})
            if status:
                raise
            detail = "the service failed; the operator finds the request id in the log"
            answer = problem(500, detail, _where(scope))
            await answer(scope, receive, marked)
        finally:
            _log_line(scope, status, time.perf_counter() - begun)


def _where(scope: Scope) -> dict[str, object]:
    return {"instance": scope["path"], "request_id": scope["request_id"]}


def _log_line(scope: Scope, status: int, seconds: float) -> None:
    """The route as it is written, never the path or the query: those hold what is asked."""
    route = getattr(scope.get("route"), "path", "-")
    told = {"method": scope["method"], "route": route, "status": status, "milliseconds": round(seconds * 1_000, 1)}
    _ACCESS.info("request", extra=told | {"request_id": scope["request_id"]})


class SameSite:
    """Answers only requests that name this service as their host, and writes only for pages of its own.

    So no page elsewhere can point a name of its own at this address, nor send it a form behind a person's back.
    """

    def __init__(self, app: ASGIApp, *, allowed: Iterable[str]) -> None:
        """``allowed``: host names without ports."""
        self._app = app
        self._allowed = frozenset(host.lower() for host in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400 or 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _bare(hosts[0]) not in self._allowed:
            await problem(400, "the Host header does not name this service", _where(scope))(scope, receive, send)
        elif scope["method"] not in _SAFE_METHODS and self._from_elsewhere(headers):
            await problem(403, "a page of another site may not change anything here", _where(scope))(
                scope, receive, send
            )
        else:
            await self._app(scope, receive, send)

    def _from_elsewhere(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None and _bare(origin.partition("://")[2]) not in self._allowed:
            return True
        return headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}


def _bare(host: str) -> str:
    """The host without its port."""
    bare, _, port = host.lower().rpartition(":")
    return bare if bare and port.isdigit() else host.lower()


class BodyLimit:
    """Refuses bodies over a bound, by the header when there is one, else while they come in."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        """``upload_bytes`` bounds uploads, JSON_BYTES all else."""
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = scope["path"] == UPLOADS and scope["method"] == "POST"
        most = self._upload_bytes if upload else JSON_BYTES
        declared = Headers(scope=scope).get("content-length", "0")
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                if message.get("more_body"):
                    await _drain(receive)
                raise HTTPException(413, f"the body is larger than {most:,} bytes")
            return message

        if not declared.isdigit() or int(declared) > most:
            await _drain(receive)
            await problem(413, f"the body is larger than {most:,} bytes", _where(scope))(scope, receive, send)
        else:
            await self._app(scope, counted, send)


async def _drain(receive: Receive) -> None:
    dropped = 0
    while dropped <= DRAINED_BYTES:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
