"""One attempt at ways in time, from one or several searches; what ``time-ordered`` and ``cycles`` share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from graph_service.network.budget import Budget
from graph_service.network.search import Outcome
from queries.paths.attempt import Attempt
from queries.paths.found import Walked
from queries.paths.rules import Rules
from queries.paths.timed_search import Allowed, TimedCorridor, TimedSearch, TimedWay
from queries.paths.timing import Pace

Met = tuple[Outcome, int | None, TimedCorridor | None]
"""How a search for a corridor ended, the links of the shortest walk where known, and the corridor."""


@dataclass(slots=True)
class TimedAttempt:
    """What is asked of every way, and the ways of the last attempt.

    ``conditional``: whether anything is asked of whole ways, gaps aside, so that there may be walks but no such way.
    """

    rules: Rules
    pace: Pace
    allowed: Allowed
    conditional: bool
    limit: int
    budget: Budget
    ways: list[TimedWay] = field(default_factory=list)

    def searches(self, found: Iterable[Met]) -> tuple[list[TimedSearch], Attempt]:
        """A search for each corridor; and the attempt as it stands if none of them finds a way."""
        searches, shortest, outcomes = [], [], set()
        for outcome, links, corridor in found:
            outcomes.add(outcome)
            if corridor is not None:
                searches.append(TimedSearch(corridor, self.rules, self.allowed, self.budget))
            elif links is not None:
                shortest.append(links)
        worst = (Outcome.BUDGET, Outcome.BOUND, Outcome.EXHAUSTED)
        reason = next((each.value for each in worst if each in outcomes), "exhausted")
        return searches, Attempt(reason, distance=min(shortest, default=None))

    def made(self, ways: Iterable[TimedWay], searches: Sequence[TimedSearch], none: Attempt) -> Attempt:
        """The first ways; where there is none, why."""
        found = list(islice(ways, self.limit + 1))
        stopped = any(search.stopped for search in searches)
        self.ways = found[: self.limit]
        if found:
            walks = tuple(self._walked(way) for way in self.ways)
            return Attempt("met", walks, more=len(found) > self.limit or stopped or none.reason == "budget")
        if stopped or none.reason == "budget":
            return Attempt("budget")
        if searches and self.conditional:
            unmet = set(searches[0].unmet()).intersection(*(search.unmet() for search in searches))
            return Attempt("conditions", unmet=tuple(sorted(unmet)))
        return Attempt("bound") if searches else none

    def _walked(self, way: TimedWay) -> Walked:
        cost = self.pace.cost(way.hops[0].begins, way.hops[-1].ends)
        length = len(way.hops)
        return Walked(way.entities, way.links, float(length if self.pace.criterion == "fewest" else cost))
