"""``independent-routes``: ways from A to B that have no source (no entity, no link) in common, and the least cut.

Does one informant carry the whole story? Two ways that rest on different sources say it twice, and so does one way of
which every link is said by two; the least set of sources whose loss breaks every way says how few people one has to
believe.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

import networkx as nx
import numpy as np
from pydantic import Field, model_validator

from graph_service.errors import InvalidParameter
from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef, Path
from graph_service.network.adjacency import EITHER, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.search import Between
from graph_service.network.view import View
from queries.paths.attempt import Attempt, Hubs
from queries.paths.corridors import GraphWalk, walkable_graph
from queries.paths.disjoint import Candidate, Parts, least_cut, packed
from queries.paths.found import PathsResult, Proof, Tamed, Walked
from queries.paths.ground import GraphGround, ground_of, sides_of
from queries.paths.ranked import Ranking, ranked_in_graph, ranked_in_view
from queries.paths.shortest import shortest_in_graph, shortest_in_view
from queries.paths.terms import Ends
from queries.paths.unsuited import WHOLE_WAY, refuse
from queries.question import Question

CHOICES = 64
"""Choices of sources that are tried for one way."""


class IndependentRoutesParameters(Ends):
    """From where, to where, what must not be shared, how many, and on what terms."""

    max_hops: int = Field(default=6, ge=1, le=64, description="Longest route, in links, inclusive")
    limit: int = Field(default=3, ge=1, le=20, description="How many routes at the most (k)")
    share_no: Literal["source", "entity", "link"] = Field(
        default="source", description="What no two routes have in common: source, entity (between the ends) or link"
    )
    ways: int = Field(default=200, ge=1, le=1_000, description="Ways looked at, the shortest first")
    cut_most: int = Field(default=4, ge=1, le=8, description="Largest cut that is looked for")

    @model_validator(mode="after")
    def _single_ways(self) -> IndependentRoutesParameters:
        refuse(self, WHOLE_WAY, "independent routes are many ways, so no condition on one way as a whole holds")
        return self


@dataclass(frozen=True, slots=True)
class Route:
    """A way, and what it alone stands on: a source of each link, its entities, or its links."""

    path: Path
    stands_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndependentRoutesResult:
    """``routes``: the most that share nothing, up to the number asked, the shortest in all. ``cut``: the fewest sources
    (entities, links) whose loss breaks every way, None when it takes more than was looked for; no more routes than that
    can be independent. ``proven``: there are not more independent routes (up to the number asked), for every way was
    looked at or the cut says so."""

    routes: tuple[Route, ...]
    cut: tuple[str, ...] | None
    proven: bool
    proof: Proof | None = None
    tamed: Tamed | None = None


class Engine(Protocol):
    """What an engine does for this question."""

    def first(self, lost: Parts) -> Walked | None:
        """The best way that is left when some sources, entities or links are lost."""
        ...

    def ways(self, asked: Ends) -> Finding[PathsResult]:
        """The ways in order of length."""
        ...

    def said_by(self, start: str, end: str, link: str) -> frozenset[str]:
        """The sources of a link between two entities."""
        ...


@dataclass(frozen=True, slots=True)
class InView:
    """On a view's arrays; ``place``: that of each link of the ways found so far, by its id."""

    view: View
    asked: IndependentRoutesParameters
    between: Between
    budget: Budget
    place: dict[str, int] = field(default_factory=dict)

    def first(self, lost: Parts) -> Walked | None:
        """By the two-sided search with what is lost barred."""
        view, through, opened = self.view, self.between.through, self.between.open
        if lost and self.asked.share_no == "entity":
            through = (through if len(through) else view.nodes).copy()
            through[[view.number(one) for one in lost]] = False
        elif lost and self.asked.share_no == "link":
            opened = (opened if len(opened) else np.ones(len(view.links), np.bool_)).copy()
            opened[[self.place[one] for one in lost]] = False
        elif lost:
            left = view.kept(("without", lost), lambda: view.without_sources(lost))
            opened = left & opened if len(opened) else left
        between = replace(self.between, through=through, open=opened)
        best = _best(shortest_in_view(view, between, (self.asked.max_hops, 1), self.budget))
        if best is not None:
            steps = zip(best.entities, best.entities[1:], best.links, strict=False)
            self.place.update((ref.id, self._place(near, far, ref.id)) for near, far, ref in steps)
        return best

    def ways(self, asked: Ends) -> Finding[PathsResult]:
        """By the corridor."""
        return ranked_in_view(self.view, asked, Ranking(), self.budget)

    def said_by(self, start: str, end: str, link: str) -> frozenset[str]:
        """From the records' columns."""
        return self.view.said_by(self._place(start, end, link))

    def _place(self, start: str, end: str, link: str) -> int:
        return self.view.link_at(self.view.number(start), link, self.view.number(end))[0]


