"""What happens on a machine where the compiled parts cannot be imported: NetworkX answers, and says so."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_service.network.compiled import PARTS, available, missing

ROOT = Path(__file__).parents[3]
BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {parts!r}:
            raise {error}("blocked: " + name)

sys.meta_path.insert(0, Blocker())
"""
ASK = """
import json
from graph_service.errors import EngineCannot
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller, EVERYTHING
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from queries.catalogue import CATALOGUE
from tests import worlds
from tests.unit.api.served import ASKED as asked, STEPS

store = EmbeddedStore(None)
worlds.build(store, STEPS)
service = GraphService(store, load_ontology())
assert set(asked) == set(CATALOGUE)
told = {"missing": service.health().missing, "engine": {}, "refused": [], "result": {}}
for name, parameters in asked.items():
    answer = service.ask(name, parameters, EVERYTHING, Caller())
    told["engine"][name] = answer.engine
    told["result"][name] = repr(answer.result)
    try:
        service.ask(name, parameters, EVERYTHING, Caller(), engine="memory")
    except EngineCannot as error:
        told["refused"].append([name, str(error)])
print(json.dumps(told))
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What such a process printed."""

    missing: list[str]
    engine: dict[str, str]
    refused: list[tuple[str, str]]
    result: dict[str, str]


def told_without(*parts: str, error: str = "ImportError") -> Told:
    """What the service tells of one small world in a process where these parts cannot be imported."""
    program = BLOCKED.format(parts=set(parts) or {"nothing"}, error=error) + ASK
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return Told(**json.loads(done.stdout))


@pytest.fixture(scope="module")
def with_all() -> Told:
    return told_without()


def test_with_every_part_memory_answers(with_all: Told) -> None:
    if missing():
        pytest.skip("a compiled part is missing here")
    assert with_all.missing == []
    assert set(with_all.engine.values()) == {"memory"}
    assert with_all.refused == []


@pytest.mark.parametrize(
    ("blocked", "error", "still_memory"),
    [
        (PARTS, "ImportError", {"find"}),
        (("numba",), "OSError", {"find"}),
    ],
)
def test_without_a_part_networkx_answers_the_same_and_says_so(
    blocked: tuple[str, ...], error: str, still_memory: set[str], with_all: Told
) -> None:
    told = told_without(*blocked, error=error)
    assert told.missing == list(blocked)
    assert told.engine == {name: "memory" if name in still_memory else "networkx" for name in told.engine}
    assert {name for name, _ in told.refused} == set(told.engine) - still_memory
    for name, text in told.refused:
        assert "cannot be imported here" in text
        assert any(part in text for part in blocked), name
    method_told = {"communities", "community", "community-history", "cross-border-communities"}
    alike = set(told.result) - method_told
    assert {name: told.result[name] for name in alike} == {name: with_all.result[name] for name in alike}
    assert "'louvain'" in told.result["communities"]


def test_what_is_there_is_looked_up_by_importing() -> None:
    assert available("json")
    assert not available("no_such_part_anywhere")
    assert missing(("json", "no_such_part_anywhere")) == ("no_such_part_anywhere",)
    assert missing(()) == ()
