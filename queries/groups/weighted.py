"""The undirected weighted graph of a view: what groups are found in, and what ties its entities how strongly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from graph_service.model.time import DAY_MAX
from graph_service.network.adjacency import Offsets, build_adjacency
from graph_service.network.columns import Ints
from graph_service.network.view import View

Floats = npt.NDArray[np.float64]
HALF_LIFE = 365.0
"""Days in which a tie loses half its weight, where none are said."""


class Weight(StrEnum):
    """What the links between two entities count for; their sum is the weight of the tie.

    ``links``: one each. ``evidence``: the chance that the link holds. ``recency``: halved with every half-life that
    has gone by between the link's last day and the last day in the view; a link without an end counts one.
    ``amount``: the amounts as they are written, whatever the currency; a link without one counts nothing, a negative
    one takes back, a tie without a positive sum is none, and the mean tie is made to weigh one.
    """

    LINKS = "links"
    AMOUNT = "amount"
    EVIDENCE = "evidence"
    RECENCY = "recency"


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Nodes in order of id, so that nothing depends on the order of loading.

    ``numbers`` int32[nodes]: entity numbers; ``low`` < ``high`` int32[ties]: the places of the ends; ``weight``
    float64[ties], above 0.
    """

    numbers: Ints
    low: Ints
    high: Ints
    weight: Floats

    @staticmethod
    def of(view: View, by: Weight = Weight.LINKS, half_life: float = HALF_LIFE) -> Weighted:
        """O(links log links); self-loops say nothing about groups and are left out."""
        rank = view.network.id_rank
        numbers = view.node_numbers()
        numbers = numbers[np.argsort(rank[numbers])]
        place = np.zeros(view.network.entities, dtype=np.int64)
        place[numbers] = np.arange(len(numbers))
        one, other = place[view.links.source], place[view.links.target]
        key = np.minimum(one, other) * max(len(numbers), 1) + np.maximum(one, other)
        apart = one != other
        if by is Weight.LINKS:
            pair, count = np.unique(key[apart], return_counts=True)
            weight = count.astype(np.float64)
        else:
            pair, weight = _summed(key[apart], _worth(view, by, half_life)[apart])
        if by is Weight.AMOUNT and len(weight):
            weight = weight / weight.mean()
        low, high = np.divmod(pair, max(len(numbers), 1))
        return Weighted(numbers, low.astype(np.int32), high.astype(np.int32), weight)

    def rows(self) -> tuple[Offsets, Ints, Floats]:
        """Compressed sparse rows (start, neighbour, weight) of the symmetric matrix. O(nodes + ties)."""
        rows = build_adjacency(len(self.numbers), self.low, self.high, np.ones(len(self.low), dtype=np.bool_))
        return rows.start, rows.neighbour, self.weight[rows.link]

    def turned(self, place: Ints) -> Weighted:
        """The same graph with its nodes at other places, int32[nodes]: node v at ``place[v]``. O(nodes + ties)."""
        one, other = place[self.low], place[self.high]
        numbers = np.empty_like(self.numbers)
        numbers[place] = self.numbers
        return Weighted(numbers, np.minimum(one, other), np.maximum(one, other), self.weight)

    def modularity(self, label: Ints, resolution: float = 1.0) -> float:
        """Of a labelling int32[nodes] (Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113); 0 without ties."""
        total = float(self.weight.sum())
        if not total:
            return 0.0
        groups = int(label.max()) + 1
        strength = np.bincount(label[self.low], self.weight, groups) + np.bincount(
            label[self.high], self.weight, groups
        )
        return round(self._inside(label) / total - resolution * float(((strength / (2 * total)) ** 2).sum()), 9)

    def constant_potts(self, label: Ints, resolution: float) -> float:
        """The weight inside the groups, less the resolution for every pair of members of one group.

        Constant Potts model (Traag, Van Dooren and Nesterov 2011, doi:10.1103/PhysRevE.84.016114).
        """
        size = np.bincount(label).astype(np.float64)
        return round(self._inside(label) - resolution * float((size * (size - 1) / 2).sum()), 6)

    def inside(self, label: Ints) -> Weighted:
        """The same nodes with the ties inside the groups only, scaled so that these weigh alike in every group.

        With as many groups as have ties, the modularity of this graph at G times a resolution has its best parting
        where each group alone has it at that resolution: one search refines them all.
        """
        kept = label[self.low] == label[self.high]
        low, high, weight = self.low[kept], self.high[kept], self.weight[kept]
        total = np.bincount(label[low], weight)
        scale = total[total > 0].mean() if len(low) else 1.0
        return Weighted(self.numbers, low, high, weight * scale / total[label[low]])

    def _inside(self, label: Ints) -> float:
        return float(self.weight[label[self.low] == label[self.high]].sum())


def _worth(view: View, by: Weight, half_life: float) -> Floats:
    """What each link counts, float64[links]."""
    if by is Weight.EVIDENCE:
        return view.facts.probability
    if by is Weight.AMOUNT:
        return np.nan_to_num(view.facts.amount, nan=0.0)
    last = view.facts.last_day
    ended = last < DAY_MAX
    if not ended.any():
        return np.ones(len(last))
    age = np.where(ended, float(last[ended].max()) - last, 0.0)
    return np.exp2(-age / half_life)


def _summed(key: npt.NDArray[np.int64], worth: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """The distinct keys and the sums of what they are worth, added from the least up, so that order has no say."""
    order = np.lexsort((worth, key))
    key, worth = key[order], worth[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, dtype=np.intp)
    total = np.add.reduceat(worth, first) if len(first) else worth
    return key[first][total > 0], total[total > 0]
