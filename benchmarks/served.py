"""A shortest path over HTTP: the service as a process of its own, one client."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.harness import SEED, Measured, milliseconds, size_name
from benchmarks.synthetic import world

PAIRS = 300
Json = dict[str, Any]


def measure(graph: Path, entities: int, links: int) -> Iterator[Measured]:
    """Random pairs of the world, asked one after another on one connection; evidence fetched with each answer."""
    ids = world(entities, links, SEED)[0]["entity_id"].to_pylist()
    rng = random.Random(SEED)
    pairs = [(rng.choice(ids), rng.choice(ids)) for _ in range(PAIRS)]
    with _service(graph) as url, httpx2.Client(base_url=url, timeout=60, trust_env=False) as client:
        first = _asked(client, *pairs[0])()
        assert first["result"]["paths"] or first["result"]["proof"]
        _asked(client, *pairs[1])()
        p50, p95 = milliseconds(_asked(client, source, target) for source, target in pairs)
    yield Measured(
        "one shortest path by HTTP, one client",
        size_name(entities, links),
        f"p50 {p50:.1f}, p95 {p95:.1f} ms",
        "",
        "",
        "p95 15 ms",
        p95 <= 15 if links >= 5_000_000 else None,
    )


def _asked(client: httpx2.Client, source: str, target: str) -> Callable[[], Json]:
    body = {"parameters": {"source": source, "target": target, "limit": 1}}

    def ask() -> Json:
        response = client.post("/v1/questions/shortest-paths", json=body)
        response.raise_for_status()
        answer: Json = response.json()
        return answer

    return ask


@contextmanager
def _service(graph: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"GRAPH_STORE": "embedded", "GRAPH_PATH": str(graph), "GRAPH_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "graph_service.cli.main", "serve"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx2.get(f"{url}/v1/health", trust_env=False)
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)
