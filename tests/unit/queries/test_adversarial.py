"""Graphs made to hurt: every question stays within its limits and says what it left out; the times are printed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import Budget
from graph_service.network.compiled import missing
from graph_service.network.view import View
from queries.catalogue import CATALOGUE
from tests.unit.network.tables import plain_network
from tests.unit.queries.asking import ask

pytestmark = pytest.mark.skipif(bool(missing()), reason="these sizes are for the compiled engine")


def clique() -> View:
    """60 entities, each linked to each."""
    source, target = np.triu_indices(60, 1)
    return View(plain_network(60, source, target))


def star() -> View:
    """Two hubs that share 200,000 neighbours."""
    leaves = np.arange(2, 200_002)
    return View(plain_network(200_002, np.repeat([0, 1], 200_000), np.concatenate([leaves, leaves])))


def chain() -> View:
    """10,000 in a row."""
    return View(plain_network(10_000, np.arange(9_999), np.arange(1, 10_000)))


def grid() -> View:
    """300 by 300: the number of shortest paths between corners has 178 digits."""
    place = np.arange(90_000).reshape(300, 300)
    source = np.concatenate([place[:, :-1].ravel(), place[:-1].ravel()])
    target = np.concatenate([place[:, 1:].ravel(), place[1:].ravel()])
    return View(plain_network(90_000, source, target))


def parallel() -> View:
    """Three entities in a row, joined by 5,000 links each."""
    return View(plain_network(3, np.repeat([0, 1], 5_000), np.repeat([1, 2], 5_000)))


def layers() -> View:
    """40 layers of 40, each entity linked to all of the next layer."""
    here = np.arange(39 * 40)
    source = np.repeat(here, 40)
    target = (source // 40 + 1) * 40 + np.tile(np.arange(40), len(here))
    return View(plain_network(1_600, source, target))


GRAPHS: list[Callable[[], View]] = [clique, star, chain, grid, parallel, layers]
ENDS = {
    "clique": ("0", "59"),
    "star": ("0", "1"),
    "chain": ("0", "200"),
    "grid": ("0", "12150"),
    "parallel": ("0", "2"),
    "layers": ("0", "1599"),
}


def most(name: str, graph: str) -> dict[str, Any]:
    """The largest parameters that a question takes."""
    source, target = ENDS[graph]
    ends = {"source": source, "target": target}
    parameters: dict[str, dict[str, Any]] = {
        "k-paths": {**ends, "max_hops": 64, "limit": 1_000},
        "all-paths": {**ends, "max_hops": 64, "limit": 10_000},
        "best-evidence": {**ends, "max_hops": 64, "limit": 1_000, "hub_weight": 1.0},
        "explain-path": {"source": source, "links": ["0"], "ranked_among": 1_000},
        "independent-routes": {**ends, "max_hops": 64, "limit": 20, "ways": 1_000, "cut_most": 8},
        "reach": {"source": source, "max_hops": 64, "limit": 10_000, "cost": "evidence", "hubs": "free"},
        "common": {"entities": [source, target], "max_hops": 3, "limit": 200, "hubs": "free"},
        "connecting-network": {"entities": [source, target], "max_hops": 64, "limit": 4_950, "cost": "evidence"},
        "time-ordered": {**ends, "max_hops": 32, "limit": 1_000},
        "cycles": {"entity": source, "max_hops": 16, "limit": 1_000},
        "community-history": {},
        "disruption": {"count": 20, "runs": 20},
        "rank-uncertainty": {"draws": 1_000},
        "similar": {"entity": source, "limit": 50},
        "find": {"kind": "Subject", "limit": 1_000},
        "entity": {"entity": source},
        "expand": {"entity": source, "hops": 6, "per_kind": 1_000, "limit": 5_000},
        "shortest-paths": {"source": source, "target": target, "max_hops": 255, "limit": 1_000},
        "components": {"limit": 10_000, "members": 1_000_000, "evidence": 5_000, "min_size": 1},
        "cores": {"truss": True, "limit": 10_000, "members": 1_000_000, "evidence": 5_000, "min_size": 1},
        "cliques": {"min_size": 2, "limit": 10_000, "evidence": 5_000},
        "key-players": {"exact": 100_000, "error": 0.002, "limit": 1_000},
        "communities": {"limit": 10_000, "members": 1_000_000, "evidence": 5_000, "min_size": 1},
        "community": {"entity": source, "members": 100_000, "limit": 1_000, "evidence": 5_000},
        "cross-border-communities": {"limit": 1_000, "members": 100_000, "brokers": 1_000, "evidence": 5_000},
        "bridges-between": {"left": source, "right": target, "whole": False, "limit": 1_000},
        "degree": {"limit": 1_000},
    }
    return parameters[name]


@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
def test_every_question_with_its_largest_parameters(make: Callable[[], View]) -> None:
    view = make()
    assert view.adjacency.nbytes
    assert view.network.id_rank is not None
    for name in CATALOGUE:
        begun = time.perf_counter()
        finding = ask(name, view, limits=Limits(seconds=1.0), **most(name, make.__name__))
        seconds = time.perf_counter() - begun
        print(f"{make.__name__:>9} {name:<15} {seconds:7.3f} s, {finding.explored:>9,} links looked at")
        assert seconds < 30
        if name == "shortest-paths":
            assert finding.result.paths
            assert len(finding.result.paths) <= 1_000
            assert len(set(finding.result.paths)) == len(finding.result.paths)


@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("links", [1, 1_000])
def test_a_small_budget_is_kept_and_told(make: Callable[[], View], links: int) -> None:
    view = make()
    widest = int(np.diff(view.adjacency.start).max())
    source, target = ENDS[make.__name__]
    finding = ask("shortest-paths", view, limits=Limits(links=links), source=source, target=target, max_hops=255)
    assert finding.explored <= links + 4_096 + 2 * widest
    if not finding.result.paths:
        assert finding.truncated
        assert finding.result.proof.reason == "budget"


def test_time_runs_out_in_the_middle_and_the_answer_says_so() -> None:
    view = grid()
    far = str(89_999)
    assert ask("shortest-paths", view, source="0", target=far).result.proof.shortest == 598
    late = ask("shortest-paths", view, limits=Limits(seconds=0), source="0", target=far)
    assert late.truncated or late.result.proof.shortest == 598


def test_a_question_that_is_called_off_ends_within_a_second() -> None:
    view = layers()
    ask("components", view)
    asked = CATALOGUE["shortest-paths"]
    given = asked.parameters(source="0", target="1599", max_hops=255, limit=1_000)
    budget, ended = Budget(), list[float]()

    def work() -> None:
        try:
            while True:
                asked.memory(view, given, budget)
        except Cancelled:
            ended.append(time.perf_counter())

    with budget:
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.1)
        called_off = time.perf_counter()
        budget.call_off()
        thread.join(10)
    assert ended
    print(f"ended {1_000 * (ended[0] - called_off):.1f} ms after it was called off")
    assert ended[0] - called_off < 1
