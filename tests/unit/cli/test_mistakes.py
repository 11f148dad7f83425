"""What goes wrong is one line on standard error and an exit code: 1 data, 2 the command, 3 the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_service.cli.main import run
from graph_service.config import Settings
from tests.e2e.command import Desk


@dataclass(frozen=True, slots=True)
class Mistake:
    """A folder in which commands are run in this process, and what they say."""

    folder: Path
    said: pytest.CaptureFixture[str]

    def told(self, *words: str, code: int) -> str:
        """What a command says that ends with this code and prints nothing."""
        assert run(words) == code
        out, err = self.said.readouterr()
        assert out == ""
        assert err.startswith("graph-service: ")
        return err


@pytest.fixture
def mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Mistake:
    for name in (*Settings.model_fields, "graph_config"):
        monkeypatch.delenv(name.upper(), raising=False)
    Desk.at(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Mistake(tmp_path, capsys)


@pytest.fixture
def loaded(mistake: Mistake) -> Mistake:
    """With the payments loaded."""
    assert run(["load", "payments.csv", "--mapping", "payments.toml", "--source", "Bank", "--grade", "B2"]) == 0
    mistake.said.readouterr()
    return mistake


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("load", "nowhere.csv"), 1, "there is no such file"),
        (("load", "empty.csv"), 1, "empty"),
        (("load", "picture.png"), 1, "PNG"),
        (("load", "latin.csv"), 1, "name its encoding"),
        (("load", "payments.csv"), 1, "mapping"),
        (("load", "payments.csv", "--mapping", "nowhere.toml"), 1, "nowhere.toml"),
        (("load", "payments.csv", "--mapping", "bad.toml"), 1, "Persn"),
        (("load", "payments.csv", "--mapping", "payments.toml", "--grade", "Z9"), 2, "grade"),
        (("load", "payments.csv", "--format", "xls"), 2, "xls"),
        (("load", "payments.csv", "--encoding", "klingon"), 2, "there is no text encoding 'klingon'"),
        (("load", ""), 2, "one of the paths is empty"),
        (("load", "payments.csv", "", "--mapping", "payments.toml"), 2, "one of the paths is empty"),
        (("load", "payments.csv", "--mapping", "payments.toml", "--marking", "a b"), 2, "marking"),
        (("entity", "subject:nobody-at-all"), 1, "no entity 'subject:nobody-at-all'"),
        (("entity", "Marta Qiroga"), 1, "party:marta-quiroga (Marta Quiroga)"),
        (("find",), 2, "say what to look for"),
        (("find", "marta", "--kind", "Persn"), 2, "unknown entity kind 'Persn'"),
        (("ask", "degree", "--scope-kind", "Partei"), 2, "did you mean"),
        (("ask", "shortest-paths", "--source", "party:marta-quiroga", "--target", "ivan"), 1, "party:ivan-petrov"),
        (("ask", "expand", "--entity", "party:ivan-petrov", "--hops", "9"), 2, "hops"),
        (("ask", "degree", "--engine", "neo4j"), 2, "the store is embedded"),
        (("ask", "degree", "--engine", "oracle"), 2, "oracle"),
        (("ask", "degree", "--known", "soon"), 2, "soon"),
        (("chart", "degree", "-o", "nowhere/chart.html"), 1, "cannot write nowhere/chart.html"),
        (("chart", "degree"), 2, "--output"),
        (("withdraw", "Nothing"), 1, "no source 'Nothing'"),
        (("ontology", "--check", "bad-ontology.toml"), 1, "bad-ontology.toml"),
        (("ontology", "--check", "nowhere.toml"), 1, "nowhere.toml"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
def test_what_goes_wrong_is_one_line_and_a_code(loaded: Mistake, words: tuple[str, ...], code: int, says: str) -> None:
    folder = loaded.folder
    (folder / "empty.csv").touch()
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "latin.csv").write_bytes("payer,payee\nJosé,Ana\n".encode("latin-1"))
    (folder / "bad.toml").write_text('[entity.a]\nkind = "Persn"\nid = "a:{payer}"\n')
    (folder / "bad-ontology.toml").write_text("[entity.Spaceship]\n")
    told = loaded.told(*words, code=code)
    assert told.count("\n") == 1 or "ontology" in words
    assert says in told


@pytest.mark.parametrize(
    ("settings", "code", "says"),
    [
        ({"GRAPH_STORE": "neo4j", "NEO4J_URI": "bolt://127.0.0.1:1", "NEO4J_PASSWORD": "s3cret"}, 3, "127.0.0.1:1"),
        ({"GRAPH_STORE": "oracle"}, 2, "GRAPH_STORE"),
        ({"GRAPH_PATH": "nowhere/graph.duckdb"}, 3, "nowhere"),
        ({"GRAPH_PATH": "payments.csv"}, 3, "payments.csv"),
        ({"GRAPH_CONFIG": "nowhere.toml"}, 2, "nowhere.toml"),
        ({"GRAPH_ONTOLOGY": "payments.csv"}, 1, "payments.csv"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_store_that_cannot_be_had_is_told_and_no_other_taken(
    mistake: Mistake, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], code: int, says: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    told = mistake.told("stats", code=code)
    assert says in told
    assert "s3cret" not in told
    if "GRAPH_PATH" in settings:
        assert sorted(path.name for path in mistake.folder.iterdir()) == ["payments.csv", "payments.toml"]
