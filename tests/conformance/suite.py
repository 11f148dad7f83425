"""The cases, the places they run in, and the checks; the tests beside only join them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from queries.catalogue import CATALOGUE
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


IN_THE_DATABASE: Mapping[str, AbstractSet[str]] = {
    "shortest-paths": {"source", "target", "directed", "max_hops", "limit", "hubs", "hub_degree"},
    "communities": {"resolution", "seed", "iterations", "limit", "min_size", "members", "evidence"},
}
"""The parameters that the database's own engine takes, of questions that take more elsewhere."""


def refused_in_neo4j(case: Case, engine: str) -> bool:
    """Whether the catalogue says that this engine does not answer this: a question that is not pushed down, events
    collapsed, or more said than it takes."""
    if engine != "neo4j":
        return False
    taken = IN_THE_DATABASE.get(case.question, case.parameters.keys())
    return (
        not case.parameters.keys() <= taken
        or CATALOGUE[case.question].neo4j is None
        or case.scope.get("events") == "collapsed"
    )


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


def _grades(answer: Mapping[str, Any], wanted: Mapping[str, Sequence[str]]) -> None:
    """The grades of the records behind entities and links, by id, each as it is told."""
    told = {
        one["id"]: [record["grade"] for record in one["records"]]
        for part in ("entities", "links")
        for one in _subgraph(answer)[part]
    }
    assert {key: told[key] for key in wanted} == wanted


def _nested(answer: Mapping[str, Any], wanted: bool) -> None:
    """Every group of a finer level lies in the one that is named as the group above it."""
    above = _result(answer)["communities"]
    for level in _result(answer)["levels"]:
        members = {group["id"]: set(group["members"]) for group in above}
        for group in level["groups"]:
            assert (set(group["members"]) <= members[level["within"][group["id"]]]) is wanted
        above = level["groups"]


def _portrait(answer: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """These figures of the group that is told."""
    assert {key: _result(answer)["community"][key] for key in wanted} == wanted


def _crossing(answer: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]]) -> None:
    """These figures of the groups that cross borders, in their order."""
    told = _result(answer)["communities"]
    assert [{key: group[key] for key in one} for group, one in zip(told, wanted, strict=True)] == list(wanted)


def _periods(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """The windows of a history, written ``start to end``."""
    assert [f"{period['start']} to {period['end']}" for period in _result(answer)["periods"]] == list(wanted)


def _taken_out(answer: Mapping[str, Any], wanted: Mapping[str, Sequence[str]]) -> None:
    """Who goes by each strategy, in order."""
    curves = _result(answer)["curves"]
    assert {one["strategy"]: [point["removed"] for point in one["points"]][1:] for one in curves} == wanted


def _fragmented(answer: Mapping[str, Any], wanted: Mapping[str, float]) -> None:
    """The fragmentation that each strategy ends with."""
    assert {one["strategy"]: one["points"][-1]["fragmentation"] for one in _result(answer)["curves"]} == wanted


def _heirs(answer: Mapping[str, Any], wanted: Mapping[str, Sequence[Sequence[object]]]) -> None:
    """Who takes over from whom, with how many new ties."""
    for one in _result(answer)["curves"]:
        told = [[each["removed"], each["heir"], each["ties"]] for each in one["takeovers"]]
        assert told == wanted.get(one["strategy"], [])


def _first_ranked(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    assert [row["id"] for row in _result(answer)["ranks"]][: len(wanted)] == list(wanted)


def _intervals(answer: Mapping[str, Any], wanted: bool) -> None:
    """Every interval holds its median, and the medians ascend."""
    rows = _result(answer)["ranks"]
    assert all(1 <= row["low"] <= row["median"] <= row["high"] for row in rows) is wanted
    assert [row["median"] for row in rows] == sorted(row["median"] for row in rows)


def _best_set(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """The best set is this one."""
    assert _result(answer)["best_set"]["members"] == list(wanted)


def _key_players(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """These are ranked, in this order."""
    assert [player["id"] for player in _result(answer)["ranking"]] == list(wanted)


def _rounds(answer: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """Cycles written as ``a -l1- b -l2- a``."""
    _walks({"result": {"paths": _result(answer)["cycles"]}}, wanted)


HOLDS: Mapping[str, Callable[[Mapping[str, Any], Any], None]] = {
    "walks": _walks,
    "hits": _hits,
    "partition": _partition,
    "planted": _planted,
    "connected": _connected,
    "best_set": _best_set,
    "key_players": _key_players,
    "modularity_at_least": _modularity_at_least,
    "taken_out": _taken_out,
    "fragmented": _fragmented,
    "heirs": _heirs,
    "first_ranked": _first_ranked,
    "intervals": _intervals,
    "periods": _periods,
    "rounds": _rounds,
    "nested": _nested,
    "portrait": _portrait,
    "crossing": _crossing,
    "grades": _grades,
}
"""Properties a case may ask for, where a whole result is too much to write or has no single right form."""
