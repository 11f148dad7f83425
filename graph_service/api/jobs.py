"""Loads that run while the client waits or goes away: their state, their report, their refused rows."""

from __future__ import annotations

import shutil
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from graph_service.errors import GraphServiceError, NotFound
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from loaders.run import LoadOptions, LoadProgress, LoadReport

KEPT = 200
"""Finished loads that are remembered."""


@dataclass(slots=True)
class LoadJob:
    """A load: ``state`` is waiting, running, done or failed."""

    id: str
    name: str
    state: str = "waiting"
    lines: int = 0
    expected: int = 0
    error: str | None = None
    reports: tuple[LoadReport, ...] = ()
    folder: Path | None = field(default=None, repr=False)


class LoadJobs:
    """Loads one after another, for a store takes one writer at a time."""

    def __init__(self, service: GraphService) -> None:
        """No thread runs before the first load."""
        self._service = service
        self._jobs: dict[str, LoadJob] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="load")

    def start(self, folder: Path, file: Path, options: LoadOptions, caller: Caller) -> LoadJob:
        """Begin to load a file; ``folder`` is removed when it is done, apart from the refused rows."""
        job = LoadJob(uuid.uuid4().hex, file.name, folder=folder)
        with self._lock:
            self._jobs[job.id] = job
            for old in [key for key, kept in self._jobs.items() if kept.state in {"done", "failed"}][:-KEPT]:
                del self._jobs[old]
        self._pool.submit(self._run, job, file, options, caller)
        return job

    def get(self, job_id: str) -> LoadJob:
        """The load of that id; NotFound otherwise."""
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NotFound(f"no load {job_id!r}") from None

    def close(self) -> None:
        """Let the load under way end; start no other."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: LoadJob, file: Path, options: LoadOptions, caller: Caller) -> None:
        def told(progress: LoadProgress) -> None:
            job.lines, job.expected = progress.done, progress.expected

        job.state = "running"
        try:
            job.reports = self._service.load([file], options, caller, told)
            job.state = "done"
        except GraphServiceError as error:
            job.error, job.state = str(error), "failed"
        except BaseException:
            job.error, job.state = "the load failed; the operator's log says how", "failed"
            raise
        finally:
            if job.folder is not None:
                shutil.rmtree(job.folder, ignore_errors=True)
