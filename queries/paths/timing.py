"""When a way may be taken: the conditions on its days, and what makes one way better than another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from pydantic import Field, model_validator

from graph_service.errors import InvalidValue
from graph_service.model.time import day_range
from graph_service.network.adjacency import Offsets
from queries.question import Parameters

Criterion = Literal["earliest", "latest", "fastest", "fewest"]
D = TypeVar("D", int, Offsets)
EVER = 2**40
"""More days than any calendar has."""


class Timing(Parameters):
    """Between which days, and how long from one link to the next and in all; what is not said is left open."""

    depart_from: str | None = Field(default=None, description="First day of the first link (YYYY, YYYY-MM, YYYY-MM-DD)")
    arrive_by: str | None = Field(default=None, description="Last day of the last link")
    least_gap: int = Field(default=0, ge=0, le=36_600, description="Least number of days between a link and the next")
    greatest_gap: int | None = Field(
        default=None, ge=0, le=36_600, description="Greatest number of days between a link and the next"
    )
    within: int | None = Field(default=None, ge=0, le=366_000, description="Greatest number of days in all")

    @model_validator(mode="after")
    def _in_time(self) -> Timing:
        if self.greatest_gap is not None and self.greatest_gap < self.least_gap:
            raise ValueError("greatest_gap is less than least_gap")
        first, last = self.window
        if first > last:
            raise ValueError("depart_from is after arrive_by")
        return self

    @property
    def window(self) -> tuple[int, int]:
        """The first and the last day."""
        return _day(self.depart_from, "depart_from", 0, -EVER), _day(self.arrive_by, "arrive_by", 1, EVER)


def _day(text: str | None, name: str, end: int, otherwise: int) -> int:
    if text is None:
        return otherwise
    try:
        return day_range(text)[end]
    except InvalidValue as error:
        raise ValueError(f"{name}: {error}") from error


@dataclass(frozen=True, slots=True)
class Pace:
    """What time asks of a way: first and last day, least and greatest gap, all in all; ``criterion``: what is best."""

    criterion: Criterion
    window: tuple[int, int] = (-EVER, EVER)
    least: int = 0
    greatest: int | None = None
    within: int | None = None

    @staticmethod
    def of(asked: Timing, criterion: Criterion) -> Pace:
        """That of some parameters."""
        return Pace(criterion, asked.window, asked.least_gap, asked.greatest_gap, asked.within)

    @property
    def mirrored(self) -> Pace:
        """The same for time that runs backwards, where the earliest arrival is the latest departure."""
        turned: dict[Criterion, Criterion] = {"earliest": "latest", "latest": "earliest"}
        first, last = self.window
        criterion = turned.get(self.criterion, self.criterion)
        return Pace(criterion, (-last, -first), self.least, self.greatest, self.within)

    @property
    def gaps(self) -> Offsets:
        """Least and greatest gap for the compiled loops, -1 for any."""
        return np.array([self.least, -1 if self.greatest is None else self.greatest], dtype=np.int64)

    @property
    def by_arrival(self) -> bool:
        """Whether what a way costs is known only when it has arrived."""
        return self.criterion in {"earliest", "fastest"}

    def cost(self, departs: D, arrives: D) -> D:
        """What a way costs that departs and arrives on these days; for ``fewest`` only its length counts."""
        match self.criterion:
            case "earliest":
                return arrives
            case "latest":
                return -departs
            case "fastest":
                return arrives - departs
        return arrives * 0

    def allows(self, ends: int, begins: int) -> bool:
        """Whether a link may begin on a day after one that ended on another."""
        wait = begins - ends
        return wait >= self.least and (self.greatest is None or wait <= self.greatest)

    def fits(self, begins: int, ends: int) -> bool:
        """Whether a link lies in the window."""
        return self.window[0] <= begins and ends <= self.window[1]
