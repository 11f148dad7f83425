"""Every error as application/problem+json (RFC 9457); one table from the tree of errors to status codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from graph_service import errors
from graph_service.api.wire import URN, error_json

STATUS: Mapping[type[errors.GraphServiceError], int] = {
    errors.GraphServiceError: 500,
    errors.DataError: 422,
    errors.UsageError: 400,
    errors.InvalidParameter: 422,
    errors.InvalidScope: 422,
    errors.UnknownQuestion: 404,
    errors.EngineCannot: 409,
    errors.NotFound: 404,
    errors.Cancelled: 503,
    errors.StoreError: 503,
}
"""The status of an error is that of its nearest ancestor here."""
PROBLEM = "application/problem+json"
_RETRY_SECONDS = "5"
_LONGEST = 2_000

PROBLEM_SCHEMA: Mapping[str, Any] = {
    "description": "What went wrong (RFC 9457)",
    "content": {
        PROBLEM: {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string", "examples": [f"{URN}EntityNotFound"]},
                    "title": {"type": "string", "examples": ["Not Found"]},
                    "status": {"type": "integer", "examples": [404]},
                    "detail": {"type": "string", "examples": ["no entity 'subject:x' in this scope"]},
                    "instance": {"type": "string", "examples": ["/v1/questions/entity"]},
                    "request_id": {"type": "string"},
                    "errors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"at": {"type": "string"}, "message": {"type": "string"}},
                        },
                    },
                },
            }
        }
    },
}
"""How the OpenAPI document describes every error."""


class Busy(HTTPException):
    """As much is being done as the settings allow; to be asked again in a moment."""

    def __init__(self, detail: str) -> None:
        super().__init__(503, detail, {"Retry-After": "1"})


def problem(status: int, detail: str, members: Mapping[str, object] | None = None) -> Response:
    """A problem document; ``members`` are those beside title, status and detail."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail[:_LONGEST]}
    body = told | dict(members or {})
    headers = {"Retry-After": _RETRY_SECONDS} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return Response(orjson.dumps(body), status, headers, media_type=PROBLEM)


def status_of(error: errors.GraphServiceError) -> int:
    """The status code of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def add_handlers(app: FastAPI) -> None:
    """Make every foreseen error of the app a problem document; ``Edge`` answers for the others."""
    app.add_exception_handler(errors.GraphServiceError, _foreseen)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _foreseen(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.GraphServiceError):
        raise error
    return problem(status_of(error), str(error), error_json(error) | _where(request))


async def _invalid(request: Request, error: Exception) -> Response:
    listed = _listed(error.errors() if isinstance(error, RequestValidationError) else ())
    detail = "; ".join(f"{one['at']}: {one['message']}" for one in listed) or "the request does not fit"
    return problem(422, detail, {"type": URN + "InvalidRequest", "errors": listed} | _where(request))


def _listed(found: Sequence[Any]) -> list[dict[str, str]]:
    """Where and what, never the value itself."""
    return [
        {"at": ".".join(str(part) for part in one["loc"] if part != "body") or "body", "message": _words(one)}
        for one in found[:20]
    ]


def _words(found: Mapping[str, Any]) -> str:
    """What is wrong, without pydantic's name for an error of our own."""
    return str(found["msg"]).removeprefix("Value error, ")


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    answer = problem(error.status_code, str(error.detail), _where(request))
    answer.headers.update(error.headers or {})
    return answer


def _where(request: Request) -> dict[str, object]:
    return {"instance": request.url.path, "request_id": request.scope.get("request_id", "")}
