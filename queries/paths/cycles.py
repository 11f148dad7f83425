"""``cycles``: what comes back to where it began: money that returns, goods that go round (carousels).

Simple cycles through an entity, or through any of the most connected of a kind, the shortest first, then step by step
from where they begin; each once. In time, every link comes after the one before it, and what is passed on may be asked
to keep most of its value. A search over the links around the start, bounded by length and led by the fewest links back
(Johnson 1975 with bounds; 2SCENT, Kumar and Calders 2018, for cycles in time), never an enumeration of everything.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import Field, model_validator

from graph_service.errors import EntityNotFound, InvalidParameter
from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.attempt import Attempt, Hubs, TryOnce, answered
from queries.paths.found import Proof, Tamed
from queries.paths.ground import GraphGround, ground_of, largest, links_at, of_kind
from queries.paths.rules import Countries, Rules
from queries.paths.terms import Terms
from queries.paths.time_ordered import in_time, schedule
from queries.paths.timed_attempt import Met, TimedAttempt
from queries.paths.timed_graph import GraphTrip, timed_in_graph
from queries.paths.timed_search import Hop, TimedWay
from queries.paths.timed_view import Trip, timed_in_view
from queries.paths.timing import Pace, Timing
from queries.paths.unsuited import refuse
from queries.question import Question

_TIMING = ("depart_from", "arrive_by", "least_gap", "greatest_gap", "within")
_TOLERANCE = 1e-9
_THERE_AND_BACK = 2
"""A walk of so many links may be one link taken twice, which is no cycle."""


class CyclesParameters(Terms, Timing):
    """Through whom, how long, whether in time, and on what terms."""

    entity: str = Field(default="", description="Entity id that the cycles begin and end at")
    kind: str | None = Field(default=None, description="Instead of one entity: the most connected of this kind")
    starts: int = Field(default=100, ge=1, le=1_000, description="With kind: how many of them at the most")
    min_hops: int = Field(default=2, ge=1, le=16, description="Shortest cycle, in links, inclusive")
    max_hops: int = Field(default=6, ge=1, le=16, description="Longest cycle, in links, inclusive")
    limit: int = Field(default=100, ge=1, le=1_000, description="How many cycles at the most")
    directed: bool = Field(default=True, description="Follow the direction of links")
    timed: bool = Field(default=False, description="Only cycles on which every link comes after the one before it")
    keeps: float | None = Field(
        default=None, gt=0, le=1, description="With timed: least share of its amount that each link keeps of the last"
    )

    @model_validator(mode="after")
    def _fits(self) -> CyclesParameters:
        if bool(self.entity) == bool(self.kind):
            raise ValueError("entity: say an entity or a kind, one of the two")
        if self.min_hops > self.max_hops:
            raise ValueError("min_hops is more than max_hops")
        if not self.timed:
            refuse(self, (*_TIMING, "keeps"), "goes with timed; cycles have no order otherwise")
        return self

    @property
    def pace(self) -> Pace:
        """What time asks of a cycle."""
        return Pace.of(self, "fewest")


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle from where it begins back to there; asked in time, with its days and with what is ``retained``: its last
    amount over its first, where both are stated."""

    entities: tuple[str, ...]
    links: tuple[str, ...]
    departs: str | None = None
    arrives: str | None = None
    days: int | None = None
    retained: float | None = None


@dataclass(frozen=True, slots=True)
class CyclesResult:
    """The cycles in order of length, then step by step; ``starts``: through how many entities they were looked for.
    ``proof`` when there is none."""

    cycles: tuple[Cycle, ...]
    starts: int
    proof: Proof | None = None
    tamed: Tamed | None = None


def in_memory(view: View, asked: CyclesParameters, budget: Budget) -> Finding[CyclesResult]:
    """By the compiled search over moves, from each start."""
    ground = ground_of(view, asked)
    if asked.kind is None:
        starts, total = [view.number(asked.entity)], 1
    else:
        total = int(view.of_kinds(asked.kind).sum())
        starts = largest(view, asked.kind, asked.starts).tolist()

    def met(*, hubs: bool) -> Iterator[Met]:
        for start in starts:
            ends = np.array([start], dtype=np.int32)
            trip = Trip(ends, ends, asked.directed, asked.max_hops, asked.pace, timed=asked.timed)
            yield timed_in_view(view, trip, ground.with_hubs() if hubs else ground, budget)

    hubs, ids = Hubs.in_view(view, ground, asked.hub_degree), [view.network.entity_id(start) for start in starts]
    return _answer(asked, (ids, total, hubs), met, lambda one: view.codes(view.number(one)), budget)


