"""The key player problem (Borgatti 2006, doi:10.1007/s10588-006-7084-x): the best set of k, not the k best ones.

KPP-Neg: who parts most when they are gone: F, the share of the pairs left that no longer reach each other. KPP-Pos: who
reaches most: DR, the mean of 1 / distance from the nearest of the set, 1 for its members. All sets are tried where they
are few; else the best of greedy choice and random starts, each mended by swaps until no swap mends it more.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from graph_service.network.adjacency import build_adjacency
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.facts import Floats
from queries.groups.simple_graph import SimpleGraph

TRIED = 200_000
"""Sets that are tried one by one; where there are more, the answer is the best one found."""
STARTS = 20
"""Random sets that swaps start from, besides the greedy one."""
CELLS = 5_000_000
"""Distances kept for KPP-Pos: candidates times nodes."""
_NEAR = 1e-12

Worth = Callable[[tuple[int, ...]], Floats]
"""For places among the candidates: the worth of these with each candidate added, float64[candidates]; what it says of
those that are in already has no meaning."""


@dataclass(frozen=True, slots=True)
class Best:
    """``members``: places among the candidates, ascending. ``exact``: no set is better; then ``equals`` counts the sets
    that are as good, itself included. ``single``: the best one alone, and its worth."""

    members: tuple[int, ...]
    worth: float
    exact: bool
    equals: int
    single: int
    single_worth: float


def best_set(worth: Worth, candidates: int, size: int, seed: int, budget: Budget) -> Best:
    """The best set of so many (or of all, when there are fewer candidates), of equals the first by place."""
    size = min(size, candidates)
    alone = worth(())
    single = int(np.argmax(alone))
    if math.comb(candidates, size) <= TRIED:
        members, value, equals, whole = _by_trying(worth, candidates, size, budget)
    else:
        (members, value), equals, whole = _by_swaps(worth, candidates, size, seed, budget), 1, False
    return Best(members, value, whole, equals if whole else 1, single, float(alone[single]))


def _by_trying(worth: Worth, candidates: int, size: int, budget: Budget) -> tuple[tuple[int, ...], float, int, bool]:
    members, value, equals = tuple(range(size)), -math.inf, 0
    for first in itertools.combinations(range(candidates), size - 1):
        if budget.exhausted and equals:
            return members, value, equals, False
        last = first[-1] + 1 if first else 0
        if last == candidates:
            continue
        rest = worth(first)[last:]
        most = float(rest.max())
        if most > value + _NEAR:
            members, value, equals = (*first, last + int(np.argmax(rest))), most, 0
        equals += int((rest > value - _NEAR).sum())
    return members, value, equals, not budget.exhausted


def _by_swaps(worth: Worth, candidates: int, size: int, seed: int, budget: Budget) -> tuple[tuple[int, ...], float]:
    draw = np.random.default_rng(seed)
    greedy: tuple[int, ...] = ()
    for _ in range(size):
        greedy = (*greedy, _best_with(worth, greedy)[0])
    starts = [draw.choice(candidates, size, replace=False).tolist() for _ in range(STARTS)]
    best, value = tuple(sorted(greedy)), -math.inf
    for start in (list(greedy), *starts):
        if budget.exhausted and value > -math.inf:
            break
        members, reached = _mended(worth, start, budget)
        found = tuple(sorted(members))
        if reached > value + _NEAR or (reached > value - _NEAR and found < best):
            best, value = found, reached
    return best, value


def _mended(worth: Worth, members: list[int], budget: Budget) -> tuple[list[int], float]:
    """Each member in turn changed for the best other one, until no change is for the better."""
    reached = float(worth(tuple(members[:-1]))[members[-1]])
    unmoved = 0
    while unmoved < len(members) and not budget.exhausted:
        for place in range(len(members)):
            others = (*members[:place], *members[place + 1 :])
            one, value = _best_with(worth, others)
            if value > reached + _NEAR:
                members, reached, unmoved = [*members[:place], one, *members[place + 1 :]], value, 0
            else:
                unmoved += 1
    return members, reached


def _best_with(worth: Worth, members: Sequence[int]) -> tuple[int, float]:
    found = worth(tuple(members)).copy()
    found[list(members)] = -math.inf
    one = int(np.argmax(found))
    return one, float(found[one])


def fragmentation(pairs: float, nodes: int) -> float:
    """F of so many nodes of which so many ordered pairs reach each other; 1 when there is no pair to reach."""
    return 1.0 - pairs / (nodes * (nodes - 1)) if nodes > 1 else 1.0


def parting(graph: SimpleGraph, candidates: Ints, budget: Budget) -> Worth:
    """KPP-Neg on arrays: one depth-first walk tells it of all last members at once."""
    from graph_service.network.kernels.removal import pairs_left

    low, high, _ = graph.ties()

    def worth(chosen: tuple[int, ...]) -> Floats:
        gone = np.zeros(graph.nodes, dtype=np.bool_)
        gone[candidates[list(chosen)]] = True
        kept = ~(gone[low] | gone[high])
        rows = build_adjacency(graph.nodes, low[kept], high[kept], np.ones(int(kept.sum()), dtype=np.bool_))
        left = pairs_left(rows.start, rows.neighbour, budget.state, budget.limits.links)[candidates]
        rest = graph.nodes - len(chosen) - 1
        return 1.0 - left / (rest * (rest - 1)) if rest > 1 else np.ones(len(candidates))

    return worth


def parting_networkx(graph: nx.Graph, candidates: Sequence[str], budget: Budget) -> Worth:
    """KPP-Neg by definition: each last member is taken out, and the components are NetworkX's."""

    def worth(chosen: tuple[int, ...]) -> Floats:
        gone = {candidates[place] for place in chosen}
        found = []
        for last in candidates:
            budget.spend(graph.number_of_edges())
            sizes = [len(part) for part in nx.connected_components(nx.restricted_view(graph, gone | {last}, []))]
            found.append(fragmentation(sum(size * (size - 1) for size in sizes), len(graph) - len(chosen) - 1))
        return np.array(found)

    return worth


