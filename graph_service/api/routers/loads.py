"""Loads: upload a file, follow it, read its report and its refused rows."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import FileResponse, Response

from graph_service.api.deps import CallerDep, JobsDep, SettingsDep
from graph_service.api.responses import job_json, json_response
from graph_service.errors import NotFound
from graph_service.model.grades import parse_grade
from loaders.run import LoadOptions

router = APIRouter(prefix="/v1/loads", tags=["loads"])


class LoadForm:
    """The fields of an upload, the same as the options of the command ``load``."""

    def __init__(
        self,
        format: Annotated[str, Form()] = "",  # noqa: A002  # the name of the form's field
        mapping: Annotated[str, Form()] = "",
        source: Annotated[str, Form()] = "",
        grade: Annotated[str, Form()] = "",
        marking: Annotated[list[str] | None, Form()] = None,
        mapping_file: Annotated[UploadFile | None, File()] = None,
        *,
        check: Annotated[bool, Form()] = False,
    ) -> None:
        """A ready mapping by name, or a mapping as a file of its own; a path of this machine is not the caller's to choose."""
        if "/" in mapping or "\\" in mapping or mapping.endswith(".toml"):
            raise NotFound(f"no ready mapping {mapping!r}")
        self.mapping_file = mapping_file
        self.options: dict[str, Any] = {
            "format": format or None,
            "mapping": mapping or None,
            "source_name": source or None,
            "grade": parse_grade(grade),
            "markings": frozenset(marking or ()),
            "check_only": check,
        }


@router.post("", status_code=202)
def upload(
    file: UploadFile, form: Annotated[LoadForm, Depends()], jobs: JobsDep, settings: SettingsDep, caller: CallerDep
) -> Response:
    """Take a file in and begin to load it; the answer names the load."""
    folder = Path(tempfile.mkdtemp(prefix="graph-service-upload-"))
    path = folder / (Path(file.filename or "upload").name or "upload")
    _copy(file, path)
    if form.mapping_file is not None:
        form.options["mapping"] = _copy(form.mapping_file, folder / "mapping" / "uploaded.toml")
    job = jobs.start(folder, path, LoadOptions(rejects=settings.graph_rejects, **form.options), caller)
    return json_response(job_json(job), 202)


def _copy(upload: UploadFile, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as copy:
        shutil.copyfileobj(upload.file, copy)
    return path


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
    """The refused rows, in a form that can be mended and loaded again."""
    files = [Path(name) for one in jobs.get(load_id).reports for name in one.rejects_files]
    if not files:
        raise NotFound(f"load {load_id!r} refused no row")
    return FileResponse(files[0], filename=files[0].name, media_type="application/octet-stream")
