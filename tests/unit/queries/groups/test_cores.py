"""``cores``: the k-core and the k-truss in their parts, by both engines and by NetworkX itself."""

from __future__ import annotations

import random
from functools import partial

import networkx as nx
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups.cores import QUESTION, CoresParameters, Shell
from queries.groups.listing import Group
from tests.unit.network.tables import Ledger, plain_view
from tests.unit.queries import asking

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
ENGINES = ("memory", "networkx")
ask, both = partial(asking.ask, "cores"), partial(asking.both, "cores")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("truss", [False, True])
def test_the_parts_are_those_of_networkx(seed: int, truss: bool) -> None:
    dice = random.Random(seed)
    for _ in range(10):
        nodes = dice.randint(1, 25)
        ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(nodes * dice.choice([1, 2, 4]))]
        graph = nx.Graph((str(one), str(other)) for one, other in ends if one != other)
        graph.add_nodes_from(map(str, range(nodes)))
        k = dice.randint(3 if truss else 1, 5)
        result = both(plain_view(nodes, ends), truss=truss, k=k, min_size=1, limit=10_000).result
        inside = nx.k_truss(graph, k) if truss else nx.k_core(graph, k)
        assert {frozenset(group.members) for group in result.parts} == set(
            map(frozenset, nx.connected_components(inside))
        )
        assert sum(shell.entities for shell in result.shells) == nodes
        assert sum(shell.entities for shell in result.shells if shell.k >= k) == len(inside)


def test_the_deepest_core_is_the_answer_unless_told() -> None:
    ends = [(a, b) for a in range(5) for b in range(a)] + [(0, 5), (5, 6), (6, 7), (7, 5)]
    result = both(plain_view(9, ends)).result
    assert (result.k, result.deepest, result.total) == (4, 4, 1)
    assert result.parts == (Group("0", 5, ("0", "1", "2", "3", "4")),)
    assert result.shells == (Shell(0, 1), Shell(2, 3), Shell(4, 5))
    assert both(plain_view(9, ends), k=2).result.parts[0].size == 8
    triangle, five = both(plain_view(9, ends), truss=True, k=3).result.parts[::-1]
    assert (five.size, triangle.members) == (5, ("5", "6", "7"))


def test_a_ring_is_a_core_and_no_truss() -> None:
    ring = [(n, (n + 1) % 6) for n in range(6)]
    assert both(plain_view(6, ring)).result.k == 2
    assert both(plain_view(6, ring), truss=True).result.k == 2
    assert both(plain_view(6, ring), truss=True, k=3).result.parts == ()


def test_nobody_and_deeper_than_anybody() -> None:
    nobody = both(View(Ledger().network()))
    assert (nobody.result.k, nobody.result.parts, nobody.result.shells) == (0, (), ())
    assert both(plain_view(3, [(0, 1)]), k=9).result.parts == ()
    assert both(plain_view(3, [(0, 1), (0, 1), (2, 2)]), min_size=1, k=0 + 1).result.parts == (
        Group("0", 2, ("0", "1")),
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_the_budget_is_told_and_calling_off_raises(engine: str) -> None:
    view = plain_view(60, [(a, b) for a in range(60) for b in range(a)])
    for truss in (False, True):
        assert ask(view, engine, Limits(links=100), truss=truss).truncated
    budget = Budget()
    budget.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        getattr(QUESTION, engine)(view, CoresParameters(limit=1, members=1), budget)
