"""Best-first enumeration of simple ways on which time advances, exactly in canonical order, one at a time.

As in ``best_first`` a way is continued where the best that can still become of it is best; but what may follow depends
on the link taken last, and a way may come back to where it began.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from queries.paths.rules import Along, Rules


class Hop(NamedTuple):
    """One link taken: the entity reached, the link, its first and last day (negative where time is walked backwards),
    its amount, and its place in the corridor."""

    entity: str
    link: LinkRef
    begins: int
    ends: int
    amount: float | None
    place: int


class Option(NamedTuple):
    """A hop, with the least that a way over it costs in all and how many links that still takes, it counted."""

    cost: int
    length: int
    hop: Hop


@dataclass(frozen=True, slots=True)
class TimedWay:
    """A way so far, and what it has met along itself."""

    start: str
    hops: tuple[Hop, ...]
    along: Along

    @property
    def here(self) -> str:
        """Where it has come to."""
        return self.hops[-1].entity if self.hops else self.start

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities on it."""
        return (self.start, *(hop.entity for hop in self.hops))

    @property
    def links(self) -> tuple[LinkRef, ...]:
        """The links on it."""
        return tuple(hop.link for hop in self.hops)


class TimedCorridor(Protocol):
    """All links on walks of at most ``max_hops`` links from one of the starts to one of the ends, in time."""

    @property
    def starts(self) -> tuple[str, ...]:
        """Where a way may begin, sorted."""
        ...

    @property
    def ends(self) -> frozenset[str]:
        """Where a way ends."""
        ...

    @property
    def max_hops(self) -> int:
        """The longest way, in links."""
        ...

    def options(self, way: TimedWay) -> Iterator[Option]:
        """What may follow, the best first: by cost, length, entity, then link."""
        ...

    def entities(self) -> Iterator[str]:
        """The entities of the corridor."""
        ...


Allowed = Callable[[TimedWay, Hop], bool]
"""Whether a way may go on by a hop."""
_Entry = tuple[int, int, tuple[tuple[str, str], ...], int, TimedWay, Hop, Iterator[Option]]


class TimedSearch:
    """The ways through a corridor that fulfil some rules; ``stopped`` once the budget is spent."""

    def __init__(self, corridor: TimedCorridor, rules: Rules, allowed: Allowed, budget: Budget) -> None:
        """Nothing is looked at before the first way is asked for."""
        self.stopped = False
        self._corridor, self._rules, self._allowed, self._budget = corridor, rules, allowed, budget
        self._heap: list[_Entry] = []
        self._numbers = itertools.count()

    def ways(self) -> Iterator[TimedWay]:
        """Every simple way, best first: by cost, length, start, then step by step by entity and link."""
        for start in self._corridor.starts:
            self._open(TimedWay(start, (), self._rules.start(start)), ((start, ""),))
        while self._heap:
            if not self._budget.spend(1):
                self.stopped = True
                return
            *_, told, _, way, hop, others = heapq.heappop(self._heap)
            self._offer(way, told[:-1], others)
            further = self._taken(way, hop)
            if further is None:
                continue
            if hop.entity not in self._corridor.ends:
                self._open(further, told)
            elif self._rules.fulfilled(further.along):
                yield further

    def unmet(self) -> tuple[str, ...]:
        """The needs that no entity of the corridor meets, by their names."""
        rules, entities = self._rules, list(self._corridor.entities())
        return tuple(
            need.name for need in rules.needs if not any(need.met_by(one, rules.countries) for one in entities)
        )

    def _open(self, way: TimedWay, told: tuple[tuple[str, str], ...]) -> None:
        if len(way.hops) < self._corridor.max_hops:
            self._offer(way, told, self._corridor.options(way))

    def _offer(self, way: TimedWay, told: tuple[tuple[str, str], ...], options: Iterator[Option]) -> None:
        """Put the next option of a way into the heap, if there is one."""
        option = next(options, None)
        if option is not None:
            cost, length, hop = option
            step = (hop.entity, hop.link.id)
            entry = (cost, len(way.hops) + length, (*told, step), next(self._numbers), way, hop, options)
            heapq.heappush(self._heap, entry)

    def _taken(self, way: TimedWay, hop: Hop) -> TimedWay | None:
        """The way one step further; None where it would meet an entity or a link again, or may not go there."""
        if any(hop.entity == before.entity or hop.link.id == before.link.id for before in way.hops):
            return None
        if not self._allowed(way, hop):
            return None
        along = self._rules.step(way.along, hop.entity, at_end=hop.entity in self._corridor.ends)
        return None if along is None else TimedWay(way.start, (*way.hops, hop), along)
