"""The budget: links, a clock, and somebody who calls the work off."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import numpy as np
import numpy.typing as npt
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import CALLED_OFF, OUT_OF_TIME, RUNNING, Budget, clocks_held
from graph_service.network.compiled import available


def test_a_fresh_budget_has_everything_left() -> None:
    budget = Budget(Limits(links=10))
    assert not budget.exhausted
    assert budget.explored == 0
    assert budget.state.tolist() == [RUNNING, 0]


def test_spending_counts_and_ends() -> None:
    budget = Budget(Limits(links=10))
    assert budget.spend(4)
    assert budget.spend(5)
    assert budget.explored == 9
    assert not budget.spend(1)
    assert budget.exhausted
    assert budget.explored == 10


def test_time_runs_out_inside_the_context_only() -> None:
    budget = Budget(Limits(seconds=0.02))
    time.sleep(0.05)
    assert budget.spend(0)
    with budget:
        deadline = time.monotonic() + 5
        while budget.spend(0) and time.monotonic() < deadline:
            time.sleep(0.005)
        assert budget.state[0] == OUT_OF_TIME
        assert budget.exhausted


def test_the_clock_stops_with_the_context() -> None:
    with Budget(Limits(seconds=0.05)) as budget:
        pass
    time.sleep(0.15)
    assert not budget.exhausted


def test_the_clock_stops_when_the_work_fails() -> None:
    budget = Budget(Limits(seconds=0.05))

    def work() -> None:
        with budget:
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()
    time.sleep(0.15)
    assert not budget.exhausted


def test_each_of_many_budgets_has_its_own_deadline_and_no_thread_of_its_own() -> None:
    before = threading.active_count()
    short, long = [Budget(Limits(seconds=0.03)) for _ in range(20)], [Budget(Limits(seconds=60)) for _ in range(20)]
    with ExitStack() as entered:
        for budget in [*short, *long]:
            entered.enter_context(budget)
        assert threading.active_count() <= before + 1
        deadline = time.monotonic() + 5
        while any(budget.spend(0) for budget in short) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert all(budget.exhausted for budget in short)
        assert not any(budget.exhausted for budget in long)


def test_calling_off_from_another_thread_raises_where_the_work_looks() -> None:
    budget = Budget()
    thread = threading.Thread(target=budget.call_off)
    thread.start()
    thread.join(5)
    with pytest.raises(Cancelled, match="called off"):
        _ = budget.exhausted
    with pytest.raises(Cancelled):
        budget.spend(1)


def test_being_called_off_outlasts_the_clock() -> None:
    early, late = Budget(), Budget()
    early.call_off()
    early.run_out()
    late.run_out()
    assert late.state[0] == OUT_OF_TIME
    late.call_off()
    for budget in (early, late):
        assert budget.state[0] == CALLED_OFF
        with pytest.raises(Cancelled):
            _ = budget.exhausted


def out_of_time(budget: Budget) -> bool:
    """Whether the clock has said so."""
    return bool(budget.state[0] == OUT_OF_TIME)


def test_time_stands_still_while_clocks_are_held() -> None:
    """What no question asked for takes nothing from a budget, and afterwards time goes on from where it stood."""
    with Budget(Limits(seconds=0.1)) as budget:
        with clocks_held(), clocks_held():
            time.sleep(0.3)
            assert not out_of_time(budget)
        assert not out_of_time(budget)
        time.sleep(0.4)
        assert out_of_time(budget)


def test_compiling_a_loop_takes_no_time_from_a_question() -> None:
    if not available("numba"):
        pytest.skip("the loops are compiled by numba, which is not here")
    from numba import njit

    @njit(nogil=True)
    def doubled(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        made = np.empty_like(numbers)
        for place in range(len(numbers)):
            made[place] = 2 * numbers[place]
        return made

    begun = time.perf_counter()
    with Budget(Limits(seconds=0.02)) as budget:
        doubled(np.ones(3))
        compiled_in = time.perf_counter() - begun
        assert not out_of_time(budget)
        time.sleep(0.2)
        assert out_of_time(budget)
    assert compiled_in > 0.02, "compiling must take longer than the question may for this to say anything"
