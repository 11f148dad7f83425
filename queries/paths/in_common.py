"""``common``: what several entities share within a few links, the rarest first.

A thing shared by few is telling, one shared by hundreds is not: what has the fewest neighbours comes first, then what
more of the entities share, then what is nearer. Each is told with how far it is from whom, by the shortest ways, and
with its association weight (typologies, 1.9) for the two whom it ties most. The entities asked about are no such
things themselves; how they are linked to one another is what ``connecting-network`` tells.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
from pydantic import Field, model_validator

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.network.adjacency import BACKWARD, EITHER, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.paths.association import association, base_of, shared_weight, worth
from queries.paths.attempt import Hubs
from queries.paths.found import Tamed
from queries.paths.ground import GraphGround, ground_of
from queries.paths.spreading import GraphSpread, Spread, Taken, ViewReached, in_graph, in_view
from queries.paths.terms import Terms
from queries.paths.unsuited import WHOLE_WAY, refuse
from queries.question import Names, Question


class CommonParameters(Terms):
    """Shared by whom, how far from them, and by how many of them at the least."""

    entities: Names = Field(min_length=2, max_length=100, description="Ids of the entities, 2 to 100")
    max_hops: int = Field(default=1, ge=1, le=3, description="Links from each to what is shared, at the most")
    least: int = Field(default=2, ge=2, le=100, description="By how many of the entities it must be shared")
    limit: int = Field(default=50, ge=1, le=200, description="Things listed, the rarest first")
    backwards: bool = Field(default=False, description="Against the direction of links (with directed): what is above")

    @model_validator(mode="after")
    def _fits(self) -> CommonParameters:
        refuse(self, WHOLE_WAY, "common lists what is shared, not single ways; ask for paths to one of them")
        if self.backwards and not self.directed:
            raise ValueError("backwards: goes with directed; without a direction there is no backwards")
        if len(self.ids) < 2:
            raise ValueError("entities: say two different ones at the least")
        if self.least > len(self.ids):
            raise ValueError(f"least: {self.least} is more than the {len(self.ids)} entities")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The entities, sorted, each once."""
        return tuple(sorted(set(self.entities)))

    @property
    def way(self) -> int:
        """How links are walked."""
        return (BACKWARD if self.backwards else FORWARD) if self.directed else EITHER


@dataclass(frozen=True, slots=True)
class Holder:
    """One of the entities, and how many links it is away from what is shared."""

    id: str
    distance: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What is shared, by whom, and how many it is linked to in all; ``weight``: the association weight that it alone
    gives the two whom it ties most."""

    id: str
    kind: str
    parties: int
    weight: float
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Associated:
    """Two of the entities, how many of the things listed both are linked to, and the weight of these together."""

    source: str
    target: str
    shared: int
    weight: float


@dataclass(frozen=True, slots=True)
class CommonResult:
    """The things shared, the rarest first, and how many there are; the pairs that share some of those listed by a link
    from each, the most strongly tied first; the hubs that were not led through."""

    shared: tuple[Shared, ...]
    total: int
    pairs: tuple[Associated, ...]
    tamed: Tamed | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A thing shared: how many it is linked to, and the ways to it by the place of the entity they come from."""

    id: str
    kind: str
    parties: int
    trails: Mapping[str, list[Taken]]


_NOWHERE: Ints = np.zeros(0, dtype=np.int32)
Attempt = Callable[..., tuple[list[_Candidate], int]]
"""The first things shared with the ways to them, and how many there are; with hubs led through or not."""


def in_memory(view: View, asked: CommonParameters, budget: Budget) -> Finding[CommonResult]:
    """By one compiled search from each of the entities."""
    numbers = [view.number(one) for one in asked.ids]
    ground = ground_of(view, asked)
    spread = Spread(asked.way, asked.max_hops)

    def attempt(*, hubs: bool) -> tuple[list[_Candidate], int]:
        walked = ground.with_hubs() if hubs else ground
        reached = []
        for number in numbers:
            found = in_view(view, np.array([number], dtype=np.int32), walked, spread, budget)
            reached.append(replace(found, place=_NOWHERE))  # a million numbers that are not needed any more
            if budget.exhausted:
                break
        return _shared_in_view(view, reached, asked, budget)

    return _answered(asked, attempt, Hubs.in_view(view, ground, asked.hub_degree), budget)


def _shared_in_view(
    view: View, reached: Sequence[ViewReached], asked: CommonParameters, budget: Budget
) -> tuple[list[_Candidate], int]:
    many, far = (np.zeros(view.network.entities, dtype=np.int32) for _ in range(2))
    for one in reached:
        many[one.node] += 1
        far[one.node] += one.hops
    many[[view.number(one) for one in asked.ids]] = 0
    things = np.flatnonzero(many >= asked.least).astype(np.int32)
    parties = _parties(view, things, budget)
    rank = view.network.id_rank[things]
    order = np.lexsort((rank, far[things], -many[things], parties))[: asked.limit]
    listed = np.zeros(view.network.entities, dtype=np.bool_)
    listed[things[order]] = True
    trails: dict[int, dict[str, list[Taken]]] = {}
    for holder, one in zip(asked.ids, reached, strict=False):
        for label in np.flatnonzero(listed[one.node]).tolist():
            trails.setdefault(int(one.node[label]), {})[holder] = one.trail(label, worth)
    candidates = [
        _Candidate(view.network.entity_id(thing), view.entity_kind(thing), many_parties, trails[thing])
        for thing, many_parties in zip(things[order].tolist(), parties[order].tolist(), strict=True)
    ]
    return candidates, len(things)


