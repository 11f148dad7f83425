"""Compiling ahead: every kernel run once on a tiny view, so that no question waits for the compiler."""

from __future__ import annotations

import time

import numpy as np

from graph_service.network.adjacency import Adjacency, Offsets, build_adjacency
from graph_service.network.compiled import available


def warm_up() -> float:
    """Compiles or loads every kernel from its cache; the seconds it took, 0 where numba is not there."""
    if not available("numba"):
        return 0.0
    from graph_service.network.kernels import corridor, leiden, removal
    from graph_service.network.kernels.components import union_find
    from graph_service.network.kernels.paths import backtrack, two_sided

    begun = time.perf_counter()
    source, target = np.array([0, 1], dtype=np.int32), np.array([1, 2], dtype=np.int32)
    adjacency = build_adjacency(3, source, target, np.zeros(2, dtype=np.bool_))
    state = np.zeros(2, dtype=np.int64)
    union_find(3, source, target, state, 100)
    marks, queues = np.zeros((2, 3), dtype=np.int32), np.empty((2, 3), dtype=np.int32)
    bounds = (adjacency.start[:-1], adjacency.start[1:])
    ends, every = (source[:1], target[1:]), np.zeros(0, dtype=np.bool_)
    walked = (adjacency.neighbour, adjacency.link)
    two_sided(*bounds, *bounds, *walked, *ends, every, every, 8, marks, queues, 512, state, 100)
    backtrack(*bounds, *walked, every, marks[0], 512, target[:1], 1, 8, state, 100)
    _, out, back, members = corridor.corridor(*bounds, *bounds, *walked, *ends, every, every, 8, state, 100)
    corridor.relay(*bounds, *walked, members, out, back, np.ones(3, dtype=np.bool_), every, 8)
    cost = np.ones(2, dtype=np.int64)
    corridor.least_costs(*bounds, *walked, members, np.arange(3, dtype=np.int32), back, every, cost, cost[:0], 8, state)
    label, strength = np.zeros(3, dtype=np.int32), np.ones(3)
    ties = (adjacency.start, adjacency.neighbour, np.ones(len(adjacency.neighbour)))
    leiden.move(*ties, strength, 0.1, label, np.arange(3, dtype=np.int32), state)
    leiden.refine(*ties, strength, 0.1, label, np.arange(3, dtype=np.int32), state)
    leiden.lift(*ties, label, 1)
    for loop in (removal.dependencies, removal.distances):
        loop(adjacency.start, adjacency.neighbour, np.arange(3, dtype=np.int32), state, 100)
    removal.pairs_left(adjacency.start, adjacency.neighbour, state, 100)
    _warm_spreading(adjacency, state)
    _warm_positions(adjacency, state)
    _warm_timed(state)
    return time.perf_counter() - begun


def _warm_spreading(adjacency: Adjacency, state: Offsets) -> None:
    """The kernels that spread out from entities and join many of them."""
    from graph_service.network.kernels import connecting, spreading, steiner

    nodes, walked = np.arange(3, dtype=np.int32), (adjacency.neighbour, adjacency.link)
    bounds, every = (adjacency.start[:-1], adjacency.start[1:]), np.zeros(0, dtype=np.bool_)
    place, cost = np.full(3, -1, dtype=np.int32), np.ones(2, dtype=np.int64)
    spreading.spread(*bounds, *walked, nodes[:1], every, every, nodes, 8, place, state, 100)
    spreading.leading_on(*bounds, *walked, nodes, place, every, every, state, 100)
    spreading.cheapest(*bounds, *walked, nodes[:1], every, every, nodes, cost, 8, 8, place, state, 100)
    window, dated, event = np.array([0, 9], dtype=np.int64), np.ones(2, dtype=np.bool_), np.ones(3, dtype=np.bool_)
    timed = (nodes, nodes)
    spreading.earliest(
        *bounds, *walked, nodes[:1], every, dated, nodes, *timed, dated, event, window, 8, place, state, 100
    )
    seen, seers, mark = np.zeros((3, 3), dtype=np.int8), np.zeros((1, 3), dtype=np.uint64), np.zeros(3, dtype=np.int32)
    wanted, ground = np.ones((3, 3), dtype=np.bool_), (every, every)
    connecting.ways(adjacency.start, *walked, nodes, wanted, *ground, nodes, 8, seen, seers, mark, state, 100)
    steiner.regions(adjacency.start, *walked, nodes, nodes, 3, every, every, cost, 8, nodes, state, 100)


def _warm_positions(adjacency: Adjacency, state: Offsets) -> None:
    """The kernels that say who is placed how."""
    from graph_service.network.kernels import closure, cores, sampling, strong, walking

    rows, ends = (adjacency.start, adjacency.neighbour), np.array([[0, 1], [1, 2]], dtype=np.int32)
    bound, values = (state, 100), np.ones(3)
    weight = np.ones(len(adjacency.neighbour))
    cores.core_numbers(*rows, *bound)
    cores.truss_numbers(*rows, adjacency.link, ends[:, 0].copy(), ends[:, 1].copy(), *bound)
    closure.triangles(*rows, *bound)
    closure.constraint(*rows, weight, *bound)
    strong.strong_components(adjacency.start[:-1], adjacency.incoming, adjacency.neighbour, *bound)
    strong.bridges(*rows, adjacency.link, 2, *bound)
    walking.gather(*rows, weight, values, *bound)
    walking.farness(*rows, *bound)
    walking.from_each(*rows, np.zeros(1, dtype=np.int32), *bound)
    sampling.longest_way(*rows, *bound)
    sampling.sampled_paths(*rows, *rows, ends, np.ones(1, dtype=np.uint64), *bound)


def _warm_timed(state: Offsets) -> None:
    """The kernels for ways in time, on two links that follow each other."""
    from graph_service.network.kernels import timed

    start, move = np.array([0, 1, 2, 2], dtype=np.int64), np.array([0, 2], dtype=np.int32)
    near, far, day = np.array([0, 1], dtype=np.int32), np.array([1, 2], dtype=np.int32), np.zeros(2, dtype=np.int32)
    back_start, gaps = np.array([0, 0, 1, 2], dtype=np.int64), np.array([0, -1], dtype=np.int64)
    never, nobody, role = np.zeros(2, dtype=np.bool_), np.zeros(3, dtype=np.bool_), np.array([2, 1, 4], dtype=np.int8)
    ahead, behind = (start, move, day, far, near, day), (back_start, move, day, near, far, day)
    known, queues, seen = (np.zeros((2, size), dtype=np.int32) for size in (4, 4, 3))
    terms, window = (role, never[:0], never, nobody, gaps), np.array([-8, 8], dtype=np.int64)
    ends = (near[:1], far[1:])
    timed.meet(ahead, behind, terms, ends, window, 8, known, queues, seen, (1, 1), state, 100)
    leads, into = np.array([1, -1], dtype=np.int32), np.array([1, 1, 2], dtype=np.int64)
    by_end = np.array([1, 0], dtype=np.int32)
    timed.least_arrivals(start[:3], leads, day, day, (never, never), into, by_end, gaps, 8, state, 100)
