"""Partial dates, intervals with open ends, and moments."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import InvalidValue
from graph_service.model.time import (
    DAY_MAX,
    DAY_MIN,
    Interval,
    day_range,
    day_text,
    moment_text,
    now,
    parse_moment,
)

EPOCH = date(1970, 1, 1)


def number(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - EPOCH).days


@st.composite
def partial_dates(draw: st.DrawFn) -> str:
    day = draw(st.dates())
    return day.isoformat()[: draw(st.sampled_from([4, 7, 10]))]


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    ends = [draw(st.none() | partial_dates()) for _ in range(2)]
    if ends[0] and ends[1]:
        ends.sort(key=lambda text: day_range(text or "")[0])
    return Interval(*ends)


# Partial dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1970", number(1970, 1, 1), number(1970, 12, 31)),
        ("1970-01-01", 0, 0),
        ("1969-12-31", -1, -1),
        ("2014-05", number(2014, 5, 1), number(2014, 5, 31)),
        ("2024-02", number(2024, 2, 1), number(2024, 2, 29)),
        ("2023-02", number(2023, 2, 1), number(2023, 2, 28)),
        ("1900-02", number(1900, 2, 1), number(1900, 2, 28)),
        ("2000-02", number(2000, 2, 1), number(2000, 2, 29)),
        ("2024-02-29", number(2024, 2, 29), number(2024, 2, 29)),
        ("0001", number(1, 1, 1), number(1, 12, 31)),
        ("9999-12", number(9999, 12, 1), number(9999, 12, 31)),
        ("2014-05-06T23:59:59Z", number(2014, 5, 6), number(2014, 5, 6)),
        ("2014-05-06 23:59", number(2014, 5, 6), number(2014, 5, 6)),
        ("2014-05-06T23:59:59.123+05:30", number(2014, 5, 6), number(2014, 5, 6)),
    ],
)
def test_a_partial_date_covers_the_days_it_may_mean(text: str, first: int, last: int) -> None:
    assert day_range(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "14",
        "201",
        "0000",
        "2014-",
        "2014-5",
        "2014-13",
        "2014-00",
        "2014-02-30",
        "2023-02-29",
        "2014-05-32",
        "2014-05-06T",
        "2014T10:00",
        "2014-05 hello",
        "2014-05-06 hello",
        "2014-05-06T10:00 <b>",
        "20140506",
        "2014/05/06",
        "06.05.2014",
        "-2014",
        "10000",
        "2014\n",
        "２０１４",
        "now",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a date"):
        day_range(text)


@given(st.dates())
def test_a_day_lies_in_its_month_and_its_year(day: date) -> None:
    text = day.isoformat()
    exact, month, year = day_range(text), day_range(text[:7]), day_range(text[:4])
    assert exact == ((day - EPOCH).days,) * 2
    assert year[0] <= month[0] <= exact[0] <= month[1] <= year[1]
    assert month[1] - month[0] + 1 == calendar.monthrange(day.year, day.month)[1]
    assert year[1] - year[0] + 1 == 365 + calendar.isleap(day.year)


@given(st.dates())
def test_a_day_number_reads_as_its_date(day: date) -> None:
    assert day_text(day_range(day.isoformat())[0]) == day.isoformat()


# Intervals


def test_open_ends_reach_as_far_as_the_numbers_go() -> None:
    assert Interval().days() == (DAY_MIN, DAY_MAX)
    assert Interval("2014").days() == (number(2014, 1, 1), DAY_MAX)
    assert Interval(None, "2014").days() == (DAY_MIN, number(2014, 12, 31))
    assert -(2**31) <= DAY_MIN < number(1, 1, 1)
    assert number(9999, 12, 31) < DAY_MAX < 2**31


def test_an_empty_end_is_an_open_one() -> None:
    assert Interval("", "") == Interval(None, None)
    assert hash(Interval("2014", "")) == hash(Interval("2014"))


@pytest.mark.parametrize(
    ("start", "end"), [("2014", "2014"), ("2014-05", "2014"), ("2014", "2014-05"), ("2014-12-31", "2014")]
)
def test_ends_that_may_be_in_order_are_taken(start: str, end: str) -> None:
    assert Interval(start, end).days() == (day_range(start)[0], day_range(end)[1])


@pytest.mark.parametrize(("start", "end"), [("2015", "2014"), ("2014-06", "2014-05"), ("2014-05-02", "2014-05-01")])
def test_an_end_before_the_start_is_refused(start: str, end: str) -> None:
    with pytest.raises(InvalidValue, match=f"ends \\({end}\\) before it starts \\({start}\\)"):
        Interval(start, end)


@pytest.mark.parametrize("ends", [("x", None), (None, "2014-13"), ("2014-02-30", "2015")])
def test_ends_that_are_no_dates_are_refused(ends: tuple[str | None, str | None]) -> None:
    with pytest.raises(InvalidValue, match="not a date"):
        Interval(*ends)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (Interval("2014", "2015"), Interval("2015-12-31"), True),
        (Interval("2014", "2015"), Interval("2016-01-01"), False),
        (Interval("2014-05"), Interval(None, "2014-05-01"), True),
        (Interval("2014-05"), Interval(None, "2014-04"), False),
        (Interval("2014-05-06T10:00", "2014-05-06T11:00"), Interval("2014-05-06T20:00", "2014-05-06T21:00"), True),
    ],
)
def test_two_intervals_overlap_when_they_may_share_a_day(one: Interval, other: Interval, together: bool) -> None:
    assert one.overlaps(other) is together
    assert other.overlaps(one) is together


@given(intervals(), intervals())
def test_overlap_is_having_a_day_in_common(one: Interval, other: Interval) -> None:
    (first, last), (other_first, other_last) = one.days(), other.days()
    shared = max(first, other_first) <= min(last, other_last)
    assert one.overlaps(other) is shared
    assert other.overlaps(one) is shared


@given(intervals())
def test_an_interval_overlaps_itself_and_always(one: Interval) -> None:
    assert one.overlaps(one)
    assert one.overlaps(Interval())


@given(intervals(), intervals(), intervals())
def test_a_wider_interval_overlaps_no_less(one: Interval, other: Interval, third: Interval) -> None:
    within = one.days()[0] <= other.days()[0] and other.days()[1] <= one.days()[1]
    if within and other.overlaps(third):
        assert one.overlaps(third)


# Moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024", datetime(2024, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2024-02", datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2024-02-03", datetime(2024, 2, 3, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2024-02-03T04:05", datetime(2024, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-02-03 04:05:06Z", datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2024-02-03T04:05:06.000007+05:30", datetime(2024, 2, 2, 22, 35, 6, 7, tzinfo=UTC)),
        ("9999-12-31", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc_and_a_bare_date_means_its_end(text: str, moment: datetime) -> None:
    read = parse_moment(text)
    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "20240203",
        "2024-W05-1",
        "2024-02-30",
        "2024-02-03T25:00",
        "2024-02-03T",
        "2024 hello",
        "9999-12-31T23:59:59-05:00",
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a "):
        parse_moment(text)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-23, 23))  # noqa: DTZ001
def test_a_moment_survives_being_written(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    text = moment_text(aware)
    assert len(text) == len("2024-02-03T04:05:06.000007Z")
    assert parse_moment(text) == aware


def test_moments_sort_as_their_texts() -> None:
    moments = [datetime(year, 1, 1, tzinfo=UTC) for year in (1, 33, 999, 1066, 2024)]
    assert [moment_text(moment) for moment in moments] == sorted(moment_text(moment) for moment in moments)


def test_now_is_in_utc() -> None:
    before = datetime.now(UTC)
    moment = now()
    assert before <= moment <= datetime.now(UTC)
    assert moment.utcoffset() == timedelta(0)
