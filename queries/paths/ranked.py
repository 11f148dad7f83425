"""Ways in order of what they cost, on both engines: what ``k-paths``, ``all-paths`` and ``best-evidence`` share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from graph_service.model.answer import Finding
from graph_service.network.adjacency import EITHER, FORWARD, Offsets
from graph_service.network.budget import Budget
from graph_service.network.search import Between, Outcome, shortest_links
from graph_service.network.view import View
from queries.paths.attempt import Attempt, Hubs, answered, here
from queries.paths.best_first import Corridor, Search
from queries.paths.corridors import EdgeCost, GraphWalk, Walk, distances, in_graph, in_view, walkable_graph
from queries.paths.costs import hub_toll, hub_tolls
from queries.paths.found import PathsResult, Walked
from queries.paths.ground import GraphGround, ends_of, ground_of, least_ids, links_at, sides_of
from queries.paths.rules import Rules
from queries.paths.terms import Ends


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a link costs: int64[links] on a view, a function of its data on a graph; both None for 1 each.

    ``hub_weight``: what passing an entity costs on top, times ln(1 + links / 10) (typologies, 3.1). ``scale``: the
    integers of one unit of cost as it is told.
    """

    on_view: Offsets | None = None
    on_graph: EdgeCost | None = None
    hub_weight: float = 0.0
    scale: int = 1


def ranked_in_view(view: View, asked: Ends, ranking: Ranking, budget: Budget) -> Finding[PathsResult]:
    """The best ways, by the compiled corridor."""
    ground = ground_of(view, asked)
    sources, targets = sides_of(view, asked)
    if not len(targets):
        return here(map(view.network.entity_id, ends_of(view, asked, "target").tolist()), asked.limit)
    way = FORWARD if asked.directed else EITHER

    def attempt(*, hubs: bool) -> Attempt:
        walked = ground.with_hubs() if hubs else ground
        rules = Rules.of(asked, lambda one: view.codes(view.number(one)))
        tolls = hub_tolls(view, ranking.hub_weight)
        walk = Walk(sources, targets, way, asked.max_hops, ranking.on_view, tolls)
        outcome, corridor = in_view(view, walk, walked, rules, budget)
        if corridor is None:
            if outcome is not Outcome.BOUND:
                return Attempt(outcome.value)
            between = Between(sources, targets, way, walked.through, walked.open)
            shortest = shortest_links(view, between, asked.max_hops, budget)
            return Attempt(shortest.outcome.value, distance=shortest.distance)
        return _searched(corridor, rules, asked, ranking.scale, budget)

    hubs_there = Hubs.in_view(view, ground, asked.hub_degree)
    return answered(asked, attempt, hubs_there, least_ids(view, sources, targets), budget)


def ranked_in_graph(view: View, asked: Ends, ranking: Ranking, budget: Budget) -> Finding[PathsResult]:
    """The best ways, by NetworkX's searches."""
    ground = GraphGround.of(view, asked)
    sources, targets = ground.sides(asked)
    if not targets:
        return here(ground.ends(asked, "target"), asked.limit)

    def attempt(*, hubs: bool) -> Attempt:
        rules = Rules.of(asked, lambda one: ground.graph.nodes[one]["codes"])
        weight = ranking.hub_weight
        tolls = {one: hub_toll(links_at(ground.graph, one), weight) for one in ground.graph} if weight else {}
        walk = GraphWalk(sources, targets, asked.directed, asked.max_hops, ranking.on_graph, tolls)
        outcome, corridor = in_graph(ground, walk, rules, budget, hubs=hubs)
        if corridor is None:
            distance = _distance(ground, walk, hubs=hubs) if outcome is Outcome.BOUND else None
            return Attempt(outcome.value, distance=distance)
        return _searched(corridor, rules, asked, ranking.scale, budget)

    return answered(asked, attempt, Hubs.in_graph(ground), [min(sources), min(targets)], budget)


def _distance(ground: GraphGround, walk: GraphWalk, *, hubs: bool) -> int:
    walkable = walkable_graph(ground, walk.sources | walk.targets, directed=walk.directed, hubs=hubs)
    out = distances(walkable, walk.sources, through=walk.targets)
    return min(out[end] for end in walk.targets & out.keys())


def _searched(corridor: Corridor, rules: Rules, asked: Ends, scale: int, budget: Budget) -> Attempt:
    search = Search(corridor, rules, budget)
    walks = [Walked(way.entities, way.links, way.cost / scale) for way in islice(search.ways(), asked.limit + 1)]
    return Attempt.of_search(search, walks, asked.limit)
