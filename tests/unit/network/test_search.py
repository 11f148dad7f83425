"""Shortest-path search against NetworkX, on hundreds of random multigraphs, and under every budget."""

from __future__ import annotations

import itertools
import random
import threading
import time

import networkx as nx
import numpy as np
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.adjacency import EITHER, FORWARD
from graph_service.network.budget import CALLED_OFF, OUT_OF_TIME, STRIDE, Budget
from graph_service.network.compiled import available
from graph_service.network.search import Between, Outcome, ShortestLinks, shortest_links
from graph_service.network.view import View
from tests.unit.network.tables import plain_network, plain_view

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled search needs numba")

Ends = list[tuple[int, int]]
Step = tuple[int, int, int]


def between(source: int, target: int, way: int) -> Between:
    return Between(np.array([source], np.int32), np.array([target], np.int32), way)


def search(view: View, source: int, target: int, way: int, max_hops: int = 255, links: int = 10**9) -> ShortestLinks:
    return shortest_links(view, between(source, target, way), max_hops, Budget(Limits(links=links)))


def steps(found: ShortestLinks) -> set[Step]:
    rows = [(int(a), int(link), int(b)) for a, link, b in found.steps]
    assert len(rows) == len(set(rows))
    return set(rows)


def walkable(nodes: int, ends: Ends, kinds: list[str], way: int) -> nx.MultiDiGraph:
    """The graph with every link turned the ways it may be walked, keyed by its number."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    for number, (a, b) in enumerate(ends):
        graph.add_edge(a, b, key=number)
        if way == EITHER or kinds[number] == "ASSOCIATE_OF":
            graph.add_edge(b, a, key=number)
    return graph


def on_shortest(graph: nx.MultiDiGraph, source: int, target: int) -> tuple[int | None, set[Step]]:
    """The distance, and every (from, link, to) on some shortest path, by NetworkX's own searches."""
    out = nx.single_source_shortest_path_length(graph, source)
    if target not in out:
        return None, set()
    back = nx.single_source_shortest_path_length(graph.reverse(), target)
    total = out[target]
    return total, {
        (a, number, b)
        for a, b, number in graph.edges(keys=True)
        if a in out and b in back and out[a] + 1 + back[b] == total
    }


def random_graph(dice: random.Random) -> tuple[int, Ends, list[str]]:
    """From sparse to crowded, with self-loops, parallel links and links of both sorts."""
    nodes = dice.randint(2, 25)
    many = int(nodes * dice.choice([0.5, 1, 1.5, 2.5, 5]))
    ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(many)]
    ends += [dice.choice(ends) for _ in range(dice.randint(0, 5))] if ends else []
    kinds = [dice.choice(["REPRESENTS", "REPRESENTS", "ASSOCIATE_OF"]) for _ in ends]
    return nodes, ends, kinds


@pytest.mark.parametrize("way", [FORWARD, EITHER], ids=["directed", "either way"])
@pytest.mark.parametrize("seed", range(8))
def test_all_shortest_paths_bound_and_proof_on_random_multigraphs(seed: int, way: int) -> None:
    dice = random.Random(seed)
    met = apart = 0
    for _ in range(40):
        nodes, ends, kinds = random_graph(dice)
        view, graph = plain_view(nodes, ends, kinds), walkable(nodes, ends, kinds, way)
        for _ in range(6):
            source, target = dice.sample(range(nodes), 2)
            distance, expected = on_shortest(graph, source, target)
            found = search(view, source, target, way)
            assert found.distance == distance
            assert steps(found) == expected
            assert found.complete
            assert found.outcome is (Outcome.EXHAUSTED if distance is None else Outcome.MET)
            met, apart = met + bool(expected), apart + (distance is None)
            if distance is not None:
                assert steps(search(view, source, target, way, max_hops=distance)) == expected
                if distance > 1:
                    bound = search(view, source, target, way, max_hops=distance - 1)
                    assert (bound.outcome, bound.distance, len(bound.steps)) == (Outcome.BOUND, distance, 0)
    assert met > 20
    assert apart > 10


def test_a_search_leaves_nothing_behind_for_the_next() -> None:
    """Thousands of searches over one workspace, each compared with one over a fresh one."""
    dice = random.Random(5)
    nodes, ends, kinds = 40, [(dice.randrange(40), dice.randrange(40)) for _ in range(70)], ["REPRESENTS"] * 70
    view, graph = plain_view(nodes, ends, kinds), walkable(nodes, ends, kinds, EITHER)
    for _ in range(2_500):
        source, target = dice.sample(range(nodes), 2)
        assert search(view, source, target, EITHER).distance == on_shortest_length(graph, source, target)


def on_shortest_length(graph: nx.MultiDiGraph, source: int, target: int) -> int | None:
    try:
        return int(nx.shortest_path_length(graph, source, target))
    except nx.NetworkXNoPath:
        return None


