"""Plausible networks: what the true one may look like, given how likely each tie is and how much is not seen.

Each tie stands with its chance: that one of the links between the two holds, the links taken as independent. And
ties are added that nobody reported: their number is drawn (Poisson) so that they are on average the stated share of
the true network's ties, and their places by a stated model.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from graph_service.network.adjacency import Adjacency, build_adjacency
from graph_service.network.columns import Ints
from graph_service.network.facts import Floats

_TRIES = 8
"""Places drawn for each tie to add; those that are taken are passed over."""


class Unseen(StrEnum):
    """Where unseen ties are looked for.

    ``triads``: between two who have somebody in common, the more often the more they have (triadic closure).
    ``degree``: between any two, each as often as they have ties.
    """

    TRIADS = "triads"
    DEGREE = "degree"


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The network as it was reported: ``low`` < ``high`` int32[ties] in order, ``chance`` float64[ties], 0 to 1."""

    nodes: int
    low: Ints
    high: Ints
    chance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Plausible:
    """Draws networks around the one that was seen; draw number i is the same whatever the others.

    ``missing``: the share of the true network's ties that nobody reported, 0 to less than 1; ``rows``: the ties seen,
    by node.
    """

    seen: Seen
    missing: float
    model: Unseen
    seed: int
    rows: Adjacency

    @staticmethod
    def around(seen: Seen, missing: float, model: Unseen, seed: int) -> Plausible:
        """Ready to draw. O(nodes + ties)."""
        both_ways = np.ones(len(seen.low), dtype=np.bool_)
        return Plausible(seen, missing, model, seed, build_adjacency(seen.nodes, seen.low, seen.high, both_ways))

    @property
    def standing(self) -> float:
        """How many of the ties seen stand, on average."""
        return float(self.seen.chance.sum())

    @property
    def unseen(self) -> float:
        """How many ties are added, on average."""
        return self.standing * self.missing / (1 - self.missing)

    def draw(self, number: int) -> tuple[Ints, Ints]:
        """The ties of one network, each once. O(ties)."""
        dice = np.random.default_rng([self.seed, number])
        stands = dice.random(len(self.seen.low)) < self.seen.chance
        low, high = self.seen.low[stands], self.seen.high[stands]
        more = int(dice.poisson(self.unseen)) if self.missing and len(self.seen.low) else 0
        if not more:
            return low, high
        added = self._places(dice, more)
        return np.concatenate([low, added[0]]), np.concatenate([high, added[1]])

    def _places(self, dice: np.random.Generator, more: int) -> tuple[Ints, Ints]:
        """The first free places among those drawn, each once."""
        nodes, seen = np.int64(self.seen.nodes), self.seen
        one, other = self._pairs(dice, more * _TRIES)
        key = np.minimum(one, other) * nodes + np.maximum(one, other)
        known = seen.low * nodes + seen.high  # in order, as the ties are
        at = np.minimum(np.searchsorted(known, key), len(known) - 1)
        key = key[(one != other) & (known[at] != key)]
        _, first = np.unique(key, return_index=True)
        low, high = np.divmod(key[np.sort(first)][:more], nodes)
        return low.astype(np.int32), high.astype(np.int32)

    def _pairs(self, dice: np.random.Generator, many: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        seen = self.seen
        if self.model is Unseen.DEGREE:
            ends = np.concatenate([seen.low, seen.high]).astype(np.int64)
            return ends[dice.integers(0, len(ends), many)], ends[dice.integers(0, len(ends), many)]
        rows = self.rows
        degree = np.diff(rows.start)
        triads: Any = np.cumsum(degree * (degree - 1))
        if not triads[-1]:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        centre = np.searchsorted(triads, dice.integers(0, triads[-1], many), side="right")
        first = dice.integers(0, degree[centre])
        second = (first + dice.integers(1, degree[centre])) % degree[centre]
        around = rows.neighbour.astype(np.int64)
        return around[rows.start[centre] + first], around[rows.start[centre] + second]
