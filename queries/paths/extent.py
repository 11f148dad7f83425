"""How far something reaches: the nearest of what was reached, counts of all of it, and where it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.paths.found import TAMED_SHOWN
from queries.paths.ground import GraphGround, Ground, links_at
from queries.paths.spreading import GraphReached, Taken, ViewReached, leading_on


@dataclass(frozen=True, slots=True)
class Onward:
    """An entity of the boundary, with the number of links that lead on to entities not reached."""

    id: str
    links: int


@dataclass(frozen=True, slots=True)
class Extent:
    """What an engine found: the first entities with their ways, how many there are by distance and kind, the boundary,
    and the most connected of the hubs met."""

    nearest: Sequence[tuple[str, int, int, list[Taken]]]
    counts: Mapping[tuple[int, str], int]
    boundary: Sequence[Onward]
    boundary_total: int
    hubs: tuple[str, ...]
    hubs_total: int
    only_hubs: bool


def extent_in_view(reached: ViewReached, ground: Ground, limit: int, budget: Budget) -> Extent:
    """The extent of what was reached on a view; ``ground`` as it was before hubs were led through."""
    view, rank = reached.view, reached.view.network.id_rank
    first = reached.first[reached.hops[reached.first] > 0]
    node, hops = reached.node[first], reached.hops[first]
    near = first[:limit]
    if len(first) > limit:
        last = reached.total[first[limit - 1]], reached.hops[first[limit - 1]]
        near = first[(reached.total[first] < last[0]) | ((reached.total[first] == last[0]) & (hops <= last[1]))]
    near = near[np.lexsort((rank[reached.node[near]], reached.hops[near], reached.total[near]))][:limit]
    nearest = [
        (view.network.entity_id(int(reached.node[label])), int(reached.hops[label]), int(reached.total[label]),
         reached.trail(int(label)))
        for label in near
    ]  # fmt: skip
    outer = first[hops == reached.spread.max_hops] if reached.spread.by_links else first
    onward = leading_on(reached, outer, budget)
    open_ = np.flatnonzero(onward)
    ordered = open_[np.lexsort((rank[reached.node[outer[open_]]], -onward[open_]))][:limit]
    boundary = [Onward(view.network.entity_id(int(reached.node[outer[k]])), int(onward[k])) for k in ordered]
    hubs, met = ground.hubs, np.zeros(0, dtype=np.int32)
    if len(hubs):
        met = node[hubs[node] & (hops < reached.spread.max_hops)]
        met = met[ground.untamed[met]] if len(ground.untamed) else met
    links = np.diff(view.adjacency.start)[met]
    told = met[np.lexsort((rank[met], -links))][:TAMED_SHOWN]
    held = tuple(view.network.entity_id(int(one)) for one in told)
    only_hubs = bool(len(met)) and bool(hubs[node].all())
    return Extent(nearest, _counts(view, hops, node), boundary, len(open_), held, len(met), only_hubs)


def _counts(view: View, hops: Ints, node: Ints) -> dict[tuple[int, str], int]:
    kinds = view.network.entity_rows.kinds.values
    code, many = np.unique(hops.astype(np.int64) * len(kinds) + view.kind[node], return_counts=True)
    pairs = (divmod(int(one), len(kinds)) for one in code)
    return {(far, str(kinds[kind])): int(count) for (far, kind), count in zip(pairs, many, strict=True)}


def extent_in_graph(reached: GraphReached, ground: GraphGround, limit: int, max_hops: int) -> Extent:
    """The same of what was reached on a graph in at most so many links."""
    graph = ground.graph
    found = [(total, far, one) for one, (total, far) in reached.best.items() if far]
    nearest = [(one, far, total, reached.trail(one)) for total, far, one in sorted(found)[:limit]]
    counts = Counter((far, str(graph.nodes[one]["kind"])) for _, far, one in found)
    onward = [Onward(one, links) for _, _, one in found if (links := reached.onward(one))]
    boundary = sorted(onward, key=lambda each: (-each.links, each.id))[:limit]
    met = [one for _, far, one in found if one in ground.hubs and far < max_hops]
    met = [one for one in met if ground.passes(one, hubs=True)]
    held = tuple(sorted(met, key=lambda one: (-links_at(graph, one), one))[:TAMED_SHOWN])
    only_hubs = bool(met) and all(one in ground.hubs for _, _, one in found)
    return Extent(nearest, counts, boundary, len(onward), held, len(met), only_hubs)
