"""A real Neo4j for tests, benchmarks and development.

``start_neo4j()`` hands out a running server and stops it at the end. The first of these that is there is used:

1. the server named by ``NEO4J_URI`` (with ``NEO4J_USER``, ``NEO4J_PASSWORD``), which must be empty, for tests wipe it;
2. Java 17 or newer, with the server's jars fetched by Maven (with Graph Data Science unless told otherwise);
3. Docker with the community image (without Graph Data Science).

``python -m tests.services.neo4j_server`` runs one until Ctrl-C and prints how to reach it.
"""

import argparse
import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from tests.services.missing import ServiceMissingError
from tests.services.neo4j_artifacts import Artifacts, neo4j_artifacts

DOCKER_IMAGE = "neo4j:5.26-community"
_START_SECONDS = 180
_STOP_SECONDS = 30
_OLDEST_JAVA = 17

_WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
_CONF = """\
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.heap.initial_size={heap}
server.memory.heap.max_size={heap}
server.memory.pagecache.size={pagecache}
server.directories.plugins={plugins}
dbms.usage_report.enabled=false
dbms.security.procedures.unrestricted=gds.*
"""


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """A server that answers at ``uri`` to this user and password; ``pid`` is its process when Java runs it for us."""

    uri: str
    user: str
    password: str
    pid: int | None = None

    def driver(self) -> neo4j.Driver:
        """A new driver for this server; whoever asks for it closes it."""
        return neo4j.GraphDatabase.driver(self.uri, auth=(self.user, self.password))

    def wipe(self) -> None:
        """Delete all nodes, relationships and projected graphs; constraints and indexes stay."""
        with self.driver() as driver, driver.session() as session:
            session.run(_WIPE).consume()
            names = session.run("SHOW PROCEDURES YIELD name WHERE name = 'gds.graph.list' RETURN name").value()
            if names:
                session.run(
                    "CALL gds.graph.list() YIELD graphName CALL gds.graph.drop(graphName) YIELD graphName AS g RETURN g"
                ).consume()


@contextmanager
def start_neo4j(*, heap: str = "2G", pagecache: str = "512m", gds: bool = True) -> Iterator[Neo4jServer]:
    """A running server, stopped when the block ends; see the module for where it comes from.

    ``heap`` and ``pagecache`` are sizes as Java and Neo4j write them. Raises ServiceMissingError when there is no way
    to have one on this machine, and RuntimeError, with the end of the server's log, if it does not start.
    """
    uri = os.environ.get("NEO4J_URI")
    if uri:
        with _external(uri) as server:
            yield server
        return
    try:
        java, artifacts = _java(), neo4j_artifacts()
    except ServiceMissingError as no_java:
        try:
            docker = _docker()
        except ServiceMissingError as no_docker:
            raise ServiceMissingError(f"no Neo4j: NEO4J_URI is not set; {no_java}; {no_docker}") from no_docker
        with _by_docker(docker, heap, pagecache) as server:
            yield server
        return
    with _by_java(java, artifacts, heap, pagecache, gds) as server:
        yield server


