"""What happens on a machine where the compiled parts cannot be imported: NetworkX answers, and says so."""

from __future__ import annotations

import json
import subprocess
import sys
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

store = EmbeddedStore(None)
worlds.build(store, [{"entities": [["a", "Subject", {"name": ["Ann"]}], ["b", "Subject"], ["c", "Organization"]],
                      "links": [["ab", "ASSOCIATE_OF", "a", "b"], ["bc", "REPRESENTS", "b", "c"]]}])
service = GraphService(store, load_ontology())
asked = {"find": {"text": "ann"}, "entity": {"entity": "b"}, "expand": {"entity": "a", "hops": 2},
         "shortest-paths": {"source": "a", "target": "c"}, "components": {}, "communities": {}, "degree": {}}
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


def told_without(*parts: str, error: str = "ImportError") -> dict[str, object]:
    """What the service tells of one small world in a process where these parts cannot be imported."""
    program = BLOCKED.format(parts=set(parts) or {"nothing"}, error=error) + ASK
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def with_all() -> dict[str, object]:
    return told_without()


def test_with_every_part_memory_answers(with_all: dict[str, object]) -> None:
    if missing():
        pytest.skip("a compiled part is missing here")
    assert with_all["missing"] == []
    assert set(dict(with_all["engine"]).values()) == {"memory"}  # type: ignore[call-overload]
    assert with_all["refused"] == []
