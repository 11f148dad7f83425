"""Refused rows: kept with their reasons, safe in a spreadsheet, and as they were when they are loaded again."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.csv_file import CsvForm, open_csv
from loaders.rejects import REASONS, Reject, RejectsFile, guarded, unguarded, with_ending
from loaders.source import Row, inspect


@given(st.text(st.sampled_from("'=+-@\t\rab "), max_size=8))
def test_guarding_is_undone(value: str) -> None:
    assert unguarded(guarded(value)) == value
    assert not guarded(value).startswith(("=", "+", "-", "@", "\t", "\r", "\x00"))


@pytest.mark.parametrize("value", ["", "a=b", "'quoted'", "''", "O'Brien", "12"])
def test_harmless_values_are_not_touched(value: str) -> None:
    assert guarded(value) == unguarded(value) == value


def test_rejects_of_a_csv_file_are_a_csv_file_of_the_same_columns(tmp_path: Path) -> None:
    file = RejectsFile(tmp_path / "deep" / "r.csv", ("a", "b"), delimiter=";")
    file.add(Reject("x.csv", "7", "b", "bad;", "not good", ("=1+1", "bad;")))
    file.add(Reject("x.csv", "8", "", "one", "has 1 field", ("one",)))
    assert not (tmp_path / "deep" / "r.csv").exists()
    assert file.close(keep=True)
    assert file.count == 2
    with (tmp_path / "deep" / "r.csv").open(encoding="utf-8-sig", newline="") as text:
        assert list(csv.reader(text, delimiter=";")) == [
            ["a", "b", *REASONS],
            ["'=1+1", "bad;", "7", "b", "bad;", "not good"],
            ["one", "", "8", "", "one", "has 1 field"],
        ]
    table = open_csv(inspect(tmp_path / "deep" / "r.csv"), CsvForm())
    first = next(table.rows())
    assert isinstance(first, Row)
    assert first.values[:2] == ("=1+1", "bad;")


def test_rejects_of_json_lines_are_json_lines(tmp_path: Path) -> None:
    file = RejectsFile(tmp_path / "r.jsonl")
    file.add(Reject("x", "1", "k", "v", "why", raw='{"id": "é"}'))
    file.add(Reject("x", "2", "", "nonsense", "not JSON", raw="nonsense " * 1_000))
    file.close(keep=True)
    first, second = (json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines())
    assert first == {"id": "é", "_reject": {"line": "1", "column": "k", "value": "v", "reason": "why"}}
    assert second["_raw"].startswith("nonsense")
    assert len(second["_raw"]) < 3_000


def test_rejects_of_a_document_are_a_document_of_the_same_arrays(tmp_path: Path) -> None:
    file = RejectsFile(tmp_path / "r.json", document=True)
    file.add(Reject("x", "nodes[4]", "", "", "why", raw='{"id": 1}'))
    file.close(keep=True)
    assert [item["id"] for item in json.loads((tmp_path / "r.json").read_text())["nodes"]] == [1]


def test_rejects_of_a_document_that_is_one_array_are_one_array(tmp_path: Path) -> None:
    file = RejectsFile(tmp_path / "r.json", document=True)
    file.add(Reject("x", "[0]", "", "", "why", raw='{"id": 1}'))
    file.close(keep=True)
    assert json.loads((tmp_path / "r.json").read_text())[0]["id"] == 1


def test_rejects_that_are_not_kept_leave_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    for keep, value in ((True, "first"), (False, "second")):
        file = RejectsFile(path, ("a",))
        file.add(Reject("x", "1", "", "", "why", (value,)))
        assert file.close(keep=keep)
    assert "first" in path.read_text(encoding="utf-8-sig")
    assert list(tmp_path.iterdir()) == [path]


def test_no_refusals_no_file(tmp_path: Path) -> None:
    assert not RejectsFile(tmp_path / "r.csv", ("a",)).close(keep=True)
    assert list(tmp_path.iterdir()) == []


def test_endings() -> None:
    assert with_ending(Path("a.csv"), ".csv") == Path("a.csv")
    assert with_ending(Path("a.txt"), ".csv") == Path("a.txt.csv")
