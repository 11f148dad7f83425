"""The command line at its edges: every question, wrong files, services that end, stores that are not there."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from queries.catalogue import CATALOGUE
from tests.e2e.command import COMMAND, Desk, Ran

ENDS = {"source": "party:marta-quiroga", "target": "party:ivan-petrov"}
ASKED: dict[str, dict[str, str]] = {
    "find": {"text": "quiorga"},
    "entity": {"entity": "party:marta-quiroga"},
    "expand": {"entity": "party:marta-quiroga"},
    "shortest-paths": ENDS,
    "components": {},
    "communities": {},
    "degree": {},
}
SAYS = {
    "find": "Marta Quiroga (Party)",
    "entity": "B2 Bank, payments.csv:2",
    "expand": "Around Marta Quiroga (Party)",
    "shortest-paths": "1 path of 6 links",
    "components": "Ivan Petrov (Party)",
    "communities": "modularity",
    "degree": "  1. Blue Heron Trading Ltd (Party): 2 links with 2 others",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with the payments loaded; its tests only read."""
    desk = Desk.at(tmp_path_factory.mktemp("desk"))
    assert desk.load().code == 0
    return desk


@contextmanager
def started(desk: Desk, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command under way, which is ended with the block when it has not ended by itself."""
    process = subprocess.Popen(
        [*COMMAND, *words],
        cwd=desk.folder,
        env=desk.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    """Where a service answers, once it does."""
    assert process.stdout is not None
    return process.stdout.readline().split(" at ")[1].split()[0]


def options(parameters: dict[str, str]) -> list[str]:
    return [word for name, value in parameters.items() for word in (f"--{name}", value)]


def refused(done: Ran, code: int) -> str:
    """The one line of a command that ended with this code and printed nothing else."""
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("graph-service: ")
    assert done.err.count("\n") == 1
    return done.err


def test_what_is_asked_here_is_in_the_catalogue() -> None:
    """All the others are asked by the README, which is executed."""
    assert ASKED.keys() == SAYS.keys() <= CATALOGUE.keys()


@pytest.mark.parametrize("name", ASKED)
def test_a_question_is_told_and_drawn(desk: Desk, name: str) -> None:
    told = desk.run("ask", name, *options(ASKED[name]))
    assert (told.code, told.err) == (0, "")
    assert SAYS[name] in told.out
    assert told.out.splitlines()[-1].startswith("Answered by memory on embedded, revision 1")
    drawn = desk.run("chart", name, *options(ASKED[name]), "-o", f"{name}.html")
    assert (drawn.code, drawn.err) == (0, "")
    assert (desk.folder / f"{name}.html").read_text("utf-8").startswith("<!doctype html>")


def test_json_of_every_command_is_that_of_the_api(desk: Desk) -> None:
    routes = {
        ("stats", "--from", "2021-03-10", "--kind", "MoneyTransfer"): "/v1/stats?from=2021-03-10&kinds=MoneyTransfer",
        ("sources",): "/v1/sources",
        ("questions",): "/v1/questions",
        ("ontology",): "/v1/ontology",
        ("entity", "party:marta-quiroga"): "/v1/entities/party:marta-quiroga",
    }
    alone = {words: desk.run(*words, "--json") for words in routes}
    with desk.serving() as url:
        for words, route in routes.items():
            assert (alone[words].code, alone[words].err) == (0, ""), words
            assert httpx2.get(f"{url}{route}", trust_env=False).text == alone[words].out
            assert desk.run(*words, "--json") == alone[words]


WRONG: dict[str, tuple[bytes, tuple[str, ...], str]] = {
    "empty": (b"", (), "is empty"),
    "blank": (b"\n \n", (), "is empty"),
    "latin": ("payer,payee,sum,currency,day\nJosé,Ana,1,EUR,2021\n".encode("cp1252"), (), "name its encoding"),
    "wrongly-named": (b"payer\nAna\n", ("--encoding", "utf-16"), "is not its encoding"),
    "spreadsheet": (b"PK\x03\x04" + b"\x00" * 100, (), "Excel"),
    "other-format": (b"payer,payee\n", ("--format", "ftm"), "ftm"),
    "other-columns": (b"payer,payee,amount,currency,day\n", (), "no column 'sum'"),
}


def test_a_wrong_file_is_told_by_its_name_and_nothing_is_written(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    alone = [wrong_file(desk, name) for name in WRONG]
    with desk.serving():
        assert [wrong_file(desk, name) for name in WRONG] == alone
        assert desk.run("sources", "--json").json == {"sources": []}


def wrong_file(desk: Desk, name: str) -> str:
    """What is told of a wrong file."""
    content, words, says = WRONG[name]
    (desk.folder / f"{name}.csv").write_bytes(content)
    mapped = () if "--format" in words else ("--mapping", "payments.toml", "--source", "Bank")
    told = refused(desk.run("load", f"{name}.csv", *words, *mapped), 1)
    assert says in told
    assert f" {name}.csv" in told or " payments.toml" in told
    return told


def test_a_mapping_with_an_unknown_column_names_the_nearest(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    wrong = (tmp_path / "payments.toml").read_text().replace('"sum"', '"summ"')
    (tmp_path / "wrong.toml").write_text(wrong)
    told = refused(desk.run("load", "payments.csv", "--mapping", "wrong.toml"), 1)
    assert "wrong.toml:15: entity.payment.properties.amount: the file has no column 'summ'; did you mean 'sum'?" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("fnd", "marta"), "Did you mean 'find'?"),
        (("load", "payments.csv", "--maping", "payments.toml"), "did you mean --mapping"),
        (("stats", "--frm", "2021"), "did you mean --from?"),
        (("chart", "shortest-pths", "-o", "x.html"), "did you mean shortest-paths?"),
        (("withdraw",), "Missing argument"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_a_near_miss_is_told_with_what_was_meant(desk: Desk, words: tuple[str, ...], says: str) -> None:
    assert says in refused(desk.run(*words), 2)


@pytest.mark.parametrize("uri", ["neo4j://127.0.0.1:{port}", "bolt://127.0.0.1:{port}"])
def test_a_neo4j_that_is_not_there_is_told_soon_in_one_line(tmp_path: Path, uri: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        where = uri.format(port=nobody.getsockname()[1])
        desk = Desk.at(tmp_path, GRAPH_STORE="neo4j", NEO4J_URI=where, NEO4J_PASSWORD="s3cret-canary")
        begun = time.monotonic()
        told = refused(desk.run("stats"), 3)
    assert time.monotonic() - begun < 20
    assert where in told
    assert "s3cret-canary" not in told
    assert not (tmp_path / "graph.duckdb").exists()


def test_an_address_that_is_none_of_neo4j_is_told(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path, GRAPH_STORE="neo4j", NEO4J_URI="http://127.0.0.1:7474")
    assert "NEO4J_URI: not an address such as neo4j://HOST:7687" in refused(desk.run("stats"), 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_told(desk: Desk) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "ontology", "--json"],
            cwd=desk.folder,
            env=desk.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "graph-service: No space left on device\n")


def test_a_folder_for_refused_rows_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path, GRAPH_REJECTS="payments.csv")
    assert "Not a directory" in refused(desk.run("load", "payments.csv", "--mapping", "payments.toml"), 1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_service_that_is_interrupted_ends_well(desk: Desk, how: signal.Signals) -> None:
    note = desk.folder / "graph.duckdb.service"
    with started(desk, "serve", "--port", "0") as process:
        url = address(process)
        assert json.loads(note.read_text()) == {"url": url, "pid": process.pid}
        assert httpx2.get(f"{url}/v1/health", trust_env=False).json()["ok"] is True
        process.send_signal(how)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert all(json.loads(line)["level"] == "INFO" for line in err.splitlines())
    assert not note.exists()
    assert desk.run("stats").code == 0


def test_a_note_that_a_killed_service_left_is_no_obstacle(desk: Desk) -> None:
    note = desk.folder / "graph.duckdb.service"
    with started(desk, "serve", "--port", "0") as process:
        address(process)
        process.kill()
        process.communicate(timeout=20)
    assert note.exists()
    assert desk.run("stats").code == 0
    with desk.serving() as url:
        assert json.loads(note.read_text())["url"] == url
    assert not note.exists()


def test_two_services_on_one_file_are_one_too_many(desk: Desk) -> None:
    with desk.serving() as url:
        told = refused(desk.run("serve", "--port", "0"), 3)
        assert "graph.duckdb" in told
        assert "held by another process" in told
        assert httpx2.get(f"{url}/v1/health", trust_env=False).status_code == 200
        assert (desk.folder / "graph.duckdb.service").exists()


def test_a_load_that_is_interrupted_is_told_and_can_be_done_again(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    rows = "".join(f"Payer {n},Payee {n % 997},1.00,EUR,2021-03-02\n" for n in range(40_000))
    (tmp_path / "payments.csv").write_text("payer,payee,sum,currency,day\n" + rows, encoding="utf-8")
    with started(desk, "load", "payments.csv", "--mapping", "payments.toml") as process:
        begun = time.monotonic()
        while not (tmp_path / "graph.duckdb").exists() and time.monotonic() - begun < 20:
            time.sleep(0.02)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "graph-service: interrupted\n")
    again = desk.run("load", "payments.csv", "--mapping", "payments.toml")
    assert "40,000 rows, 80,997 entity records, 80,000 link records, 0 refused" in again.out
    assert desk.run("stats").out.startswith("80,997 entities, 80,000 links, 1 source")


def test_compiling_ahead_says_how_long_it_took(desk: Desk) -> None:
    done = desk.run("compile")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("compiled in ")


def test_an_ontology_of_ones_own_is_checked_and_used(tmp_path: Path) -> None:
    kind = '[entity.Spaceship]\nextends = "Vessel"\nlabel = "Spaceship"\ndescription = "Flies"\n'
    (tmp_path / "mine.toml").write_text(f'{kind}colour = "#112233"\nicon = "S"\n')
    (tmp_path / "bad.toml").write_text(kind.replace("Vessel", "Vesel"))
    desk = Desk.at(tmp_path, GRAPH_ONTOLOGY="mine.toml")
    bad = desk.run("ontology", "--check", "bad.toml")
    assert (bad.code, bad.out) == (1, "")
    assert "bad.toml" in bad.err
    assert "Vesel" in bad.err
    assert "Spaceship" in desk.run("ontology").out
    record: dict[str, Any] = {"type": "entity", "id": "s:1", "kind": "Spaceship", "properties": {"name": "Nostromo"}}
    (tmp_path / "ships.jsonl").write_text(json.dumps(record) + "\n")
    assert "1 entity records, 0 link records, 0 refused" in desk.run("load", "ships.jsonl").out
    assert "Nostromo (Spaceship)" in desk.run("find", "nostromo").out
