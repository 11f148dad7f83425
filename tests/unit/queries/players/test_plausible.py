"""Plausible networks: each tie stands at its rate, unseen ones are as many and where the model says."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest

from queries.players.plausible import Plausible, Seen, Unseen


def seen(graph: nx.Graph, chance: float | list[float] = 1.0) -> Seen:
    ends = np.array(sorted(tuple(sorted(tie)) for tie in graph.edges), dtype=np.int32).reshape(-1, 2)
    return Seen(len(graph), ends[:, 0], ends[:, 1], np.broadcast_to(np.asarray(chance, dtype=np.float64), len(ends)))


def ties(plausible: Plausible, number: int) -> list[tuple[int, int]]:
    low, high = plausible.draw(number)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def test_a_tie_stands_as_often_as_its_chance() -> None:
    """Over 4,000 draws each rate lies within four standard errors of its chance; certain ties always stand."""
    chance = [0.0, 0.25, 0.64, 0.9025, 1.0]
    plausible = Plausible.around(seen(nx.path_graph(6), chance), 0.0, Unseen.TRIADS, 1)
    stood = Counter(tie for number in range(4_000) for tie in ties(plausible, number))
    for tie, likely in zip(nx.path_graph(6).edges, chance, strict=True):
        assert abs(stood[tie] / 4_000 - likely) <= 4 * (likely * (1 - likely) / 4_000) ** 0.5, tie
    assert plausible.standing == pytest.approx(sum(chance))


@pytest.mark.parametrize("model", list(Unseen))
def test_unseen_ties_are_as_many_as_stated(model: Unseen) -> None:
    """A quarter of the true network unseen: 60 ties that stand for sure are three quarters, and 20 are added, with the
    spread of a Poisson number."""
    graph = nx.gnm_random_graph(40, 60, seed=1)
    plausible = Plausible.around(seen(graph), 0.25, model, 7)
    assert plausible.unseen == pytest.approx(20)
    added = [len(ties(plausible, number)) - 60 for number in range(600)]
    assert np.mean(added) == pytest.approx(20, abs=4 * (20 / 600) ** 0.5)
    assert np.var(added) == pytest.approx(20, rel=0.3)


@pytest.mark.parametrize("model", list(Unseen))
def test_what_is_added_was_not_seen_and_is_there_once(model: Unseen) -> None:
    graph = nx.gnm_random_graph(15, 40, seed=2)
    plausible = Plausible.around(seen(graph, 0.5), 0.4, model, 3)
    for number in range(200):
        drawn = ties(plausible, number)
        assert len(set(drawn)) == len(drawn)
        assert all(low < high for low, high in drawn)
        added = [tie for tie in drawn if not graph.has_edge(*tie)]
        if model is Unseen.TRIADS:
            assert all(set(graph[low]) & set(graph[high]) for low, high in added), "they have somebody in common"


def test_triads_close_as_often_as_they_have_somebody_in_common() -> None:
    """0 and 3 have both 1 and 2 in common, 1 and 2 have 0 and 3; 4 hangs on 3 and shares only 3 with 1 and with 2. The
    open pairs are closed in proportion 2 : 2 : 1 : 1, which a chi-square test on first places does not refuse (its
    critical value at 1 in 1,000 with three degrees of freedom is 16.27)."""
    graph = nx.Graph([(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)])
    plausible = Plausible.around(seen(graph), 0.02, Unseen.TRIADS, 1)
    first = Counter(drawn[5] for number in range(30_000) if len(drawn := ties(plausible, number)) > 5)
    total = sum(first.values())
    wanted = {(0, 3): 2 / 6, (1, 2): 2 / 6, (1, 4): 1 / 6, (2, 4): 1 / 6}
    assert set(first) == set(wanted)
    assert total > 2_000
    assert sum((first[tie] - total * share) ** 2 / (total * share) for tie, share in wanted.items()) < 16.27


def test_by_degree_the_connected_gain_most() -> None:
    graph = nx.Graph([(0, leaf) for leaf in range(1, 6)] + [(6, leaf) for leaf in range(7, 12)] + [(12, 13)])
    plausible = Plausible.around(seen(graph), 0.2, Unseen.DEGREE, 1)
    gained = Counter(end for number in range(2_000) for tie in ties(plausible, number)[11:] for end in tie)
    assert gained[0] > 2 * gained[1]
    assert gained[0] > 2 * gained[12]
    assert gained[0] == pytest.approx(gained[6], rel=0.15)


def test_where_there_is_no_room_nothing_is_added() -> None:
    full = nx.complete_graph(5)
    for model in Unseen:
        assert ties(Plausible.around(seen(full), 0.5, model, 1), 0) == sorted(full.edges)
        assert ties(Plausible.around(seen(nx.empty_graph(4)), 0.5, model, 1), 0) == []
    assert ties(Plausible.around(seen(nx.Graph([(0, 1)])), 0.5, Unseen.TRIADS, 1), 0) == [(0, 1)]


def test_a_draw_depends_on_its_number_and_the_seed_alone() -> None:
    graph = nx.gnm_random_graph(30, 60, seed=4)
    one, again = (Plausible.around(seen(graph, 0.5), 0.2, Unseen.TRIADS, 5) for _ in range(2))
    assert ties(one, 3) == ties(again, 3)
    assert ties(one, 3) != ties(one, 4)
    assert ties(one, 3) != ties(Plausible.around(seen(graph, 0.5), 0.2, Unseen.TRIADS, 6), 3)
