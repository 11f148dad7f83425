"""``communities``: no single right answer, so the properties are held: a partition, connected, repeatable, good."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx
import pytest

from graph_service.errors import Cancelled, EngineCannot
from graph_service.model.answer import DEFAULT_LIMITS, Limits
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.catalogue import question
from queries.groups.communities import CommunitiesParameters, on_neo4j
from tests.unit.ledger_store import no_language
from tests.unit.network.tables import Ledger, entity, link, plain_view, said
from tests.unit.queries.asking import ask, database
from tests.unit.queries.groups.planted import Ends, clique_pairs, weighted_graph

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
ENGINES = ("memory", "networkx")
ALL: dict[str, Any] = {"min_size": 1, "limit": 10_000}


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


def test_a_database_without_the_plugin_refuses() -> None:
    pushdown, store = database(no_language)
    with Budget() as budget, pytest.raises(EngineCannot, match="Graph Data Science"):
        on_neo4j(pushdown, CommunitiesParameters(), budget)
    assert store.asked == []


@pytest.mark.parametrize(
    "asked", [{"quality": "cpm"}, {"weight": "evidence"}, {"levels": 2}], ids=["cpm", "evidence", "levels"]
)
def test_a_database_refuses_what_its_plugin_does_not_know(asked: dict[str, Any]) -> None:
    pushdown, store = database(no_language, EVERYTHING, DEFAULT_LIMITS, "gds")
    with Budget() as budget, pytest.raises(EngineCannot, match="by modularity and count of links"):
        on_neo4j(pushdown, CommunitiesParameters.model_validate(asked), budget)
    assert store.asked == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("quality", ["modularity", "cpm"])
def test_levels_nest_and_name_the_group_above(engine: str, quality: str) -> None:
    view = plain_view(120, clique_pairs())
    resolution = 0.1 if quality == "cpm" else 0.5
    result = ask("communities", view, engine, levels=3, quality=quality, resolution=resolution, **ALL).result
    assert (result.total, [(level.level, level.total) for level in result.levels]) == (12, [(2, 24), (3, 24)])
    above = result.communities
    for level in result.levels:
        group_of = {member: group.id for group in above for member in group.members}
        assert sorted(member for group in level.groups for member in group.members) == sorted(group_of)
        assert level.within == {group.id: group_of[group.id] for group in level.groups}
        for group in level.groups:
            assert {group_of[member] for member in group.members} == {level.within[group.id]}
        assert level.total == len(level.groups) >= len(above)
        above = level.groups


@pytest.mark.parametrize("engine", ENGINES)
def test_the_constant_potts_model_tells_its_own_quality(engine: str) -> None:
    ends = planted(6, 10, random.Random(1))
    view, graph = plain_view(60, ends), weighted_graph(60, ends)
    result = ask("communities", view, engine, quality="cpm", resolution=0.3, **ALL).result
    groups = [set(group.members) for group in result.communities]
    inside = sum(graph.subgraph(group).size(weight="weight") for group in groups)
    expected = inside - 0.3 * sum(len(group) * (len(group) - 1) / 2 for group in groups)
    assert result.cpm == pytest.approx(expected, abs=1e-6)
    assert result.modularity == pytest.approx(nx.community.modularity(graph, groups), abs=1e-9)
    assert ask("communities", view, engine, **ALL).result.cpm is None


@pytest.mark.parametrize("engine", ENGINES)
def test_by_evidence_a_doubtful_link_does_not_hold_two_groups_together(engine: str) -> None:
    """Two pairs of friends, well known, and four doubtful links between the pairs: by count one group, by grade two."""
    known = [link(f"k{a}{b}{n}", a, b, by=said(f"s{n}", "A1")) for a, b in ("ab", "cd") for n in range(2)]
    doubtful = [link(f"d{a}{b}{n}", a, b, by=said("s", "E5")) for a, b in ("ac", "bd") for n in range(3)]
    view = View(Ledger().put([entity(name) for name in "abcd"], known + doubtful).network())
    by_count = ask("communities", view, engine, **ALL).result.communities
    by_grade = ask("communities", view, engine, weight="evidence", **ALL).result.communities
    assert [group.members for group in by_count] == [("a", "c"), ("b", "d")]
    assert [group.members for group in by_grade] == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize("engine", ENGINES)
def test_out_of_time_no_groups_are_told_and_called_off_raises(engine: str) -> None:
    view = plain_view(4, [(0, 1), (2, 3)])
    finding = ask("communities", view, engine, Limits(links=1))
    assert finding.truncated
    assert (finding.result.communities, finding.result.total) == ((), 0)
    asked = question("communities")
    budget = Budget()
    budget.call_off()
    with pytest.raises(Cancelled):
        getattr(asked, engine)(view, asked.parameters(), budget)
