"""The kernels of the corridor against walks by definition on hundreds of random graphs; hard shapes; budgets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import networkx as nx
import numpy as np
import pytest

pytest.importorskip("numba")

from graph_service.network.adjacency import EITHER, FORWARD, Adjacency, Offsets, build_adjacency
from graph_service.network.budget import CALLED_OFF, OUT_OF_TIME
from graph_service.network.columns import Ints, Mask
from graph_service.network.kernels import corridor as kernels
from graph_service.network.kernels.corridor import FAR, NO_WAY, Hops
from graph_service.network.kernels.paths import APART, BOUND, MET, STOPPED
from graph_service.network.search import bounds
from tests.unit.network.simple import PLENTY, fresh
from tests.unit.network.walkable import ALL, numbers

Found = tuple[int, Hops, Hops, Ints]


class Ground:
    """A random multigraph with two sets of ends, nodes that may not be passed and links that may not be taken."""

    def __init__(self, dice: random.Random) -> None:
        self.nodes = dice.randint(2, 12)
        many = int(self.nodes * dice.choice([0.7, 1.2, 1.8, 3]))
        self.ends = [(dice.randrange(self.nodes), dice.randrange(self.nodes)) for _ in range(many)]
        self.symmetric = np.array([dice.random() < 0.3 for _ in self.ends], dtype=np.bool_)
        self.way = dice.choice([FORWARD, EITHER])
        self.through: Mask = dice.choice([ALL, np.array([dice.random() < 0.8 for _ in range(self.nodes)])])
        self.open: Mask = dice.choice([ALL, np.array([dice.random() < 0.85 for _ in self.ends], dtype=np.bool_)])
        some = dice.sample(range(self.nodes), min(self.nodes, dice.randint(2, 5)))
        cut = dice.randint(1, len(some) - 1)
        self.sources, self.targets = some[:cut], some[cut:]
        self.max_hops = dice.randint(1, 8)
        self.cost = np.array([dice.randint(0, 9) for _ in self.ends], dtype=np.int64)
        self.toll: Offsets = np.array([dice.randint(0, 5) for _ in range(self.nodes)] * dice.randint(0, 1), np.int64)
        source, target = numbers([a for a, _ in self.ends]), numbers([b for _, b in self.ends])
        self.adjacency = build_adjacency(self.nodes, source, target, self.symmetric)

    @property
    def graph(self) -> nx.MultiDiGraph:
        """Every link turned the ways it may be walked, among the ends and the nodes that may be passed."""
        graph = nx.MultiDiGraph()
        ends = {*self.sources, *self.targets}
        graph.add_nodes_from(v for v in range(self.nodes) if v in ends or not len(self.through) or self.through[v])
        for link, (a, b) in enumerate(self.ends):
            if a in graph and b in graph and (not len(self.open) or self.open[link]):
                graph.add_edge(a, b, link)
                if self.way == EITHER or self.symmetric[link]:
                    graph.add_edge(b, a, link)
        return graph

    def found(self, state: Offsets | None = None, budget: int = PLENTY) -> Found:
        """What the kernel says."""
        ahead, behind = bounds(self.adjacency, self.way)
        ends, ground = (numbers(self.sources), numbers(self.targets)), (self.through, self.open)
        walked = (self.adjacency.neighbour, self.adjacency.link)
        code, out, back, members = kernels.corridor(
            *ahead, *behind, *walked, *ends, *ground, self.max_hops, fresh() if state is None else state, budget
        )
        return int(code), out, back, members

    def relayed(self, found: Found, meets: Mask) -> Hops:
        """The kernel's hops on past a node that meets a need."""
        (first, last), _ = bounds(self.adjacency, self.way)
        walked = (self.adjacency.neighbour, self.adjacency.link)
        _, out, back, members = found
        reach: Hops = kernels.relay(first, last, *walked, members, out, back, meets, self.open, self.max_hops)
        return reach

    def costs(self, found: Found) -> Offsets:
        """The kernel's table of least costs."""
        (first, last), _ = bounds(self.adjacency, self.way)
        _, _, back, members = found
        entered = placed(self.nodes, members)
        entered[self.sources] = -1
        walked = (self.adjacency.neighbour, self.adjacency.link, members, entered, back)
        table: Offsets = kernels.least_costs(
            first, last, *walked, self.open, self.cost, self.toll, self.max_hops, fresh()
        )
        return table


def placed(nodes: int, members: Ints) -> Ints:
    place = np.full(nodes, -1, dtype=np.int32)
    place[members] = np.arange(len(members), dtype=np.int32)
    return place


def hops_from(graph: nx.MultiDiGraph, origins: Iterable[int], barred: Iterable[int]) -> dict[int, int]:
    """Links from the nearest origin, going on past none that is barred; by NetworkX."""
    inner = graph.copy()
    inner.remove_edges_from([edge for v in barred for edge in graph.out_edges(v, keys=True)])
    inner.add_edges_from(("all", v) for v in origins)
    return {v: hops - 1 for v, hops in nx.single_source_shortest_path_length(inner, "all").items() if v != "all"}


