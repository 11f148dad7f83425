"""Breadth-first search in the database, a level a statement, from both ends.

Neo4j's ``shortestPath`` falls into an exhaustive search when a shorter path breaks the predicate; level by level the
work is bounded by the links looked at, and the scope is the same on every level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString, cast

from graph_service.model.graph import LinkRef
from graph_service.model.merge import merge_entities
from graph_service.network.budget import Budget
from graph_service.network.search import Outcome
from queries.paths.attempt import Hubs
from queries.paths.ground import INFRASTRUCTURE_SHARE
from queries.pushdown import A_SEEN, B_SEEN, LINK_SEEN, Pushdown

_WAY: LiteralString = """
  AND ($way = 'either' OR type(r) IN $symmetric OR ($way = 'forward') = (startNode(r) = a))"""

LEVEL: LiteralString = (
    "UNWIND $frontier AS id MATCH (a:Entity {id: id})-[r]-(b:Entity) WHERE "
    + LINK_SEEN
    + _WAY
    + " AND "
    + B_SEEN
    + " RETURN b.id AS id, count(*) AS links ORDER BY id"
)
"""The neighbours of a frontier, with how many link records lead to each."""

BETWEEN: LiteralString = (
    "UNWIND $frontier AS id MATCH (a:Entity {id: id})-[r]-(b:Entity) WHERE b.id IN $beyond AND "
    + LINK_SEEN
    + _WAY
    + " AND "
    + A_SEEN
    + " AND "
    + B_SEEN
    + " RETURN DISTINCT a.id AS a, b.id AS b, r.link_id AS link, startNode(r).id AS source, endNode(r).id AS target"
)
"""The links that lead from one set of entities to another."""

_OPPOSITE = {"either": "either", "forward": "backward"}


@dataclass(frozen=True, slots=True)
class Searched:
    """How the search ended.

    ``near`` and ``far`` give the depth of each entity seen from the source and from the target.
    """

    outcome: Outcome
    distance: int
    near: dict[str, int]
    far: dict[str, int]
    way: str

    def steps(self, pushdown: Pushdown) -> dict[str, list[tuple[str, LinkRef]]]:
        """For each entity on a shortest path its (next entity, link) steps; two statements a level at the most."""
        depth_near = max(self.near[e] for e in self.near if e in self.far)
        met = {e for e, depth in self.near.items() if e in self.far and depth + self.far[e] == self.distance}
        onward: dict[str, list[tuple[str, LinkRef]]] = {}
        layer = {e for e in met if self.near[e] == depth_near}
        for depth in range(depth_near - 1, -1, -1):
            before = [e for e, d in self.near.items() if d == depth]
            layer = {start for start, _ in self._linked(pushdown, before, layer, onward)}
        layer = {e for e in met if self.near[e] == depth_near}
        for depth in range(self.distance - depth_near - 1, -1, -1):
            after = [e for e, d in self.far.items() if d == depth]
            layer = {end for _, end in self._linked(pushdown, layer, after, onward)}
        return onward

    def _linked(
        self, pushdown: Pushdown, start: Iterable[str], end: Iterable[str], onward: dict[str, list[tuple[str, LinkRef]]]
    ) -> list[tuple[str, str]]:
        pairs = []
        rows = pushdown.rows(
            BETWEEN, frontier=sorted(start), beyond=sorted(end), way=self.way, symmetric=pushdown.symmetric
        )
        for row in rows:
            ref = LinkRef(str(row["link"]), str(row["source"]), str(row["target"]))
            onward.setdefault(str(row["a"]), []).append((str(row["b"]), ref))
            pairs.append((str(row["a"]), str(row["b"])))
        return pairs


HUBS: LiteralString = (
    "MATCH (a:Entity) WHERE COUNT { (a)--() } >= $least AND "
    + A_SEEN
    + " MATCH (a)-[r]-(b:Entity) WHERE "
    + LINK_SEEN
    + " AND "
    + B_SEEN
    + " WITH a, count(DISTINCT r.link_id) AS links WHERE links >= $least RETURN a.id AS id, links ORDER BY id"
)
"""Who has so many visible links; the degree that the database keeps rules out nearly all others at once."""


def tamed_in(pushdown: Pushdown, degree: int) -> Hubs:
    """The hubs of the scope, as ``ground.hubs_of`` has them."""
    least = min(degree, max(degree // INFRASTRUCTURE_SHARE, 2))
    links = {str(row["id"]): cast("int", row["links"]) for row in pushdown.rows(HUBS, least=least)}
    doubtful = [one for one, many in links.items() if many < degree]
    records = pushdown.store.get(doubtful, [], pushdown.scope).entities
    public = {
        entity.id
        for entity in merge_entities(records, pushdown.ontology)
        if pushdown.ontology.entity_kind(entity.kind).infrastructure
    }
    return Hubs.ranked((one, many) for one, many in links.items() if many >= degree or one in public)


def meet_in_the_middle(
    pushdown: Pushdown, ends: tuple[str, str], budget: Budget, barred: frozenset[str], *, directed: bool
) -> Searched:
    """Search from both ends, the smaller frontier first, until they meet, one runs dry, or the budget is spent; those
    that are barred are not passed."""
    way = "forward" if directed else "either"
    sides = ({ends[0]: 0}, {ends[1]: 0})
    frontiers = [[ends[0]], [ends[1]]]
    barred = barred - set(ends)
    depths = [0, 0]
    ways = (way, _OPPOSITE[way])
    while all(frontiers):
        if budget.exhausted:
            return Searched(Outcome.BUDGET, -1, *sides, way)
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        depths[side] += 1
        rows = pushdown.rows(LEVEL, frontier=frontiers[side], way=ways[side], symmetric=pushdown.symmetric)
        budget.spend(sum(cast("int", row["links"]) for row in rows))
        frontiers[side] = [
            str(row["id"]) for row in rows if row["id"] not in sides[side] and str(row["id"]) not in barred
        ]
        sides[side].update(dict.fromkeys(frontiers[side], depths[side]))
        if any(entity in sides[1 - side] for entity in frontiers[side]):
            return Searched(Outcome.MET, sum(depths), *sides, way)
    return Searched(Outcome.EXHAUSTED, -1, *sides, way)
