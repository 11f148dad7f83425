"""Loads that run while the client waits or goes away: their state, their report, their refused rows."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from graph_service.api.errors import Busy
from graph_service.api.wire import error_json
from graph_service.errors import Cancelled, GraphServiceError, NotFound
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from loaders.run import LoadOptions, LoadProgress, LoadReport

KEPT = 200
"""Finished loads that are remembered."""
WAITING = 20
"""Loads that may wait for their turn."""
_LOG = logging.getLogger("graph_service.api")


@dataclass(slots=True)
class LoadJob:
    """A load: ``state`` is waiting, running, done or failed; ``error`` says what failed, as a problem's members."""

    id: str
    files: tuple[str, ...]
    state: str = "waiting"
    lines: int = 0
    expected: int = 0
    rejected: int = 0
    error: dict[str, object] | None = None
    reports: tuple[LoadReport, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"done", "failed"}


class LoadJobs:
    """Loads one after another, for a store takes one writer at a time."""

    def __init__(self, service: GraphService) -> None:
        """No thread runs and no folder is made before the first load."""
        self._service = service
        self._jobs: dict[str, LoadJob] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="load")
        self._uploads: Path | None = None

    def folder(self) -> Path:
        """A new empty folder for the files of one upload."""
        with self._lock:
            if self._uploads is None:
                self._uploads = Path(tempfile.mkdtemp(prefix="graph-service-"))
            return Path(tempfile.mkdtemp(dir=self._uploads))

    def start(self, folder: Path, files: Sequence[Path], options: LoadOptions, caller: Caller) -> LoadJob:
        """Begin to load the files; their ``folder`` is removed when it is done. Raises Busy when too many wait."""
        job = LoadJob(uuid.uuid4().hex, tuple(file.name for file in files))
        with self._lock:
            if sum(not known.ended for known in self._jobs.values()) > WAITING:
                shutil.rmtree(folder, ignore_errors=True)
                raise Busy("too many loads are waiting")
            self._jobs[job.id] = job
            for old in [key for key, kept in self._jobs.items() if kept.ended][:-KEPT]:
                del self._jobs[old]
        self._pool.submit(self._run, job, folder, files, options, caller)
        return job

    def get(self, job_id: str) -> LoadJob:
        """The load of that id; NotFound otherwise."""
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NotFound(f"no load {job_id!r}") from None

    def close(self) -> None:
        """Stop the load under way between two batches (loading again takes it up), start no other, keep no upload."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._uploads is not None:
            shutil.rmtree(self._uploads, ignore_errors=True)

    def _run(self, job: LoadJob, folder: Path, files: Sequence[Path], options: LoadOptions, caller: Caller) -> None:
        def told(progress: LoadProgress) -> None:
            job.lines, job.expected, job.rejected = progress.done, progress.expected, progress.rejected
            if self._stopping.is_set():
                raise Cancelled("the service was stopped; load the same again to take it up")

        job.state = "running"
        try:
            job.reports = self._service.load(files, options, caller, told)
            job.state = "done"
        except GraphServiceError as error:
            job.error, job.state = _told(error, files), "failed"
        except Exception:  # noqa: BLE001  # told in the load's state, for nobody waits for this thread
            _LOG.exception("unforeseen error in load", extra={"load": job.id})
            job.error = error_json(GraphServiceError(f"the load failed; the operator finds {job.id} in the log"))
            job.state = "failed"
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _told(error: GraphServiceError, files: Sequence[Path]) -> dict[str, object]:
    """The error by the names of the files, not by where the upload lies on this machine."""
    told = error_json(error)
    for file in files:
        told["detail"] = str(told["detail"]).replace(f"{file.parent}/", "")
    return told