def on_networkx(view: View, asked: CyclesParameters, budget: Budget) -> Finding[CyclesResult]:
    """On the NetworkX graph, link by link, from each start."""
    ground = GraphGround.of(view, asked)
    graph = ground.graph
    if asked.kind is None:
        if asked.entity not in graph:
            raise EntityNotFound(asked.entity)
        starts, total = [asked.entity], 1
    else:
        among = [node for node in graph if of_kind(graph, ground.ontology, node, asked.kind)]
        starts = sorted(among, key=lambda node: (-links_at(graph, node), node))[: asked.starts]
        total = len(among)

    def met(*, hubs: bool) -> Iterator[Met]:
        for start in starts:
            ends = frozenset({start})
            trip = GraphTrip(ends, ends, asked.directed, asked.max_hops, asked.pace, timed=asked.timed)
            yield timed_in_graph(view, trip, ground, budget, hubs=hubs)

    told = (starts, total, Hubs.in_graph(ground))
    return _answer(asked, told, met, lambda one: frozenset(graph.nodes[one]["codes"]), budget)


def _answer(
    asked: CyclesParameters,
    told: tuple[Sequence[str], int, Hubs],
    met: Callable[..., Iterable[Met]],
    codes: Countries,
    budget: Budget,
) -> Finding[CyclesResult]:
    """The finding from all the starts together."""
    starts, total, hubs = told
    if not starts:
        raise InvalidParameter(f"kind: no entity of this scope is a {asked.kind}")
    conditional = asked.counted or asked.within is not None or asked.keeps is not None
    tried = TimedAttempt(Rules.of(asked, codes), asked.pace, _allowed(asked), conditional, asked.limit, budget)

    def attempt(*, hubs: bool) -> Attempt:
        searches, none = tried.searches(met(hubs=hubs))
        if (none.distance or 0) <= _THERE_AND_BACK:
            none = replace(none, distance=None)
        merged = heapq.merge(*(search.ways() for search in searches), key=_order)
        return tried.made(_once(merged, asked.min_hops), searches, none)

    once: TryOnce = attempt
    found = answered(asked, once, hubs, starts[:1], budget)
    cycles = tuple(_cycle(way, timed=asked.timed) for way in tried.ways)
    return Finding.of(
        CyclesResult(cycles, len(starts), found.result.proof, found.result.tamed),
        found.entities,
        found.links,
        truncated=found.truncated or total > len(starts),
        explored=found.explored,
    )


def _order(way: TimedWay) -> tuple[int, str, tuple[tuple[str, str], ...]]:
    return len(way.hops), way.start, tuple((hop.entity, hop.link.id) for hop in way.hops)


def _once(ways: Iterable[TimedWay], least: int) -> Iterator[TimedWay]:
    """Each cycle the first time it is met, whichever way round and from wherever: it is known by its links."""
    met: set[frozenset[str]] = set()
    for way in ways:
        links = frozenset(hop.link.id for hop in way.hops)
        if len(links) >= least and links not in met:
            met.add(links)
            yield way


def _allowed(asked: CyclesParameters) -> Callable[[TimedWay, Hop], bool]:
    soon, keeps = in_time(asked.pace), asked.keeps

    def allowed(way: TimedWay, hop: Hop) -> bool:
        if not soon(way, hop):
            return False
        if keeps is None or not way.hops:
            return keeps is None or hop.amount is not None
        before, after = way.hops[-1].amount, hop.amount
        return after is not None and before is not None and _kept(before, after, keeps)

    return allowed


def _kept(before: float, after: float, share: float) -> bool:
    slack = _TOLERANCE * abs(before)
    return share * before - slack <= after <= before + slack


def _cycle(way: TimedWay, *, timed: bool) -> Cycle:
    links = tuple(hop.link.id for hop in way.hops)
    if not timed:
        return Cycle(way.entities, links)
    first, last, when = way.hops[0].amount, way.hops[-1].amount, schedule(way)
    retained = round(last / first, 6) if first and last is not None else None
    return Cycle(way.entities, links, when.departs, when.arrives, when.days, retained)


QUESTION = Question(
    name="cycles",
    summary="What comes back to where it began? Cycles through an entity or a kind, in order of time when asked.",
    parameters=CyclesParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"kind": "Account", "limit": 5},
)
