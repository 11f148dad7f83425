"""Making a corridor: from a view by the compiled kernels, from a NetworkX graph by NetworkX's searches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import overload

import networkx as nx
import numpy as np
import numpy.typing as npt

from graph_service.model.graph import LinkRef
from graph_service.network.adjacency import Offsets
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints, Mask
from graph_service.network.search import Outcome, bounds
from graph_service.network.view import View
from queries.paths.best_first import NO_WAY, Option, Step
from queries.paths.ground import GraphGround, Ground
from queries.paths.rules import Need, Rules

FAR = 32_000
"""More links than any way has."""
Hops = npt.NDArray[np.int16]
EdgeCost = Callable[[dict[str, object]], int]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Where a way may start and end on a view, and what a link costs: int64[links], None for 1 each.

    ``toll`` int64[entities]: what it costs to pass an entity, empty for nothing.
    """

    sources: Ints
    targets: Ints
    way: int
    max_hops: int
    cost: Offsets | None = None
    toll: Offsets = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class ViewCorridor:
    """A corridor on a view's arrays; names are looked up for what is opened only."""

    starts: tuple[str, ...]
    ends: frozenset[str]
    max_hops: int
    unit: bool
    view: View
    walk: Walk
    ground: Ground
    enterable: Mask
    back: Hops
    relays: tuple[Hops, ...]
    place: Ints
    table: Offsets
    number: dict[str, int]

    def options(self, entity: str, left: int) -> Sequence[Option]:
        """The steps on, sorted on arrays; named one by one when they are taken."""
        view, walk = self.view, self.walk
        run = view.adjacency.run(self.number[entity], walk.way)
        neighbour, link = view.adjacency.neighbour[run], view.adjacency.link[run]
        taken = self.enterable[neighbour]
        if len(self.ground.open):
            taken &= self.ground.open[link]
        neighbour, link = neighbour[taken], link[taken]
        hops = self.back[neighbour].astype(np.int64)
        if walk.cost is None:
            onward, cost = hops, np.ones(len(link), np.int64)
        else:
            onward, cost = self.table[left - 1, self.place[neighbour]], walk.cost[link]
            if len(walk.toll):
                cost = cost + np.where(hops != 0, walk.toll[neighbour], 0)
        reaches = (hops <= left - 1) & (onward < NO_WAY)
        neighbour, total = neighbour[reaches], (cost + onward)[reaches]
        link, hops, cost, rank = link[reaches], hops[reaches], cost[reaches], view.network.id_rank[neighbour]
        order = np.lexsort((rank, hops, total))
        columns = np.column_stack([total, hops + 1, rank, neighbour, link, cost])[order]
        return SortedOptions(self, columns)

    def hops(self, entity: str) -> int:
        """The fewest links on to an end."""
        return int(self.back[self.number[entity]])

    def least(self, entity: str, left: int) -> int:
        """The least cost on to an end in at most so many links."""
        if self.walk.cost is None:
            hops = self.hops(entity)
            return hops if hops <= left else NO_WAY
        return int(self.table[left, self.place[self.number[entity]]])

    def past(self, need: int, entity: str) -> int:
        """The fewest links on to an end past an entity that meets a need."""
        return int(self.relays[need][self.number[entity]])

    def named(self, node: int) -> str:
        """The id of an entity, whose number is kept."""
        name = self.view.network.entity_id(node)
        self.number[name] = node
        return name


