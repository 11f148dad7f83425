"""When a way may be taken: windows, gaps and costs, forwards and mirrored."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from graph_service.model.time import day_range
from queries.paths.timing import EVER, Criterion, Pace, Timing


@pytest.mark.parametrize(
    ("asked", "window"),
    [
        ({}, (-EVER, EVER)),
        ({"depart_from": "2015"}, (day_range("2015-01-01")[0], EVER)),
        ({"arrive_by": "2015"}, (-EVER, day_range("2015-12-31")[0])),
        ({"depart_from": "2015-02", "arrive_by": "2015-02"}, (day_range("2015-02-01")[0], day_range("2015-02-28")[0])),
    ],
)
def test_a_window_is_the_widest_that_its_words_may_mean(asked: dict[str, Any], window: tuple[int, int]) -> None:
    assert Timing(**asked).window == window


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"depart_from": "2016", "arrive_by": "2015"}, "depart_from is after arrive_by"),
        ({"depart_from": "soon"}, "depart_from: not a date"),
        ({"arrive_by": "2015-02-30"}, "arrive_by: not a date"),
        ({"least_gap": 2, "greatest_gap": 1}, "greatest_gap is less than least_gap"),
        ({"least_gap": -1}, "least_gap"),
        ({"within": -1}, "within"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Timing(**asked)


@pytest.mark.parametrize(("criterion", "cost"), [("earliest", 9), ("latest", -4), ("fastest", 5), ("fewest", 0)])
def test_what_a_way_costs(criterion: Criterion, cost: int) -> None:
    pace = Pace(criterion)
    assert pace.cost(4, 9) == cost
    assert pace.cost(np.array([4, 4]), np.array([9, 9])).tolist() == [cost, cost]


@pytest.mark.parametrize("criterion", ["earliest", "latest", "fastest", "fewest"])
def test_mirrored_time_costs_the_same(criterion: Criterion) -> None:
    """A way from day 4 to 9 goes from -9 to -4 in mirrored time."""
    pace = Pace(criterion, (0, 20), 1, 3, 7)
    assert pace.mirrored.cost(-9, -4) == pace.cost(4, 9)
    assert pace.mirrored.window == (-20, 0)
    assert pace.mirrored.mirrored == pace


def test_gaps_and_windows_are_inclusive() -> None:
    pace = Pace("earliest", (10, 20), 1, 3)
    assert [gap for gap in range(-2, 6) if pace.allows(12, 12 + gap)] == [1, 2, 3]
    assert pace.fits(10, 20)
    assert not pace.fits(9, 12)
    assert not pace.fits(12, 21)
    assert Pace("earliest").allows(5, 5)
    assert not Pace("earliest").allows(5, 4)
    assert pace.gaps.tolist() == [1, 3]
    assert Pace("latest").gaps.tolist() == [0, -1]


def test_which_costs_are_known_only_at_the_end() -> None:
    assert [Pace(name).by_arrival for name in ("earliest", "fastest", "latest", "fewest")] == [True, True, False, False]
