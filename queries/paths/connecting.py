"""``connecting-network``: how 2 to 100 entities hang together: the best way between any two, and a small tree.

Every two are joined by their shortest way, the first in canonical order: who is how far from whom, and who lies on most
of these ways. The tree joins all of them with few links, or with links that are likely to hold; it is found by the
method of Mehlhorn (1988) and is at most (2 - 2/k) times as large as the smallest one for k entities, so it is *a* small
network and not *the* smallest; ``at_least`` says how small any could be. Entities that stay apart are told in groups,
with the proof. Hubs are led through only between entities that are not joined without them.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx
from pydantic import Field, model_validator

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.model.graph import Path
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.attempt import Hubs
from queries.paths.costs import SCALE, Recency, evidence_cost, evidence_costs
from queries.paths.found import Proof, Tamed, Walked
from queries.paths.ground import GraphGround, ground_of
from queries.paths.joining import Branch, GraphJoining, Joining, Pair, ViewJoining
from queries.paths.terms import Terms
from queries.paths.unsuited import WHOLE_WAY, refuse
from queries.question import Names, Question


class ConnectingParameters(Terms):
    """Who is joined, by ways of which length, and what the tree saves."""

    entities: Names = Field(min_length=2, max_length=100, description="Ids of the entities to join, 2 to 100")
    max_hops: int = Field(default=6, ge=1, le=64, description="Longest way between two of them, in links, inclusive")
    limit: int = Field(default=1_000, ge=1, le=4_950, description="Ways between two listed, the shortest first")
    cost: Literal["links", "evidence"] = Field(
        default="links", description="What the tree saves: links, or evidence (-ln of the likelihood that a link holds)"
    )
    connectors: int = Field(default=20, ge=1, le=1_000, description="Entities on most ways listed")

    @model_validator(mode="after")
    def _fits(self) -> ConnectingParameters:
        refuse(self, WHOLE_WAY, "connecting-network joins each with each; ask for paths between two of them")
        refuse(self, ("directed",), "a network that connects has no direction; ask reach or paths for that")
        if len(self.ids) < 2:
            raise ValueError("entities: say two different ones at the least")
        if both := sorted({*self.ids} & {*self.avoid}):
            raise ValueError(f"avoid: {', '.join(both)} cannot be both joined and avoided")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The entities, sorted, each once."""
        return tuple(sorted(set(self.entities)))

    @property
    def scale(self) -> int:
        """The integers of one unit of cost."""
        return 1 if self.cost == "links" else SCALE


@dataclass(frozen=True, slots=True)
class Joined:
    """Two of the entities with the way of fewest links between them, its cost as the tree counts it.

    ``hubs``: there is none without leading through a hub.
    """

    source: str
    target: str
    path: Path
    hubs: bool


@dataclass(frozen=True, slots=True)
class Connector:
    """An entity that lies between two on the ways of so many pairs."""

    id: str
    pairs: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A small network through the entities of a group; ``cost`` in links, or the sum of -ln likelihoods.

    ``at_least``: no network through them costs less; None where hubs had to be led through.
    """

    entities: tuple[str, ...]
    links: tuple[str, ...]
    cost: float
    at_least: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """Entities that are joined with each other, with their tree; and why with none of the others, where there are
    others."""

    entities: tuple[str, ...]
    tree: Tree | None
    apart: Proof | None


@dataclass(frozen=True, slots=True)
class ConnectingResult:
    """``hops``: a row an entity, the links to each in the order of ``entities``, None for none within the bound.

    ``ways``: the shortest first, then by their ends; ``joined`` counts them. ``connectors``: who lies on most of all
    ways. ``groups``: the largest first; one alone means that all hang together.
    """

    entities: tuple[str, ...]
    hops: tuple[tuple[int | None, ...], ...]
    ways: tuple[Joined, ...]
    joined: int
    connectors: tuple[Connector, ...]
    groups: tuple[Group, ...]
    tamed: Tamed | None


def in_memory(view: View, asked: ConnectingParameters, budget: Budget) -> Finding[ConnectingResult]:
    """By the compiled searches."""
    for one in asked.ids:
        view.number(one)
    ground = ground_of(view, asked)
    cost = None if asked.cost == "links" else evidence_costs(view, Recency())
    joining = ViewJoining(view, asked.ids, ground, asked.max_hops, cost, budget)
    return _connected(asked, joining, Hubs.in_view(view, ground, asked.hub_degree), budget)


def on_networkx(view: View, asked: ConnectingParameters, budget: Budget) -> Finding[ConnectingResult]:
    """By NetworkX's searches."""
    for one in asked.ids:
        if one not in view.graph:
            raise EntityNotFound(one)
    ground = GraphGround.of(view, asked)
    cost = None if asked.cost == "links" else lambda data: evidence_cost(float(str(data["probability"])))
    joining = GraphJoining(asked.ids, ground, asked.max_hops, cost, budget)
    return _connected(asked, joining, Hubs.in_graph(ground), budget)


