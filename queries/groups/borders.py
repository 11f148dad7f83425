"""How groups cross borders: by country of the members, and by ties between members of one or several countries.

A member counts for its home country (see ``network.codes``). Ties are distinct pairs of members; one with an end of no
known country takes part in no index and is counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_service.network.columns import Ints
from graph_service.network.view import View

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_LOW = np.int64(2**32 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """One cell a group and country met in it, sorted by group, then country.

    ``group``, ``country`` int32[cells]; ``members``, ``external``, ``internal`` int64[cells]: members of the country,
    their ties with members of other countries, ties among them. ``unknown`` int64[groups]: ties with an end of no
    known country.
    """

    group: Ints
    country: Ints
    members: Counts
    external: Counts
    internal: Counts
    unknown: Counts

    @staticmethod
    def of(links: View, group: Ints, groups: int, home: Ints) -> Borders:
        """Of groups int32[entities] (-1 for none) and homes int32[entities] (-1 for none). O(links log links).

        ``links``: the view whose links are the ties.
        """
        there = np.flatnonzero((group >= 0) & (home >= 0))
        key = group[there].astype(np.int64) << 32 | home[there]
        cells, cell, members = np.unique(key, return_inverse=True, return_counts=True)
        cell_of = np.full(len(group), -1, dtype=np.int64)
        cell_of[there] = cell
        one, other = _ties(links, group)
        known = (home[one] >= 0) & (home[other] >= 0)
        unknown = np.bincount(group[one[~known]], minlength=groups)
        one, other = one[known], other[known]
        within = home[one] == home[other]
        internal = np.bincount(cell_of[one[within]], minlength=len(cells))
        ends = np.concatenate([one[~within], other[~within]])
        return Borders(
            (cells >> 32).astype(np.int32),
            (cells & _LOW).astype(np.int32),
            members.astype(np.int64),
            np.bincount(cell_of[ends], minlength=len(cells)).astype(np.int64),
            internal.astype(np.int64),
            unknown.astype(np.int64),
        )

    @property
    def crossing(self) -> Counts:
        """Ties between members of different countries, int64[groups]: each is external to two countries."""
        crossing: Counts = self._by_group(self.external).astype(np.int64) // 2
        return crossing

    @property
    def within(self) -> Counts:
        """Ties between members of one country, int64[groups]."""
        return self._by_group(self.internal).astype(np.int64)

    @property
    def share(self) -> Floats:
        """The share of ties that cross a border, float64[groups]; 0 where there is none."""
        crossing = self.crossing
        return np.asarray(crossing / np.maximum(crossing + self.within, 1))

    @property
    def effective_countries(self) -> Floats:
        """2 to the entropy of the members' countries, in bits: how many countries of equal size would be as mixed.

        float64[groups]; 0 where no country is known.
        """
        total = self._by_group(self.members)
        part = self.members / total[self.group]
        return np.where(total > 0, np.exp2(-self._by_group(part * np.log2(part))), 0.0)

    @property
    def score(self) -> Floats:
        """The share of ties that cross, times the effective countries beyond the first; a convention of the product.

        0 for a group of one country or without a tie that crosses.
        """
        return np.round(self.share * np.maximum(self.effective_countries - 1, 0), 9)

    def cells(self, group: int) -> slice:
        """The places of a group's cells."""
        return slice(*np.searchsorted(self.group, [group, group + 1]).tolist())

    def _by_group(self, values: Counts | Floats) -> Floats:
        return np.bincount(self.group, values, minlength=len(self.unknown)).astype(np.float64)


def external_internal(external: int, internal: int) -> float | None:
    """The E-I index (E - I) / (E + I): from -1, all ties within, to 1, all of them out; None without ties.

    Krackhardt and Stern (1988, doi:10.2307/2786835).
    """
    return round((external - internal) / (external + internal), 9) if external + internal else None


def _ties(links: View, group: Ints) -> tuple[Ints, Ints]:
    """The distinct pairs of different members of one group that a link joins."""
    source, target = links.links.source, links.links.target
    inside = (group[source] >= 0) & (group[source] == group[target]) & (source != target)
    low, high = np.minimum(source[inside], target[inside]), np.maximum(source[inside], target[inside])
    key = np.unique(low.astype(np.int64) << 32 | high)
    return (key >> 32).astype(np.int32), (key & _LOW).astype(np.int32)
