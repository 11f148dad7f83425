"""The store contract on the embedded store, in memory and in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph_service.store.embedded.store import EmbeddedStore
from tests.store_contract import CONTRACT
from tests.store_material import MakeStore


@pytest.fixture(params=["memory", "file"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeStore]:
    made: list[EmbeddedStore] = []

    def make() -> EmbeddedStore:
        made.append(EmbeddedStore(None if request.param == "memory" else tmp_path / "store.duckdb"))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
def test_contract(check: Callable[[MakeStore], None], make_store: MakeStore) -> None:
    check(make_store)
