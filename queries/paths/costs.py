"""What a link costs on a way: integers, so that sums agree whatever order they are made in."""

from __future__ import annotations

import math

import numpy as np

from graph_service.network.adjacency import Offsets
from graph_service.network.facts import Floats
from graph_service.network.view import View

SCALE = 1_000_000
"""The integers of one unit of cost."""
_LEAST = 1e-9
"""The likelihood under which none counts as smaller: a way over it is still a way."""


def evidence_cost(probability: float) -> int:
    """-ln of a likelihood: the cheapest way is the one most likely to hold as a whole, if its links hold independently.

    In units of 1 / SCALE.
    """
    return round(-math.log(max(probability, _LEAST)) * SCALE)


def evidence_costs(view: View) -> Offsets:
    """The same for every link of a view, int64[links]; kept with the view."""
    return view.kept("evidence costs", lambda: costs_of(view.facts.probability))


def costs_of(probability: Floats) -> Offsets:
    """The costs of likelihoods, each distinct one worked out once."""
    distinct, place = np.unique(probability, return_inverse=True)
    return np.array([evidence_cost(float(one)) for one in distinct], dtype=np.int64)[place]
