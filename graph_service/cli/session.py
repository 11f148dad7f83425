"""The client of one command, opened when it is needed and closed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graph_service.cli.client import Client, open_client
from graph_service.config import Settings, read_settings


@contextmanager
def client(settings: Settings | None = None) -> Iterator[Client]:
    """The service, here or where it runs, under the settings in force or those given."""
    opened = open_client(settings or read_settings())
    try:
        yield opened
    finally:
        opened.close()
