"""``expand``: the guard, layer by layer, against walking by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.answer import Limits
from graph_service.model.scope import Scope
from graph_service.network.view import View
from queries.lookup.expand import ExpandResult, LeftOut
from tests.unit.network.oracle import UNHURRIED, ShownLink, ledgers, scopes, shown
from tests.unit.network.tables import Ledger, entity, link, plain_view
from tests.unit.queries.asking import ask, both, small


def by_hand(
    links: dict[str, ShownLink], start: str, hops: int, per_kind: int, limit: int
) -> tuple[ExpandResult, set[str], set[str]]:
    """The result, the entities and the links: each entity's links by kind, neighbour and id, the first few followed."""
    layers: list[tuple[str, ...]] = [(start,)]
    known, followed = [start], set()
    left_out: dict[tuple[str, str], int] = {}
    for _ in range(hops):
        reached: list[str] = []
        for here in layers[-1]:
            fans: dict[str, list[tuple[str, str]]] = {}
            for key, one in links.items():
                if here in {one.source, one.target}:
                    fans.setdefault(one.kind, []).append((one.target if one.source == here else one.source, key))
            for kind in sorted(fans):
                ordered = sorted(fans[kind])
                missed = len(ordered[per_kind:])
                for neighbour, key in ordered[:per_kind]:
                    if neighbour not in known + reached:
                        if len(known) + len(reached) == limit:
                            missed += 1
                            continue
                        reached.append(neighbour)
                    followed.add(key)
                if missed:
                    left_out[here, kind] = missed
        if not reached:
            break
        known += reached
        layers.append(tuple(sorted(reached)))
    told = tuple(LeftOut(e, k, n) for (e, k), n in sorted(left_out.items()))
    return ExpandResult(start, tuple(layers), told), set(known), followed


@UNHURRIED
@given(ledgers(), scopes(), st.integers(1, 4), st.integers(1, 3), st.integers(1, 6))
def test_the_walk_is_what_it_is_by_hand(ledger: Ledger, scope: Scope, hops: int, per_kind: int, limit: int) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    for start in sorted(nodes)[:2]:
        finding = both("expand", view, entity=start, hops=hops, per_kind=per_kind, limit=limit)
        result, entities, followed = by_hand(links, start, hops, per_kind, limit)
        assert finding.result == result
        assert set(finding.entities) == entities
        assert {ref.id for ref in finding.links} == followed
        assert finding.truncated == bool(result.left_out)
        assert len(entities) <= limit


def test_nothing_around() -> None:
    view = View(Ledger().put([entity("a"), entity("b")]).network())
    finding = both("expand", view, entity="a", hops=6)
    assert finding.result == ExpandResult("a", (("a",),), ())
    assert not finding.truncated


def test_what_the_guard_holds_back_is_counted_by_entity_and_kind() -> None:
    finding = both("expand", small("ha hb hc dh"), entity="h", per_kind=3)
    assert finding.result.layers == (("h",), ("a", "b", "c"))
    assert finding.result.left_out == (LeftOut("h", "REPRESENTS", 1),)
    assert finding.truncated


def test_the_limit_counts_the_start() -> None:
    finding = both("expand", small("ha hb hc"), entity="h", limit=2)
    assert finding.result.layers == (("h",), ("a",))
    assert finding.result.left_out == (LeftOut("h", "REPRESENTS", 2),)


def test_parallel_links_to_one_neighbour_are_cut_by_their_ids() -> None:
    ledger = Ledger().put(
        [entity("a"), entity("b"), entity("c")], [link(i, "a", "b") for i in ("9", "10", "z", "é", "B")]
    )
    ledger.put([], [link("0", "a", "c")])
    finding = both("expand", View(ledger.network()), entity="a", per_kind=3)
    assert [ref.id for ref in finding.links] == ["10", "9", "B"]
    assert finding.result.left_out == (LeftOut("a", "REPRESENTS", 3),)


def test_each_kind_has_its_own_guard() -> None:
    names = "abcd"
    ledger = Ledger().put(
        [entity(i) for i in "h" + names],
        [link(f"r{i}", "h", i) for i in names] + [link(f"k{i}", i, "h", "ASSOCIATE_OF") for i in names],
    )
    finding = both("expand", View(ledger.network()), entity="h", per_kind=2)
    assert [ref.id for ref in finding.links] == ["ka", "kb", "ra", "rb"]


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_a_spent_budget_ends_the_walk_with_what_there_is(engine: str) -> None:
    view = plain_view(100, [(n, n + 1) for n in range(99)])
    finding = ask("expand", view, engine, Limits(links=3), entity="0", hops=6)
    assert finding.truncated
    assert 1 < len(finding.entities) < 7
