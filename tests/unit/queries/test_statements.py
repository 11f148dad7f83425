"""The Cypher of the questions: constants, under the scope, with every parameter they name handed over."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

import queries
from graph_service.model.answer import Limits
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.network.budget import Budget
from graph_service.store.neo4j.reading import scope_parameters
from graph_service.store.protocol import Statement
from queries.catalogue import CATALOGUE
from queries.pushdown import LINK_SEEN, RECORD_SEEN
from tests.unit.ledger_store import Rows
from tests.unit.queries.asking import database

HOME = Path(queries.__path__[0])
FILES = sorted(path for path in HOME.rglob("*.py") if path.stem != "__init__")
FRAGMENTS = {"LINK_SEEN", "RECORD_SEEN", "A_SEEN", "B_SEEN", "_WAY"}
ON_A_PROJECTION = {"LEIDEN", "DROP"}
"""Statements that touch only a projection which another statement made under the scope."""


def constants() -> list[tuple[str, str, str]]:
    """(module, name, text) of every constant that is annotated as literal text."""
    found = []
    for path in FILES:
        module = importlib.import_module(".".join(path.relative_to(HOME.parent).with_suffix("").parts))
        for name, annotation in getattr(module, "__annotations__", {}).items():
            if annotation == "LiteralString":
                found.append((path.stem, name, str(getattr(module, name))))
    return found


STATEMENTS = [one for one in constants() if one[1] not in FRAGMENTS]


def test_there_are_statements_to_look_at() -> None:
    assert len(STATEMENTS) > 12
    assert {name for _, name, _ in constants()} >= FRAGMENTS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_statement_is_made_of_literals_and_other_constants_only(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not (isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "LiteralString"):
            continue
        assert node.value is not None
        for part in ast.walk(node.value):
            assert isinstance(part, ast.Constant | ast.BinOp | ast.Add | ast.Name | ast.Load), ast.unparse(part)
            if isinstance(part, ast.Constant):
                assert isinstance(part.value, str)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_only_constants_are_run(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "rows"
            and node.args
        ):
            assert isinstance(node.args[0], ast.Name), ast.unparse(node)
            assert node.args[0].id.isupper(), ast.unparse(node)
        if isinstance(node, ast.JoinedStr) and path.stem != "find":
            assert not re.search(r"\b(MATCH|WHERE|RETURN|CALL)\b", ast.unparse(node))


@pytest.mark.parametrize(("module", "name", "text"), STATEMENTS, ids=[f"{m}.{n}" for m, n, _ in STATEMENTS])
def test_a_statement_reads_under_the_scope_and_writes_nothing(module: str, name: str, text: str) -> None:
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|LOAD|FOREACH)\b", text)
    if name in ON_A_PROJECTION:
        assert "$name" in text
        return
    assert LINK_SEEN in text or RECORD_SEEN in text
    if re.search(r"-\[r\]-", text):
        assert LINK_SEEN in text
    if "b:Entity" in text:
        assert "(b)<-[:ABOUT]-" in text or "b.id IN $ids" in text


@pytest.mark.parametrize(("module", "name", "text"), STATEMENTS, ids=[f"{m}.{n}" for m, n, _ in STATEMENTS])
def test_rows_come_in_an_order_or_are_put_in_one(module: str, name: str, text: str) -> None:
    if "LIMIT" in text or "[..$" in text:
        assert "ORDER BY" in text


def plausible(statement: Statement, scope: Scope) -> Rows:
    """A row that any question can go on with, so that all of its statements are run."""
    row: dict[str, Any] = dict.fromkeys(("id", "entity", "neighbour", "link", "source", "target", "a", "b"), "x")
    row |= {"kind": "Subject", "text": "ann", "codes": "CO", "direction": "out", "community": 1}
    row |= dict.fromkeys(("links", "total", "degree", "neighbours"), 1)
    row["kept"] = [{"neighbour": "y", "link": "l", "source": "x", "target": "y"}]
    if "frontier" in statement.parameters and "beyond" not in statement.parameters:
        return [row | {"id": "y", "links": 1}]
    if "beyond" in statement.parameters:
        return [row | {"a": "x", "b": "y"}]
    if "AS source, b.id AS target" in statement.text:
        return [row | {"target": "y"}]
    return [row, row | {"id": "y"}]


ASKED: dict[str, list[dict[str, object]]] = {
    "find": [{"text": "ann"}, {"country": "CO"}, {"kind": "Subject", "identifier": "12-3"}],
    "entity": [{"entity": "x"}],
    "expand": [{"entity": "x", "hops": 2}],
    "shortest-paths": [{"source": "x", "target": "y"}, {"source": "x", "target": "y", "directed": True}],
    "components": [{}],
    "communities": [{}],
    "degree": [{}, {"kind": "Subject"}],
}


@pytest.mark.parametrize("name", [name for name, asked in CATALOGUE.items() if asked.neo4j])
def test_every_parameter_a_statement_names_is_given_and_no_value_is_in_its_text(name: str) -> None:
    scope_given = set(scope_parameters(EVERYTHING, {}))
    texts = {text for _, _, text in constants()}
    for parameters in ASKED[name]:
        pushdown, store = database(plausible, EVERYTHING, Limits(), "gds 2.13")
        asked = CATALOGUE[name]
        assert asked.neo4j is not None
        with Budget() as budget:
            asked.neo4j(pushdown, asked.parameters(**parameters), budget)
        assert store.asked
        for statement, scope in store.asked:
            assert statement.text in texts
            assert scope == EVERYTHING
            named = set(re.findall(r"\$(\w+)", statement.text))
            assert named - scope_given == set(statement.parameters), statement.text


def test_every_question_that_is_pushed_down_is_asked_above() -> None:
    assert set(ASKED) == {name for name, asked in CATALOGUE.items() if asked.neo4j}
