"""Groups over time: which group of today is which of yesterday, and what became of the others.

After Greene, Doyle and Cunningham (2010, doi:10.1109/ASONAM.2010.17): groups are matched with the last known members of
earlier ones, so that a group nobody saw for a while comes back under its own id. Only those seen now and known before
are compared: who is merely away, or new, says nothing about whether it is the same group. But it takes at least one
who was there the last time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from graph_service.network.columns import Ints, Mask

_STEADY = 0.1
_DIGITS = 9
_NEVER = -2
NOBODY = -1


class Happening(StrEnum):
    """What happened to a group in a window.

    ``born``: new, of no one group; ``split``: new, at least half of its members from one other group; ``grew``,
    ``shrank``: by more than a tenth; ``continued``: neither; ``revived``: seen together again; ``merged``: not seen
    any more, and at least half of its last members who are seen are in one other group; ``died``: the others that are
    not seen any more.
    """

    BORN = "born"
    SPLIT = "split"
    GREW = "grew"
    SHRANK = "shrank"
    CONTINUED = "continued"
    REVIVED = "revived"
    MERGED = "merged"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a group in a window, by its place; ``other``: the group it came from or went into.

    ``before``: its members when last seen together, 0 for a new one; ``after``: its members now; ``joined`` and
    ``left``: how many came and went.
    """

    window: int
    happening: Happening
    group: int
    other: int | None
    before: int
    after: int
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class Step:
    """A window's groups under their lasting ids, in the order of their labels.

    ``stability``: the Jaccard index of each with itself when last seen, None for a new one. ``both``: how many were in
    a group in this window and the one before; ``kept``: how many of these in the same.
    """

    ids: tuple[int, ...]
    stability: tuple[float | None, ...]
    events: tuple[Event, ...]
    both: int
    kept: int


@dataclass(slots=True, eq=False)
class Lineage:
    """The groups of all windows so far.

    ``group`` int32[entities]: the id of the group each entity was last in, NOBODY for none; ``seen`` int32[entities]:
    the window it was in it. ``last`` and ``size``: when each id was last seen, and how large it was; ids begin with 1.
    """

    group: Ints
    seen: Ints
    match: float
    window: int = 0
    last: list[int] = field(default_factory=lambda: [_NEVER])
    size: list[int] = field(default_factory=lambda: [0])

    @staticmethod
    def of(entities: int, match: float) -> Lineage:
        """No groups yet among so many entities; ``match``: the least Jaccard index of a group with itself."""
        return Lineage(np.full(entities, NOBODY, dtype=np.int32), np.full(entities, NOBODY, dtype=np.int32), match)

    def follow(self, members: Ints, label: Ints, active: Ints) -> Step:
        """Take in the groups of the next window: entity numbers int32[m] with their labels, 0 to groups - 1.

        ``active``: the numbers of all who were seen at all. Labels decide ties, so they must be in canonical order.
        O(n log n).
        """
        again = self._again(members)
        shared = _Shared.of(self.group[members], label, again, self.group[active], self._again(active))
        ids = self._matched(shared)
        same = (self.group[members] == ids[label]) & (self.group[members] >= 0)
        stayed = np.bincount(label[same & again], minlength=len(ids)).tolist()
        stability = tuple(self._stability(group, *pair) for group, *pair in zip(ids, stayed, shared.size, strict=True))
        events = tuple(self._events(ids.tolist(), stayed, shared)) if self.window else ()
        just = self.seen[members] == self.window - 1 if self.window else np.zeros(len(members), dtype=np.bool_)
        self._note(members, ids[label], ids.tolist(), shared.size)
        return Step(tuple(ids.tolist()), stability, events, int(just.sum()), int((just & same).sum()))

    def _again(self, numbers: Ints) -> Mask:
        """Which entities were there when the group they were last in was last seen."""
        last = np.array([*self.last, NOBODY], dtype=np.int32)[self.group[numbers]]
        return np.asarray((self.group[numbers] >= 0) & (self.seen[numbers] == last), dtype=np.bool_)

    def _matched(self, shared: _Shared) -> Ints:
        """The id of each label: those that share most first, each id once; then new ids, the largest group first."""
        ids = np.full(len(shared.size), NOBODY, dtype=np.int32)
        taken: set[int] = set()
        for old, new, likeness in shared.most_first():
            if likeness >= self.match and ids[new] == NOBODY and old not in taken:
                ids[new] = old
                taken.add(old)
        fresh = np.flatnonzero(ids == NOBODY)
        largest = fresh[np.argsort(-np.array(shared.size, dtype=np.int64)[fresh], kind="stable")]
        ids[largest] = np.arange(len(fresh)) + len(self.last)
        return ids

    def _stability(self, group: int, stayed: int, size: int) -> float | None:
        if group >= len(self.last):
            return None
        return round(stayed / (self.size[group] + size - stayed), _DIGITS)

    def _events(self, ids: list[int], stayed: list[int], shared: _Shared) -> Iterator[Event]:
        """What happened, by group: those seen now, then those not seen any more."""
        parents, heirs = shared.parents(), shared.heirs()
        for label, group in sorted(enumerate(ids), key=lambda pair: pair[1]):
            size, stay = shared.size[label], stayed[label]
            if group < len(self.last):
                before = self.size[group]
                happened, other = self._changed(group, size), None
            else:
                before, parent = 0, parents.get(label)
                happened, other = (Happening.BORN if parent is None else Happening.SPLIT), parent
            yield Event(self.window, happened, group, other, before, size, size - stay, max(before - stay, 0))
        for group in sorted({g for g, last in enumerate(self.last) if last == self.window - 1} - set(ids)):
            heir = heirs.get(group)
            happened = Happening.DIED if heir is None else Happening.MERGED
            other = None if heir is None else ids[heir]
            yield Event(self.window, happened, group, other, self.size[group], 0, 0, self.size[group])

    def _changed(self, group: int, size: int) -> Happening:
        before = self.size[group]
        if self.last[group] != self.window - 1:
            return Happening.REVIVED
        if abs(size - before) <= _STEADY * before:
            return Happening.CONTINUED
        return Happening.GREW if size > before else Happening.SHRANK

    def _note(self, members: Ints, group: Ints, ids: list[int], sizes: tuple[int, ...]) -> None:
        self.group[members], self.seen[members] = group, self.window
        fresh = max(max(ids, default=NOBODY) + 1 - len(self.last), 0)
        self.last += [0] * fresh
        self.size += [0] * fresh
        for group_id, size in zip(ids, sizes, strict=True):
            self.last[group_id], self.size[group_id] = self.window, size
        self.window += 1


