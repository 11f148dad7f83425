"""Groups in real covert and mail networks: as good as the best of many runs, and the same at every asking.

The files are read in place, beside the repository, and are no part of it; where they are absent the tests skip.
"""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups import communities
from queries.groups.quality import PartitionParameters
from queries.groups.settling import settle
from queries.groups.weighted import Weighted
from tests.integration.test_real_data import needed
from tests.unit.network.tables import plain_view

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
NETWORKS = (
    *(f"covert/{name}.edges.csv" for name in ("caviar_full", "caviar6", "london_gang", "madrid_tie_year")),
    "covert/madrid_2004_1.edges.csv",
    "covert/9_11_hijackers_associates.edges.csv",
    "covert/9_11_hijackers_priorcontacts.edges.csv",
    "montagna/montagna_meetings.csv",
    "montagna/montagna_phone.csv",
    "enron/enron.edges.csv",
)


def network(path: Path) -> View:
    """Who has to do with whom; how often is left aside."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        pairs = {(row["source"], row["target"]) for row in csv.DictReader(file)}
    number = {name: place for place, name in enumerate(sorted({name for pair in pairs for name in pair}))}
    return plain_view(len(number), sorted((number[one], number[other]) for one, other in pairs))


def best_of_many(weighted: Weighted) -> float:
    """The best modularity of a hundred runs of NetworkX's Louvain and forty of Leiden, each from other seeds."""
    graph = nx.Graph()
    ends = weighted.low.tolist(), weighted.high.tolist()
    graph.add_weighted_edges_from(zip(*ends, weighted.weight.tolist(), strict=True))
    runs = (nx.community.louvain_communities(graph, seed=seed) for seed in range(100))
    best = max(nx.community.modularity(graph, groups) for groups in runs)
    nobody = np.full(len(weighted.numbers), -1, dtype=np.int32)
    for seed in range(40):
        with Budget() as budget:
            label = settle(weighted, nobody, PartitionParameters(seed=seed, iterations=10), 0.0, budget)
        assert label is not None
        best = max(best, weighted.modularity(label))
    return float(best)


@pytest.mark.parametrize("name", NETWORKS)
def test_modularity_is_within_half_a_percent_of_the_best_of_many_runs(name: str) -> None:
    view = network(needed(name))
    best = best_of_many(Weighted.of(view))
    for seed in (1, 2, 3):
        asked = communities.CommunitiesParameters(seed=seed)
        with Budget() as budget:
            found = communities.in_memory(view, asked, budget).result
            assert communities.in_memory(view, asked, budget).result == found
        assert found.modularity >= 0.995 * best
