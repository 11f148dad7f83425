"""``shortest-paths``: every shortest way from A to B, or the first k of them.

Parallel links make distinct paths. Paths come in order of length, then step by step by the entity reached and the
link taken. When there is none the proof says why: no path at all, or only one longer than asked. From many to many the
shortest of all pairs are meant.
"""

from __future__ import annotations

from itertools import islice

import networkx as nx

from graph_service.errors import EngineCannot
from graph_service.model.answer import Finding
from graph_service.network.adjacency import EITHER, FORWARD
from graph_service.network.budget import Budget
from graph_service.network.search import Between, Outcome, shortest_links
from graph_service.network.view import View
from queries.paths.attempt import Attempt, Hubs, answered, here
from queries.paths.best_first import Corridor, Search
from queries.paths.corridors import GraphWalk, Walk, in_graph, in_view, walkable_graph
from queries.paths.found import PathsResult, Walked
from queries.paths.ground import GraphGround, Ground, ends_of, ground_of, least_ids, sides_of
from queries.paths.levels import meet_in_the_middle, tamed_in
from queries.paths.rules import Rules
from queries.paths.shortest import enumerated, shortest_in_graph, shortest_in_view
from queries.paths.terms import Ends
from queries.pushdown import Pushdown
from queries.question import Question


class ShortestPathsParameters(Ends):
    """From where, to where, how far, how many, and on what terms."""


def in_memory(view: View, asked: ShortestPathsParameters, budget: Budget) -> Finding[PathsResult]:
    """By the compiled two-sided search; under conditions on the whole way by the best-first enumeration."""
    ground = ground_of(view, asked)
    sources, targets = sides_of(view, asked)
    if not len(targets):
        return here(map(view.network.entity_id, ends_of(view, asked, "target").tolist()), asked.limit)

    def attempt(*, hubs: bool) -> Attempt:
        walked = ground.with_hubs() if hubs else ground
        way = FORWARD if asked.directed else EITHER
        between = Between(sources, targets, way, walked.through, walked.open)
        bound = (asked.max_hops, asked.limit)
        if asked.counted:
            return _counted(view, asked, between, walked, budget)
        return shortest_in_view(view, between, bound, budget)

    hubs_there = Hubs.in_view(view, ground, asked.hub_degree)
    return answered(asked, attempt, hubs_there, least_ids(view, sources, targets), budget)


def _counted(view: View, asked: Ends, between: Between, ground: Ground, budget: Budget) -> Attempt:
    """The shortest ways that fulfil the rules: looked for where ways are short first, then wider, then to the bound."""
    shortest = shortest_links(view, between, asked.max_hops, budget)
    if shortest.outcome is not Outcome.MET:
        return Attempt(shortest.outcome.value, distance=shortest.distance)
    rules = Rules.of(asked, lambda one: view.codes(view.number(one)))
    made = Attempt("budget")
    for wider in (0, 1, 2, asked.max_hops):
        hops = min((shortest.distance or 0) + wider, asked.max_hops)
        walk = Walk(between.sources, between.targets, between.way, hops)
        outcome, corridor = in_view(view, walk, ground, rules, budget)
        made = _ruled(asked, outcome, corridor, rules, budget)
        if made.walks or made.reason == "budget" or hops == asked.max_hops:
            break
    return made


def on_networkx(view: View, asked: ShortestPathsParameters, budget: Budget) -> Finding[PathsResult]:
    """By NetworkX's own search, on the graph with every link turned the ways it may be walked."""
    ground = GraphGround.of(view, asked)
    sources, targets = ground.sides(asked)
    if not targets:
        return here(ground.ends(asked, "target"), asked.limit)

    def walkable(*, hubs: bool) -> nx.DiGraph:
        return walkable_graph(ground, sources | targets, directed=asked.directed, hubs=hubs)

    def attempt(*, hubs: bool) -> Attempt:
        walk = GraphWalk(sources, targets, asked.directed, asked.max_hops)
        if not asked.counted:
            return shortest_in_graph(walkable(hubs=hubs), walk, asked.limit, budget)
        rules = Rules.of(asked, lambda one: ground.graph.nodes[one]["codes"])
        outcome, corridor = in_graph(ground, walk, rules, budget, hubs=hubs)
        if corridor is None and outcome is Outcome.BOUND:
            return shortest_in_graph(walkable(hubs=hubs), walk, asked.limit, budget)
        return _ruled(asked, outcome, corridor, rules, budget)

    return answered(asked, attempt, Hubs.in_graph(ground), [min(sources), min(targets)], budget)


def on_neo4j(pushdown: Pushdown, asked: ShortestPathsParameters, budget: Budget) -> Finding[PathsResult]:
    """Level by level in the database, from both ends, under the scope; never an exhaustive search."""
    if asked.narrowed or len(asked.ids("source")) != 1 or len(asked.ids("target")) != 1 or asked.selective:
        raise EngineCannot("engine neo4j finds paths from one entity to another without conditions; memory takes them")
    [source], [target] = asked.ids("source"), asked.ids("target")
    pushdown.require(source)
    pushdown.require(target)
    if source == target:
        return here([source], asked.limit)
    held = Hubs.none() if asked.hubs == "free" else tamed_in(pushdown, asked.hub_degree)

    def attempt(*, hubs: bool) -> Attempt:
        barred = frozenset() if hubs else held.everyone
        searched = meet_in_the_middle(pushdown, (source, target), budget, barred, directed=asked.directed)
        if searched.outcome is not Outcome.MET:
            return Attempt(searched.outcome.value)
        if searched.distance > asked.max_hops:
            return Attempt(Outcome.BOUND.value, distance=searched.distance)
        onward = searched.steps(pushdown)
        return enumerated(asked.limit, lambda one: onward.get(one, []), [source], frozenset({target}), complete=True)

    return answered(asked, attempt, held, [source, target], budget)


def _ruled(asked: Ends, outcome: Outcome, corridor: Corridor | None, rules: Rules, budget: Budget) -> Attempt:
    """The shortest ways through a corridor that fulfil the rules."""
    if corridor is None:
        return Attempt(outcome.value)
    search = Search(corridor, rules, budget)
    walks: list[Walked] = []
    for way in islice(search.ways(), asked.limit + 1):
        if walks and way.cost > walks[0].cost:
            break
        walks.append(Walked(way.entities, way.links, float(way.cost)))
    return Attempt.of_search(search, walks, asked.limit)


QUESTION = Question(
    name="shortest-paths",
    summary="How does A reach B? All shortest paths, or the first k, to a hop bound.",
    parameters=ShortestPathsParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=("numba",),
    example={"source": "subject:mizan-talukder", "target": "subject:marta-quiroga"},
)
