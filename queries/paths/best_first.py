"""Best-first enumeration of simple ways through a corridor: exactly in canonical order, one at a time.

A way is opened at its first entity and continued where the least it can still cost is lowest (A*, Hart, Nilsson and
Raphael 1968), ties by length, then step by step by entity and link: the order in which answers list paths. The options
of an entity are sorted once and taken one by one, so a hub's thousand links cost what is used of them.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from queries.paths.rules import Along, Rules

NO_WAY = 2**62


class Step(NamedTuple):
    """One link on: the entity reached, the link, and what it costs (an integer, so that sums agree)."""

    entity: str
    link: LinkRef
    cost: int = 1


class Option(NamedTuple):
    """A step on, with the least that the way still costs with it and how long that is; ``told``: entity and link id."""

    cost: int
    length: int
    told: tuple[str, str]
    step: Step


class Corridor(Protocol):
    """All that lies on ways of at most ``max_hops`` links from one of the starts to one of the ends."""

    @property
    def starts(self) -> tuple[str, ...]:
        """Where a way may begin, sorted."""
        ...

    @property
    def ends(self) -> frozenset[str]:
        """Where a way may end."""
        ...

    @property
    def max_hops(self) -> int:
        """The longest way, in links."""
        ...

    @property
    def unit(self) -> bool:
        """Whether every link costs 1."""
        ...

    def options(self, entity: str, left: int) -> Sequence[Option]:
        """The steps on from an entity that has so many links left, from which an end can still be reached: in order of
        ``cost``, ``length`` and ``told``."""
        ...

    def hops(self, entity: str) -> int:
        """The fewest links on to an end."""
        ...

    def least(self, entity: str, left: int) -> int:
        """The least cost on to an end in at most so many links; NO_WAY for none."""
        ...

    def past(self, need: int, entity: str) -> int:
        """The fewest links on to an end past an entity that meets the rules' need of this place."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """A way so far, and what it has met along itself."""

    entities: tuple[str, ...]
    links: tuple[LinkRef, ...]
    cost: int
    along: Along


_Entry = tuple[int, int, tuple[tuple[str, str], ...], int, Way, int]
"""In the heap: the least cost and length, the steps told so far, a number, the way, and which of its options is meant;
_ITSELF for the way itself."""
_ITSELF = -1


class Search:
    """The enumeration of the ways through a corridor that fulfil some rules; ``stopped`` once the budget is spent."""

    def __init__(self, corridor: Corridor, rules: Rules, budget: Budget, needs: Sequence[int] | None = None) -> None:
        """Nothing is looked at before the first way is asked for.

        ``needs``: where the corridor has the needs of the rules, when these are not the rules it was made for.
        """
        self.stopped = False
        self._needs = range(len(rules.needs)) if needs is None else needs
        self._corridor, self._rules, self._budget = corridor, rules, budget
        self._heap: list[_Entry] = []
        self._numbers = itertools.count()
        self._sorted: dict[tuple[str, int], Sequence[Option]] = {}

    def ways(self) -> Iterator[Way]:
        """Every simple way, best first: by cost, length, start, then step by step by entity and link."""
        for start in self._corridor.starts:
            self._open(Way((start,), (), 0, self._rules.start(start)), ((start, ""),))
        while self._heap:
            if not self._budget.spend(1):
                self.stopped = True
                return
            cost, length, told, _, way, place = heapq.heappop(self._heap)
            if place != _ITSELF:
                self._offer(way, place + 1, told[:-1])
                further = self._taken(way, self._options(way)[place].step)
                if further is None or (bound := self._bound(further)) is None:
                    continue
                if bound > (cost, length):
                    self._push(bound, told, further, _ITSELF)
                    continue
                way = further
            if way.links and way.entities[-1] in self._corridor.ends:
                if self._rules.fulfilled(way.along):
                    yield way
            else:
                self._offer(way, 0, told)

    def unmet(self) -> tuple[str, ...]:
        """The conditions that no way of the corridor fulfils even alone, by their names."""
        place = {need.name: number for number, need in enumerate(self._rules.needs)}
        found = []
        for name, only in self._rules.singly():
            search = Search(self._corridor, only, self._budget, [place[need.name] for need in only.needs])
            if next(search.ways(), None) is None and not search.stopped:
                found.append(name)
        return tuple(found)

    def _open(self, way: Way, told: tuple[tuple[str, str], ...]) -> None:
        bound = self._bound(way)
        if bound is not None:
            self._push(bound, told, way, _ITSELF)

    def _offer(self, way: Way, place: int, told: tuple[tuple[str, str], ...]) -> None:
        """Put an option of a way into the heap, if there are so many."""
        options = self._options(way)
        if place < len(options):
            option = options[place]
            bound = (way.cost + option.cost, len(way.links) + option.length)
            self._push(bound, (*told, option.told), way, place)

    def _push(self, bound: tuple[int, int], told: tuple[tuple[str, str], ...], way: Way, place: int) -> None:
        heapq.heappush(self._heap, (*bound, told, next(self._numbers), way, place))

    def _bound(self, way: Way) -> tuple[int, int] | None:
        """The least cost and length of all ways that go on from this one; None where none does."""
        corridor, here = self._corridor, way.entities[-1]
        left = corridor.max_hops - len(way.links)
        hops = max([corridor.hops(here), *(corridor.past(self._needs[need], here) for need in way.along.unmet)])
        least = corridor.least(here, left)
        if hops > left or least >= NO_WAY:
            return None
        return way.cost + (max(least, hops) if corridor.unit else least), len(way.links) + hops

    def _options(self, way: Way) -> Sequence[Option]:
        """The steps on from where a way has come to; worked out once for each entity and links left."""
        here, left = way.entities[-1], self._corridor.max_hops - len(way.links)
        known = self._sorted.get((here, left))
        if known is None:
            known = self._sorted[here, left] = self._corridor.options(here, left) if left else ()
            self._budget.spend(len(known))
        return known

    def _taken(self, way: Way, step: Step) -> Way | None:
        """The way one step further; None where it would meet an entity again or can fulfil the rules no more."""
        if step.entity in way.entities:
            return None
        along = self._rules.step(way.along, step.entity, at_end=step.entity in self._corridor.ends)
        if along is None:
            return None
        return Way((*way.entities, step.entity), (*way.links, step.link), way.cost + step.cost, along)
