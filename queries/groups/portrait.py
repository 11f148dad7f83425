"""One group as an investigator wants to see it: who is in it, what it does, and how it hangs together and outward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from graph_service.model.time import DAY_MAX, DAY_MIN, day_text
from graph_service.network.codes import Coded
from graph_service.network.columns import Ints, Mask
from graph_service.network.view import View
from queries.groups.grouping import Grouping
from queries.groups.holding import Core, CutMember, core, cut_members
from queries.groups.listing import Group
from queries.groups.money import Money, money
from queries.groups.twins import infrastructure, victims, with_events_kept

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Tie:
    """Two entities and the weight of what joins them, to six digits."""

    one: str
    other: str
    weight: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """A tie that leaves the group: from a member to somebody of another group, which is named by its smallest id."""

    member: str
    outside: str
    group: str
    weight: float


@dataclass(frozen=True, slots=True)
class NeighbourGroup:
    """Another group, how many ties lead to it, and their weight."""

    id: str
    ties: int
    weight: float


@dataclass(frozen=True, slots=True)
class KeyMember:
    """A party of the group: how many members it is tied to, with which weight, and to how many others outside."""

    id: str
    inside: int
    weight: float
    outside: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """A group.

    ``kinds``: members by kind. ``countries``: members said to be of each country, who may be of several. ``first_day``
    and ``last_day``: of the events that members had a part in, or of the links inside where there are none.
    ``conductance``: the weight of the ties that leave over the weight at the ends of all ties of the smaller side; None
    where either side has none. ``ties`` inside and ``leaving`` count pairs. What holds it together: ``core``,
    ``cut_members``, ``strongest``.
    """

    group: Group
    kinds: Mapping[str, int]
    countries: Mapping[str, int]
    first_day: str | None
    last_day: str | None
    ties: int
    leaving: int
    conductance: float | None
    core: Core
    cut_members: tuple[CutMember, ...]
    strongest: tuple[Tie, ...]
    key_members: tuple[KeyMember, ...]
    bridges: tuple[Bridge, ...]
    neighbours: tuple[NeighbourGroup, ...]
    money: tuple[Money, ...]


class Portrayed:
    """A group cut out of its view: everything that is told of it follows from these arrays."""

    def __init__(self, view: View, grouping: Grouping, group: int) -> None:
        """O(nodes + ties)."""
        self.view, self.grouping = view, grouping
        weighted = grouping.weighted
        self.numbers: Ints = grouping.members(group)
        self.inside: Mask = grouping.of_entity == group
        self.places = np.flatnonzero(grouping.group == group)
        low_in, high_in = grouping.group[weighted.low] == group, grouping.group[weighted.high] == group
        within, leaving = np.flatnonzero(low_in & high_in), np.flatnonzero(low_in != high_in)
        self.low, self.high, self.weight = weighted.low[within], weighted.high[within], weighted.weight[within]
        self.member = np.where(low_in, weighted.low, weighted.high)[leaving]
        self.outside = np.where(low_in, weighted.high, weighted.low)[leaving]
        self.leaving = weighted.weight[leaving]
        self.names = list(map(str, view.network.entity_ids.take(self.numbers).to_pylist()))

    def told(self, members: int, limit: int) -> Portrait:
        """The portrait, with so many members and of everything else at most ``limit``."""
        graph, whole = self._graph(), float(self.grouping.weighted.weight.sum())
        kept = with_events_kept(self.view)
        first, last = _days(self.view, kept, self.inside)
        inner, outer = float(self.weight.sum()), float(self.leaving.sum())
        smaller = min(2 * inner + outer, 2 * (whole - inner) - outer)
        return Portrait(
            Group(self.names[0], len(self.names), tuple(self.names[:members])),
            self._kinds(),
            self._countries(),
            first,
            last,
            len(self.weight),
            len(self.leaving),
            round(outer / smaller, _DIGITS) if smaller > 0 else None,
            core(graph),
            tuple(cut_members(graph)[:limit]),
            self._strongest(limit),
            self._key_members(limit),
            self._bridges(limit),
            self._neighbours()[:limit],
            money(kept, self.inside),
        )

    def _graph(self) -> nx.Graph:
        """The members and their ties."""
        name, graph = np.array(self.names, dtype=object), nx.Graph()
        graph.add_nodes_from(self.names)
        low, high = (name[np.searchsorted(self.places, ends)].tolist() for ends in (self.low, self.high))
        graph.add_edges_from(zip(low, high, strict=True))
        return graph

    def _kinds(self) -> dict[str, int]:
        kind, many = np.unique(self.view.kind[self.numbers], return_counts=True)
        names = self.view.network.entity_rows.kinds.values
        return _ordered({str(names[code]): count for code, count in zip(kind.tolist(), many.tolist(), strict=True)})

    def _countries(self) -> dict[str, int]:
        coded = Coded.countries(self.view)
        code, many = np.unique(coded.code[self.inside[coded.entity]], return_counts=True)
        return _ordered({coded.names[one]: count for one, count in zip(code.tolist(), many.tolist(), strict=True)})

    def _name(self, place: int) -> str:
        return self.view.network.entity_id(int(self.grouping.weighted.numbers[place]))

    def _strongest(self, limit: int) -> tuple[Tie, ...]:
        """Ties by weight, then by the ids of their ends, which is the order of the nodes."""
        weight = self.weight.round(_DIGITS)
        return tuple(
            Tie(self._name(self.low[tie]), self._name(self.high[tie]), float(weight[tie]))
            for tie in np.lexsort((self.high, self.low, -weight))[:limit]
        )

    def _bridges(self, limit: int) -> tuple[Bridge, ...]:
        group_of, weight = self.grouping.group, self.leaving.round(_DIGITS)
        return tuple(
            Bridge(
                self._name(self.member[tie]),
                self._name(self.outside[tie]),
                self.grouping.name(self.view, int(group_of[self.outside[tie]])),
                float(weight[tie]),
            )
            for tie in np.lexsort((self.outside, self.member, -weight))[:limit]
        )

    def _neighbours(self) -> tuple[NeighbourGroup, ...]:
        groups, place, ties = np.unique(self.grouping.group[self.outside], return_inverse=True, return_counts=True)
        weight = np.bincount(place, self.leaving, len(groups))
        found = [
            NeighbourGroup(self.grouping.name(self.view, group), many, round(heavy, _DIGITS))
            for group, many, heavy in zip(groups.tolist(), ties.tolist(), weight.tolist(), strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-one.weight, one.id)))

    def _key_members(self, limit: int) -> tuple[KeyMember, ...]:
        """Parties by how many members they are tied to, then weight, then id.

        Victims are never ranked, and what everybody uses, such as a bank, only where there is nobody else.
        """
        weighted, nodes = self.grouping.weighted, len(self.grouping.group)
        ends = np.concatenate([self.low, self.high])
        inside = np.bincount(ends, minlength=nodes)
        weight = np.bincount(ends, np.tile(self.weight, 2), nodes).round(_DIGITS)
        outside = np.bincount(self.member, minlength=nodes)
        ranked = self.view.of_kinds("Party") & self.inside & ~victims(self.view)
        acting = ranked & ~infrastructure(self.view)
        places = np.flatnonzero((acting if acting.any() else ranked)[weighted.numbers])
        return tuple(
            KeyMember(self._name(place), int(inside[place]), float(weight[place]), int(outside[place]))
            for place in places[np.lexsort((places, -weight[places], -inside[places]))][:limit].tolist()
        )


def _ordered(count: dict[str, int]) -> dict[str, int]:
    """The most frequent first, then by name."""
    return dict(sorted(count.items(), key=lambda item: (-item[1], item[0])))


def _days(view: View, kept: View, inside: Mask) -> tuple[str | None, str | None]:
    """The first and the last day of events that members had a part in, as their records or the roles in them say.

    Where there are none, of the links among the members, which say how long something held. Open ends say no day.
    ``kept``: the view with its events.
    """
    event, source, target = kept.of_kinds("Event"), kept.links.source, kept.links.target
    roles = np.flatnonzero((event[source] & inside[target]) | (event[target] & inside[source])).astype(np.int32)
    acted = event & inside
    acted[np.where(event[source], source, target)[roles]] = True
    events = np.flatnonzero(acted).astype(np.int32)
    among = np.flatnonzero(inside[view.links.source] & inside[view.links.target]).astype(np.int32)
    for facts in ((kept.facts.taken(roles), kept.entity_facts.taken(events)), (view.facts.taken(among),)):
        said = np.concatenate([days for each in facts for days in (each.first_day, each.last_day)])
        said = said[(said > DAY_MIN) & (said < DAY_MAX)]
        if len(said):
            return day_text(int(said.min())), day_text(int(said.max()))
    return None, None
