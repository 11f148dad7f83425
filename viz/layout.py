"""Where the nodes of a chart go: a deterministic layout on the server, no two labels over each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from viz.boxes import GAP, Boxes, Floats, Ints
from viz.layered import layered_layout, parted
from viz.stress import stress_layout

_GROUP_MARGIN = 34.0
_ROW_GAP = 240.0
_STEEP = 4
"""Columns stand as far apart as the highest of them is high, divided by this, so that links across are no bundle."""


def clustered_layout(boxes: Boxes, ends: Ints, groups: Sequence[int]) -> Floats:
    """Positions where each group is a cluster of its own, near the groups it has links with.

    ``groups`` is a number for each node. The groups are laid out one by one, then as boxes among themselves, the first
    to the left of the second.
    """
    numbers = sorted(set(groups))
    place = {number: at for at, number in enumerate(numbers)}
    group_of = np.array([place[number] for number in groups], dtype=np.int64)
    positions = np.zeros((len(groups), 2))
    corners: list[tuple[float, float]] = []
    for number in range(len(numbers)):
        members = np.flatnonzero(group_of == number)
        inside = np.full(len(groups), -1, dtype=np.int64)
        inside[members] = np.arange(len(members))
        kept = inside[ends[(group_of[ends] == number).all(axis=1)]]
        placed = stress_layout(boxes.take(members), kept.reshape(-1, 2))
        left, top, right, bottom = boxes.take(members).bounds(placed)
        positions[members] = placed - np.array([(left + right) / 2, (top + bottom) / 2])
        corners.append((right - left + 2 * _GROUP_MARGIN, bottom - top + 2 * _GROUP_MARGIN))
    size = np.array(corners)
    centres = stress_layout(Boxes(size[:, 0], size[:, 1] / 2, size[:, 1] / 2), group_of[ends], GAP * 3)
    if len(centres) > 1 and centres[0, 0] > centres[1, 0]:
        centres[:, 0] *= -1
    return positions + centres[group_of]


def side_by_side(boxes: Boxes, ends: Ints, groups: Sequence[int]) -> Floats:
    """Positions where each group is a column, or several, in the order of their numbers: what joins two runs across."""
    numbers = {number: place for place, number in enumerate(sorted(set(groups)))}
    plain = [numbers[number] for number in groups]
    columns = parted(plain)
    group_of = dict(zip(columns, plain, strict=True))
    apart = max(_ROW_GAP, float(np.bincount(columns, weights=boxes.height).max()) / _STEEP)
    gaps = [
        apart if group_of[one] != group_of[other] else 3 * GAP for one, other in itertools.pairwise(sorted(group_of))
    ]
    return layered_layout(boxes, ends, columns, gaps)


def settled(positions: Floats) -> Floats:
    """The positions centred and rounded to whole pixels, so that the last bit of a sum does not show."""
    if not len(positions):
        return positions
    middle = (positions.min(axis=0) + positions.max(axis=0)) / 2
    return np.asarray(np.round(positions - middle) + 0.0)
