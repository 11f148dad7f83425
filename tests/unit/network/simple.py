"""Random simple graphs, as NetworkX has them and as the kernels want them."""

from __future__ import annotations

import random
from dataclasses import dataclass

import networkx as nx
import numpy as np

from graph_service.network.adjacency import Offsets, build_adjacency
from graph_service.network.columns import Ints


@dataclass(frozen=True)
class Rows:
    """Compressed sparse rows of an undirected graph, with its ties."""

    start: Offsets
    neighbour: Ints
    link: Ints
    low: Ints
    high: Ints


def random_graph(dice: random.Random, most: int = 40) -> nx.Graph:
    """Sparse to dense, in parts or whole, now and then with nobody or without ties."""
    nodes = dice.randint(0, most)
    graph = nx.gnp_random_graph(nodes, dice.choice([0.0, 0.03, 0.08, 0.2, 0.6]), seed=dice.randrange(2**31))
    for _, _, data in graph.edges(data=True):
        data["weight"] = float(dice.choice([1, 1, 2, 5]))
    return graph


def rows(graph: nx.Graph) -> Rows:
    """Of a graph whose nodes are 0, 1, 2 ..."""
    ends = np.array(sorted((min(tie), max(tie)) for tie in graph.edges()), dtype=np.int32).reshape(-1, 2)
    low, high = ends[:, 0].copy(), ends[:, 1].copy()
    made = build_adjacency(len(graph), low, high, np.ones(len(low), dtype=np.bool_))
    return Rows(made.start, made.neighbour, made.link, low, high)


def directed_rows(graph: nx.DiGraph) -> tuple[Offsets, Offsets, Ints]:
    """First and last place of each node's ways on, and where they lead."""
    ends = np.array(list(graph.edges()), dtype=np.int32).reshape(-1, 2)
    made = build_adjacency(len(graph), ends[:, 0].copy(), ends[:, 1].copy(), np.zeros(len(ends), dtype=np.bool_))
    return made.start[:-1], made.incoming, made.neighbour


def fresh(stopped: int = 0) -> Offsets:
    """The state of a budget."""
    return np.array([stopped, 0], dtype=np.int64)


PLENTY = 10**12
