"""``explain-path``: what a given path stands on, link by link, and why it ranks where it does.

The evidence of the answer holds every record of every link and entity of the path; the steps tell what these come to.
The rank counts the ways between the same ends that are shorter, and those that rest on better evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from graph_service.errors import EntityNotFound, InvalidParameter
from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef, Path
from graph_service.model.time import DAY_MAX, DAY_MIN, day_text
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.best_evidence import Strength, strength
from queries.paths.costs import SCALE, Recency, evidence_cost, evidence_costs
from queries.paths.found import PathsResult
from queries.paths.ground import links_at
from queries.paths.ranked import Ranking, ranked_in_graph, ranked_in_view
from queries.paths.terms import Ends
from queries.question import Names, Parameters, Question

BETTER_SHOWN = 3


class ExplainPathParameters(Parameters):
    """Which path, and how far its rank is followed."""

    source: str = Field(description="Entity id where the path starts", min_length=1)
    links: Names = Field(description="Ids of its links, in order", min_length=1, max_length=64)
    directed: bool = Field(default=False, description="Rank among paths that follow the direction of links")
    ranked_among: int = Field(default=100, ge=1, le=1_000, description="How many better paths are counted at the most")


@dataclass(frozen=True, slots=True)
class Explained:
    """A step: from where, over which link, to where; the chance that the link holds, by how many sources, when (ISO
    days, None where open), its amount, and how many links the entity reached has (a hub connects without meaning)."""

    source: str
    link: str
    target: str
    kind: str
    probability: float
    sources: int
    first_day: str | None
    last_day: str | None
    amount: float | None
    links_of_target: int


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of the path among all between its ends by one cost: one more than the better ones; None where more are
    better than were counted. ``better``: the first of them."""

    by: str
    place: int | None
    better: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ExplainPathResult:
    """The path, its steps, its strength, and its ranks by length and by evidence."""

    path: Path
    steps: tuple[Explained, ...]
    strength: Strength
    ranks: tuple[Rank, ...]


Ranked = Callable[[Ends, Ranking], Finding[PathsResult]]


def in_memory(view: View, asked: ExplainPathParameters, budget: Budget) -> Finding[ExplainPathResult]:
    """On the view's arrays."""
    view.number(asked.source)
    places: list[int] = []
    entities = [asked.source]
    for link in asked.links:
        here = view.number(entities[-1])
        place, there = view.link_at(here, link)
        if place < 0:
            raise _not_there(link, entities[-1])
        places.append(place)
        entities.append(view.network.entity_id(there))
    facts, degree = view.facts, view.adjacency.start
    steps = tuple(
        _explained(
            (near, view.link_kind(place), view.link_id(place), far),
            (float(facts.probability[place]), int(facts.sources[place])),
            (int(facts.first_day[place]), int(facts.last_day[place])),
            None if np.isnan(facts.amount[place]) else float(facts.amount[place]),
            int(degree[view.number(far) + 1] - degree[view.number(far)]),
        )
        for near, far, place in zip(entities, entities[1:], places, strict=False)
    )
    costs = (Ranking(), Ranking(evidence_costs(view, Recency()), scale=SCALE))
    refs = [view.link_ref(place) for place in places]

    def ranked(ends: Ends, ranking: Ranking) -> Finding[PathsResult]:
        return ranked_in_view(view, ends, ranking, budget)

    return _finding(asked, steps, (refs, ranked, costs), budget)


def on_networkx(view: View, asked: ExplainPathParameters, budget: Budget) -> Finding[ExplainPathResult]:
    """On the NetworkX graph."""
    graph = view.graph
    if asked.source not in graph:
        raise EntityNotFound(asked.source)
    steps, refs, here = [], [], asked.source
    for link in asked.links:
        at = [
            (source if target == here else target, data, LinkRef(link, source, target, data["event"]))
            for edges in (graph.out_edges, graph.in_edges)
            for source, target, key, data in edges(here, keys=True, data=True)
            if key == link
        ]
        if not at:
            raise _not_there(link, here)
        other, data, ref = at[0]
        steps.append(
            _explained(
                (here, str(data["kind"]), link, other),
                (data["probability"], data["sources"]),
                (data["first_day"], data["last_day"]),
                data["amount"],
                links_at(graph, other),
            )
        )
        refs.append(ref)
        here = other
    costs = (Ranking(), Ranking(on_graph=lambda data: evidence_cost(float(str(data["probability"]))), scale=SCALE))

    def ranked(ends: Ends, ranking: Ranking) -> Finding[PathsResult]:
        return ranked_in_graph(view, ends, ranking, budget)

    return _finding(asked, tuple(steps), (refs, ranked, costs), budget)


def _not_there(link: str, entity: str) -> InvalidParameter:
    return InvalidParameter(f"links: no link {link!r} at {entity!r} in this scope")


def _explained(
    step: tuple[str, str, str, str], said: tuple[float, int], days: tuple[int, int], amount: float | None, links: int
) -> Explained:
    near, kind, link, far = step
    first = None if days[0] <= DAY_MIN else day_text(days[0])
    last = None if days[1] >= DAY_MAX else day_text(days[1])
    return Explained(near, link, far, kind, round(said[0], 6), said[1], first, last, amount, links)


def _finding(
    asked: ExplainPathParameters,
    steps: tuple[Explained, ...],
    among: tuple[Sequence[LinkRef], Ranked, tuple[Ranking, Ranking]],
    budget: Budget,
) -> Finding[ExplainPathResult]:
    refs, ranked, costs = among
    entities = (asked.source, *(step.target for step in steps))
    if len(set(entities)) < len(entities):
        raise InvalidParameter("links: the path meets an entity twice, so it ranks among no simple paths")
    paths = [
        Path(entities, asked.links, float(len(steps))),
        Path(entities, asked.links, sum(evidence_cost(step.probability) for step in steps) / SCALE),
    ]
    ends = Ends(
        source=entities[0],
        target=entities[-1],
        max_hops=max(len(steps), 6),
        limit=asked.ranked_among,
        directed=asked.directed,
        hubs="free",
    )
    ranks, found = [], []
    for by, path, cost in zip(("links", "evidence"), paths, costs, strict=True):
        others = ranked(ends, cost)
        better = tuple(other for other in others.result.paths if other.sort_key < path.sort_key)
        known = len(better) < len(others.result.paths) or not others.truncated
        ranks.append(Rank(by, len(better) + 1 if known else None, better[:BETTER_SHOWN]))
        found.append(others)
    told = strength([(step.link, step.probability, step.sources) for step in steps])
    shown = {entity for rank in ranks for path in rank.better for entity in path.entities}
    linked = {link for rank in ranks for path in rank.better for link in path.links}
    evidence = [ref for others in found for ref in others.links if ref.id in linked]
    return Finding.of(
        ExplainPathResult(paths[0], steps, told, tuple(ranks)),
        shown | set(entities),
        [*refs, *evidence],
        truncated=any(rank.place is None for rank in ranks),
        explored=budget.explored,
    )


QUESTION = Question(
    name="explain-path",
    summary="What does this path stand on? Each link's evidence, and why the path ranks where it does.",
    parameters=ExplainPathParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={
        "source": "subject:mizan-talukder",
        "links": [
            "HAS_PHONE:9bd5bbe6ba4f2ab39ed2",
            "CALLER:0d5054bb6103f492fb4c",
            "RECIPIENT:0aead95786244872fc73",
            "RECIPIENT:573eb4f4201c4da6ae37",
            "CALLER:b12d4995a6cc27015df7",
            "HAS_PHONE:a21e55a9331b5c692cf9",
        ],
    },
)
