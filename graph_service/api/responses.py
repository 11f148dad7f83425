"""Answers of the API: plain JSON from values of the model."""

from __future__ import annotations

from fastapi.responses import Response

from graph_service.api.jobs import LoadJob
from graph_service.api.wire import dumps, report_json
from graph_service.model.answer import Answer


def json_response(value: object, status: int = 200) -> Response:
    """Any value of the model as a JSON answer."""
    return Response(dumps(value), status, media_type="application/json")


def answer_response(answer: Answer[object]) -> Response:
    """An answer with who gave it in the headers."""
    response = json_response(answer)
    response.headers["X-Graph-Engine"] = answer.engine
    response.headers["X-Graph-Revision"] = str(answer.revision)
    return response


def job_json(job: LoadJob) -> dict[str, object]:
    """A load and, when it is done, its reports."""
    return {
        "id": job.id,
        "name": job.name,
        "state": job.state,
        "lines": job.lines,
        "expected": job.expected,
        "error": job.error,
        "reports": [report_json(report) for report in job.reports],
    }
