"""What handlers ask for: the service, the settings, and the person on whose behalf they act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from graph_service.api.jobs import LoadJobs
from graph_service.api.running import Desk
from graph_service.config import Settings
from graph_service.model.scope import Caller
from graph_service.service import GraphService


@dataclass(frozen=True, slots=True)
class State:
    """What an app holds for its handlers."""

    service: GraphService
    settings: Settings
    jobs: LoadJobs
    desk: Desk


def get_state(request: Request) -> State:
    """What this app holds."""
    state: State = request.app.state.graph
    return state


def get_service(state: Annotated[State, Depends(get_state)]) -> GraphService:
    """The service of this app."""
    return state.service


def get_jobs(state: Annotated[State, Depends(get_state)]) -> LoadJobs:
    """The loads of this app."""
    return state.jobs


def get_caller() -> Caller:
    """The local user, who holds all markings: there is no log-in yet, and the service binds to this machine only."""
    return Caller()


StateDep = Annotated[State, Depends(get_state)]
ServiceDep = Annotated[GraphService, Depends(get_service)]
JobsDep = Annotated[LoadJobs, Depends(get_jobs)]
CallerDep = Annotated[Caller, Depends(get_caller)]
