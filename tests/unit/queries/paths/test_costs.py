"""What links and entities cost on a way: integers, the same one by one and on arrays, and the likeliest is cheapest."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from graph_service.model.time import DAY_MAX, DAY_MIN, day_range
from graph_service.network.view import View
from queries.paths.costs import (
    LEAST,
    MOST,
    SCALE,
    Recency,
    evidence_cost,
    evidence_costs,
    hub_toll,
    hub_tolls,
    latest_day,
)
from queries.paths.ground import links_at
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import small

GRADES = ("A1", "B2", "C3", "D4", "E5", "F6")
YEARS = (None, "2010", "2014-03", "2016-02-29", "2019")


def graded(dice: random.Random) -> View:
    """Links said by one source or two, of many grades and times."""
    ids = [f"e{number}" for number in range(6)]
    links = []
    for number in range(dice.randint(1, 15)):
        ends = dice.choice(ids), dice.choice(ids)
        for source in ("s", "t")[: dice.choice([1, 1, 2])]:
            start, end = sorted(dice.choices(YEARS, k=2), key=lambda year: year or "")
            by = said(source, dice.choice(GRADES), valid=(start, end if dice.random() < 0.7 else None))
            links.append(link(f"l{number}", *ends, by=by))
    return View(Ledger().put([entity(one) for one in ids], links).network())


def test_a_way_that_is_likelier_is_cheaper() -> None:
    """-ln turns products into sums, so the cheapest way is the one most likely to hold as a whole."""
    dice = random.Random(1)
    for _ in range(500):
        ways = [[round(dice.uniform(LEAST, MOST), 6) for _ in range(dice.randint(1, 6))] for _ in range(2)]
        chances = [math.prod(way) for way in ways]
        costs = [sum(map(evidence_cost, way)) for way in ways]
        if abs(math.log(chances[0] / chances[1])) > 12 / SCALE:
            assert (chances[0] > chances[1]) == (costs[0] < costs[1])
        assert costs[0] / SCALE == pytest.approx(-math.log(chances[0]), abs=6 / SCALE)


def test_no_link_is_certain_and_none_makes_a_way_impossible() -> None:
    assert evidence_cost(1.0) == evidence_cost(MOST) == round(-math.log(0.99) * SCALE)
    assert evidence_cost(0.0) == evidence_cost(LEAST) == round(-math.log(0.01) * SCALE)
    assert evidence_cost(1.0) > 0
    steps = [evidence_cost(n / 100) for n in range(1, 100)]
    assert all(one > other for one, other in itertools.pairwise(steps))
    assert isinstance(evidence_cost(0.5), int)


# Age


def test_with_every_half_life_half_of_the_weight_is_lost() -> None:
    recency = Recency(half_life=100, at=1_000)
    assert [recency.weighed(0.8, day) for day in (1_000, 900, 800, 700)] == [0.8, 0.4, 0.2, 0.1]
    assert recency.weighed(0.8, 950) == pytest.approx(0.8 / math.sqrt(2), abs=1e-6)


def test_what_still_holds_or_is_yet_to_come_does_not_age() -> None:
    recency = Recency(half_life=1, at=1_000)
    assert recency.weighed(0.8, 1_000) == recency.weighed(0.8, 5_000) == recency.weighed(0.8, DAY_MAX) == 0.8
    assert Recency().weighed(0.123456789, DAY_MIN) == 0.123457


def test_however_old_or_short_lived_nothing_overflows() -> None:
    assert Recency(half_life=1e-300, at=DAY_MAX - 1).weighed(0.9, DAY_MIN) == 0.0
    assert Recency(half_life=1e300, at=DAY_MAX - 1).weighed(0.9, DAY_MIN) == 0.9


def test_the_latest_day_is_the_last_that_anything_is_said_of() -> None:
    first = np.array([DAY_MIN, 10, 30, DAY_MIN], dtype=np.int32)
    last = np.array([DAY_MAX, 20, DAY_MAX, DAY_MAX], dtype=np.int32)
    assert latest_day(first, last) == 30
    assert latest_day(first[:2], last[:2]) == 20
    assert latest_day(first[:1], last[:1]) == 0
    assert latest_day(first[:0], last[:0]) == 0


# On arrays


@pytest.mark.parametrize("recency", [Recency(), Recency(500.0, day_range("2017")[1]), Recency(30.0, 0)])
def test_on_arrays_each_link_costs_what_it_costs_alone(recency: Recency) -> None:
    dice, different = random.Random(3), set()
    for _ in range(40):
        view = graded(dice)
        costs = evidence_costs(view, recency)
        assert costs.dtype == np.int64
        expected = [
            evidence_cost(recency.weighed(float(p), int(day)))
            for p, day in zip(view.facts.probability, view.facts.last_day, strict=True)
        ]
        assert costs.tolist() == expected
        different.update(expected)
    assert len(different) > 5


def test_costs_are_kept_by_what_they_were_asked_for() -> None:
    view = graded(random.Random(4))
    plain, aged = evidence_costs(view, Recency()), evidence_costs(view, Recency(1.0, day_range("2030")[1]))
    assert evidence_costs(view, Recency()) is plain
    assert aged is not plain
    assert (aged >= plain).all()


def test_a_view_without_links_has_no_costs() -> None:
    view = View(Ledger().put([entity("a"), entity("b")]).network())
    assert evidence_costs(view, Recency()).tolist() == evidence_costs(view, Recency(10.0, 99)).tolist() == []
    assert hub_tolls(view, 1.0).tolist() == [0, 0]


def test_a_second_source_makes_a_link_cheaper() -> None:
    links = [link("once", "a", "b", by=said("s", "C3")), link("twice", "a", "b", by=said("s", "C3"))]
    links.append(link("twice", "a", "b", by=said("t", "C3")))
    view = View(Ledger().put([entity("a"), entity("b")], links).network())
    costs = dict(zip(map(view.link_id, range(2)), evidence_costs(view, Recency()).tolist(), strict=True))
    assert costs["twice"] < costs["once"]


# Hubs


def test_passing_an_entity_costs_the_more_the_more_links_it_has() -> None:
    tolls = [hub_toll(links, 0.5) for links in range(200)]
    assert tolls[0] == 0
    assert all(one < other for one, other in itertools.pairwise(tolls))
    assert hub_toll(10, 1.0) == round(math.log(2) * SCALE)
    assert hub_toll(10, 3.0) == pytest.approx(3 * hub_toll(10, 1.0), abs=2)


def test_on_arrays_each_entity_takes_its_toll() -> None:
    dice = random.Random(6)
    for weight in (0.1, 2.5):
        view = graded(dice)
        tolls = hub_tolls(view, weight)
        assert {view.network.entity_id(n): int(toll) for n, toll in enumerate(tolls)} == {
            one: hub_toll(links_at(view.graph, one), weight) for one in view.graph
        }
        assert hub_tolls(view, weight) is tolls


def test_without_a_weight_nobody_takes_a_toll() -> None:
    assert len(hub_tolls(small("ab bc"), 0.0)) == 0
