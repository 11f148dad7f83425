"""The kernels of removal against NetworkX and against their definitions, on graphs of every density."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest

from graph_service.network.adjacency import build_adjacency
from graph_service.network.columns import Ints
from graph_service.network.compiled import missing

if missing(("numba",)):
    pytest.skip("these are compiled loops", allow_module_level=True)

from graph_service.network.kernels.removal import LONGEST, WORD, dependencies, distances, pairs_left

PLENTY = 10**12


def state() -> npt.NDArray[np.int64]:
    return np.zeros(2, dtype=np.int64)


def rows(graph: nx.Graph) -> tuple[npt.NDArray[np.int64], Ints]:
    ends = np.array(list(graph.edges), dtype=np.int32).reshape(-1, 2)
    built = build_adjacency(len(graph), ends[:, 0], ends[:, 1], np.ones(len(ends), dtype=np.bool_))
    return built.start, built.neighbour


def every(graph: nx.Graph) -> Ints:
    return np.arange(len(graph), dtype=np.int32)


GRAPHS = [
    *(
        nx.gnm_random_graph(5 + seed % 17, int((5 + seed % 17) * (0.3 + seed % 5 * 0.5)), seed=seed)
        for seed in range(60)
    ),
    nx.path_graph(150),
    nx.star_graph(9),
    nx.complete_graph(7),
    nx.empty_graph(4),
    nx.barbell_graph(5, 3),
    nx.convert_node_labels_to_integers(nx.grid_2d_graph(12, 12)),
]


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_dependencies_are_twice_networkx_betweenness(graph: nx.Graph) -> None:
    found = dependencies(*rows(graph), every(graph), state(), PLENTY)
    wanted = nx.betweenness_centrality(graph, normalized=False)
    np.testing.assert_allclose(found, [2 * wanted[node] for node in graph], rtol=1e-9, atol=1e-9)


def test_dependencies_on_some_sources_only() -> None:
    graph = nx.gnm_random_graph(40, 90, seed=3)
    sources = np.array([1, 5, 7, 20], dtype=np.int32)
    found = dependencies(*rows(graph), sources, state(), PLENTY)
    wanted = nx.betweenness_centrality_subset(graph, sources.tolist(), list(graph), normalized=False)
    np.testing.assert_allclose(found, [2 * wanted[node] for node in graph], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_distances_are_counted_as_networkx_finds_them(graph: nx.Graph) -> None:
    """The path of 150 has more nodes than a word has bits."""
    counts, nearness = distances(*rows(graph), every(graph), state(), PLENTY)
    lengths = (length for _, reached in nx.all_pairs_shortest_path_length(graph) for length in reached.values())
    wanted = Counter(length for length in lengths if length)
    assert {int(length): int(counts[length]) for length in np.flatnonzero(counts)} == wanted
    harmonic = nx.harmonic_centrality(graph)
    np.testing.assert_allclose(nearness, [harmonic[node] for node in graph], rtol=1e-12)


def test_a_long_chain_costs_no_more_than_a_search_from_each() -> None:
    """In a chain sources share nothing; each passes each of the 2 * 1,999 entries once."""
    graph, spent = nx.path_graph(2_000), state()
    distances(*rows(graph), np.arange(128, dtype=np.int32), spent, PLENTY)
    assert spent[1] <= 128 * 2 * 1_999


def test_distances_beyond_the_longest_count_as_the_longest() -> None:
    graph = nx.path_graph(LONGEST + 4)
    counts, _ = distances(*rows(graph), np.array([0], dtype=np.int32), state(), PLENTY)
    assert counts[1:LONGEST].tolist() == [1] * (LONGEST - 1)
    assert counts[LONGEST] == 4


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_pairs_left_are_those_of_the_graph_without_the_node(graph: nx.Graph) -> None:
    left = pairs_left(*rows(graph), state(), PLENTY)
    for node in graph:
        without = graph.subgraph(set(graph) - {node})
        assert left[node] == sum(len(part) * (len(part) - 1) for part in nx.connected_components(without)), node


def test_the_loops_count_the_ties_they_look_at() -> None:
    graph = nx.gnm_random_graph(WORD, 200, seed=1)
    assert nx.is_connected(graph)
    spent = [state(), state(), state()]
    dependencies(*rows(graph), every(graph), spent[0], PLENTY)
    distances(*rows(graph), every(graph), spent[1], PLENTY)
    pairs_left(*rows(graph), spent[2], PLENTY)
    ways = 2 * graph.number_of_edges()
    assert [int(each[1]) for each in spent[::2]] == [len(graph) * ways, ways]
    assert spent[1][1] <= ways * (nx.diameter(graph) + 1), "a link counts once a sweep, not once a source"


def test_the_loops_stop_when_they_are_called_off_or_out_of_budget() -> None:
    graph = nx.gnm_random_graph(300, 3_000, seed=1)
    off = state()
    off[0] = 2
    assert not dependencies(*rows(graph), every(graph), off, PLENTY).any()
    assert off[1] == 0
    short = state()
    dependencies(*rows(graph), every(graph), short, 20_000)
    assert 20_000 <= short[1] <= 20_000 + 2 * graph.number_of_edges()
    short = state()
    distances(*rows(graph), every(graph), short, 5_000)
    assert short[1] <= 5_000 + 2 * graph.number_of_edges(), "a sweep is finished"