def on_ways(ground: Ground) -> tuple[dict[int, int], dict[int, int], set[int]]:
    """Links from a source, links to a target, and who lies on a walk of at most ``max_hops`` links."""
    graph = ground.graph
    out = hops_from(graph, ground.sources, ground.targets)
    back = hops_from(graph.reverse(), ground.targets, ground.sources)
    return out, back, {v for v in out.keys() & back.keys() if out[v] + back[v] <= ground.max_hops}


@pytest.mark.parametrize("seed", range(8))
def test_the_corridor_is_who_lies_on_a_walk_between_the_ends(seed: int) -> None:
    dice, outcomes = random.Random(seed), []
    for _ in range(80):
        ground = Ground(dice)
        out, back, expected = on_ways(ground)
        code, far_out, far_back, members = ground.found()
        outcomes.append(code)
        assert set(members.tolist()) == expected
        assert len(members) == len(expected)
        assert (code == MET) == bool(expected)
        assert all((far_out[v], far_back[v]) == (out[v], back[v]) for v in expected)
        reachable = bool(set(ground.sources) & back.keys())
        assert code != APART or not reachable, "a proof that there is none must be right"
        assert not (reachable and not expected) or code == BOUND
    assert {MET, APART, BOUND} <= set(outcomes)


def ways_on(ground: Ground, graph: nx.MultiDiGraph, start: int) -> Iterator[tuple[list[int], int]]:
    """Every simple way from a node to a target within ``max_hops``, past no other end, with what it costs."""

    def on(way: list[int], spent: int) -> Iterator[tuple[list[int], int]]:
        here = way[-1]
        if here in ground.targets:
            yield way, spent
            return
        if len(way) > ground.max_hops:
            return
        toll = int(ground.toll[here]) if len(ground.toll) and len(way) > 1 else 0
        for _, end, link in graph.out_edges(here, keys=True):
            if end not in way and end not in ground.sources:
                yield from on([*way, end], spent + toll + int(ground.cost[link]))

    yield from on([start], 0)


def walked_least(ground: Ground, graph: nx.MultiDiGraph, members: set[int]) -> list[dict[int, int]]:
    """The least cost of a walk within the corridor to a target, for 0, 1, 2 ... links, past no other source; by
    definition, layer by layer."""
    layers = [dict.fromkeys(ground.targets, 0)]
    for _ in range(ground.max_hops):
        layer = dict(layers[-1])
        for v in members - set(ground.targets):
            for _, end, link in graph.out_edges(v, keys=True):
                if end in members - set(ground.sources) and end in layers[-1]:
                    toll = int(ground.toll[end]) if len(ground.toll) and end not in ground.targets else 0
                    total = layers[-1][end] + int(ground.cost[link]) + toll
                    layer[v] = min(total, layer.get(v, total))
        layers.append(layer)
    return layers


@pytest.mark.parametrize("seed", range(6))
def test_least_costs_are_those_of_walks_and_no_way_is_cheaper(seed: int) -> None:
    dice, exact = random.Random(seed), 0
    for _ in range(60):
        ground = Ground(dice)
        found = ground.found()
        if found[0] != MET:
            continue
        members, table, graph = found[3].tolist(), ground.costs(found), ground.graph
        layers = walked_least(ground, graph, set(members))
        assert table.tolist() == [[layer.get(v, NO_WAY) for v in members] for layer in layers]
        for column, v in enumerate(members):
            out = int(found[1][v])
            for way, cost in ways_on(ground, graph, v):
                links = len(way) - 1
                if links + out <= ground.max_hops:
                    assert table[links, column] <= cost
                    exact += int(table[links, column] == cost)
        assert (np.diff(table, axis=0) <= 0).all(), "more links left can only make it cheaper"
    assert exact > 50


@pytest.mark.parametrize("seed", range(6))
def test_a_relay_is_the_shortest_walk_past_somebody_who_meets_the_need(seed: int) -> None:
    dice, some, none = random.Random(seed), 0, 0
    for _ in range(60):
        ground = Ground(dice)
        found = ground.found()
        if found[0] != MET:
            continue
        meets = np.array([dice.random() < 0.25 for _ in range(ground.nodes)], dtype=np.bool_)
        members, reach, graph = found[3].tolist(), ground.relayed(found, meets), ground.graph
        inner = graph.subgraph(members).copy()
        inner.remove_edges_from([edge for v in ground.targets if v in inner for edge in graph.out_edges(v, keys=True)])
        for v in members:
            ahead = nx.single_source_shortest_path_length(inner, v)
            past = [ahead[m] + int(found[2][m]) for m in members if meets[m] and m in ahead]
            if past and min(past) <= ground.max_hops:
                some += 1
                assert reach[v] == min(past)
            else:
                none += 1
                assert reach[v] > ground.max_hops
        assert all(reach[v] == FAR for v in range(ground.nodes) if v not in members)
    assert some > 50
    assert none > 20


