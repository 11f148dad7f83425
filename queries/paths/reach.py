"""``reach``: everything that can be reached from some entities, within so many links and so much cost.

Counted by distance and by kind, listed nearest first, each with the last link of the best way to it, so that the list
reads as a tree. The boundary is where the search ended although links lead on. Hubs are reached, but led through only
where nothing but hubs is reached otherwise. The conditions on what lies between two ends hold for what is passed, not
for what is reached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.network.adjacency import BACKWARD, EITHER, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.paths.costs import SCALE, Recency, evidence_cost, evidence_costs
from queries.paths.found import TAMED_SHOWN, Tamed
from queries.paths.ground import GraphGround, Ground, ground_of, links_at
from queries.paths.spreading import (
    WITHOUT_END,
    GraphReached,
    GraphSpread,
    Spread,
    Taken,
    ViewReached,
    in_graph,
    in_view,
    leading_on,
)
from queries.paths.terms import Terms
from queries.paths.unsuited import WHOLE_WAY, refuse
from queries.question import Names, Question


class ReachParameters(Terms):
    """From whom, how far and which way."""

    source: str = Field(default="", description="Entity id to start from")
    sources: Names = Field(default=(), description="More ids to start from")
    max_hops: int = Field(default=3, ge=1, le=64, description="Links to go at the most, inclusive")
    limit: int = Field(default=100, ge=1, le=10_000, description="Entities listed, the nearest first")
    cost: Literal["links", "evidence", "time"] = Field(
        default="links",
        description="links: each costs 1; evidence: -ln of the likelihood that it holds; time: who is reached when, by "
        "links that follow each other in time",
    )
    max_cost: float | None = Field(default=None, ge=0, le=1_000, description="Greatest cost of the way to an entity")
    backwards: bool = Field(
        default=False, description="Against the direction of links (with directed) and of time: who leads here"
    )
    depart_from: str | None = Field(default=None, description="With cost=time: first day of all (YYYY, YYYY-MM-DD)")
    arrive_by: str | None = Field(default=None, description="With cost=time: last day of all")

    @model_validator(mode="after")
    def _fits(self) -> ReachParameters:
        refuse(self, WHOLE_WAY, "reach lists what is there, not single ways; ask for paths to one of them")
        if not self.ids:
            raise ValueError("source: say an id to start from, or several as sources")
        if self.max_cost is not None and self.cost != "evidence":
            raise ValueError("max_cost: goes with cost=evidence; links are bounded by max_hops, time by arrive_by")
        if self.backwards and not self.directed and self.cost != "time":
            raise ValueError("backwards: goes with directed or cost=time; without a direction there is no backwards")
        if self.cost != "time":
            refuse(self, ("depart_from", "arrive_by"), "goes with cost=time")
        first, last = self.window
        if first > last:
            raise ValueError("depart_from is after arrive_by")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids to start from, each once."""
        return tuple(dict.fromkeys((*((self.source,) if self.source else ()), *self.sources)))

    @property
    def way(self) -> int:
        """How links are walked."""
        return (BACKWARD if self.backwards else FORWARD) if self.directed else EITHER

    @property
    def window(self) -> tuple[int, int]:
        """The first and the last day, turned round where time runs backwards."""
        return Timing(depart_from=self.depart_from, arrive_by=self.arrive_by).window

    @property
    def most(self) -> int:
        """The greatest cost of a way, in the integers that costs are counted in."""
        return WITHOUT_END if self.max_cost is None else round(self.max_cost * SCALE)


@dataclass(frozen=True, slots=True)
class Reached:
    """An entity, with the links and the cost of the best way to it, and the last step of that way.

    ``day``: with cost=time, when it is reached (backwards: the last day to leave from it); ``cost`` is links then.
    """

    id: str
    kind: str
    distance: int
    cost: float
    day: str | None
    before: str
    link: str


@dataclass(frozen=True, slots=True)
class Layer:
    """How many entities are so many links away, and of which kinds."""

    distance: int
    total: int
    by_kind: dict[str, int]


