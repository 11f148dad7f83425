"""The kernels of Leiden against their definitions, by NetworkX on small random graphs."""

from __future__ import annotations

import random
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest

from graph_service.network.adjacency import build_adjacency
from graph_service.network.budget import CALLED_OFF, STRIDE
from graph_service.network.columns import Ints
from graph_service.network.compiled import available

pytestmark = pytest.mark.skipif(not available("numba"), reason="needs numba")
Floats = npt.NDArray[np.float64]


@dataclass
class Rows:
    """A weighted graph as the kernels take it, and as NetworkX does."""

    graph: nx.Graph
    start: npt.NDArray[np.int64]
    neighbour: Ints
    weight: Floats
    strength: Floats
    density: float


def rows_of(graph: nx.Graph, resolution: float = 1.0) -> Rows:
    """The graph in compressed sparse rows, nodes 0 to n - 1."""
    ends = np.array(list(graph.edges), dtype=np.int32).reshape(-1, 2)
    weights = np.array([weight for _, _, weight in graph.edges(data="weight")], dtype=np.float64)
    rows = build_adjacency(len(graph), ends[:, 0], ends[:, 1], np.ones(len(ends), dtype=np.bool_))
    strength = np.array([graph.degree(v, weight="weight") for v in range(len(graph))], dtype=np.float64)
    return Rows(graph, rows.start, rows.neighbour, weights[rows.link], strength, resolution / strength.sum())


def random_graph(dice: random.Random, nodes: int = 14) -> nx.Graph:
    """A random graph with small whole weights and at least one link."""
    graph = nx.gnp_random_graph(nodes, dice.choice([0.15, 0.3, 0.6]), seed=dice.randrange(10**6))
    graph.add_edge(0, 1)
    for _, _, data in graph.edges(data=True):
        data["weight"] = dice.randint(1, 4)
    return graph


def groups(label: Ints) -> list[set[int]]:
    return [set(np.flatnonzero(label == one).tolist()) for one in np.unique(label)]


def quality(graph: nx.Graph, label: Ints, resolution: float) -> float:
    return float(nx.community.modularity(graph, groups(label), resolution=resolution))


def moved(rows: Rows, label: Ints, order: Ints, state: npt.NDArray[np.int64] | None = None) -> int:
    """What ``move`` says, the label changed in place."""
    from graph_service.network.kernels.leiden import move

    ties = (rows.start, rows.neighbour, rows.weight, rows.strength, rows.density)
    running = np.zeros(2, dtype=np.int64) if state is None else state
    moves: int = move(*ties, label, order, running)
    return moves


def refined(rows: Rows, label: Ints, order: Ints) -> Ints:
    """The pieces that ``refine`` makes."""
    from graph_service.network.kernels.leiden import refine

    ties = (rows.start, rows.neighbour, rows.weight, rows.strength, rows.density)
    piece: Ints = refine(*ties, label, order, np.zeros(2, dtype=np.int64))
    return piece


@pytest.mark.parametrize("seed", range(30))
def test_once_nobody_moves_no_single_move_gains_anything(seed: int) -> None:
    dice = random.Random(seed)
    resolution = dice.choice([0.5, 1.0, 2.0])
    graph = random_graph(dice)
    rows = rows_of(graph, resolution)
    label = np.array([dice.randrange(dice.choice([3, 14])) for _ in range(14)], dtype=np.int32)
    reached, moves = quality(graph, label, resolution), 1
    while moves:
        moves = moved(rows, label, np.array(dice.sample(range(14), 14), dtype=np.int32))
        before, reached = reached, quality(graph, label, resolution)
        assert reached >= before - 1e-12
        assert (moves == 0) == (reached == pytest.approx(before, abs=1e-12))
    for node in graph:
        for other in {*label.tolist(), next(free for free in range(15) if free not in label)}:
            changed = label.copy()
            changed[node] = other
            assert quality(graph, changed, resolution) <= reached + 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_refining_parts_groups_into_pieces_that_hang_together(seed: int) -> None:
    dice = random.Random(seed)
    graph = random_graph(dice, 20)
    rows = rows_of(graph)
    label = np.array([dice.randrange(3) for _ in graph], dtype=np.int32)
    kept = label.copy()
    piece = refined(rows, label, np.array(dice.sample(range(20), 20), dtype=np.int32))
    assert np.array_equal(label, kept)
    for members in groups(piece):
        assert len({int(label[node]) for node in members}) == 1
        assert int(piece[min(members)]) in members
        assert nx.is_connected(graph.subgraph(members))
    assert quality(graph, piece, 1.0) >= quality(graph, np.arange(20, dtype=np.int32), 1.0)


def test_a_group_that_is_two_cliques_is_refined_into_them() -> None:
    graph = nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5))
    nx.set_edge_attributes(graph, 1, "weight")
    piece = refined(rows_of(graph, 0.3), np.zeros(10, dtype=np.int32), np.arange(10, dtype=np.int32))
    assert groups(piece) == [set(range(5)), set(range(5, 10))]


@pytest.mark.parametrize("seed", range(20))
def test_lifting_sums_the_weights_between_pieces(seed: int) -> None:
    from graph_service.network.kernels.leiden import lift

    dice = random.Random(seed)
    graph = random_graph(dice, 16)
    rows = rows_of(graph)
    piece = np.unique([dice.randrange(6) for _ in graph], return_inverse=True)[1].astype(np.int32)
    low, high, weight = lift(rows.start, rows.neighbour, rows.weight, piece, int(piece.max()) + 1)
    made = {(int(a), int(b)): float(w) for a, b, w in zip(low, high, weight, strict=True)}
    expected: dict[tuple[int, int], float] = {}
    for one, other, many in graph.edges(data="weight"):
        a, b = sorted((int(piece[one]), int(piece[other])))
        if a != b:
            expected[a, b] = expected.get((a, b), 0.0) + many
    assert made == expected
    assert len(low) == len(expected)


def test_moving_stops_within_a_stride_when_called_off() -> None:
    graph = nx.gnm_random_graph(400, 12_000, seed=1)
    nx.set_edge_attributes(graph, 1, "weight")
    rows = rows_of(graph)
    through, cut = np.arange(400, dtype=np.int32), np.arange(400, dtype=np.int32)
    all_moves = moved(rows, through, np.arange(400, dtype=np.int32))
    few_moves = moved(rows, cut, np.arange(400, dtype=np.int32), np.array([CALLED_OFF, 0], dtype=np.int64))
    degrees = [degree for _, degree in sorted(graph.degree)]
    visited = next(many for many in range(400) if sum(degrees[:many]) >= STRIDE)
    assert 0 < few_moves <= visited < all_moves
