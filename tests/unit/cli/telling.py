"""A client over a small world, and what the command line tells of its answers: for the tests of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from graph_service.cli.asking import told
from graph_service.cli.local import LocalClient
from tests.unit.api import served


def client_over(steps: Sequence[Any]) -> Callable[[], Iterator[LocalClient]]:
    """The fixture ``client`` of a module: a client over a world of these steps, closed when the module is done."""

    @pytest.fixture(scope="module", name="client")
    def client() -> Iterator[LocalClient]:
        opened = LocalClient(served.service(steps=steps))
        yield opened
        opened.close()

    return client


def lines(
    client: LocalClient,
    question: str,
    scope: dict[str, Any] | None = None,
    engine: str = "memory",
    **parameters: Any,
) -> list[str]:
    """What is told of an answer, line by line."""
    return told(client, client.ask(question, parameters, scope or {}, engine))
