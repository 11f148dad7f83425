"""Opening, scopes, text search, paths and groups on a graph in the embedded store, against NetworkX and igraph."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import igraph
import networkx as nx
import numpy as np

from benchmarks.asking import ask, later, met, pairs_of
from benchmarks.harness import SEED, Measured, milliseconds, seconds, size_name, times_faster
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Scope
from graph_service.model.time import Interval
from graph_service.network.network import Network
from graph_service.network.view import View
from graph_service.store.embedded.store import EmbeddedStore
from queries.groups.communities import CommunitiesResult
from queries.groups.weighted import Weighted

WORDS = 200
NETWORKX_LINKS = 500_000
"""Links up to which NetworkX is measured beside us: it takes some 2 kB a link."""


def measure(path: Path, entities: int, links: int) -> Iterator[Measured]:
    """Every row of a world that has been loaded into a file."""
    size = size_name(entities, links)
    opened: list[tuple[EmbeddedStore, View]] = []
    spent = seconds(lambda: opened.append(_open(path)))
    store, view = opened[0]
    assert view.network.links == links
    yield Measured(
        "open the file, ready for the first question", size, f"{spent:.2f} s", "", "", "3 s", met(spent, 3, links)
    )
    held = (view.network.nbytes) / links
    yield Measured("memory of the Network, a link", size, f"{held:.0f} bytes", "", "", "100 bytes", held <= 100)
    yield _scope_change(view, size, links)
    yield _find(view, size, links)
    yield from _paths(view, size, links)
    yield from _leiden(view, size, links)
    store.close()


def _open(path: Path) -> tuple[EmbeddedStore, View]:
    store = EmbeddedStore(path)
    view = View(Network(load_ontology()).refreshed(store.changes(0)))
    _ = view.adjacency
    view.network.entity_number("")
    return store, view


def _scope_change(view: View, size: str, links: int) -> Measured:
    scope = Scope(markings=frozenset({"case:ALPHA"}), window=Interval("2012", "2019"))
    made: list[View] = []

    def change() -> None:
        made.append(View(view.network, scope))
        _ = made[-1].adjacency

    spent = seconds(change, 3)
    rows = view.network.link_rows
    first, last = scope.window.days()
    inside = int(((rows.from_day <= last) & (rows.to_day >= first)).sum())
    assert 0 < len(made[0].links) <= inside
    return Measured(
        "a scope change (markings and window)", size, f"{spent:.2f} s", "", "", "0.5 s", met(spent, 0.5, links)
    )


def _find(view: View, size: str, links: int) -> Measured:
    rng = random.Random(SEED)
    asked: list[tuple[str, str]] = []
    while len(asked) < WORDS:
        number = rng.randrange(len(view.network.texts))
        words = str(view.network.texts[number].as_py()).split()[:2]
        if len(words) == 2 and len(words[0]) >= 5:
            place = rng.randrange(1, len(words[0]))
            mistyped = words[0][:place] + words[0][place + 1 :]
            asked.append((f"{mistyped} {words[1]}", view.network.entity_id(int(view.network.entity_of[number]))))
    found = [ask(view, "find", text=text, limit=1_000) for text, _ in asked]
    missed = [text for (text, wanted), finding in zip(asked, found, strict=True) if wanted not in finding.entities]
    assert len(missed) <= WORDS // 50, missed
    p50, p95 = milliseconds(later(view, "find", text=text) for text, _ in asked)
    return Measured(
        "find a name with a typing error",
        size,
        f"p50 {p50:.1f}, p95 {p95:.1f} ms",
        "",
        "",
        "p95 50 ms",
        met(p95, 50, links),
    )


def _paths(view: View, size: str, links: int) -> Iterator[Measured]:
    pairs = pairs_of(view)
    ours = milliseconds(later(view, "shortest-paths", source=a, target=b, limit=1, hubs="free") for a, b in pairs)
    figure = f"p50 {ours[0]:.2f}, p95 {ours[1]:.2f} ms"
    if links > NETWORKX_LINKS:
        yield Measured(
            "one shortest path, random pairs and none", size, figure, "", "", "p95 2 ms", met(ours[1], 2, links)
        )
        return
    graph = nx.Graph()
    graph.add_nodes_from(view.node_ids())
    graph.add_edges_from(
        (view.network.entity_id(int(a)), view.network.entity_id(int(b)))
        for a, b in zip(view.links.source, view.links.target, strict=True)
    )
    for source, target in pairs[:100]:
        path = ask(view, "shortest-paths", source=source, target=target, limit=1, max_hops=255, hubs="free").result
        reached = nx.has_path(graph, source, target)
        assert bool(path.paths) == reached
        assert not reached or path.paths[0].length == nx.shortest_path_length(graph, source, target)
    peer = milliseconds(_networkx_path(graph, a, b) for a, b in pairs)
    yield Measured(
        "one shortest path, random pairs and none",
        size,
        figure,
        f"networkx p50 {peer[0]:.2f}, p95 {peer[1]:.2f} ms",
        f"p50 {times_faster(ours[0], peer[0])}, p95 {times_faster(ours[1], peer[1])}",
        "20x",
        ours[1] * 20 <= peer[1] if links == NETWORKX_LINKS else None,
    )


def _networkx_path(graph: nx.Graph, source: str, target: str) -> Callable[[], object]:
    def search() -> object:
        try:
            return nx.shortest_path(graph, source, target)
        except nx.NetworkXNoPath:
            return None

    return search


def _leiden(view: View, size: str, links: int) -> Iterator[Measured]:
    weighted = Weighted.of(view)
    found: list[CommunitiesResult] = []
    spent = seconds(lambda: found.append(ask(view, "communities").result))
    ours = found[0].modularity
    graph = igraph.Graph(len(weighted.numbers), np.column_stack([weighted.low, weighted.high]))
    parts: list[igraph.VertexClustering] = []
    peer = seconds(
        lambda: parts.append(
            graph.community_leiden("modularity", weights=weighted.weight.tolist(), n_iterations=2, resolution=1.0)
        )
    )
    theirs = float(graph.modularity(parts[0].membership, weights=weighted.weight.tolist()))
    within = ours >= theirs * 0.99
    yield Measured(
        f"Leiden, 2 iterations: modularity {ours:.4f} (igraph {theirs:.4f})",
        size,
        f"{spent:.1f} s",
        f"igraph {peer:.1f} s",
        times_faster(spent, peer),
        "40 s; modularity within 1 %",
        within and (spent <= 40 or links < 5_000_000),
    )
