"""``reach`` against every simple way by definition, on both engines; its contract and its bounds."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pydantic import ValidationError

from graph_service.errors import Cancelled, EntityNotFound
from graph_service.model.answer import Limits
from graph_service.model.graph import Path
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.costs import SCALE, evidence_cost
from queries.paths.found import Tamed
from queries.paths.reach import QUESTION, Layer, Onward, ReachParameters
from queries.paths.terms import Ends
from tests.unit.network.tables import Ledger, entity, link, plain_view, said
from tests.unit.queries.asking import ask, both, small
from tests.unit.queries.paths.ways import World, holds, simple_ways, world

ROUNDS = 60
Best = dict[str, tuple[int, int, tuple[str, ...], Path]]
"""For each entity the cost, the length, the entities from the end on, and the way itself."""


def best_ways(made: World, sources: list[str], given: dict[str, Any]) -> Best:
    """The best way to everything but the sources: every simple way that holds, judged one by one."""
    likely = {one.link_id: round(one.said.grade.probability, 6) for one in made.links}
    priced = given.get("cost") == "evidence"
    terms = {name: given[name] for name in ("avoid", "avoid_kind", "through_kind", "avoid_country") if name in given}
    best: Best = {}
    for source in sources:
        for end in set(made.kinds) - set(sources):
            ends = (end, source) if given.get("backwards") else (source, end)
            asked = Ends(
                source=ends[0], target=ends[1], max_hops=given["max_hops"], directed=given["directed"], **terms
            )
            for way in simple_ways(made, *ends, asked):
                if not holds(made, way, asked):
                    continue
                cost = sum(evidence_cost(likely[key]) if priced else 1 for key in way.links)
                from_end = way.entities if given.get("backwards") else way.entities[::-1]
                key = (cost, len(way.links), from_end, way)
                if end not in best or key[:3] < best[end][:3]:
                    best[end] = key
    return best


def random_terms(dice: random.Random, ids: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {
        "avoid": dice.sample(ids, 1),
        "avoid_kind": [dice.choice(["Bank", "MoneyTransfer", "REPRESENTS"])],
        "through_kind": [dice.choice(["Organization", "MoneyTransfer"])],
        "avoid_country": [dice.choice(["US", "VG"])],
    }
    return {name: options[name] for name in dice.sample(sorted(options), dice.choice([0, 0, 1, 2]))}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("cost", ["links", "evidence"])
def test_it_is_everything_that_a_way_leads_to(cost: str, seed: int) -> None:
    dice = random.Random(f"{cost} {seed}")
    found = 0
    for _ in range(ROUNDS):
        made = world(dice)
        ids = sorted(made.kinds)
        sources = dice.sample(ids, dice.choice([1, 1, 2]))
        directed = dice.random() < 0.5
        given: dict[str, Any] = {"cost": cost, "directed": directed, "max_hops": dice.randint(1, 4)}
        given |= {"backwards": directed and dice.random() < 0.5, "hubs": "free", **random_terms(dice, ids)}
        best = best_ways(made, sources, given)
        if cost == "evidence" and dice.random() < 0.5:
            given["max_cost"] = dice.choice([0.5, 1.2, 2.5])
            best = {one: row for one, row in best.items() if row[0] <= round(given["max_cost"] * SCALE)}
        limit = dice.choice([1, 3, 100])
        finding = both("reach", made.view, sources=sources, limit=limit, **given)
        scale = SCALE if cost == "evidence" else 1
        rows = sorted((row[0], row[1], one) for one, row in best.items())
        told = [(each.id, each.distance, each.cost) for each in finding.result.reached]
        assert told == [(one, far, total / scale) for total, far, one in rows[:limit]], given
        assert [each.before for each in finding.result.reached] == [best[one][2][1] for _, _, one in rows[:limit]]
        assert finding.result.total == len(best)
        assert sum(layer.total for layer in finding.result.layers) == len(best)
        assert all(entity in finding.entities for _, _, one in rows[:limit] for entity in best[one][2])
        found += len(best)
    assert found > ROUNDS // 2, "too little was reached for this to say anything"


def test_the_steps_told_are_the_links_of_the_way() -> None:
    """Walking back by ``before`` and ``link`` leads to the source over links that are evidence."""
    dice = random.Random(4)
    for _ in range(40):
        made = world(dice)
        finding = both("reach", made.view, source=dice.choice(sorted(made.kinds)), max_hops=4, limit=100)
        refs = {ref.id: {ref.source, ref.target} for ref in finding.links}
        assert set(refs) == {row.link for row in finding.result.reached}
        assert all(refs[row.link] == {row.before, row.id} for row in finding.result.reached)


def test_counts_by_distance_and_kind_and_the_boundary() -> None:
    ledger = Ledger().put(
        [entity("a"), entity("f", "Organization"), entity("g", "Organization"), entity("x"), entity("y"), entity("z")],
        [link("1", "a", "f"), link("2", "a", "g"), link("3", "f", "x"), link("4", "x", "y"), link("5", "x", "z")],
    )
    result = both("reach", View(ledger.network()), source="a", max_hops=2).result
    assert result.by_kind == {"Organization": 2, "Subject": 1}
    assert result.layers == (Layer(1, 2, {"Organization": 2}), Layer(2, 1, {"Subject": 1}))
    assert (result.boundary, result.boundary_total) == ((Onward("x", 2),), 1)
    assert both("reach", View(ledger.network()), source="a", max_hops=3).result.boundary == ()


def test_of_parallel_links_the_most_likely_is_told() -> None:
    ledger = Ledger().put(
        [entity("a"), entity("b")],
        [link("1", "a", "b", by=said(grade="E5")), link("2", "a", "b", by=said(grade="A1")), link("3", "b", "a")],
    )
    for cost in ("links", "evidence"):
        assert [row.link for row in both("reach", View(ledger.network()), source="a", cost=cost).result.reached] == [
            "2"
        ]


def test_hops_and_cost_bound_together() -> None:
    """The cheap way has three links of A1 (0.103 each), the short one is a link of E5 (4.2): within one link only the
    dear one counts."""
    rows = [("1", "a", "b", "A1"), ("2", "b", "c", "A1"), ("3", "c", "d", "A1"), ("4", "a", "d", "E5")]
    links = [link(key, start, end, by=said(grade=grade)) for key, start, end, grade in rows]
    view = View(Ledger().put([entity(one) for one in "abcd"], links).network())

    def to_d(**more: Any) -> list[tuple[int, str]]:
        reached = both("reach", view, source="a", cost="evidence", **more).result.reached
        return [(row.distance, row.link) for row in reached if row.id == "d"]

    assert to_d(max_hops=3) == [(3, "3")]
    assert to_d(max_hops=2) == [(1, "4")]
    assert to_d(max_hops=2, max_cost=1) == []


@pytest.mark.parametrize("hubs", ["tame", "ends", "free"])
def test_hubs_are_reached_but_not_led_through(hubs: str) -> None:
    view = small("ab hb hc hd he ax")
    result = both("reach", view, source="a", max_hops=4, hub_degree=4, hubs=hubs).result
    assert {row.id for row in result.reached} == ({"b", "c", "d", "e", "h", "x"} if hubs == "free" else {"b", "h", "x"})
    assert result.tamed == (None if hubs == "free" else Tamed(("h",), 1, passed=False))


def test_where_only_hubs_are_reached_they_are_led_through() -> None:
    view = small("ah hc hd he")
    result = both("reach", view, source="a", max_hops=2, hub_degree=4).result
    assert {row.id for row in result.reached} == {"c", "d", "e", "h"}
    assert result.tamed == Tamed(("h",), 1, passed=True)
    kept = both("reach", view, source="a", max_hops=2, hub_degree=4, hubs="ends").result
    assert [row.id for row in kept.reached] == ["h"]


def test_more_room_never_reaches_less() -> None:
    dice = random.Random(8)
    for _ in range(30):
        made = world(dice)
        source = dice.choice(sorted(made.kinds))
        totals = [
            ask("reach", made.view, source=source, max_hops=hops, hubs="free").result.total for hops in (1, 2, 3, 9)
        ]
        assert totals == sorted(totals)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "source: say an id"),
        ({"source": "a", "via": ["b"]}, "via: reach lists"),
        ({"source": "a", "borders": 1, "in_order": True, "via": ["b", "c"]}, "via, in_order, borders: reach lists"),
        ({"source": "a", "backwards": True}, "backwards: goes with directed"),
        ({"source": "a", "max_cost": 1.0}, "max_cost: goes with cost=evidence"),
        ({"source": "a", "max_hops": 0}, "max_hops"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ReachParameters(**wrong)


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_unknown_entities_are_refused(engine: str) -> None:
    for given in ({"source": "?"}, {"source": "a", "sources": ["?"]}, {"source": "a", "avoid": ["?"]}):
        with pytest.raises(EntityNotFound, match=r"^no entity '\?' in this scope$"):
            ask("reach", small("ab"), engine, **given)


@pytest.mark.parametrize("cost", ["links", "evidence"])
def test_a_spent_budget_tells_that_more_exists(cost: str) -> None:
    view = plain_view(20_001, [(0, n) for n in range(1, 20_001)] + [(n, n + 1) for n in range(1, 20_000)])
    finding = ask("reach", view, limits=Limits(links=30_000), source="0", hubs="free", cost=cost, max_hops=9)
    assert finding.truncated
    assert 30_000 <= finding.explored < 90_000


def test_it_can_be_called_off() -> None:
    view = plain_view(9_000, [(0, n) for n in range(1, 9_000)])
    with Budget() as budget:
        budget.call_off()
        with pytest.raises(Cancelled):
            QUESTION.memory(view, ReachParameters(source="0"), budget)
