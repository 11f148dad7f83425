"""What handlers ask for: the service, the settings, and the person on whose behalf they act."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from graph_service.api.jobs import LoadJobs
from graph_service.config import Settings
from graph_service.model.scope import Caller
from graph_service.service import GraphService


def get_service(request: Request) -> GraphService:
    """The service of this app."""
    service: GraphService = request.app.state.service
    return service


def get_settings(request: Request) -> Settings:
    """The settings of this app."""
    settings: Settings = request.app.state.settings
    return settings


def get_jobs(request: Request) -> LoadJobs:
    """The loads of this app."""
    jobs: LoadJobs = request.app.state.jobs
    return jobs


def get_caller() -> Caller:
    """The local user, who holds all markings: there is no log-in yet, and the service binds to this machine only."""
    return Caller()


ServiceDep = Annotated[GraphService, Depends(get_service)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
JobsDep = Annotated[LoadJobs, Depends(get_jobs)]
CallerDep = Annotated[Caller, Depends(get_caller)]
