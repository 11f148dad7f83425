"""What holds a group together: cut members and cores against their definitions."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from queries.groups.holding import Core, CutMember, core, cut_members


def sparse(seed: int) -> nx.Graph:
    dice = random.Random(seed)
    nodes = dice.randint(1, 16)
    return nx.relabel_nodes(nx.gnm_random_graph(nodes, int(nodes * dice.choice([0.5, 0.9, 1.2, 2])), seed=seed), str)


@pytest.mark.parametrize("seed", range(120))
def test_whom_a_cut_member_cuts_off(seed: int) -> None:
    graph = sparse(seed)
    expected = []
    for node in graph:
        rest = graph.subgraph(nx.node_connected_component(graph, node) - {node})
        parts = sorted((len(part) for part in nx.connected_components(rest)), reverse=True)
        if len(parts) > 1:
            expected.append(CutMember(node, sum(parts[1:])))
    assert cut_members(graph) == sorted(expected, key=lambda one: (-one.cut_off, one.id))


@pytest.mark.parametrize("seed", range(60))
def test_the_innermost_core_is_what_peeling_leaves(seed: int) -> None:
    graph, k = sparse(seed), 0
    left = best = graph.copy()
    while len(left):
        best = left.copy()
        k += 1
        while thin := [node for node, degree in left.degree if degree < k]:
            left.remove_nodes_from(thin)
    assert core(graph) == Core(k - 1, len(best))


def test_nobody_and_somebody_alone() -> None:
    alone = nx.Graph()
    alone.add_node("a")
    assert (core(nx.Graph()), core(alone)) == (Core(0, 0), Core(0, 1))
    assert cut_members(alone) == cut_members(nx.Graph()) == []
