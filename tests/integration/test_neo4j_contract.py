"""The store contract on a real Neo4j."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from graph_service.store.neo4j.store import Neo4jStore
from tests.services.neo4j_server import Neo4jServer
from tests.store_contract import CONTRACT
from tests.store_material import MakeStore
from tests.stores import fresh_neo4j


@pytest.fixture
def make_store(neo4j_server: Neo4jServer) -> Iterator[MakeStore]:
    made: list[Neo4jStore] = []

    def make() -> Neo4jStore:
        made.append(fresh_neo4j(neo4j_server))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
def test_contract(check: Callable[[MakeStore], None], make_store: MakeStore) -> None:
    check(make_store)
