"""Bodies read strictly: JSON only where JSON is meant, without NaN, without depths that exhaust, in valid UTF-8."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

DEEPEST = 32
"""Levels of nesting in a body; a question needs four."""


class StrictRequest(Request):
    """A request whose JSON is read by orjson: NaN, infinities, lone surrogates and wrong UTF-8 are refused."""

    async def json(self) -> Any:
        """The body's value; 400 when it is no JSON or nested too deeply."""
        body = await self.body()
        if _depth(body) > DEEPEST:
            raise HTTPException(400, f"the body is nested more than {DEEPEST} levels deep")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise HTTPException(400, f"the body is not JSON: {error.msg} at character {error.pos}") from error


class JsonRoute(APIRoute):
    """A route whose body, where it takes one, is JSON and says so; 415 otherwise."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the check."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if self.body_field is not None and kind != "application/json":
                raise HTTPException(415, "the body is to be application/json")
            return await handle(StrictRequest(request.scope, request.receive))

        return checked


class FormRoute(APIRoute):
    """A route whose body, where it takes one, is a form with files; 415 otherwise."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the check."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if self.body_field is not None and kind != "multipart/form-data":
                raise HTTPException(415, "the body is to be multipart/form-data")
            return await handle(request)

        return checked


def _depth(body: bytes) -> int:
    """The deepest nesting of lists and objects, not counted (0) where there are too few brackets to matter."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return 0
    depth = deepest = 0
    inside = escaped = False
    for byte in body:
        if inside:
            inside, escaped = escaped or byte != 0x22, not escaped and byte == 0x5C
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
