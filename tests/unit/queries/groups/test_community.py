"""``community``: the portrait of a group, against counting by hand on random worlds; whose group; and no time."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import pytest

from graph_service.errors import Cancelled, EntityNotFound
from graph_service.model.answer import Finding, Limits
from graph_service.model.scope import Events, Scope
from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups.community import QUESTION, CommunityParameters, CommunityResult
from queries.groups.holding import Core, CutMember
from queries.groups.listing import Group
from queries.groups.portrait import Bridge, NeighbourGroup, Portrait, Portrayed, Tie
from tests.unit.network.tables import Ledger, entity, link, plain_view, said
from tests.unit.queries.groups import national

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
ENGINES = ("memory", "networkx")


def ask(
    view: View, of: str, engine: str = "memory", limits: Limits | None = None, **asked: Any
) -> Finding[CommunityResult]:
    given = CommunityParameters(entity=of, **asked)
    with Budget(limits or Limits()) as budget:
        finding: Finding[CommunityResult] = getattr(QUESTION, engine)(view, given, budget)
    return finding


def portrait(view: View, of: str, engine: str = "memory", **asked: Any) -> Portrait:
    found = ask(view, of, engine, **asked).result.community
    assert found is not None
    return found


@pytest.mark.parametrize("events", list(Events))
@pytest.mark.parametrize("seed", range(12))
def test_every_figure_of_a_group_is_what_counting_gives(seed: int, events: Events) -> None:
    ledger = national.world(seed)
    view = View(ledger.network(), Scope(events=events))
    grouping, label = national.grouped(view, seed)
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(label)
    for source, target in view.graph.edges():
        if source != target:
            graph.add_edge(source, target, weight=graph.get_edge_data(source, target, {"weight": 0})["weight"] + 1)
    for group in sorted(set(label.values())):
        members = sorted(name for name, own in label.items() if own == group)
        told = Portrayed(view, grouping, group).told(100, 1_000)
        inside = graph.subgraph(members)
        leaving = [(a, b) if label[a] == group else (b, a) for a, b in nx.edge_boundary(graph, members)]
        assert told.group == Group(members[0], len(members), tuple(members))
        assert told.kinds == Counter(view.graph.nodes[name]["kind"] for name in members)
        assert told.countries == Counter(code for name in members for code in _said(ledger, name))
        assert (told.ties, told.leaving) == (inside.number_of_edges(), len(leaving))
        others = set(graph) - set(members)
        if min(nx.volume(graph, members, "weight"), nx.volume(graph, others, "weight")):
            assert told.conductance == pytest.approx(nx.conductance(graph, members, weight="weight"), abs=1e-6)
        else:
            assert told.conductance is None
        assert {(tie.one, tie.other): tie.weight for tie in told.strongest} == {
            (min(a, b), max(a, b)): weight for a, b, weight in inside.edges(data="weight")
        }
        assert {(one.member, one.outside) for one in told.bridges} == set(leaving)
        assert {one.id: one.ties for one in told.neighbours} == Counter(
            min(name for name, own in label.items() if own == label[outside]) for _, outside in leaving
        )
        assert {one.id for one in told.cut_members} == set(nx.articulation_points(inside))
        assert told.core.k == max(nx.core_number(inside).values())
        harmed = {b for a, b, kind in View(view.network).graph.edges(data="kind") if kind == "VICTIM"}
        assert {one.id: (one.inside, one.outside) for one in told.key_members} == {
            name: (inside.degree(name), sum(name == member for member, _ in leaving))
            for name in members
            if name.startswith("p") and name not in harmed
        }


def _said(ledger: Ledger, name: str) -> set[str]:
    records = [record for _, record in ledger.entities if record.entity_id == name]
    return {code for record in records for code in record.properties.get("nationality", ())}


def two_groups() -> View:
    """Four friends, whom only b joins to the fifth, and a joins to two others; dated, of two kinds."""
    dated = said(valid=("2014-03", "2017"))
    pairs = "ab ac bc ad bd cd be"
    links = [link(pair, pair[0], pair[1], by=dated if pair == "ab" else said()) for pair in pairs.split()]
    links += [link("ax", "a", "x"), link("xy", "x", "y"), link("xy2", "x", "y"), link("xy3", "x", "y")]
    people = [entity(name, "Organization" if name == "e" else "Subject") for name in "abcdexy"]
    return View(Ledger().put(people, links).network())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_portrait_by_hand(engine: str) -> None:
    told = portrait(two_groups(), "d", engine)
    assert told.group == Group("a", 5, tuple("abcde"))
    assert told.kinds == {"Subject": 4, "Organization": 1}
    assert (told.first_day, told.last_day) == ("2014-03-01", "2017-12-31")
    assert (told.ties, told.leaving) == (7, 1)
    assert told.conductance == pytest.approx(1 / 7, abs=1e-6)
    assert told.core == Core(3, 4)
    assert told.cut_members == (CutMember("b", 1),)
    assert told.bridges == (Bridge("a", "x", "x", 1.0),)
    assert told.neighbours == (NeighbourGroup("x", 1, 1.0),)
    assert [(one.id, one.inside, one.outside) for one in told.key_members] == [
        ("b", 4, 0), ("a", 3, 1), ("c", 3, 0), ("d", 3, 0), ("e", 1, 0),
    ]  # fmt: skip
    assert told.money == ()


@pytest.mark.parametrize("events", list(Events))
def test_active_is_who_did_something_in_an_event_not_how_long_a_link_held(events: Events) -> None:
    long_ago = said(valid=("1980", "2031"))
    links = [
        link("ab", "a", "b", by=long_ago),
        link("o", "a", "t", "ORIGINATOR", said(valid=("2015-02-03", "2015-02-03"))),
        link("r", "t", "b", "BENEFICIARY", said(valid=("2016", "2016"))),
    ]
    people = [entity("a"), entity("b"), entity("t", "MoneyTransfer")]
    told = portrait(View(Ledger().put(people, links).network(), Scope(events=events)), "a")
    assert (told.first_day, told.last_day) == ("2015-02-03", "2016-12-31")
    without = portrait(View(Ledger().put(people[:2], links[:1]).network()), "a")
    assert (without.first_day, without.last_day) == ("1980-01-01", "2031-12-31")


def test_victims_are_never_key_members_and_banks_only_among_themselves() -> None:
    kinds = {"a": "Subject", "b": "Bank", "c": "Company", "h": "Incident"}
    links = [link("ab", "a", "b"), link("bc", "b", "c"), link("ca", "c", "a"), link("v", "h", "a", "VICTIM")]
    view = View(Ledger().put([entity(*each) for each in kinds.items()], links).network())
    told = portrait(view, "a", resolution=0.1)
    assert told.group.members == ("a", "b", "c", "h")
    assert [one.id for one in told.key_members] == ["c"]
    banks = View(Ledger().put([entity("a", "Bank"), entity("b", "Bank")], [link("ab", "a", "b")]).network())
    assert [one.id for one in portrait(banks, "a").key_members] == ["a", "b"], "where there are only banks"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_strongest_ties_come_first(engine: str) -> None:
    told = portrait(two_groups(), "y", engine)
    assert told.strongest == (Tie("x", "y", 3.0),)
    assert portrait(two_groups(), "a", engine, limit=2).strongest == (Tie("a", "b", 1.0), Tie("a", "c", 1.0))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_evidence_begins_with_the_entity_and_those_who_matter(engine: str) -> None:
    finding = ask(two_groups(), "e", engine, evidence=3)
    assert finding.entities == ("a", "b", "e")
    assert {ref.id for ref in finding.links} == {"ab", "be"}
    everybody = ask(two_groups(), "e", engine)
    assert everybody.entities == tuple("abcdex")
    assert not everybody.truncated
    assert ask(two_groups(), "e", engine, members=2).truncated


@pytest.mark.parametrize("engine", ENGINES)
def test_somebody_alone_is_a_group(engine: str) -> None:
    told = portrait(plain_view(1, []), "0", engine)
    assert told.group == Group("0", 1, ("0",))
    assert (told.conductance, told.first_day, told.core) == (None, None, Core(0, 1))


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_no_time_and_called_off(engine: str) -> None:
    view = two_groups()
    with pytest.raises(EntityNotFound):
        ask(view, "nobody", engine)
    with pytest.raises(EntityNotFound):
        ask(View(view.network, Scope(entity_kinds=frozenset({"Subject"}))), "e", engine)
    late = ask(view, "e", engine, Limits(links=1))
    assert (late.truncated, late.result.community, late.entities) == (True, None, ("e",))
    budget = Budget()
    budget.call_off()
    with pytest.raises(Cancelled):
        getattr(QUESTION, engine)(view, CommunityParameters(entity="e"), budget)
