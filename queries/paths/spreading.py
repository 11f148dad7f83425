"""What is reached from some entities, and the best way to each: on arrays by the compiled search, on a graph by layers.

The best way to an entity costs least, has fewest links among those, and comes by the entities with the smallest ids
from its end on. Entities that may not be passed (hubs, and what the terms leave out) are reached, but nothing is
reached through them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import networkx as nx
import numpy as np

from graph_service.model.graph import LinkRef
from graph_service.network.adjacency import BACKWARD, EITHER, FORWARD, Offsets
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints, Mask
from graph_service.network.search import bounds
from graph_service.network.timetable import Days
from graph_service.network.view import View
from queries.paths.corridors import walkable_graph
from queries.paths.ground import GraphGround, Ground
from queries.paths.parallel import first_by_id

WITHOUT_END = 2**62
"""More than any way costs."""
Advance = Callable[[int, str, LinkRef, dict[str, object]], int | None]
"""What a way costs, or when it arrives, that goes on from an entity by a link; None where it may not."""
Worth = Callable[[str, float], float]
"""What a link of a kind and likelihood is worth: of parallel links the most worth is told, ties by id."""


def likelihood(_kind: str, probability: float) -> float:
    """A link is worth how likely it holds."""
    return probability


def one_more(total: int, _start: str, _ref: LinkRef, _data: dict[str, object]) -> int:
    """What a way costs with a link more, where each costs 1."""
    return total + 1


class Taken(NamedTuple):
    """A link as it was walked: the entity it leads from and to, its kind and likelihood."""

    start: str
    end: str
    link: LinkRef
    kind: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """When links may be taken, int32[links], days; ``moment`` bool[links]: it joins a party to an event (``event``
    bool[entities]); ``window`` int64[2]: first and last day. Negative days run backwards."""

    begins: Ints
    ends: Ints
    dated: Mask
    moment: Mask
    event: Mask
    window: Offsets

    @staticmethod
    def of(view: View, window: tuple[int, int], *, backwards: bool) -> Clock:
        """The clock of a view, or that of its days run backwards."""
        days = view.kept(("days", True), lambda: Days.of(view))
        begins, ends = (-days.last, -days.first) if backwards else (days.first, days.last)
        return Clock(begins, ends, days.dated, days.of_event, days.event, np.array(window, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How far to go: at most so many links; and so much cost where links cost (int64[links]); or by a clock."""

    way: int
    max_hops: int
    cost: Offsets | None = None
    most: int = WITHOUT_END
    clock: Clock | None = None

    @property
    def by_links(self) -> bool:
        """Whether only the number of links counts."""
        return self.cost is None and self.clock is None

    def taken(self, start: int, links: Ints, before: int, total: int) -> Ints:
        """Those of the links out of an entity by which a way of one cost or day comes to another."""
        if self.cost is not None:
            dear: Mask = self.cost[links] == total - before
            return links[dear]
        if self.clock is None:
            return links
        clock = self.clock
        moment = clock.event[start] & clock.moment[links] & (clock.ends[links] >= before)
        begun = (clock.begins[links] >= before) | moment
        follows: Mask = begun & (clock.begins[links] >= clock.window[0]) & (clock.ends[links] == total)
        return links[follows]


@dataclass(frozen=True, slots=True, eq=False)
class ViewReached:
    """What was reached on a view, one label a row, nearest first, as the kernel leaves them.

    ``first`` has the labels of the best ways, one an entity; ``total`` int64 what the ways cost; ``place`` int32[n] the
    best label of each entity, -1 for none. ``steps``: the last links of ways told before.
    """

    view: View
    spread: Spread
    ground: Ground
    node: Ints
    hops: Ints
    before: Ints
    total: Offsets
    first: Ints
    place: Ints
    steps: dict[tuple[int, Worth], Taken] = field(default_factory=dict)

    def trail(self, label: int, worth: Worth = likelihood) -> list[Taken]:
        """The way that a label stands for, from a source on."""
        taken: list[Taken] = []
        while (before := int(self.before[label])) >= 0:
            if (label, worth) not in self.steps:
                self.steps[label, worth] = self._taken(before, label, worth)
            taken.append(self.steps[label, worth])
            label = before
        return taken[::-1]

    def _taken(self, before: int, label: int, worth: Worth) -> Taken:
        view, start, end = self.view, int(self.node[before]), int(self.node[label])
        ahead = view.adjacency.run(start, self.spread.way)
        behind = view.adjacency.run(end, {FORWARD: BACKWARD, BACKWARD: FORWARD, EITHER: EITHER}[self.spread.way])
        shorter = ahead.stop - ahead.start <= behind.stop - behind.start
        run, other = (ahead, end) if shorter else (behind, start)
        links = view.adjacency.link[run][view.adjacency.neighbour[run] == other]
        if len(self.ground.open):
            links = links[self.ground.open[links]]
        links = self.spread.taken(start, links, int(self.total[before]), int(self.total[label]))
        likely = view.facts.probability[links]
        said = np.empty(len(links))
        for kind, places in view.by_kind(links).items():
            said[places] = [worth(kind, probability) for probability in likely[places].tolist()]
        link = first_by_id(view, links[said == said.max()])
        ends = view.network.entity_id(start), view.network.entity_id(end)
        return Taken(*ends, view.link_ref(link), view.link_kind(link), float(view.facts.probability[link]))


def _worthiest(options: Sequence[Taken], worth: Worth) -> Taken:
    return min(options, key=lambda one: (-worth(one.kind, one.probability), one.link.id))


