"""All shortest ways between two sets of entities, in canonical order: by the compiled search, or by distances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import networkx as nx
import numpy as np

from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.search import Between, Outcome, shortest_links
from graph_service.network.view import View
from queries.paths.attempt import Attempt
from queries.paths.corridors import GraphWalk, distances
from queries.paths.found import Walked

Step = tuple[str, LinkRef]
"""The entity reached and the link taken."""
Steps = Callable[[str], list[Step]]
"""The steps from an entity that stay on a shortest path; asked only for entities that are walked through."""
Bound = tuple[int, int]
"""The longest path, in links, and how many paths."""


def shortest_in_view(view: View, between: Between, bound: Bound, budget: Budget) -> Attempt:
    """By the compiled two-sided search."""
    max_hops, limit = bound
    found = shortest_links(view, between, max_hops, budget)
    if found.outcome is not Outcome.MET:
        return Attempt(found.outcome.value, distance=found.distance)
    ordered = found.steps[np.argsort(found.steps[:, 0], kind="stable")]
    starts = np.intersect1d(between.sources, ordered[:, 0])
    number = {view.network.entity_id(node): node for node in starts.tolist()}
    ends = frozenset(view.network.entity_id(node) for node in np.intersect1d(between.targets, ordered[:, 2]).tolist())

    def steps(entity_id: str) -> list[Step]:
        first, last = np.searchsorted(ordered[:, 0], [number[entity_id], number[entity_id] + 1])
        some = _first_steps(view, ordered[first:last], limit + 1)
        taken = [(view.network.entity_id(end), end, link) for _, link, end in some.tolist()]
        number.update((name, end) for name, end, _ in taken)
        return [(name, view.link_ref(link)) for name, _, link in taken]

    return enumerated(limit, steps, sorted(number), ends, complete=found.complete)


def _first_steps(view: View, steps: Ints, most: int) -> Ints:
    """The steps to the first ends by id, so many at the least: each leads to a path, so no answer needs the others."""
    if len(steps) <= most:
        return steps
    rank = view.network.id_rank[steps[:, 2]]
    first: Ints = steps[rank <= np.partition(rank, most - 1)[most - 1]]
    return first


def shortest_in_graph(walkable: nx.DiGraph, walk: GraphWalk, limit: int, budget: Budget) -> Attempt:
    """By NetworkX's distances from both ends, on a graph turned the ways it may be walked."""
    budget.spend(walkable.number_of_edges())
    out = distances(walkable, walk.sources, through=walk.targets)
    reached = walk.targets & out.keys()
    if not reached:
        return Attempt(Outcome.EXHAUSTED.value)
    total = min(out[end] for end in reached)
    if total > walk.max_hops:
        return Attempt(Outcome.BOUND.value, distance=total)
    back = distances(walkable.reverse(copy=False), walk.targets, through=walk.sources)

    def steps(entity_id: str) -> list[Step]:
        return [
            (end, ref)
            for _, end, links in walkable.out_edges(entity_id, data="links")
            if end in back and out[entity_id] + 1 + back[end] == total
            for ref, _ in links
        ]

    starts = sorted(start for start in walk.sources if back.get(start) == total)
    return enumerated(limit, steps, starts, walk.targets, complete=True)


def enumerated(limit: int, steps: Steps, starts: Iterable[str], ends: frozenset[str], *, complete: bool) -> Attempt:
    """The first paths along the steps in canonical order; every step leads to an end, so no walk is in vain."""
    found = (
        Walked((start, *(entity for entity, _ in walked)), tuple(ref for _, ref in walked), float(len(walked)))
        for start in starts
        for walked in _walks(steps, start, ends)
    )
    walks = list(islice(found, limit + 1))
    return Attempt("met", tuple(walks[:limit]), more=len(walks) > limit or not complete)


def _walks(steps: Steps, source: str, ends: frozenset[str]) -> Iterator[list[Step]]:
    def options_from(entity_id: str) -> Iterator[Step]:
        return iter(sorted(steps(entity_id), key=lambda step: (step[0], step[1].id)))

    walked: list[Step] = []
    options = [options_from(source)]
    while options:
        step = next(options[-1], None)
        if step is None:
            options.pop()
            if walked:
                walked.pop()
            continue
        walked.append(step)
        if step[0] in ends:
            yield list(walked)
            walked.pop()
        else:
            options.append(options_from(step[0]))
