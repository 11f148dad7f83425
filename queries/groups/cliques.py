"""``cliques``: groups in which everybody is tied to everybody, and to whom nobody can be added.

Bron and Kerbosch (1973, doi:10.1145/362342.362367) with pivots (Tomita, Tanaka and Takahashi 2006) in degeneracy order
(Eppstein, Löffler and Strash 2013, doi:10.1145/2543629), among those who are in as many triangles as a
clique of the size asked has at each member. There can be exponentially many: the search stops at the budget and says
so. One tie between two entities, whatever the direction and number of links.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import networkx as nx
import numpy as np
from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.groups.listing import graph_links_among, links_among
from queries.groups.simple_graph import SimpleGraph, ids_of, simple_networkx
from queries.question import Parameters, Question


class CliquesParameters(Parameters):
    """How large, and how many."""

    min_size: int = Field(default=3, ge=2, le=100_000, description="Members of the smallest clique")
    limit: int = Field(default=50, ge=1, le=10_000, description="Cliques listed, the largest first")
    evidence: int = Field(default=500, ge=0, le=5_000, description="Members whose records and common links are fetched")


@dataclass(frozen=True, slots=True)
class CliquesResult:
    """Maximal cliques, the largest first, each with its members' ids ascending; ``total`` counts those of the size
    asked."""

    cliques: tuple[tuple[str, ...], ...]
    total: int


Tied = Callable[[int], frozenset[int]]
"""The neighbours of a node."""


def in_memory(view: View, asked: CliquesParameters, budget: Budget) -> Finding[CliquesResult]:
    """Over bit sets of the neighbours that come later in the order."""
    from graph_service.network.kernels.closure import triangles
    from graph_service.network.kernels.cores import core_numbers

    graph = SimpleGraph.of(view)
    ids = ids_of(view, graph.numbers)
    start, neighbour, _ = graph.along
    bound, others = (budget.state, budget.limits.links), asked.min_size - 1
    core, order = core_numbers(start, neighbour, *bound)
    deep = core >= others
    if others > 1:
        deep &= triangles(start, neighbour, *bound) >= others * (others - 1) // 2
    rank = np.empty(graph.nodes, dtype=np.int64)
    rank[order] = np.arange(graph.nodes)

    @cache
    def tied(node: int) -> frozenset[int]:
        around = neighbour[start[node] : start[node + 1]]
        return frozenset(around[deep[around]].tolist())

    def cliques() -> Iterator[tuple[str, ...]]:
        for node in order[deep[order]].tolist():
            later: list[int] = []
            earlier: list[int] = []
            for other in tied(node):
                (later if rank[other] > rank[node] else earlier).append(other)
            if len(later) < others:
                continue
            if not budget.spend(len(later) + len(earlier)):
                return
            for members in _maximal(later, earlier, tied, others, budget):
                yield tuple(sorted(ids[one] for one in (node, *members)))

    chosen, total = _largest(cliques(), asked.limit)
    members = _members(chosen, asked.evidence)
    return _finding(chosen, total, (members, links_among(view, members)), budget)


def _maximal(later: list[int], earlier: list[int], tied: Tied, least: int, budget: Budget) -> Iterator[list[int]]:
    """The maximal cliques, of so many members or more, among ``later``, to which none of ``earlier`` can be added.

    A set is an int: its bits are the places in ``later``, and above these in ``earlier``.
    """
    local = later + earlier
    every, before = (1 << len(later)) - 1, ((1 << len(earlier)) - 1) << len(later)
    mask = [0] * len(local)
    for place, node in enumerate(later):
        own = tied(node)
        for other, number in enumerate(local):
            if number in own:
                mask[place] |= 1 << other
                if other >= len(later):
                    mask[other] |= 1 << place
    waiting: list[tuple[tuple[int, ...], int, int]] = [((), every, before)]
    while waiting:
        members, open_, barred = waiting.pop()
        if not open_:
            if not barred and len(members) >= least:
                yield [local[one] for one in members]
            continue
        if len(members) + open_.bit_count() < least:
            continue
        if not budget.spend(open_.bit_count() + 1):
            return
        pivot = max(_bits(open_ | barred), key=lambda one: (open_ & mask[one]).bit_count())
        for one in _bits(open_ & ~mask[pivot]):
            waiting.append(((*members, one), open_ & mask[one], barred & mask[one]))
            open_ &= ~(1 << one)
            barred |= 1 << one


def _bits(held: int) -> Iterator[int]:
    """The places of the bits that are set, ascending."""
    while held:
        least = held & -held
        yield least.bit_length() - 1
        held ^= least


def on_networkx(view: View, asked: CliquesParameters, budget: Budget) -> Finding[CliquesResult]:
    """By NetworkX."""
    graph = simple_networkx(view)
    budget.spend(graph.number_of_edges())

    def cliques() -> Iterator[tuple[str, ...]]:
        for members in nx.find_cliques(graph):
            if not budget.spend(len(members)):
                return
            if len(members) >= asked.min_size:
                yield tuple(sorted(members))

    chosen, total = _largest(cliques(), asked.limit)
    members = _members(chosen, asked.evidence)
    return _finding(chosen, total, (members, graph_links_among(view.graph, members)), budget)


def _largest(cliques: Iterator[tuple[str, ...]], most: int) -> tuple[list[tuple[str, ...]], int]:
    """The largest ones, of equals the first by their members, and how many there are; no more than these are kept."""
    total = 0

    def counted() -> Iterator[tuple[str, ...]]:
        nonlocal total
        for clique in cliques:
            total += 1
            yield clique

    chosen = heapq.nsmallest(most, counted(), key=lambda members: (-len(members), members))
    return chosen, total


def _members(cliques: Sequence[tuple[str, ...]], most: int) -> list[str]:
    """The first members, clique by clique, each once."""
    return list(dict.fromkeys(member for clique in cliques for member in clique))[:most]


def _finding(
    chosen: Sequence[tuple[str, ...]],
    total: int,
    evidence: tuple[Sequence[str], Sequence[LinkRef]],
    budget: Budget,
) -> Finding[CliquesResult]:
    return Finding.of(
        CliquesResult(tuple(chosen), total),
        *evidence,
        truncated=budget.exhausted or total > len(chosen),
        explored=budget.explored,
    )


QUESTION = Question(
    name="cliques",
    summary="Where is everybody tied to everybody? The maximal cliques, the largest first.",
    parameters=CliquesParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"min_size": 3, "limit": 10},
)
