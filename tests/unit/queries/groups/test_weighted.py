"""The weighted graph of a view: weights and qualities against their definitions, link by link."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.records import LinkRecord
from graph_service.model.scope import Scope
from graph_service.model.time import day_range
from graph_service.network.view import View
from queries.groups.weighted import Weight, Weighted
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, shown
from tests.unit.network.tables import Ledger, entity, plain_view, said
from tests.unit.queries.groups.planted import weighted_graph

Pairs = dict[tuple[str, str], float]


def pairs(view: View, by: Weight = Weight.LINKS, half_life: float = 365) -> Pairs:
    weighted = Weighted.of(view, by, half_life)
    names = [view.network.entity_id(int(number)) for number in weighted.numbers]
    assert names == sorted(names)
    assert (weighted.low < weighted.high).all()
    return {
        (names[low], names[high]): weight
        for low, high, weight in zip(
            weighted.low.tolist(), weighted.high.tolist(), weighted.weight.tolist(), strict=True
        )
    }


def made(*links: tuple[str, str | None, str | None, str]) -> View:
    """Links written (ends, until, amount, grade)."""
    records = [
        LinkRecord(
            f"l{place}",
            "INDEBTED_TO",
            ends[0],
            ends[1],
            {"amount": (amount,)} if amount else {},
            said(grade=grade, valid=(None, until)),
        )
        for place, (ends, until, amount, grade) in enumerate(links)
    ]
    names = sorted({name for ends, *_ in links for name in ends})
    return View(Ledger().put([entity(name) for name in names], records).network())


@UNHURRIED
@given(ledgers(), scopes())
def test_weights_count_the_links_between_two_entities(ledger: Ledger, scope: Scope) -> None:
    _, links = shown(ledger, scope)
    count: Pairs = {}
    for one in links.values():
        if one.source != one.target:
            pair = min(one.source, one.target), max(one.source, one.target)
            count[pair] = count.get(pair, 0) + 1
    assert pairs(View(ledger.network(), scope)) == count


@UNHURRIED
@given(ledgers(), scopes(), st.sampled_from([Weight.EVIDENCE, Weight.RECENCY]))
def test_no_tie_is_lost_and_each_weighs_what_its_links_are_worth(ledger: Ledger, scope: Scope, by: Weight) -> None:
    view = View(ledger.network(), scope)
    worth: Callable[[int], float] = lambda link: float(view.facts.probability[link])  # noqa: E731
    if by is Weight.RECENCY:
        ends = [int(day) for day in view.facts.last_day if day < 2**31 - 1]
        worth = lambda link: (  # noqa: E731
            0.5 ** ((max(ends) - int(view.facts.last_day[link])) / 100)
            if view.facts.last_day[link] < 2**31 - 1
            else 1.0
        )
    expected: Pairs = {}
    for link in range(len(view.links)):
        ref = view.link_ref(link)
        if ref.source != ref.target:
            pair = min(ref.source, ref.target), max(ref.source, ref.target)
            expected[pair] = expected.get(pair, 0.0) + worth(link)
    assert pairs(view, by, 100) == pytest.approx(expected)


def test_evidence_adds_the_chances_that_links_hold() -> None:
    view = made(("ab", None, None, "B2"), ("ba", None, None, "A1"), ("bc", None, None, "E5"))
    assert pairs(view, Weight.EVIDENCE) == pytest.approx({("a", "b"): 0.64 + 0.9025, ("b", "c"): 0.015})


def test_recency_halves_by_half_life_from_the_last_day_in_the_view() -> None:
    view = made(("ab", "2020-01-11", None, ""), ("bc", "2020-01-01", None, ""), ("cd", None, None, ""))
    assert day_range("2020-01-11")[0] - day_range("2020-01-01")[0] == 10
    assert pairs(view, Weight.RECENCY, 10) == {("a", "b"): 1.0, ("b", "c"): 0.5, ("c", "d"): 1.0}
    assert pairs(view, Weight.RECENCY, 5) == {("a", "b"): 1.0, ("b", "c"): 0.25, ("c", "d"): 1.0}


def test_recency_without_any_end_counts_links() -> None:
    view = made(("ab", None, None, ""), ("ab", None, None, ""))
    assert pairs(view, Weight.RECENCY) == pairs(view) == {("a", "b"): 2.0}


def test_amounts_are_summed_taken_back_and_measured_by_the_mean() -> None:
    view = made(
        ("ab", None, "300", ""), ("ba", None, "100", ""), ("ab", None, "-200", ""),  # 200
        ("bc", None, "600", ""), ("bc", None, None, ""),  # 600
        ("cd", None, None, ""), ("da", None, "-5", ""), ("db", None, "7", ""), ("db", None, "-7", ""),  # no ties
    )  # fmt: skip
    assert pairs(view, Weight.AMOUNT) == {("a", "b"): 0.5, ("b", "c"): 1.5}
    assert pairs(made(("ab", None, None, "")), Weight.AMOUNT) == {}


@pytest.mark.parametrize("by", list(Weight))
def test_the_order_of_loading_changes_no_bit(by: Weight) -> None:
    dice = random.Random(3)
    links = [
        LinkRecord(
            f"l{k:03}",
            "INDEBTED_TO",
            f"n{dice.randrange(12):02}",
            f"n{dice.randrange(12):02}",
            {"amount": (str(dice.randrange(1, 10**9) / 100),)},
            said(grade=dice.choice(["A1", "B2", "C3", "D4"]), valid=(None, f"20{dice.randrange(10, 20)}")),
        )
        for k in range(150)
    ]
    entities = [entity(f"n{n:02}") for n in range(12)]
    first = pairs(View(Ledger().put(entities, links).network()), by)
    for _ in range(5):
        mixed = Ledger().put(dice.sample(entities, 12), dice.sample(links, 150))
        assert pairs(View(mixed.network()), by) == first


@UNHURRIED
@given(st.lists(st.integers(0, 5), min_size=8, max_size=8), st.floats(0.1, 5))
def test_qualities_of_any_labelling(labels: list[int], resolution: float) -> None:
    ends = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3), (6, 7), (0, 1), (6, 0)]
    weighted, graph = Weighted.of(plain_view(8, ends)), weighted_graph(8, ends)
    label = np.array(labels, dtype=np.int32)
    groups = [{str(n) for n in range(8) if labels[n] == one} for one in set(labels)]
    expected = nx.community.modularity(graph, groups, resolution=resolution)
    assert weighted.modularity(label, resolution) == pytest.approx(expected, abs=1e-9)
    potts = sum(
        graph.get_edge_data(*pair, {"weight": 0})["weight"] - resolution for g in groups for pair in combinations(g, 2)
    )
    assert weighted.constant_potts(label, resolution) == pytest.approx(potts, abs=1e-5)


@UNHURRIED
@given(st.lists(st.integers(0, 2), min_size=8, max_size=8), st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_inside_the_groups_modularity_is_the_mean_over_the_groups(outer: list[int], inner: list[int]) -> None:
    ends = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3), (6, 7), (0, 1), (6, 0)]
    graph = weighted_graph(8, ends)
    label = np.array(outer, dtype=np.int32)
    finer = np.array([one * 3 + two for one, two in zip(outer, inner, strict=True)], dtype=np.int32)
    own = []
    for one in set(outer):
        part = graph.subgraph({str(n) for n in range(8) if outer[n] == one})
        if part.size():
            groups = [
                {str(n) for n in range(8) if finer[n] == each} for each in set(finer.tolist()) if each // 3 == one
            ]
            own.append(nx.community.modularity(part, groups, resolution=1.3))
    if own:
        inside = Weighted.of(plain_view(8, ends)).inside(label)
        assert inside.modularity(finer, 1.3 * len(own)) == pytest.approx(sum(own) / len(own), abs=1e-8)


def test_turned_is_the_same_graph_in_another_order() -> None:
    graph = Weighted.of(plain_view(5, [(0, 1), (1, 2), (1, 2), (3, 4)]))
    place = np.array([3, 0, 4, 1, 2], dtype=np.int32)
    turned = graph.turned(place)
    assert (turned.low < turned.high).all()
    assert turned.numbers[place].tolist() == graph.numbers.tolist()

    def ties(one: Weighted) -> set[tuple[int, int, float]]:
        ends = np.sort(np.stack([one.numbers[one.low], one.numbers[one.high]]), axis=0)
        return set(zip(*ends.tolist(), one.weight.tolist(), strict=True))

    assert ties(turned) == ties(graph)
