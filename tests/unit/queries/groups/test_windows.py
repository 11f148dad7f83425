"""How time is cut into windows, and that each shows what the view shows of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import InvalidParameter
from graph_service.model.scope import Events, Scope
from graph_service.model.time import Interval, day_range, day_text
from graph_service.network.view import View
from queries.groups.windows import MOST_WINDOWS, Clock, Window, undated, windows_of
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, shown
from tests.unit.network.tables import Ledger, day, entity, link, said


def dated(*spans: tuple[str | None, str | None], scope: Scope | None = None) -> View:
    """A view of one link a span, all between the same two entities."""
    links = [link(f"l{n}", "a", "b", by=said(valid=span)) for n, span in enumerate(spans)]
    return View(Ledger().put([entity("a"), entity("b")], links).network(), scope or Scope())


def cut(view: View, step: str) -> list[tuple[str, str]]:
    return [(window.start, window.end) for window in windows_of(view, Clock.VALID, step)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("year", [("2014-11-20", "2014-12-31"), ("2015-01-01", "2015-05-04")]),
        (
            "quarter",
            [("2014-11-20", "2014-12-31"), ("2015-01-01", "2015-03-31"), ("2015-04-01", "2015-05-04")],
        ),
        ("100", [("2014-11-20", "2015-02-27"), ("2015-02-28", "2015-05-04")]),
        ("166", [("2014-11-20", "2015-05-04")]),
        ("165", [("2014-11-20", "2015-05-03"), ("2015-05-04", "2015-05-04")]),
    ],
)
def test_years_quarters_and_days(step: str, expected: list[tuple[str, str]]) -> None:
    assert cut(dated(("2014-11-20", "2015-01"), (None, "2015-05-04"), (None, None)), step) == expected


def test_months_follow_on_one_another_over_the_end_of_a_year_and_in_leap_years() -> None:
    months = cut(dated(("2015-12-30", "2016-03-01")), "month")
    assert months == [
        ("2015-12-30", "2015-12-31"),
        ("2016-01-01", "2016-01-31"),
        ("2016-02-01", "2016-02-29"),
        ("2016-03-01", "2016-03-01"),
    ]


@given(st.dates().map(str), st.integers(0, 5_000), st.sampled_from(["month", "quarter", "year", "7", "30", "1000"]))
def test_windows_cover_the_span_without_gap_or_overlap(first: str, length: int, step: str) -> None:
    begin = min(day_range(first)[0], day_range("9980")[0])
    view = dated((day_text(begin), day_text(begin + length)))
    try:
        windows = cut(view, step)
    except InvalidParameter:
        assert length > MOST_WINDOWS * 7
        return
    days = [(day_range(start)[0], day_range(end)[1]) for start, end in windows]
    assert days[0][0] == begin
    assert days[-1][1] == begin + length
    assert all(end + 1 == start for (_, end), (start, _) in pairwise(days))
    assert all(start <= end for start, end in days)
    assert len(windows) <= MOST_WINDOWS


def test_nothing_dated_has_no_windows() -> None:
    assert cut(dated((None, None)), "year") == []
    assert undated(dated((None, None), ("2014", None))) == 1


def test_the_window_of_the_scope_is_not_left() -> None:
    scope = Scope(window=Interval("2014-06", "2015"))
    assert cut(dated(("2010", "2020"), scope=scope), "year") == [
        ("2014-06-01", "2014-12-31"),
        ("2015-01-01", "2015-12-31"),
    ]


def test_a_date_of_an_event_is_that_of_its_roles() -> None:
    records = [entity("a"), entity("b"), entity("t", "MoneyTransfer", by=said(valid=("2017-03-02", "2017-03-02")))]
    roles = [link("o", "a", "t", "ORIGINATOR"), link("r", "t", "b", "BENEFICIARY")]
    network = Ledger().put(records, roles).network()
    for events in Events:
        view = View(network, Scope(events=events))
        assert cut(view, "month") == [("2017-03-02", "2017-03-02")]
        assert undated(view) == 0


@pytest.mark.parametrize("step", ["", "week", "0", "-1", "years", "1.5", "month "])
def test_other_steps_are_refused(step: str) -> None:
    with pytest.raises(InvalidParameter, match="step: month, quarter, year or a number of days"):
        windows_of(dated(("2014", "2015")), Clock.VALID, step)


def test_too_many_windows_are_refused_with_a_way_out() -> None:
    with pytest.raises(InvalidParameter, match=r"step=1 gives 731 windows, 200 at most: take a longer step"):
        windows_of(dated(("2015", "2016")), Clock.VALID, "1")


@UNHURRIED
@given(ledgers(), scopes())
def test_a_window_shows_what_the_view_would_show_of_it(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    for window in windows_of(view, Clock.VALID, "year"):
        seen = window.of(view, Clock.VALID)
        nodes, links = shown(ledger, replace(scope, window=Interval(window.start, window.end)))
        assert set(seen.node_ids()) == set(nodes)
        assert {seen.link_id(place) for place in range(len(seen.links))} == set(links)
        assert set(links) <= set(shown(ledger, scope)[1])


def told(view: View) -> list[tuple[str, int]]:
    return [(one.end, len(one.of(view, Clock.KNOWN).links)) for one in windows_of(view, Clock.KNOWN, "year")]


def test_what_was_known_grows_by_moment_and_forgets_what_was_taken_back() -> None:
    people = [entity(name) for name in "abc"]
    ledger = Ledger().put(people, [link("1", "a", "b", by=said("one"))], day(0))
    ledger.put([], [link("2", "b", "c", by=said("two"))], day(5)).withdraw("one", day(7))
    ledger.put([], [link("3", "a", "c", by=said("three"))], day(9))
    moments = ["2024-01-06T00:00:00.000000Z", "2024-01-10T00:00:00.000000Z"]
    assert told(View(ledger.network())) == [(moments[0], 2), (moments[1], 2)]
    assert told(View(ledger.network(), Scope(known_at=day(8)))) == [(moments[0], 2)]
    assert windows_of(View(ledger.network()), Clock.KNOWN, "year")[1] == Window(*moments)


def test_hidden_records_make_no_moments() -> None:
    open_link, marked = link("1", "a", "b"), link("2", "a", "b", by=said(markings=["secret"]))
    ledger = Ledger().put([entity("a"), entity("b")], [open_link], day(0)).put([], [marked], day(5))
    assert len(told(View(ledger.network()))) == 2
    assert len(told(View(ledger.network(), Scope(markings=frozenset())))) == 1


def test_too_many_moments_are_refused() -> None:
    ledger = Ledger().put([entity("a"), entity("b")])
    for number in range(MOST_WINDOWS + 1):
        ledger.put([], [link(str(number), "a", "b")], day(number))
    with pytest.raises(InvalidParameter, match="by=known gives 201 windows, 200 at most: ask by=valid"):
        windows_of(View(ledger.network()), Clock.KNOWN, "year")
