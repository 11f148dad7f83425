"""The setting of a disruption, read from a view's arrays or from its NetworkX graph."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.weighted import Weighted
from queries.players import movements
from queries.players.protected import protected
from queries.players.remains import ArrayRemains, NetworkxRemains, Whole
from queries.players.removing import Setting

Pivots = Callable[[int, int], Ints]
"""The nodes that shortest paths are measured from, of so many nodes with so many ties."""


def on_arrays(view: View, kind: str, pivots: Pivots, budget: Budget) -> Setting:
    """From the arrays, for the compiled loops. O(links log links)."""
    weighted = Weighted.of(view)
    numbers = weighted.numbers
    place = np.zeros(view.network.entities, dtype=np.int32)
    place[numbers] = np.arange(len(numbers))
    whole = Whole(len(numbers), weighted.low, weighted.high, pivots(len(numbers), len(weighted.low)))
    candidates = (view.of_kinds(kind) & ~protected(view))[numbers]
    budget.spend(len(view.links))
    return Setting(
        whole,
        candidates,
        movements.on_arrays(view, place),
        lambda node: view.network.entity_id(int(numbers[node])),
        lambda node: view.entity_kind(int(numbers[node])),
        lambda: ArrayRemains(whole, budget),
    )


def on_networkx(view: View, kind: str, pivots: Pivots, budget: Budget) -> Setting:
    """From ``view.graph``, for NetworkX."""
    graph, ontology = view.graph, view.network.ontology
    kinds = ontology.descendants(ontology.entity_kind(kind).name)
    ids = sorted(graph)
    place = {entity: node for node, entity in enumerate(ids)}
    both = ((place[one], place[two]) for one, two in graph.edges() if one != two)
    ties = sorted({(min(pair), max(pair)) for pair in both})
    ends = np.array(ties, dtype=np.int32).reshape(-1, 2)
    whole = Whole(len(ids), ends[:, 0], ends[:, 1], pivots(len(ids), len(ends)))
    spared = protected(view)
    open_ = [bool(kinds & graph.nodes[entity]["kinds"]) and not spared[view.number(entity)] for entity in ids]
    budget.spend(graph.number_of_edges())
    return Setting(
        whole,
        np.array(open_, dtype=np.bool_),
        movements.on_graph(view, place),
        lambda node: ids[node],
        lambda node: str(graph.nodes[ids[node]]["kind"]),
        lambda: NetworkxRemains(whole, budget),
    )
