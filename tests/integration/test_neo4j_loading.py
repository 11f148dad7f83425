"""Loading through the service, on a real Neo4j."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.loading_promises import PROMISES
from tests.services.neo4j_server import Neo4jServer
from tests.store_material import MakeStore
from tests.stores import fresh_neo4j


@pytest.mark.parametrize("check", PROMISES, ids=lambda check: check.__name__)
def test_promise(check: Callable[[MakeStore, Path], None], tmp_path: Path, neo4j_server: Neo4jServer) -> None:
    check(lambda: fresh_neo4j(neo4j_server), tmp_path)
