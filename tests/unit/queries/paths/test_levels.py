"""The search in the database, level by level: its logic, over a small stand-in that answers its two statements."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from graph_service.errors import Cancelled, EntityNotFound
from graph_service.model.answer import Limits
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.network.budget import CALLED_OFF, Budget
from graph_service.network.search import Outcome
from graph_service.store.protocol import Statement
from queries.paths.found import Proof
from queries.paths.levels import BETWEEN, LEVEL, meet_in_the_middle
from queries.paths.shortest_paths import ShortestPathsParameters, on_neo4j
from queries.pushdown import Pushdown
from tests.unit.ledger_store import LedgerStore, Rows
from tests.unit.network.tables import plain_view
from tests.unit.queries.asking import ask, database

Said = list[tuple[str, str, str, str]]
"""Relationships as (link id, kind, source, target); a link of two records stands twice."""


def graph_database(nodes: int, relationships: Said, limits: Limits | None = None) -> tuple[Pushdown, LedgerStore]:
    """A database of entities ``0``, ``1`` ... that understands the statements of a search and nothing else."""

    def walked(statement: Statement, start: str) -> list[tuple[str, str, str, str]]:
        """(link, source, target, other end) of the relationships that lead on from an entity."""
        way, symmetric = statement.parameters["way"], set(_texts(statement.parameters["symmetric"]))
        found = []
        for key, kind, source, target in relationships:
            for here, there, out in {(source, target, True), (target, source, source == target)}:
                if here == start and (way == "either" or kind in symmetric or (way == "forward") == out):
                    found.append((key, source, target, there))
        return found

    def answers(statement: Statement, scope: Scope) -> Rows:
        given = statement.parameters
        if "id" in given:
            return [{"id": given["id"]}] if str(given["id"]) in set(map(str, range(nodes))) else []
        if "least" in given:
            ties = Counter(end for _, _, source, target in relationships for end in {source, target})
            return [{"id": one, "links": ties[one]} for one in sorted(ties) if ties[one] >= int(str(given["least"]))]
        steps = [(start, *step) for start in _texts(given["frontier"]) for step in walked(statement, start)]
        if statement.text == LEVEL:
            ends = [there for *_, there in steps]
            return [{"id": one, "links": ends.count(one)} for one in sorted(set(ends))]
        assert statement.text == BETWEEN
        beyond = set(_texts(given["beyond"]))
        rows = {(start, there, key, source, target) for start, key, source, target, there in steps if there in beyond}
        return [dict(zip(("a", "b", "link", "source", "target"), row, strict=True)) for row in sorted(rows)]

    return database(answers, EVERYTHING, limits or Limits())


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]


def found(pushdown: Pushdown, **parameters: Any) -> Any:
    with Budget(pushdown.limits) as budget:
        return on_neo4j(pushdown, ShortestPathsParameters(**parameters), budget)


@pytest.mark.parametrize("seed", range(6))
def test_it_finds_what_the_search_in_memory_finds(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(25):
        nodes = dice.randint(2, 18)
        ends = [
            (dice.randrange(nodes), dice.randrange(nodes)) for _ in range(int(nodes * dice.choice([0.7, 1.2, 2, 4])))
        ]
        kinds = [dice.choice(["REPRESENTS", "ASSOCIATE_OF"]) for _ in ends]
        said = [(str(n), kinds[n], str(a), str(b)) for n, (a, b) in enumerate(ends)]
        pushdown, _ = graph_database(nodes, said + [one for one in said if dice.random() < 0.2])
        view = plain_view(nodes, ends, kinds)
        for _ in range(4):
            source, target = (str(dice.randrange(nodes)) for _ in range(2))
            asked: dict[str, Any] = {"source": source, "target": target, "directed": dice.random() < 0.5}
            asked |= {"max_hops": dice.randint(1, 6), "limit": dice.randint(1, 5)}
            assert found(pushdown, **asked) == ask("shortest-paths", view, **asked)


def test_only_the_smaller_side_is_grown() -> None:
    """From the end of a chain to a node with 600 others two steps behind it: those are never walked on from."""
    said = [(f"c{n}", "REPRESENTS", str(n), str(n + 1)) for n in range(10)]
    said += [(f"t{n}", "REPRESENTS", "10", str(n)) for n in (11, 12, 13)]
    said += [(f"l{n}", "REPRESENTS", str(11 + n % 3), str(n)) for n in range(14, 614)]
    pushdown, store = graph_database(614, said)
    with Budget() as budget:
        searched = meet_in_the_middle(pushdown, ("0", "10"), budget, frozenset(), directed=False)
    assert (searched.outcome, searched.distance) == (Outcome.MET, 10)
    assert max(len(_texts(statement.parameters["frontier"])) for statement, _ in store.asked) == 1
    assert budget.explored < 25


def test_a_frontier_that_runs_dry_is_the_proof_however_deep() -> None:
    chain = [(f"{n}", "REPRESENTS", str(n), str(n + 1)) for n in range(299)]
    pushdown, _ = graph_database(301, chain)
    assert found(pushdown, source="0", target="300").result.proof == Proof("exhausted", 8)
    assert found(pushdown, source="0", target="299").result.proof == Proof("bound", 8, 299)
    assert found(pushdown, source="299", target="0", directed=True).result.proof == Proof("exhausted", 8)


def test_a_spent_budget_stops_between_two_levels() -> None:
    chain = [(f"{n}", "REPRESENTS", str(n), str(n + 1)) for n in range(50)]
    pushdown, store = graph_database(51, chain, Limits(links=5))
    finding = found(pushdown, source="0", target="50", max_hops=60)
    assert finding.truncated
    assert finding.result.proof == Proof("budget", 60)
    assert len(store.asked) < 8


def test_calling_off_stops_between_two_levels() -> None:
    chain = [(f"{n}", "REPRESENTS", str(n), str(n + 1)) for n in range(50)]
    pushdown, _ = graph_database(51, chain)
    budget = Budget()
    budget.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        meet_in_the_middle(pushdown, ("0", "50"), budget, frozenset(), directed=True)


def test_ends_that_are_not_there_are_refused() -> None:
    pushdown, _ = graph_database(2, [])
    for source, target in (("0", "9"), ("9", "0"), ("9", "9")):
        with pytest.raises(EntityNotFound, match=r"^no entity '9' in this scope$"):
            found(pushdown, source=source, target=target)