@dataclass(frozen=True, slots=True)
class Onward:
    """An entity of the boundary, with the number of links that lead on to entities not reached."""

    id: str
    links: int


@dataclass(frozen=True, slots=True)
class ReachResult:
    """The nearest entities by cost, distance, then id; counts of all that are reached; the boundary, the most open
    first. ``tamed``: the hubs that were met before the last distance. The sources are not counted."""

    sources: tuple[str, ...]
    reached: tuple[Reached, ...]
    total: int
    layers: tuple[Layer, ...]
    by_kind: dict[str, int]
    boundary: tuple[Onward, ...]
    boundary_total: int
    tamed: Tamed | None


@dataclass(frozen=True, slots=True)
class _Extent:
    """What an engine found: the first entities with their ways, how many there are by distance and kind, the boundary,
    and the most connected of the hubs met."""

    nearest: Sequence[tuple[str, int, int, list[Taken]]]
    counts: Mapping[tuple[int, str], int]
    boundary: Sequence[Onward]
    boundary_total: int
    hubs: tuple[str, ...]
    hubs_total: int
    only_hubs: bool


def in_memory(view: View, asked: ReachParameters, budget: Budget) -> Finding[ReachResult]:
    """By the compiled search."""
    sources = np.array(sorted(view.number(one) for one in asked.ids), dtype=np.int32)
    ground = ground_of(view, asked)
    cost = None if asked.cost == "links" else evidence_costs(view, Recency())
    spread = Spread(asked.way, asked.max_hops, cost, asked.most)

    def attempt(*, hubs: bool) -> _Extent:
        reached = in_view(view, sources, ground.with_hubs() if hubs else ground, spread, budget)
        return _extent_in_view(reached, ground, asked, budget)

    return _answered(asked, attempt, lambda one: view.entity_kind(view.number(one)), budget)


def _extent_in_view(reached: ViewReached, ground: Ground, asked: ReachParameters, budget: Budget) -> _Extent:
    view, rank = reached.view, reached.view.network.id_rank
    first = reached.first[reached.hops[reached.first] > 0]
    node, hops = reached.node[first], reached.hops[first]
    near = first[: asked.limit]
    if len(first) > asked.limit:
        last = reached.total[first[asked.limit - 1]], reached.hops[first[asked.limit - 1]]
        near = first[(reached.total[first] < last[0]) | ((reached.total[first] == last[0]) & (hops <= last[1]))]
    near = near[np.lexsort((rank[reached.node[near]], reached.hops[near], reached.total[near]))][: asked.limit]
    nearest = [
        (view.network.entity_id(int(reached.node[label])), int(reached.hops[label]), int(reached.total[label]),
         reached.trail(int(label)))
        for label in near
    ]  # fmt: skip
    outer = first if asked.cost == "evidence" else first[hops == reached.spread.max_hops]
    onward = leading_on(reached, outer, budget)
    open_ = np.flatnonzero(onward)
    ordered = open_[np.lexsort((rank[reached.node[outer[open_]]], -onward[open_]))][: asked.limit]
    boundary = [Onward(view.network.entity_id(int(reached.node[outer[k]])), int(onward[k])) for k in ordered]
    hubs, met = ground.hubs, np.zeros(0, dtype=np.int32)
    if len(hubs):
        met = node[hubs[node] & (hops < asked.max_hops)]
        met = met[ground.untamed[met]] if len(ground.untamed) else met
    links = np.diff(view.adjacency.start)[met]
    told = met[np.lexsort((rank[met], -links))][:TAMED_SHOWN]
    held = tuple(view.network.entity_id(int(one)) for one in told)
    only_hubs = bool(len(met)) and bool(hubs[node].all())
    return _Extent(nearest, _counts(view, hops, node), boundary, len(open_), held, len(met), only_hubs)


def _counts(view: View, hops: Ints, node: Ints) -> dict[tuple[int, str], int]:
    kinds = view.network.entity_rows.kinds.values
    code, many = np.unique(hops.astype(np.int64) * len(kinds) + view.kind[node], return_counts=True)
    pairs = (divmod(int(one), len(kinds)) for one in code)
    return {(far, str(kinds[kind])): int(count) for (far, kind), count in zip(pairs, many, strict=True)}


