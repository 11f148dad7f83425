"""Loads: upload files, follow the load, read its report and its refused rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from fastapi.responses import Response

from graph_service.api.deps import CallerDep, JobsDep, StateDep
from graph_service.api.responses import files_response, job_json, json_response
from graph_service.api.strict import FormRoute
from graph_service.api.uploads import LoadForm, begin
from graph_service.errors import NotFound

router = APIRouter(prefix="/v1/loads", tags=["loads"], route_class=FormRoute)


@router.post("", status_code=202)
def upload(
    file: list[UploadFile], form: Annotated[LoadForm, Depends()], state: StateDep, caller: CallerDep, request: Request
) -> Response:
    """Take files in and begin to load them; with ``source`` they become one source. The answer names the load."""
    job = begin(file, form, state, caller)
    response = json_response(job_json(job), 202)
    response.headers["Location"] = f"{request.url.path}/{job.id}"
    return response


@router.get("/{load_id}")
def status(load_id: str, jobs: JobsDep) -> Response:
    """How far the load is, and its report when it is done."""
    return json_response(job_json(jobs.get(load_id)))


@router.get("/{load_id}/report")
def report(load_id: str, jobs: JobsDep) -> Response:
    """The reports of the load, one a source; empty while it runs."""
    return json_response({"reports": jobs.get(load_id).reports})


@router.get("/{load_id}/rejects")
def rejects(load_id: str, jobs: JobsDep) -> Response:
    """The refused rows, in a form that can be mended and loaded again; a zip archive when there are several files."""
    files = [Path(name) for one in jobs.get(load_id).reports for name in one.rejects_files]
    if not files:
        raise NotFound(f"load {load_id!r} refused no row")
    return files_response(files)
