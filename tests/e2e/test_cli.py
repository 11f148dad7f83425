"""The command line as a user meets it: processes, exit codes, files, and the same answers as the service gives."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.command import Desk

PATH = ("shortest-paths", "--source", "party:marta-quiroga", "--target", "party:ivan-petrov")
ASKED: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "shortest-paths": (
        (*PATH, "--max-hops", "6", "--from", "2021"),
        {
            "parameters": {"source": "party:marta-quiroga", "target": "party:ivan-petrov", "max_hops": 6},
            "scope": {"from": "2021"},
        },
    ),
    "communities": (
        ("communities", "--seed", "3", "--engine", "networkx", "--as", ""),
        {"parameters": {"seed": 3}, "engine": "networkx", "scope": {"as": []}},
    ),
    "degree": (
        ("degree", "--kind", "Party", "--min-grade", "B2"),
        {"parameters": {"kind": "Party"}, "scope": {"min_grade": "B2"}},
    ),
    "expand": (
        ("expand", "--entity", "party:ivan-petrov", "--events", "collapsed"),
        {"parameters": {"entity": "party:ivan-petrov"}, "scope": {"events": "collapsed"}},
    ),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with the payments loaded; its tests only read."""
    desk = Desk.at(tmp_path_factory.mktemp("desk"))
    assert desk.load().code == 0
    return desk


