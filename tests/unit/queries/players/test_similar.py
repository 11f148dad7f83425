"""``similar`` against its definition, word for word, on random worlds; and what it is for."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

import pytest

from graph_service.errors import EntityNotFound, UnknownKind
from graph_service.model.answer import Limits
from graph_service.model.records import Provenance
from graph_service.model.scope import Events, Scope
from graph_service.model.time import Interval
from graph_service.network.compiled import available
from graph_service.network.view import View
from tests.unit.network.tables import Ledger, entity, link, plain_view, said
from tests.unit.queries.asking import ask, both, small

pytestmark = pytest.mark.skipif(not available("numba"), reason="the engine memory needs numba")
ENGINES = ("memory", "networkx")
KINDS = ("REPRESENTS", "ASSOCIATE_OF")
"""One has a direction, the other has none."""


def world(dice: random.Random) -> View:
    """Subjects and organizations with loops, parallel links and links both ways."""
    names = [f"n{number:02}" for number in range(dice.randint(2, 16))]
    entities = [entity(name, dice.choice(["Subject", "Subject", "Organization"])) for name in names]
    links = [
        link(f"l{number:02}", dice.choice(names), dice.choice(names), dice.choice(KINDS))
        for number in range(dice.randint(0, 3 * len(names)))
    ]
    return View(Ledger().put(entities, links).network())


def dated_world(dice: random.Random) -> Ledger:
    """Accounts, shops and transfers between them, some marked, most dated, some open at one end."""

    def by() -> Provenance:
        start, end = sorted(f"{dice.randint(2010, 2013)}-0{dice.randint(1, 9)}" for _ in range(2))
        ends = (start if dice.random() < 0.8 else None, end if dice.random() < 0.8 else None)
        return said(markings=["secret"] if dice.random() < 0.1 else (), valid=ends)

    accounts = [f"a{number}" for number in range(8)]
    transfers = [f"t{number}" for number in range(12)]
    entities = [entity(name, "Account", by=by() if dice.random() < 0.2 else None) for name in accounts]
    entities += [entity(name, "MoneyTransfer", by=by()) for name in transfers]
    links = [link(f"o{name}", dice.choice(accounts), name, "ORIGINATOR") for name in transfers]
    links += [link(f"b{name}", name, dice.choice(accounts), "BENEFICIARY") for name in transfers]
    pairs = [dice.sample(accounts, 2) for _ in range(14)]
    links += [link(f"l{n}", one, other, dice.choice(KINDS), by()) for n, (one, other) in enumerate(pairs)]
    return Ledger().put(entities, links)


def test_both_engines_agree_under_scopes() -> None:
    """On worlds in which most entities have their like: dates, hidden records, and events collapsed to links."""
    found = related = 0
    for seed in range(25):
        dice = random.Random(seed)
        network = dated_world(dice).network()
        scopes = [Scope(), Scope(markings=frozenset()), Scope(window=Interval("2011", "2012-06"))]
        for scope in [*scopes, *(replace(scope, events=Events.COLLAPSED) for scope in scopes)]:
            view = View(network, scope)
            for name in dice.sample(sorted(view.graph), 3):
                hub, few = dice.choice([3, 100]), dice.choice([2, 100])
                answer = both("similar", view, entity=name, hub=hub, candidates=few, gap=dice.choice([30, 400]))
                found += len(answer.result.similar)
                related += sum(like.relation is not None for like in answer.result.similar)
    assert found > 500
    assert related > 200


def by_definition(view: View, name: str, hub: int) -> dict[str, tuple[float, float, int, bool]]:
    """Of each of the same kind that shares a neighbour that is no hub: score, weight, common ties, whether joined."""
    graph = view.graph
    ties: dict[str, set[tuple[str, str, str]]] = {node: set() for node in graph}
    links: dict[str, set[str]] = {node: set() for node in graph}
    for source, target, key, data in graph.edges(keys=True, data=True):
        links[source].add(key)
        links[target].add(key)
        if source != target:
            out, back = ("both", "both") if data["symmetric"] else ("out", "in")
            ties[source].add((target, data["kind"], out))
            ties[target].add((source, data["kind"], back))

    def weight(some: set[tuple[str, str, str]]) -> float:
        return sum(1 / math.log2(1 + len(links[neighbour])) for neighbour, _, _ in some)

    found = {}
    near = {neighbour for neighbour, _, _ in ties[name] if len(links[neighbour]) <= hub}
    for other in set(graph) - {name}:
        mine = {tie for tie in ties[name] if tie[0] != other}
        theirs = {tie for tie in ties[other] if tie[0] != name}
        common = near & {neighbour for neighbour, _, _ in theirs}
        if common and mine & theirs and graph.nodes[other]["kind"] == graph.nodes[name]["kind"]:
            score = weight(mine & theirs) / weight(mine | theirs)
            found[other] = (score, weight(mine & theirs), len(mine & theirs), theirs != ties[other])
    return found


@pytest.mark.parametrize("seed", range(60))
def test_likeness_by_definition(seed: int) -> None:
    dice = random.Random(seed)
    view = world(dice)
    name, hub = dice.choice(sorted(view.graph)), dice.choice([2, 3, 5, 100])
    found = both("similar", view, entity=name, hub=hub, limit=1_000).result
    expected = by_definition(view, name, hub)
    assert {like.id for like in found.similar} == set(expected)
    for like in found.similar:
        score, weight, common, joined = expected[like.id]
        assert like.score == pytest.approx(score, abs=1e-4)
        assert like.weight == pytest.approx(weight, abs=1e-4)
        assert (like.common, like.joined) == (common, joined)
        assert len(like.shared) == min(common, 10)
        assert sum(tie.weight for tie in like.shared) == pytest.approx(like.weight) or common > 10
    assert [(-like.score, -like.weight, like.id) for like in found.similar] == sorted(
        (-like.score, -like.weight, like.id) for like in found.similar
    )


@pytest.mark.parametrize("seed", range(10))
def test_likeness_is_mutual(seed: int) -> None:
    view = world(random.Random(100 + seed))
    for name in view.graph:
        for like in both("similar", view, entity=name).result.similar:
            back = {one.id: one for one in both("similar", view, entity=like.id).result.similar}
            assert (back[name].score, back[name].common) == (like.score, like.common)


def test_an_alias_with_the_same_ties_is_wholly_alike_and_explained_by_them() -> None:
    finding = both("similar", small("ax bx ay by cy"), entity="a")
    best, other = finding.result.similar
    assert (best.id, best.score, best.common) == ("b", 1.0, 2)
    assert [(tie.neighbour, tie.direction) for tie in best.shared] == [("x", "out"), ("y", "out")]
    assert best.shared[0].weight > best.shared[1].weight == pytest.approx(0.5)
    assert other.id == "c"
    assert finding.entities == ("a", "b", "c", "x", "y")
    assert {ref.id for ref in finding.links} == {"ax0", "bx1", "ay2", "by3", "cy4"}
    assert not finding.truncated


def test_a_tie_the_other_way_round_is_not_shared() -> None:
    assert both("similar", small("ax xb"), entity="a").result.similar == ()
    assert [like.id for like in both("similar", small("ax xb", "ASSOCIATE_OF"), entity="a").result.similar] == ["b"]


def test_a_link_between_the_two_is_said_and_not_counted() -> None:
    (like,) = (one for one in both("similar", small("ax bx ab"), entity="a").result.similar if one.id == "b")
    assert (like.score, like.joined) == (1.0, True)


def test_one_that_shares_a_rare_neighbour_comes_before_one_that_shares_a_common_one() -> None:
    ties = "ax bx ah ch " + " ".join(f"{other}h" for other in "defgijkl")
    found = both("similar", small(ties), entity="a", limit=2).result.similar
    assert [like.id for like in found] == ["b", "c"]
    assert found[0].score > 2 * found[1].score


def test_hubs_count_but_are_not_followed() -> None:
    ties = "ax bx ah bh ch " + " ".join(f"{other}h" for other in "defgijkl")
    followed, guarded = (both("similar", small(ties), entity="a", hub=hub) for hub in (20, 5))
    assert [like.id for like in guarded.result.similar] == ["b"]
    assert guarded.result.similar[0] == followed.result.similar[0]
    assert {tie.neighbour for tie in guarded.result.similar[0].shared} == {"x", "h"}
    assert (guarded.result.hubs, guarded.truncated) == (("h",), True)
    assert (followed.result.hubs, followed.truncated) == ((), False)
    assert guarded.explored < followed.explored


def calls(phone: str, contacts: str, start: str, end: str) -> list[Any]:
    return [
        link(f"{phone}{contact}", phone, contact, "CALLED", said(valid=(start if n == 0 else end, end)))
        for n, contact in enumerate(contacts)
    ]


def test_a_replaced_phone_is_found_by_its_contacts_and_its_dates() -> None:
    """The new one takes up three of four contacts a week after the old one fell silent; another was there all along."""
    records = [
        *calls("old", "wxyz", "2015-01-03", "2015-06-01"),
        *calls("new", "wxyv", "2015-06-08", "2015-12-01"),
        *calls("rest", "wxyz", "2015-01-04", "2015-12-01"),
    ]
    phones = [entity(name, "Phone") for name in ("old", "new", "rest", *"vwxyz")]
    view = View(Ledger().put(phones, records).network())
    found = {like.id: like for like in both("similar", view, entity="old").result.similar}
    assert (found["new"].relation, found["new"].gap) == ("successor", 7)
    assert found["rest"].relation == "overlapping"
    only = both("similar", view, entity="old", relation="successor").result
    assert [like.id for like in only.similar] == ["new"]
    assert (only.first_day, only.last_day) == ("2015-01-03", "2015-06-01")
    assert [like.id for like in both("similar", view, entity="new", relation="predecessor").result.similar] == ["old"]


@pytest.mark.parametrize("engine", ENGINES)
def test_collapsed_events_join_their_parties(engine: str) -> None:
    records = [entity("a", "Account"), entity("b", "Account"), entity("shop", "Account")]
    events = [
        entity(f"t{name}", "MoneyTransfer", by=said(valid=(day, day))) for name, day in (("a", "2014"), ("b", "2015"))
    ]
    roles = [link(f"o{name}", name, f"t{name}", "ORIGINATOR") for name in "ab"]
    roles += [link(f"r{name}", f"t{name}", "shop", "BENEFICIARY") for name in "ab"]
    network = Ledger().put([*records, *events], roles).network()
    assert ask("similar", View(network), engine, entity="a").result.similar == ()
    (like,) = ask("similar", View(network, Scope(events=Events.COLLAPSED)), engine, entity="a").result.similar
    assert (like.id, like.score, like.relation, like.gap) == ("b", 1.0, "successor", 1)
    assert [(tie.neighbour, tie.kind, tie.direction) for tie in like.shared] == [("shop", "MoneyTransfer", "out")]


@pytest.mark.parametrize("engine", ENGINES)
def test_bad_input(engine: str) -> None:
    view = small("ax bx")
    with pytest.raises(EntityNotFound):
        ask("similar", view, engine, entity="nobody")
    with pytest.raises(UnknownKind):
        ask("similar", view, engine, entity="a", kind="Wizard")
    with pytest.raises(EntityNotFound):
        ask("similar", View(view.network, Scope(entity_kinds=frozenset({"Vessel"}))), engine, entity="a")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_budget_bounds_the_work(engine: str) -> None:
    dice = random.Random(1)
    view = plain_view(300, [(dice.randrange(300), dice.randrange(300)) for _ in range(3_000)])
    whole = ask("similar", view, engine, entity="7", limit=1_000)
    cut = ask("similar", view, engine, Limits(links=whole.explored // 2), entity="7", limit=1_000)
    assert whole.result.compared == whole.result.candidates
    assert cut.truncated
    assert 0 < cut.result.compared < cut.result.candidates
    assert cut.explored <= whole.explored // 2 + 60
