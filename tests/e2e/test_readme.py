"""The README is true: its commands run, its example runs, and its lists are those of the product."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.api.app import create_app
from graph_service.cli.main import app
from graph_service.config import Settings, shown
from graph_service.service import ENGINES
from loaders.mapping_read import shipped_names
from loaders.report import FORMATS
from queries.catalogue import CATALOGUE
from tests.architecture.source import ROOT
from tests.e2e.command import COMMAND
from tests.unit.api import served

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The blocks of this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """What stands under a title."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found is not None, title
    return found.group(1)


def quoted(text: str) -> set[str]:
    """What stands between backquotes."""
    return set(re.findall(r"`([^`\n]+)`", text))


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in a text, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for above, line in zip(["", *lines], lines, strict=False)
        if above and "---" not in line
    ]


def environment(folder: Path) -> dict[str, str]:
    """The environment of somebody who installed the command and follows the README in a new folder."""
    shims = folder / ".bin"
    shims.mkdir(exist_ok=True)
    shim = shims / "graph-service"
    shim.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRAPH_", "NEO4J_"))}
    path = os.pathsep.join([str(shims), kept["PATH"]])
    return kept | {"PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


def run(folder: Path, *words: str) -> str:
    """What a program prints that ends well and complains about nothing."""
    done = subprocess.run(
        words, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), f"{words[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder of somebody who ran every block in order, and what each block printed."""
    folder = tmp_path_factory.mktemp("readme")
    return folder, [run(folder, "sh", "-eu", "-c", block) for block in blocks("sh")]


def test_five_minutes_are_as_they_are_told(followed: tuple[Path, list[str]]) -> None:
    folder, printed = followed
    asked = next(text for text in printed if "1 found:" in text)
    assert "6 rows, 10 entity records, 10 link records, 1 refused" in asked
    assert "refused payments.csv:6 currency “EUX”" in asked
    assert "Marta Quiroga (Party), CO  [party:marta-quiroga]" in asked
    assert "2 paths of 6 links from Marta Quiroga (Party) to Ivan Petrov (Party):" in asked
    assert "2 paths of 3 links from Marta Quiroga (Party) to Ivan Petrov (Party):" in asked
    assert "modularity" in asked
    assert "Ivan Petrov" in (folder / "path.html").read_text(encoding="utf-8")
    mended = printed[printed.index(asked) + 1]
    assert "Bank of Panama, letter 18: loaded — 1 rows" in mended
    assert "Bank of Panama, letter 17: withdrawn" in mended
    assert mended.splitlines()[-5].startswith("3 entities, 2 links, 2 sources")


def test_the_demo_is_where_it_is_said_to_be(followed: tuple[Path, list[str]]) -> None:
    folder, printed = followed
    assert "How is a recruiter in Dhaka connected with a peso broker in Bogotá?" in printed[-1]
    assert len(list((folder / "demo").glob("*.html"))) >= 10


def test_the_notebook_runs(followed: tuple[Path, list[str]]) -> None:
    folder, _ = followed
    (code,) = blocks("python")
    printed = run(folder, sys.executable, "-c", code)
    assert "subject:mizan-talukder" in printed
    assert "MultiDiGraph with" in printed


def test_the_body_of_a_question_is_one() -> None:
    (body,) = blocks("json")
    with served.client() as client:
        headers = {"Content-Type": "application/json"}
        response = client.post("/v1/questions/shortest-paths", content=body, headers=headers)
    assert response.json()["detail"].startswith("no entity 'party:marta-quiroga'")


def test_every_question_is_listed() -> None:
    assert [row[0] for row in rows(section("Questions"))] == [f"`{name}`" for name in CATALOGUE]


def test_every_question_is_asked_of_the_data_that_ship_with_the_package(followed: tuple[Path, list[str]]) -> None:
    commands = [
        line.split() for block in blocks("sh") for line in block.splitlines() if line.startswith("graph-service")
    ]
    asked = {words[2] if words[1] in {"ask", "chart"} else words[1] for words in commands}
    assert set(CATALOGUE) <= asked
    folder, printed = followed
    told = next(text for text in printed if "with no source in common" in text)
    assert told.count("Answered by memory on embedded") >= len(CATALOGUE)
    _, _, afterwards = told.rpartition("With a CSV of your own")
    assert "No path" not in afterwards, "the demo has a question without a way on purpose; the examples do not"
    assert "Answered by networkx" not in afterwards
    assert (folder / "disruption.svg").read_text(encoding="utf-8").startswith("<svg")


def test_every_command_is_listed_and_no_other() -> None:
    listed = {words.split()[0] for row in rows(section("Command line")) for words in quoted(row[0])}
    commands = {each.name or each.callback.__name__ for each in app.registered_commands if each.callback}
    assert listed == commands | {str(group.name) for group in app.registered_groups}


def test_every_route_is_listed_and_no_other() -> None:
    listed = {words for row in rows(section("HTTP API")) for words in quoted(row[0])}
    paths = create_app(served.service(), Settings()).openapi()["paths"]
    assert listed == {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def test_every_setting_is_listed_with_its_default() -> None:
    listed = {row[0].strip("`"): row[1].strip("`") for row in rows(section("Settings"))}
    defaults = {one.name: "" if one.value == "(not set)" else one.value for one in shown(Settings.model_construct())}
    assert listed == defaults


def test_every_format_mapping_and_engine_is_listed() -> None:
    loading = section("Loading")
    assert {name for row in rows(loading) for name in quoted(row[0])} == set(FORMATS)
    assert set(shipped_names()) <= quoted(loading)
    assert {name for row in rows(section("Engines")) for name in quoted(row[0])} == set(ENGINES) - {"auto"}


def test_every_part_of_a_scope_is_listed() -> None:
    from graph_service.api.scopes import ScopeBody

    listed = {name for row in rows(section("Views and markings")) for name in quoted(row[1])}
    assert listed == {field.alias or name for name, field in ScopeBody.model_fields.items()}
