"""``degree``: who is most connected, by kind of entity and of link."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import LiteralString, cast

import numpy as np
from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.network.adjacency import EITHER
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.pushdown import A_SEEN, B_SEEN, LINK_SEEN, RECORD_SEEN, Pushdown
from queries.question import Parameters, Question


class DegreeParameters(Parameters):
    """Of which kind, and how many."""

    kind: str | None = Field(default=None, description="Only entities of this kind or one below it")
    limit: int = Field(default=20, ge=1, le=1_000, description="How many entities, the most connected first")


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entity with its number of links (a self-loop counts once), of distinct neighbours, and of links by kind."""

    id: str
    degree: int
    neighbours: int
    by_kind: dict[str, int]


@dataclass(frozen=True, slots=True)
class DegreeResult:
    """The most connected, by degree, then id."""

    ranking: tuple[Ranked, ...]


def in_memory(view: View, asked: DegreeParameters, budget: Budget) -> Finding[DegreeResult]:
    """By counting the adjacency; only those that are listed are looked at closely."""
    among = view.of_kinds(asked.kind)
    degree = np.where(among, np.diff(view.adjacency.start), -1)
    budget.spend(len(view.links))
    least = np.partition(degree, -asked.limit)[-asked.limit] if len(degree) > asked.limit else 0
    chosen = np.flatnonzero(degree >= max(least, 0))
    chosen = chosen[np.lexsort((view.network.id_rank[chosen], -degree[chosen]))]
    ranking = [_looked_at(view, int(number)) for number in chosen[: asked.limit]]
    return _finding(ranking, int(among.sum()), asked, budget)


def _looked_at(view: View, number: int) -> Ranked:
    run = view.adjacency.run(number, EITHER)
    neighbour, link = view.adjacency.neighbour[run], view.adjacency.link[run]
    by_kind = {kind: len(places) for kind, places in view.by_kind(link).items()}
    neighbours = len(np.unique(neighbour[neighbour != number]))
    return Ranked(view.network.entity_id(number), len(link), neighbours, by_kind)


def on_networkx(view: View, asked: DegreeParameters, budget: Budget) -> Finding[DegreeResult]:
    """By walking every node's edges."""
    graph, ontology = view.graph, view.network.ontology
    kinds = None if asked.kind is None else ontology.descendants(ontology.entity_kind(asked.kind).name)
    chosen = [node for node, said in graph.nodes(data="kinds") if kinds is None or kinds & said]
    ranking = []
    for node in chosen:
        links = {key: (target, kind) for _, target, key, kind in graph.out_edges(node, keys=True, data="kind")}
        links |= {key: (source, kind) for source, _, key, kind in graph.in_edges(node, keys=True, data="kind")}
        by_kind = Counter(kind for _, kind in links.values())
        neighbours = {other for other, _ in links.values()} - {node}
        ranking.append(Ranked(node, len(links), len(neighbours), dict(sorted(by_kind.items()))))
        if not budget.spend(len(links)):
            break
    ranking.sort(key=lambda ranked: (-ranked.degree, ranked.id))
    return _finding(ranking[: asked.limit], len(chosen), asked, budget)


RANKING: LiteralString = (
    "MATCH (a:Entity) WHERE "
    + A_SEEN
    + " AND ($kinds IS NULL OR EXISTS { (a)<-[:ABOUT]-(e:EntityRecord) WHERE e.kind IN $kinds AND "
    + RECORD_SEEN
    + " })"
    + " OPTIONAL MATCH (a)-[r]-(b:Entity) WHERE "
    + LINK_SEEN
    + " AND "
    + B_SEEN
    + " WITH a, count(DISTINCT r.link_id) AS degree, count(DISTINCT CASE WHEN b <> a THEN b END) AS neighbours,"
    + " count(r) AS records ORDER BY degree DESC, a.id LIMIT $limit + 1"
    + " RETURN a.id AS id, degree, neighbours"
)
BY_KIND: LiteralString = (
    "UNWIND $ids AS id MATCH (a:Entity {id: id})-[r]-(b:Entity) WHERE "
    + LINK_SEEN
    + " AND "
    + B_SEEN
    + " RETURN id, type(r) AS kind, count(DISTINCT r.link_id) AS links ORDER BY id, kind"
)


def on_neo4j(pushdown: Pushdown, asked: DegreeParameters, budget: Budget) -> Finding[DegreeResult]:
    """Counted in the database; the kinds of links only for those that are listed."""
    ontology = pushdown.ontology
    kinds = None if asked.kind is None else sorted(ontology.descendants(ontology.entity_kind(asked.kind).name))
    rows = pushdown.rows(RANKING, kinds=kinds, limit=asked.limit)
    by_kind: dict[str, dict[str, int]] = {}
    for row in pushdown.rows(BY_KIND, ids=[row["id"] for row in rows[: asked.limit]]):
        by_kind.setdefault(str(row["id"]), {})[str(row["kind"])] = cast("int", row["links"])
    ranking = [
        Ranked(
            str(row["id"]), cast("int", row["degree"]), cast("int", row["neighbours"]), by_kind.get(str(row["id"]), {})
        )
        for row in rows[: asked.limit]
    ]
    budget.spend(sum(ranked.degree for ranked in ranking))
    return _finding(ranking, len(rows), asked, budget)


def _finding(ranking: list[Ranked], candidates: int, asked: DegreeParameters, budget: Budget) -> Finding[DegreeResult]:
    return Finding.of(
        DegreeResult(tuple(ranking)),
        (ranked.id for ranked in ranking),
        truncated=budget.exhausted or candidates > asked.limit,
        explored=budget.explored,
    )


QUESTION = Question(
    name="degree",
    summary="Who is most connected? By number of links, with neighbours and links by kind.",
    parameters=DegreeParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"kind": "Subject", "limit": 10},
)
