"""Questions about ways, groups and standing, in process: at 10k/50k against the engine networkx, and as the graph
grows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.asking import ask, later, met, pairs_of
from benchmarks.harness import SEED, Measured, milliseconds, seconds, size_name, times_faster
from graph_service.model.ontology import load_ontology
from graph_service.network.network import Network
from graph_service.network.view import View
from graph_service.store.embedded.store import EmbeddedStore

SMALL = 50_000
"""Links up to which the engine networkx answers beside us, and must answer the same."""
ASKED, CHECKED, PEER_ASKED = 60, 5, 8
WAYS: Mapping[str, tuple[str, dict[str, Any], float]] = {
    "shortest path on terms (kinds, amounts, hubs tamed)": (
        "shortest-paths",
        {"limit": 1, "avoid_kind": ["INDEBTED_TO"], "amount_from": 10.0},
        5,
    ),
    "shortest path that crosses a border": ("shortest-paths", {"limit": 1, "borders": 1}, 5),
    "10 best ways by evidence to 6 hops": ("best-evidence", {"limit": 10, "max_hops": 6}, 50),
    "all ways to 4 hops, the first 1,000": ("all-paths", {"limit": 1_000, "max_hops": 4}, 100),
    "earliest arrival in time to 6 hops": ("time-ordered", {"limit": 1, "max_hops": 6, "directed": False}, 20),
}
"""What is done, by which question, and the milliseconds that 95 % of them may take at 5M links."""


def measure(path: Path, entities: int, links: int) -> Iterator[Measured]:
    """Every row of a world that has been loaded into a file."""
    size = size_name(entities, links)
    store = EmbeddedStore(path)
    view = View(Network(load_ontology()).refreshed(store.changes(0)))
    _ = view.adjacency, view.facts
    for work, (name, parameters, bar) in WAYS.items():
        asked = [{**parameters, "source": a, "target": b} for a, b in pairs_of(view)[:ASKED]]
        yield _row(view, (work, size, links), name, asked, bar)
    numbers = random.Random(SEED).sample(view.node_numbers().tolist(), 4 * 100)
    ids = [view.network.entity_id(number) for number in numbers]
    yield _row(view, ("cycles to 6 links through one, the first 100", size, links), "cycles", _cycles(ids), 100)
    for many, bar in ((20, 250), (100, 3_000)):
        sets = [{"entities": ids[start : start + many]} for start in range(0, len(ids) - many + 1, max(many, 40))]
        yield _row(view, (f"connecting network of {many}", size, links), "connecting-network", sets, bar)
    yield from _whole(view, size, links)
    store.close()


def _cycles(ids: list[str]) -> list[dict[str, Any]]:
    return [{"entity": one, "directed": False, "max_hops": 6, "limit": 100} for one in ids[:ASKED]]


def _row(view: View, what: tuple[str, str, int], name: str, asked: list[dict[str, Any]], bar: float) -> Measured:
    work, size, links = what
    for one in asked[:CHECKED]:
        _check(view, name, one, links)
    ours = milliseconds(later(view, name, **one) for one in asked)
    figure = f"p50 {ours[0]:.2f}, p95 {ours[1]:.2f} ms"
    if links > SMALL:
        return Measured(work, size, figure, "", "", f"p95 {bar:g} ms", met(ours[1], bar, links))
    peer = milliseconds(later(view, name, "networkx", **one) for one in asked[:PEER_ASKED])
    ratio = f"p50 {times_faster(ours[0], peer[0])}"
    return Measured(work, size, figure, f"networkx p50 {peer[0]:.0f} ms", ratio, f"p95 {bar:g} ms at 5M", None)


def _check(view: View, name: str, asked: dict[str, Any], links: int) -> None:
    """Equal to the engine networkx where that is at hand; everywhere every way runs along links that are there."""
    found = ask(view, name, **asked)
    if links <= SMALL:
        assert found == ask(view, name, "networkx", **asked), (name, asked)
    for path in getattr(found.result, "paths", ())[:20]:
        for near, far, link in zip(path.entities, path.entities[1:], path.links, strict=False):
            assert view.link_at(view.number(near), link, view.number(far))[0] >= 0


def _whole(view: View, size: str, links: int) -> Iterator[Measured]:
    """Questions that look at the whole graph once."""
    rows: list[tuple[str, str, dict[str, Any], float]] = [
        ("components", "components", {"evidence": 0}, 1.5),
        ("k-cores", "cores", {}, 1.5),
        ("PageRank", "key-players", {"measure": "pagerank", "kind": "Thing"}, 3),
    ]
    if links > SMALL:
        rows.append(("betweenness, sampled to 0.01", "key-players", {"exact": 0, "kind": "Thing"}, 60))
    else:
        rows.append(("betweenness, exact", "key-players", {"kind": "Thing"}, 15))
    for work, name, parameters, bar in rows:
        once = later(view, name, **parameters)
        assert once()
        spent = seconds(once)
        must = f"{bar:g} s" if links > SMALL or "exact" in work else f"{bar:g} s at 5M"
        reached = met(spent, bar, links) if "exact" not in work else spent <= bar
        yield Measured(work, size, f"{spent:.2f} s", "", "", must, reached)
