"""Cycles: against cycles by definition and NetworkX's own, the worked example of the domain, and single rules."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from pydantic import ValidationError

from graph_service.errors import EntityNotFound, InvalidParameter
from graph_service.model.answer import Limits
from graph_service.model.scope import EVERYTHING, Events, Scope
from graph_service.model.time import day_text
from graph_service.network.view import View
from queries.catalogue import CATALOGUE
from queries.paths.cycles import CyclesParameters
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import ask, both, small
from tests.unit.queries.paths.timed_ways import Taken, TimedWorld, moves, timed_ways, timed_world, timing, told
from tests.unit.queries.paths.ways import SYMMETRIC

ROUNDS = 150
CAROUSEL = (("A", "B", 1, 10_000), ("B", "C", 2, 9_700), ("C", "A", 3, 9_500), ("B", "C", 0, 9_700), ("C", "D", 2, 400))
"""The example of typologies C3: from, to, day, amount."""
COLLAPSED = Scope(events=Events.COLLAPSED)


def payments(paid: Iterable[tuple[str, str, int, float | None]], scope: Scope = EVERYTHING) -> View:
    """A view of money transfers, the first called t0."""
    entities, links = [], []
    accounts = dict.fromkeys(end for one in paid for end in one[:2])
    for number, (source, target, day, amount) in enumerate(paid):
        when = said(valid=(day_text(day), day_text(day)))
        properties = {} if amount is None else {"amount": (str(amount),)}
        entities.append(entity(f"t{number}", "MoneyTransfer", properties, when))
        links.append(link(f"o{number}", source, f"t{number}", "ORIGINATOR"))
        links.append(link(f"b{number}", f"t{number}", target, "BENEFICIARY"))
    return View(Ledger().put([*(entity(one, "Account") for one in accounts), *entities], links).network(), scope)


def expected(made: TimedWorld, asked: CyclesParameters, starts: Iterable[str]) -> list[list[Taken]]:
    """Every cycle by definition, each link set once, in canonical order."""
    taken = moves(made, directed=asked.directed) if asked.timed else _whenever(made, directed=asked.directed)
    found = [way for start in starts for way in timed_ways(taken, start, start, asked)]
    if asked.keeps is not None:
        found = [way for way in found if _keeps(way, asked.keeps)]
    once: dict[frozenset[str], list[Taken]] = {}
    for way in sorted(found, key=lambda way: (len(way), told(way))):
        once.setdefault(frozenset(each.link for each in way), way)
    return [way for way in once.values() if len(way) >= asked.min_hops]


def _whenever(made: TimedWorld, *, directed: bool) -> list[Taken]:
    taken = []
    for name, (source, target, kind, _) in made.links.items():
        taken.append(Taken(name, source, target, 0, 0, None, None))
        if source != target and (not directed or kind in SYMMETRIC):
            taken.append(Taken(name, target, source, 0, 0, None, None))
    return taken


def _keeps(way: list[Taken], share: float) -> bool:
    amounts = [each.amount for each in way]
    if any(amount is None for amount in amounts):
        return False
    return all(share * float(a or 0) - 1e-6 <= float(b or 0) <= float(a or 0) + 1e-6 for a, b in pairwise(amounts))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("timed", [False, True], ids=["whenever", "in time"])
def test_they_are_the_cycles_in_order(seed: int, timed: bool) -> None:
    dice = random.Random(f"{seed} {timed}")
    found = 0
    for _ in range(ROUNDS):
        made = timed_world(dice, spread=5)
        view = made.view
        given: dict[str, Any] = {"directed": dice.random() < 0.6, "max_hops": dice.randint(1, 6), "hubs": "free"}
        given |= {"limit": dice.choice([1, 2, 5, 100]), "timed": timed}
        given["min_hops"] = dice.randint(1, min(3, given["max_hops"]))
        if timed:
            given |= timing(dice, 5) | ({"keeps": 0.85} if dice.random() < 0.2 else {})
        subjects = [one for one in made.ids if view.entity_kind(view.number(one)) == "Subject"]
        starts = subjects if subjects and dice.random() < 0.4 else [dice.choice(list(made.ids))]
        given |= {"kind": "Subject"} if starts is subjects else {"entity": starts[0]}
        asked = CyclesParameters(**given)
        cycles = expected(made, asked, starts)
        finding = both("cycles", view, **given)
        assert [(each.entities, each.links) for each in finding.result.cycles] == [
            ((way[0].near, *(each.far for each in way)), tuple(each.link for each in way))
            for way in cycles[: asked.limit]
        ], given
        assert finding.truncated == (len(cycles) > asked.limit)
        assert (finding.result.proof is None) == bool(cycles)
        found += bool(cycles)
    assert found > ROUNDS // 10, "too few worlds had a cycle for this to say anything"


@pytest.mark.parametrize("seed", range(4))
def test_networkx_finds_the_same(seed: int) -> None:
    """Every simple cycle of a random digraph, by NetworkX's own enumeration."""
    graph = nx.gnp_random_graph(8, 0.3, seed=seed, directed=True)
    edges = [("abcdefgh"[u], "abcdefgh"[v]) for u, v in graph.edges]
    view = small(" ".join(f"{u}{v}" for u, v in edges))
    finding = both("cycles", view, kind="Subject", max_hops=5, limit=1_000, hubs="free")
    theirs = [["abcdefgh"[node] for node in cycle] for cycle in nx.simple_cycles(graph, length_bound=5)]
    turned = [tuple([*each, *each][each.index(min(each)) :][: len(each) + 1]) for each in theirs]
    assert [each.entities for each in finding.result.cycles] == sorted(turned, key=lambda each: (len(each), each))
    assert theirs


