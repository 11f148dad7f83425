"""Routers translate and do nothing else: no handler has more than five lines, and every route answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from graph_service.api import routers
from tests.unit.api import served

MOST_LINES = 5
FILES = sorted(Path(routers.__path__[0]).glob("*.py"))
HTTP = {"get", "post", "put", "patch", "delete"}


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a file, those within others included."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a body without its docstring and without the functions made within it."""
    skipped = 1 if ast.get_docstring(function) is not None else 0
    kept = [each for each in function.body[skipped:] if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sum((each.end_lineno or each.lineno) - each.lineno + 1 for each in kept)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_handler_has_five_lines_or_fewer(file: Path) -> None:
    assert {each.name: body_lines(each) for each in functions(file) if body_lines(each) > MOST_LINES} == {}


def test_lines_are_counted_as_they_stand() -> None:
    (one,) = ast.parse('def a():\n    """Doc."""\n    b = (\n        1\n    )\n\n    return b\n').body
    assert isinstance(one, ast.FunctionDef)
    assert body_lines(one) == 4


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served.client() as asking:
        yield asking


def test_every_documented_route_is_there_and_answers_in_json(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert len(paths) > 15
    for path, methods in paths.items():
        for method in HTTP & methods.keys():
            address = path.format(source_id="none", entity_id="subject:ana", load_id="none")
            response = client.request(method.upper(), address, json={} if method == "post" else None)
            assert response.status_code in {200, 404, 415, 422}, (method, address, response.text)
            kind = response.headers["content-type"]
            assert kind == ("application/json" if response.status_code == 200 else "application/problem+json")
            if response.status_code == 404:
                assert response.json()["type"] != "about:blank", f"{method} {address} has no route"


def test_every_error_is_documented_as_a_problem(client: TestClient) -> None:
    for methods in client.get("/openapi.json").json()["paths"].values():
        for told in methods.values():
            assert "application/problem+json" in told["responses"]["default"]["content"]
            assert "application/problem+json" in told["responses"]["422"]["content"]
