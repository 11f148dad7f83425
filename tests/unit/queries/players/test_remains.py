"""What remains of a network: both keepers of it tell the same after any removals and new ties, and so does NetworkX."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.network.budget import Budget
from queries.players.remains import ArrayRemains, NetworkxRemains, Remains, Whole
from queries.players.removing import fragmentation

GRAPHS = st.builds(
    nx.gnm_random_graph,
    st.integers(2, 14),
    st.integers(0, 40),
    seed=st.integers(0, 10_000),
    directed=st.just(value=False),
)
CHANGES = st.lists(st.tuples(st.booleans(), st.integers(0, 13), st.lists(st.integers(0, 13), max_size=4)), max_size=6)


def whole(graph: nx.Graph, pivots: list[int] | None = None) -> Whole:
    ends = np.array(sorted(tuple(sorted(tie)) for tie in graph.edges), dtype=np.int32).reshape(-1, 2)
    chosen = np.array(list(graph) if pivots is None else pivots, dtype=np.int32)
    return Whole(len(graph), ends[:, 0], ends[:, 1], chosen)


def told(remains: Remains, there: list[int]) -> list[Any]:
    """All that is whole numbers, of those that are there."""
    return [
        remains.degrees()[there].tolist(),
        remains.cuts()[there].tolist(),
        remains.parts(),
        dict(remains.distances()),
        [list(remains.neighbours(node)) for node in there],
    ]


@settings(deadline=None)
@given(GRAPHS, CHANGES)
def test_both_keepers_tell_the_same_after_any_changes(
    graph: nx.Graph, changes: list[tuple[bool, int, list[int]]]
) -> None:
    with Budget() as budget:
        keepers: tuple[Remains, ...] = (ArrayRemains(whole(graph), budget), NetworkxRemains(whole(graph), budget))
        there = list(graph)
        for joins, node, others in changes:
            if node not in there:
                continue
            if joins:
                known = [other for other in others if other in there]
                one, other = (keeper.join(node, known) for keeper in keepers)
                assert one == other
            else:
                there.remove(node)
                for keeper in keepers:
                    keeper.remove(node)
            one_told, other_told = (told(keeper, there) for keeper in keepers)
            assert one_told == other_told
            flow, other_flow = (keeper.dependencies()[there] for keeper in keepers)
            np.testing.assert_allclose(flow, other_flow, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("keeper", [ArrayRemains, NetworkxRemains])
def test_what_is_told_is_what_networkx_finds_in_the_rest(keeper: type[ArrayRemains | NetworkxRemains]) -> None:
    graph = nx.connected_caveman_graph(4, 5)
    with Budget() as budget:
        remains: Remains = keeper(whole(graph), budget)
        remains.remove(4)
        remains.remove(11)
        assert remains.join(0, [7, 8, 2, 0]) == 2, "0 and 2 were tied before, and nobody is tied to oneself"
        rest = graph.subgraph(set(graph) - {4, 11}).copy()
        rest.add_edges_from([(0, 7), (0, 8)])
        there = sorted(rest)
        assert remains.degrees()[there].tolist() == [rest.degree[node] for node in there]
        assert remains.parts() == sorted(map(len, nx.connected_components(rest)), reverse=True)
        lengths = (length for _, found in nx.all_pairs_shortest_path_length(rest) for length in found.values())
        assert dict(remains.distances()) == Counter(length for length in lengths if length)
        between = nx.betweenness_centrality(rest, normalized=False)
        np.testing.assert_allclose(remains.dependencies()[there], [2 * between[node] for node in there], atol=1e-9)


def test_a_pivot_that_is_taken_out_is_no_pivot_any_more() -> None:
    graph = nx.path_graph(6)
    for keeper in (ArrayRemains, NetworkxRemains):
        with Budget() as budget:
            remains: Remains = keeper(whole(graph, [0, 5]), budget)
            assert dict(remains.distances()) == dict.fromkeys(range(1, 6), 2)
            remains.remove(5)
            assert dict(remains.distances()) == dict.fromkeys(range(1, 5), 1)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [([], 1.0), ([1], 1.0), ([2], 0.0), ([1, 1], 1.0), ([3, 1], 0.5), ([5, 5], round(1 - 40 / 90, 9))],
    ids=str,
)
def test_fragmentation_is_the_share_of_pairs_apart(parts: list[int], wanted: float) -> None:
    assert fragmentation(parts) == wanted
