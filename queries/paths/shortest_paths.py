"""``shortest-paths``: every shortest way from A to B, or the first k of them.

Parallel links make distinct paths. Paths come in order of length, then step by step by the entity reached and the
link taken. When there is none the proof says why: no path at all, or only one longer than asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import networkx as nx
import numpy as np
from pydantic import Field

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef, Path
from graph_service.network.adjacency import EITHER, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.search import HORIZON, Outcome, shortest_links
from graph_service.network.view import View
from queries.paths.levels import meet_in_the_middle
from queries.pushdown import Pushdown
from queries.question import Parameters, Question


class ShortestPathsParameters(Parameters):
    """From where, to where, how far, how many."""

    source: str = Field(description="Entity id to start from", min_length=1)
    target: str = Field(description="Entity id to reach", min_length=1)
    max_hops: int = Field(default=8, ge=1, le=HORIZON, description="Longest path, in links, inclusive")
    limit: int = Field(default=25, ge=1, le=1_000, description="How many paths at the most")
    directed: bool = Field(default=False, description="Follow the direction of links")


@dataclass(frozen=True, slots=True)
class Proof:
    """Why there is no path: ``exhausted`` (none of any length), ``bound`` (the shortest has ``shortest`` links, more
    than asked), ``budget`` (stopped before it was known)."""

    reason: str
    max_hops: int
    shortest: int | None = None


@dataclass(frozen=True, slots=True)
class ShortestPathsResult:
    """The paths in order; ``proof`` when there is none."""

    paths: tuple[Path, ...]
    proof: Proof | None = None


Step = tuple[str, LinkRef]
"""The entity reached and the link taken."""
Steps = Callable[[str], list[Step]]
"""The steps from an entity that stay on a shortest path; asked only for entities that are walked through."""


def in_memory(view: View, asked: ShortestPathsParameters, budget: Budget) -> Finding[ShortestPathsResult]:
    """By the compiled two-sided search."""
    source, target = view.number(asked.source), view.number(asked.target)
    if source == target:
        return _here(asked)
    found = shortest_links(view, source, target, asked.max_hops, FORWARD if asked.directed else EITHER, budget)
    if found.outcome is not Outcome.MET:
        return _none(asked, found.outcome, found.distance, budget)
    ordered = found.steps[np.argsort(found.steps[:, 0], kind="stable")]
    number = {asked.source: source}

    def steps(entity_id: str) -> list[Step]:
        first, last = np.searchsorted(ordered[:, 0], [number[entity_id], number[entity_id] + 1])
        some = _first_steps(view, ordered[first:last], asked.limit + 1)
        taken = [(view.network.entity_id(end), end, link) for _, link, end in some.tolist()]
        number.update((name, end) for name, end, _ in taken)
        return [(name, view.link_ref(link)) for name, _, link in taken]

    return _enumerated(asked, steps, budget, complete=found.complete)


def _first_steps(view: View, steps: Ints, most: int) -> Ints:
    """The steps to the first ends by id, so many at the least: each leads to a path, so no answer needs the others."""
    if len(steps) <= most:
        return steps
    rank = view.network.id_rank[steps[:, 2]]
    first: Ints = steps[rank <= np.partition(rank, most - 1)[most - 1]]
    return first


def on_networkx(view: View, asked: ShortestPathsParameters, budget: Budget) -> Finding[ShortestPathsResult]:
    """By NetworkX's own search, on the graph with every link turned the ways it may be walked."""
    graph = view.graph
    for entity_id in (asked.source, asked.target):
        if entity_id not in graph:
            raise EntityNotFound(entity_id)
    if asked.source == asked.target:
        return _here(asked)
    walkable = nx.Graph(graph) if not asked.directed else _walkable(graph)
    budget.spend(graph.number_of_edges())
    try:
        distance = nx.shortest_path_length(walkable, asked.source, asked.target)
    except nx.NetworkXNoPath:
        return _none(asked, Outcome.EXHAUSTED, None, budget)
    if distance > asked.max_hops:
        return _none(asked, Outcome.BOUND, distance, budget)
    onward: dict[str, list[str]] = {}
    for start, end in _shortest_pairs(walkable, asked.source, asked.target):
        onward.setdefault(start, []).append(end)

    def steps(entity_id: str) -> list[Step]:
        return [
            (end, ref)
            for end in onward.get(entity_id, ())
            for ref in _links_between(graph, entity_id, end, directed=asked.directed)
        ]

    return _enumerated(asked, steps, budget, complete=True)