@pytest.mark.parametrize(("scope", "hops"), [(EVERYTHING, 8), (COLLAPSED, 4)], ids=["events kept", "collapsed"])
def test_the_carousel_of_the_domain(scope: Scope, hops: int) -> None:
    """Exactly one temporal cycle, from A, retention .95: the transfer of day 0 cannot be used."""
    view = payments(CAROUSEL, scope)
    asked = {"kind": "Account", "max_hops": hops, "timed": True, "least_gap": 1, "within": 10, "keeps": 0.9}
    [cycle] = both("cycles", view, **asked).result.cycles
    assert [one for one in cycle.entities if one in "ABCD"] == ["A", "B", "C", "A"]
    assert (cycle.departs, cycle.arrives, cycle.days, cycle.retained) == ("1970-01-02", "1970-01-04", 2, 0.95)
    assert not {"t3", "o3", "b3", "t3[B>C]"} & {*cycle.entities, *cycle.links}
    static = both("cycles", view, kind="Account", max_hops=hops).result
    rounds = {tuple(one for one in each.entities if one in "ABCD") for each in static.cycles}
    assert rounds == {("A", "B", "C", "A")}


@pytest.mark.parametrize("scope", [EVERYTHING, COLLAPSED], ids=["events kept", "collapsed"])
def test_a_cycle_in_the_wrong_order_is_none(scope: Scope) -> None:
    """A to B on day 3, B to C on day 2, C to A on day 4 (typologies, 6): money never came back to A."""
    view = payments([("A", "B", 3, 100), ("B", "C", 2, 100), ("C", "A", 4, 100)], scope)
    asked = {"entity": "A", "max_hops": 6}
    assert both("cycles", view, **asked, timed=True).result.cycles == ()
    assert len(both("cycles", view, **asked).result.cycles) == 1


def test_value_that_is_not_kept_is_no_cycle() -> None:
    paid = [("A", "B", 1, 100.0), ("B", "C", 2, 80.0), ("C", "A", 3, 80.0)]
    enough = both("cycles", payments(paid, COLLAPSED), entity="A", timed=True, keeps=0.8).result
    assert (len(enough.cycles), enough.proof) == (1, None)
    short = both("cycles", payments(paid, COLLAPSED), entity="A", timed=True, keeps=0.81).result
    assert (short.cycles, short.proof.reason) == ((), "conditions")
    more = [("A", "B", 1, 100.0), ("B", "A", 2, 100.5)]
    assert both("cycles", payments(more, COLLAPSED), entity="A", timed=True, keeps=0.5).result.cycles == ()
    silent = [("A", "B", 1, 100.0), ("B", "A", 2, None)]
    assert both("cycles", payments(silent, COLLAPSED), entity="A", timed=True, keeps=0.5).result.cycles == ()
    [cycle] = both("cycles", payments(silent, COLLAPSED), entity="A", timed=True).result.cycles
    assert cycle.retained is None


