"""Which link ids the graph holds, as far as this process wrote them: a first load asks the database about none.

Relationship indexes need a type, so asking for an id means asking once for each link kind: with eight kinds, more than
a quarter of the server's work for a batch of new links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NewLinks:
    """The ids that one transaction numbered, from ``first`` on."""

    first: int
    ids: Sequence[str]


class KnownLinks:
    """Hashes of link ids, 8 bytes each, of all links of the graph while nobody else writes to it.

    Links are numbered densely and never renumbered, so the database's next number tells whether others have written;
    from then on every id may be there, and is asked for.
    """

    def __init__(self) -> None:
        """Knows the graph that has no links."""
        self._next = 0
        self._sorted: list[Hashes] = []

    def may_be_there(self, ids: Sequence[str], next_link: int) -> list[str]:
        """Those of the ids that the graph may hold when its next link gets this number.

        Ids that are there are always among them; of others next to none, for hashes have 64 bits.
        """
        if next_link != self._next:
            return list(ids)
        hashes = _hashes(ids)
        found = np.zeros(len(ids), np.bool_)
        for known in self._sorted:
            found |= known[np.searchsorted(known, hashes).clip(max=len(known) - 1)] == hashes
        return [ids[place] for place in np.flatnonzero(found).tolist()]

    def note(self, new: NewLinks) -> None:
        """Note what was committed; nothing when links that others wrote lie between."""
        if new.first == 0:  # the first, or the first again after the database was emptied
            self._next, self._sorted = 0, []
        if new.first != self._next or not new.ids:
            return
        self._next += len(new.ids)
        self._sorted.append(np.sort(_hashes(new.ids)))
        while len(self._sorted) > 1 and len(self._sorted[-2]) <= 2 * len(self._sorted[-1]):  # few arrays, merged seldom
            self._sorted[-2:] = [np.sort(np.concatenate(self._sorted[-2:]), kind="stable")]


def _hashes(ids: Sequence[str]) -> Hashes:
    return np.fromiter(map(hash, ids), np.int64, len(ids))
