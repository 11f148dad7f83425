"""The View: the Network under one scope. All analysis takes a view, never a store.

An entity is in the view when the scope shows one of its records; a link when it shows one of its records **and** both
ends. Parallel records of one link are one link here. With events collapsed, every pair of a from-side and a to-side
party of an event is one direct link, and the event is not there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import networkx as nx
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph_service.errors import EntityNotFound
from graph_service.model.grades import ALL_GRADES
from graph_service.model.graph import LinkRef
from graph_service.model.scope import EVERYTHING, Events, Scope
from graph_service.network.adjacency import EITHER, Adjacency, build_adjacency
from graph_service.network.collapse import Links, collapsed
from graph_service.network.columns import Ints, Mask
from graph_service.network.facts import Facts, facts_of
from graph_service.network.network import Network

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_NO_KIND = np.int64(2**62)
_EVENT_CODE = 2**16
_LAZY = threading.RLock()
_KEPT = 24
"""How many values that questions worked out a view keeps."""
T = TypeVar("T")


class View:
    """Arrays plus masks: ``nodes`` bool[entities] (who is in the view) and ``links`` (the visible ones, numbered
    afresh)."""

    def __init__(self, network: Network, scope: Scope = EVERYTHING) -> None:
        """The view of a network under a scope; O(records). 0.3 s at 1M entities and 5M links."""
        self.network = network
        self.scope = scope
        self.entity_seen = network.entity_rows.seen(scope, scope.entity_kinds, network.classes)
        priority = self._kind_priority()
        self.nodes: Mask = priority < _NO_KIND
        self.kind: npt.NDArray[np.int16] = (priority & 0xFFFF).astype(np.int16)
        self.link_seen = network.link_rows.seen(scope, scope.link_kinds, network.classes)
        links = self._visible_links()
        if scope.events is Events.COLLAPSED:
            event = (
                self.of_exact_kinds({k.name for k in network.ontology.entity_kinds.values() if k.event}) & self.nodes
            )
            links = collapsed(links, event, network)
            self.nodes &= ~event
        self.links: Links = links
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    @cached_property
    def adjacency(self) -> Adjacency:
        """The links by node, made at the first question that walks."""
        with _LAZY:
            return build_adjacency(self.network.entities, self.links.source, self.links.target, self.symmetric)

    @cached_property
    def entity_facts(self) -> Facts:
        """What the visible records of each entity say together, by entity number; made when first asked for."""
        with _LAZY:
            return facts_of(self.network.entity_rows, self.entity_seen, self.network.entity_of, self.network.entities)

    @cached_property
    def facts(self) -> Facts:
        """What the visible records of each link say together, by its place in ``links``; those of the event where a
        link stands for one. Made when first asked for; O(records)."""
        with _LAZY:
            network, stands_for = self.network, self.links.event >= 0
            by_number = facts_of(network.link_rows, self.link_seen, network.link_of, max(network.links, 1))
            facts = by_number.taken(np.where(stands_for, 0, self.links.number))
            return facts.where(stands_for, self.entity_facts.taken(self.links.event)) if stands_for.any() else facts

    @cached_property
    def symmetric(self) -> Mask:
        """Which links go both ways, bool[links]; one that stands for an event (kind -1) never does."""
        kinds = self.network.ontology.link_kinds
        table = np.array(
            [str(name) in kinds and not kinds[str(name)].directed for name in self.network.link_rows.kinds.values],
            dtype=np.bool_,
        )
        return np.append(table, False)[self.links.kind]

    def number(self, entity_id: str) -> int:
        """The number of an entity; the same EntityNotFound whether it is unknown or hidden."""
        number = self.network.entity_number(entity_id)
        if number is None or not self.nodes[number]:
            raise EntityNotFound(entity_id)
        return number

    def entity_kind(self, number: int) -> str:
        """The kind of an entity in this view: the most specific one said, the best graded among equals."""
        return str(self.network.entity_rows.kinds.values[self.kind[number]])

    def link_kind(self, link: int) -> str:
        """The kind of a link; a collapsed event's kind is that of the event."""
        event = int(self.links.event[link])
        return (
            self.entity_kind(event) if event >= 0 else str(self.network.link_rows.kinds.values[self.links.kind[link]])
        )

    def by_kind(self, links: Ints) -> dict[str, Ints]:
        """Links parted by kind: for each kind, in order of its name, the places in ``links`` that are of it."""
        event = self.links.event[links]
        code = np.where(event >= 0, self.kind[event].astype(np.int32) + _EVENT_CODE, self.links.kind[links])
        order = np.argsort(code, kind="stable")
        cuts = np.flatnonzero(np.diff(code[order])) + 1
        parts = np.split(order.astype(np.int32), cuts) if len(order) else []
        return dict(sorted((self.link_kind(int(links[part[0]])), part) for part in parts))

    def count_kinds(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many entities and how many links of each kind."""
        kind, many = np.unique(self.kind[self.nodes], return_counts=True)
        names = self.network.entity_rows.kinds.values
        entities = {str(names[code]): int(count) for code, count in zip(kind, many, strict=True)}
        links = self.by_kind(np.arange(len(self.links), dtype=np.int32))
        return dict(sorted(entities.items())), {name: len(places) for name, places in links.items()}

    def link_id(self, link: int) -> str:
        """The id of a link; a direct link that stands for an event is named by the event and its two parties."""
        if self.links.event[link] < 0:
            return self.network.link_id(int(self.links.number[link]))
        return collapsed_id(
            self.network.entity_id(int(self.links.event[link])),
            self.network.entity_id(int(self.links.source[link])),
            self.network.entity_id(int(self.links.target[link])),
        )

    def link_ref(self, link: int) -> LinkRef:
        """A link by name, with its ends."""
        event = int(self.links.event[link])
        return LinkRef(
            self.link_id(link),
            self.network.entity_id(int(self.links.source[link])),
            self.network.entity_id(int(self.links.target[link])),
            None if event < 0 else self.network.entity_id(event),
        )

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """A value that questions work out from this view again and again, such as a mask: made once, the last few
        kept."""
        with _LAZY:
            if key not in self._kept:
                while len(self._kept) >= _KEPT:
                    self._kept.popitem(last=False)
                self._kept[key] = make()
            self._kept.move_to_end(key)
            value: T = self._kept[key]
            return value

    def codes(self, number: int) -> frozenset[str]:
        """The country, currency and HS codes of an entity, from its visible records."""
        coded, texts = self.network.code_texts
        records = self.network.records_of(number)
        return frozenset(code for r in records if self.entity_seen[r] for code in texts[coded[r]].split())

    def bearing(self, wanted: Callable[[str], bool]) -> Mask:
        """Which entities of the view bear, by a visible record, a code that is wanted; O(records)."""
        return self.coded(wanted) & self.nodes

    def coded(self, wanted: Callable[[str], bool]) -> Mask:
        """The same, with the events that links stand for."""
        coded, texts = self.network.code_texts
        table = np.array([any(map(wanted, text.split())) for text in texts], dtype=np.bool_)
        said = np.zeros(self.network.entities, dtype=np.bool_)
        if table.any():
            said[self.network.entity_of[table[coded] & self.entity_seen]] = True
        return said

    def said_by(self, link: int) -> frozenset[str]:
        """The sources of a link's visible records; of the event's where it stands for one."""
        network, event = self.network, int(self.links.event[link])
        if event >= 0:
            rows, seen, records = network.entity_rows, self.entity_seen, network.records_of(event)
        else:
            records = network.records_of_link(int(self.links.number[link]))
            rows, seen = network.link_rows, self.link_seen
        return frozenset(str(network.origins.values[rows.origin[r]]) for r in records if seen[r])

    def without_sources(self, sources: AbstractSet[str]) -> Mask:
        """Which links are left, bool[links], when what these sources say does not count; O(records)."""
        network = self.network
        gone = np.array([str(one) in sources for one in network.origins.values], dtype=np.bool_)
        left = np.zeros(max(network.links, 1), dtype=np.bool_)
        left[network.link_of[self.link_seen & ~gone[network.link_rows.origin]]] = True
        events = np.zeros(max(network.entities, 1), dtype=np.bool_)
        events[network.entity_of[self.entity_seen & ~gone[network.entity_rows.origin]]] = True
        stands_for = self.links.event >= 0
        return np.where(stands_for, events[self.links.event], left[np.where(stands_for, 0, self.links.number)])

    def link_at(self, entity: int, link_id: str, other: int | None = None) -> tuple[int, int]:
        """The place in ``links`` of the link of that id at an entity, and what it leads to; (-1, -1) for none.

        O(links of the entity), of which only those to ``other`` are named when it is given.
        """
        run = self.adjacency.run(entity, EITHER)
        links, ends = self.adjacency.link[run], self.adjacency.neighbour[run]
        if other is not None:
            links, ends = links[ends == other], ends[ends == other]
        for link, end in zip(links.tolist(), ends.tolist(), strict=True):
            if self.link_id(link) == link_id:
                return int(link), int(end)
        return -1, -1

    def node_numbers(self) -> Ints:
        """The numbers of the entities in the view, ascending."""
        return np.flatnonzero(self.nodes).astype(np.int32)

    def node_ids(self) -> Iterator[str]:
        """The ids of the entities in the view, by number."""
        return (str(value) for value in self.network.entity_ids.take(self.node_numbers()).to_pylist())

    def of_kinds(self, kind: str | None) -> Mask:
        """Which entities of the view some visible record calls a kind or one below it; all of them for None."""
        if kind is None:
            return self.nodes
        kinds = self.network.ontology.descendants(self.network.ontology.entity_kind(kind).name)
        rows = self.network.entity_rows
        table = np.array([name in kinds for name in rows.kinds.values], dtype=np.bool_)
        said = np.zeros(self.network.entities, dtype=np.bool_)
        if len(table):
            said[self.network.entity_of[self.entity_seen & table[rows.kind]]] = True
        return said & self.nodes

    def of_exact_kinds(self, kinds: AbstractSet[str]) -> Mask:
        """Which entities are shown as one of these kinds, those below them not included."""
        table = np.array([name in kinds for name in self.network.entity_rows.kinds.values], dtype=np.bool_)
        if not len(table):
            return np.zeros(self.network.entities, dtype=np.bool_)
        return table[np.minimum(self.kind, len(table) - 1)]

    @cached_property
    def graph(self) -> nx.MultiDiGraph:
        """The view as a NetworkX graph, made once: what the engine ``networkx`` works on."""
        with _LAZY:
            return self.to_networkx()

    def to_networkx(self) -> nx.MultiDiGraph:
        """A NetworkX graph: nodes by entity id with ``kind``, all ``kinds`` said, ``codes`` and ``amount``; edges keyed
        by link id with ``kind``, ``symmetric``, ``event`` and the link's facts (``probability``, ``first_day``,
        ``last_day``, ``amount``, ``sources``, ``said_by``; None for no amount) and the ``codes`` of an event that it
        stands for."""
        graph = nx.MultiDiGraph()
        ids = dict(zip(self.node_numbers().tolist(), self.node_ids(), strict=True))
        said: dict[int, set[str]] = {}
        for record in np.flatnonzero(self.entity_seen).tolist():
            kind = str(self.network.entity_rows.kinds.values[self.network.entity_rows.kind[record]])
            said.setdefault(int(self.network.entity_of[record]), set()).add(kind)
        graph.add_nodes_from(
            (
                ids[number],
                {
                    "kind": self.entity_kind(number),
                    "kinds": frozenset(said[number]),
                    "codes": self.codes(number),
                    "amount": _stated(self.entity_facts.amount[number]),
                },
            )
            for number in sorted(ids)
        )
        facts = self.facts
        for link in range(len(self.links)):
            ref = self.link_ref(link)
            graph.add_edge(
                ref.source,
                ref.target,
                key=ref.id,
                kind=self.link_kind(link),
                symmetric=bool(self.symmetric[link]),
                event=ref.event,
                probability=float(facts.probability[link]),
                first_day=int(facts.first_day[link]),
                last_day=int(facts.last_day[link]),
                amount=_stated(facts.amount[link]),
                sources=int(facts.sources[link]),
                said_by=self.said_by(link),
                codes=frozenset() if ref.event is None else self.codes(int(self.links.event[link])),
            )
        return graph

    def to_pandas(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The entities and the links of the view as two data frames for notebooks (needs pandas)."""
        entities, links = tables(self)
        return entities.to_pandas(), links.to_pandas()

    def to_polars(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The entities and the links of the view as two data frames for notebooks (needs polars)."""
        import polars as pl

        entities, links = tables(self)
        return pl.DataFrame(entities), pl.DataFrame(links)

    def _kind_priority(self) -> npt.NDArray[np.int64]:
        """For each entity the least of its visible records' (specificity, grade, kind) keys: the merge's rule for
        kinds."""
        network, rows = self.network, self.network.entity_rows
        ontology = network.ontology
        names = [str(value) for value in rows.kinds.values]
        by_name = {name: place for place, name in enumerate(sorted(names))}
        deepest = max((ontology.depth(name) for name in names), default=0)
        kind_key = np.array(
            [
                ((deepest - ontology.depth(name)) << 40) | (by_name[name] << 16) | code
                for code, name in enumerate(names)
            ],
            dtype=np.int64,
        )
        ladder = sorted({-grade.probability for grade in ALL_GRADES})
        grade_key = np.array([ladder.index(-grade.probability) << 32 for grade in ALL_GRADES], dtype=np.int64)
        priority = np.full(network.entities, _NO_KIND, dtype=np.int64)
        if not names:
            return priority
        key = kind_key[rows.kind] | grade_key[rows.grade]
        seen = self.entity_seen
        if len(rows) == network.entities and np.array_equal(network.entity_of, np.arange(network.entities)):
            priority[seen] = key[seen]
        else:
            np.minimum.at(priority, network.entity_of[seen], key[seen])
        return priority

    def _visible_links(self) -> Links:
        network, rows = self.network, self.network.link_rows
        mask = self.link_seen
        if not self.nodes.all():
            mask &= self.nodes[network.source_of]
            mask &= self.nodes[network.target_of]
        records = np.flatnonzero(mask).astype(np.int32)
        if len(rows) != network.links:
            first = np.full(network.links, -1, dtype=np.int32)
            first[network.link_of[records[::-1]]] = records[::-1]
            records = first[first >= 0]
        return Links(
            network.link_of[records],
            network.source_of[records],
            network.target_of[records],
            rows.kind[records],
            np.full(len(records), -1, dtype=np.int32),
            records,
        )


def _stated(amount: np.float64) -> float | None:
    return None if np.isnan(amount) else float(amount)


def collapsed_id(event: str, source: str, target: str) -> str:
    """The id of the direct link that stands for an event between two of its parties."""
    return f"{event}[{source}>{target}]"


def tables(view: View) -> tuple[pa.Table, pa.Table]:
    """The view as Arrow tables: entities (id, kind) and links (id, kind, source, target, event, days, amount), by
    number."""
    numbers = view.node_numbers().tolist()
    entities = pa.table(
        {
            "id": pa.array(list(view.node_ids()), pa.string()),
            "kind": pa.array(map(view.entity_kind, numbers), pa.string()),
        }
    )
    refs = [view.link_ref(link) for link in range(len(view.links))]
    rows = view.network.link_rows
    direct = view.links.event < 0
    record = np.where(direct, view.links.record, 0)
    amount = rows.amount[record] if len(rows) else np.zeros(0)
    links = pa.table(
        {
            "id": pa.array([ref.id for ref in refs], pa.string()),
            "kind": pa.array([view.link_kind(link) for link in range(len(refs))], pa.string()),
            "source": pa.array([ref.source for ref in refs], pa.string()),
            "target": pa.array([ref.target for ref in refs], pa.string()),
            "event": pa.array([ref.event for ref in refs], pa.string()),
            "amount": pa.array(np.where(direct, amount, np.nan)[: len(refs)], from_pandas=True),
        }
    )
    return entities, links
