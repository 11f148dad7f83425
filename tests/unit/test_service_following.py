"""The service follows its store: views, revisions, threads, time and calling off."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from graph_service.errors import (
    Cancelled,
    EntityNotFound,
)
from graph_service.model.answer import Limits
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.network.budget import Budget
from graph_service.store.protocol import Changes
from tests.unit.ledger_store import LedgerStore
from tests.unit.network.tables import day, entity, link
from tests.unit.service_worlds import ANYONE, ENTITY, NOBODY, service_over, world

# Following the store


def test_a_view_is_kept_until_the_store_moves_on() -> None:
    store = LedgerStore(world())
    service = service_over(store)
    first = service.view(EVERYTHING, ANYONE)
    assert service.view(Scope(), ANYONE) is first
    assert service.view(EVERYTHING, NOBODY) is not first
    assert store.calls.count("changes") == 1
    store.ledger.put([entity("d")], [link("cd", "c", "d")], at=day(1))
    second = service.view(EVERYTHING, ANYONE)
    assert second is not first
    assert set(second.node_ids()) == set("abcd")
    assert set(first.node_ids()) == set("abc")
    assert store.calls.count("changes") == 2


def test_the_views_of_the_most_recent_scopes_are_kept() -> None:
    service = service_over(LedgerStore(world()))
    scopes = [Scope(markings=frozenset({f"x{n}"})) for n in range(12)]
    views = {}
    for scope in scopes:
        views[scope] = service.view(scope, ANYONE)
        assert service.view(scopes[0], ANYONE) is views[scopes[0]]
    assert service.view(scopes[-1], ANYONE) is views[scopes[-1]]
    assert service.view(scopes[1], ANYONE) is not views[scopes[1]]


def test_a_store_that_moves_on_while_it_is_asked_is_asked_again() -> None:
    class Moving(LedgerStore):
        """One more entity arrives between the finding and the fetching, twice."""

        def get(self, *asked: Any) -> Any:
            if self.ledger.revision < 3:
                self.ledger.put([entity(f"new{self.ledger.revision}")])
            return super().get(*asked)

    answer = service_over(Moving(world())).ask("components", {"min_size": 1}, EVERYTHING, ANYONE)
    assert answer.revision == 3
    result: Any = answer.result
    assert {group.id for group in result.components} == {"a", "new1", "new2"}
    assert {one.id for one in answer.subgraph.entities} == {"a", "b", "c", "new1", "new2"}


def test_a_store_that_never_stands_still_is_answered_all_the_same() -> None:
    class Restless(LedgerStore):
        """Something arrives with every read."""

        def get(self, *asked: Any) -> Any:
            self.ledger.put([entity(f"new{self.ledger.revision}")])
            return super().get(*asked)

    store = Restless(world())
    assert service_over(store).ask("entity", ENTITY, EVERYTHING, ANYONE).result
    assert store.calls.count("get") == 4


def test_an_empty_store_is_an_empty_graph() -> None:
    service = service_over(LedgerStore())
    assert service.stats(EVERYTHING, ANYONE).entities == 0
    assert service.ask("components", {}, EVERYTHING, ANYONE).subgraph.entities == ()
    with pytest.raises(EntityNotFound):
        service.ask("entity", ENTITY, EVERYTHING, ANYONE)


def test_many_threads_may_ask_while_the_store_grows() -> None:
    store = LedgerStore(world())
    service = service_over(store)
    wrong: list[object] = []

    def work(seed: int) -> None:
        for turn in range(20):
            caller = [ANYONE, NOBODY][(seed + turn) % 2]
            answer = service.ask("entity", ENTITY, EVERYTHING, caller)
            if [one.id for one in answer.subgraph.entities] != ["a"]:
                wrong.append(answer)

    threads = [threading.Thread(target=work, args=[seed]) for seed in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        store.ledger.put([entity(f"x{number}")])
        time.sleep(0.005)
    for thread in threads:
        thread.join(60)
    assert wrong == []


# Time and cancelling


@dataclass
class Slow(LedgerStore):
    """A store from which the first reading takes a while."""

    seconds: float = 0.4

    def changes(self, since: int) -> Changes:
        """The changes, late."""
        time.sleep(self.seconds)
        return super().changes(since)


@pytest.mark.parametrize("name", ["shortest-paths", "components"])
def test_reading_the_graph_does_not_count_against_the_first_question(name: str) -> None:
    service = service_over(Slow(world()), limits=Limits(seconds=0.2))
    given: dict[str, object] = {"source": "a", "target": "c"} if name == "shortest-paths" else {}
    first = service.ask(name, given, EVERYTHING, ANYONE)
    assert not first.truncated
    assert first == service.ask(name, given, EVERYTHING, ANYONE)


def test_a_question_that_was_called_off_raises() -> None:
    budget = Budget()
    budget.call_off()
    with pytest.raises(Cancelled):
        service_over(LedgerStore(world())).ask("components", {}, EVERYTHING, ANYONE, budget=budget)


def test_the_limits_of_the_service_are_those_of_its_questions() -> None:
    service = service_over(LedgerStore(world()), limits=Limits(links=1))
    answer = service.ask("shortest-paths", {"source": "a", "target": "c"}, EVERYTHING, ANYONE)
    assert answer.truncated
    result: Any = answer.result
    assert result.proof.reason == "budget"
