"""Where a way may start, end and pass: arrays and NetworkX agree entity by entity and link by link; and by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from graph_service.errors import GraphServiceError, InvalidParameter, UnknownKind
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.model.scope import EVERYTHING, Events, Scope
from graph_service.network.columns import Mask
from graph_service.network.view import View
from queries.paths.attempt import Hubs
from queries.paths.found import TAMED_SHOWN
from queries.paths.ground import ALL, GraphGround, Ground, ends_of, ground_of, hubs_of, largest
from queries.paths.terms import Ends, Terms
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import ask, small

COLLAPSED = Scope(events=Events.COLLAPSED)
KINDS = ("Subject", "Organization", "Company", "Bank", "Port", "MoneyTransfer", "Shipment")
LINKS = ("REPRESENTS", "ASSOCIATE_OF", "GUARANTEES")
VALUES: Mapping[str, tuple[str, ...]] = {
    "amount": ("", "5", "50", "500"),
    "currency": ("", "USD", "EUR"),
    "hs_code": ("", "851712", "853400", "27"),
    "country": ("", "US", "RU", "PA"),
}
MEANT = {
    "MoneyTransfer": ("amount", "currency"),
    "Shipment": ("amount", "currency", "hs_code"),
    "GUARANTEES": ("amount", "currency"),
    **dict.fromkeys(("Organization", "Company", "Bank", "Port"), ("country",)),
}
OPTIONS: dict[str, tuple[Any, ...]] = {
    "avoid": ("e0", "e1,e2"),
    "avoid_kind": ("Bank", "MoneyTransfer", "Event", "REPRESENTS", "Organization,GUARANTEES"),
    "through_kind": ("Organization", "Event", "Bank,Subject", "Port"),
    "via": ("e1", "e3,e2"),
    "via_any": ("e2,e4",),
    "amount_from": (6, 60),
    "amount_to": (6, 60),
    "currency": ("usd", "EUR"),
    "hs_code": ("85", "8517", "27"),
    "avoid_country": ("US", "RU,secrecy"),
    "avoid_largest": ("Organization:1", "Subject:2,Port:1", "Party:0"),
}


def some(dice: random.Random, kind: str) -> dict[str, tuple[str, ...]]:
    """Random values of the properties that matter here."""
    chosen = {name: dice.choice(VALUES[name]) for name in MEANT.get(kind, ())}
    return {name: (value,) for name, value in chosen.items() if value}


def ledger(dice: random.Random) -> Ledger:
    """Up to ten entities, some said by two to be of different kinds, parties to events, and other links."""
    ids = [f"e{number}" for number in range(dice.randint(5, 10))]
    kinds = {one: dice.choice(KINDS) for one in ids}
    records = [entity(one, kind, some(dice, kind), said("s", dice.choice(["B2", "F6"]))) for one, kind in kinds.items()]
    for one in dice.sample(ids, 2):
        kind = dice.choice(["Bank", "Company", "Organization"]) if "Event" not in kinds[one] else kinds[one]
        if kinds[one] not in {"MoneyTransfer", "Shipment"}:
            records.append(entity(one, kind, some(dice, kind), said("t", "A1")))
    links = []
    for number in range(dice.randint(4, 24)):
        source, target = dice.choice(ids), dice.choice(ids)
        kind = dice.choice(LINKS)
        if kinds[target] == "MoneyTransfer":
            kind = "ORIGINATOR"
        elif kinds[source] == "MoneyTransfer":
            kind = "BENEFICIARY"
        elif kinds[target] == "Shipment":
            kind = "SHIPPER"
        elif kinds[source] == "Shipment":
            kind = "CONSIGNEE"
        links.append(LinkRecord(f"l{number}", kind, source, target, some(dice, kind), said("s", "B2")))
    return Ledger().put(records, links)


def marked(mask: Mask, place: int) -> bool:
    return bool(mask[place]) if len(mask) else True


def agree(view: View, terms: Terms) -> tuple[int, int]:
    """Both grounds say the same of every entity and link; how many may be passed, and how many taken."""
    ground, oracle = ground_of(view, terms), GraphGround.of(view, terms)
    passed = taken = 0
    for number in view.node_numbers().tolist():
        name = view.network.entity_id(number)
        assert marked(ground.through, number) == oracle.passes(name, hubs=False), (name, terms)
        assert marked(ground.with_hubs().through, number) == oracle.passes(name, hubs=True), (name, terms)
        passed += marked(ground.through, number)
    for place in range(len(view.links)):
        ref = view.link_ref(place)
        data = view.graph.get_edge_data(ref.source, ref.target, ref.id)
        assert marked(ground.open, place) == oracle.takes(data), (ref, terms)
        taken += marked(ground.open, place)
    assert Hubs.in_view(view, ground, terms.hub_degree).first == Hubs.in_graph(oracle).first
    assert Hubs.in_view(view, ground, terms.hub_degree).total == Hubs.in_graph(oracle).total == len(oracle.hubs)
    return passed, taken


@pytest.mark.parametrize("scope", [EVERYTHING, COLLAPSED], ids=["kept", "collapsed"])
@pytest.mark.parametrize("seed", range(5))
def test_arrays_and_graph_agree_on_every_entity_and_link(seed: int, scope: Scope) -> None:
    dice, passed, taken, entities, links = random.Random(seed), 0, 0, 0, 0
    for _ in range(60):
        view = View(ledger(dice).network(), scope)
        for _ in range(3):
            chosen = dice.sample(sorted(OPTIONS), dice.choice([1, 1, 2, 3]))
            given = {name: dice.choice(OPTIONS[name]) for name in chosen}
            given |= {"hubs": dice.choice(["tame", "ends", "free"]), "hub_degree": dice.choice([2, 3, 30, 500])}
            if given.get("amount_to", 99) < given.get("amount_from", 0):
                continue
            terms = Terms.model_validate(given)
            try:
                ground_of(view, terms)
            except GraphServiceError as error:
                with pytest.raises(type(error), match=str(error)):
                    GraphGround.of(view, terms)
                continue
            counts = agree(view, terms)
            passed, taken = passed + counts[0], taken + counts[1]
            entities, links = entities + int(view.nodes.sum()), links + len(view.links)
    assert entities / 10 < passed < entities * 0.9
    assert links / 3 < taken < links


@pytest.mark.parametrize("seed", range(3))
def test_the_ends_are_the_same_by_kind_country_and_id(seed: int) -> None:
    dice, found = random.Random(seed), 0
    for _ in range(60):
        view = View(ledger(dice).network(), dice.choice([EVERYTHING, COLLAPSED]))
        said_of = {
            "source_kind": dice.choice([None, "Bank", "Organization", "Event"]),
            "source_country": dice.choice(["", "US", "secrecy,RU"]),
            "sources": dice.choice(["", "e0", "e1,e0"]),
        }
        if not any(said_of.values()):
            continue
        asked = Ends.model_validate({**said_of, "target": "e1"})
        graph = GraphGround.of(view, asked)
        try:
            numbers = ends_of(view, asked, "source")
        except GraphServiceError as error:
            with pytest.raises(type(error), match=str(error)):
                graph.ends(asked, "source")
            continue
        found += len(numbers)
        assert sorted(view.network.entity_id(number) for number in numbers.tolist()) == graph.ends(asked, "source")
        assert (np.diff(numbers) > 0).all(), "ascending, each once"
    assert found > 20


# By hand


def passed(view: View, **terms: Any) -> set[str]:
    """Who may be passed, hubs aside; the same on both engines."""
    asked = Terms.model_validate(terms)
    agree(view, asked)
    ground = ground_of(view, asked).with_hubs()
    return {view.network.entity_id(n) for n in view.node_numbers().tolist() if marked(ground.through, n)}


def taken(view: View, **terms: Any) -> set[str]:
    """Which links may be taken; the same on both engines."""
    asked = Terms.model_validate(terms)
    agree(view, asked)
    ground = ground_of(view, asked)
    return {view.link_id(place) for place in range(len(view.links)) if marked(ground.open, place)}


def money() -> Ledger:
    """Between a and b: 5 USD, 50 EUR, no sum at all; goods of heading 8517; a vouches for b with 500."""
    events: list[EntityRecord] = [
        entity("five", "MoneyTransfer", {"amount": ("5",), "currency": ("USD",)}),
        entity("fifty", "MoneyTransfer", {"amount": ("50",), "currency": ("EUR",)}),
        entity("silent", "MoneyTransfer"),
        entity("phones", "Shipment", {"hs_code": ("851712",), "amount": ("70",)}),
    ]
    roles = {"MoneyTransfer": ("ORIGINATOR", "BENEFICIARY"), "Shipment": ("SHIPPER", "CONSIGNEE")}
    links = [link(f"from {e.entity_id}", "a", e.entity_id, roles[e.kind][0]) for e in events]
    links += [link(f"to {e.entity_id}", e.entity_id, "b", roles[e.kind][1]) for e in events]
    links.append(replace(link("vouches", "a", "b", "GUARANTEES"), properties={"amount": ("500",)}))
    return Ledger().put([entity("a"), entity("b"), *events], links)


PARTIES = {"a", "b"}


@pytest.mark.parametrize(
    ("terms", "events"),
    [
        ({"amount_from": 5, "amount_to": 50}, {"five", "fifty"}),
        ({"amount_from": 51}, {"phones"}),
        ({"amount_to": 5}, {"five"}),
        ({"amount_from": 0}, {"five", "fifty", "phones"}),
        ({"currency": "usd"}, {"five"}),
        ({"currency": "EUR", "amount_from": 51}, set()),
        ({"hs_code": "85"}, {"five", "fifty", "silent", "phones"}),
        ({"hs_code": "27"}, {"five", "fifty", "silent"}),
        ({"hs_code": "8517121"}, {"five", "fifty", "silent"}),
        ({"hs_code": "8517", "currency": "USD"}, {"five"}),
        ({"avoid_kind": "MoneyTransfer"}, {"phones"}),
        ({"avoid_kind": "Event"}, set()),
    ],
)
def test_events_are_judged_alike_kept_or_collapsed(terms: dict[str, Any], events: set[str]) -> None:
    """An event on the way, or the direct link that stands for it; one that cannot state a thing is not asked for it."""
    assert passed(View(money().network()), **terms) == events | PARTIES
    vouches = {"vouches"} if terms.get("amount_to", 500) >= 500 else set()
    assert taken(View(money().network(), COLLAPSED), **terms) == {f"{one}[a>b]" for one in events} | vouches


def test_a_link_with_an_amount_of_its_own_is_judged_by_it() -> None:
    view = View(money().network())
    assert "vouches" in taken(view, amount_from=500, amount_to=500)
    assert "vouches" not in taken(view, amount_from=501)
    assert "vouches" not in taken(view, avoid_kind="GUARANTEES")


def test_a_currency_narrows_the_ways_between_parties_when_events_are_collapsed() -> None:
    view = View(money().network(), COLLAPSED)
    for engine in ("memory", "networkx"):
        found = ask("shortest-paths", view, engine, source="a", target="b", currency="EUR")
        assert [path.links for path in found.result.paths] == [("fifty[a>b]",), ("vouches",)]


def star(kind: str, links: int) -> View:
    """A hub of a kind with so many links."""
    tips = [f"t{number:04}" for number in range(links)]
    made = [link(f"l{one}", "hub", one) for one in tips]
    return View(Ledger().put([entity("hub", kind), *map(entity, tips)], made).network())


@pytest.mark.parametrize(
    ("kind", "links", "degree", "is_hub"),
    [
        ("Subject", 30, 30, True),
        ("Subject", 29, 30, False),
        ("Port", 3, 30, True),
        ("Port", 2, 30, False),
        ("Bank", 3, 30, True),
        ("Port", 2, 10, True),
        ("Port", 1, 10, False),
    ],
)
def test_public_infrastructure_is_a_hub_at_a_tenth_of_the_links(
    kind: str, links: int, degree: int, is_hub: bool
) -> None:
    """... but never with a single link."""
    view = star(kind, links)
    agree(view, Terms(hub_degree=degree))
    hubs = hubs_of(view, degree)
    assert {view.network.entity_id(n) for n in np.flatnonzero(hubs).tolist()} == ({"hub"} if is_hub else set())


def test_a_link_to_oneself_counts_once() -> None:
    view = small("aa aa ab bc")
    assert {view.network.entity_id(n) for n in np.flatnonzero(hubs_of(view, 3)).tolist()} == {"a"}
    assert len(hubs_of(view, 4)) == 0
    agree(view, Terms(hub_degree=3))


def test_hubs_are_held_back_unless_named_or_let_through() -> None:
    view = small("ha hb hc hd")
    number = view.number("h")
    held = ground_of(view, Terms(hub_degree=4))
    assert (held.through[number], marked(held.with_hubs().through, number)) == (False, True)
    assert ground_of(view, Terms(hub_degree=4, via=("h",))).through[number]
    assert ground_of(view, Terms(hub_degree=4, hubs="free")).hubs is ALL
    barred = ground_of(view, Terms(hub_degree=4, via=("h",), avoid=("h",)))
    assert not barred.through[number]
    assert not barred.untamed[number]


def test_the_most_connected_of_a_kind_come_in_order_ties_by_id() -> None:
    tips = [entity(one) for one in "uvwxyz"]
    banks = [entity(one, "Bank") for one in ("b3", "b1", "b2", "b4")]
    ends = {"b1": "uv", "b2": "wx", "b3": "uvw", "b4": "z"}
    links = [link(f"{bank}{tip}", bank, tip) for bank, tips_of in ends.items() for tip in tips_of]
    view = View(Ledger().put([*banks, *tips], links).network())
    order = [view.network.entity_id(n) for n in largest(view, "Organization", 9).tolist()]
    assert order == ["b3", "b1", "b2", "b4"]
    assert {"b1", "b2", "b3", "b4"} - passed(view, avoid_largest="Bank:2", hubs="free") == {"b3", "b1"}
    assert "b3" in passed(view, avoid_largest="Bank:2", via="b3", hubs="free"), "who is named may be passed"


def test_more_hubs_than_are_told_are_counted() -> None:
    pairs = [(f"h{n:02}", f"t{n:02}{m}") for n in range(TAMED_SHOWN + 5) for m in range(2 + (n == 7))]
    names = sorted({name for pair in pairs for name in pair})
    made = [link(f"l{n}", *pair) for n, pair in enumerate(pairs)]
    view = View(Ledger().put([entity(name) for name in names], made).network())
    hubs = Hubs.in_view(view, ground_of(view, Terms(hub_degree=2)), 2)
    assert (hubs.first[0], len(hubs.first), hubs.total) == ("h07", TAMED_SHOWN, TAMED_SHOWN + 5)
    assert hubs.first[1:4] == ("h00", "h01", "h02")
    agree(view, Terms(hub_degree=2))


def test_the_ground_of_an_empty_scope_is_empty() -> None:
    view = View(money().network(), Scope(entity_kinds=frozenset({"Vessel"})))
    for terms in (Terms(), Terms(currency="USD", avoid_country=("US",), avoid_largest=("Bank:3",))):
        assert agree(view, terms) == (0, 0)
    asked = Ends(source_kind="Bank", target_country=("US",))
    for ends in (lambda side: ends_of(view, asked, side), lambda side: GraphGround.of(view, asked).ends(asked, side)):
        for side in ("source", "target"):
            with pytest.raises(InvalidParameter, match=f"no entity of this scope is a {side}"):
                ends(side)
    unknown = Ends(source_kind="Banc", target="a")
    with pytest.raises(UnknownKind):
        ends_of(view, unknown, "source")
    with pytest.raises(UnknownKind):
        GraphGround.of(view, unknown).ends(unknown, "source")


def test_a_ground_named_anew_leaves_the_kept_masks_alone() -> None:
    view = small("ab bc cd")
    plain = ground_of(view, Terms(avoid_kind=("Bank",)))
    before = plain.through.copy()
    _ = ground_of(view, Terms(avoid_kind=("Bank",), avoid=("b",)))
    again: Ground = ground_of(view, Terms(avoid_kind=("Bank",)))
    assert (again.through == before).all()
