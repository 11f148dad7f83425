"""Leiden from earlier groups: good and connected from nothing, steady under small changes, yielding to large ones."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from graph_service.errors import Cancelled
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.compiled import available
from queries.groups.quality import PartitionParameters, Quality
from queries.groups.settling import compact, settle
from queries.groups.weighted import Weighted
from tests.unit.network.tables import plain_view
from tests.unit.queries.groups.planted import Ends, alike, planted, weighted_graph

pytestmark = pytest.mark.skipif(not available("numba"), reason="needs numba")
PLAIN = PartitionParameters()


def weighted_of(nodes: int, ends: Ends) -> Weighted:
    """The weighted graph of numbered nodes, in order of number."""
    made = Weighted.of(plain_view(nodes, ends))
    low, high = np.sort([made.numbers[made.low], made.numbers[made.high]], axis=0)
    return Weighted(np.arange(nodes, dtype=np.int32), low, high, made.weight)


def settled(
    weighted: Weighted, before: Ints | None = None, asked: PartitionParameters = PLAIN, inertia: float = 0.05
) -> Ints:
    """The groups, from nothing when none are given."""
    start = np.full(len(weighted.numbers), -1, dtype=np.int32) if before is None else before
    with Budget() as budget:
        found = settle(weighted, start, asked, inertia, budget)
    assert found is not None
    return found


def changed(ends: Ends, share: float, nodes: int, dice: random.Random) -> Ends:
    """The links, a share of them led elsewhere at random."""
    return [(dice.randrange(nodes), dice.randrange(nodes)) if dice.random() < share else end for end in ends]


def kept(before: Ints, after: Ints) -> float:
    """The share of nodes whose group is the one that most of their earlier group is in, each group taken once."""
    pairs, many = np.unique(np.column_stack([before, after]), axis=0, return_counts=True)
    stay, old, new = 0, set(), set()
    for place in np.argsort(-many, kind="stable").tolist():
        one, other = pairs[place].tolist()
        if one not in old and other not in new:
            old.add(one)
            new.add(other)
            stay += int(many[place])
    return stay / len(before)


@pytest.mark.parametrize("mixing", [0.1, 0.3, 0.5])
def test_from_nothing_the_planted_groups_are_found_as_well_as_by_louvain(mixing: float) -> None:
    truth, ends = planted(1_000, mixing, seed=3)
    weighted, graph = weighted_of(1_000, ends), weighted_graph(1_000, ends)
    label = settled(weighted)
    louvain = np.zeros(1_000, dtype=np.int64)
    for number, members in enumerate(nx.community.louvain_communities(graph, seed=1)):
        louvain[[int(member) for member in members]] = number
    assert alike(truth, label) >= alike(truth, louvain) - 0.02
    groups = [set(map(str, np.flatnonzero(label == group))) for group in range(int(label.max()) + 1)]
    assert weighted.modularity(label) == pytest.approx(nx.community.modularity(graph, groups), abs=1e-9)
    assert all(nx.is_connected(graph.subgraph(group)) for group in groups)


@pytest.mark.parametrize("mixing", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_after_small_changes_nearly_all_members_keep_their_group(mixing: float, seed: int) -> None:
    _, ends = planted(2_000, mixing, seed)
    before = settled(weighted_of(2_000, ends))
    today = weighted_of(2_000, changed(ends, 0.015, 2_000, random.Random(seed)))
    after = settled(today, before, PartitionParameters(seed=seed + 10))
    anew = settled(today, None, PartitionParameters(seed=seed + 10))
    assert kept(before, after) >= 0.95
    assert kept(before, after) >= kept(before, anew)
    assert today.modularity(after) >= today.modularity(anew) - 0.01


def test_inertia_is_what_keeps_them() -> None:
    _, ends = planted(2_000, 0.6, 1)
    before = settled(weighted_of(2_000, ends))
    today = weighted_of(2_000, changed(ends, 0.015, 2_000, random.Random(1)))
    shares = [kept(before, settled(today, before, inertia=inertia)) for inertia in (0.0, 0.05, 0.5)]
    assert shares == sorted(shares)
    assert shares[0] < 0.95 < shares[2]


def test_groups_yield_when_the_links_do() -> None:
    old, ends = planted(500, 0.1, 1)
    new, others = planted(500, 0.1, 2)
    assert alike(old, new) < 0.5
    before = settled(weighted_of(500, ends))
    after = settled(weighted_of(500, others), before)
    assert alike(new, after) > 0.95


def test_a_group_that_falls_apart_is_parted_even_under_full_inertia() -> None:
    clique = [(a, b) for a in range(6) for b in range(a)]
    apart = weighted_of(12, clique + [(a + 6, b + 6) for a, b in clique])
    assert settled(apart, np.zeros(12, dtype=np.int32), inertia=1.0).tolist() == [0] * 6 + [1] * 6


def test_how_earlier_groups_are_numbered_does_not_matter() -> None:
    _, ends = planted(400, 0.5, 5)
    weighted = weighted_of(400, ends)
    before = settled(weighted)
    before[::7] = -1
    names = np.random.default_rng(1).permutation(1_000)[: before.max() + 1].astype(np.int32)
    renamed = np.where(before >= 0, names[before], -1).astype(np.int32)
    assert np.array_equal(settled(weighted, before), settled(weighted, renamed))
    assert np.array_equal(settled(weighted, before), settled(weighted, before))


def test_the_constant_potts_model_finds_cliques_that_modularity_joins() -> None:
    cliques = [(g * 4 + a, g * 4 + b) for g in range(40) for a in range(4) for b in range(a)]
    ring = weighted_of(160, cliques + [(g * 4, (g * 4 + 5) % 160) for g in range(40)])
    potts = PartitionParameters(quality=Quality.CPM, resolution=0.5)
    assert np.array_equal(settled(ring, asked=potts), np.repeat(np.arange(40), 4))
    assert settled(ring).max() + 1 < 40
    assert np.array_equal(settled(ring, settled(ring), potts), np.repeat(np.arange(40), 4))


@pytest.mark.parametrize("nodes", [0, 1, 3])
def test_without_links_everybody_is_alone(nodes: int) -> None:
    weighted = weighted_of(nodes, [])
    assert settled(weighted).tolist() == list(range(nodes))
    assert settled(weighted, np.zeros(nodes, dtype=np.int32)).tolist() == list(range(nodes))


def test_the_budget_ends_it() -> None:
    _, ends = planted(500, 0.3, 1)
    weighted, nobody = weighted_of(500, ends), np.full(500, -1, dtype=np.int32)
    with Budget() as budget:
        budget.run_out()
        assert settle(weighted, nobody, PLAIN, 0.05, budget) is None
        budget.call_off()
        with pytest.raises(Cancelled):
            settle(weighted, nobody, PLAIN, 0.05, budget)


def test_compact_numbers_groups_by_their_first_node() -> None:
    assert compact(np.array([7, 3, 7, -1, 3], dtype=np.int32)).tolist() == [0, 1, 0, 2, 1]
    assert compact(np.zeros(0, dtype=np.int32)).tolist() == []
