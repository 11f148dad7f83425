"""The windows of a view: the same graph stretch of time by stretch of time, or as it came to be known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from graph_service.errors import InvalidParameter
from graph_service.model.time import DAY_MAX, DAY_MIN, Interval, day_text, moment_text, parse_moment
from graph_service.network.view import View
from graph_service.store.protocol import from_moment

MOST_WINDOWS = 200
STEPS = r"month|quarter|year|[1-9]\d{0,4}"
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NARROW = "take a longer step, or narrow the time asked about (from, to)"
_EPOCH = date(1970, 1, 1)


class Clock(StrEnum):
    """What time is counted by: when links held (``valid``), or when they came to be recorded (``known``)."""

    VALID = "valid"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time by its first and last day; or the moment before (empty for the first) and the moment itself."""

    start: str
    end: str

    def of(self, view: View, clock: Clock) -> View:
        """What the view shows of it. O(records)."""
        if clock is Clock.KNOWN:
            return View(view.network, replace(view.scope, known_at=parse_moment(self.end)))
        return View(view.network, replace(view.scope, window=Interval(self.start, self.end)))


def windows_of(view: View, clock: Clock, step: str) -> list[Window]:
    """The windows of a view in order of time; none where nothing is dated (``known``: where there is nothing).

    By ``valid`` they are the months, quarters, years or runs of so many days from the first day on which a link of
    the view begins or ends to the last, within the scope's own window. By ``known`` there is one for each moment at
    which links of the view were recorded. More than MOST_WINDOWS raise InvalidParameter.
    """
    if clock is Clock.KNOWN:
        return _revisions(view)
    first, last = span(view)
    if first > last:
        return []
    starts = list(_starts(first, last, step))
    ends = [start - 1 for start in starts[1:]] + [last]
    return [Window(day_text(max(start, first)), day_text(end)) for start, end in zip(starts, ends, strict=True)]


def span(view: View) -> tuple[int, int]:
    """The first and the last day on which a link of the view begins or ends; first > last where no link is dated.

    A link lasts while it and both its ends do, so that the date of an event is that of its roles.
    """
    ends, facts = view.entity_facts, view.facts
    source, target = view.links.source, view.links.target
    begins = np.maximum(facts.first_day, np.maximum(ends.first_day[source], ends.first_day[target]))
    stops = np.minimum(facts.last_day, np.minimum(ends.last_day[source], ends.last_day[target]))
    days = np.concatenate([begins[begins > DAY_MIN], stops[stops < DAY_MAX]])
    low, high = view.scope.window.days()
    if not len(days):
        return DAY_MAX, DAY_MIN
    return max(int(days.min()), low), min(int(days.max()), high)


def undated(view: View) -> int:
    """How many links of the view have neither a beginning nor an end, and so are in every window."""
    ends, facts = view.entity_facts, view.facts
    open_ends = (ends.first_day == DAY_MIN) & (ends.last_day == DAY_MAX)
    open_links = (facts.first_day == DAY_MIN) & (facts.last_day == DAY_MAX)
    return int((open_links & open_ends[view.links.source] & open_ends[view.links.target]).sum())


def _revisions(view: View) -> list[Window]:
    """A window for each moment at which links of the view were recorded."""
    rows = view.network.link_rows
    values = (rows.moments.values[code] for code in np.unique(rows.recorded[view.link_seen]))
    texts = [moment_text(at) for at in (from_moment(value) for value in sorted(map(_number, values))) if at]
    _bounded(len(texts), "by=known", "ask by=valid")
    return [Window(start, end) for start, end in zip(["", *texts], texts, strict=False)]


def _number(value: object) -> int:
    return int(str(value))


def _starts(first: int, last: int, step: str) -> Iterator[int]:
    """The days on which windows start; the first may lie before the span."""
    if not re.fullmatch(STEPS, step):
        raise InvalidParameter(f"step: month, quarter, year or a number of days, not {step!r}")
    if step not in _MONTHS:
        _bounded((last - first) // int(step) + 1, f"step={step}", _NARROW)
        yield from range(first, last + 1, int(step))
        return
    months = _MONTHS[step]
    begin, end = _EPOCH + timedelta(days=first), _EPOCH + timedelta(days=last)
    month = (begin.year * 12 + begin.month - 1) // months
    beyond = (end.year * 12 + end.month - 1) // months
    _bounded(beyond - month + 1, f"step={step}", _NARROW)
    for number in range(month, beyond + 1):
        year, place = divmod(number * months, 12)
        yield (date(year, place + 1, 1) - _EPOCH).days


def _bounded(windows: int, asked: str, instead: str) -> None:
    if windows > MOST_WINDOWS:
        raise InvalidParameter(f"{asked} gives {windows:,} windows, {MOST_WINDOWS} at most: {instead}")
