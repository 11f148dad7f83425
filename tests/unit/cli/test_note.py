"""The note of a running service: found while it runs, ignored when it is stale."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.cli.note import leave_note, note_of, running_service
from graph_service.config import Settings, StoreChoice


def settings(tmp_path: Path) -> Settings:
    return Settings(graph_store=StoreChoice.EMBEDDED, graph_path=tmp_path / "g.duckdb")


def test_a_note_leads_to_the_service(tmp_path: Path) -> None:
    note = note_of(settings(tmp_path))
    assert note == tmp_path / "g.duckdb.service"
    assert running_service(settings(tmp_path)) is None
    leave_note(note, "http://127.0.0.1:1")
    assert running_service(settings(tmp_path)) == "http://127.0.0.1:1"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert json.loads(note.read_text()) == {"url": "http://127.0.0.1:1", "pid": os.getpid()}


def test_a_store_that_is_no_file_has_no_note(tmp_path: Path) -> None:
    for given in (Settings(graph_store=StoreChoice.NEO4J), Settings(graph_path=Path(":memory:"))):
        assert note_of(given) is None
        assert running_service(given) is None


def test_a_note_of_a_process_that_ended_is_ignored(tmp_path: Path) -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    note = tmp_path / "g.duckdb.service"
    note.write_text(json.dumps({"url": "http://127.0.0.1:1", "pid": done.pid}))
    assert running_service(settings(tmp_path)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"url": "x"}', '{"url": "x", "pid": "y"}', '{"pid": 1e99}'])
def test_a_note_that_makes_no_sense_is_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "g.duckdb.service").write_text(text)
    assert running_service(settings(tmp_path)) is None
