"""Whether one thing began when another ended, as far as dates tell: the successor of a company, a replaced phone.

A lead and no proof: nobody records every sign of life.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from graph_service.model.time import DAY_MAX, DAY_MIN, day_text

_OVERLAP = 30


class Relation(StrEnum):
    """How another stands in time to the one asked about; ``any``: whichever way, or unknown.

    ``successor``: it began later, at most 30 days before the end of the one asked about and at most the gap after;
    ``predecessor``: the same the other way round; ``overlapping``: both at once for longer; ``apart``: more than the
    gap lies between.
    """

    ANY = "any"
    SUCCESSOR = "successor"
    PREDECESSOR = "predecessor"
    OVERLAPPING = "overlapping"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Activity:
    """The first and the last day something was seen, DAY_MIN and DAY_MAX where open; both open: nothing is dated."""

    first: int
    last: int

    @staticmethod
    def of(own: tuple[int, int], links: Iterable[tuple[int, int]]) -> Activity:
        """From the days of its own records and those of its links.

        What its own records say holds; else the first and the last dated sign of it, the beginning or the end of a
        link. Where no link has a beginning (an end) that side is open.
        """
        begun, ended = (sorted(days) for days in zip(*links, (DAY_MIN, DAY_MAX), strict=True))
        signs = [day for day in (*begun, *ended) if DAY_MIN < day < DAY_MAX]
        dated = begun[-1] > DAY_MIN, ended[0] < DAY_MAX
        first = own[0] if own[0] > DAY_MIN else min(signs) if dated[0] else DAY_MIN
        last = own[1] if own[1] < DAY_MAX else max(signs) if dated[1] else DAY_MAX
        return Activity(first, max(first, last))

    def texts(self) -> tuple[str | None, str | None]:
        """Both days as ISO dates, None where open."""
        first = None if self.first == DAY_MIN else day_text(self.first)
        return first, None if self.last == DAY_MAX else day_text(self.last)

    def relation(self, other: Activity, gap: int) -> tuple[Relation | None, int | None]:
        """How another stands to this one, None where one of them is not dated; and the days from the end of the
        earlier to the beginning of the later, None where one of these is open."""
        nothing = Activity(DAY_MIN, DAY_MAX)
        if nothing in {self, other}:
            return None, None
        pair = sorted((self, other), key=lambda one: (one.first, one.last))
        earlier, later = pair
        if earlier.last == DAY_MAX or later.first == DAY_MIN:
            return Relation.OVERLAPPING, None
        days = later.first - earlier.last
        if days > gap:
            return Relation.APART, days
        if days < -_OVERLAP or later.first == earlier.first or later.last <= earlier.last:
            return Relation.OVERLAPPING, days
        return (Relation.SUCCESSOR if later is other else Relation.PREDECESSOR), days