def test_threads_do_not_disturb_each_other() -> None:
    view = plain_view(2_000, [(n, n + 1) for n in range(1_999)])
    wrong: list[int | None] = []

    def work(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(200):
            source, target = dice.sample(range(2_000), 2)
            distance = search(view, source, target, EITHER).distance
            if distance != abs(source - target):
                wrong.append(distance)

    threads = [threading.Thread(target=work, args=[seed]) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


# Far apart


def test_a_path_far_beyond_any_bound_is_measured_and_none_is_proved() -> None:
    chain = [(n, n + 1) for n in range(999)] + [(n, n + 1) for n in range(1_000, 1_999)]
    view = plain_view(2_000, chain)
    far = search(view, 0, 999, EITHER)
    assert (far.outcome, far.distance) == (Outcome.BOUND, 999)
    assert search(view, 0, 1_999, EITHER).outcome is Outcome.EXHAUSTED
    assert search(view, 999, 0, FORWARD).outcome is Outcome.EXHAUSTED


# Under a budget


def layered(width: int, layers: int) -> View:
    """A source, layers in which each node is linked to each of the next, and a target."""
    rows = [[0], *([1 + k * width + n for n in range(width)] for k in range(layers)), [1 + width * layers]]
    ends = [(a, b) for here, there in itertools.pairwise(rows) for a in here for b in there]
    return plain_view(2 + width * layers, ends)


@pytest.mark.parametrize("shape", [(1, 3), (2, 4), (3, 3), (4, 1), (6, 2)])
def test_whatever_the_budget_every_step_leads_from_the_source_to_the_target(shape: tuple[int, int]) -> None:
    view = layered(*shape)
    target = view.network.entities - 1
    whole = search(view, 0, target, EITHER)
    met = stopped = 0
    for links in range(6 * len(view.links)):
        found = search(view, 0, target, EITHER, links=links)
        assert found.outcome in {Outcome.MET, Outcome.BUDGET}
        assert steps(found) <= steps(whole)
        if found.outcome is Outcome.BUDGET:
            assert len(found.steps) == 0
            assert not found.complete or found.distance is None
            stopped += 1
            continue
        met += 1
        assert found.distance == whole.distance
        assert found.complete == (steps(found) == steps(whole))
        onward = nx.DiGraph((a, b) for a, _, b in steps(found))
        leading = nx.ancestors(onward, target) | {target}
        assert 0 in leading
        assert set(onward) <= leading
    assert met
    assert stopped


def test_narrow_levels_do_not_escape_the_budget() -> None:
    """No level of a chain has a stride of links to look at, yet the whole of it has."""
    chain = plain_view(20_000, [(n, n + 1) for n in range(19_999)])
    budget = Budget(Limits(links=1_000))
    assert shortest_links(chain, between(0, 19_999, EITHER), 255, budget).outcome is Outcome.BUDGET
    assert budget.explored < 1_010
    called_off = Budget()
    called_off.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        shortest_links(chain, between(0, 19_999, EITHER), 255, called_off)
    assert called_off.explored < 10


def test_a_search_that_is_out_of_time_stops_within_a_stride() -> None:
    side = 150
    ends = [(r * side + c, r * side + c + 1) for r in range(side) for c in range(side - 1)]
    ends += [(r * side + c, (r + 1) * side + c) for r in range(side - 1) for c in range(side)]
    view = plain_view(side * side, ends)
    budget = Budget()
    whole = shortest_links(view, between(0, side * side - 1, EITHER), 255, budget)
    assert whole.distance == 2 * (side - 1)
    assert budget.explored > 8 * STRIDE
    late = Budget()
    late.state[0] = OUT_OF_TIME
    found = shortest_links(view, between(0, side * side - 1, EITHER), 255, late)
    assert found.outcome is Outcome.BUDGET
    assert late.explored < 5 * STRIDE


@pytest.mark.parametrize("ends", [[(0, 1)], [(0, 1), (1, 2), (2, 3)]])
def test_a_search_that_was_called_off_raises_however_short(ends: Ends) -> None:
    budget = Budget()
    budget.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        shortest_links(plain_view(4, ends), between(0, ends[-1][1], EITHER), 8, budget)


def test_calling_off_from_another_thread_stops_the_work_at_once() -> None:
    hub = np.zeros(300_000, dtype=np.int32)
    view = View(plain_network(300_002, hub, np.arange(1, 300_001)))
    search(view, 0, 300_001, EITHER)
    budget = Budget(Limits(links=10**15))
    stopped_at: list[float] = []

    def work() -> None:
        try:
            while True:
                shortest_links(view, between(0, 300_001, FORWARD), 8, budget)
                shortest_links(view, between(1, 2, EITHER), 8, budget)
        except Cancelled:
            stopped_at.append(time.perf_counter())

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.1)
    called_off = time.perf_counter()
    budget.call_off()
    thread.join(10)
    assert stopped_at
    print(f"stopped {1000 * (stopped_at[0] - called_off):.1f} ms after it was called off")
    assert stopped_at[0] - called_off < 1


def test_more_links_on_shortest_paths_than_a_million_still_lead_somewhere() -> None:
    """Two layers of 1,100, each linked to each: 1.2 million links lie on shortest paths."""
    width = 1_100
    left, right = np.arange(1, width + 1), np.arange(width + 1, 2 * width + 1)
    source = np.concatenate([np.zeros(width, np.int64), np.repeat(left, width), right])
    target = np.concatenate([left, np.tile(right, width), np.full(width, 2 * width + 1)])
    view = View(plain_network(2 * width + 2, source, target))
    found = search(view, 0, 2 * width + 1, FORWARD)
    assert (found.outcome, found.distance, found.complete) == (Outcome.MET, 3, True)
    assert len(found.steps) == width * width + 2 * width
