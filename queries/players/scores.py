"""The measures of ``key-players`` that give each entity a score: what they are, and what a scoring says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from graph_service.network.facts import Floats


class KeyMeasure(StrEnum):
    """``degree``, ``weighted-degree``: neighbours; links with others. ``closeness``, ``harmonic``: nearness to the
    others. ``betweenness``: the share of shortest paths through it. ``eigenvector``, ``pagerank``, ``katz``: ties with
    those who are well tied. ``constraint`` (Burt): ties that close on themselves, the least is the best placed.
    ``brokerage``: pairs of neighbours without a tie. ``clustering``: the share of pairs with one. ``articulation``:
    pairs that reach each other only through it. ``kpp-neg``, ``kpp-pos`` (Borgatti): the set that parts most, that
    reaches most."""

    DEGREE = "degree"
    WEIGHTED_DEGREE = "weighted-degree"
    CLOSENESS = "closeness"
    HARMONIC = "harmonic"
    BETWEENNESS = "betweenness"
    EIGENVECTOR = "eigenvector"
    PAGERANK = "pagerank"
    KATZ = "katz"
    CONSTRAINT = "constraint"
    BROKERAGE = "brokerage"
    CLUSTERING = "clustering"
    ARTICULATION = "articulation"
    KPP_NEG = "kpp-neg"
    KPP_POS = "kpp-pos"


SETS = frozenset({KeyMeasure.KPP_NEG, KeyMeasure.KPP_POS})
"""Measures of a set of entities together."""
DIRECTED = frozenset(
    {KeyMeasure.CLOSENESS, KeyMeasure.HARMONIC, KeyMeasure.BETWEENNESS, KeyMeasure.PAGERANK, KeyMeasure.KATZ}
)
"""Measures that may follow the direction of links."""


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """``score`` float64[nodes] in order of id, NaN where the measure says nothing (Burt's constraint of somebody
    alone); ``samples`` and ``error``: of an estimate, how many were drawn, and how far any score may be off at 95 %."""

    score: Floats
    samples: int | None = None
    error: float | None = None


def coarse(score: Floats) -> Floats:
    """To ten digits of the largest one (at the least 1): farther than that sums depend on their order."""
    largest = float(np.nanmax(np.abs(score), initial=0.0)) if len(score) else 0.0
    whole = int(np.floor(np.log10(round(largest, 6)))) + 1 if round(largest, 6) > 0 else 0
    return np.round(score, 10 - max(whole - 1, 0))
