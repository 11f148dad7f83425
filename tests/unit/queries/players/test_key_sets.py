"""The search for the best set, on worths made up so that the right answer is known."""

from __future__ import annotations

import itertools
import math
import random

import networkx as nx
import numpy as np
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.facts import Floats
from queries.players.key_sets import (
    CELLS,
    TRIED,
    Worth,
    best_set,
    distances_networkx,
    fragmentation,
    parting_networkx,
    pool,
    reaching,
)
from queries.players.nearness import error_of, samples_for


def made_up(worths: dict[tuple[int, ...], float], candidates: int) -> Worth:
    """The worth of each set as it is written, 0 for others."""

    def worth(chosen: tuple[int, ...]) -> Floats:
        return np.array([worths.get(tuple(sorted({*chosen, one})), 0.0) for one in range(candidates)])

    return worth


def test_the_best_set_need_not_hold_the_best_one() -> None:
    worth = made_up({(0,): 0.9, (1,): 0.1, (2,): 0.1, (0, 1): 0.91, (0, 2): 0.91, (1, 2): 1.0}, 3)
    best = best_set(worth, 3, 2, 1, Budget())
    assert (best.members, best.worth, best.exact, best.equals) == ((1, 2), 1.0, True, 1)
    assert (best.single, best.single_worth) == (0, 0.9)


def test_equals_are_counted_and_the_first_is_told() -> None:
    worth = made_up({(1, 3): 0.5, (0, 4): 0.5, (2, 3): 0.5}, 5)
    best = best_set(worth, 5, 2, 1, Budget())
    assert (best.members, best.equals) == ((0, 4), 3)


def test_a_set_larger_than_the_candidates_is_all_of_them() -> None:
    best = best_set(made_up({(0, 1, 2): 1.0}, 3), 3, 9, 1, Budget())
    assert (best.members, best.exact, best.equals) == ((0, 1, 2), True, 1)


@pytest.mark.parametrize("seed", range(5))
def test_swaps_find_the_best_sum_where_all_sets_are_too_many(seed: int) -> None:
    dice = random.Random(seed)
    value = np.array([dice.random() for _ in range(60)])

    def worth(chosen: tuple[int, ...]) -> Floats:
        return np.asarray(value[list(chosen)].sum() + value)

    assert math.comb(60, 5) > TRIED
    best = best_set(worth, 60, 5, seed, Budget())
    assert best.members == tuple(sorted(np.argsort(-value)[:5].tolist()))
    assert not best.exact


def test_swaps_mend_what_greedy_choice_gets_wrong() -> None:
    """The single of most worth is in no good set of four: greedy keeps it, a swap throws it out."""
    planted = frozenset({3, 17, 29, 41})

    def of(members: frozenset[int]) -> float:
        alone = 1.2 if len(members) == 1 else 0.7
        return len(members & planted) + alone * (0 in members)

    def worth(chosen: tuple[int, ...]) -> Floats:
        return np.array([of(frozenset(chosen) | {one}) for one in range(60)])

    best = best_set(worth, 60, 4, 1, Budget())
    assert best.single == 0
    assert set(best.members) == planted


def test_the_search_stops_when_called_off_and_is_no_longer_exact_out_of_budget() -> None:
    budget = Budget()
    budget.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        best_set(made_up({}, 30), 30, 3, 1, budget)
    spent = Budget(Limits(links=0))
    assert not best_set(made_up({(0, 1): 1.0}, 30), 30, 2, 1, spent).exact


def test_fragmentation_is_the_share_of_pairs_that_do_not_reach_each_other() -> None:
    assert fragmentation(0, 5) == 1.0
    assert fragmentation(20, 5) == 0.0
    assert fragmentation(6, 5) == pytest.approx(0.7)
    assert fragmentation(0, 1) == fragmentation(0, 0) == 1.0


def test_worths_by_definition_on_networkx() -> None:
    graph = nx.path_graph(6)
    everybody = list(graph)
    parting = parting_networkx(graph, everybody, Budget())
    reaching_ = reaching(distances_networkx(graph, everybody, Budget()))
    for chosen in itertools.combinations(everybody, 2):
        left = graph.subgraph(set(graph) - set(chosen))
        reached = sum(nx.has_path(left, *pair) for pair in itertools.permutations(left, 2))
        assert parting(chosen[:1])[chosen[1]] == pytest.approx(1 - reached / 12)
        near = [min(abs(node - one) for one in chosen) for node in graph]
        assert reaching_(chosen[:1])[chosen[1]] == pytest.approx(sum(1 / far if far else 1 for far in near) / 6)


def test_candidates_are_cut_to_the_best_tied_where_distances_do_not_fit() -> None:
    candidates, degree = np.arange(10, dtype=np.int32), np.array([5, 1, 9, 1, 9, 2, 2, 2, 2, 2], dtype=np.int32)
    assert pool(candidates, degree, 100, 2).tolist() == list(range(10))
    assert pool(candidates, degree, CELLS // 3, 2).tolist() == [0, 2, 4]
    assert pool(candidates, degree, CELLS, 4).tolist() == [0, 2, 4, 5]


def test_samples_and_error_are_one_formula() -> None:
    """Riondato and Kornaropoulos: 0.5 / error ** 2 * (floor(log2(VD - 2)) + 1 + ln(1 / 0.05))."""
    assert samples_for(0.01, 18) == math.ceil(5_000 * (4 + 1 + math.log(20)))
    assert samples_for(0.1, 2) == math.ceil(50 * math.log(20))
    for longest in (2, 3, 10, 1_000):
        for error in (0.3, 0.05, 0.01):
            reached = error_of(samples_for(error, longest), longest)
            assert error * 0.98 < reached <= error
    assert error_of(0, 10) == 1.0
