"""The contract of a store: every sentence of the protocol's docstrings as a check that any store can be put through.

``CONTRACT`` lists plain functions of one argument, a callable that gives an empty store. Each check calls it exactly
once, so that a database server can be emptied and reused; whoever makes the store also closes it. Use::

    @pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
    def test_contract(check, make_store):
        check(make_store)
"""

from __future__ import annotations

from collections.abc import Callable

from tests.store_contract_changes import CHANGES
from tests.store_contract_reads import READS
from tests.store_contract_writes import WRITES
from tests.store_material import MakeStore

CONTRACT: list[Callable[[MakeStore], None]] = [*WRITES, *READS, *CHANGES]
"""All checks, writing first."""