@dataclass(frozen=True, slots=True)
class InGraph:
    """On a NetworkX graph turned the ways it may be walked."""

    view: View
    asked: IndependentRoutesParameters
    walkable: nx.DiGraph
    walk: GraphWalk
    budget: Budget

    def first(self, lost: Parts) -> Walked | None:
        """By distances on the graph without what is lost."""
        left = self.walkable.copy()
        if self.asked.share_no == "entity":
            left.remove_nodes_from(lost)
        elif lost:
            for start, end, links in self.walkable.edges(data="links"):
                kept = [one for one in links if not self._is_lost(one, lost)]
                left[start][end]["links"] = kept
                if not kept:
                    left.remove_edge(start, end)
        return _best(shortest_in_graph(left, self.walk, 1, self.budget))

    def _is_lost(self, link: tuple[LinkRef, dict[str, frozenset[str]]], lost: Parts) -> bool:
        ref, data = link
        return ref.id in lost if self.asked.share_no == "link" else data["said_by"] <= lost

    def ways(self, asked: Ends) -> Finding[PathsResult]:
        """By NetworkX's corridor."""
        return ranked_in_graph(self.view, asked, Ranking(), self.budget)

    def said_by(self, start: str, end: str, link: str) -> frozenset[str]:
        """From the edge."""
        graph = self.view.graph
        data = graph.get_edge_data(start, end, link) or graph.get_edge_data(end, start, link)
        return frozenset(data["said_by"])


def in_memory(view: View, asked: IndependentRoutesParameters, budget: Budget) -> Finding[IndependentRoutesResult]:
    """On the view's arrays."""
    ground = ground_of(view, asked)
    sources, targets = sides_of(view, asked)
    _apart(len(targets))
    way = FORWARD if asked.directed else EITHER

    def engine(*, hubs: bool) -> Engine:
        walked = ground.with_hubs() if hubs else ground
        return InView(view, asked, Between(sources, targets, way, walked.through, walked.open), budget)

    return _found(asked, engine, Hubs.in_view(view, ground, asked.hub_degree), budget)


def on_networkx(view: View, asked: IndependentRoutesParameters, budget: Budget) -> Finding[IndependentRoutesResult]:
    """On the NetworkX graph."""
    ground = GraphGround.of(view, asked)
    sources, targets = ground.sides(asked)
    _apart(len(targets))

    def engine(*, hubs: bool) -> Engine:
        walkable = walkable_graph(ground, sources | targets, directed=asked.directed, hubs=hubs)
        walk = GraphWalk(sources, targets, asked.directed, asked.max_hops)
        return InGraph(view, asked, walkable, walk, budget)

    return _found(asked, engine, Hubs.in_graph(ground), budget)


def _apart(targets: int) -> None:
    if not targets:
        raise InvalidParameter("source and target: independent routes need two ends that are not the same")


def _best(attempt: Attempt) -> Walked | None:
    return attempt.walks[0] if attempt.walks else None


class EngineMade(Protocol):
    """Makes the engine with hubs barred or let through."""

    def __call__(self, *, hubs: bool) -> Engine:
        """The engine."""
        ...