def on_networkx(view: View, asked: ReachParameters, budget: Budget) -> Finding[ReachResult]:
    """On the graph, a layer a link."""
    ground = GraphGround.of(view, asked)
    for one in asked.ids:
        if one not in ground.graph:
            raise EntityNotFound(one)
    cost = None if asked.cost == "links" else lambda data: evidence_cost(float(str(data["probability"])))
    spread = GraphSpread(asked.directed, asked.backwards, asked.max_hops, cost, asked.most)

    def attempt(*, hubs: bool) -> _Extent:
        return _extent_in_graph(in_graph(ground, frozenset(asked.ids), spread, budget, hubs=hubs), ground, asked)

    return _answered(asked, attempt, lambda one: str(view.graph.nodes[one]["kind"]), budget)


def _extent_in_graph(reached: GraphReached, ground: GraphGround, asked: ReachParameters) -> _Extent:
    graph = ground.graph
    found = [(total, far, one) for one, (total, far) in reached.best.items() if far]
    nearest = [(one, far, total, reached.trail(one)) for total, far, one in sorted(found)[: asked.limit]]
    counts = Counter((far, str(graph.nodes[one]["kind"])) for _, far, one in found)
    onward = [Onward(one, links) for _, _, one in found if (links := reached.onward(one))]
    boundary = sorted(onward, key=lambda each: (-each.links, each.id))[: asked.limit]
    met = [one for _, far, one in found if one in ground.hubs and far < asked.max_hops]
    met = [one for one in met if ground.passes(one, hubs=True)]
    held = tuple(sorted(met, key=lambda one: (-links_at(graph, one), one))[:TAMED_SHOWN])
    only_hubs = bool(met) and all(one in ground.hubs for _, _, one in found)
    return _Extent(nearest, counts, boundary, len(onward), held, len(met), only_hubs)


def _answered(
    asked: ReachParameters, attempt: Callable[..., _Extent], kind_of: Callable[[str], str], budget: Budget
) -> Finding[ReachResult]:
    """The finding; once more with hubs led through, where nothing but hubs was reached."""
    extent, passed = attempt(hubs=False), False
    if extent.only_hubs and asked.hubs == "tame" and not budget.exhausted:
        extent, passed = attempt(hubs=True), True
    scale = 1 if asked.cost == "links" else SCALE
    rows = tuple(
        Reached(one, kind_of(one), far, total / scale, trail[-1].start, trail[-1].link.id)
        for one, far, total, trail in extent.nearest
    )
    total = sum(extent.counts.values())
    tamed = Tamed(extent.hubs, extent.hubs_total, passed) if extent.hubs_total else None
    result = ReachResult(
        tuple(sorted(asked.ids)),
        rows,
        total,
        _layers(extent.counts),
        _summed((kind, many) for (_, kind), many in extent.counts.items()),
        tuple(extent.boundary),
        extent.boundary_total,
        tamed,
    )
    taken = [step for *_, trail in extent.nearest for step in trail]
    return Finding.of(
        result,
        [*asked.ids, *(step.end for step in taken)],
        (step.link for step in taken),
        truncated=budget.exhausted or total > len(rows) or extent.boundary_total > len(extent.boundary),
        explored=budget.explored,
    )


def _layers(counts: Mapping[tuple[int, str], int]) -> tuple[Layer, ...]:
    layers = []
    for far in sorted({far for far, _ in counts}):
        kinds = _summed((kind, many) for (at, kind), many in counts.items() if at == far)
        layers.append(Layer(far, sum(kinds.values()), kinds))
    return tuple(layers)


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, many in pairs:
        total[name] += many
    return dict(sorted(total.items()))


QUESTION = Question(
    name="reach",
    summary="What can be reached from here? By distance, kind and cost, with the boundary where it goes on.",
    parameters=ReachParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"source": "subject:marta-quiroga", "max_hops": 2},
)
