"""On a real port, with real connections: clients that leave, bodies that are too large, a server that stops."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import httpx2
import pytest
import uvicorn

from graph_service.api.app import create_app
from graph_service.config import Settings
from graph_service.errors import Cancelled
from graph_service.network.budget import Budget
from graph_service.service import GraphService
from tests.unit.api import served


class Endless(GraphService):
    """Questions that look at links until they are called off."""

    began = threading.Event()
    ended = threading.Event()
    called_off: ClassVar[list[float]] = []

    def ask(self, *_args: Any, budget: Budget | None = None, **_given: Any) -> Any:
        assert budget is not None
        self.began.set()
        try:
            with budget:
                while budget.spend(1):
                    time.sleep(0.001)
        except Cancelled:
            self.called_off.append(time.monotonic())
            raise
        finally:
            self.ended.set()
        raise AssertionError("the budget ran out before anybody left")


@contextmanager
def serving(behind: GraphService, graceful: int = 5, questions: int = 16) -> Iterator[tuple[str, uvicorn.Server]]:
    """A server on a free port and its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = create_app(behind, Settings(graph_limit_questions=questions))
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=graceful)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", server
        finally:
            server.should_exit = True
            thread.join(10)
            behind.close()
    assert not thread.is_alive()


@pytest.fixture
def endless() -> type[Endless]:
    Endless.began.clear()
    Endless.ended.clear()
    Endless.called_off.clear()
    return Endless


def ask(url: str) -> socket.socket:
    """A connection on which a question has been asked and nothing read."""
    host, port = url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    head = "POST /v1/questions/degree HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    connection.sendall(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())
    return connection


def test_work_stops_within_a_second_when_the_client_leaves(endless: type[Endless]) -> None:
    with serving(served.service(endless)) as (url, _):
        connection = ask(url)
        assert endless.began.wait(5)
        left = time.monotonic()
        connection.close()
        assert endless.ended.wait(5)
        assert endless.called_off[0] - left < 1
        assert httpx2.get(f"{url}/v1/health", trust_env=False).status_code == 200


def test_a_client_that_gives_up_leaves(endless: type[Endless]) -> None:
    with serving(served.service(endless)) as (url, _), pytest.raises(httpx2.ReadTimeout):
        httpx2.post(f"{url}/v1/questions/degree", json={}, timeout=0.2, trust_env=False)
    assert endless.called_off


def test_one_more_than_the_settings_allow_is_told_to_come_again(endless: type[Endless]) -> None:
    with serving(served.service(endless), questions=1) as (url, _):
        first = ask(url)
        assert endless.began.wait(5)
        response = httpx2.post(f"{url}/v1/questions/degree", json={}, timeout=10, trust_env=False)
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert response.headers["content-type"] == "application/problem+json"
        assert httpx2.get(f"{url}/v1/stats", trust_env=False).status_code == 200
        first.close()
        assert endless.ended.wait(5)


def test_a_server_that_stops_calls_off_what_does_not_end(endless: type[Endless]) -> None:
    with serving(served.service(endless), graceful=1) as (url, server), ask(url):
        assert endless.began.wait(5)
        stopped = time.monotonic()
        server.should_exit = True
        assert endless.ended.wait(5)
    assert endless.called_off[0] - stopped < 2.5


@pytest.mark.parametrize("sized", [True, False])
def test_a_body_that_is_too_large_is_refused_in_words_not_by_a_reset(sized: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 100_000

    with serving(served.service()) as (url, _), httpx2.Client(base_url=url, trust_env=False) as client:
        body: Any = b" " * 10_000_000 if sized else pieces()
        response = client.post("/v1/questions/degree", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"
        assert client.get("/v1/health").status_code == 200


def test_many_at_once_are_all_answered() -> None:
    statuses: list[int] = []
    with serving(served.service()) as (url, _), httpx2.Client(base_url=url, trust_env=False) as client:

        def asked() -> None:
            names = ("degree", "components", "communities")
            statuses.extend(client.post(f"/v1/questions/{name}", json={}).status_code for name in names)

        threads = [threading.Thread(target=asked) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 60
