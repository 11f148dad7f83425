"""The same corridor on a NetworkX graph, by definition: link by link, a level at a time from both ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graph_service.model.graph import LinkRef
from graph_service.model.time import DAY_MAX, DAY_MIN
from graph_service.network.budget import Budget
from graph_service.network.search import Outcome
from graph_service.network.view import View
from queries.paths.ground import GraphGround
from queries.paths.timed_search import Hop, Option, TimedWay
from queries.paths.timing import Pace

Span = tuple[int, int]
"""First and last day."""


class _Move(NamedTuple):
    """A link as it may be taken: from where, the hop, and whether it joins a party to an event."""

    near: str
    hop: Hop
    of_event: bool


@dataclass(frozen=True, slots=True)
class GraphTrip:
    """Where ways in time begin and end, and how they may be walked, as in ``Trip``."""

    sources: frozenset[str]
    targets: frozenset[str]
    directed: bool
    max_hops: int
    pace: Pace
    timed: bool = True
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class GraphTimedCorridor:
    """A corridor as lists of moves."""

    starts: tuple[str, ...]
    ends: frozenset[str]
    max_hops: int
    trip: GraphTrip
    moves: Sequence[_Move]
    onward: Callable[[int], list[int]]
    to_end: Mapping[int, int]
    known: dict[tuple[int, int], tuple[int, int] | None] = field(default_factory=dict)

    def options(self, way: TimedWay) -> Iterator[Option]:
        """What may follow a way, sorted."""
        left, pace = self.max_hops - len(way.hops), self.trip.pace
        if way.hops:
            places = [place for place in self.onward(way.hops[-1].place) if place in self.to_end]
        else:
            places = [place for place in self.to_end if self.moves[place].near == way.start]
        options = []
        for place in places:
            hop = self.moves[place].hop
            least = self._least(place, left)
            if least is not None:
                departs = way.hops[0].begins if way.hops else hop.begins
                options.append(Option(pace.cost(departs, least[0]), least[1], hop))
        yield from sorted(options, key=lambda each: (each.cost, each.length, each.hop.entity, each.hop.link.id))

    def entities(self) -> Iterator[str]:
        """The entities of the corridor."""
        yield from {one for place in self.to_end for one in (self.moves[place].near, self.moves[place].hop.entity)}

    def _least(self, place: int, left: int) -> tuple[int, int] | None:
        """The least (day of arrival, links) of walks that begin with a move; the day 0 where it does not count."""
        if self.to_end[place] > left:
            return None
        if not self.trip.pace.by_arrival:
            return 0, self.to_end[place]
        if (place, left) not in self.known:
            hop = self.moves[place].hop
            if hop.entity in self.ends:
                self.known[place, left] = hop.ends, 1
            else:
                following = (self._least(each, left - 1) for each in self.onward(place) if each in self.to_end)
                self.known[place, left] = min(((day, far + 1) for day, far in filter(None, following)), default=None)
        return self.known[place, left]


def timed_in_graph(
    view: View, trip: GraphTrip, ground: GraphGround, budget: Budget, *, hubs: bool
) -> tuple[Outcome, int | None, GraphTimedCorridor | None]:
    """How the search ended, the links of the shortest walk where known, and the corridor where there is one."""
    moves = _moves(view, trip, ground, hubs=hubs)
    leaving: dict[str, list[int]] = defaultdict(list)
    coming: dict[str, list[int]] = defaultdict(list)
    for place, (near, hop, _) in enumerate(moves):
        leaving[near].append(place)
        coming[hop.entity].append(place)

    def follows(before: int, after: int) -> bool:
        first, then = moves[before], moves[after]
        turned = first.near == then.hop.entity and first.near not in trip.sources & trip.targets
        if turned or first.hop.link.id == then.hop.link.id:
            return False
        moment = first.of_event and then.of_event and _is_event(ground, then.near)
        return moment or trip.pace.allows(first.hop.ends, then.hop.begins)

    def onward(place: int) -> list[int]:
        entity = moves[place].hop.entity
        return [] if entity in trip.targets else [each for each in leaving[entity] if follows(place, each)]

    def before(place: int) -> list[int]:
        entity = moves[place].near
        return [] if entity in trip.sources else [each for each in coming[entity] if follows(each, place)]

    out = _levels((place for one in trip.sources for place in leaving[one]), onward, budget)
    back = _levels((place for one in trip.targets for place in coming[one]), before, budget)
    met = [out[place] + back[place] - 1 for place in out if place in back]
    if budget.exhausted:
        return Outcome.BUDGET, None, None
    if not met:
        return Outcome.EXHAUSTED, None, None
    if min(met) > trip.max_hops:
        return Outcome.BOUND, min(met), None
    to_end = {place: far for place, far in back.items() if place in out and out[place] + far - 1 <= trip.max_hops}
    starts = tuple(sorted({moves[place].near for place in to_end} & trip.sources))
    ends = frozenset({moves[place].hop.entity for place in to_end} & trip.targets)
    return Outcome.MET, min(met), GraphTimedCorridor(starts, ends, trip.max_hops, trip, moves, onward, to_end)


def _levels(first: Iterable[int], onward: Callable[[int], list[int]], budget: Budget) -> dict[int, int]:
    """The fewest links up to each move, itself counted."""
    level = list(first)
    found = dict.fromkeys(level, 1)
    depth = 1
    while level and budget.spend(len(level)):
        depth += 1
        reached = [each for place in level for each in onward(place)]
        level = [each for each in dict.fromkeys(reached) if each not in found]
        found.update(dict.fromkeys(level, depth))
    return found


def _is_event(ground: GraphGround, node: str) -> bool:
    return ground.ontology.entity_kind(ground.graph.nodes[node]["kind"]).event


def _moves(view: View, trip: GraphTrip, ground: GraphGround, *, hubs: bool) -> list[_Move]:
    """Every link that may be taken, in each way it may be."""
    graph, ends = ground.graph, trip.sources | trip.targets
    passed = {node for node in graph if node not in ends and ground.passes(node, hubs=hubs)}
    known = spans(view, ground)
    moves: list[_Move] = []
    for source, target, key, data in graph.edges(keys=True, data=True):
        span = known.get(key) if trip.timed else (0, 0)
        if span is None or not ground.takes(data):
            continue
        begins, until = (-span[1], -span[0]) if trip.backwards else span
        if not trip.pace.fits(begins, until):
            continue
        both = source != target and (data["symmetric"] or not trip.directed)
        event = _event_of(ground, (source, target, data)) if trip.timed else None
        amount = data["amount"] if event is None else graph.nodes[event]["amount"]
        for start, end in {(source, target), (target, source)} if both else {(source, target)}:
            near, far = (end, start) if trip.backwards else (start, end)
            entered = far in trip.targets or (far in passed and far != near)
            if entered and (near in trip.sources or near in passed):
                hop = Hop(far, LinkRef(key, source, target, data["event"]), begins, until, amount, len(moves))
                moves.append(_Move(near, hop, event is not None))
    return moves


def _event_of(ground: GraphGround, edge: tuple[str, str, Mapping[str, object]]) -> str | None:
    """The event that a link joins a party to; None for any other link."""
    source, target, data = edge
    events = [node for node in (source, target) if _is_event(ground, node)]
    return events[0] if len(events) == 1 and data["event"] is None else None


def spans(view: View, ground: GraphGround) -> dict[str, Span]:
    """The days of each link that has any."""
    said: dict[str, list[Span]] = defaultdict(list)
    whose: dict[str, str] = {}
    found: dict[str, Span] = {}
    for source, target, key, data in ground.graph.edges(keys=True, data=True):
        span = _closed(data["first_day"], data["last_day"])
        event = _event_of(ground, (source, target, data))
        if event is not None:
            whose[key] = event
            said[event] += [span] if span else []
        elif span:
            found[key] = span
    for key, event in whose.items():
        facts, number = view.entity_facts, view.number(event)
        own = _closed(int(facts.first_day[number]), int(facts.last_day[number]))
        if own is None and said[event]:
            own = min(first for first, _ in said[event]), max(last for _, last in said[event])
        if own:
            found[key] = own
    return found


def _closed(first: int, last: int) -> Span | None:
    """Both days, one for the other where only one is known."""
    days = [day for day in (first, last) if DAY_MIN < day < DAY_MAX]
    return (days[0], days[-1]) if days else None
