"""Groups: one canonical form however they were found, and what of them is listed; ``components`` on top of it."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.model.scope import Scope
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.catalogue import question
from queries.groups.listing import Group, GroupParameters, graph_links_among, links_among, list_labels, list_sets
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, shown
from tests.unit.network.tables import Ledger, entity, plain_view
from tests.unit.queries.asking import ask, both, small

parameters = st.builds(
    GroupParameters,
    limit=st.integers(1, 4),
    min_size=st.integers(1, 3),
    members=st.integers(1, 4),
    evidence=st.integers(0, 6),
)


@UNHURRIED
@given(ledgers(), scopes(), parameters, st.data())
def test_labels_and_sets_are_listed_alike(
    ledger: Ledger, scope: Scope, asked: GroupParameters, data: st.DataObject
) -> None:
    view = View(ledger.network(), scope)
    labels = data.draw(st.lists(st.integers(-2, 5), min_size=view.network.entities, max_size=view.network.entities))
    sets: dict[int, set[str]] = {}
    for number in view.node_numbers().tolist():
        sets.setdefault(labels[number], set()).add(view.network.entity_id(number))
    listing = list_labels(view, np.array(labels, dtype=np.int32), asked)
    assert listing == list_sets(sets.values(), asked)
    large = [sorted(one) for one in sets.values() if len(one) >= asked.min_size]
    large.sort(key=lambda one: (-len(one), one[0]))
    assert listing.total == len(large)
    assert listing.groups == tuple(Group(one[0], len(one), tuple(one[: asked.members])) for one in large[: asked.limit])
    assert listing.cut == (len(large) > asked.limit or any(len(one) > asked.members for one in large[: asked.limit]))


def test_the_evidence_is_the_first_members_group_by_group() -> None:
    listing = list_sets([{"c", "d"}, {"a", "b", "e"}], GroupParameters())
    assert listing.evidence(4) == ("a", "b", "e", "c")
    assert listing.evidence(0) == ()


@UNHURRIED
@given(ledgers(), scopes(), st.data())
def test_links_among_members_are_those_with_both_ends_inside(ledger: Ledger, scope: Scope, data: st.DataObject) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    inside = data.draw(st.lists(st.sampled_from(sorted(nodes)), unique=True)) if nodes else []
    expected = {key for key, one in links.items() if one.source in inside and one.target in inside}
    assert {ref.id for ref in links_among(view, inside)} == expected
    assert sorted(graph_links_among(view.graph, inside)) == sorted(links_among(view, inside))


# components


@UNHURRIED
@given(ledgers(), scopes(), parameters)
def test_components_are_those_of_networkx(ledger: Ledger, scope: Scope, asked: GroupParameters) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    graph = nx.Graph((one.source, one.target) for one in links.values())
    graph.add_nodes_from(nodes)
    finding = both("components", view, **asked.model_dump())
    listing = list_sets(nx.connected_components(graph), asked)
    assert finding.result.components == listing.groups
    assert finding.result.total == listing.total
    assert finding.truncated == listing.cut
    inside = listing.evidence(asked.evidence)
    assert finding.entities == tuple(sorted(inside))
    among = {key for key, one in links.items() if one.source in inside and one.target in inside}
    assert {ref.id for ref in finding.links} == among


def test_somebody_alone_is_a_component_when_asked_for() -> None:
    view = View(Ledger().put([entity("a"), entity("b")]).network())
    assert both("components", view).result.total == 0
    assert both("components", view, min_size=1).result.components == (Group("a", 1, ("a",)), Group("b", 1, ("b",)))


def test_components_of_a_directed_chain_hang_together() -> None:
    assert both("components", small("ab cb cd ef")).result.components == (
        Group("a", 4, ("a", "b", "c", "d")),
        Group("e", 2, ("e", "f")),
    )


@pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
def test_components_under_a_spent_budget_are_told_as_cut() -> None:
    view = plain_view(20_001, [(n, n + 1) for n in range(20_000)])
    finding = ask("components", view, limits=Limits(links=5_000))
    assert finding.truncated
    assert finding.result.components[0].size < 20_001


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_components_that_were_called_off_raise(engine: str) -> None:
    asked = question("components")
    budget = Budget()
    budget.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        getattr(asked, engine)(plain_view(3, [(0, 1)]), asked.parameters(), budget)
