"""Loading through the service, on the embedded store; the same on Neo4j stands in tests/integration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph_service.store.embedded.store import EmbeddedStore
from tests.loading_promises import PROMISES
from tests.store_material import MakeStore


@pytest.mark.parametrize("check", PROMISES, ids=lambda check: check.__name__)
def test_promise(check: Callable[[MakeStore, Path], None], tmp_path: Path) -> None:
    check(lambda: EmbeddedStore(None), tmp_path)
