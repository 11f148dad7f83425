"""A random graph with nodes that may not be passed and links that may not be taken, as kernels take it."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np

from graph_service.network.adjacency import build_adjacency
from graph_service.network.columns import Ints, Mask

ALL: Mask = np.zeros(0, dtype=np.bool_)


def numbers(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int32)


class Made:
    """A random graph, some of whose nodes may not be passed and some of whose links may not be taken."""

    def __init__(self, dice: random.Random, nodes: int, links: int) -> None:
        self.nodes = nodes
        self.ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(links)]
        self.through = np.array([dice.random() < 0.85 for _ in range(nodes)])
        self.open = np.array([dice.random() < 0.9 for _ in self.ends], dtype=np.bool_)
        self.rank = numbers(dice.sample(range(nodes), nodes))
        self.cost = np.array([dice.randint(1, 6) for _ in self.ends], dtype=np.int64)
        source, target = numbers([a for a, _ in self.ends]), numbers([b for _, b in self.ends])
        self.adjacency = build_adjacency(nodes, source, target, np.zeros(links, dtype=np.bool_))
        self.walked = (self.adjacency.start, self.adjacency.neighbour, self.adjacency.link)

    @property
    def graph(self) -> nx.Graph:
        """What may be passed and taken; ``weight``: the least cost of the links between two."""
        graph = nx.Graph()
        graph.add_nodes_from(np.flatnonzero(self.through).tolist())
        for k, (a, b) in enumerate(self.ends):
            if self.open[k] and self.through[a] and self.through[b] and a != b:
                known = graph.get_edge_data(a, b, {"weight": 99})["weight"]
                graph.add_edge(a, b, weight=min(known, int(self.cost[k])))
        return graph
