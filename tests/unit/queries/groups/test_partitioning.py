"""Partings: connected, nested, as good as the best there is on small graphs, planted groups found, and called off in
time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.compiled import available
from queries.groups.partitioning import Parting, finer, leiden, louvain
from queries.groups.quality import PartitionParameters, Quality
from queries.groups.weighted import Weighted
from tests.unit.network.tables import plain_view
from tests.unit.queries.groups.planted import alike, clique_pairs, planted

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
PARTINGS = (leiden, louvain)
QUALITIES = (("modularity", 1.0), ("modularity", 2.5), ("cpm", 0.5), ("cpm", 0.2))


def weighted(nodes: int, ends: list[tuple[int, int]]) -> Weighted:
    return Weighted.of(plain_view(nodes, ends))


def parted(graph: Weighted, parting: Parting = leiden, **asked: object) -> Ints:
    given = PartitionParameters.model_validate(asked)
    with Budget(Limits(seconds=120)) as budget:
        label = parting(graph, given, given.resolution, budget)
    assert label is not None
    return label


def by_id(truth: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Labels by number in the order of the ids, which are the numbers as texts."""
    order = sorted(range(len(truth)), key=str)
    return np.array(truth[order])


def quality(graph: Weighted, label: Ints, asked: PartitionParameters) -> float:
    if asked.quality is Quality.CPM:
        return graph.constant_potts(label, asked.resolution)
    return graph.modularity(label, asked.resolution)


def all_labellings(nodes: int) -> Iterator[Ints]:
    """Every partition of so many nodes, as restricted growth strings."""

    def grown(label: list[int]) -> Iterator[list[int]]:
        if len(label) == nodes:
            yield label
            return
        for group in range(max(label, default=-1) + 2):
            yield from grown([*label, group])

    return (np.array(label, dtype=np.int32) for label in grown([]))


@pytest.mark.parametrize("parting", PARTINGS)
@pytest.mark.parametrize(("name", "resolution"), QUALITIES)
def test_the_best_of_some_seeds_is_the_best_of_all_partitions(parting: Parting, name: str, resolution: float) -> None:
    """Leiden's is; Louvain, which never takes a node out of a group that it joined to another, comes near."""
    dice = random.Random(5)
    for _ in range(6):
        graph = weighted(7, [(dice.randrange(7), dice.randrange(7)) for _ in range(11)])
        asked = PartitionParameters(quality=Quality(name), resolution=resolution)
        best = max(quality(graph, label, asked) for label in all_labellings(7))
        found = max(
            quality(graph, parted(graph, parting, quality=name, resolution=resolution, seed=seed), asked)
            for seed in range(8)
        )
        assert found <= best + 1e-6
        assert found >= best - (1e-6 if parting is leiden else 0.05 * abs(best))


@pytest.mark.parametrize("parting", PARTINGS)
@pytest.mark.parametrize(("name", "resolution"), QUALITIES)
def test_groups_hang_together_at_every_level_and_nest(parting: Parting, name: str, resolution: float) -> None:
    _, ends = planted(300, 0.3, seed=4)
    graph = weighted(300, ends)
    asked = PartitionParameters(quality=Quality(name), resolution=resolution)
    ties = nx.Graph(zip(graph.low.tolist(), graph.high.tolist(), strict=True))
    label = parted(graph, parting, quality=name, resolution=resolution)
    with Budget(Limits(seconds=120)) as budget:
        below = finer(graph, label, asked, 2, parting, budget)
    assert below is not None
    for level in (label, below):
        for group in np.unique(level):
            assert nx.is_connected(ties.subgraph(np.flatnonzero(level == group).tolist()))
    assert len(set(zip(below.tolist(), label.tolist(), strict=True))) == len(set(below.tolist()))


def test_a_level_below_parts_each_group_by_its_own_links() -> None:
    """Two cliques that are one group among many others are two groups when looked at alone."""
    graph = weighted(120, clique_pairs())
    label = parted(graph, resolution=0.5)
    assert len(set(label.tolist())) == 12
    asked = PartitionParameters(resolution=1.0)
    for parting in PARTINGS:
        with Budget() as budget:
            below = finer(graph, label, asked, 2, parting, budget)
        assert below is not None
        assert alike(below, by_id(np.arange(120) // 5)) == pytest.approx(1.0)


def test_the_constant_potts_model_sees_groups_that_modularity_cannot() -> None:
    """The resolution limit (Fortunato and Barthelemy 2007): a ring of many cliques, of which modularity joins two and
    two."""
    ends = [(g * 5 + a, g * 5 + b) for g in range(40) for a in range(5) for b in range(a)]
    ends += [(g * 5, (g + 1) % 40 * 5 + 1) for g in range(40)]
    graph, truth = weighted(200, ends), by_id(np.arange(200) // 5)
    for parting in PARTINGS:
        assert alike(parted(graph, parting, quality="cpm", resolution=0.5), truth) == pytest.approx(1.0)
        assert len(set(parted(graph, parting).tolist())) < 40


@pytest.mark.parametrize("mixing", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
def test_planted_groups_are_found_as_well_as_by_louvain(mixing: float) -> None:
    ours, theirs = [], []
    for seed in range(3):
        truth, ends = planted(600, mixing, seed)
        graph = weighted(600, ends)
        ours.append(alike(parted(graph, leiden), by_id(truth)))
        theirs.append(alike(parted(graph, louvain), by_id(truth)))
    assert np.mean(ours) >= np.mean(theirs) - 0.02
    if mixing <= 0.4:
        assert np.mean(ours) >= 0.95


def test_alike_tells_the_same_from_the_unrelated() -> None:
    dice = np.random.default_rng(1)
    labels = dice.integers(0, 10, 5_000)
    assert alike(labels, 9 - labels) == pytest.approx(1.0)
    assert alike(labels, dice.integers(0, 10, 5_000)) < 0.01
    assert alike([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(0.0)


@pytest.mark.parametrize("parting", PARTINGS)
def test_nobody_waits_for_a_parting_that_was_called_off_or_ran_out_of_time(parting: Parting) -> None:
    dice = np.random.default_rng(1)
    graph = weighted(40_000, dice.integers(0, 40_000, (200_000, 2)).tolist())
    asked = PartitionParameters(iterations=100)
    with Budget() as budget:
        timer = threading.Timer(0.2, budget.call_off)
        timer.start()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            parting(graph, asked, 1.0, budget)
    if parting is leiden:  # NetworkX's graph is built here, before the work goes aside
        assert time.monotonic() - begun < 2
    with Budget(Limits(seconds=0.2)) as budget:
        assert parting(graph, asked, 1.0, budget) is None


@pytest.mark.parametrize("parting", PARTINGS)
def test_which_of_two_equals_is_found_is_left_to_the_seed(parting: Parting) -> None:
    """A node tied alike to two cliques goes now to one and now to the other, and always to the same by the same
    seed."""
    cliques = [(g * 6 + a, g * 6 + b) for g in range(2) for a in range(6) for b in range(a)]
    graph = weighted(13, [*cliques, (12, 0), (12, 6)])
    (middle,) = np.flatnonzero(graph.numbers == 12)
    (one,) = np.flatnonzero(graph.numbers == 0)
    sides = [[bool(label[middle] == label[one]) for label in _runs(graph, parting, seed)] for seed in range(12)]
    assert {first for first, _ in sides} == {True, False}
    assert all(first == second for first, second in sides)


def _runs(graph: Weighted, parting: Parting, seed: int) -> list[Ints]:
    return [parted(graph, parting, seed=seed) for _ in range(2)]
