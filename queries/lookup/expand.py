"""``expand``: walk outwards from an entity, guarded against hubs.

Of each kind of link at each entity the first few are followed, in order of the neighbour's id; what was left out is
counted by entity and kind, so that nobody takes a part for the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString, cast

import numpy as np
from pydantic import Field

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.adjacency import EITHER
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.pushdown import B_SEEN, LINK_SEEN, Pushdown
from queries.question import Parameters, Question


class ExpandParameters(Parameters):
    """From where, how far, and how much of it."""

    entity: str = Field(description="Entity id to start from", min_length=1)
    hops: int = Field(default=1, ge=1, le=6, description="How many links outwards")
    per_kind: int = Field(default=25, ge=1, le=1_000, description="Links of one kind followed at each entity")
    limit: int = Field(default=250, ge=1, le=5_000, description="Entities at the most")


@dataclass(frozen=True, slots=True, order=True)
class LeftOut:
    """Links of a kind at an entity that were not followed."""

    entity: str
    kind: str
    links: int


@dataclass(frozen=True, slots=True)
class ExpandResult:
    """``layers``: entity ids by distance, the start first; ``left_out``: what the guard held back."""

    entity: str
    layers: tuple[tuple[str, ...], ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Fan:
    """The links of one kind at one entity: how many there are, and the first of them with the neighbour each leads
    to."""

    entity: str
    kind: str
    total: int
    kept: tuple[tuple[str, LinkRef], ...]


Fans = Callable[[Sequence[str]], Iterable[Fan]]
"""The fans of a frontier, of which each keeps the first ``per_kind`` links by neighbour and link id."""


def in_memory(view: View, asked: ExpandParameters, budget: Budget) -> Finding[ExpandResult]:
    """On the adjacency; of a hub's links only those that are kept are named."""
    view.number(asked.entity)
    return _grown(asked, lambda frontier: (fan for e in frontier for fan in _fans(view, e, asked.per_kind)), budget)


def on_networkx(view: View, asked: ExpandParameters, budget: Budget) -> Finding[ExpandResult]:
    """On the NetworkX graph, sorting every link of each entity."""
    graph = view.graph
    if asked.entity not in graph:
        raise EntityNotFound(asked.entity)

    def fans(frontier: Sequence[str]) -> Iterable[Fan]:
        for entity in frontier:
            by_kind: dict[str, dict[tuple[str, str], LinkRef]] = defaultdict(dict)
            for source, target, key, data in graph.out_edges(entity, keys=True, data=True):
                by_kind[data["kind"]][target, key] = LinkRef(key, source, target, data["event"])
            for source, target, key, data in graph.in_edges(entity, keys=True, data=True):
                by_kind[data["kind"]][source, key] = LinkRef(key, source, target, data["event"])
            for kind, links in sorted(by_kind.items()):
                first = sorted(links.items())[: asked.per_kind]
                yield Fan(entity, kind, len(links), tuple((neighbour, ref) for (neighbour, _), ref in first))

    return _grown(asked, fans, budget)


LEVEL: LiteralString = (
    "UNWIND $frontier AS id MATCH (a:Entity {id: id})-[r]-(b:Entity) WHERE "
    + LINK_SEEN
    + " AND "
    + B_SEEN
    + " WITH DISTINCT a.id AS entity, type(r) AS kind, b.id AS neighbour, r.link_id AS link,"
    + " startNode(r).id AS source, endNode(r).id AS target ORDER BY entity, kind, neighbour, link"
    + " WITH entity, kind, count(*) AS total,"
    + " collect({neighbour: neighbour, link: link, source: source, target: target})[..$per_kind] AS kept"
    + " RETURN entity, kind, total, kept ORDER BY entity, kind"
)
"""The fans of a frontier, cut in the database."""


def on_neo4j(pushdown: Pushdown, asked: ExpandParameters, budget: Budget) -> Finding[ExpandResult]:
    """A statement a hop."""
    pushdown.require(asked.entity)

    def fans(frontier: Sequence[str]) -> Iterable[Fan]:
        for row in pushdown.rows(LEVEL, frontier=list(frontier), per_kind=asked.per_kind):
            kept = tuple(
                (str(k["neighbour"]), LinkRef(str(k["link"]), str(k["source"]), str(k["target"])))
                for k in cast("list[dict[str, object]]", row["kept"])
            )
            yield Fan(str(row["entity"]), str(row["kind"]), cast("int", row["total"]), kept)

    return _grown(asked, fans, budget)


def _grown(asked: ExpandParameters, fans: Fans, budget: Budget) -> Finding[ExpandResult]:
    """The walk itself, the same for every engine: layer by layer, entities in order of id."""
    layers: list[tuple[str, ...]] = [(asked.entity,)]
    known = {asked.entity}
    links: dict[str, LinkRef] = {}
    left_out: dict[tuple[str, str], int] = {}
    for _ in range(asked.hops):
        reached: set[str] = set()
        for fan in sorted(fans(layers[-1]), key=lambda fan: (fan.entity, fan.kind)):
            missed = fan.total - len(fan.kept)
            for neighbour, ref in fan.kept:
                if neighbour not in known and neighbour not in reached:
                    if len(known) + len(reached) >= asked.limit:
                        missed += 1
                        continue
                    reached.add(neighbour)
                links[ref.id] = ref
            if missed:
                left_out[fan.entity, fan.kind] = missed
            budget.spend(fan.total)
        known |= reached
        if not reached:
            break
        layers.append(tuple(sorted(reached)))
        if budget.exhausted:
            break
    result = ExpandResult(
        asked.entity, tuple(layers), tuple(LeftOut(e, k, n) for (e, k), n in sorted(left_out.items()))
    )
    cut = budget.exhausted or bool(left_out)
    return Finding.of(result, known, links.values(), truncated=cut, explored=budget.explored)


def _fans(view: View, entity: str, per_kind: int) -> Iterable[Fan]:
    number = view.number(entity)
    run = view.adjacency.run(number, EITHER)
    neighbour, link = view.adjacency.neighbour[run], view.adjacency.link[run]
    for kind, places in view.by_kind(link).items():
        if len(places) > per_kind:
            rank = view.network.id_rank[neighbour[places]]
            last = np.partition(rank, per_kind - 1)[per_kind - 1]
            kept = places[rank <= last]
        else:
            kept = places
        named = sorted(
            ((view.network.entity_id(int(neighbour[p])), view.link_ref(int(link[p]))) for p in kept),
            key=lambda pair: (pair[0], pair[1].id),
        )
        yield Fan(entity, kind, len(places), tuple(named[:per_kind]))


QUESTION = Question(
    name="expand",
    summary="Who and what is around an entity? Its neighbours to some hops, guarded against hubs.",
    parameters=ExpandParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"entity": "subject:marta-quiroga", "hops": 1},
)
