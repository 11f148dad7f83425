"""The app: routers, error handling and limits around a service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.gzip import GZipMiddleware

from graph_service import __version__
from graph_service.api.errors import add_handlers
from graph_service.api.jobs import LoadJobs
from graph_service.api.middleware import BodyLimit, HostCheck, common_headers
from graph_service.api.routers import charts, loads, pages, questions, system
from graph_service.config import Settings
from graph_service.service import GraphService


def create_app(service: GraphService, settings: Settings) -> FastAPI:
    """The API over a service; the service is closed when the app shuts down."""
    app: FastAPI = FastAPIOffline(
        title="graph-service",
        version=__version__,
        summary="Link analysis: load, ask, draw",
        lifespan=_lifespan,
        redoc_url=None,
    )
    app.state.service = service
    app.state.settings = settings
    app.state.jobs = LoadJobs(service)
    app.state.slots = asyncio.Semaphore(settings.graph_limit_questions)
    app.middleware("http")(common_headers)
    app.add_middleware(GZipMiddleware, minimum_size=2_000)
    app.add_middleware(BodyLimit, upload_bytes=settings.graph_upload_megabytes * 2**20)
    app.add_middleware(HostCheck, allowed=settings.graph_allowed_hosts)
    for part in (system, questions, loads, charts, pages):
        app.include_router(part.router)
    add_handlers(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.jobs.close()
    app.state.service.close()