def in_view(view: View, sources: Ints, ground: Ground, spread: Spread, budget: Budget) -> ViewReached:
    """All that is reached on a view from any of the sources; O(links looked at), with costs a logarithm more."""
    from graph_service.network.kernels import spreading

    walked = (*_ahead(view, spread.way), view.adjacency.neighbour, view.adjacency.link)
    place = np.full(view.network.entities, -1, dtype=np.int32)
    allowed, rank = (ground.through, ground.open), view.network.id_rank
    spent = budget.state, budget.limits.links
    if spread.clock is not None:
        clock = spread.clock
        ground = replace(ground, open=clock.dated & ground.open if len(ground.open) else clock.dated)
        node, hops, before, total = spreading.earliest(
            *walked, sources, ground.through, ground.open, rank, clock.begins, clock.ends, clock.moment, clock.event,
            clock.window, spread.max_hops, place, *spent
        )  # fmt: skip
        first = np.flatnonzero(place[node] == np.arange(len(node))).astype(np.int32)
    elif spread.cost is None:
        node, hops, before = spreading.spread(*walked, sources, *allowed, rank, spread.max_hops, place, *spent)
        total, first = hops.astype(np.int64), np.arange(len(node), dtype=np.int32)
    else:
        node, hops, before, total = spreading.cheapest(
            *walked, sources, *allowed, rank, spread.cost, spread.most, spread.max_hops, place, *spent
        )
        first = np.flatnonzero(place[node] == np.arange(len(node))).astype(np.int32)
    return ViewReached(view, spread, ground, node, hops, before, total, first, place)


def _ahead(view: View, way: int) -> tuple[Offsets, Offsets]:
    """Where each entity's entries begin and end along a way."""
    return bounds(view.adjacency, FORWARD)[1] if way == BACKWARD else bounds(view.adjacency, way)[0]


def leading_on(reached: ViewReached, labels: Ints, budget: Budget) -> Ints:
    """How many links lead on from the entities of these labels to entities that were not reached."""
    from graph_service.network.kernels import spreading

    view, ground = reached.view, reached.ground
    walked = (*_ahead(view, reached.spread.way), view.adjacency.neighbour, view.adjacency.link)
    nodes, allowed = reached.node[labels], (ground.through, ground.open)
    onward: Ints = spreading.leading_on(*walked, nodes, reached.place, *allowed, budget.state, budget.limits.links)
    return onward


@dataclass(frozen=True, slots=True)
class GraphReached:
    """What was reached on a graph turned the ways it may be walked: ``best`` has (cost, links) for each entity."""

    walkable: nx.DiGraph
    leads: AbstractSet[str]
    advance: Advance
    table: Sequence[Mapping[str, int]]
    best: Mapping[str, tuple[int, int]]

    def trail(self, entity: str, worth: Worth = likelihood) -> list[Taken]:
        """The best way to an entity, from a source on."""
        total, left = self.best[entity]
        taken: list[Taken] = []
        while left:
            left -= 1
            before = self.table[min(left, len(self.table) - 1)]
            options = [
                Taken(start, entity, ref, str(data["kind"]), float(data["probability"]))
                for start, _, links in self.walkable.in_edges(entity, data="links")
                if start in self.leads and start in before
                for ref, data in links
                if self.advance(before[start], start, ref, data) == total
            ]
            start = min(one.start for one in options)
            taken.append(_worthiest([one for one in options if one.start == start], worth))
            entity, total = start, before[start]
        return taken[::-1]

    def onward(self, entity: str) -> int:
        """How many links lead on to entities that were not reached; none from those that may not be passed."""
        if entity not in self.leads:
            return 0
        return sum(
            len(links) for _, end, links in self.walkable.out_edges(entity, data="links") if end not in self.best
        )


@dataclass(frozen=True, slots=True)
class GraphSpread:
    """How far to go on a graph, which way, from which cost or day on; ``links``: the only links there are, by id."""

    directed: bool
    backwards: bool
    max_hops: int
    advance: Advance = one_more
    begin: int = 0
    most: int = WITHOUT_END
    links: AbstractSet[str] | None = None


def in_graph(
    ground: GraphGround, sources: AbstractSet[str], spread: GraphSpread, budget: Budget, *, hubs: bool
) -> GraphReached:
    """The same on a graph, a layer a link, each with the least costs of so many links; ``hubs``: whether they lead
    on."""
    walkable = _walkable(ground, spread, hubs=hubs)
    leads = {node for node in walkable if node in sources or ground.passes(node, hubs=hubs)}
    table = [dict.fromkeys(sources, spread.begin)]
    best = dict.fromkeys(sources, (spread.begin, 0))
    grown = set(sources)
    while grown and len(table) <= spread.max_hops and not budget.exhausted:
        layer, fresh = dict(table[-1]), set()
        for start in sorted(grown & leads):
            for _, end, links in walkable.out_edges(start, data="links"):
                budget.spend(len(links))
                totals = [spread.advance(table[-1][start], start, ref, data) for ref, data in links]
                total = min((one for one in totals if one is not None), default=WITHOUT_END)
                if total <= spread.most and total < layer.get(end, WITHOUT_END):
                    layer[end], best[end] = total, (total, len(table))
                    fresh.add(end)
        table.append(layer)
        grown = fresh
    return GraphReached(walkable, leads, spread.advance, table, best)


def _walkable(ground: GraphGround, spread: GraphSpread, *, hubs: bool) -> nx.DiGraph:
    """Everybody, with the links turned the ways they may be walked."""
    walkable = walkable_graph(ground, set(ground.graph), directed=spread.directed, hubs=hubs)
    if spread.links is not None:
        for start, end, links in list(walkable.edges(data="links")):
            links[:] = [(ref, data) for ref, data in links if ref.id in spread.links]
            if not links:
                walkable.remove_edge(start, end)
    return walkable.reverse(copy=False) if spread.backwards and spread.directed else walkable
