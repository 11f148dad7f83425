"""Answers of the API: plain JSON from values of the model."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from fastapi.responses import FileResponse, Response, StreamingResponse

from graph_service.api.jobs import LoadJob
from graph_service.api.wire import dumps, report_json
from graph_service.model.answer import Answer

_PIECE = 1 << 16


def json_response(value: object, status: int = 200) -> Response:
    """Any value of the model as a JSON answer."""
    return Response(dumps(value), status, media_type="application/json")


def answer_response(answer: Answer[object]) -> Response:
    """An answer with who gave it in the headers."""
    response = json_response(answer)
    response.headers.update(who(answer))
    return response


def who(answer: Answer[object]) -> dict[str, str]:
    """The headers that say which engine answered, from which state of the store."""
    return {"X-Graph-Engine": answer.engine, "X-Graph-Revision": str(answer.revision)}


def job_json(job: LoadJob) -> dict[str, object]:
    """A load and, when it is done, its reports."""
    return {
        "id": job.id,
        "files": list(job.files),
        "state": job.state,
        "lines": job.lines,
        "expected": job.expected,
        "rejected": job.rejected,
        "error": job.error,
        "reports": [report_json(report) for report in job.reports],
    }


def files_response(files: Sequence[Path]) -> Response:
    """One file as it is, several as a zip archive."""
    if len(files) == 1:
        return FileResponse(files[0], filename=files[0].name, media_type="application/octet-stream")
    disposition = {"Content-Disposition": 'attachment; filename="rejects.zip"'}
    return StreamingResponse(_zipped(files), media_type="application/zip", headers=disposition)


def _zipped(files: Sequence[Path]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as whole:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, f"{file.parent.name}/{file.name}")
        whole.seek(0)
        while piece := whole.read(_PIECE):
            yield piece
