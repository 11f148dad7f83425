"""``communities``: no single right answer, so the properties are held: a partition, connected, repeatable, good."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import EngineCannot
from graph_service.model.scope import Scope
from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups.communities import CommunitiesParameters, Weighted, on_neo4j
from tests.unit.ledger_store import no_language
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, shown
from tests.unit.network.tables import Ledger, entity, link, plain_view
from tests.unit.queries.asking import ask, database

pytestmark = pytest.mark.skipif(not available("graspologic_native"), reason="needs graspologic-native")
ENGINES = ("memory", "networkx")
ALL: dict[str, Any] = {"min_size": 1, "limit": 10_000}

Ends = list[tuple[int, int]]


def weighted_graph(nodes: int, ends: Ends) -> nx.Graph:
    """The undirected graph whose weights count links, self-loops left out."""
    graph = nx.Graph()
    graph.add_nodes_from(map(str, range(nodes)))
    for a, b in ends:
        if a != b:
            known = graph.get_edge_data(str(a), str(b), {"weight": 0})["weight"]
            graph.add_edge(str(a), str(b), weight=known + 1)
    return graph


def random_ends(dice: random.Random) -> tuple[int, Ends]:
    nodes = dice.randint(2, 60)
    ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(int(nodes * dice.choice([0.4, 1, 2, 4])))]
    return nodes, ends + [dice.choice(ends) for _ in range(5) if ends]


def planted(groups: int, size: int, dice: random.Random) -> Ends:
    """Groups whose members are mostly linked, joined in a ring by one link each."""
    ends = [
        (g * size + a, g * size + b)
        for g in range(groups)
        for a in range(size)
        for b in range(a)
        if dice.random() < 0.8
    ]
    return ends + [(g * size, ((g + 1) % groups) * size + 1) for g in range(groups)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(5))
def test_a_partition_into_connected_groups_of_the_modularity_told(engine: str, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(12):
        nodes, ends = random_ends(dice)
        view, graph = plain_view(nodes, ends), weighted_graph(nodes, ends)
        resolution = dice.choice([0.2, 1.0, 1.7, 8.0])
        finding = ask("communities", view, engine, resolution=resolution, seed=seed, **ALL)
        groups = [set(group.members) for group in finding.result.communities]
        assert sorted(member for group in groups for member in group) == sorted(graph)
        assert all(nx.is_connected(graph.subgraph(group)) for group in groups)
        assert [(-group.size, group.id) for group in finding.result.communities] == sorted(
            (-len(group), min(group)) for group in groups
        )
        expected = nx.community.modularity(graph, groups, resolution=resolution) if graph.size() else 0.0
        assert finding.result.modularity == pytest.approx(expected, abs=1e-9)
        assert finding.result.total == len(groups)
        assert not finding.truncated


@pytest.mark.parametrize("engine", ENGINES)
def test_planted_groups_are_found(engine: str) -> None:
    ends = planted(6, 10, random.Random(1))
    finding = ask("communities", plain_view(60, ends), engine)
    found = {frozenset(group.members) for group in finding.result.communities}
    assert found == {frozenset(str(g * 10 + n) for n in range(10)) for g in range(6)}


def test_leiden_is_no_worse_than_louvain() -> None:
    dice = random.Random(2)
    for seed in range(5):
        nodes, ends = 200, [(dice.randrange(200), dice.randrange(200)) for _ in range(500)]
        ours = ask("communities", plain_view(nodes, ends), seed=seed, **ALL).result.modularity
        graph = weighted_graph(nodes, ends)
        peer = nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=seed))
        assert ours >= peer - 0.02


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_seed_gives_the_same_groups_whatever_the_load_order(engine: str) -> None:
    dice = random.Random(4)
    ends = [(dice.randrange(80), dice.randrange(80)) for _ in range(160)]
    entities = [entity(f"n{n:02}") for n in range(80)]
    links = [link(f"l{k:03}", f"n{a:02}", f"n{b:02}") for k, (a, b) in enumerate(ends)]
    first = ask("communities", View(Ledger().put(entities, links).network()), engine, seed=7, **ALL)
    for turn in range(4):
        mixed_entities, mixed_links = dice.sample(entities, 80), dice.sample(links, 160)
        ledger = Ledger().put(mixed_entities[:50]).put(mixed_entities[50:], mixed_links[:60]).put([], mixed_links[60:])
        again = ask("communities", View(ledger.network()), engine, seed=7, **ALL)
        assert again == first, turn


def test_what_is_hidden_leaves_no_trace_in_the_groups() -> None:
    dice = random.Random(6)
    entities = [entity(f"n{n:02}") for n in range(40)]
    links = [link(f"l{k}", f"n{dice.randrange(40):02}", f"n{dice.randrange(40):02}") for k in range(90)]
    alone = ask("communities", View(Ledger().put(entities, links).network()), seed=3, **ALL)
    hidden = [entity(f"m{n}", "Organization") for n in range(20)]
    ties = [link(f"h{k}", f"m{dice.randrange(20)}", f"n{dice.randrange(40):02}") for k in range(60)]
    ledger = Ledger().put(hidden).put(entities, [*ties, *links])
    view = View(ledger.network(), Scope(entity_kinds=frozenset({"Subject"})))
    assert ask("communities", view, seed=3, **ALL) == alone


@pytest.mark.parametrize("engine", ENGINES)
def test_a_higher_resolution_gives_more_groups_and_the_highest_leaves_all_alone(engine: str) -> None:
    view = plain_view(60, planted(6, 10, random.Random(1)))
    totals = [ask("communities", view, engine, resolution=r, **ALL).result.total for r in (0.01, 1.0, 1_000)]
    assert totals == sorted(totals)
    assert totals[0] < 6
    assert totals[2] == 60


@pytest.mark.parametrize("engine", ENGINES)
def test_views_without_links_or_without_anybody(engine: str) -> None:
    lonely = ask("communities", plain_view(3, [(1, 1)]), engine, min_size=1)
    assert [group.members for group in lonely.result.communities] == [("0",), ("1",), ("2",)]
    assert lonely.result.modularity == 0.0
    nobody = ask("communities", View(Ledger().network()), engine)
    assert (nobody.result.communities, nobody.result.total, nobody.result.modularity) == ((), 0, 0.0)


def test_who_found_them_is_told_and_takes_no_part_in_equality() -> None:
    view = plain_view(4, [(0, 1), (2, 3)])
    memory, fallback = (ask("communities", view, engine) for engine in ENGINES)
    assert (memory.result.algorithm, fallback.result.algorithm) == ("leiden", "louvain")
    assert memory == fallback


@UNHURRIED
@given(ledgers(), scopes())
def test_weights_count_the_links_between_two_entities(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    weighted = Weighted.of(view)
    names = [view.network.entity_id(int(number)) for number in weighted.numbers]
    assert names == sorted(nodes)
    count: dict[tuple[str, str], int] = {}
    for one in links.values():
        if one.source != one.target:
            pair = min(one.source, one.target), max(one.source, one.target)
            count[pair] = count.get(pair, 0) + 1
    made = {
        (names[low], names[high]): int(weight)
        for low, high, weight in zip(weighted.low, weighted.high, weighted.weight, strict=True)
    }
    assert made == count


@UNHURRIED
@given(st.lists(st.integers(0, 5), min_size=8, max_size=8), st.floats(0.1, 5))
def test_modularity_of_any_labelling(labels: list[int], resolution: float) -> None:
    ends = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3), (6, 7), (0, 1), (6, 0)]
    view = plain_view(8, ends)
    groups = [{str(n) for n in range(8) if labels[n] == label} for label in set(labels)]
    expected = nx.community.modularity(weighted_graph(8, ends), groups, resolution=resolution)
    assert Weighted.of(view).modularity(np.array(labels, dtype=np.int32), resolution) == pytest.approx(
        expected, abs=1e-9
    )


def test_a_database_without_the_plugin_refuses() -> None:
    pushdown, store = database(no_language)
    with Budget() as budget, pytest.raises(EngineCannot, match="Graph Data Science"):
        on_neo4j(pushdown, CommunitiesParameters(), budget)
    assert store.asked == []