@contextmanager
def _external(uri: str) -> Iterator[Neo4jServer]:
    """A server that somebody else runs: it must be empty, so that nobody loses a graph by running tests."""
    server = Neo4jServer(uri, os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", ""))
    with server.driver() as driver, driver.session() as session:
        nodes = session.run("MATCH (n) RETURN count(n)").single(strict=True).value()
    if nodes:
        raise RuntimeError(
            f"NEO4J_URI={uri} holds {nodes} nodes; tests wipe the database they use, so give them an empty one"
        )
    yield server
    server.wipe()


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        raise ServiceMissingError("Java is not installed")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < _OLDEST_JAVA:
        raise ServiceMissingError(f"Java {_OLDEST_JAVA} or newer is needed, and {java} says: {told.strip()[:200]}")
    return java


@contextmanager
def _by_java(java: str, artifacts: Artifacts, heap: str, pagecache: str, gds: bool) -> Iterator[Neo4jServer]:
    home = Path(tempfile.mkdtemp(prefix="graph-service-neo4j-"))
    port = _free_port()
    for folder in ("conf", "data", "import", "logs", "plugins", "run"):
        (home / folder).mkdir()
    plugins = artifacts.plugin if gds else home / "plugins"
    settings = _CONF.format(port=port, heap=heap, pagecache=pagecache, plugins=plugins)
    (home / "conf" / "neo4j.conf").write_text(settings, encoding="utf-8")
    opened = [
        f"--add-opens=java.base/{each}=ALL-UNNAMED" for each in ("java.nio", "java.io", "sun.nio.ch", "java.lang")
    ]
    class_path = f"{artifacts.server}/*" + (f":{plugins}/*" if gds else "")
    main = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    output = home / "logs" / "console.log"
    with output.open("wb") as console:
        process = subprocess.Popen(
            [java, f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseG1GC", *opened, "-cp", class_path, *main],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the test run, which then stops the server itself
        )
    try:
        with _stopped_with_us(process.pid, home):
            _wait_until_started(process, home / "logs" / "neo4j.log", output)
            yield _with_own_password(f"neo4j://127.0.0.1:{port}", process.pid)
    finally:
        _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _stopped_with_us(pid: int, home: Path) -> Iterator[None]:
    """End that process, with its files, should this one be killed: a shell waits for the end of a pipe that we hold."""
    script = 'cat >/dev/null; kill "$0"; while kill -0 "$0"; do sleep 0.5; done; rm -rf "$1"'
    guard = subprocess.Popen(
        ["sh", "-c", script, str(pid), str(home)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.kill()
        guard.communicate()


def _wait_until_started(process: "subprocess.Popen[bytes]", log: Path, output: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if log.is_file() and "Started." in log.read_text(encoding="utf-8", errors="replace"):
            return
        if process.poll() is not None:
            raise RuntimeError(
                f"Neo4j ended with code {process.returncode} before it had started:\n{_tail(log, output)}"
            )
        time.sleep(0.1)
    raise RuntimeError(f"Neo4j did not start in {_START_SECONDS} s:\n{_tail(log, output)}")


def _tail(*logs: Path) -> str:
    lines = [
        line for log in logs if log.is_file() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
    return "\n".join(lines[-40:])


def _with_own_password(uri: str, pid: int) -> Neo4jServer:
    """The server after its first log-in, at which it insists on another password than the one it is delivered with."""
    password = secrets.token_urlsafe(16)
    with (
        neo4j.GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver,
        driver.session(database="system") as session,
    ):
        session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password", password=password).consume()
    return Neo4jServer(uri, "neo4j", password, pid)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _docker() -> str:
    docker = shutil.which("docker")
    if docker is None:
        raise ServiceMissingError("Docker is not installed")
    try:
        told = subprocess.run([docker, "info"], capture_output=True, text=True, timeout=20, check=False)
    except subprocess.TimeoutExpired as silence:
        raise ServiceMissingError("the Docker engine does not answer") from silence
    if told.returncode != 0:
        last = (told.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ServiceMissingError(f"the Docker engine does not answer: {last}")
    return docker


@contextmanager
def _by_docker(docker: str, heap: str, pagecache: str) -> Iterator[Neo4jServer]:
    port, password = _free_port(), secrets.token_urlsafe(16)
    server = Neo4jServer(f"neo4j://127.0.0.1:{port}", "neo4j", password)
    settings = {
        "NEO4J_AUTH": f"neo4j/{password}",
        "NEO4J_server_bolt_advertised__address": f"127.0.0.1:{port}",
        "NEO4J_server_memory_heap_max__size": heap,
        "NEO4J_server_memory_pagecache_size": pagecache,
        "NEO4J_dbms_usage__report_enabled": "false",
    }
    options = [word for name, value in settings.items() for word in ("--env", f"{name}={value}")]
    command = [docker, "run", "--detach", "--publish", f"127.0.0.1:{port}:7687", *options, DOCKER_IMAGE]
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise RuntimeError(f"Docker cannot run {DOCKER_IMAGE}: {made.stderr.strip()}")
    container = made.stdout.strip()
    try:
        _wait_until_answering(server, docker, container)
        yield server
    finally:
        subprocess.run([docker, "rm", "--force", "--volumes", container], capture_output=True, check=False)


def _wait_until_answering(server: Neo4jServer, docker: str, container: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(Neo4jError, DriverError), server.driver() as driver:
            driver.verify_connectivity()
            return
        time.sleep(0.5)
    logs = subprocess.run([docker, "logs", "--tail", "40", container], capture_output=True, text=True, check=False)
    raise RuntimeError(f"Neo4j did not answer in {_START_SECONDS} s:\n{logs.stdout}{logs.stderr}")


def main() -> None:
    """Run a server until Ctrl-C or SIGTERM, and print the settings that reach it."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.services.neo4j_server", description="Run a Neo4j until Ctrl-C."
    )
    parser.add_argument("--heap", default="2G", help="size of the Java heap (default: %(default)s)")
    parser.add_argument("--pagecache", default="512m", help="size of the page cache (default: %(default)s)")
    parser.add_argument("--no-gds", action="store_true", help="leave Graph Data Science out")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with (
        contextlib.suppress(KeyboardInterrupt),
        start_neo4j(heap=options.heap, pagecache=options.pagecache, gds=not options.no_gds) as server,
    ):
        print(f"NEO4J_URI={server.uri} NEO4J_USER={server.user} NEO4J_PASSWORD={server.password}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
