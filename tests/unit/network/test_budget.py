"""The budget: links, a clock, and somebody who calls the work off."""

from __future__ import annotations

import threading
import time

import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import CALLED_OFF, OUT_OF_TIME, RUNNING, Budget


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
    time.sleep(0.12)
    assert not budget.exhausted
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and thread.is_alive()]


def test_the_clock_stops_when_the_work_fails() -> None:
    budget = Budget(Limits(seconds=30))

    def work() -> None:
        with budget:
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()
    deadline = time.monotonic() + 5
    while [t for t in threading.enumerate() if isinstance(t, threading.Timer)] and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not [t for t in threading.enumerate() if isinstance(t, threading.Timer)]


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
    with Budget(Limits(seconds=0.01)) as budget:
        budget.call_off()
        time.sleep(0.05)
        assert budget.state[0] == CALLED_OFF
    late = Budget(Limits(seconds=0.01))
    with late:
        time.sleep(0.05)
        late.call_off()
        with pytest.raises(Cancelled):
            _ = late.exhausted
