"""The app: routers, error handling and limits around a service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.gzip import GZipMiddleware

from graph_service import __version__
from graph_service.api.deps import State
from graph_service.api.docs import add_docs
from graph_service.api.errors import PROBLEM_SCHEMA, add_handlers
from graph_service.api.jobs import LoadJobs
from graph_service.api.middleware import BodyLimit, Edge, SameSite
from graph_service.api.routers import charts, entities, loads, pages, questions, system
from graph_service.api.running import Desk
from graph_service.config import Settings
from graph_service.service import GraphService

_GZIP_LEVEL = 4
_DESCRIPTION = """
Every answer names the question, the scope, the engine, the store and its revision, and carries its evidence. Every
error is a problem document (RFC 9457). Bodies are JSON of 1 MB at the most; files go to `/v1/loads`.
"""


def create_app(service: GraphService, settings: Settings) -> FastAPI:
    """The API over a service. Whoever made the service closes it; the app ends its own loads and questions."""
    app: FastAPI = FastAPIOffline(
        title="graph-service",
        version=__version__,
        summary="Link analysis: load, ask, draw",
        description=_DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        swagger_ui_parameters={"validatorUrl": None},
    )
    desk = Desk(settings.limits, settings.graph_limit_questions)
    app.state.graph = State(service, settings, LoadJobs(service), desk)
    app.add_middleware(BodyLimit, upload_bytes=settings.graph_upload_megabytes * 2**20)
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=_GZIP_LEVEL)
    app.add_middleware(SameSite, allowed={*settings.graph_allowed_hosts, _named(settings.graph_host)})
    app.add_middleware(Edge, headers={"X-Graph-Store": service.store.name})
    told: dict[int | str, dict[str, Any]] = {"default": dict(PROBLEM_SCHEMA), 422: dict(PROBLEM_SCHEMA)}
    for part in (system, questions, entities, loads, charts):
        app.include_router(part.router, responses=told)
    app.include_router(pages.router)
    add_docs(app)
    add_handlers(app)
    return app


def _named(address: str) -> str:
    """An address as a Host header writes it."""
    return f"[{address}]" if ":" in address else address


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    state: State = app.state.graph
    state.desk.close()
    state.jobs.close()