def reaching(distance: Ints) -> Worth:
    """KPP-Pos from distances int32[candidates, nodes], -1 where there is no way."""
    nearness = np.where(distance > 0, 1.0 / np.maximum(distance, 1), np.where(distance == 0, 1.0, 0.0))

    def worth(chosen: tuple[int, ...]) -> Floats:
        if not chosen:
            return np.asarray(nearness.mean(axis=1))
        together = nearness[list(chosen)].max(axis=0)
        return np.asarray(np.maximum(nearness, together).mean(axis=1))

    return worth


def distances(graph: SimpleGraph, sources: Ints, budget: Budget) -> Ints:
    """From the sources to all, by breadth-first searches."""
    from graph_service.network.kernels.walking import from_each

    found: Ints = from_each(*graph.along[:2], sources, budget.state, budget.limits.links)
    return found


def distances_networkx(graph: nx.Graph, sources: Sequence[str], budget: Budget) -> Ints:
    """The same by NetworkX."""
    place = {node: number for number, node in enumerate(graph)}
    found = np.full((len(sources), len(graph)), -1, dtype=np.int32)
    for row, source in enumerate(sources):
        if not budget.spend(graph.number_of_edges()):
            break
        for node, steps in nx.single_source_shortest_path_length(graph, source).items():
            found[row, place[node]] = steps
    return found


def pool(candidates: Ints, degree: Ints, nodes: int, size: int) -> Ints:
    """The candidates of KPP-Pos whose distances fit: all, or those with the most neighbours, in order of id."""
    most = max(size, CELLS // max(nodes, 1))
    if len(candidates) <= most:
        return candidates
    first = candidates[np.lexsort((candidates, -degree[candidates]))][:most]
    return np.sort(first)
