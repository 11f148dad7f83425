"""Output and exit codes."""

from __future__ import annotations

import time

import pytest

from graph_service import errors
from graph_service.cli.main import run
from graph_service.cli.show import clean, complain, exit_code, progress, put, say


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.MappingError("x"), 1),
        (errors.OntologyError("x"), 1),
        (errors.EntityNotFound("x"), 1),
        (errors.SourceNotFound("x"), 1),
        (errors.Cancelled("x"), 1),
        (errors.UnknownKind("x"), 2),
        (errors.InvalidParameter("x"), 2),
        (errors.UnknownQuestion("x"), 2),
        (errors.EngineCannot("x"), 2),
        (errors.StoreLocked("x"), 3),
        (errors.StoreUnavailable("x"), 3),
        (errors.IncompatibleStore("x"), 3),
    ],
)
def test_every_family_of_errors_has_its_code(error: errors.GraphServiceError, code: int) -> None:
    assert exit_code(error) == code


def test_a_terminal_is_never_steered(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb\u202e")
    complain("c\x07d")
    assert capsys.readouterr() == ("a⟦U+001B⟧[2Jb⟦U+202E⟧\n", "c⟦U+0007⟧d\n")
    assert clean(" a\n\tb ") == "a b"
    assert len(clean("x" * 1_000)) == 300


def test_json_or_words(capsys: pytest.CaptureFixture[str]) -> None:
    put({"b": 1, "a": ("é",)}, lambda: ["words"], as_json=True)
    put({}, lambda: ["words"], as_json=False)
    assert capsys.readouterr().out == '{\n  "b": 1,\n  "a": [\n    "é"\n  ]\n}\nwords\n'


def test_progress_is_silent_when_it_is_quick_or_unwanted(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (True, False):
        with progress("loading", quiet=quiet) as told:
            told(1, 2)
    assert capsys.readouterr() == ("", "")


def test_progress_is_shown_when_it_takes_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress("loading", quiet=False) as told:
        later = time.monotonic() + 2
        monkeypatch.setattr(time, "monotonic", lambda: later)
        told(1, 2)
        told(2, 2)
    out, told_words = capsys.readouterr()
    assert out == ""
    assert "loading" in told_words


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ([], 2, ""),
        (["--help"], 0, ""),
        (["--version"], 0, ""),
        (["fnd"], 2, "Did you mean 'find'"),
        (["--nothing"], 2, "--nothing"),
        (["load"], 2, "PATH"),
        (["serve", "--port", "99999"], 2, "--port"),
    ],
)
def test_the_command_itself(capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str) -> None:
    assert run(words) == code
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == bool(says)


def test_what_nobody_foresaw_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("graph_service.cli.loading.client", broken)
    assert run(["stats"]) == 1
    assert capsys.readouterr().err == "graph-service: failed with RuntimeError: broken (GRAPH_DEBUG=1 shows where)\n"
    monkeypatch.setenv("GRAPH_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(["stats"])
