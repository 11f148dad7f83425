"""The ties of entities, read by each engine its own way: what ``similar`` compares, and when an entity was there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import networkx as nx
import numpy as np

from graph_service.errors import EntityNotFound
from graph_service.model.graph import LinkRef
from graph_service.network.adjacency import EITHER
from graph_service.network.columns import Ints, Mask
from graph_service.network.view import View
from queries.players.succession import Activity

MILLION = 1_000_000
_SIDES = OUT, BOTH, IN = ("out", "both", "in")
_EVENT = 2**16
N = TypeVar("N", int, str)


class Tie(NamedTuple, Generic[N]):
    """A neighbour, the kind of link that leads to it, and whether that goes ``out``, ``in`` or ``both`` ways."""

    neighbour: N
    kind: N
    direction: str


@cache
def weight_of(links: int) -> int:
    """What a tie to a neighbour with so many links weighs, in millionths: 1 / log2(1 + links)."""
    return round(MILLION / math.log2(1 + max(links, 1)))


class Ties(Protocol[N]):
    """How an engine reads ties; entities and kinds are numbers or names, as it likes."""

    def node(self, entity_id: str) -> N:
        """The entity of an id; EntityNotFound whether it is unknown or hidden."""

    def name(self, node: N) -> str:
        """The id of an entity."""

    def kind_of(self, node: N) -> str:
        """The kind of an entity in the view."""

    def called(self, node: N, kind: str) -> bool:
        """Whether a visible record calls it a kind or one below it."""

    def link_kind(self, tie: Tie[N]) -> str:
        """The name of a tie's kind of link."""

    def of(self, node: N) -> frozenset[Tie[N]]:
        """All ties of an entity; a link to itself is none."""

    def links(self, node: N) -> int:
        """How many links an entity has; one to itself counts once."""

    def neighbours(self, node: N) -> frozenset[N]:
        """Those a link joins it to, without itself."""

    def activity(self, node: N) -> Activity:
        """When it was there; a link lasts while the neighbour does, so that an event dates its roles."""

    def link(self, node: N, tie: Tie[N]) -> LinkRef:
        """The link of a tie, that with the smallest id of several."""


class ArrayTies:
    """Read from a view's adjacency; entities and kinds by number."""

    def __init__(self, view: View) -> None:
        """Nothing is read yet."""
        self._view = view
        event = view.links.event
        self._code = np.where(event >= 0, view.kind[event].astype(np.int32) + _EVENT, view.links.kind)
        self._called: dict[str, Mask] = {}

    def node(self, entity_id: str) -> int:
        """Its number."""
        return self._view.number(entity_id)

    def name(self, node: int) -> str:
        """Its id."""
        return self._view.network.entity_id(node)

    def kind_of(self, node: int) -> str:
        """Its kind in the view."""
        return self._view.entity_kind(node)

    def called(self, node: int, kind: str) -> bool:
        """Looked up in a mask made once."""
        if kind not in self._called:
            self._called[kind] = self._view.of_kinds(kind)
        return bool(self._called[kind][node])

    def link_kind(self, tie: Tie[int]) -> str:
        """From the table of kinds."""
        rows = self._view.network.link_rows if tie.kind < _EVENT else self._view.network.entity_rows
        return str(rows.kinds.values[tie.kind % _EVENT])

    def of(self, node: int) -> frozenset[Tie[int]]:
        """From the node's run of places."""
        neighbour, link, side = self._run(node)
        rows = zip(neighbour.tolist(), self._code[link].tolist(), side.tolist(), strict=True)
        return frozenset(Tie(other, code, _SIDES[place]) for other, code, place in rows if other != node)

    def links(self, node: int) -> int:
        """The length of its run."""
        start = self._view.adjacency.start
        return int(start[node + 1] - start[node])

    def neighbours(self, node: int) -> frozenset[int]:
        """The nodes of its run."""
        run = self._view.adjacency.run(node, EITHER)
        return frozenset(self._view.adjacency.neighbour[run].tolist()) - {node}

    def activity(self, node: int) -> Activity:
        """From the facts of the entity, its links and its neighbours."""
        facts, whole = self._view.facts, self._view.entity_facts
        neighbour, link, _ = self._run(node)
        first = np.maximum(facts.first_day[link], whole.first_day[neighbour]).tolist()
        last = np.minimum(facts.last_day[link], whole.last_day[neighbour]).tolist()
        own = (int(whole.first_day[node]), int(whole.last_day[node]))
        return Activity.of(own, zip(first, last, strict=True))

    def link(self, node: int, tie: Tie[int]) -> LinkRef:
        """Of the links in its run."""
        neighbour, link, side = self._run(node)
        there = (neighbour == tie.neighbour) & (self._code[link] == tie.kind) & (side == _SIDES.index(tie.direction))
        return min((self._view.link_ref(one) for one in link[there].tolist()), key=lambda ref: ref.id)

    def _run(self, node: int) -> tuple[Ints, Ints, Ints]:
        """Neighbour, link and side of each place of the node's run."""
        adjacency = self._view.adjacency
        run = adjacency.run(node, EITHER)
        place = np.arange(run.start, run.stop)
        side = (place >= adjacency.mutual[node]).astype(np.int32) + (place >= adjacency.incoming[node])
        return adjacency.neighbour[run], adjacency.link[run], side


