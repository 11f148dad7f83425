"""The desk: so many questions at a time, the others wait a little, and whoever left is no longer worked for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import Request

from graph_service.api.errors import Busy
from graph_service.api.running import Desk
from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import Budget


class Wire:
    """The messages of a client, which stays until it is told to leave."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    @property
    def request(self) -> Request:
        return Request({"type": "http", "method": "GET", "headers": []}, self.receive)


def working(budget: Budget) -> str:
    """Work that ends only when it is called off or its time is up."""
    while not budget.exhausted:
        time.sleep(0.002)
    return "out of time"


def ran(steps: Callable[[Desk], Any], places: int = 2, patience: float = 0.1, seconds: float = 5.0) -> Any:
    async def run() -> Any:
        desk = Desk(Limits(seconds=seconds), places, patience=patience)
        try:
            return await steps(desk)
        finally:
            desk.close()

    return asyncio.run(run())


def test_work_is_done_in_a_thread_of_its_own() -> None:
    async def steps(desk: Desk) -> str:
        return await desk.run(Wire().request, lambda _: threading.current_thread().name)

    assert ran(steps).startswith("question")


def test_an_error_of_the_work_is_the_answer() -> None:
    async def steps(desk: Desk) -> None:
        await desk.run(Wire().request, lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        ran(steps)


def test_whoever_leaves_calls_the_work_off() -> None:
    async def steps(desk: Desk) -> float:
        wire = Wire()
        asked = asyncio.create_task(desk.run(wire.request, working))
        await asyncio.sleep(0.05)
        wire.left.set()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            await asked
        return time.monotonic() - begun

    assert ran(steps) < 0.5


def test_too_many_are_sent_away_and_a_place_is_free_again() -> None:
    async def steps(desk: Desk) -> str:
        wires = [Wire(), Wire()]
        asked = [asyncio.create_task(desk.run(wire.request, working)) for wire in wires]
        await asyncio.sleep(0.02)
        with pytest.raises(Busy):
            await desk.run(Wire().request, working)
        wires[0].left.set()
        told = await desk.run(Wire().request, lambda _: "here")
        wires[1].left.set()
        assert [type(one) for one in await asyncio.gather(*asked, return_exceptions=True)] == [Cancelled, Cancelled]
        return told

    assert ran(steps) == "here"


def test_one_more_waits_for_its_turn() -> None:
    async def steps(desk: Desk) -> str:
        asyncio.get_running_loop().call_later(0.05, wire.left.set)
        first = asyncio.create_task(desk.run(wire.request, working))
        await asyncio.sleep(0.01)
        told = await desk.run(Wire().request, lambda _: "second")
        with pytest.raises(Cancelled):
            await first
        return told

    wire = Wire()
    assert ran(steps, places=1, patience=2.0) == "second"


def test_a_place_is_free_only_when_the_work_has_ended() -> None:
    ended = threading.Event()

    async def steps(desk: Desk) -> None:
        asked = asyncio.create_task(desk.run(Wire().request, lambda _: ended.wait(5)))
        await asyncio.sleep(0.02)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        with pytest.raises(Busy):
            await desk.run(Wire().request, working)
        ended.set()
        await desk.run(Wire().request, lambda _: None)

    ran(steps, places=1)


def test_a_server_that_stops_calls_the_work_off() -> None:
    seen: list[Budget] = []

    def work(budget: Budget) -> str:
        seen.append(budget)
        return working(budget)

    async def steps(desk: Desk) -> None:
        asked = asyncio.create_task(desk.run(Wire().request, work))
        await asyncio.sleep(0.05)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    ran(steps)
    with pytest.raises(Cancelled):
        _ = seen[0].exhausted
