"""Collapsing events on bare arrays: every pair of a from side and a to side, once."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.scope import Events, Scope
from graph_service.network.view import View
from tests.unit.network.oracle import UNHURRIED
from tests.unit.network.tables import Ledger, entity, link, said

COLLAPSED = Scope(events=Events.COLLAPSED)


def ids(ledger: Ledger, scope: Scope = COLLAPSED) -> list[str]:
    view = View(ledger.network(), scope)
    return [view.link_id(place) for place in range(len(view.links))]


def transfer(event: str, givers: str, takers: str) -> Ledger:
    """One event with parties of one letter each."""
    parties = [entity(one) for one in dict.fromkeys(givers + takers)]
    links = [link(f"{event}-{one}-{n}", one, event, "ORIGINATOR") for n, one in enumerate(givers)]
    links += [link(f"{one}-{event}-{n}", event, one, "BENEFICIARY") for n, one in enumerate(takers)]
    return Ledger().put([*parties, entity(event, "MoneyTransfer")], links)


@UNHURRIED
@given(st.text("abcd", max_size=5), st.text("abcd", max_size=5))
def test_every_pair_of_sides_is_one_link(givers: str, takers: str) -> None:
    made = ids(transfer("t", givers, takers))
    assert sorted(made) == sorted({f"t[{a}>{b}]" for a, b in itertools.product(givers, takers)})


def test_an_event_without_a_side_leaves_nothing() -> None:
    assert ids(transfer("t", "ab", "")) == []
    assert ids(transfer("t", "", "ab")) == []


def test_somebody_on_both_sides_is_linked_to_themselves() -> None:
    assert ids(transfer("t", "a", "a")) == ["t[a>a]"]


def test_links_that_are_no_roles_go_with_the_event() -> None:
    ledger = transfer("t", "a", "b").put(
        [entity("r", "Report")], [link("m", "r", "t", "MENTIONS"), link("n", "r", "a", "MENTIONS")]
    )
    assert ids(ledger) == ["n", "t[a>b]"]


def test_a_role_written_the_wrong_way_round_makes_no_link() -> None:
    ledger = Ledger().put(
        [entity("a"), entity("b"), entity("t", "MoneyTransfer")],
        [link("x", "t", "a", "ORIGINATOR"), link("y", "b", "t", "BENEFICIARY")],
    )
    assert ids(ledger) == []


def test_an_event_that_is_party_to_an_event_makes_no_link() -> None:
    ledger = transfer("t", "a", "b").put([entity("u", "MoneyTransfer")], [link("x", "u", "t", "ORIGINATOR")])
    assert ids(ledger) == ["t[a>b]"]


def test_a_hidden_role_leaves_its_pairs_out() -> None:
    ledger = transfer("t", "a", "b").put([entity("c")], [link("x", "c", "t", "ORIGINATOR", said(markings=["m"]))])
    assert ids(ledger) == ["t[a>b]", "t[c>b]"]
    assert ids(ledger, Scope(markings=frozenset(), events=Events.COLLAPSED)) == ["t[a>b]"]


def test_what_is_an_event_follows_what_the_asker_may_see() -> None:
    ledger = transfer("t", "a", "b").put([entity("t", "Thing", by=said("other"))])
    ledger.put([entity("x"), entity("x", "MoneyTransfer", by=said(markings=["m"]))], [link("k", "a", "x")])
    assert ids(ledger) == ["t[a>b]"]
    assert ids(ledger, Scope(markings=frozenset(), events=Events.COLLAPSED)) == ["k", "t[a>b]"]


def test_a_view_without_links_collapses_to_none() -> None:
    view = View(Ledger().put([entity("a"), entity("t", "MoneyTransfer")]).network(), COLLAPSED)
    assert len(view.links) == 0
    assert list(view.node_ids()) == ["a"]
    assert view.links.kind.dtype == np.int16


def test_thousands_of_pairs_of_one_event() -> None:
    givers, takers = [f"g{n}" for n in range(100)], [f"t{n}" for n in range(100)]
    links = [link(f"{one}-", one, "e", "ORIGINATOR") for one in givers]
    links += [link(f"-{one}", "e", one, "BENEFICIARY") for one in takers]
    ledger = Ledger().put([entity(one) for one in givers + takers] + [entity("e", "MoneyTransfer")], links)
    assert len(set(ids(ledger))) == 10_000
