"""The timetable of a view: when each link may be taken, and the links of each entity in the order of time.

A link begins on its first day and is through on its last; where only one of them is known, that day counts for both. A
link that joins a party to an event has the event's days (where the event itself states none, those that its links
state, from the earliest to the latest), so that going through an event is one moment. A link without any day is in no
timetable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph_service.model.time import DAY_MAX, DAY_MIN
from graph_service.network.adjacency import FORWARD, Offsets
from graph_service.network.columns import Ints, Mask
from graph_service.network.facts import Facts
from graph_service.network.view import View

AGAINST = 1
"""The lowest bit of a move: the link is taken from its target to its source. Its other bits are the link's number."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """``first``, ``last`` int32[links]; ``dated`` bool[links]; ``of_event`` bool[links]: it joins a party to an event;
    ``event`` bool[entities]; ``undated``: how many links have no day."""

    first: Ints
    last: Ints
    dated: Mask
    of_event: Mask
    event: Mask
    undated: int = 0

    @staticmethod
    def none(view: View) -> Days:
        """The days where time does not matter: all on day 0."""
        links, entities = len(view.links), view.network.entities
        day = np.zeros(links, dtype=np.int32)
        nobody = np.zeros(entities, dtype=np.bool_)
        return Days(day, day, np.ones(links, dtype=np.bool_), np.zeros(links, dtype=np.bool_), nobody)

    @staticmethod
    def of(view: View) -> Days:
        """The days of a view's links; O(links)."""
        kinds = {kind.name for kind in view.network.ontology.entity_kinds.values() if kind.event}
        event = view.of_exact_kinds(kinds) & view.nodes
        first, last = _closed(view.facts)
        at_source, at_target = event[view.links.source], event[view.links.target]
        of_event = (at_source != at_target) & (view.links.event < 0)
        if of_event.any():
            whose = np.where(at_source, view.links.source, view.links.target)[of_event]
            begun, ended = _closed(view.entity_facts)
            said_first = np.full(len(begun), DAY_MAX, dtype=np.int32)
            said_last = np.full(len(begun), DAY_MIN, dtype=np.int32)
            np.minimum.at(said_first, whose, first[of_event])
            np.maximum.at(said_last, whose, last[of_event])
            silent = begun > ended
            first[of_event] = np.where(silent, said_first, begun)[whose]
            last[of_event] = np.where(silent, said_last, ended)[whose]
        dated = first <= last
        return Days(first, last, dated, of_event, event, len(dated) - int(dated.sum()))


def _closed(facts: Facts) -> tuple[Ints, Ints]:
    """First and last days with one known end for both; DAY_MAX and DAY_MIN, the wrong way round, where none is."""
    starts, ends = facts.first_day > DAY_MIN, facts.last_day < DAY_MAX
    first = np.where(starts, facts.first_day, np.where(ends, facts.last_day, DAY_MAX)).astype(np.int32)
    last = np.where(ends, facts.last_day, np.where(starts, facts.first_day, DAY_MIN)).astype(np.int32)
    return first, last


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The moves of each entity, the earliest first: ``start`` int64[entities + 1] bounds those of an entity, ``move``
    int32, ``leaves`` int32: when.

    ``far_along`` and ``far_against`` int32[links]: where a move of a link leads, along it and against it; ``arrives``
    int32[links]: when it is there. The side that is walked back from the end has its days negative, so that time
    advances on both.
    """

    start: Offsets
    move: Ints
    leaves: Ints
    far_along: Ints
    far_against: Ints
    arrives: Ints

    @property
    def arrays(self) -> tuple[Offsets, Ints, Ints, Ints, Ints, Ints]:
        """What the compiled loops take."""
        return self.start, self.move, self.leaves, self.far_along, self.far_against, self.arrives


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """The moves out of each entity, and those into it from the end of time backwards."""

    days: Days
    ahead: Side
    behind: Side

    @staticmethod
    def of(view: View, way: int, *, timed: bool = True) -> Timetable:
        """The timetable of a view for links walked FORWARD or EITHER way, kept with it. O(links log links), once.

        ``timed`` False: every link is there, all on one day.
        """
        days = view.kept(("days", timed), lambda: Days.of(view) if timed else Days.none(view))
        return view.kept(("timetable", way, timed), lambda: _made(view, days, way))


def _made(view: View, days: Days, way: int) -> Timetable:
    links, entities = view.links, view.network.entities
    along = np.flatnonzero(days.dated).astype(np.int32) << 1
    both_ways = (view.symmetric if way == FORWARD else True) & days.dated & (links.source != links.target)
    move = np.concatenate([along, (np.flatnonzero(both_ways).astype(np.int32) << 1) | AGAINST])
    link, against = move >> 1, (move & AGAINST) == AGAINST
    near = np.where(against, links.target[link], links.source[link])
    far = np.where(against, links.source[link], links.target[link])
    ahead = _sorted(entities, near, move, days.first[link])
    behind = _sorted(entities, far, move, -days.last[link])
    return Timetable(
        days,
        Side(*ahead, links.target, links.source, days.last),
        Side(*behind, links.source, links.target, -days.first),
    )


def _sorted(entities: int, node: Ints, move: Ints, leaves: Ints) -> tuple[Offsets, Ints, Ints]:
    """By entity, then by day."""
    order = np.argsort((node.astype(np.int64) << 32) + leaves, kind="stable")
    start = np.zeros(entities + 1, dtype=np.int64)
    np.cumsum(np.bincount(node, minlength=entities), out=start[1:])
    return start, move[order], leaves[order]