def _found(
    asked: IndependentRoutesParameters, made: EngineMade, hubs: Hubs, budget: Budget
) -> Finding[IndependentRoutesResult]:
    """The routes and the cut, the same way for every engine."""
    passed = asked.hubs == "tame" and bool(hubs.total) and made(hubs=False).first(frozenset()) is None
    engine = made(hubs=passed or asked.hubs == "free")
    tamed = Tamed(hubs.first, hubs.total, passed) if hubs.total else None
    plain = {name: getattr(asked, name) for name in Ends.model_fields if name not in {"limit", "hubs", "among"}}
    found = engine.ways(Ends(**plain, limit=asked.ways, hubs="free" if passed or asked.hubs == "free" else "ends"))
    walks = [_walked(path, found.links) for path in found.result.paths]
    candidates = [one for walk in walks if budget.spend(CHOICES) for one in _candidates(asked, engine, walk)]
    routes = packed(candidates, asked.limit, budget)
    cut = least_cut(engine.first, lambda walk: _losses(asked, engine, walk), asked.cut_most, budget)
    whole = not found.truncated and not any(one.capped for one in candidates)
    proven = len(routes) == asked.limit or (bool(cut.parts) and len(routes) == len(cut.parts or ())) or whole
    result = IndependentRoutesResult(
        tuple(Route(one.way.path, tuple(sorted(one.parts))) for one in routes),
        cut.parts if walks else None,
        proven and not budget.exhausted,
        found.result.proof,
        tamed,
    )
    return Finding.of(
        result,
        {entity for one in routes for entity in one.way.entities} or found.entities,
        [ref for one in routes for ref in one.way.links],
        truncated=not result.proven or not cut.known,
        explored=budget.explored,
    )


def _walked(path: Path, links: Iterable[LinkRef]) -> Walked:
    by_id = {ref.id: ref for ref in links}
    return Walked(path.entities, tuple(by_id[link] for link in path.links), path.cost)


def _losses(asked: IndependentRoutesParameters, engine: Engine, walk: Walked) -> list[Parts]:
    """The sets of which the loss of any one breaks a way."""
    if asked.share_no == "entity":
        return [frozenset({one}) for one in walk.entities[1:-1]]
    if asked.share_no == "link":
        return [frozenset({ref.id}) for ref in walk.links]
    at = zip(walk.entities, walk.entities[1:], walk.links, strict=False)
    said = {engine.said_by(start, end, ref.id) for start, end, ref in at}
    return sorted(said, key=lambda parts: (len(parts), sorted(parts)))


def _choices(asked: IndependentRoutesParameters, engine: Engine, walk: Walked) -> Iterable[Parts]:
    """What a way may stand on: a choice of one source for each link, else its entities or links."""
    if asked.share_no != "source":
        yield frozenset().union(*_losses(asked, engine, walk))
        return
    options = [sorted(parts) for parts in _losses(asked, engine, walk)]
    seen: set[Parts] = set()
    for choice in itertools.islice(itertools.product(*options), CHOICES**2):
        parts = frozenset(choice)
        if parts not in seen:
            seen.add(parts)
            yield parts


def _candidates(asked: IndependentRoutesParameters, engine: Engine, walk: Walked) -> list[Candidate]:
    """A way with its choices, those first that stand on the least; none that stands on more than another."""
    tried = list(itertools.islice(_choices(asked, engine, walk), CHOICES + 1))
    kept: list[Parts] = []
    for parts in sorted(tried[:CHOICES], key=lambda one: (len(one), sorted(one))):
        if not any(other <= parts for other in kept):
            kept.append(parts)
    return [Candidate(walk, parts, capped=len(tried) > CHOICES) for parts in kept]


QUESTION = Question(
    name="independent-routes",
    summary="Does one source carry the whole story? Ways that share no source, entity or link, and the least cut.",
    parameters=IndependentRoutesParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"source": "subject:mizan-talukder", "target": "subject:marta-quiroga"},
)
