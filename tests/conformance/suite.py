"""The cases, the places they run in, and the checks; the tests beside only join them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph_service.api.wire import answer_json
from graph_service.errors import GraphServiceError
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from tests import worlds

FOLDER = Path(__file__).parent / "cases"
PLACES = (
    ("embedded", "memory"),
    ("embedded", "networkx"),
    ("neo4j", "memory"),
    ("neo4j", "networkx"),
    ("neo4j", "neo4j"),
)
"""Every (store, engine) that a case runs in."""
ANYONE = Caller()


@dataclass(frozen=True, slots=True)
class Case:
    """A question put to a world, and what must come back."""

    world: str
    name: str
    question: str
    parameters: Mapping[str, Any]
    scope: Mapping[str, Any]
    expect: Mapping[str, Any]

    def __str__(self) -> str:
        """How pytest names it."""
        return f"{self.world}/{self.name}"


def cases() -> list[Case]:
    """Every case of every file, file by file, so that a world is built once for all its cases."""
    return [
        Case(path.stem, one["name"], one["question"], one["parameters"], one.get("scope", {}), one["expect"])
        for path in sorted(FOLDER.glob("*.json"))
        for one in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


def steps(world: str) -> Sequence[worlds.Json]:
    """The steps that build a world."""
    loaded = json.loads((FOLDER / f"{world}.json").read_text(encoding="utf-8"))
    made: Sequence[worlds.Json] = loaded["steps"]
    return made


def collapsed_in_neo4j(case: Case, engine: str) -> bool:
    """Whether the catalogue says that this engine does not answer this scope: events are collapsed in memory only."""
    return engine == "neo4j" and case.scope.get("events") == "collapsed"


def check(service: GraphService, case: Case, engine: str, *, told: str | None = None) -> None:
    """Ask the case and hold the answer against what it expects; ``told``: the engine that must have answered."""
    scope = worlds.scope(case.scope, load_ontology())
    if "error" in case.expect:
        with pytest.raises(GraphServiceError) as caught:
            service.ask(case.question, case.parameters, scope, ANYONE, engine=engine)
        assert type(caught.value).__name__ == case.expect["error"], str(caught.value)
        return
    answer = answer_json(service.ask(case.question, case.parameters, scope, ANYONE, engine=engine))
    assert answer["engine"] == (told or engine)
    for key, value in case.expect.get("result", {}).items():
        assert _result(answer)[key] == value, key
    for part in ("entities", "links"):
        if part in case.expect:
            assert [one["id"] for one in _subgraph(answer)[part]] == case.expect[part], part
    if "truncated" in case.expect:
        assert answer["truncated"] is case.expect["truncated"]
    for name, wanted in case.expect.get("holds", {}).items():
        HOLDS[name](answer, wanted)


def _result(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    result: Mapping[str, Any] = answer["result"]
    return result


def _subgraph(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    subgraph: Mapping[str, Any] = answer["subgraph"]
    return subgraph


def _walks(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """Paths written as ``a -l1- b -l2- c``."""
    paths = []
    for path in _result(answer)["paths"]:
        steps_ = "".join(
            f" -{link}- {entity}" for link, entity in zip(path["links"], path["entities"][1:], strict=True)
        )
        paths.append(path["entities"][0] + steps_)
    assert paths == list(wanted)


def _hits(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    assert [hit["id"] for hit in _result(answer)["hits"]] == list(wanted)


def _partition(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """The communities are a partition of exactly these entities, each group named by its smallest member."""
    groups = _result(answer)["communities"]
    members = [member for group in groups for member in group["members"]]
    assert sorted(members) == sorted(wanted)
    assert all(group["id"] == min(group["members"]) and group["size"] == len(group["members"]) for group in groups)
    assert [(-group["size"], group["id"]) for group in groups] == sorted((-g["size"], g["id"]) for g in groups)


def _planted(answer: Mapping[str, Any], wanted: Sequence[Sequence[str]]) -> None:
    """These groups were found, to the member."""
    found = {tuple(group["members"]) for group in _result(answer)["communities"]}
    assert {tuple(sorted(group)) for group in wanted} <= found


def _connected(answer: Mapping[str, Any], wanted: bool) -> None:
    """Every group hangs together by links of the answer's own subgraph."""
    graph = nx.Graph()
    graph.add_nodes_from(one["id"] for one in _subgraph(answer)["entities"])
    graph.add_edges_from((one["source"], one["target"]) for one in _subgraph(answer)["links"])
    for group in _result(answer)["communities"]:
        assert nx.is_connected(graph.subgraph(group["members"])) is wanted


def _modularity_at_least(answer: Mapping[str, Any], wanted: float) -> None:
    assert _result(answer)["modularity"] >= wanted - 1e-9


HOLDS: Mapping[str, Callable[[Mapping[str, Any], Any], None]] = {
    "walks": _walks,
    "hits": _hits,
    "partition": _partition,
    "planted": _planted,
    "connected": _connected,
    "modularity_at_least": _modularity_at_least,
}
"""Properties a case may ask for, where a whole result is too much to write or has no single right form."""