def test_parallel_links_make_a_cycle_and_one_link_does_not() -> None:
    view = small("ab ab bc")
    [cycle] = both("cycles", view, entity="a", directed=False).result.cycles
    assert (cycle.entities, cycle.links) == (("a", "b", "a"), ("ab0", "ab1"))
    assert both("cycles", view, entity="c", directed=False).result.proof.reason == "exhausted"


@pytest.mark.parametrize(
    ("asked", "proof"),
    [
        ({"entity": "a", "max_hops": 3}, ("bound", 4)),
        ({"entity": "x"}, ("exhausted", None)),
        ({"entity": "a", "avoid": "c"}, ("exhausted", None)),
        ({"entity": "a", "via": "x"}, ("conditions", None)),
        ({"entity": "a", "min_hops": 5}, ("bound", None)),
    ],
)
def test_why_there_is_none(asked: dict[str, Any], proof: tuple[str, int | None]) -> None:
    found = both("cycles", small("ab bc cd da xy"), **asked).result
    assert found.cycles == ()
    assert (found.proof.reason, found.proof.shortest) == proof


def test_hubs_are_held_back_unless_there_is_no_other_way_round() -> None:
    view = small("ah ha hx hy hz hu ab bc ca")
    tame = both("cycles", view, entity="a", hub_degree=6).result
    assert [each.entities for each in tame.cycles] == [("a", "b", "c", "a")]
    assert (tame.tamed.hubs, tame.tamed.passed) == (("h",), False)
    assert len(both("cycles", view, entity="a", hub_degree=6, hubs="free").result.cycles) == 2
    only = both("cycles", view, entity="a", hub_degree=6, avoid="b").result
    assert only.tamed.passed
    assert [each.entities for each in only.cycles] == [("a", "h", "a")]
    assert both("cycles", view, entity="a", hub_degree=6, avoid="b", hubs="ends").result.cycles == ()


def test_the_most_connected_of_a_kind_come_first_and_the_rest_is_told() -> None:
    finding = both("cycles", small("ab ba cd dc ce"), kind="Subject", starts=1)
    assert [each.entities for each in finding.result.cycles] == [("c", "d", "c")]
    assert (finding.result.starts, finding.truncated) == (1, True)


def test_a_link_to_itself_is_the_shortest_cycle() -> None:
    view = small("aa")
    assert both("cycles", view, entity="a").result.cycles == ()
    [cycle] = both("cycles", view, entity="a", min_hops=1).result.cycles
    assert (cycle.entities, cycle.links) == (("a", "a"), ("aa0",))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"entity": "a", "kind": "Subject"},
        {"entity": "a", "min_hops": 4, "max_hops": 3},
        {"entity": "a", "keeps": 0.5},
        {"entity": "a", "within": 3},
        {"entity": "a", "timed": True, "keeps": 1.5},
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CATALOGUE["cycles"].parameters(**asked)


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_who_is_not_there(engine: str) -> None:
    with pytest.raises(EntityNotFound):
        ask("cycles", small("ab"), engine, entity="nobody")
    with pytest.raises(InvalidParameter, match="Vessel"):
        ask("cycles", small("ab"), engine, kind="Vessel")


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_a_budget_that_ends_is_told(engine: str) -> None:
    names = "abcdefghij"
    view = small(" ".join(f"{one}{other}" for one in names for other in names if one != other))
    finding = ask("cycles", view, engine, Limits(links=400), entity="a", limit=1_000)
    assert finding.truncated
    assert len(finding.result.cycles) < 1_000