class GraphTies:
    """Read from the view's NetworkX graph; entities and kinds by name."""

    def __init__(self, view: View) -> None:
        """Nothing is read yet."""
        self._view = view
        self._graph = view.graph

    def node(self, entity_id: str) -> str:
        """The id itself, when the graph has it."""
        if entity_id not in self._graph:
            raise EntityNotFound(entity_id)
        return entity_id

    def name(self, node: str) -> str:
        """The node itself."""
        return node

    def kind_of(self, node: str) -> str:
        """From the node's data."""
        return str(self._graph.nodes[node]["kind"])

    def called(self, node: str, kind: str) -> bool:
        """From the kinds said of the node."""
        ontology = self._view.network.ontology
        said: frozenset[str] = self._graph.nodes[node]["kinds"]
        return bool(ontology.descendants(ontology.entity_kind(kind).name) & said)

    def link_kind(self, tie: Tie[str]) -> str:
        """The kind itself."""
        return tie.kind

    def of(self, node: str) -> frozenset[Tie[str]]:
        """From the node's edges."""
        return frozenset(tie for tie, _, _ in self._edges(node))

    def links(self, node: str) -> int:
        """Its degree, in which NetworkX counts a loop twice."""
        return int(self._graph.degree(node)) - int(self._graph.number_of_edges(node, node))

    def neighbours(self, node: str) -> frozenset[str]:
        """Its successors and predecessors."""
        return frozenset(nx.all_neighbors(self._graph, node)) - {node}

    def activity(self, node: str) -> Activity:
        """From the dates of its edges; the graph has none of nodes."""
        days = []
        for tie, _, data in self._edges(node):
            first, last = self._days(tie.neighbour)
            days.append((max(data["first_day"], first), min(data["last_day"], last)))
        own = self._days(node)
        loops = self._graph.get_edge_data(node, node, default={}).values()
        days += [(max(data["first_day"], own[0]), min(data["last_day"], own[1])) for data in loops]
        return Activity.of(own, days)

    def _days(self, node: str) -> tuple[int, int]:
        number, facts = self._view.number(node), self._view.entity_facts
        return int(facts.first_day[number]), int(facts.last_day[number])

    def link(self, node: str, tie: Tie[str]) -> LinkRef:
        """Of its edges."""
        return min((ref for one, ref, _ in self._edges(node) if one == tie), key=lambda ref: ref.id)

    def _edges(self, node: str) -> Iterator[tuple[Tie[str], LinkRef, dict[str, Any]]]:
        """The tie, name and data of each edge that is no loop."""
        for out, edges in ((True, self._graph.out_edges), (False, self._graph.in_edges)):
            for source, target, key, data in edges(node, keys=True, data=True):
                if source != target:
                    direction = BOTH if data["symmetric"] else OUT if out else IN
                    tie = Tie(target if out else source, str(data["kind"]), direction)
                    yield tie, LinkRef(key, source, target, data["event"]), data
