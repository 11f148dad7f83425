"""A client that keeps what it was asked: to see what the words of a command line become."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pytest

Asked: TypeAlias = list[tuple[str, dict[str, Any], dict[str, Any], str]]
"""Question, parameters, scope and engine of everything that was asked."""


class Keeping:
    """Answers nothing and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: Asked = []

    def ask(self, name: str, parameters: dict[str, Any], scope: dict[str, Any], engine: str) -> dict[str, Any]:
        self.asked.append((name, parameters, scope, engine))
        return {}


@pytest.fixture
def asked_with(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the commands of a test ask, instead of asking it."""
    keeping = Keeping()

    @contextmanager
    def client(*_: Any) -> Iterator[Keeping]:
        yield keeping

    monkeypatch.setattr("graph_service.cli.asking.client", client)
    return keeping.asked
