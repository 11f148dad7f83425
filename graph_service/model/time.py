"""Partial dates and intervals with open ends.

A date in this field is often only a month or a year. It is kept as it was said (``2014``,
``2014-05``) and compared by the days it may cover (ISO 8601-2 calls this reduced precision).
Days are counted from 1970-01-01, so that arrays hold them as 32-bit integers.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from graph_service.errors import InvalidValue

DAY_MIN = -(2**31) + 1
DAY_MAX = 2**31 - 1
_EPOCH = date(1970, 1, 1)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}[\d:.,Z +-]*)?)?)?", re.ASCII)


@lru_cache(maxsize=65_536)
def day_range(text: str) -> tuple[int, int]:
    """The first and the last day that a partial date may mean; a time of day is left aside.

    Raises InvalidValue when the text is no date.
    """
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise InvalidValue(f"not a date (YYYY, YYYY-MM or YYYY-MM-DD): {text!r}")
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise InvalidValue(f"not a date: {text!r} ({error})") from error
    last_month = int(month or 12)
    last = first.replace(month=last_month, day=int(day or calendar.monthrange(first.year, last_month)[1]))
    return (first - _EPOCH).days, (last - _EPOCH).days


def day_text(day: int) -> str:
    """The ISO date of a day number."""
    return (_EPOCH + timedelta(days=day)).isoformat()


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time whose ends are partial dates or open; an open end is still true."""

    start: str | None = None
    end: str | None = None

    def __post_init__(self) -> None:
        """An empty end is open; refuses ends that are no dates and an end before the start."""
        object.__setattr__(self, "start", self.start or None)
        object.__setattr__(self, "end", self.end or None)
        first, last = self.days()
        if first > last:
            raise InvalidValue(f"the interval ends ({self.end}) before it starts ({self.start})")

    def days(self) -> tuple[int, int]:
        """The widest run of days it may cover; open ends are DAY_MIN and DAY_MAX."""
        first = day_range(self.start)[0] if self.start else DAY_MIN
        last = day_range(self.end)[1] if self.end else DAY_MAX
        return first, last

    def overlaps(self, other: Interval) -> bool:
        """Whether the two may have a day in common."""
        (first, last), (other_first, other_last) = self.days(), other.days()
        return first <= other_last and other_first <= last


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def parse_moment(text: str) -> datetime:
    """A moment in UTC from an ISO 8601 text; a bare (partial) date means the end of its last day.

    Raises InvalidValue when the text is no moment.
    """
    if "T" not in text and " " not in text:
        last = _EPOCH + timedelta(days=day_range(text)[1])
        return datetime(last.year, last.month, last.day, 23, 59, 59, 999_999, tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(f"not a moment (ISO 8601, years 1 to 9999): {text!r}") from error


def moment_text(moment: datetime) -> str:
    """The ISO 8601 text of a moment, in UTC, with microseconds and a Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