class SortedOptions(Sequence[Option]):
    """Options as rows (cost, length, rank of the entity, entity, link, cost of the step), sorted by the first three.

    Parallel links that are equal in these are put in order of their ids when the first of them is looked at.
    """

    def __init__(self, corridor: ViewCorridor, rows: Offsets) -> None:
        """No name is looked up before an option is."""
        self._corridor, self._rows = corridor, rows
        same = np.zeros(len(rows), dtype=np.bool_)
        same[1:] = (rows[1:, :3] == rows[:-1, :3]).all(axis=1)
        self._first = np.flatnonzero(~same)
        self._known: dict[int, Option] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Option: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Option]: ...
    def __getitem__(self, place: int | slice) -> Option | Sequence[Option]:
        """The option at a place; IndexError where there is none."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        if place not in self._known:
            group = int(np.searchsorted(self._first, place, side="right")) - 1
            begin = int(self._first[group])
            end = int(self._first[group + 1]) if group + 1 < len(self._first) else len(self._rows)
            made = sorted(self._option(row) for row in self._rows[begin:end].tolist())
            self._known.update(enumerate(made, begin))
        return self._known[place]

    def _option(self, row: list[int]) -> Option:
        total, length, _, entity, link, cost = row
        name, ref = self._corridor.named(entity), self._corridor.view.link_ref(link)
        return Option(total, length, (name, ref.id), Step(name, ref, cost))


def in_view(
    view: View, walk: Walk, ground: Ground, rules: Rules, budget: Budget
) -> tuple[Outcome, ViewCorridor | None]:
    """The corridor on a view; or how the search for it ended without one. Sources and targets share no entity."""
    from graph_service.network.kernels import corridor as kernels
    from graph_service.network.kernels.paths import APART, BOUND, MET

    adjacency = view.adjacency
    ahead, behind = bounds(adjacency, walk.way)
    walked = (adjacency.neighbour, adjacency.link)
    ends, allowed, state = (walk.sources, walk.targets), (ground.through, ground.open), budget.state
    code, out, back, members = kernels.corridor(
        *ahead, *behind, *walked, *ends, *allowed, walk.max_hops, state, budget.limits.links
    )
    if code != MET:
        _ = budget.exhausted
        return {APART: Outcome.EXHAUSTED, BOUND: Outcome.BOUND}.get(code, Outcome.BUDGET), None
    relays = tuple(
        kernels.relay(*ahead, *walked, members, out, back, _meeting(view, need), ground.open, walk.max_hops)
        for need in rules.needs
    )
    place, table = np.zeros(0, dtype=np.int32), np.zeros((0, 0), dtype=np.int64)
    if walk.cost is not None:
        place = np.full(view.network.entities, -1, dtype=np.int32)
        place[members] = np.arange(len(members), dtype=np.int32)
        entered = place.copy()
        entered[walk.sources] = -1
        table = kernels.least_costs(
            *ahead, *walked, members, entered, back, ground.open, walk.cost, walk.toll, walk.max_hops, state
        )
    number = {view.network.entity_id(node): node for node in [*walk.sources.tolist(), *walk.targets.tolist()]}
    return Outcome.MET, ViewCorridor(
        tuple(sorted(one for one, node in number.items() if out[node] == 0 and back[node] > 0)),
        frozenset(view.network.entity_id(node) for node in walk.targets.tolist()),
        walk.max_hops,
        walk.cost is None,
        view,
        walk,
        ground,
        _enterable(view, walk, ground, (members, out)),
        back,
        relays,
        place,
        table,
        number,
    )


def _enterable(view: View, walk: Walk, ground: Ground, corridor: tuple[Ints, Hops]) -> Mask:
    """Which entities a step may lead to: those of the corridor that may be passed, and the ends; never a start."""
    members, out = corridor
    allowed = np.zeros(view.network.entities, dtype=np.bool_)
    allowed[members] = ground.through[members] if len(ground.through) else True
    allowed[members[out[members] == 0]] = False
    allowed[walk.targets] = True
    return allowed


def _meeting(view: View, need: Need) -> Mask:
    """Which entities meet a need."""
    meets = np.zeros(view.network.entities, dtype=np.bool_)
    if need.entities:
        known = (view.network.entity_number(one) for one in need.entities)
        meets[[number for number in known if number is not None]] = True
    if need.countries:
        wanted = need.countries
        meets |= view.kept(("bearing", wanted), lambda: view.bearing(wanted.__contains__))
    return meets


@dataclass(frozen=True, slots=True)
class GraphWalk:
    """Where a way may start and end on a NetworkX graph, and what an edge costs; None for 1 each.

    ``toll``: what it costs to pass an entity.
    """

    sources: frozenset[str]
    targets: frozenset[str]
    directed: bool
    max_hops: int
    cost: EdgeCost | None = None
    toll: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraphCorridor:
    """A corridor on a graph turned the ways it may be walked."""

    starts: tuple[str, ...]
    ends: frozenset[str]
    max_hops: int
    unit: bool
    walk: GraphWalk
    walkable: nx.DiGraph
    back: dict[str, int]
    relays: tuple[dict[str, int], ...]
    table: list[dict[str, int]]

    def options(self, entity: str, left: int) -> Sequence[Option]:
        """The steps on, sorted."""
        return sorted(
            Option(step.cost + least, 1 + self.hops(step.entity), (step.entity, step.link.id), step)
            for step in self.steps(entity)
            if (least := self.least(step.entity, left - 1)) < NO_WAY
        )

    def steps(self, entity: str) -> Sequence[Step]:
        """The links on from an entity."""
        cost, toll = self.walk.cost, self.walk.toll
        return [
            Step(end, ref, 1 if cost is None else cost(data) + (0 if end in self.ends else toll.get(end, 0)))
            for _, end, links in self.walkable.out_edges(entity, data="links")
            if end in self.back and end not in self.walk.sources
            for ref, data in links
        ]

    def hops(self, entity: str) -> int:
        """The fewest links on to an end."""
        return self.back[entity]

    def least(self, entity: str, left: int) -> int:
        """The least cost on to an end in at most so many links."""
        if self.walk.cost is None:
            return self.back[entity] if self.back[entity] <= left else NO_WAY
        while len(self.table) <= left:
            self.table.append(self._layer(self.table[-1]))
        return self.table[left].get(entity, NO_WAY)

    def past(self, need: int, entity: str) -> int:
        """The fewest links on to an end past an entity that meets a need."""
        return self.relays[need].get(entity, FAR)

    def _layer(self, before: dict[str, int]) -> dict[str, int]:
        """The least costs with one link more."""
        layer = dict.fromkeys(self.ends, 0)
        for node in self.back.keys() - self.ends:
            options = [step.cost + before[step.entity] for step in self.steps(node) if step.entity in before]
            if options:
                layer[node] = min(options)
        return layer


def in_graph(
    ground: GraphGround, walk: GraphWalk, rules: Rules, budget: Budget, *, hubs: bool
) -> tuple[Outcome, GraphCorridor | None]:
    """The same corridor on a NetworkX graph; ``hubs``: whether they may be passed."""
    starts, ends = walk.sources, walk.targets
    walkable = walkable_graph(ground, starts | ends, directed=walk.directed, hubs=hubs)
    budget.spend(walkable.number_of_edges())
    back = distances(walkable.reverse(copy=False), ends, through=starts)
    met = starts & back.keys()
    if not met:
        return Outcome.EXHAUSTED, None
    if min(back[start] for start in met) > walk.max_hops:
        return Outcome.BOUND, None
    relays = tuple(_relay(walkable, back, ends, need, rules) for need in rules.needs)
    table = [dict.fromkeys(ends, 0)]
    unit = walk.cost is None
    return Outcome.MET, GraphCorridor(
        tuple(sorted(met)), ends, walk.max_hops, unit, walk, walkable, back, relays, table
    )


def walkable_graph(ground: GraphGround, ends: AbstractSet[str], *, directed: bool, hubs: bool) -> nx.DiGraph:
    """The graph with every link turned the ways it may be walked; ``links`` on an edge: its (LinkRef, data) pairs."""
    graph = ground.graph
    passed = {node for node in graph if node in ends or ground.passes(node, hubs=hubs)}
    walkable = nx.DiGraph()
    walkable.add_nodes_from(passed)
    for source, target, key, data in graph.edges(keys=True, data=True):
        if source not in passed or target not in passed or not ground.takes(data):
            continue
        ref = LinkRef(key, source, target, data["event"])
        ways = {(source, target)} if directed and not data["symmetric"] else {(source, target), (target, source)}
        for start, end in ways:
            if not walkable.has_edge(start, end):
                walkable.add_edge(start, end, links=[])
            walkable[start][end]["links"].append((ref, data))
    return walkable


def distances(graph: nx.DiGraph, origins: AbstractSet[str], *, through: AbstractSet[str]) -> dict[str, int]:
    """Links from the nearest origin; a node of ``through`` is reached, but nothing is reached past it."""
    inner = graph.copy()
    inner.remove_edges_from([(one, end) for one in through - origins if one in graph for end in graph.successors(one)])
    found: dict[str, int] = nx.multi_source_dijkstra_path_length(inner, origins & set(inner), weight=lambda *_: 1)
    return found


def _relay(graph: nx.DiGraph, back: dict[str, int], ends: AbstractSet[str], need: Need, rules: Rules) -> dict[str, int]:
    """Links on to an end past an entity that meets the need, by relaxing until nothing changes."""
    reach = {node: hops for node, hops in back.items() if need.met_by(node, rules.countries)}
    frontier = sorted(reach, key=reach.__getitem__)
    while frontier:
        grown = set()
        for node in frontier:
            for before in graph.predecessors(node):
                if before in back and before not in ends and reach[node] + 1 < reach.get(before, FAR):
                    reach[before] = reach[node] + 1
                    grown.add(before)
        frontier = sorted(grown)
    return reach