def _connected(asked: ConnectingParameters, joining: Joining, hubs: Hubs, budget: Budget) -> Finding[ConnectingResult]:
    wanted = list(itertools.combinations(asked.ids, 2))
    plain = joining.pairs(wanted, hubs=False)
    ways, passed = dict(plain), False
    missing = [pair for pair in wanted if pair not in plain]
    if missing and hubs.total and asked.hubs == "tame" and not budget.exhausted:
        ways |= joining.pairs(missing, hubs=True)
        passed = True
    groups, branches = [], list[Branch]()
    parts = _parts(asked.ids, ways)
    for part in parts:
        tree, grown = _tree(asked, joining, _parts(part, plain), (plain, ways))
        branches += grown
        others = [one for one in asked.ids if one not in part]
        groups.append(Group(part, tree, joining.proof(part, others, hubs=passed) if others else None))
    told = sorted(ways.items(), key=lambda item: (len(item[1].links), item[0]))[: asked.limit]
    walks = [walk for _, walk in told]
    result = ConnectingResult(
        asked.ids,
        _matrix(asked.ids, ways),
        tuple(_joined(pair, walk, asked.scale, hubs=pair not in plain) for pair, walk in told),
        len(ways),
        _connectors(ways, asked.connectors),
        tuple(groups),
        Tamed(hubs.first, hubs.total, passed) if hubs.total else None,
    )
    return Finding.of(
        result,
        [*asked.ids, *(e for walk in walks for e in walk.entities), *(e for b in branches for e in (b.start, b.end))],
        [*(ref for walk in walks for ref in walk.links), *(branch.link for branch in branches)],
        truncated=budget.exhausted or len(ways) > len(told),
        explored=budget.explored,
    )


def _joined(pair: Pair, walk: Walked, scale: int, *, hubs: bool) -> Joined:
    return Joined(*pair, Path(walk.entities, tuple(ref.id for ref in walk.links), walk.cost / scale), hubs)


def _parts(ids: Sequence[str], ways: Mapping[Pair, Walked]) -> list[tuple[str, ...]]:
    """The entities in groups that ways between two of them join, the largest group first."""
    graph = nx.Graph()
    graph.add_nodes_from(ids)
    graph.add_edges_from(pair for pair in ways if pair[0] in graph and pair[1] in graph)
    parts = [tuple(sorted(part)) for part in nx.connected_components(graph)]
    return sorted(parts, key=lambda part: (-len(part), part))


def _tree(
    asked: ConnectingParameters,
    joining: Joining,
    parts: Sequence[tuple[str, ...]],
    ways: tuple[Mapping[Pair, Walked], Mapping[Pair, Walked]],
) -> tuple[Tree | None, list[Branch]]:
    """The tree of a group that is given in the parts that hang together without hubs; hubs join these.

    ``ways`` without hubs, and all of them.
    """
    if len(parts) == 1 and len(parts[0]) == 1:
        return None, []
    scale, bound = asked.scale, 0.0
    branches: list[Branch] = []
    grown: list[set[str]] = []
    for part in sorted(parts):
        made = joining.tree([[one] for one in part], _dearest(part, ways[0]), hubs=False) if len(part) > 1 else None
        grown.append(
            {*part, *(end for branch in made.links for end in (branch.start, branch.end))} if made else {*part}
        )
        if made:
            branches += made.links
            bound = -(-made.paid * len(part) // (2 * (len(part) - 1))) / scale
    if len(parts) > 1:
        branches += joining.tree(grown, _dearest(list(itertools.chain(*parts)), ways[1]), hubs=True).links
    entities = {end for branch in branches for end in (branch.start, branch.end)}
    links = tuple(sorted({branch.link.id for branch in branches}))
    cost = sum(branch.cost for branch in branches) / scale
    return Tree(tuple(sorted(entities)), links, cost, bound if len(parts) == 1 else None), branches


def _dearest(ids: Sequence[str], ways: Mapping[Pair, Walked]) -> int:
    """The cost of the dearest of the ways that join these, taken so that it is least."""
    graph = nx.Graph()
    among = set(ids)
    graph.add_weighted_edges_from((*pair, walk.cost) for pair, walk in ways.items() if among.issuperset(pair))
    return max(int(data["weight"]) for _, _, data in nx.minimum_spanning_edges(graph))


def _matrix(ids: Sequence[str], ways: Mapping[Pair, Walked]) -> tuple[tuple[int | None, ...], ...]:
    def hops(one: str, other: str) -> int | None:
        walk = ways.get((min(one, other), max(one, other)))
        return 0 if one == other else None if walk is None else len(walk.links)

    return tuple(tuple(hops(one, other) for other in ids) for one in ids)


def _connectors(ways: Mapping[Pair, Walked], most: int) -> tuple[Connector, ...]:
    counted = Counter(entity for walk in ways.values() for entity in walk.entities[1:-1])
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Connector(entity, pairs) for entity, pairs in ranked[:most])


QUESTION = Question(
    name="connecting-network",
    summary="How do these entities hang together? The best way between any two, and a small network through all.",
    parameters=ConnectingParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"entities": ["subject:marta-quiroga", "subject:ramiro-olmedo", "subject:delia-funes-rey"]},
)