def _parties(view: View, nodes: Ints, budget: Budget) -> Ints:
    """How many others each of these entities is linked to; O(their links), a sort of them."""
    adjacency = view.adjacency
    begin, size = adjacency.start[nodes], adjacency.start[nodes + 1] - adjacency.start[nodes]
    budget.spend(int(size.sum()))
    of = np.repeat(np.arange(len(nodes), dtype=np.int64), size)
    entry = np.arange(len(of)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(begin, size)
    other = adjacency.neighbour[entry]
    pairs = np.sort((of * view.network.entities + other)[other != nodes[of]])
    distinct = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] if len(pairs) else pairs
    return np.bincount(distinct // max(view.network.entities, 1), minlength=len(nodes)).astype(np.int32)


def on_networkx(view: View, asked: CommonParameters, budget: Budget) -> Finding[CommonResult]:
    """On the graph, from each of the entities a layer a link."""
    for one in asked.ids:
        if one not in view.graph:
            raise EntityNotFound(one)
    ground = GraphGround.of(view, asked)
    graph = ground.graph
    spread = GraphSpread(asked.directed, asked.backwards, asked.max_hops)

    def attempt(*, hubs: bool) -> tuple[list[_Candidate], int]:
        reached = {one: in_graph(ground, frozenset([one]), spread, budget, hubs=hubs) for one in asked.ids}
        found = []
        for thing in graph:
            holders = [one for one in asked.ids if thing in reached[one].best]
            if len(holders) >= asked.least and thing not in asked.ids:
                parties = len(set(nx.all_neighbors(graph, thing)) - {thing})
                far = sum(reached[one].best[thing][1] for one in holders)
                found.append((parties, -len(holders), far, thing, holders))
        candidates = [
            _Candidate(thing, str(graph.nodes[thing]["kind"]), parties,
                       {one: reached[one].trail(thing, worth) for one in holders})
            for parties, _, _, thing, holders in sorted(found)[: asked.limit]
        ]  # fmt: skip
        return candidates, len(found)

    return _answered(asked, attempt, Hubs.in_graph(ground), budget)


def _answered(asked: CommonParameters, attempt: Attempt, hubs: Hubs, budget: Budget) -> Finding[CommonResult]:
    """The finding; once more with hubs led through where nothing is shared otherwise."""
    (candidates, total), passed = attempt(hubs=False), False
    if not total and hubs.total and asked.hubs == "tame" and asked.max_hops > 1 and not budget.exhausted:
        (candidates, total), passed = attempt(hubs=True), True
    tied: dict[tuple[str, str], list[float]] = {}
    shared = []
    for one in candidates:
        weights = {pair: _weight(one, *pair) for pair in itertools.combinations(sorted(one.trails), 2)}
        for pair, weight in weights.items():
            if all(len(one.trails[end]) == 1 for end in pair):
                tied.setdefault(pair, []).append(weight)
        holders = tuple(Holder(end, len(trail)) for end, trail in sorted(one.trails.items()))
        shared.append(Shared(one.id, one.kind, one.parties, max(weights.values()), holders))
    pairs = [Associated(*pair, len(weights), association(weights)) for pair, weights in tied.items()]
    taken = [step for one in candidates for trail in one.trails.values() for step in trail]
    return Finding.of(
        CommonResult(
            tuple(shared),
            total,
            tuple(sorted(pairs, key=lambda pair: (-pair.weight, pair.source, pair.target))[: asked.limit]),
            Tamed(hubs.first, hubs.total, passed) if hubs.total and asked.max_hops > 1 else None,
        ),
        [*asked.ids, *(step.end for step in taken)],
        (step.link for step in taken),
        truncated=budget.exhausted or total > len(shared) or len(pairs) > asked.limit,
        explored=budget.explored,
    )


def _weight(one: _Candidate, first: str, second: str) -> float:
    """What a shared thing weighs between two: by the weakest kind of link on the ways to it, if all of them hold."""
    steps = [*one.trails[first], *one.trails[second]]
    likely = math.prod(sorted(step.probability for step in steps))
    return shared_weight(min(base_of(step.kind) for step in steps), likely, one.parties)


QUESTION = Question(
    name="common",
    summary="What do these entities share within a few links? The rarest first, with how strongly it ties them.",
    parameters=CommonParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"entities": ["subject:behzad-farrokhvandi", "subject:orhan-belgin"], "max_hops": 2},
)