def test_a_budget_stops_it_or_changes_nothing() -> None:
    dice, stopped = random.Random(4), 0
    for _ in range(25):
        ground = Ground(dice)
        whole = ground.found()
        for budget in range(1, 120, 3):
            state = fresh()
            code, _, _, members = ground.found(state, budget)
            if code == STOPPED:
                stopped += 1
                assert state[1] >= budget
                assert len(members) == 0
            else:
                assert code == whole[0]
                assert members.tolist() == whole[3].tolist()
    assert stopped > 50


@pytest.mark.parametrize("why", [CALLED_OFF, OUT_OF_TIME])
def test_called_off_or_out_of_time_it_ends_at_the_first_level(why: int) -> None:
    adjacency = shape(10_000, [(n, n + 1) for n in range(9_999)])
    state = fresh(why)
    assert between(adjacency, 0, 9_999, 255, state)[0] == STOPPED
    assert state[1] <= 2


def test_least_costs_that_are_called_off_promise_nothing_more() -> None:
    adjacency = shape(4, [(0, 1), (1, 2), (2, 3)])
    _, _, back, members = between(adjacency, 0, 3, 3)
    (first, last), _ = bounds(adjacency, FORWARD)
    walked = (adjacency.neighbour, adjacency.link, members, placed(4, members), back)
    cost, none = np.ones(3, dtype=np.int64), np.zeros(0, dtype=np.int64)
    whole = kernels.least_costs(first, last, *walked, ALL, cost, none, 3, fresh())
    assert whole[3].tolist() == [3 - v for v in members.tolist()]
    stopped = kernels.least_costs(first, last, *walked, ALL, cost, none, 3, fresh(CALLED_OFF))
    assert stopped.tolist() == [[0 if v == 3 else NO_WAY for v in members.tolist()]] * 4


# Hard shapes


def shape(nodes: int, ends: list[tuple[int, int]] | Ints) -> Adjacency:
    pairs = np.array(ends, dtype=np.int32).reshape(-1, 2)
    return build_adjacency(nodes, pairs[:, 0].copy(), pairs[:, 1].copy(), np.zeros(len(pairs), dtype=np.bool_))


def between(adjacency: Adjacency, source: int, target: int, max_hops: int, state: Offsets | None = None) -> Found:
    ahead, behind = bounds(adjacency, EITHER)
    walked, ends = (adjacency.neighbour, adjacency.link), (numbers([source]), numbers([target]))
    code, out, back, members = kernels.corridor(
        *ahead, *behind, *walked, *ends, ALL, ALL, max_hops, fresh() if state is None else state, PLENTY
    )
    return int(code), out, back, members


def test_a_star_of_two_hundred_thousand() -> None:
    """From tip to tip only the hub lies between; from the hub to a tip nothing does."""
    many = 200_000
    star = shape(many + 1, np.column_stack([np.zeros(many, np.int32), np.arange(1, many + 1, dtype=np.int32)]))
    assert sorted(between(star, 1, many, 2)[3].tolist()) == [0, 1, many]
    assert len(between(star, 1, many, 4)[3]) == many + 1, "walks may turn back at any tip"
    assert sorted(between(star, 0, many, 1)[3].tolist()) == [0, many]
    assert between(star, 1, many, 1)[0] == BOUND


def test_a_chain_of_ten_thousand() -> None:
    chain = shape(10_000, [(n, n + 1) for n in range(9_999)])
    code, out, back, members = between(chain, 5_000, 5_255, 255)
    assert (code, sorted(members.tolist())) == (MET, list(range(5_000, 5_256)))
    assert (out[members] + back[members]).tolist() == [255] * 256
    assert between(chain, 5_000, 5_256, 255)[0] == BOUND
    assert sorted(between(chain, 5_000, 5_002, 6)[3].tolist()) == [5_000, 5_001, 5_002], "no walk passes an end again"


def test_a_grid_holds_the_rectangle_between_two_corners() -> None:
    """Ways of the least length between (3, 4) and (9, 11) stay within that rectangle."""
    side = 60
    ends = [(r * side + c, r * side + c + 1) for r in range(side) for c in range(side - 1)]
    ends += [(r * side + c, (r + 1) * side + c) for r in range(side - 1) for c in range(side)]
    code, _, _, members = between(shape(side * side, ends), 3 * side + 4, 9 * side + 11, 13)
    rectangle = [r * side + c for r in range(3, 10) for c in range(4, 12)]
    assert (code, sorted(members.tolist())) == (MET, rectangle)


def test_a_clique_of_sixty_and_links_a_thousandfold() -> None:
    clique = shape(60, [(a, b) for a in range(60) for b in range(a)])
    assert sorted(between(clique, 0, 59, 1)[3].tolist()) == [0, 59]
    assert len(between(clique, 0, 59, 2)[3]) == 60
    parallel = shape(3, [(0, 1)] * 1_000 + [(1, 2)] * 1_000)
    assert sorted(between(parallel, 0, 2, 2)[3].tolist()) == [0, 1, 2]
    assert between(parallel, 0, 2, 1)[0] == BOUND
