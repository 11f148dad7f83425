"""What a link costs on a way, and what it costs to pass an entity: integers, so that sums agree in whatever order.

The likelihood of a link is that of its records (noisy-or over independent sources), halved with every half-life since
it last held where recency is asked for. The cheapest way is the one most likely to hold as a whole, if its links hold
independently of each other (typologies, 3.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from graph_service.model.time import DAY_MAX, DAY_MIN
from graph_service.network.adjacency import Offsets
from graph_service.network.columns import Ints
from graph_service.network.view import View

SCALE = 1_000_000
"""The integers of one unit of cost."""
LEAST, MOST = 0.01, 0.99
"""Likelihoods are kept within these: no link is certain, and none makes a way impossible (typologies, 3.1)."""
HUB_LINKS = 10
"""Links at which passing an entity begins to cost (d0 of typologies, 3.1)."""


@dataclass(frozen=True, slots=True)
class Recency:
    """Evidence loses half its weight with every ``half_life`` days before the day ``at``; None keeps it."""

    half_life: float | None = None
    at: int = 0

    def weighed(self, probability: float, last_day: int) -> float:
        """A likelihood weighed by how long ago the link last held; 6 digits."""
        if self.half_life is None or last_day >= self.at:
            return round(probability, 6)
        halvings = (self.at - last_day) / self.half_life
        return round(probability * math.pow(0.5, halvings), 6)


def latest_day(first: Ints, last: Ints) -> int:
    """The last day that any link says anything of, 0 where none does: the present of a body of evidence."""
    days = np.concatenate([first[first > DAY_MIN], last[last < DAY_MAX]])
    return int(days.max()) if len(days) else 0


def evidence_cost(probability: float) -> int:
    """-ln of a likelihood, in units of 1 / SCALE."""
    return round(-math.log(min(max(probability, LEAST), MOST)) * SCALE)


def evidence_costs(view: View, recency: Recency) -> Offsets:
    """The same for every link of a view, int64[links]; kept with the view."""
    return view.kept(("evidence costs", recency), lambda: _costs(view, recency))


def _costs(view: View, recency: Recency) -> Offsets:
    """Each distinct likelihood and age is worked out once."""
    facts = view.facts
    age = np.zeros(len(facts.last_day), np.int32)
    if recency.half_life is not None:
        age = np.minimum(facts.last_day, recency.at)
    pairs, place = np.unique(np.column_stack([facts.probability, age]), axis=0, return_inverse=True)
    cost = [evidence_cost(recency.weighed(float(p), int(day))) for p, day in pairs]
    return np.array(cost, dtype=np.int64)[place.ravel()]


def hub_toll(links: int, weight: float) -> int:
    """Weight * ln(1 + links / 10), in units of 1 / SCALE: what it costs to pass an entity with so many links."""
    return round(weight * math.log1p(links / HUB_LINKS) * SCALE)


def hub_tolls(view: View, weight: float) -> Offsets:
    """The same for every entity of a view, int64[entities]; empty for no weight. Kept with the view."""
    if not weight:
        return np.zeros(0, dtype=np.int64)
    return view.kept(("hub tolls", weight), lambda: _tolls(np.diff(view.adjacency.start), weight))


def _tolls(links: Offsets, weight: float) -> Offsets:
    distinct, place = np.unique(links, return_inverse=True)
    return np.array([hub_toll(int(many), weight) for many in distinct], dtype=np.int64)[place]
