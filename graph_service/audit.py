"""The audit: one JSON line for everything that was done or refused, with who, what, on what and how long.

The service alone writes it. Lines go to the logger ``graph_service.audit`` and, where a file is named, to its end.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from graph_service.errors import StoreUnavailable
from graph_service.model.scope import Caller
from graph_service.model.time import now

_LOG = logging.getLogger("graph_service.audit")
_LONGEST = 1_000
"""Characters of a text that nobody has checked."""
_MOST = 100
"""Members of a list or of parameters that nobody has checked."""
_OWNER_ONLY = 0o600


class Audit:
    """Where the lines go. Safe for many threads, and for many processes on one file."""

    def __init__(self, file: Path | None = None) -> None:
        """Nothing is opened before the first line; the file is opened anew for each, so that it may be moved away."""
        self._file = file

    @contextmanager
    def noted(self, caller: Caller, action: str, **facts: object) -> Iterator[dict[str, object]]:
        """Note what is done inside, whether it succeeds or not; what is learnt on the way is added to the facts.

        What fails or is refused is noted with the class of its error, never its text, which may quote the data.
        Raises StoreUnavailable when the file cannot be written: what cannot be noted is not answered.
        """
        begun = time.perf_counter()
        try:
            yield facts
        except BaseException as error:
            self.note(caller, action, begun, {**facts, "error": type(error).__name__})
            raise
        self.note(caller, action, begun, facts)

    def note(self, caller: Caller, action: str, begun: float, facts: Mapping[str, object]) -> None:
        """One line about what began at ``begun`` (of ``time.perf_counter``)."""
        told = {"at": now().isoformat(), "caller": caller.name, "action": action, **facts}
        told["seconds"] = round(time.perf_counter() - begun, 6)
        line = json.dumps(told, default=str)  # in ASCII: a text can neither end the line nor fail to be written
        _LOG.info(line)
        if self._file is not None:
            self._append(self._file, f"{line}\n".encode())

    def _append(self, file: Path, line: bytes) -> None:
        """One write to the end of the file: the lines of several processes do not mix."""
        try:
            target = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
            try:
                written = os.write(target, line)
            finally:
                os.close(target)
        except OSError as error:
            raise StoreUnavailable(f"the audit file {file} cannot be written ({error.strerror})") from error
        if written != len(line):
            raise StoreUnavailable(f"the audit file {file} took only a part of a line: is the disk full?")


def as_asked(parameters: Mapping[str, object]) -> dict[str, object]:
    """Parameters that nobody has checked, fit for a line: long ones cut, what no parameter can be by its type."""
    return {str(name)[:_LONGEST]: _short(value) for name, value in list(parameters.items())[:_MOST]}


def _short(value: object, *, deep: bool = True) -> object:
    if isinstance(value, str):
        return value[:_LONGEST]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    if deep and isinstance(value, list | tuple):
        return [_short(one, deep=False) for one in value[:_MOST]]
    return f"({type(value).__name__})"
