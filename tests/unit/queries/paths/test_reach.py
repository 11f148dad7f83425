"""``reach`` against every simple way by definition, on both engines; its contract and its bounds."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pydantic import ValidationError

from graph_service.errors import Cancelled, EntityNotFound
from graph_service.model.answer import Limits
from graph_service.model.graph import Path
from graph_service.model.records import LinkRecord
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.costs import SCALE, evidence_cost
from queries.paths.extent import Onward
from queries.paths.found import Tamed
from queries.paths.reach import QUESTION, Layer, ReachParameters
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


# In time


def dated(dice: random.Random) -> tuple[Ledger, dict[str, str], list[LinkRecord]]:
    """A few people and transfers, and links of which most have a day, or last some days."""
    ids = [f"e{n}" for n in range(dice.randint(2, 7))]
    kinds = {one: dice.choice(["Subject", "Subject", "MoneyTransfer"]) for one in ids}
    links = []
    for n in range(dice.randint(0, 2 * len(ids))):
        first = dice.randint(1, 9)
        last = min(9, first + dice.choice([0, 0, 0, 2]))
        valid = dice.choice(
            [(f"2020-01-0{first}", f"2020-01-0{last}")] * 4 + [(None, None), (None, f"2020-01-0{last}")]
        )
        kind = dice.choice(["REPRESENTS", "ASSOCIATE_OF"])
        links.append(link(f"l{n}", dice.choice(ids), dice.choice(ids), kind, said(valid=valid)))
    return Ledger().put([entity(one, kinds[one]) for one in ids], links), kinds, links


def first_days(
    kinds: dict[str, str], links: list[LinkRecord], source: str, given: dict[str, Any]
) -> dict[str, tuple[int, int]]:
    """When everything is reached first and with how few links, by every simple way in time; day numbers of January."""
    spans: dict[str, tuple[int, int]] = {}
    of: dict[str, str] = {}
    for one in links:
        days = [int(day[-2:]) for day in (one.said.valid.start, one.said.valid.end) if day]
        if days:
            spans[one.link_id] = (days[0], days[-1])
        if [kinds[one.source], kinds[one.target]].count("MoneyTransfer") == 1:
            of[one.link_id] = one.source if kinds[one.source] == "MoneyTransfer" else one.target
    for event in set(of.values()):
        theirs = [spans[key] for key, whose in of.items() if whose == event and key in spans]
        whole = {(min(a for a, _ in theirs), max(b for _, b in theirs))} if theirs else set()
        spans |= {key: span for key, whose in of.items() if whose == event for span in whole}
    turn = -1 if given["backwards"] else 1
    best: dict[str, tuple[int, int]] = {}

    def on(way: list[str], day: int) -> None:
        here = way[-1]
        if len(way) > 1:
            best[here] = min(best.get(here, (99, 0)), (day, len(way) - 1))
        if len(way) > given["max_hops"]:
            return
        for one in links:
            starts = {one.source: one.target}
            if given["directed"] and one.kind == "REPRESENTS":
                starts = {one.target: one.source} if given["backwards"] else starts
            else:
                starts[one.target] = one.source
            if one.link_id not in spans or here not in starts or starts[here] in way:
                continue
            begins, ends = sorted(turn * each for each in spans[one.link_id])
            moment = of.get(one.link_id) == here and ends >= day
            if begins >= given["window"][0] and ends <= given["window"][1] and (begins >= day or moment):
                on([*way, starts[here]], ends)

    on([source], given["window"][0])
    return {one: (turn * day, far) for one, (day, far) in best.items()}


@pytest.mark.parametrize("seed", range(8))
def test_in_time_it_is_what_ways_lead_to_that_follow_each_other(seed: int) -> None:
    dice = random.Random(seed)
    found = 0
    for _ in range(60):
        ledger, kinds, links = dated(dice)
        backwards = dice.random() < 0.4
        given: dict[str, Any] = {
            "directed": dice.random() < 0.5,
            "backwards": backwards,
            "max_hops": dice.randint(1, 4),
        }
        asked = dict(given)
        low, high = -99, 99
        if dice.random() < 0.4:
            low = dice.randint(1, 5)
            asked["depart_from"] = f"2020-01-0{low}"
        if dice.random() < 0.4:
            high = dice.randint(5, 9)
            asked["arrive_by"] = f"2020-01-0{high}"
        given["window"] = (-high, -low) if backwards else (low, high)
        source = dice.choice(sorted(kinds))
        best = first_days(kinds, links, source, given)
        result = both("reach", View(ledger.network()), source=source, cost="time", hubs="free", **asked).result
        told = [(row.id, int(str(row.day)[-2:]), row.distance) for row in result.reached]
        turn = -1 if backwards else 1
        assert told == sorted(
            ((one, day, far) for one, (day, far) in best.items()), key=lambda row: (turn * row[1], row[2], row[0])
        ), asked
        found += len(best)
    assert found > 20, "too little was reached for this to say anything"


def test_the_worked_example_of_typologies() -> None:
    """3.4: S-a on day 1, a-b 2, b-T 9, S-c 3, c-b 7, a-T 0: T is reached on day 9, not by the link of day 0."""
    rows = [("S", "a", 1), ("a", "b", 2), ("b", "T", 9), ("S", "c", 3), ("c", "b", 7), ("a", "T", 0)]
    links = [link(f"{a}{b}", a, b, by=said(valid=(f"2020-01-{day + 10}", f"2020-01-{day + 10}"))) for a, b, day in rows]
    view = View(Ledger().put([entity(one) for one in "SabcT"], links).network())
    reached = both("reach", view, source="S", directed=True, cost="time", max_hops=5).result.reached
    assert [(row.id, row.day) for row in reached] == [
        ("a", "2020-01-11"),
        ("b", "2020-01-12"),
        ("c", "2020-01-13"),
        ("T", "2020-01-19"),
    ]
    assert reached[-1].link == "bT"
    late = both("reach", view, source="T", directed=True, backwards=True, cost="time", max_hops=5).result.reached
    assert [(row.id, row.day) for row in late] == [
        ("b", "2020-01-19"),
        ("c", "2020-01-17"),
        ("S", "2020-01-13"),
        ("a", "2020-01-12"),
    ]


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
        ({"source": "a", "arrive_by": "2020"}, "arrive_by: goes with cost=time"),
        ({"source": "a", "cost": "time", "depart_from": "2021", "arrive_by": "2020"}, "depart_from is after arrive_by"),
        ({"source": "a", "cost": "time", "depart_from": "soon"}, "depart_from"),
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
