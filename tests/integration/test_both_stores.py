"""The made-up case and real data in both stores: the same counts, and equal answers from all three engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph_service.api.wire import answer_json
from graph_service.errors import GraphServiceError
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import EVERYTHING, Caller, Scope
from graph_service.model.time import Interval
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from loaders.run import LoadOptions
from loaders.scenario.shipped import shipped_files
from tests.services.neo4j_server import Neo4jServer
from tests.stores import fresh_neo4j

DATA = Path(__file__).parents[2].parent / "shared" / "data"
AT = datetime(2026, 1, 1, tzinfo=UTC)
WORLDS = ("demo", "fincen", "panama", "ftm")
LOCAL = Caller()


def load(service: GraphService, world: str, rejects: Path) -> None:
    """One world into one store."""
    if world == "demo":
        for file in shipped_files():
            service.load([file.path], file.options(rejects), LOCAL)
        return
    if not DATA.is_dir():
        pytest.skip(f"the real data are not there: {DATA}")
    paths = {
        "fincen": [
            DATA / "fincen" / "download_transactions_map.csv",
            DATA / "fincen" / "download_bank_connections.csv",
        ],
        "panama": [DATA / "panama" / "graphs"],
        "ftm": sorted((DATA / "ftm").iterdir()),
    }[world]
    mapping = "panama" if world == "panama" else None
    for path in paths:
        service.load([path], LoadOptions(mapping=mapping, rejects=rejects, recorded_at=AT), LOCAL)


@pytest.fixture(scope="module", params=WORLDS)
def both(
    request: pytest.FixtureRequest, neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[GraphService, GraphService]]:
    """The same world in the embedded store and in Neo4j."""
    rejects = tmp_path_factory.mktemp("rejects")
    ontology = load_ontology()
    near, far = GraphService(EmbeddedStore(None), ontology), GraphService(fresh_neo4j(neo4j_server), ontology)
    for service in (near, far):
        load(service, request.param, rejects)
    yield near, far
    near.close()
    far.close()


def told(service: GraphService, engine: str, name: str, parameters: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """An answer without who gave it and without when its records were written."""
    answer = answer_json(service.ask(name, parameters, scope, LOCAL, engine=engine))
    subgraph: Any = answer["subgraph"]
    for one in [*subgraph["entities"], *subgraph["links"]]:
        for record in one["records"]:
            del record["recorded_at"]
    return {key: answer[key] for key in ("result", "subgraph", "truncated")}


def asked(service: GraphService) -> Iterator[tuple[str, dict[str, Any]]]:
    """Questions about the most connected of a world, and about some of the least."""
    top = [one.id for one in service.ask("degree", {"limit": 6}, EVERYTHING, LOCAL).result.ranking]  # type: ignore[attr-defined]  # the result of degree
    view = service.view(EVERYTHING, LOCAL)
    some = [view.network.entity_id(number) for number in range(0, view.network.entities, view.network.entities // 5)]
    yield "degree", {"limit": 10}
    yield "components", {"min_size": 1, "limit": 20}
    for entity in (top[0], *some[:3]):
        yield "entity", {"entity": entity}
        yield "expand", {"entity": entity, "hops": 2, "per_kind": 5, "limit": 40}
    for source, target in zip([*top[:2], *some], [*some, *top[:2]], strict=True):
        yield "shortest-paths", {"source": source, "target": target, "limit": 5}
        yield "shortest-paths", {"source": source, "target": target, "limit": 5, "directed": True}
    for text in (str(view.network.texts[0].as_py()), "bank", "limted company"):
        yield "find", {"text": " ".join(text.split()[:2]) or "x", "limit": 10}


@pytest.mark.parametrize("scope", [EVERYTHING, Scope(window=Interval("2010", "2015"))], ids=["all", "window"])
def test_engines_and_stores_agree(both: tuple[GraphService, GraphService], scope: Scope) -> None:
    """Every question has the same answer from memory on both stores, from networkx, and from Neo4j itself."""
    near, far = both
    compared = 0
    for name, parameters in asked(near):
        try:
            expected = told(near, "memory", name, parameters, scope)
        except GraphServiceError as refusal:
            for service, engine in ((near, "networkx"), (far, "memory"), (far, "neo4j")):
                with pytest.raises(type(refusal)):
                    told(service, engine, name, parameters, scope)
            continue
        for service, engine in ((near, "networkx"), (far, "memory"), (far, "neo4j")):
            assert told(service, engine, name, parameters, scope) == expected, (engine, name, parameters)
        compared += 1
    assert compared > 10


def test_counts_are_the_same(both: tuple[GraphService, GraphService]) -> None:
    """Entities and links by kind."""
    near, far = both
    mine, theirs = near.stats(EVERYTHING, LOCAL), far.stats(EVERYTHING, LOCAL)
    assert (mine.entities_by_kind, mine.links_by_kind) == (theirs.entities_by_kind, theirs.links_by_kind)
    assert mine.entities > 500
