"""Running a question for a client: in a worker thread, a few at a time, called off when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import Request

from graph_service.api.errors import Busy
from graph_service.model.answer import Limits
from graph_service.network.budget import Budget

T = TypeVar("T")


class Desk:
    """Where questions are answered: so many at a time, the next wait a little, the rest are told to come again."""

    def __init__(self, limits: Limits, places: int, *, patience: float = 2.0) -> None:
        """``places``: questions at the same time; ``patience``: seconds that one waits for its turn."""
        self._limits = limits
        self._patience = patience
        self._free = asyncio.Semaphore(places)
        self._pool = ThreadPoolExecutor(places, thread_name_prefix="question")

    async def run(self, request: Request, work: Callable[[Budget], T]) -> T:
        """The result of the work, done under a budget of its own that is called off when the client is gone.

        Raises Busy when no place gets free in time, Cancelled when the work was called off.
        """
        budget = Budget(self._limits)
        watching = asyncio.create_task(_until_gone(request, budget))
        try:
            await self._place()
            doing = asyncio.get_running_loop().run_in_executor(self._pool, work, budget)
            doing.add_done_callback(self._leave)
            return await asyncio.shield(doing)
        except asyncio.CancelledError:  # the server stops
            budget.call_off()
            raise
        finally:
            watching.cancel()

    def close(self) -> None:
        """Begin no other question; those under way end by their budget."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self, done: asyncio.Future[T]) -> None:
        self._free.release()
        if not done.cancelled():
            done.exception()  # seen, should nobody wait for it any more

    async def _place(self) -> None:
        try:
            await asyncio.wait_for(self._free.acquire(), self._patience)
        except TimeoutError:
            raise Busy("as many questions are being answered as the settings allow") from None


async def _until_gone(request: Request, budget: Budget) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    budget.call_off()
