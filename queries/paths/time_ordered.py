"""``time-ordered``: the ways from A to B on which time advances: what could have been passed on, from hand to hand.

A link takes from its first day to its last, and the next may begin on the day it ended, or after the gaps asked for.
Going through an event is one moment, though it is two links. Links without any date take no part; the answer says how
many there are. Ways come in order of what is asked (arrival, departure, days in all, or links), then of length, then
step by step. Walks that keep to gaps are found by one search over the links (Wu et al. 2014, "Path problems in
temporal graphs"; Casteigts et al. 2021); simple ways are then enumerated best first, for with a greatest gap even
finding one is hard (typologies, 3.4).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field, model_validator

from graph_service.model.answer import Finding
from graph_service.model.graph import Path
from graph_service.model.time import day_text
from graph_service.network.budget import Budget
from graph_service.network.timetable import Days
from graph_service.network.view import View
from queries.paths.attempt import Attempt, Hubs, TryOnce, answered, here
from queries.paths.found import Proof, Tamed
from queries.paths.ground import GraphGround, ends_of, ground_of, least_ids, sides_of
from queries.paths.rules import Countries, Rules
from queries.paths.terms import Ends
from queries.paths.timed_attempt import Met, TimedAttempt
from queries.paths.timed_graph import GraphTrip, spans, timed_in_graph
from queries.paths.timed_search import Hop, TimedWay
from queries.paths.timed_view import Trip, timed_in_view
from queries.paths.timing import Criterion, Pace, Timing
from queries.paths.unsuited import refuse
from queries.question import Question

LONGEST = 32


class TimeOrderedParameters(Ends, Timing):
    """From where, to where, when, which ways are best, and on what terms."""

    max_hops: int = Field(default=6, ge=1, le=LONGEST, description="Longest path, in links, inclusive")
    directed: bool = Field(default=True, description="Follow the direction of links")
    criterion: Criterion = Field(
        default="earliest", description="Which is best: earliest arrival, latest departure, fastest, fewest links"
    )
    backwards: bool = Field(
        default=False,
        description="From an outcome (source) back against links and time to what may have led to it (target)",
    )

    @model_validator(mode="after")
    def _fits(self) -> TimeOrderedParameters:
        if self.backwards:
            refuse(self, ("in_order", "leaves", "enters"), "a way told backwards has no such order; ask forwards")
        return self

    @property
    def pace(self) -> Pace:
        """What time asks of a way as it is walked."""
        pace = Pace.of(self, self.criterion)
        return pace.mirrored if self.backwards else pace


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a path departs and arrives, the days from the one to the other, and the longest wait between two links."""

    departs: str
    arrives: str
    days: int
    longest_wait: int


@dataclass(frozen=True, slots=True)
class TimeOrderedResult:
    """The paths in order, with the schedule of each in the same order; ``undated``: links of the scope that take no
    part. The cost of a path: the day of arrival, or of departure with the sign turned, both counted from 1970-01-01;
    days; or links. ``proof`` when there is none."""

    paths: tuple[Path, ...]
    schedules: tuple[Schedule, ...]
    undated: int
    proof: Proof | None = None
    tamed: Tamed | None = None


def in_memory(view: View, asked: TimeOrderedParameters, budget: Budget) -> Finding[TimeOrderedResult]:
    """By the compiled search over moves."""
    ground = ground_of(view, asked)
    sources, targets = sides_of(view, asked)
    themselves = [] if len(targets) else [view.network.entity_id(n) for n in ends_of(view, asked, "target").tolist()]
    trip = Trip(sources, targets, asked.directed, asked.max_hops, asked.pace, backwards=asked.backwards)
    days = view.kept(("days", True), lambda: Days.of(view))

    def met(*, hubs: bool) -> Met:
        return timed_in_view(view, trip, ground.with_hubs() if hubs else ground, budget)

    hubs = Hubs.in_view(view, ground, asked.hub_degree)
    ends = themselves or least_ids(view, sources, targets)
    asking = _Asking(asked, themselves, ends, hubs, days.undated)
    return asking.answer(met, lambda one: view.codes(view.number(one)), budget)


def on_networkx(view: View, asked: TimeOrderedParameters, budget: Budget) -> Finding[TimeOrderedResult]:
    """On the NetworkX graph, link by link."""
    ground = GraphGround.of(view, asked)
    sources, targets = ground.sides(asked)
    themselves = [] if targets else ground.ends(asked, "target")
    trip = GraphTrip(sources, targets, asked.directed, asked.max_hops, asked.pace, backwards=asked.backwards)

    def met(*, hubs: bool) -> Met:
        return timed_in_graph(view, trip, ground, budget, hubs=hubs)

    ends = themselves or [min(sources), min(targets)]
    undated = ground.graph.number_of_edges() - len(spans(view, ground))
    asking = _Asking(asked, themselves, ends, Hubs.in_graph(ground), undated)
    return asking.answer(met, lambda one: frozenset(ground.graph.nodes[one]["codes"]), budget)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What both engines have told apart from the search itself."""

    asked: TimeOrderedParameters
    themselves: list[str]
    ends: list[str]
    hubs: Hubs
    undated: int

    def answer(self, met: Callable[..., Met], codes: Countries, budget: Budget) -> Finding[TimeOrderedResult]:
        asked = self.asked
        if self.themselves:
            found = here(self.themselves, asked.limit)
            return Finding.of(
                TimeOrderedResult(found.result.paths, (), self.undated), found.entities, truncated=found.truncated
            )
        conditional = asked.counted or asked.within is not None
        rules, pace = Rules.of(asked, codes), asked.pace
        tried = TimedAttempt(rules, pace, in_time(pace), conditional, asked.limit, budget)

        def attempt(*, hubs: bool) -> Attempt:
            searches, none = tried.searches([met(hubs=hubs)])
            return tried.made((way for search in searches for way in search.ways()), searches, none)

        once: TryOnce = attempt
        told = answered(asked, once, self.hubs, self.ends, budget)
        schedules = tuple(schedule(way, backwards=asked.backwards) for way in tried.ways)
        result = TimeOrderedResult(told.result.paths, schedules, self.undated, told.result.proof, told.result.tamed)
        return Finding.of(result, told.entities, told.links, truncated=told.truncated, explored=told.explored)


def in_time(pace: Pace) -> Callable[[TimedWay, Hop], bool]:
    """Whether a hop is there before all the days are over that a way may take."""
    if pace.within is None:
        return lambda _way, _hop: True
    within = pace.within
    return lambda way, hop: hop.ends - (way.hops[0].begins if way.hops else hop.begins) <= within


def schedule(way: TimedWay, *, backwards: bool = False) -> Schedule:
    """When a way that was found departs and arrives."""
    departs, arrives = way.hops[0].begins, way.hops[-1].ends
    waits = [max(after.begins - before.ends, 0) for before, after in itertools.pairwise(way.hops)]
    first, last = (-arrives, -departs) if backwards else (departs, arrives)
    return Schedule(day_text(first), day_text(last), last - first, max(waits, default=0))


QUESTION = Question(
    name="time-ordered",
    summary="How could it have got from A to B in time? Ways on which every link comes after the one before.",
    parameters=TimeOrderedParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"source": "account:TR889990909277388175362694", "target": "account:TR029990908193789379573803"},
)
