"""Running a question for a client: in a worker thread, a few at a time, called off when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import HTTPException, Request

from graph_service.network.budget import Budget
from graph_service.service import GraphService

T = TypeVar("T")
_LOOK_SECONDS = 0.25
"""How often is looked whether the client is still there."""


async def run(request: Request, work: Callable[[Budget], T]) -> T:
    """The result of the work, done under a fresh budget that is called off within a second of a disconnect.

    Answers 503 at once when as many questions run as the settings allow: better than to pile up.
    """
    slots: asyncio.Semaphore = request.app.state.slots
    service: GraphService = request.app.state.service
    if slots.locked():
        raise HTTPException(503, "as many questions as allowed are being answered", {"Retry-After": "1"})
    async with slots:
        budget = Budget(service.limits)
        task = asyncio.create_task(asyncio.to_thread(work, budget))
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK_SECONDS)
            if not task.done() and await request.is_disconnected():
                budget.call_off()
        return await task
