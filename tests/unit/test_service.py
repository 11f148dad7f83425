"""Asking: which engine answers, what it is asked, and who may see what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph_service.errors import (
    EngineCannot,
    EntityNotFound,
    InvalidParameter,
    UnknownQuestion,
)
from graph_service.model.records import Source
from graph_service.model.scope import EVERYTHING, Caller, Scope
from graph_service.network.compiled import missing
from graph_service.service import Capacity
from queries.catalogue import CATALOGUE
from tests.unit.ledger_store import LedgerStore
from tests.unit.service_worlds import ANYONE, COLLAPSED, ENTITY, NOBODY, service_over, there, world

# Which engine

needs_compiled = pytest.mark.skipif(bool(missing()), reason="a compiled part is missing here")


@needs_compiled
@pytest.mark.parametrize(
    ("store", "asked", "scope", "held", "chosen"),
    [
        ("embedded", "auto", EVERYTHING, None, "memory"),
        ("embedded", "memory", EVERYTHING, None, "memory"),
        ("embedded", "networkx", EVERYTHING, None, "networkx"),
        ("embedded", "networkx", COLLAPSED, None, "networkx"),
        ("embedded", "auto", COLLAPSED, None, "memory"),
        ("neo4j", "auto", EVERYTHING, None, "memory"),
        ("neo4j", "auto", COLLAPSED, None, "memory"),
        ("neo4j", "memory", EVERYTHING, None, "memory"),
        ("neo4j", "networkx", EVERYTHING, None, "networkx"),
        ("neo4j", "neo4j", EVERYTHING, None, "neo4j"),
        ("neo4j", "auto", EVERYTHING, 1_001, "neo4j"),
        ("neo4j", "auto", EVERYTHING, 1_000, "memory"),
        ("neo4j", "neo4j", EVERYTHING, 1_001, "neo4j"),
    ],
)
def test_the_engine_that_answers(store: str, asked: str, scope: Scope, held: int | None, chosen: str) -> None:
    ledger_store = LedgerStore(world(), store, there, held=held)
    service = service_over(ledger_store, capacity=Capacity(memory_links=1_000))
    answer = service.ask("entity", ENTITY, scope, ANYONE, engine=asked)
    assert (answer.engine, answer.store) == (chosen, store)
    assert bool(ledger_store.asked) is (chosen == "neo4j")
    assert ("changes" in ledger_store.calls) is (chosen != "neo4j")


@pytest.mark.parametrize(
    ("store", "asked", "scope", "held", "why"),
    [
        ("embedded", "neo4j", EVERYTHING, None, "^engine neo4j does not answer 'entity' here: the store is embedded$"),
        ("neo4j", "neo4j", COLLAPSED, None, "^engine neo4j does not answer 'entity' when events are collapsed$"),
        ("embedded", "auto", EVERYTHING, 1_001, "1,001 link records are more than the memory engine takes on"),
        ("embedded", "networkx", EVERYTHING, 1_001, "1,001 link records are more"),
        ("neo4j", "auto", COLLAPSED, 1_001, "1,001 link records are more"),
        ("neo4j", "memory", EVERYTHING, 1_001, "1,001 link records are more"),
    ],
)
def test_what_no_engine_takes_on_is_refused_and_never_guessed(
    store: str, asked: str, scope: Scope, held: int | None, why: str
) -> None:
    if asked == "memory" and missing():
        pytest.skip("a compiled part is missing here")
    service = service_over(LedgerStore(world(), store, there, held=held), capacity=Capacity(memory_links=1_000))
    with pytest.raises(EngineCannot, match=why):
        service.ask("entity", ENTITY, scope, ANYONE, engine=asked)


def test_networkx_takes_on_fewer_links_than_memory_does() -> None:
    service = service_over(LedgerStore(world()), capacity=Capacity(networkx_links=1))
    with pytest.raises(EngineCannot, match="engine networkx takes on 1 links, not 2"):
        service.ask("entity", ENTITY, EVERYTHING, ANYONE, engine="networkx")
    seen = service.ask("entity", ENTITY, Scope(markings=frozenset()), ANYONE, engine="networkx")
    assert seen.engine == "networkx"


@pytest.mark.parametrize("store", ["embedded", "neo4j"])
@pytest.mark.parametrize("scope", [EVERYTHING, COLLAPSED])
def test_a_question_without_a_pushdown_is_told_to_have_none(
    monkeypatch: pytest.MonkeyPatch, store: str, scope: Scope
) -> None:
    monkeypatch.setitem(CATALOGUE, "entity", replace(CATALOGUE["entity"], neo4j=None))
    with pytest.raises(EngineCannot, match=r"^engine neo4j does not answer 'entity': only memory and networkx do$"):
        service_over(LedgerStore(world(), store, there)).ask("entity", ENTITY, scope, ANYONE, engine="neo4j")


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="no engine 'spark'; there are auto, memory, neo4j, networkx"):
        service_over(LedgerStore(world())).ask("entity", ENTITY, EVERYTHING, ANYONE, engine="spark")


@needs_compiled
@pytest.mark.parametrize("name", list(CATALOGUE))
def test_every_example_is_answered_or_its_entity_missed_on_every_engine(name: str) -> None:
    service = service_over(LedgerStore(world()))
    told = []
    for engine in ("memory", "networkx"):
        try:
            told.append(service.ask(name, CATALOGUE[name].example, EVERYTHING, ANYONE, engine=engine).result)
        except (EntityNotFound, InvalidParameter) as error:  # the example is of the demo
            told.append(str(error))
    assert told[0] == told[1]


# What is asked


def test_an_unknown_question() -> None:
    with pytest.raises(UnknownQuestion, match="did you mean degree"):
        service_over(LedgerStore()).ask("degre", {}, EVERYTHING, ANYONE)


@pytest.mark.parametrize(
    ("name", "parameters", "text"),
    [
        ("entity", {}, "entity: Field required"),
        ("entity", {"entity": "a", "colour": "red"}, "colour: Extra inputs are not permitted"),
        ("expand", {"entity": "a", "hops": 99, "limit": 0}, "hops: .*; limit: "),
        ("find", {}, "^find: say what to look for"),
        ("components", {"min_size": 10**30}, "min_size: "),
        ("find", {"text": "\ud800"}, "text: "),
    ],
)
def test_wrong_parameters_are_told_one_by_one(name: str, parameters: dict[str, object], text: str) -> None:
    store = LedgerStore(world())
    with pytest.raises(InvalidParameter, match=text):
        service_over(store).ask(name, parameters, EVERYTHING, ANYONE)
    assert store.calls == []


def test_an_answer_holds_all_that_is_needed_to_repeat_it() -> None:
    store = LedgerStore(world())
    answer = service_over(store).ask("shortest-paths", {"source": "a", "target": "c"}, EVERYTHING, ANYONE)
    assert answer.question == "shortest-paths"
    assert answer.parameters == CATALOGUE["shortest-paths"].parameters(source="a", target="c").model_dump()
    assert answer.scope == EVERYTHING
    assert answer.revision == store.ledger.revision
    assert [one.id for one in answer.subgraph.entities] == ["a", "b", "c"]
    assert [one.id for one in answer.subgraph.links] == ["ab", "bc"]
    assert answer.subgraph.entities[0].caption == "Ann"
    assert answer.explored > 0


# Who may see what


def test_the_scope_is_narrowed_to_what_the_caller_holds() -> None:
    service = service_over(LedgerStore(world()))
    asked: dict[str, object] = {"source": "a", "target": "c"}
    for scope in (EVERYTHING, Scope(markings=frozenset("m"))):
        assert service.ask("shortest-paths", asked, scope, Caller("m", frozenset("m"))).subgraph.links
        with pytest.raises(EntityNotFound, match=r"^no entity 'c' in this scope$"):
            service.ask("shortest-paths", asked, scope, NOBODY)
    answer = service.ask("entity", ENTITY, EVERYTHING, NOBODY)
    assert answer.scope.markings == frozenset()


def test_a_database_is_asked_under_the_narrowed_scope() -> None:
    store = LedgerStore(world(), "neo4j", there)
    service_over(store).ask("entity", ENTITY, EVERYTHING, NOBODY, engine="neo4j")
    assert {scope.markings for _, scope in store.asked} == {frozenset()}


def test_views_stats_and_sources_are_narrowed_too() -> None:
    store = LedgerStore(
        world(), known={"s": Source("s", "s", "0"), "t": Source("t", "t", "0", markings=frozenset("m"))}
    )
    service = service_over(store)
    assert set(service.view(EVERYTHING, NOBODY).node_ids()) == {"a", "b"}
    stats = service.stats(EVERYTHING, NOBODY)
    assert (stats.entities, stats.links, stats.sources) == (2, 1, 1)
    assert (stats.entities_by_kind, stats.links_by_kind) == ({"Subject": 2}, {"REPRESENTS": 1})
    assert [source.id for source in service.sources(NOBODY)] == ["s"]
    everything = service.stats(EVERYTHING, ANYONE)
    assert (everything.entities, everything.links, everything.sources, everything.revision) == (3, 2, 2, 1)
