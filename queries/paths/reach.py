"""``reach``: everything that can be reached from some entities, within so many links, so much cost, or in time.

Counted by distance and by kind, listed nearest first, each with the last link of the best way to it, so that the list
reads as a tree. The boundary is where the search ended although links lead on. Hubs are reached, but led through only
where nothing but hubs is reached otherwise. The conditions on what lies between two ends hold for what is passed, not
for what is reached. In time only links with a date count, each begins no earlier than the one before it ended, and an
event is one moment: who comes in before it is over goes on by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.model.time import day_text
from graph_service.network.adjacency import BACKWARD, EITHER, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.costs import SCALE, Recency, evidence_cost, evidence_costs
from queries.paths.extent import Extent, Onward, extent_in_graph, extent_in_view
from queries.paths.found import Tamed
from queries.paths.ground import GraphGround, ground_of
from queries.paths.spreading import (
    WITHOUT_END,
    Advance,
    Clock,
    GraphSpread,
    Spread,
    in_graph,
    in_view,
)
from queries.paths.terms import Terms
from queries.paths.timed_graph import spans
from queries.paths.timing import Timing
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
        _ = self.window
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
        first, last = Timing(depart_from=self.depart_from, arrive_by=self.arrive_by).window
        return (-last, -first) if self.backwards else (first, last)

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


def in_memory(view: View, asked: ReachParameters, budget: Budget) -> Finding[ReachResult]:
    """By the compiled search."""
    sources = np.array(sorted(view.number(one) for one in asked.ids), dtype=np.int32)
    ground = ground_of(view, asked)
    cost = evidence_costs(view, Recency()) if asked.cost == "evidence" else None
    clock = Clock.of(view, asked.window, backwards=asked.backwards) if asked.cost == "time" else None
    spread = Spread(asked.way, asked.max_hops, cost, asked.most, clock)

    def attempt(*, hubs: bool) -> Extent:
        reached = in_view(view, sources, ground.with_hubs() if hubs else ground, spread, budget)
        return extent_in_view(reached, ground, asked.limit, budget)

    return _answered(asked, attempt, lambda one: view.entity_kind(view.number(one)), budget)


def on_networkx(view: View, asked: ReachParameters, budget: Budget) -> Finding[ReachResult]:
    """On the graph, a layer a link."""
    for one in asked.ids:
        if one not in view.graph:
            raise EntityNotFound(one)
    ground = GraphGround.of(view, asked)
    spread = GraphSpread(asked.directed, asked.backwards, asked.max_hops)
    if asked.cost == "evidence":
        spread = replace(spread, advance=_dearer, most=asked.most)
    if asked.cost == "time":
        days = spans(view, ground)
        spread = replace(spread, advance=_later(ground, days, asked), begin=asked.window[0], links=days.keys())

    def attempt(*, hubs: bool) -> Extent:
        reached = in_graph(ground, frozenset(asked.ids), spread, budget, hubs=hubs)
        return extent_in_graph(reached, ground, asked.limit, asked.max_hops)

    return _answered(asked, attempt, lambda one: str(view.graph.nodes[one]["kind"]), budget)


def _dearer(total: int, _start: str, _ref: LinkRef, data: dict[str, object]) -> int:
    """What a way costs with a link more, by evidence."""
    return total + evidence_cost(float(str(data["probability"])))


def _later(ground: GraphGround, days: Mapping[str, tuple[int, int]], asked: ReachParameters) -> Advance:
    """When a way is there that was at an entity on a day and goes on by a link; time may run backwards."""

    def event(entity: str) -> bool:
        return ground.ontology.entity_kind(ground.graph.nodes[entity]["kind"]).event

    def advance(day: int, start: str, ref: LinkRef, data: dict[str, object]) -> int | None:
        begins, ends = days[ref.id]
        if asked.backwards:
            begins, ends = -ends, -begins
        other = ref.target if ref.source == start else ref.source
        moment = event(start) and not event(other) and data["event"] is None and ends >= day
        inside = asked.window[0] <= begins and ends <= asked.window[1]
        return ends if inside and (begins >= day or moment) else None

    return advance


def _answered(
    asked: ReachParameters, attempt: Callable[..., Extent], kind_of: Callable[[str], str], budget: Budget
) -> Finding[ReachResult]:
    """The finding; once more with hubs led through, where nothing but hubs was reached."""
    extent, passed = attempt(hubs=False), False
    if extent.only_hubs and asked.hubs == "tame" and not budget.exhausted:
        extent, passed = attempt(hubs=True), True
    rows = tuple(
        Reached(one, kind_of(one), far, *_told(asked, far, total), trail[-1].start, trail[-1].link.id)
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


def _told(asked: ReachParameters, far: int, total: int) -> tuple[float, str | None]:
    """The cost of a way as it is told, and the day."""
    if asked.cost == "time":
        return float(far), day_text(-total if asked.backwards else total)
    return (total / SCALE if asked.cost == "evidence" else float(total)), None


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
