"""Codes of entities: against the visible records, counted one by one."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.records import EntityRecord
from graph_service.model.scope import Scope
from graph_service.network.codes import Coded
from graph_service.network.view import View
from tests.unit.network.oracle import LEAST_GRADES, MARKINGS, UNHURRIED, sees
from tests.unit.network.tables import Ledger, entity, said

COUNTRIES = ("CO", "ES", "PA", "US")


@st.composite
def records(draw: st.DrawFn) -> list[EntityRecord]:
    """Records of a few subjects and transfers, of several countries and currencies."""
    made = []
    for number in range(draw(st.integers(1, 12))):
        by = said(
            draw(st.sampled_from(["s", "t"])),
            draw(st.sampled_from(LEAST_GRADES)),
            draw(st.lists(st.sampled_from(MARKINGS), max_size=1)),
            row=str(number),
        )
        if draw(st.booleans()):
            nationality = tuple(draw(st.lists(st.sampled_from(COUNTRIES), max_size=3, unique=True)))
            made.append(entity(f"p{draw(st.integers(0, 3))}", "Subject", {"nationality": nationality}, by))
        else:
            currency = tuple(draw(st.lists(st.sampled_from(["USD", "EUR", "USDT"]), max_size=2, unique=True)))
            made.append(entity(f"m{draw(st.integers(0, 2))}", "MoneyTransfer", {"currency": currency}, by))
    return made


@UNHURRIED
@given(records(), st.none() | st.lists(st.sampled_from(MARKINGS), max_size=2).map(frozenset))
def test_codes_are_those_of_the_visible_records(made: list[EntityRecord], markings: frozenset[str] | None) -> None:
    ledger = Ledger().put(made)
    scope = Scope(markings=markings)
    view = View(ledger.network(), scope)
    for coded, name in ((Coded.countries(view), "nationality"), (Coded.currencies(view), "currency")):
        expected = Counter(
            (record.entity_id, code)
            for record in ledger.entity_records()
            if sees(record, scope, None)
            for code in record.properties.get(name, ())
        )
        found = {
            (view.network.entity_id(number), coded.names[code]): many
            for number, code, many in zip(
                coded.entity.tolist(), coded.code.tolist(), coded.records.tolist(), strict=True
            )
        }
        assert found == expected
        home, only = coded.home(view.network.entities), coded.only(view.network.entities)
        for number in range(view.network.entities):
            own = {code: many for (who, code), many in expected.items() if who == view.network.entity_id(number)}
            best = min(own, key=lambda code: (-own[code], code)) if own else None
            assert (coded.names[home[number]] if home[number] >= 0 else None) == best
            one = next(iter(own)) if len(own) == 1 else None
            assert (coded.names[only[number]] if only[number] >= 0 else None) == one


def test_a_network_without_records_has_no_codes() -> None:
    view = View(Ledger().network())
    coded = Coded.countries(view)
    assert (coded.names, len(coded.entity), len(coded.home(0))) == ((), 0, 0)
