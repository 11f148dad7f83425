"""The amounts that move in a network, and which of them still can when some entities are gone.

An amount is that of an event (a money transfer, a shipment) or of a link that states one. It stops as soon as one of
the parties that it needs is gone: of an event those with a role in it, of a link its ends. Amounts count as they are
written, whatever the currency; those that are not above 0 do not count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.model.ontology import Ontology
from graph_service.network.columns import Ints, Mask
from graph_service.network.facts import Floats
from graph_service.network.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Movements:
    """``amount`` float64[movements]; ``movement``, ``node`` int32[rows]: which movement needs which node."""

    amount: Floats
    movement: Ints
    node: Ints

    @staticmethod
    def of(amounts: Sequence[float], needs: Sequence[Sequence[int]]) -> Movements:
        """From each movement's amount and the nodes it needs."""
        many = [len(nodes) for nodes in needs]
        return Movements(
            np.array(amounts, dtype=np.float64),
            np.repeat(np.arange(len(needs)), many).astype(np.int32),
            np.array([node for nodes in needs for node in nodes], dtype=np.int32),
        )

    def standing(self, there: Mask) -> Mask:
        """Which movements have all that they need, bool[movements]; ``there`` bool[nodes]."""
        left = np.ones(len(self.amount), dtype=np.bool_)
        left[self.movement[~there[self.node]]] = False
        return left

    def total(self, there: Mask) -> float:
        """What still moves: the exact sum, whatever the order."""
        return round(math.fsum(self.amount[self.standing(there)].tolist()), 6)

    def by_node(self, there: Mask) -> Floats:
        """What still moves and needs the node, float64[nodes]."""
        amount = np.where(self.standing(there), self.amount, 0.0)
        found: Floats = np.bincount(self.node, amount[self.movement], len(there)).astype(np.float64)
        return found


def on_arrays(view: View, place: Ints) -> Movements:
    """The movements of a view; ``place`` int32[entities]: the node of each entity number. O(links)."""
    links, amount = view.links, view.entity_facts.amount
    event = view.of_exact_kinds(_events(view.network.ontology)) & view.nodes & (np.nan_to_num(amount) > 0)
    role = np.append(_roles(view.network.ontology, map(str, view.network.link_rows.kinds.values)), False)[links.kind]
    at_event = event[links.source] | event[links.target]
    by_source, by_target = np.flatnonzero(role & event[links.source]), np.flatnonzero(role & event[links.target])
    plain = np.flatnonzero(~at_event & (np.nan_to_num(view.facts.amount) > 0))
    # A key for each movement: its event, or for a plain link a number beyond all entities.
    entities = view.network.entities
    of_event = np.concatenate([by_source, by_target])
    host = np.concatenate([links.source[by_source], links.target[by_target]])
    own = np.where(links.event[plain] >= 0, links.event[plain].astype(np.int64), entities + plain)
    alone = np.flatnonzero(event)
    key = np.concatenate([alone, host, host, own, own]).astype(np.int64)
    node = np.concatenate(
        [alone, links.source[of_event], links.target[of_event], links.source[plain], links.target[plain]]
    )
    if not len(key):
        return Movements.of([], [])
    rows = np.unique(np.column_stack([key, place[node]]), axis=0)
    keys, movement = np.unique(rows[:, 0], return_inverse=True)
    worth = np.concatenate([amount, view.facts.amount])[keys]
    return Movements(worth, movement.astype(np.int32), rows[:, 1].astype(np.int32))


def on_graph(view: View, place: dict[str, int]) -> Movements:
    """The same by walking ``view.graph``; ``place`` has the node of each entity id."""
    graph, ontology = view.graph, view.network.ontology
    events = {
        node: data["amount"]
        for node, data in graph.nodes(data=True)
        if data["kind"] in _events(ontology) and (data["amount"] or 0) > 0
    }
    needs: dict[tuple[str, str], set[int]] = {("event", node): {place[node]} for node in events}
    amounts = {("event", node): float(amount) for node, amount in events.items()}
    for source, target, key, data in graph.edges(keys=True, data=True):
        for host in {source, target} & events.keys():
            if _roles(ontology, [data["kind"]])[0]:
                needs["event", host] |= {place[source], place[target]}
        if not {source, target} & events.keys() and (data["amount"] or 0) > 0:
            name = ("event", data["event"]) if data["event"] else ("link", key)
            needs.setdefault(name, set()).update((place[source], place[target]))
            amounts[name] = float(data["amount"])
    return Movements.of([amounts[name] for name in needs], [sorted(nodes) for nodes in needs.values()])


def _events(ontology: Ontology) -> frozenset[str]:
    return frozenset(kind.name for kind in ontology.entity_kinds.values() if kind.event)


def _roles(ontology: Ontology, names: Iterator[str] | Sequence[str]) -> Mask:
    """Which kinds of link are roles of parties in events."""
    kinds = ontology.link_kinds
    return np.array([name in kinds and kinds[name].side is not None for name in names], dtype=np.bool_)
