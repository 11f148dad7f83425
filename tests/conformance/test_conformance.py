"""Every case in every place, and the guards that keep the suite honest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from graph_service.errors import EngineCannot, UsageError
from graph_service.model.ontology import load_ontology
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from queries.catalogue import CATALOGUE
from tests import worlds
from tests.conformance.suite import ANYONE, FOLDER, PLACES, Case, cases, check, refused_in_neo4j, steps
from tests.services.neo4j_server import Neo4jServer
from tests.stores import fresh_neo4j

CASES = cases()


class Worlds:
    """The services of the world in use, one a store; another world replaces them."""

    def __init__(self) -> None:
        """Holds nothing yet."""
        self._world = ""
        self._services: dict[str, GraphService] = {}

    def service(self, world: str, store: str, server: Neo4jServer | None) -> GraphService:
        """The service of a world in a store, built when it is not the one in use."""
        if world != self._world:
            self.close()
            self._world = world
        if store not in self._services:
            held = EmbeddedStore(None) if server is None else fresh_neo4j(server)
            worlds.build(held, steps(world))
            self._services[store] = GraphService(held, load_ontology())
        return self._services[store]

    def close(self) -> None:
        """Release every store."""
        for service in self._services.values():
            service.close()
        self._services = {}


@pytest.fixture(scope="module")
def built() -> Iterator[Worlds]:
    """The worlds of this module, released at its end."""
    held = Worlds()
    yield held
    held.close()


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("engine", [engine for store, engine in PLACES if store == "embedded"])
def test_case_on_the_embedded_store(case: Case, engine: str, built: Worlds) -> None:
    """The case holds on the embedded store."""
    check(built.service(case.world, "embedded", None), case, engine)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("engine", [engine for store, engine in PLACES if store == "neo4j"])
def test_case_on_neo4j(case: Case, engine: str, built: Worlds, neo4j_server: Neo4jServer) -> None:
    """The case holds on a real Neo4j; a scope that the engine does not take on is refused, not guessed."""
    service = built.service(case.world, "neo4j", neo4j_server)
    if refused_in_neo4j(case, engine):
        with pytest.raises((EngineCannot, UsageError)):
            service.ask(case.question, case.parameters, worlds.scope(case.scope), ANYONE, engine=engine)
        return
    check(service, case, engine)


def test_no_case_names_an_engine_or_a_store() -> None:
    """A case that knows where it runs would not compare anything."""
    for path in FOLDER.glob("*.json"):
        text = json.dumps(json.loads(path.read_text(encoding="utf-8"))).casefold()
        for word in ("neo4j", "networkx", "memory", "embedded", "duckdb", "engine"):
            assert word not in text, f"{path.name} names {word}"


def test_every_question_has_cases() -> None:
    """A question without a case is not covered by the contract."""
    assert {case.question for case in CASES} == set(CATALOGUE)


def test_case_names_are_distinct() -> None:
    """So that a failure can be found."""
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))


def test_every_case_without_the_compiled_parts() -> None:
    """Where numba is missing NetworkX answers every case, and says so."""
    command = [sys.executable, "-m", "tests.conformance.without_compiled"]
    done = subprocess.run(command, cwd=FOLDER.parents[2], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    by_networkx = sum(bool(CATALOGUE[case.question].compiled) for case in CASES)
    assert f"networkx {by_networkx}," in done.stdout
