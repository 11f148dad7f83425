"""Logs as JSON, one line an event, without what people ask: neither paths, nor queries, nor values of records."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

import orjson

from graph_service.model.time import moment_text, now

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how grave, from where, what, and the fields given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. Of an error its type and places in the code, not its text, which may hold what was asked."""
        line: dict[str, object] = {"at": moment_text(now()), "level": record.levelname, "logger": record.name}
        line["message"] = record.getMessage()
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["places"] = _places(record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


def log_to_stderr() -> None:
    """Everything from warnings on, and the access log, as JSON lines on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("graph_service.access").setLevel(logging.INFO)


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in traceback.extract_tb(trace)]
