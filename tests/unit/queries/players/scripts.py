"""What anybody would write with NetworkX to take a network apart: the oracle of ``disruption``."""

from __future__ import annotations

import networkx as nx

Measured = tuple[float, int, int, float]


def taken_in_turn(
    graph: nx.Graph, strategy: str, count: int, *, in_turn: bool = True
) -> tuple[list[str], list[Measured]]:
    """Who goes, in order, and what is left before the first and after each; of equals the smallest id goes."""
    graph = graph.copy()
    order, measures = [], [_measured(graph)]
    ranking = _ranking(graph, strategy)
    for _ in range(min(count, len(graph))):
        if in_turn:
            ranking = _ranking(graph, strategy)
        gone = next(node for node in ranking if node in graph)
        graph.remove_node(gone)
        order.append(gone)
        measures.append(_measured(graph))
    return order, measures


def _ranking(graph: nx.Graph, strategy: str) -> list[str]:
    if strategy == "degree":
        score = dict(graph.degree())
    elif strategy == "betweenness":
        score = nx.betweenness_centrality(graph, normalized=False)
    else:
        score = {node: _measured(graph.subgraph(set(graph) - {node}))[0] for node in graph}
    return sorted(graph, key=lambda node: (-round(score[node], 7), node))


def _measured(graph: nx.Graph) -> Measured:
    sizes = [len(part) for part in nx.connected_components(graph)]
    pairs = len(graph) * (len(graph) - 1)
    joined = sum(size * (size - 1) for size in sizes)
    return (1 - joined / pairs if pairs else 1.0), max(sizes, default=0), len(sizes), nx.global_efficiency(graph)
