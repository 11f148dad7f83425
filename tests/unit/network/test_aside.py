"""Work done aside: what it gives, what it raises, and that nobody waits for it longer than the budget lasts."""

from __future__ import annotations

import threading
import time

import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.aside import aside
from graph_service.network.budget import Budget


def test_what_the_work_gives_is_handed_back() -> None:
    with Budget() as budget:
        assert aside(lambda: [1, 2], budget) == [1, 2]


def test_what_the_work_raises_is_raised_here() -> None:
    def work() -> int:
        raise KeyError("broken")

    with Budget() as budget, pytest.raises(KeyError, match="broken"):
        aside(work, budget)


def test_a_spent_budget_starts_nothing() -> None:
    begun: list[int] = []
    with Budget(Limits(links=5)) as budget:
        budget.spend(5)
        assert aside(lambda: begun.append(1), budget) is None
    assert begun == []


def test_nobody_waits_when_the_time_is_up() -> None:
    go_on = threading.Event()
    begun = time.monotonic()
    with Budget(Limits(seconds=0.05)) as budget:
        assert aside(lambda: go_on.wait(30), budget) is None
    assert time.monotonic() - begun < 5
    go_on.set()


def test_called_off_from_another_thread_is_cancelled_at_once() -> None:
    go_on = threading.Event()
    with Budget() as budget:
        threading.Timer(0.1, budget.call_off).start()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            aside(lambda: go_on.wait(30), budget)
    assert time.monotonic() - begun < 1.1
    go_on.set()


def test_the_thread_ends_with_its_work() -> None:
    with Budget() as budget:
        aside(lambda: 1, budget)
    deadline = time.monotonic() + 5
    while any(thread.name == "aside" for thread in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(thread.name == "aside" for thread in threading.enumerate())
