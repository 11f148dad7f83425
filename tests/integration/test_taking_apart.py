"""A real network taken apart: step by step what a script with NetworkX gives. The file is read in place, beside the
repository; where it is absent the test skips."""

from __future__ import annotations

import csv
import time

import networkx as nx
import pytest

from graph_service.model.answer import Limits
from graph_service.network.budget import Budget
from graph_service.network.compiled import missing
from graph_service.network.view import View
from queries.players.disruption import QUESTION, DisruptionParameters, DisruptionResult
from tests.integration.test_real_data import needed
from tests.unit.network.tables import Ledger, entity, link, plain_view
from tests.unit.queries.players.scripts import taken_in_turn

pytestmark = pytest.mark.skipif(bool(missing(("numba",))), reason="this is for the compiled engine")


def montagna(name: str) -> nx.Graph:
    with needed(f"montagna/montagna_{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["source"].strip(), row["target"].strip()) for row in csv.DictReader(file)]
    return nx.Graph([(source, target) for source, target in rows if source != target])


def seen(graph: nx.Graph) -> View:
    links = [link(f"{one}-{other}", one, other) for one, other in graph.edges]
    return View(Ledger().put([entity(node) for node in graph], links).network())


def disrupted(view: View, strategy: str, count: int, engine: str = "memory") -> DisruptionResult:
    with Budget(Limits(links=10**10, seconds=300)) as budget:
        asked = DisruptionParameters(strategies=strategy, count=count, pivots=2_000)
        found: DisruptionResult = getattr(QUESTION, engine)(view, asked, budget).result
    return found


@pytest.mark.parametrize("name", ["meetings", "phone"])
@pytest.mark.parametrize("strategy", ["betweenness", "degree"])
def test_montagna_is_taken_apart_as_a_script_does(name: str, strategy: str) -> None:
    graph = montagna(name)
    (curve,) = disrupted(seen(graph), strategy, 20).curves
    order, measures = taken_in_turn(graph, strategy, 20)
    assert [point.removed for point in curve.points][1:] == order
    told = [(point.fragmentation, point.largest, point.parts, point.efficiency) for point in curve.points]
    assert told == [pytest.approx(one, abs=2e-9) for one in measures]
    assert disrupted(seen(graph), strategy, 20, "networkx").curves == (curve,)


def test_fifty_removals_by_betweenness_among_a_thousand(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a made-up network, for the time it takes; what it gives is held by the laws above."""
    view = plain_view(1_000, list(nx.gnm_random_graph(1_000, 5_000, seed=1).edges))
    disrupted(view, "betweenness", 1)
    begun, used = time.perf_counter(), time.process_time()
    (curve,) = disrupted(view, "betweenness", 50).curves
    took, worked = time.perf_counter() - begun, time.process_time() - used
    with capsys.disabled():
        print(f"\n50 removals in turn by betweenness, 1,000 entities, 5,000 ties: {took:.2f} s, {worked:.2f} s of work")
    assert len(curve.points) == 51
    assert worked < 8, "four times what it takes on an idle machine"