@dataclass(frozen=True, slots=True)
class _Shared:
    """How many members the groups of now (by label) share with each earlier one (by id).

    ``size`` and ``known``: of each label, its members, and those of them who were in a group before; ``seen``: of each
    earlier id, its last known members who are seen now; ``pairs``: by (earlier id, label), those who are in both.
    ``front`` and ``front_seen`` count in the same way only those who were there when the earlier group was last seen.
    """

    size: tuple[int, ...]
    known: tuple[int, ...]
    seen: dict[int, int]
    pairs: dict[tuple[int, int], int]
    front_seen: dict[int, int]
    front: dict[tuple[int, int], int]

    @staticmethod
    def of(before: Ints, label: Ints, again: Mask, active: Ints, active_again: Mask) -> _Shared:
        """From the earlier id of each member, its label, and whether it was there when that group was last seen; and
        the earlier ids of all who are seen, with the same."""
        groups = int(label.max(initial=-1)) + 1
        old = before >= 0
        key = before.astype(np.int64) * groups + label
        return _Shared(
            tuple(np.bincount(label, minlength=groups).tolist()),
            tuple(np.bincount(label[old], minlength=groups).tolist()),
            _counted(active[active >= 0]),
            {divmod(pair, groups): many for pair, many in _counted(key[old]).items()},
            _counted(active[active_again]),
            {divmod(pair, groups): many for pair, many in _counted(key[again]).items()},
        )

    def most_first(self) -> Iterator[tuple[int, int, float]]:
        """(earlier id, label, Jaccard index among those seen now and known before), most shared members first."""
        alike = {(o, n): self.pairs[o, n] / (self.seen[o] + self.known[n] - self.pairs[o, n]) for o, n in self.front}
        for old, new in sorted(alike, key=lambda pair: (-self.pairs[pair], -alike[pair], pair)):
            yield old, new, alike[old, new]

    def parents(self) -> dict[int, int]:
        """By label the earlier group that at least half of the members come from, the largest such part."""
        most = sorted(self.pairs, key=lambda pair: (self.pairs[pair], -pair[0]))
        return {new: old for old, new in most if 2 * self.pairs[old, new] >= self.size[new]}

    def heirs(self) -> dict[int, int]:
        """By earlier id the label that holds at least half of those members, of when it was last seen, who are seen
        now."""
        most = sorted(self.front, key=lambda pair: (self.front[pair], -pair[1]))
        return {old: new for old, new in most if 2 * self.front[old, new] >= self.front_seen[old]}


def _counted(values: npt.NDArray[np.integer[Any]]) -> dict[int, int]:
    distinct, many = np.unique(values, return_counts=True)
    return dict(zip(distinct.tolist(), many.tolist(), strict=True))
