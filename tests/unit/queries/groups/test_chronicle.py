"""The chapters of a chronicle, and who stays with the core of a group when it is sought anew."""

from __future__ import annotations

import numpy as np
import pytest

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups.chronicle import Chapter, Chronicle, ChronicleParameters
from queries.groups.lineage import Step
from queries.groups.quality import PartitionParameters
from queries.groups.weighted import Weighted
from queries.groups.windows import Window
from tests.unit.network.tables import Ledger, entity, link, said

pytestmark = pytest.mark.skipif(not available("numba"), reason="the engine memory needs numba")
NOTHING = np.zeros(0, dtype=np.int32)


def chapter(label: list[int], alone: int = 0) -> Chapter:
    """Members of the groups given, then nodes that are in none."""
    nodes = len(label) + alone
    weighted = Weighted(np.arange(nodes, dtype=np.int32), NOTHING, NOTHING, np.zeros(0))
    placed = np.arange(nodes) < len(label)
    step = Step((1,), (None,), (), 0, 0)
    return Chapter(Window("2010", "2011"), weighted, placed, np.array(label, dtype=np.int32), step, 0, nodes, 0.0)


@pytest.mark.parametrize(
    ("label", "run", "stay"),
    [
        ([0, 0, 0, 1, 1], [7, 7, 7, 3, 3], [1, 1, 1, 1, 1]),
        ([0, 0, 0, 1, 1], [7, 7, 3, 3, 3], [1, 1, 0, 1, 1]),
        ([0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]),
        ([0, 0, 1, 1], [5, 5, 5, 5], [1, 1, 1, 1]),
        ([0, 1, 0, 1, 0], [0, 1, 2, 1, 2], [0, 1, 1, 1, 1]),
        ([], [], []),
    ],
)
def test_who_stays_with_the_core(label: list[int], run: list[int], stay: list[int]) -> None:
    assert chapter(label).stay(np.array(run, dtype=np.int32)).tolist() == [bool(one) for one in stay]
    turned = np.array([*run, 9, 9, 9, 9], dtype=np.int32)
    assert chapter(label, alone=4).stay(turned).tolist() == [bool(one) for one in stay]


def two_years() -> View:
    links = [
        link(f"{year}{pair}", pair[0], pair[1], "ASSOCIATE_OF", said(valid=(year, year)))
        for year in ("2010", "2011")
        for pair in ("ab", "bc", "ca", "de")
    ]
    return View(Ledger().put([entity(name) for name in "abcdef"], links).network())


def together(weighted: Weighted, _before: Ints, _asked: ChronicleParameters, _budget: Budget) -> Ints:
    """Everybody in one group."""
    return np.zeros(len(weighted.numbers), dtype=np.int32)


def test_followers_are_given_the_ids_of_before() -> None:
    given: list[list[int]] = []

    def noted(weighted: Weighted, before: Ints, asked: ChronicleParameters, budget: Budget) -> Ints:
        given.append(before.tolist())
        return together(weighted, before, asked, budget)

    with Budget() as budget:
        found = Chronicle.of(two_years(), ChronicleParameters(), noted, budget)
    assert given == [[-1] * 6, [1, 1, 1, 1, 1, -1]]
    assert found.whole
    assert [one.active for one in found.chapters] == [5, 5]
    assert [one.members.tolist() for one in found.chapters] == [[0, 1, 2, 3, 4]] * 2


def test_a_follower_that_gives_up_ends_the_chronicle() -> None:
    asked = ChronicleParameters(runs=3)
    with Budget() as budget:
        found = Chronicle.of(two_years(), asked, lambda *_: None, budget)
        assert (found.chapters, found.whole) == ((), False)
        assert Chronicle.of(two_years(), asked, together, budget).runs(asked, lambda *_: None, budget).made == 0


def test_every_run_has_a_seed_of_its_own() -> None:
    seeds: list[int] = []

    def alone(weighted: Weighted, asked: PartitionParameters, _resolution: float, _budget: Budget) -> Ints:
        seeds.append(asked.seed)
        return np.arange(len(weighted.numbers), dtype=np.int32)

    asked = ChronicleParameters(runs=3, seed=2**31 - 2)
    with Budget() as budget:
        runs = Chronicle.of(two_years(), asked, together, budget).runs(asked, alone, budget)
    assert runs.made == 3
    assert seeds == [2**31 - 1, 2**31 - 1, 0, 0, 1, 1]
    assert [share.tolist() for share in runs.shares] == [[1.0, 0.0, 0.0, 0.0, 0.0]] * 2
