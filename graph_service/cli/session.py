"""The client of one command, opened when it is needed and closed at its end; and the ontology in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graph_service.cli.client import Client, open_client
from graph_service.config import read_settings
from graph_service.model.ontology import Ontology, load_ontology


@contextmanager
def client() -> Iterator[Client]:
    """The service, here or where it runs."""
    opened = open_client(read_settings())
    try:
        yield opened
    finally:
        opened.close()


def ontology() -> Ontology:
    """The shipped kinds and those of the user's files."""
    return load_ontology(*read_settings().graph_ontology)
