"""``cliques``: maximal, all of them, the largest first; by both engines, by NetworkX itself and by definition."""

from __future__ import annotations

import itertools
import random
from functools import partial

import networkx as nx
import numpy as np
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups.cliques import QUESTION, CliquesParameters
from tests.unit.network.tables import Ledger, plain_network, plain_view
from tests.unit.queries import asking

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
ENGINES = ("memory", "networkx")
ask, both = partial(asking.ask, "cliques"), partial(asking.both, "cliques")


@pytest.mark.parametrize("seed", range(10))
def test_all_maximal_cliques_of_the_size_asked(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(15):
        nodes = dice.randint(2, 25)
        graph = nx.gnp_random_graph(nodes, dice.choice([0.1, 0.3, 0.6, 0.9]), seed=dice.randrange(2**31))
        least = dice.randint(2, 5)
        finding = both(plain_view(nodes, list(graph.edges())), min_size=least, limit=10_000)
        wanted = {tuple(sorted(map(str, one))) for one in nx.find_cliques(graph) if len(one) >= least}
        assert set(finding.result.cliques) == wanted
        assert finding.result.total == len(wanted)
        assert list(finding.result.cliques) == sorted(wanted, key=lambda one: (-len(one), one))
        assert not finding.truncated


def test_by_definition_on_six() -> None:
    """Every set of the 2 ** 6 is looked at."""
    dice = random.Random(4)
    for _ in range(40):
        ties = {frozenset(pair) for pair in itertools.combinations("012345", 2) if dice.random() < 0.6}

        def whole(members: tuple[str, ...], ties: set[frozenset[str]] = ties) -> bool:
            return all(frozenset(pair) in ties for pair in itertools.combinations(members, 2))

        sets = [one for size in range(2, 7) for one in itertools.combinations("012345", size) if whole(one)]
        maximal = {one for one in sets if not any(set(one) < set(other) for other in sets)}
        ends = [(int(min(tie)), int(max(tie))) for tie in ties]
        assert set(both(plain_view(6, ends), min_size=2).result.cliques) == maximal


def test_the_largest_come_first_and_the_rest_is_told() -> None:
    ends = [(a, b) for a in range(5) for b in range(a)] + [(5, 6), (6, 7), (7, 5), (7, 8), (8, 9), (9, 7)]
    finding = both(plain_view(10, ends), limit=2, evidence=6)
    assert finding.result.cliques == (("0", "1", "2", "3", "4"), ("5", "6", "7"))
    assert (finding.result.total, finding.truncated) == (3, True)
    assert finding.entities == ("0", "1", "2", "3", "4", "5")
    assert len(finding.links) == 10


def test_direction_and_number_of_links_and_loops_do_not_matter() -> None:
    finding = both(plain_view(3, [(0, 1), (1, 0), (2, 1), (2, 0), (2, 0), (1, 1)]))
    assert finding.result.cliques == (("0", "1", "2"),)
    assert len(finding.links) == 6


def test_nobody_and_no_ties() -> None:
    assert both(View(Ledger().network())).result.cliques == ()
    assert both(plain_view(4, [(1, 1)]), min_size=2).result.total == 0


def test_two_hubs_that_share_many_are_no_burden() -> None:
    leaves = np.arange(2, 50_002)
    view = View(plain_network(50_002, np.repeat([0, 1], 50_000), np.concatenate([leaves, leaves])))
    finding = ask(view)
    assert (finding.result.total, finding.truncated) == (0, False)


@pytest.mark.parametrize("engine", ENGINES)
def test_where_there_are_too_many_the_search_stops_and_says_so(engine: str) -> None:
    """Moon and Moser's graph of 36: three to the power of twelve cliques, 531,441."""
    ends = [(a, b) for a in range(36) for b in range(a) if a // 3 != b // 3]
    finding = ask(plain_view(36, ends), engine, Limits(links=20_000), limit=5)
    assert finding.truncated
    assert 5 == len(finding.result.cliques) < finding.result.total < 531_441
    assert {len(clique) for clique in finding.result.cliques} == {12}


@pytest.mark.parametrize("engine", ENGINES)
def test_calling_off_raises(engine: str) -> None:
    budget = Budget()
    budget.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        getattr(QUESTION, engine)(plain_view(3, [(0, 1), (1, 2), (2, 0)]), CliquesParameters(), budget)
