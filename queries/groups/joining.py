"""What joins two groups: the parts of an answer to ``bridges-between``, and how they are counted on arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.ends import Sides
from queries.groups.vertex_cut import least_cut

CUT_STEPS = 200_000
"""Steps of ways, at the most, of which a least cut is sought."""
LEFT, RIGHT = "left", "right"
MEMBERS_SHOWN = 5
"""Members of each side that are named of those an entity between them meets."""


@dataclass(frozen=True, slots=True)
class DirectTie:
    """A member of the left and one of the right whom so many links join."""

    left: str
    right: str
    links: int


@dataclass(frozen=True, slots=True)
class Between:
    """An entity of neither side that joins members of both.

    ``left``, ``right``: members of each that it is linked to; ``ways``: pairs of them that it joins; ``neighbours``:
    all it is linked to, so that a hub that joins everybody is known for one. ``left_members``, ``right_members``: the
    first of those members by id.
    """

    id: str
    ways: int
    left: int
    right: int
    neighbours: int
    left_members: tuple[str, ...]
    right_members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crosser:
    """A member with direct links to the other side: to how many of its members, by how many links."""

    id: str
    side: str
    across: int
    links: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The fewest entities, of either side or between, without whom no tie and no way of two steps is left; the first
    ones by id. Of several such sets that nearest to the right side."""

    size: int
    members: tuple[str, ...]

    @staticmethod
    def of(members: Iterable[str], limit: int) -> Cut:
        """The cut of these members, of whom so many are listed."""
        ordered = sorted(members)
        return Cut(len(ordered), tuple(ordered[:limit]))


@dataclass(frozen=True, slots=True)
class BridgesResult:
    """What joins the two sides.

    ``direct``: ties by number of links, ``ties`` of them in all. ``between``: by pairs joined, those known to fewer
    first, ``intermediaries`` in all. ``crossers``: members by whom they reach across. ``cut``: None where there were
    too many ways to tell, or no time.
    """

    left_size: int
    right_size: int
    ties: int
    direct: tuple[DirectTie, ...]
    intermediaries: int
    between: tuple[Between, ...]
    crossers: tuple[Crosser, ...]
    cut: Cut | None


class Joined:
    """What joins two sides of a view, on arrays."""

    def __init__(self, view: View, sides: Sides) -> None:
        """O(links log links)."""
        self.view, self.sides = view, sides
        self.side = np.zeros(view.network.entities, dtype=np.int8)
        for code, members in enumerate(sides, 1):
            self.side[[view.number(member) for member in members]] = code
        source, target = view.links.source, view.links.target
        one, other = self.side[source], self.side[target]
        direct = one * other == 2
        left = np.where(one == 1, source, target)[direct]
        right = np.where(one == 1, target, source)[direct]
        self.left, self.right, self.links = _pairs(left, right)
        touching = (one == 0) != (other == 0)
        between, member = np.where(one == 0, source, target)[touching], np.where(one == 0, target, source)[touching]
        between, member, _ = _pairs(between, member)
        many = len(self.side)
        of_left = np.bincount(between[self.side[member] == 1], minlength=many)
        of_right = np.bincount(between[self.side[member] == 2], minlength=many)
        self.of_left, self.of_right = of_left, of_right
        joins = (of_left > 0) & (of_right > 0)
        self.intermediaries = np.flatnonzero(joins).astype(np.int32)
        self.between, self.member = between[joins[between]], member[joins[between]]
        met = (joins[source] | joins[target]) & (source != target)
        near, _, _ = _pairs(np.concatenate([source[met], target[met]]), np.concatenate([target[met], source[met]]))
        self.neighbours = np.bincount(near, minlength=many)

    def told(self, limit: int, budget: Budget) -> BridgesResult:
        """The answer, with at most ``limit`` of each."""
        crossers = self._crossers()
        return BridgesResult(
            len(self.sides[0]),
            len(self.sides[1]),
            len(self.links),
            self._direct(limit),
            len(self.intermediaries),
            self._between(limit),
            crossers[:limit],
            self._cut(limit, budget),
        )

    def _direct(self, limit: int) -> tuple[DirectTie, ...]:
        rank, network = self.view.network.id_rank, self.view.network
        order = np.lexsort((rank[self.right], rank[self.left], -self.links))[:limit]
        return tuple(
            DirectTie(network.entity_id(left), network.entity_id(right), links)
            for left, right, links in zip(
                self.left[order].tolist(), self.right[order].tolist(), self.links[order].tolist(), strict=True
            )
        )

    def _between(self, limit: int) -> tuple[Between, ...]:
        who, rank = self.intermediaries, self.view.network.id_rank
        ways = self.of_left[who] * self.of_right[who]
        chosen = who[np.lexsort((rank[who], self.neighbours[who], -ways))][:limit].tolist()
        return tuple(
            Between(
                self.view.network.entity_id(number),
                int(self.of_left[number] * self.of_right[number]),
                int(self.of_left[number]),
                int(self.of_right[number]),
                int(self.neighbours[number]),
                *self._met(number),
            )
            for number in chosen
        )

    def _met(self, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The first members of each side that somebody between them meets; both arrays are sorted by ``between``."""
        members = self.member[slice(*np.searchsorted(self.between, [number, number + 1]).tolist())]
        members = members[np.argsort(self.view.network.id_rank[members])]
        left, right = (members[self.side[members] == code][:MEMBERS_SHOWN] for code in (1, 2))
        ids = self.view.network.entity_ids
        return tuple(map(str, ids.take(left).to_pylist())), tuple(map(str, ids.take(right).to_pylist()))

    def _crossers(self) -> tuple[Crosser, ...]:
        found = []
        for ends, name in ((self.left, LEFT), (self.right, RIGHT)):
            who, place, across = np.unique(ends, return_inverse=True, return_counts=True)
            links = np.bincount(place, self.links, len(who)).astype(np.int64)
            found += [
                Crosser(self.view.network.entity_id(number), name, many, each)
                for number, many, each in zip(who.tolist(), across.tolist(), links.tolist(), strict=True)
            ]
        return ranked_crossers(found)

    def _cut(self, limit: int, budget: Budget) -> Cut | None:
        if len(self.links) + len(self.between) > CUT_STEPS:
            return None
        left = np.union1d(self.left, self.member[self.side[self.member] == 1])
        right = np.union1d(self.right, self.member[self.side[self.member] == 2])
        nodes = np.concatenate([left, self.intermediaries, right])
        place = np.zeros(len(self.side), dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        from_left = self.side[self.member] == 1
        one = np.concatenate([self.left, np.where(from_left, self.member, self.between)])
        other = np.concatenate([self.right, np.where(from_left, self.between, self.member)])
        ways = list(zip(place[one].tolist(), place[other].tolist(), strict=True))
        cut = least_cut(len(nodes), ways, len(left), len(right), budget)
        return None if cut is None else Cut.of([self.view.network.entity_id(int(nodes[each])) for each in cut], limit)


def ranked_crossers(found: list[Crosser]) -> tuple[Crosser, ...]:
    """Those who reach most members of the other side first, then by links and id."""
    return tuple(sorted(found, key=lambda one: (-one.across, -one.links, one.id)))


def _pairs(one: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct pairs, sorted, and how often each was given."""
    key, count = np.unique(one.astype(np.int64) << 32 | other, return_counts=True)
    return (key >> 32).astype(np.int32), (key & np.int64(2**32 - 1)).astype(np.int32), count.astype(np.int32)
