"""``bridges-between``: who and what joins two groups, directly or through one entity between them.

Direction says nothing here. With events kept, an event that both groups had a part in stands between them.
"""

from __future__ import annotations

from collections import Counter

import networkx as nx
from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.groups.ends import Sides, listed, two_sides
from queries.groups.joining import (
    CUT_STEPS,
    LEFT,
    MEMBERS_SHOWN,
    RIGHT,
    Between,
    BridgesResult,
    Crosser,
    Cut,
    DirectTie,
    Joined,
    ranked_crossers,
)
from queries.groups.listing import graph_links_among, links_among
from queries.groups.partitioning import Parting, leiden, louvain
from queries.groups.quality import PartitionParameters
from queries.question import Question

_SIDE = "Ids parted by commas, or one whose group is meant"
_START, _END = ("", "start"), ("", "end")


class BridgesParameters(PartitionParameters):
    """Between whom, and how much of it; how groups are told apart matters where a side is named by one id."""

    left: str = Field(min_length=1, max_length=100_000, description=_SIDE)
    right: str = Field(
        min_length=1, max_length=100_000, description="Ids parted by commas, or one whose group is meant"
    )
    whole: bool = Field(default=True, description="A side of one id is its whole community")
    limit: int = Field(default=20, ge=1, le=1_000, description="Ties, people and entities between listed, of each")


def in_memory(view: View, asked: BridgesParameters, budget: Budget) -> Finding[BridgesResult]:
    """On arrays: the links with an end on either side."""
    sides = _sides(view, asked, leiden, budget)
    if sides is None:
        return _no_time(budget)
    budget.spend(len(view.links))
    result = Joined(view, sides).told(asked.limit, budget)
    named = _named(result)
    return _finding(result, named, links_among(view, named), asked, budget)


def on_networkx(view: View, asked: BridgesParameters, budget: Budget) -> Finding[BridgesResult]:
    """By looking at the neighbours of every member, and NetworkX's least cut."""
    sides = _sides(view, asked, louvain, budget)
    if sides is None:
        return _no_time(budget)
    budget.spend(view.graph.number_of_edges())
    graph, (left, right) = nx.Graph(view.graph), sides
    direct = {(one, other) for one in left for other in set(graph[one]) & right}
    links = {(one, other): _links(view.graph, one, other) for one, other in direct}
    beside = {member: set(graph[member]) - left - right for side in sides for member in side}
    of_left, of_right = ({other for member in side for other in beside[member]} for side in sides)
    between = [_between(graph, one, sides) for one in of_left & of_right]
    between.sort(key=lambda one: (-one.ways, one.neighbours, one.id))
    ties = sorted((DirectTie(*pair, many) for pair, many in links.items()), key=lambda t: (-t.links, t.left, t.right))
    met = {one.id for one in between}
    ways = direct | {(one, other) for one in left for other in beside[one] & met}
    ways |= {(other, one) for one in right for other in beside[one] & met}
    result = BridgesResult(
        len(left),
        len(right),
        len(ties),
        tuple(ties[: asked.limit]),
        len(between),
        tuple(between[: asked.limit]),
        _crossers(links)[: asked.limit],
        _cut(ways, sides, asked.limit),
    )
    named = _named(result)
    return _finding(result, named, graph_links_among(view.graph, named), asked, budget)


def _sides(view: View, asked: BridgesParameters, parting: Parting, budget: Budget) -> Sides | None:
    given = listed(asked.left, LEFT), listed(asked.right, RIGHT)
    return two_sides(view, given, asked, parting if asked.whole else None, budget)


def _between(graph: nx.Graph, one: str, sides: Sides) -> Between:
    left, right = (sorted(set(graph[one]) & side) for side in sides)
    near = len(set(graph[one]) - {one})
    shown = tuple(left[:MEMBERS_SHOWN]), tuple(right[:MEMBERS_SHOWN])
    return Between(one, len(left) * len(right), len(left), len(right), near, *shown)


def _links(graph: nx.MultiDiGraph, one: str, other: str) -> int:
    return int(graph.number_of_edges(one, other) + graph.number_of_edges(other, one))


def _crossers(links: dict[tuple[str, str], int]) -> tuple[Crosser, ...]:
    found = []
    for place, name in enumerate((LEFT, RIGHT)):
        across = Counter(pair[place] for pair in links)
        many: Counter[str] = Counter()
        for pair, count in links.items():
            many[pair[place]] += count
        found += [Crosser(one, name, across[one], many[one]) for one in across]
    return ranked_crossers(found)


def _cut(ways: set[tuple[str, str]], sides: Sides, limit: int) -> Cut | None:
    if len(ways) > CUT_STEPS:
        return None
    split = nx.DiGraph()
    split.add_nodes_from([_START, _END])
    split.add_edges_from(((one, "out"), (other, "in")) for one, other in ways)
    for node in {node for way in ways for node in way}:
        split.add_edge((node, "in"), (node, "out"), capacity=1)
        if node in sides[0]:
            split.add_edge(_START, (node, "in"))
        if node in sides[1]:
            split.add_edge((node, "out"), _END)
    _, (_, near_end) = nx.minimum_cut(split, _START, _END)
    return Cut.of((name for name, part in near_end if part == "out" and (name, "in") not in near_end), limit)


def _named(result: BridgesResult) -> list[str]:
    """Who is shown: those between and those at the ends of what is listed."""
    named = [each for one in result.between for each in (one.id, *one.left_members, *one.right_members)]
    named += [one.id for one in result.crossers]
    named += [end for tie in result.direct for end in (tie.left, tie.right)]
    return list(dict.fromkeys([*named, *(result.cut.members if result.cut else ())]))


def _finding(
    result: BridgesResult, named: list[str], links: list[LinkRef], asked: BridgesParameters, budget: Budget
) -> Finding[BridgesResult]:
    cut = budget.exhausted or max(result.ties, result.intermediaries) > asked.limit or result.cut is None
    return Finding.of(result, named, links, truncated=cut, explored=budget.explored)


def _no_time(budget: Budget) -> Finding[BridgesResult]:
    return Finding.of(BridgesResult(0, 0, 0, (), 0, (), (), None), truncated=True, explored=budget.explored)


QUESTION = Question(
    name="bridges-between",
    summary="Who and what joins two groups? Ties, entities between them, and the fewest that all of it hangs on.",
    parameters=BridgesParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"left": "subject:mizan-talukder", "right": "subject:marta-quiroga"},
)
