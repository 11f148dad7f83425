"""The client of one command, opened when it is needed and closed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graph_service.cli.client import Client
from graph_service.cli.note import running_service
from graph_service.config import Settings, read_settings
from graph_service.errors import StoreLocked


@contextmanager
def client(settings: Settings | None = None) -> Iterator[Client]:
    """The service, here or where it runs, under the settings in force or those given."""
    opened = open_client(settings or read_settings())
    try:
        yield opened
    finally:
        opened.close()


def open_client(settings: Settings) -> Client:
    """The service in this process; where another process holds the embedded file, the service that runs there."""
    from graph_service.bootstrap import open_service
    from graph_service.cli.local import LocalClient

    try:
        return LocalClient(open_service(settings))
    except StoreLocked:
        url = running_service(settings)
        if url is None:
            raise
        from graph_service.cli.remote import RemoteClient

        return RemoteClient(url)
