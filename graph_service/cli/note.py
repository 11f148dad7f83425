"""The note that a running service leaves beside the embedded file, so that commands find the way to it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from graph_service.config import IN_MEMORY, Settings, StoreChoice


def note_of(settings: Settings) -> Path | None:
    """Where the note is; None for a store that is no file."""
    if settings.graph_store is not StoreChoice.EMBEDDED or settings.graph_path == Path(IN_MEMORY):
        return None
    return settings.graph_path.with_name(settings.graph_path.name + ".service")


def leave_note(note: Path, url: str) -> None:
    """Write where this process serves, readable by this user alone."""
    partial = note.with_name(note.name + ".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps({"url": url, "pid": os.getpid()}), encoding="utf-8")
    partial.replace(note)


def running_service(settings: Settings) -> str | None:
    """The address in the note; None when there is none, or the process that wrote it has ended."""
    note = note_of(settings)
    if note is None:
        return None
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        os.kill(int(told["pid"]), 0)
        return str(told["url"])
    except PermissionError:
        return None  # somebody else's process
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None
