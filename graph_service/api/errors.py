"""Every error as application/problem+json (RFC 9457); one table from the tree of errors to status codes."""

from __future__ import annotations

import logging
from http import HTTPStatus

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from graph_service import errors

_LOG = logging.getLogger("graph_service.api")
STATUS: dict[type[errors.GraphServiceError], int] = {
    errors.GraphServiceError: 500,
    errors.DataError: 422,
    errors.UsageError: 400,
    errors.InvalidParameter: 422,
    errors.InvalidScope: 422,
    errors.UnknownQuestion: 404,
    errors.EngineCannot: 409,
    errors.NotFound: 404,
    errors.Cancelled: 499,
    errors.StoreError: 503,
}
"""The status of an error is that of its nearest ancestor here."""
_RETRY_SECONDS = "5"


def problem(status: int, detail: str, *, kind: str = "about:blank", request: Request | None = None) -> Response:
    """A problem document; ``kind`` names the error within the service."""
    title = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Client Closed Request"
    body = {"type": kind, "title": title, "status": status, "detail": detail}
    if request is not None:
        body["instance"] = request.url.path
    headers = {"Retry-After": _RETRY_SECONDS} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return Response(orjson.dumps(body), status, headers, media_type="application/problem+json")


def status_of(error: errors.GraphServiceError) -> int:
    """The status code of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def add_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem document; what was not foreseen tells nothing of its inside."""
    app.add_exception_handler(errors.GraphServiceError, _foreseen)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


async def _foreseen(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.GraphServiceError):
        return await _unforeseen(request, error)
    return problem(status_of(error), str(error), kind=f"urn:graph-service:{type(error).__name__}", request=request)


async def _invalid(request: Request, error: Exception) -> Response:
    listed = error.errors() if isinstance(error, RequestValidationError) else []
    detail = "; ".join(f"{'.'.join(map(str, one['loc'][1:])) or one['loc'][0]}: {one['msg']}" for one in listed)
    return problem(422, detail or "the request does not fit", kind="urn:graph-service:InvalidRequest", request=request)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = problem(status, str(getattr(error, "detail", "")), request=request)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


async def _unforeseen(request: Request, error: Exception) -> Response:
    _LOG.error("unforeseen error at %s", request.url.path, exc_info=error)
    return problem(500, "the service failed; the operator's log says how", request=request)