def on_neo4j(pushdown: Pushdown, asked: ShortestPathsParameters, budget: Budget) -> Finding[ShortestPathsResult]:
    """Level by level in the database, from both ends, under the scope; never an exhaustive search."""
    pushdown.require(asked.source)
    pushdown.require(asked.target)
    if asked.source == asked.target:
        return _here(asked)
    searched = meet_in_the_middle(pushdown, asked.source, asked.target, budget, directed=asked.directed)
    if searched.outcome is not Outcome.MET:
        return _none(asked, searched.outcome, None, budget)
    if searched.distance > asked.max_hops:
        return _none(asked, Outcome.BOUND, searched.distance, budget)
    onward = searched.steps(pushdown)
    return _enumerated(asked, lambda entity_id: onward.get(entity_id, []), budget, complete=True)


def _here(asked: ShortestPathsParameters) -> Finding[ShortestPathsResult]:
    """From an entity to itself: the empty path."""
    return Finding.of(ShortestPathsResult((Path((asked.source,), (), 0.0),)), [asked.source])


def _none(
    asked: ShortestPathsParameters, outcome: Outcome, distance: int | None, budget: Budget
) -> Finding[ShortestPathsResult]:
    proof = Proof(outcome.value, asked.max_hops, distance)
    return Finding.of(
        ShortestPathsResult((), proof),
        [asked.source, asked.target],
        truncated=outcome is Outcome.BUDGET,
        explored=budget.explored,
    )


def _enumerated(
    asked: ShortestPathsParameters, steps: Steps, budget: Budget, *, complete: bool
) -> Finding[ShortestPathsResult]:
    """The first paths along the steps in canonical order; every step leads to the target, so no walk is in vain."""
    paths: list[Path] = []
    links: dict[str, LinkRef] = {}
    more = False
    for walked in _walks(steps, asked.source, asked.target):
        if len(paths) == asked.limit:
            more = True
            break
        entities = (asked.source, *(entity for entity, _ in walked))
        links.update((ref.id, ref) for _, ref in walked)
        paths.append(Path(entities, tuple(ref.id for _, ref in walked), float(len(walked))))
    return Finding.of(
        ShortestPathsResult(tuple(paths)),
        (entity for path in paths for entity in path.entities),
        links.values(),
        truncated=more or not complete,
        explored=budget.explored,
    )


def _walks(steps: Steps, source: str, target: str) -> Iterator[list[Step]]:
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
        if step[0] == target:
            yield list(walked)
            walked.pop()
        else:
            options.append(options_from(step[0]))


def _walkable(graph: nx.MultiDiGraph) -> nx.DiGraph:
    walkable = nx.DiGraph()
    walkable.add_nodes_from(graph)
    for source, target, symmetric in graph.edges(data="symmetric"):
        walkable.add_edge(source, target)
        if symmetric:
            walkable.add_edge(target, source)
    return walkable


def _shortest_pairs(walkable: nx.Graph, source: str, target: str) -> set[tuple[str, str]]:
    """The neighbouring pairs that lie on some shortest path, by distances from both ends."""
    out = nx.single_source_shortest_path_length(walkable, source)
    back = nx.single_source_shortest_path_length(walkable.reverse() if walkable.is_directed() else walkable, target)
    total = out[target]
    return {
        (start, end)
        for start in out
        if start in back and out[start] + back[start] == total
        for end in walkable[start]
        if end in back and out[start] + 1 + back[end] == total
    }


def _links_between(graph: nx.MultiDiGraph, start: str, end: str, *, directed: bool) -> list[LinkRef]:
    refs = [
        LinkRef(key, start, end, data["event"]) for key, data in graph.get_edge_data(start, end, default={}).items()
    ]
    for key, data in graph.get_edge_data(end, start, default={}).items():
        if not directed or data["symmetric"]:
            refs.append(LinkRef(key, end, start, data["event"]))
    return refs


QUESTION = Question(
    name="shortest-paths",
    summary="How does A reach B? All shortest paths, or the first k, to a hop bound.",
    parameters=ShortestPathsParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"source": "subject:marta-quiroga", "target": "organization:blue-heron-shipping"},
)
