"""Work that cannot be called off, done aside, so that the question it belongs to still can.

A native library call has no look at the budget. It runs in a thread of its own; whoever asked waits for it only as
long as the budget lasts. A call that nobody waits for any more runs to its end and is forgotten.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from graph_service.network.budget import Budget

T = TypeVar("T")
LOOK_SECONDS = 0.05
"""How often the budget is looked at while waiting."""


class _Aside(Generic[T]):
    """One call, its outcome, and whether it has come."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.work = work
        self.done = threading.Event()
        self.outcome: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.outcome.append(self.work())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asked, whatever it is
            self.error = error
        finally:
            self.done.set()


def aside(work: Callable[[], T], budget: Budget) -> T | None:
    """What the work gives, None when the budget ended before it was done.

    The work must change nothing that others read. Raises what the work raises, and Cancelled when called off; both
    within about 0.05 s.
    """
    if not budget.spend(0):
        return None
    call = _Aside(work)
    threading.Thread(target=call.run, name="aside", daemon=True).start()
    while not call.done.wait(LOOK_SECONDS):
        if not budget.spend(0):
            return None
    if call.error is not None:
        raise call.error
    return call.outcome[0]
