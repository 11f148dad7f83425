"""The work a question may do: a count of links looked at, a deadline and a way to call it off.

Compiled loops read and write ``state`` (two 64-bit integers) without the interpreter; interpreted loops call
``spend``. Whoever calls off or runs out stops the work within one stride of a loop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import numpy as np
import numpy.typing as npt

from graph_service.errors import Cancelled
from graph_service.model.answer import DEFAULT_LIMITS, Limits

RUNNING, OUT_OF_TIME, CALLED_OFF = 0, 1, 2
STRIDE = 4_096
"""Links between two looks at the state in a loop."""
TICK_SECONDS = 0.02
"""How often deadlines are looked at."""


class Budget:
    """The budget of one question; use it as a context manager so that its clock is stopped at the end."""

    __slots__ = ("limits", "state")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        """A fresh budget; the clock starts on entering the context."""
        self.limits = limits
        self.state: npt.NDArray[np.int64] = np.zeros(2, dtype=np.int64)

    def __enter__(self) -> Self:
        """Starts the clock."""
        _CLOCK.watch(self)
        return self

    def __exit__(self, *_: object) -> None:
        """Stops the clock."""
        _CLOCK.forget(self)

    @property
    def explored(self) -> int:
        """Links looked at so far."""
        return int(self.state[1])

    @property
    def exhausted(self) -> bool:
        """Whether the work must stop: too many links, too late, or called off (then raises Cancelled)."""
        if self.state[0] == CALLED_OFF:
            raise Cancelled("the question was called off")
        return bool(self.state[0] != RUNNING or self.state[1] >= self.limits.links)

    def spend(self, links: int) -> bool:
        """Count links as looked at; True while there is budget left."""
        self.state[1] += links
        return not self.exhausted

    def call_off(self) -> None:
        """Stop the work, from any thread."""
        self.state[0] = CALLED_OFF

    def run_out(self) -> None:
        """The time is up: the work stops with what it has."""
        if self.state[0] == RUNNING:
            self.state[0] = OUT_OF_TIME


class _Clock:
    """Tells budgets when their time is up: one thread for all, for a timer each costs 0.1 ms a question."""

    def __init__(self) -> None:
        self._ends: dict[Budget, float] = {}
        self._lock = threading.Lock()
        self._held_at = 0.0
        self._running = False
        self._holding = 0

    def hold(self) -> None:
        """Time stands still for all budgets, until as many calls of ``go_on`` have come."""
        with self._lock:
            self._holding += 1
            if self._holding == 1:
                self._held_at = time.monotonic()

    def go_on(self) -> None:
        """Time runs again, from where it stood."""
        with self._lock:
            self._holding -= 1
            if self._holding == 0:
                missed = time.monotonic() - self._held_at
                self._ends = {budget: end + missed for budget, end in self._ends.items()}

    def watch(self, budget: Budget) -> None:
        with self._lock:
            self._ends[budget] = time.monotonic() + budget.limits.seconds
            if not self._running:
                self._running = True
                threading.Thread(target=self._tick, name="clock", daemon=True).start()

    def forget(self, budget: Budget) -> None:
        with self._lock:
            self._ends.pop(budget, None)

    def _tick(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            with self._lock:
                if self._holding:
                    continue
                now = time.monotonic()
                for budget in [budget for budget, end in self._ends.items() if end <= now]:
                    del self._ends[budget]
                    budget.run_out()


_CLOCK = _Clock()


@contextmanager
def clocks_held() -> Iterator[None]:
    """Work that no question asked for, such as compiling a loop at its first use, takes nothing from any budget."""
    _CLOCK.hold()
    try:
        yield
    finally:
        _CLOCK.go_on()
