"""Brokers: against the definition on every triple, and the worked example of the domain notes."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations

import networkx as nx
import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import Budget
from queries.groups.brokerage import Roles, roles

# Typologies 3.8: the edges and countries, and the roles worked out by hand there.
EDGES = "2>1 3>1 1>9 9>5 5>8 5>6 6>7 1>4 4>11"
COUNTRY = {"1": "US", "2": "US", "3": "US", "4": "US", "10": "US", "11": "MX", "9": "PA", "5": "CO", "6": "CO"}
COUNTRY |= {"7": "CO", "8": "ES"}


def of(graph: nx.DiGraph, part: dict[str, str], limits: Limits | None = None) -> dict[str, Roles]:
    after = {node: set(graph.successors(node)) for node in graph}
    before = {node: set(graph.predecessors(node)) for node in graph}
    with Budget(limits or Limits()) as budget:
        return roles(after, before, part, budget)


def by_definition(graph: nx.DiGraph, part: dict[str, str]) -> dict[str, Roles]:
    count: dict[str, Counter[str]] = {}
    for a, b, c in permutations(part, 3):
        if not (graph.has_edge(a, b) and graph.has_edge(b, c)) or graph.has_edge(a, c):
            continue
        x, y, z = part[a], part[b], part[c]
        if x == y == z:
            role = "coordinator"
        elif x == z:
            role = "itinerant"
        elif y == z:
            role = "gatekeeper"
        elif x == y:
            role = "representative"
        else:
            role = "liaison"
        count.setdefault(b, Counter())[role] += 1
    return {broker: Roles(**many) for broker, many in count.items()}


def test_the_worked_example() -> None:
    graph = nx.DiGraph(tuple(edge.split(">")) for edge in EDGES.split())
    assert of(graph, COUNTRY) == {
        "1": Roles(coordinator=2, representative=2),
        "9": Roles(liaison=1),
        "5": Roles(liaison=1, gatekeeper=1),
        "4": Roles(representative=1),
        "6": Roles(coordinator=1),
    }


@pytest.mark.parametrize("seed", range(60))
def test_every_triple_is_counted_once(seed: int) -> None:
    dice = random.Random(seed)
    graph = nx.gnp_random_graph(dice.randint(3, 14), dice.choice([0.1, 0.3, 0.6]), seed=seed, directed=True)
    graph = nx.relabel_nodes(graph, str)
    part = {node: dice.choice("ABC") for node in graph if dice.random() < 0.9}
    assert of(graph, part) == by_definition(graph, part)


def test_across_counts_all_but_the_coordinator() -> None:
    assert Roles(coordinator=16, itinerant=8, gatekeeper=4, representative=2, liaison=1).across == 15


def test_the_budget_ends_the_count_and_calling_off_raises() -> None:
    graph = nx.relabel_nodes(nx.complete_graph(12, nx.DiGraph), str)
    graph.remove_edges_from([("0", "1"), ("10", "11")])
    part = dict.fromkeys(graph, "A")
    assert 0 < len(of(graph, part, Limits(links=300))) < len(of(graph, part))
    budget = Budget()
    budget.call_off()
    with pytest.raises(Cancelled):
        roles({}, {}, part, budget)
