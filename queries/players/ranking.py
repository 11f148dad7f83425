"""Order by score, the same for scores that differ only in the last digits, as engines' sums do."""

from __future__ import annotations

import numpy as np

from graph_service.network.columns import Ints
from graph_service.network.facts import Floats

TOLERANCE = 1e-9
"""Scores closer than this, relative to the largest one (or to 1), are equal."""


def ranked(score: Floats) -> tuple[Ints, Ints]:
    """Places from the highest score down, equals in their given order; and the rank of each place, from 1, the best
    one of its equals. O(n log n)."""
    if not len(score):
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    order = np.argsort(-score, kind="stable").astype(np.int32)
    near = TOLERANCE * max(1.0, float(np.abs(score).max()))
    first = np.concatenate([[True], -np.diff(score[order]) > near])
    rank = np.empty(len(score), dtype=np.int32)
    rank[order] = np.flatnonzero(first)[np.cumsum(first) - 1] + 1
    return np.lexsort((np.arange(len(score)), rank)).astype(np.int32), rank
