"""Record columns: numbers for values, and the visibility rule on arrays, one dimension at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.grades import Grade
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.model.time import Interval
from graph_service.network.columns import Interned, empty_columns
from graph_service.store.protocol import NEVER, RETRACTIONS
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, sees
from tests.unit.network.tables import Ledger, day, entity, said

NO_ROWS = np.zeros(0, dtype=np.int32)


@UNHURRIED
@given(st.lists(st.lists(st.sampled_from("abcde"))))
def test_values_keep_their_numbers_for_ever(columns: list[list[str]]) -> None:
    table = Interned()
    met: dict[str, int] = {}
    for column in columns:
        before = table.values
        codes, table = table.codes(pa.chunked_array([column[:2], column[2:]], pa.string()))
        assert table.values[: len(before)] == before
        assert [table.values[code] for code in codes] == column
        for value in column:
            met.setdefault(value, len(met))
    assert table.values == tuple(met)


def test_numbers_are_interned_as_numbers() -> None:
    codes, table = Interned((NEVER,)).codes(pa.chunked_array([[5, NEVER, 5]], pa.int64()))
    assert codes.tolist() == [1, 0, 1]
    assert table.values == (NEVER, 5)


def test_no_rows_change_nothing() -> None:
    codes, table = Interned(("a",)).codes(pa.chunked_array([], pa.string()))
    assert len(codes) == 0
    assert table.values == ("a",)


def test_empty_columns_show_nothing() -> None:
    assert len(empty_columns()) == 0
    assert empty_columns().seen(EVERYTHING, None, {}).tolist() == []


LEDGER = (
    Ledger()
    .put(
        [
            entity("plain"),
            entity("marked", by=said(markings=["a", "b"])),
            entity("firm", "Organization", {"name": ("Firm",)}, said(grade="B2")),
            entity("dated", "MoneyTransfer", {"amount": ("12.50",)}, said(valid=("2014-05", "2014-06"))),
        ]
    )
    .put([entity("late", by=said("other"))], at=day(5))
    .withdraw("other", day(9))
)


def seen(scope: Scope, kinds: frozenset[str] | None = None) -> set[str]:
    network = LEDGER.network()
    mask = network.entity_rows.seen(scope, kinds, network.classes)
    return {network.entity_id(int(number)) for number in network.entity_of[mask]}


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (EVERYTHING, "plain marked firm dated"),
        (Scope(markings=frozenset()), "plain firm dated"),
        (Scope(markings=frozenset("a")), "plain firm dated"),
        (Scope(markings=frozenset("abc")), "plain marked firm dated"),
        (Scope(min_grade=Grade("B", "2")), "firm"),
        (Scope(min_grade=Grade("D", "4")), "plain marked firm dated"),
        (Scope(window=Interval("2014-06-30")), "plain marked firm dated"),
        (Scope(window=Interval("2014-07")), "plain marked firm"),
        (Scope(window=Interval(None, "2014-05-01")), "plain marked firm dated"),
        (Scope(window=Interval(None, "2014-04-30")), "plain marked firm"),
        (Scope(known_at=day(-1)), ""),
        (Scope(known_at=day(0)), "plain marked firm dated"),
        (Scope(known_at=day(5)), "plain marked firm dated late"),
        (Scope(known_at=day(8)), "plain marked firm dated late"),
        (Scope(known_at=day(9)), "plain marked firm dated"),
    ],
)
def test_each_dimension_of_a_scope(scope: Scope, names: str) -> None:
    assert seen(scope) == set(names.split())


def test_kinds_are_taken_as_they_are_given() -> None:
    assert seen(EVERYTHING, frozenset({"Organization"})) == {"firm"}
    assert seen(EVERYTHING, frozenset({"Nothing"})) == set()


@UNHURRIED
@given(ledgers(), scopes())
def test_the_mask_is_the_rule_for_every_record(ledger: Ledger, scope: Scope) -> None:
    network = ledger.network()
    entities = network.entity_rows.seen(scope, scope.entity_kinds, network.classes)
    links = network.link_rows.seen(scope, scope.link_kinds, network.classes)
    assert entities.tolist() == [sees(record, scope, scope.entity_kinds) for record in ledger.entity_records()]
    assert links.tolist() == [sees(record, scope, scope.link_kinds) for record in ledger.link_records()]


def test_amounts_are_numbers_and_none_is_not_zero() -> None:
    amounts = LEDGER.network().entity_rows.amount
    assert amounts[3] == 12.5
    assert np.isnan(amounts[:3]).all()


def test_the_bytes_of_all_arrays_are_counted() -> None:
    rows = LEDGER.network().entity_rows
    assert rows.nbytes() == len(rows) * (2 + 4 + 1 + 4 + 4 + 4 + 4 + 4 + 8)


def test_appending_leaves_the_older_columns_as_they_were() -> None:
    ledger = Ledger().put([entity("a")])
    before = ledger.network().entity_rows
    changes = ledger.withdraw("s", day(3)).changes(1)
    after = before.appended(changes.entity_rows, changes.entity_retractions, NO_ROWS)
    assert before.seen(EVERYTHING, None, {0: frozenset()}).tolist() == [True]
    assert after.seen(EVERYTHING, None, {0: frozenset()}).tolist() == [False]
    assert before.appended(changes.entity_rows, RETRACTIONS.empty_table(), NO_ROWS).retracted.tolist() == [0]
