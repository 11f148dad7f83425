"""Laws on random worlds: engines agree, hidden records leave no trace, and how a load was cut or named does not
matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.api.wire import answer_json
from graph_service.errors import GraphServiceError
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import GraphStore
from queries.catalogue import CATALOGUE
from tests import worlds
from tests.conformance import random_worlds
from tests.services.neo4j_server import Neo4jServer
from tests.stores import fresh_neo4j

Steps = Sequence[dict[str, Any]]
Asked = tuple[str, dict[str, Any]]
ONTOLOGY = load_ontology()
PUSHED_DOWN = sorted(
    name for name in random_worlds.PARAMETERS if name in CATALOGUE and CATALOGUE[name].neo4j is not None
)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def told(steps: Steps, asked: Asked, scope: dict[str, Any], engine: str, store: GraphStore | None = None) -> object:
    """What an engine says of a world: the answer without who gave it, or the error."""
    service = _service(steps, store)
    try:
        return _asked(service, asked, scope, engine)
    finally:
        service.close()


def _service(steps: Steps, store: GraphStore | None = None) -> GraphService:
    held = store or EmbeddedStore(None)
    worlds.build(held, steps, ONTOLOGY)
    return GraphService(held, ONTOLOGY)


def _asked(service: GraphService, asked: Asked, scope: dict[str, Any], engine: str) -> object:
    try:
        answer = answer_json(service.ask(*asked, worlds.scope(scope, ONTOLOGY), Caller(), engine=engine))
    except GraphServiceError as error:
        return type(error).__name__, str(error)
    return {key: answer[key] for key in ("result", "subgraph", "truncated")}


@settings(SLOW, max_examples=200)
@given(random_worlds.steps(), random_worlds.questions(), random_worlds.scopes())
def test_compiled_and_networkx_agree(steps: Steps, asked: Asked, scope: dict[str, Any]) -> None:
    """The two engines that work on a view give equal answers or equal errors."""
    service = _service(steps)
    assert _asked(service, asked, scope, "memory") == _asked(service, asked, scope, "networkx")
    service.close()


@settings(SLOW, max_examples=40)
@given(
    random_worlds.steps(),
    st.lists(
        st.tuples(random_worlds.questions(PUSHED_DOWN), random_worlds.scopes(collapsing=False)), min_size=4, max_size=8
    ),
)
def test_neo4j_agrees(neo4j_server: Neo4jServer, steps: Steps, asked: list[tuple[Asked, dict[str, Any]]]) -> None:
    """The database under the same scope gives equal answers or equal errors, and so does the view read from it."""
    here, there = EmbeddedStore(None), fresh_neo4j(neo4j_server)
    for store in (here, there):
        worlds.build(store, steps, ONTOLOGY)
    near, far = GraphService(here, ONTOLOGY), GraphService(there, ONTOLOGY)
    try:
        for question, scope in asked:
            expected = _asked(near, question, scope, "memory")
            assert _asked(far, question, scope, "neo4j") == expected
            assert _asked(far, question, scope, "memory") == expected
    finally:
        near.close()
        far.close()


@settings(SLOW, max_examples=150)
@given(
    random_worlds.steps(), random_worlds.questions(), random_worlds.scopes(), st.sampled_from(["memory", "networkx"])
)
def test_twin_worlds(steps: Steps, asked: Asked, scope: dict[str, Any], engine: str) -> None:
    """What a person sees equals what anyone sees in the world without the records hidden from that person."""
    held = set(scope["as"] or ())
    scope = scope | {"as": sorted(held)}
    twin = _without_hidden(steps, held)
    seen = _unplaced(told(steps, asked, scope, engine))
    assert seen == _unplaced(told(twin, asked, scope | {"as": None}, engine))


@settings(SLOW, max_examples=60)
@given(random_worlds.steps(), random_worlds.questions(), random_worlds.scopes())
def test_order_and_cut_of_a_load_do_not_matter(steps: Steps, asked: Asked, scope: dict[str, Any]) -> None:
    """Entities and links written in reverse, and links in a batch of their own, give the same answers."""
    cut = []
    for step in steps:
        if "withdraw" in step:
            cut.append(step)
            continue
        cut.append({**step, "entities": step["entities"], "links": []})
        cut.append({**step, "entities": [], "links": step["links"]})
    assert _unplaced(told(cut, asked, scope, "memory")) == _unplaced(told(steps, asked, scope, "memory"))


@settings(SLOW, max_examples=60)
@given(random_worlds.steps(), random_worlds.questions(), random_worlds.scopes())
def test_load_twice_is_once(steps: Steps, asked: Asked, scope: dict[str, Any]) -> None:
    """The same batches put again change nothing."""
    store = EmbeddedStore(None)
    worlds.build(store, steps, ONTOLOGY)
    assert told(steps, asked, scope, "memory", store) == told(steps, asked, scope, "memory")


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_relabelled_ids_give_the_same_components(engine: str) -> None:
    """Names carry no meaning: only the canonical order may follow them."""
    steps = [
        {
            "entities": [[name, "Subject"] for name in "abcdef"],
            "links": [[f"{x}{y}", "ASSOCIATE_OF", x, y] for x, y in ("ab", "bc", "de")],
        }
    ]
    turned = dict(zip("abcdef", "fedcba", strict=True))
    relabelled = [
        {
            "entities": [[turned[row[0]], *row[1:]] for row in steps[0]["entities"]],
            "links": [[row[0], row[1], turned[row[2]], turned[row[3]]] for row in steps[0]["links"]],
        }
    ]
    before = told(steps, ("components", {"min_size": 1}), {}, engine)
    after = told(relabelled, ("components", {"min_size": 1}), {}, engine)
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    renamed = {frozenset(turned[m] for m in group["members"]) for group in before["result"]["components"]}
    assert renamed == {frozenset(group["members"]) for group in after["result"]["components"]}


def _without_hidden(steps: Steps, held: set[str]) -> Steps:
    """The steps without the hidden records.

    A link whose end is only described openly later comes, from its own source and moment, after that; one whose end
    never is leaves with it.
    """
    loads = [step for step in steps if "withdraw" not in step]
    twin: list[dict[str, Any]] = []
    there: set[str] = set()
    early: list[dict[str, Any]] = []
    for step in loads:
        entities = [row for row in step["entities"] if held >= set(row[3]["markings"])]
        there |= {row[0] for row in entities}
        links = [row for row in step["links"] if held >= set(row[5]["markings"])]
        twin.append({**step, "entities": entities, "links": [row for row in links if {row[2], row[3]} <= there]})
        early.append({**step, "entities": [], "links": [row for row in links if not {row[2], row[3]} <= there]})
    twin.extend({**step, "links": [row for row in step["links"] if {row[2], row[3]} <= there]} for step in early)
    return [*twin, *(step for step in steps if "withdraw" in step)]


def _unplaced(value: object) -> object:
    """An answer without the rows its records stood in, which a cut of the load changes, and without the scope's own
    words."""
    if isinstance(value, dict):
        return {key: _unplaced(item) for key, item in value.items() if key != "row"}
    return [_unplaced(item) for item in value] if isinstance(value, list) else value
