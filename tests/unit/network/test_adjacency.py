"""Adjacency: compiled, by sorting and by hand it is the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.network.adjacency import BACKWARD, EITHER, FORWARD, Adjacency, _sorted, build_adjacency
from graph_service.network.compiled import available
from tests.unit.network.oracle import UNHURRIED

Given = tuple[int, list[tuple[int, int, bool]]]
FIELDS = ("start", "mutual", "incoming", "neighbour", "link")


@st.composite
def graphs(draw: st.DrawFn) -> Given:
    """Nodes, and links as (source, target, symmetric); self-loops and parallel links among them."""
    nodes = draw(st.integers(1, 8))
    node = st.integers(0, nodes - 1)
    return nodes, draw(st.lists(st.tuples(node, node, st.booleans()), max_size=30))


def arrays(links: list[tuple[int, int, bool]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ends = np.array([(a, b) for a, b, _ in links], dtype=np.int32).reshape(-1, 2)
    return ends[:, 0].copy(), ends[:, 1].copy(), np.array([s for _, _, s in links], dtype=np.bool_)


def by_hand(given_graph: Given, node: int, way: int) -> list[tuple[int, int]]:
    """(neighbour, link) of a node, first those that leave it, then the mutual ones, then those that enter it."""
    _, links = given_graph
    out = [(b, n) for n, (a, b, s) in enumerate(links) if a == node and not s]
    mutual = [(b if a == node else a, n) for n, (a, b, s) in enumerate(links) if s and node in {a, b}]
    into = [(a, n) for n, (a, b, s) in enumerate(links) if b == node and a != b and not s]
    return {FORWARD: out + mutual, BACKWARD: mutual + into, EITHER: out + mutual + into}[way]


def entries(adjacency: Adjacency, node: int, way: int) -> list[tuple[int, int]]:
    run = adjacency.run(node, way)
    return list(zip(adjacency.neighbour[run].tolist(), adjacency.link[run].tolist(), strict=True))


@pytest.mark.skipif(not available("numba"), reason="needs numba")
@UNHURRIED
@given(graphs())
def test_compiled_equals_sorted_to_the_entry_and_the_type(given_graph: Given) -> None:
    nodes, links = given_graph
    compiled, plain = build_adjacency(nodes, *arrays(links)), _sorted(nodes, *arrays(links))
    for name in FIELDS:
        one, other = getattr(compiled, name), getattr(plain, name)
        assert one.dtype == other.dtype, name
        assert one.tolist() == other.tolist(), name


@UNHURRIED
@given(graphs())
def test_each_run_is_what_it_is_by_hand(given_graph: Given) -> None:
    nodes, links = given_graph
    for adjacency in (build_adjacency(nodes, *arrays(links)), _sorted(nodes, *arrays(links))):
        for node in range(nodes):
            for way in (FORWARD, BACKWARD, EITHER):
                assert entries(adjacency, node, way) == by_hand(given_graph, node, way)


@UNHURRIED
@given(graphs())
def test_every_link_stands_at_both_ends_and_a_self_loop_once(given_graph: Given) -> None:
    nodes, links = given_graph
    adjacency = build_adjacency(nodes, *arrays(links))
    loops = sum(a == b for a, b, _ in links)
    assert len(adjacency.neighbour) == 2 * len(links) - loops == adjacency.start[-1]
    assert adjacency.start[0] == 0
    assert len(adjacency.start) == nodes + 1


def test_nothing_at_all() -> None:
    for adjacency in (build_adjacency(0, *arrays([])), _sorted(0, *arrays([]))):
        assert adjacency.start.tolist() == [0]
        assert len(adjacency.neighbour) == 0


def test_the_bytes_of_all_arrays_are_counted() -> None:
    adjacency = build_adjacency(2, *arrays([(0, 1, False)]))
    assert adjacency.nbytes == 3 * 8 + 2 * 8 + 2 * 8 + 2 * 4 + 2 * 4
