"""Money of a group: every movement once, on the right side, by currency; against the records one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.network.view import View
from queries.groups.money import Money, money
from tests.unit.network.tables import Ledger, entity, link, said


def transfer(name: str, amount: str | None, *currency: str, grade: str = "") -> EntityRecord:
    properties = {"currency": currency} | ({"amount": (amount,)} if amount else {})
    return entity(name, "MoneyTransfer", properties, said(grade, grade=grade))


def roles(event: str, givers: str, takers: str) -> list[LinkRecord]:
    return [link(f"{event}<{one}", one, event, "ORIGINATOR") for one in givers] + [
        link(f"{event}>{one}", event, one, "BENEFICIARY") for one in takers
    ]


def of(events: list[EntityRecord], links: list[LinkRecord], members: str) -> tuple[Money, ...]:
    view = View(Ledger().put([entity(name) for name in "abcdx"] + events, links).network())
    inside = np.zeros(view.network.entities, dtype=np.bool_)
    inside[[view.number(name) for name in members]] = True
    return money(view, inside)


def test_within_into_and_out_by_currency() -> None:
    events = [transfer("t1", "100", "USD"), transfer("t2", "20", "USD"), transfer("t3", "3", "USD")]
    events += [transfer("t4", "0.1", "EUR"), transfer("t5", "7", "USD"), transfer("t6", "9", "USD")]
    links = [*roles("t1", "a", "b"), *roles("t2", "x", "a"), *roles("t3", "b", "x"), *roles("t4", "a", "c")]
    links += [*roles("t5", "c", "d"), *roles("t6", "ab", "bx")]
    assert of(events, links, "ab") == (Money("USD", 109.0, 20.0, 3.0, 4), Money("EUR", 0.0, 0.0, 0.1, 1))


def test_a_movement_without_a_currency_or_of_several_stands_apart_and_one_without_an_amount_not_at_all() -> None:
    events = [transfer("t1", "5"), transfer("t2", "6", "USD", "EUR"), transfer("t3", None, "USD")]
    links = [*roles("t1", "a", "b"), *roles("t2", "a", "x"), *roles("t3", "a", "b")]
    assert of(events, links, "ab") == (Money("", 5.0, 0.0, 6.0, 2),)


def test_the_best_graded_amount_counts_and_other_events_move_no_money() -> None:
    events = [transfer("t1", "5", "USD", grade="D4"), transfer("t1", "8", "USD", grade="B2")]
    seizure = entity("s1", "Seizure", {"amount": ("900",), "currency": ("USD",)})
    links = [*roles("t1", "a", "x"), link("s", "s1", "a", "INVOLVED_IN")]
    assert of([*events, seizure], links, "a") == (Money("USD", 0.0, 0.0, 8.0, 1),)
    assert of([], [], "a") == ()


@pytest.mark.parametrize("seed", range(15))
def test_random_movements_are_summed_exactly(seed: int) -> None:
    dice = random.Random(seed)
    events, links, expected = [], [], [0, 0, 0]
    for number in range(30):
        cents, givers, takers = dice.randrange(1, 10**9), dice.sample("abcdx", 2), dice.sample("abcdx", 1)
        events.append(transfer(f"t{number}", f"{cents / 100:.2f}", "USD"))
        links += roles(f"t{number}", "".join(givers), "".join(takers))
        gives, takes = bool({"a", "b"} & {*givers}), bool({"a", "b"} & {*takers})
        if gives or takes:
            expected[0 if gives and takes else 1 if takes else 2] += cents
    (found,) = of(events, links, "ab")
    assert [round(side * 100) for side in (found.within, found.into, found.out)] == expected
