"""``bridges-between``: both engines give one answer, held to brute force; and bad sides are refused clearly."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import Cancelled, EntityNotFound, InvalidParameter
from graph_service.model.answer import Finding, Limits
from graph_service.model.scope import Scope
from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups import joining
from queries.groups.bridges_between import QUESTION, BridgesParameters
from queries.groups.ends import listed
from queries.groups.joining import Between, BridgesResult, Crosser, Cut, DirectTie
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, shown
from tests.unit.network.tables import Ledger, entity, plain_view
from tests.unit.queries.asking import small

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
ENGINES = ("memory", "networkx")


def ask(
    view: View, left: str, right: str, engine: str = "memory", limits: Limits | None = None, **asked: Any
) -> Finding[BridgesResult]:
    given_ = BridgesParameters(left=left, right=right, **asked)
    with Budget(limits or Limits()) as budget:
        finding: Finding[BridgesResult] = getattr(QUESTION, engine)(view, given_, budget)
    return finding


def both(view: View, left: str, right: str, **asked: Any) -> BridgesResult:
    memory, oracle = (ask(view, left, right, engine, whole=False, **asked) for engine in ENGINES)
    assert memory == oracle
    return memory.result


def least(ways: set[tuple[str, ...]]) -> int:
    """The fewest entities that are on every way, by trying all sets."""
    nodes = sorted({node for way in ways for node in way})
    return next(
        size
        for size in range(len(nodes) + 1)
        if any(all(set(way) & set(few) for way in ways) for few in combinations(nodes, size))
    )


@UNHURRIED
@given(ledgers(), scopes(), st.data())
def test_both_engines_give_what_the_definition_says(ledger: Ledger, scope: Scope, data: st.DataObject) -> None:
    nodes, links = shown(ledger, scope)
    if len(nodes) < 2:
        return
    mixed = data.draw(st.permutations(sorted(nodes)))
    first, second = sorted(data.draw(st.tuples(st.integers(1, len(nodes) - 1), st.integers(1, len(nodes)))))
    left, right = set(mixed[:first]), set(mixed[first : max(second, first + 1)])
    result = both(View(ledger.network(), scope), ",".join(left), ",".join(right), limit=50)
    joined = [(one.source, one.target) for one in links.values() if one.source != one.target]
    near = nx.Graph(joined)
    near.add_nodes_from(nodes)
    direct = {(a, b): sum({*ends} == {a, b} for ends in joined) for a in left for b in right if near.has_edge(a, b)}
    assert {(tie.left, tie.right): tie.links for tie in result.direct} == direct
    between = {node: (set(near[node]) & left, set(near[node]) & right) for node in set(nodes) - left - right}
    between = {node: met for node, met in between.items() if all(met)}
    assert {one.id: (one.left, one.right, one.ways, one.neighbours) for one in result.between} == {
        node: (len(a), len(b), len(a) * len(b), len(near[node])) for node, (a, b) in between.items()
    }
    ways: set[tuple[str, ...]] = set(direct)
    ways |= {(a, node, b) for node, (of_left, of_right) in between.items() for a in of_left for b in of_right}
    assert result.cut is not None
    assert result.cut.size == least(ways)
    assert all(set(way) & set(result.cut.members) for way in ways)
    for one in result.crossers:
        own = [pair for pair in direct if one.id == pair[0 if one.side == "left" else 1]]
        assert (one.across, one.links) == (len(own), sum(direct[pair] for pair in own))


def test_a_small_case_by_hand() -> None:
    view = small("ax ax ay mx am bm my nb nz hx ha hq hr cz")
    assert both(view, "a,b", "x,y") == BridgesResult(
        left_size=2,
        right_size=2,
        ties=2,
        direct=(DirectTie("a", "x", 2), DirectTie("a", "y", 1)),
        intermediaries=2,
        between=(
            Between("m", 4, 2, 2, 4, ("a", "b"), ("x", "y")),
            Between("h", 1, 1, 1, 4, ("a",), ("x",)),
        ),
        crossers=(
            Crosser("a", "left", 2, 3),
            Crosser("x", "right", 1, 2),
            Crosser("y", "right", 1, 1),
        ),
        cut=Cut(2, ("x", "y")),
    )


def test_of_those_between_with_as_many_ways_the_less_known_comes_first() -> None:
    view = small("ah hb ah hq hr hs az zb")
    assert [one.id for one in both(view, "a", "b").between] == ["z", "h"]


def test_what_is_left_out_by_the_limit_is_counted_and_said() -> None:
    view = small("ax bx cx mx am")
    finding = ask(view, "a,b,c", "x", limit=2, whole=False)
    assert finding.truncated
    assert (len(finding.result.direct), finding.result.ties) == (2, 3)
    assert not ask(view, "a,b,c", "x", limit=4, whole=False).truncated


def test_the_evidence_joins_the_sides() -> None:
    finding = ask(small("ax am mx cd"), "a", "x", whole=False)
    assert finding.entities == ("a", "m", "x")
    assert {ref.id for ref in finding.links} == {"ax0", "am1", "mx2"}


@pytest.mark.parametrize("engine", ENGINES)
def test_one_id_stands_for_its_whole_community(engine: str) -> None:
    dice = random.Random(1)
    ends = [(g * 10 + a, g * 10 + b) for g in range(3) for a in range(10) for b in range(a) if dice.random() < 0.8]
    view = plain_view(30, [*ends, (3, 14), (4, 25), (14, 25)])
    result = ask(view, "0", "10", engine).result
    assert (result.left_size, result.right_size, result.ties) == (10, 10, 1)
    assert result.direct == (DirectTie("3", "14", 1),)
    mixed = ask(view, "0,1", "10", engine).result
    assert (mixed.left_size, mixed.right_size) == (2, 10)


@pytest.mark.parametrize("engine", ENGINES)
def test_bad_sides_are_refused(engine: str) -> None:
    view = small("ab bc ca cd")
    with pytest.raises(InvalidParameter, match="right: name at least one entity"):
        ask(view, "a", " , ", engine)
    with pytest.raises(InvalidParameter, match=r"in common, such as b"):
        ask(view, "a,b", "b,c", engine)
    with pytest.raises(InvalidParameter, match="they are of one community"):
        ask(view, "a", "b", engine)
    with pytest.raises(EntityNotFound):
        ask(view, "a", "nobody", engine)
    hidden = View(
        Ledger().put([entity("a"), entity("o", "Organization")]).network(), Scope(entity_kinds=frozenset({"Subject"}))
    )
    with pytest.raises(EntityNotFound):
        ask(hidden, "a", "o", engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_out_of_time_or_called_off(engine: str) -> None:
    view = small("ab bc ca cd")
    assert ask(view, "a", "d", engine, Limits(links=1)).truncated
    budget = Budget()
    budget.call_off()
    with pytest.raises(Cancelled):
        getattr(QUESTION, engine)(view, BridgesParameters(left="a", right="d", whole=False), budget)


@pytest.mark.parametrize("engine", ENGINES)
def test_of_too_many_ways_no_least_cut_is_told(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.groups.bridges_between.CUT_STEPS", 2)
    monkeypatch.setattr(joining, "CUT_STEPS", 2)
    assert ask(small("ax am mx"), "a", "x", engine, whole=False).result.cut is None
    assert ask(small("ax ay"), "a", "x,y", engine, whole=False).result.cut == Cut(1, ("a",))


def test_a_list_of_ids_forgives_spaces_and_doubles() -> None:
    assert listed(" a, b,,a ,c", "left") == ("a", "b", "c")
