"""``entity``: all that is known of one entity, by source, and how it is linked.

The records come with the answer's subgraph; the result counts its links by kind and direction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString, cast

from pydantic import Field

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.network.adjacency import BACKWARD, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.pushdown import B_SEEN, LINK_SEEN, Pushdown
from queries.question import Parameters, Question


class EntityParameters(Parameters):
    """Which entity."""

    entity: str = Field(description="Entity id", min_length=1)


@dataclass(frozen=True, slots=True, order=True)
class LinkCount:
    """Links of a kind: ``direction`` is ``out``, ``in`` or ``both`` (symmetric kinds)."""

    kind: str
    direction: str
    links: int


@dataclass(frozen=True, slots=True)
class EntityResult:
    """The entity and its links counted; ``degree`` in all, a self-loop once."""

    entity: str
    degree: int
    links: tuple[LinkCount, ...]


def in_memory(view: View, asked: EntityParameters, budget: Budget) -> Finding[EntityResult]:
    """From the entity's run of the adjacency."""
    number = view.number(asked.entity)
    rows = view.adjacency
    mutual, start, end = rows.mutual[number], rows.start[number], rows.start[number + 1]
    directions = (
        ("out", rows.link[start:mutual]),
        ("both", rows.link[mutual : rows.run(number, FORWARD).stop]),
        ("in", rows.link[rows.run(number, FORWARD).stop : rows.run(number, BACKWARD).stop]),
    )
    count: Counter[tuple[str, str]] = Counter()
    for direction, links in directions:
        count.update({(kind, direction): len(places) for kind, places in view.by_kind(links).items()})
    return _finding(asked, count, int(end - start), budget)


def on_networkx(view: View, asked: EntityParameters, budget: Budget) -> Finding[EntityResult]:
    """From the node's edges."""
    graph, node = view.graph, asked.entity
    if node not in graph:
        raise EntityNotFound(node)
    there = {
        k: (d["kind"], "both" if d["symmetric"] else "out")
        for _, _, k, d in graph.out_edges(node, keys=True, data=True)
    }
    for source, _, key, data in graph.in_edges(node, keys=True, data=True):
        if source != node:
            there[key] = (data["kind"], "both" if data["symmetric"] else "in")
    return _finding(asked, Counter(there.values()), len(there), budget)


COUNTS: LiteralString = (
    "MATCH (a:Entity {id: $id})-[r]-(b:Entity) WHERE "
    + LINK_SEEN
    + " AND "
    + B_SEEN
    + " RETURN type(r) AS kind, count(DISTINCT r.link_id) AS links,"
    + " CASE WHEN type(r) IN $symmetric THEN 'both' WHEN startNode(r) = a THEN 'out' ELSE 'in' END AS direction"
)


def on_neo4j(pushdown: Pushdown, asked: EntityParameters, budget: Budget) -> Finding[EntityResult]:
    """Counted in the database."""
    pushdown.require(asked.entity)
    rows = pushdown.rows(COUNTS, id=asked.entity, symmetric=pushdown.symmetric)
    count = Counter({(str(row["kind"]), str(row["direction"])): cast("int", row["links"]) for row in rows})
    return _finding(asked, count, sum(count.values()), budget)


def _finding(
    asked: EntityParameters, count: Counter[tuple[str, str]], degree: int, budget: Budget
) -> Finding[EntityResult]:
    budget.spend(degree)
    counted: Iterable[LinkCount] = (LinkCount(kind, direction, many) for (kind, direction), many in count.items())
    result = EntityResult(asked.entity, degree, tuple(sorted(counted)))
    return Finding.of(result, [asked.entity], explored=budget.explored)


QUESTION = Question(
    name="entity",
    summary="What is known of one entity, by source, and how is it linked?",
    parameters=EntityParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"entity": "subject:marta-quiroga"},
)