def test_from_a_file_to_an_answer_a_chart_and_back(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    checked = desk.run("load", "payments.csv", "--mapping", "payments.toml", "--check")
    assert (checked.code, checked.err) == (0, "")
    assert "checked, nothing written" in checked.out
    assert desk.run("stats").out.startswith("0 entities")

    loaded = desk.load()
    assert loaded.code == 0
    assert "Bank: loaded — 4 rows, 7 entity records, 6 link records, 1 refused" in loaded.out
    assert "refused payments.csv:5 currency “EUX”" in loaded.out
    (rejects,) = (tmp_path / "rejects").glob("bank-*/payments.csv")
    rejects.write_text(rejects.read_text("utf-8-sig").replace("EUX", "EUR"), encoding="utf-8")
    mended = desk.run("load", str(rejects), "--mapping", "payments.toml", "--source", "Bank, mended")
    assert "Bank, mended: loaded — 1 rows" in mended.out
    assert "loaded before, nothing new" in desk.load().out

    assert "Marta Quiroga (Party)" in desk.run("find", "quiorga").out
    assert "B2 Bank, payments.csv:2" in desk.run("entity", "party:marta-quiroga").out
    told = desk.run("ask", *PATH)
    assert "1 path of 6 links from Marta Quiroga (Party) to Ivan Petrov (Party):" in told.out
    assert "—originator of (2021-03-02; B2 Bank)→ 9,500 USD (Money transfer)" in told.out

    drawn = desk.run("chart", *PATH, "-o", "path.html")
    assert (drawn.code, drawn.out.startswith("wrote path.html")) == (0, True)
    assert "Ivan Petrov" in (tmp_path / "path.html").read_text("utf-8")

    withdrawn = desk.run("withdraw", "Bank")
    assert withdrawn.out == "Bank: withdrawn, 7 entity records and 6 link records\n"
    assert "Bank  [" in desk.run("sources").out
    assert desk.run("entity", "party:marta-quiroga").code == 1
    assert desk.run("withdraw", "Bank").out.startswith("Bank: had been withdrawn before")


def test_json_is_the_answer_of_the_api_to_the_byte_whoever_holds_the_file(desk: Desk) -> None:
    alone = {name: desk.run("ask", *words, "--json") for name, (words, _) in ASKED.items()}
    with desk.serving() as url:
        for name, (words, body) in ASKED.items():
            assert (alone[name].code, alone[name].err) == (0, "")
            assert alone[name].json["question"] == name
            assert desk.run("ask", *words, "--json") == alone[name]
            served = httpx2.post(f"{url}/v1/questions/{name}", json=body, trust_env=False)
            assert (served.status_code, served.text) == (200, alone[name].out)


def test_every_command_works_while_the_service_holds_the_file(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    note = tmp_path / "graph.duckdb.service"
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "more.csv").write_text((tmp_path / "payments.csv").read_text())
    with desk.serving() as url:
        assert json.loads(note.read_text())["url"] == url
        loaded = desk.load()
        assert "Bank: loaded — 4 rows, 7 entity records, 6 link records, 1 refused" in loaded.out
        assert list((tmp_path / "rejects").rglob("payments.csv"))
        folder = desk.run("load", "folder", "--mapping", "payments.toml", "--json").json
        assert [(report["name"], report["rows"]) for report in folder["reports"]] == [("folder", 4)]
        assert desk.run("stats", "--kind", "MoneyTransfer").out.startswith("3 entities")
        assert "Marta Quiroga" in desk.run("find", "marta").out
        assert "called so: party:marta-quiroga" in desk.run("entity", "marta-quiroga").err
        assert desk.run("chart", *PATH, "-o", "path.html").code == 0
        assert desk.run("withdraw", "Bank").code == 0
        wrong = desk.run("load", "nowhere.csv")
        assert (wrong.code, wrong.err) == (1, "graph-service: nowhere.csv: there is no such file\n")
        wrong = desk.run("load", "payments.csv", "--mapping", "nowhere")
        assert wrong.code == 1
        assert "nowhere" in wrong.err
        wrong = desk.run("ask", "degree", "--from", "2022", "--to", "2021")
        assert wrong.code == 2
        second = desk.run("serve", "--port", "0")
        assert (second.code, "held by another process" in second.err) == (3, True)
    assert not note.exists()
    assert "withdrawn" in desk.run("sources").out


def test_a_file_that_is_held_by_something_else_is_told(desk: Desk) -> None:
    with desk.serving():
        note = desk.folder / "graph.duckdb.service"
        kept = note.read_text()
        note.unlink()
        held = desk.run("stats")
        assert (held.code, "held by another process" in held.err) == (3, True)
        note.write_text(kept)


def test_a_service_that_does_not_answer_is_told(desk: Desk) -> None:
    with desk.serving(), socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        note = desk.folder / "graph.duckdb.service"
        told = json.loads(note.read_text())
        note.write_text(json.dumps(told | {"url": f"http://127.0.0.1:{nobody.getsockname()[1]}"}))
        held = desk.run("stats")
    assert (held.code, "does not answer" in held.err) == (3, True)


def test_small_answers_are_sent_at_once(desk: Desk) -> None:
    with desk.serving() as url, httpx2.Client(base_url=url, trust_env=False) as client:
        seconds = [client.get("/v1/health").elapsed.total_seconds() for _ in range(30)]
    assert min(seconds) < 0.03  # a socket that waits for acknowledgements takes 0.04 every time


def test_a_port_that_is_taken_is_told(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        served = desk.run("serve", "--port", port)
    assert served.code == 2
    assert f"cannot serve at 127.0.0.1:{port}" in served.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("load", "nowhere.csv"), 1, "nowhere.csv: there is no such file"),
        (("entity", "Marta Qiroga"), 1, "called so: party:marta-quiroga (Marta Quiroga)"),
        (("ask", "expand", "--entiti", "a"), 2, "did you mean --entity?"),
    ],
    ids=["data", "not-found", "usage"],
)
def test_what_goes_wrong_is_one_line_and_a_code(desk: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    done = desk.run(*words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert done.err.startswith("graph-service: ")
    assert done.err.count("\n") == 1


def test_a_store_that_is_down_is_told_and_no_other_taken(tmp_path: Path) -> None:
    neo4j = {"GRAPH_STORE": "neo4j", "NEO4J_URI": "bolt://127.0.0.1:1", "NEO4J_PASSWORD": "s3cret"}
    done = Desk.at(tmp_path, **neo4j).run("stats")
    assert (done.code, done.out) == (3, "")
    assert "127.0.0.1:1" in done.err
    assert "s3cret" not in done.err
    assert not (tmp_path / "graph.duckdb").exists()


def test_the_settings_in_force_are_shown_without_secrets(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path, NEO4J_PASSWORD="s3cret", GRAPH_PORT="81")
    shown = desk.run("config")
    assert re.search(r"^GRAPH_PORT=81 .*\(environment\)$", shown.out, re.MULTILINE)
    assert re.search(r"^GRAPH_STORE=embedded .*\(default\)$", shown.out, re.MULTILINE)
    assert "s3cret" not in shown.out
    assert desk.run("config", "--json").json["NEO4J_PASSWORD"] == {"value": "(set, hidden)", "from": "environment"}


def test_what_can_be_asked_and_what_kinds_there_are_is_told(desk: Desk) -> None:
    (desk.folder / "mine.toml").write_text(
        '[entity.Spaceship]\nextends = "Vessel"\nlabel = "Spaceship"\ndescription = "Flies"\ncolour = "#112233"\n'
        'icon = "S"\n'
    )
    assert "shortest-paths: How does A reach B?" in desk.run("questions").out
    assert "--max-hops" in desk.run("questions").out
    assert "degree" in {one["name"] for one in desk.run("questions", "--json").json["questions"]}
    assert "DIRECTOR_OF: " in desk.run("ontology").out
    checked = desk.run("ontology", "--check", "mine.toml")
    assert (checked.code, checked.out) == (0, "mine.toml holds together; new kinds: Spaceship\n")


def test_a_pipe_that_is_closed_is_no_error(desk: Desk) -> None:
    import subprocess

    from tests.e2e.command import COMMAND

    with subprocess.Popen(
        [*COMMAND, "ontology", "--json"],
        cwd=desk.folder,
        env=desk.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_demo_runs_twice_and_while_it_is_served(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    first = desk.run("demo")
    assert (first.code, first.err) == (0, "")
    charts = sorted(path.name for path in (tmp_path / "demo").glob("*.html"))
    assert len(charts) >= 10
    assert "2,052 entities" in first.out
    assert "? How is a recruiter in Dhaka connected with a peso broker in Bogotá?" in first.out
    assert "refused residents.csv:35 born “1979-02-30”" in first.out
    with Desk(tmp_path, {"GRAPH_PATH": "demo/demo.duckdb"}).serving():
        again = desk.run("demo")
    assert (again.code, again.err) == (0, "")
    assert again.out.count("loaded before, nothing new") == 19
    assert _answers(again.out) == _answers(first.out)


def _answers(told: str) -> str:
    """What the demo tells after it has loaded."""
    return told[told.index("2,052 entities") :]
