"""Dates as precise as they are known, and moments, as ISO 8601 text.

A month or a year stays one: no day is invented. A moment with an offset is written in UTC with a Z; one without stays
without, since its zone is not known.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache

from graph_service.model.values_refusal import refused

_DATE = re.compile(r"(\d{4})(?:([-/])(\d{2})(?:\2(\d{2}))?)?", re.ASCII)
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})[-/](\d{2})[-/](\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?) ?(Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII
)
_TURNED = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: .*)?", re.ASCII)
_DAY = re.compile(r"%[djxcD]")
_MONTH = re.compile(r"%[mbBh]")
_TIME = re.compile(r"%[HIcXTR]")


@lru_cache(maxsize=131_072)
def date_text(text: str, date_format: str | None = None) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD. A time of day is left off; the day is the one written, in whatever zone.

    `date_format` is a format of `datetime.strptime`; without one only ISO 8601 is taken, "00" being an unknown month
    or day.
    """
    return _moment(text, date_format)[:10]


@lru_cache(maxsize=131_072)
def datetime_text(text: str, date_format: str | None = None) -> str:
    """A partial date as `date_text` writes it, or YYYY-MM-DDTHH:MM:SS with decimals and a Z where there are any."""
    moment = _moment(text, date_format)
    if not any(sign in moment[10:] for sign in "+-"):
        return moment
    try:
        return datetime.fromisoformat(moment).astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise refused("outside the years 1 to 9999 in UTC", text) from None


def _moment(text: str, date_format: str | None) -> str:
    """The date as written, in ISO 8601: partial, or with time and offset."""
    if date_format is not None:
        return _formatted(text, date_format)
    if match := _DATE.fullmatch(text):
        year, _, month, day = match.groups()
        return _partial(year, month or "00", day or "00", text)
    if match := _BASIC.fullmatch(text):
        year, month, day = match.groups()
        return _partial(year, month, day, text)
    if match := _MOMENT.fullmatch(text):
        year, month, day, clock, offset = match.groups()
        try:
            return datetime.fromisoformat(f"{year}-{month}-{day}T{clock}{offset or ''}").isoformat()
        except ValueError as error:
            raise refused(f"not a date and time ({error})", text) from None
    if _TURNED.fullmatch(text):
        raise refused("day and month may be either way round; give the date format", text)
    raise refused("not a date (YYYY, YYYY-MM or YYYY-MM-DD, or give the date format)", text)


def _partial(year: str, month: str, day: str, text: str) -> str:
    try:
        date(int(year), int(month) or 1, int(day) or 1)
    except ValueError as error:
        raise refused(f"not a date ({error})", text) from None
    if month == "00":
        if day != "00":
            raise refused("not a date (a day without a month)", text)
        return year
    return f"{year}-{month}" if day == "00" else f"{year}-{month}-{day}"


def _formatted(text: str, date_format: str) -> str:
    """Read by a strptime format, and written only as precisely as the format asks for."""
    try:
        moment = datetime.strptime(text, date_format)  # noqa: DTZ007 - the zone is known only if the format has it
    except ValueError:
        raise refused(f"not a date of the format {date_format!r}", text) from None
    except re.error as error:
        raise refused(f"not a date format ({error})", date_format) from None
    if _TIME.search(date_format):
        return moment.isoformat()
    day = moment.date().isoformat()
    if _DAY.search(date_format):
        return day
    return day[:7] if _MONTH.search(date_format) else day[:4]
