"""The audit: what a line holds, where it goes, and what happens when it cannot go there."""

from __future__ import annotations

import json
import multiprocessing
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from graph_service.audit import Audit, as_asked
from graph_service.bootstrap import open_service
from graph_service.config import Settings
from graph_service.errors import DataError, EntityNotFound, StoreUnavailable
from graph_service.model.scope import EVERYTHING, Caller
from tests.unit.ledger_store import LedgerStore
from tests.unit.service_worlds import ENTITY, service_over, world

ANN = Caller("ann", frozenset({"TLP:RED"}))


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]


def test_what_is_done_is_one_line_with_what_was_learnt_on_the_way(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    with Audit(file).noted(ANN, "ask", question="find") as facts:
        facts["engine"] = "memory"
        time.sleep(0.01)
    [line] = read(file)
    assert list(line) == ["at", "caller", "action", "question", "engine", "seconds"]
    assert (line["caller"], line["action"], line["question"], line["engine"]) == ("ann", "ask", "find", "memory")
    assert 0.01 <= line["seconds"] < 10


@pytest.mark.parametrize("error", [DataError("of Ann Smith"), KeyboardInterrupt()])
def test_what_fails_is_noted_by_the_class_of_its_error_and_raised_on(tmp_path: Path, error: BaseException) -> None:
    file = tmp_path / "audit.jsonl"

    def work() -> None:
        with Audit(file).noted(ANN, "ask") as facts:
            facts["engine"] = "memory"
            raise error

    with pytest.raises(type(error)):
        work()
    [line] = read(file)
    assert (line["engine"], line["error"]) == ("memory", type(error).__name__)
    assert "Smith" not in file.read_text()


def test_no_text_ends_a_line_or_stops_it_from_being_written(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    hostile = 'a"}\n{"caller": "somebody else"}\r\u2028\ud800 José'
    Audit(file).note(Caller(hostile), "ask", time.perf_counter(), {"parameters": {"text": hostile}, "path": Path("x")})
    [line] = read(file)
    assert (line["caller"], line["parameters"]["text"], line["path"]) == (hostile, hostile, "x")


def test_lines_are_appended_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    for action in ("ask", "load"):
        Audit(file).note(ANN, action, time.perf_counter(), {})
    assert [line["action"] for line in read(file)] == ["ask", "load"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    audit, file = Audit(tmp_path / "audit.jsonl"), tmp_path / "audit.jsonl"
    audit.note(ANN, "ask", time.perf_counter(), {})
    file.rename(tmp_path / "old.jsonl")
    audit.note(ANN, "load", time.perf_counter(), {})
    assert [line["action"] for line in read(file)] == ["load"]


def _write_many(file: Path, name: str) -> None:
    audit = Audit(file)
    for number in range(200):
        audit.note(Caller(name), "ask", time.perf_counter(), {"number": number, "long": name * 3_000})


def test_the_lines_of_several_processes_do_not_mix(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(file, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    for name in "ab":
        assert [line["number"] for line in read(file) if line["caller"] == name] == list(range(200))


def test_what_cannot_be_noted_is_not_answered(tmp_path: Path) -> None:
    service = service_over(LedgerStore(world()), audit=Audit(tmp_path / "no such folder" / "audit.jsonl"))
    with pytest.raises(StoreUnavailable, match=r"audit\.jsonl cannot be written"):
        service.ask("entity", ENTITY, EVERYTHING, ANN)
    with pytest.raises(StoreUnavailable, match=r"audit\.jsonl cannot be written"):
        service.ask("entity", {"entity": "unknown"}, EVERYTHING, ANN)


def test_a_full_disk_is_told() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    with pytest.raises(StoreUnavailable, match="/dev/full cannot be written"):
        Audit(Path("/dev/full")).note(ANN, "ask", time.perf_counter(), {})


def test_the_setting_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    service = open_service(Settings(graph_path=Path(":memory:"), graph_audit_file=file))
    try:
        with pytest.raises(EntityNotFound):
            service.ask("entity", {"entity": "x"}, EVERYTHING, ANN)
    finally:
        service.close()
    assert [(line["caller"], line["error"]) for line in read(file)] == [("ann", "EntityNotFound")]


def test_unchecked_parameters_are_cut_to_what_fits_a_line() -> None:
    plain: dict[str, object] = {
        "text": "Ann",
        "limit": 3,
        "share": 0.5,
        "directed": True,
        "kind": None,
        "ids": ["a", 1],
    }
    assert as_asked(plain) == plain
    deep: object = [[[1]], "x" * 2_000, {"a": 1}]
    assert as_asked({"deep": deep, "big": 2**70, "other": {1}}) == {
        "deep": ["(list)", "x" * 1_000, "(dict)"],
        "big": "(int)",
        "other": "(set)",
    }
    assert len(as_asked({str(n): "" for n in range(5_000)})) == 100
