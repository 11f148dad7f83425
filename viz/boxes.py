"""The space that nodes take with their labels, and how boxes are kept apart and packed.

All in pixels, x to the right and y down, as on a screen. Every function is deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GAP = 14.0
"""The least distance between two boxes."""
_ROUNDS = 160
_STRETCH = 1.06
_WIDENED = 12


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """One box a node: its ``width`` around the node's centre and its reach ``above`` and ``below``; n numbers each."""

    width: Floats
    above: Floats
    below: Floats

    @property
    def height(self) -> Floats:
        """The whole height of each box."""
        return self.above + self.below

    def take(self, chosen: Ints) -> Boxes:
        """The boxes of some nodes, in that order."""
        return Boxes(self.width[chosen], self.above[chosen], self.below[chosen])

    def bounds(self, positions: Floats) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all boxes at these positions."""
        x, y = positions[:, 0], positions[:, 1]
        return (
            float((x - self.width / 2).min()),
            float((y - self.above).min()),
            float((x + self.width / 2).max()),
            float((y + self.below).max()),
        )


def overlaps(positions: Floats, boxes: Boxes, gap: float = 0.0) -> Ints:
    """The pairs of nodes whose boxes are nearer than ``gap``, as rows of two, the lower number first.

    A sweep from left to right, in numpy: only boxes that share some x are compared.
    """
    order = np.argsort(positions[:, 0] - boxes.width / 2, kind="stable")
    left = (positions[:, 0] - boxes.width / 2)[order]
    behind = np.searchsorted(left, left + boxes.width[order] + gap - 1e-6) - np.arange(1, len(order) + 1)
    one = np.repeat(np.arange(len(order)), np.maximum(behind, 0))
    start = np.cumsum(np.maximum(behind, 0)) - np.maximum(behind, 0)
    other = np.arange(len(one)) - start[one] + one + 1
    pairs = np.sort(np.stack([order[one], order[other]], axis=1), axis=1)
    middle = positions[:, 1] + (boxes.below - boxes.above) / 2
    reach = (boxes.height[pairs[:, 0]] + boxes.height[pairs[:, 1]]) / 2 + gap
    close = reach - np.abs(middle[pairs[:, 0]] - middle[pairs[:, 1]]) > 1e-6
    found = pairs[close]
    return np.asarray(found[np.lexsort((found[:, 1], found[:, 0]))])


def separated(positions: Floats, boxes: Boxes) -> Floats:
    """The positions moved apart until no two boxes overlap, as little as that takes.

    Overlapping boxes are pushed along the axis where they overlap least; what is then left is solved by stretching the
    whole drawing a little, which always ends.
    """
    placed = _unstacked(positions)
    for _ in range(_ROUNDS):
        pairs = overlaps(placed, boxes, GAP)
        if not len(pairs):
            return placed
        placed = placed + _push(placed, boxes, pairs)
    while len(overlaps(placed, boxes)):
        placed = placed * _STRETCH
    return placed


def roomy(positions: Floats, boxes: Boxes, ends: Ints, labels: Floats) -> Floats:
    """The positions stretched, at most to twice, until the labels half way along the links touch no box of a node.

    ``labels`` holds width and height for each link; a label without width needs no room.
    """
    wanted = (ends[:, 0] != ends[:, 1]) & (labels[:, 0] > 0)
    half = labels[wanted] / 2
    for _ in range(_WIDENED):
        middles = positions[ends[wanted]].mean(axis=1)
        across = np.abs(middles[:, None, 0] - positions[None, :, 0]) < half[:, None, 0] + boxes.width[None, :] / 2
        over = middles[:, None, 1] + half[:, None, 1] > positions[None, :, 1] - boxes.above[None, :]
        under = middles[:, None, 1] - half[:, None, 1] < positions[None, :, 1] + boxes.below[None, :]
        if not (across & over & under).any():
            break
        positions = positions * _STRETCH
    return positions


def _push(positions: Floats, boxes: Boxes, pairs: Ints) -> Floats:
    one, other = pairs[:, 0], pairs[:, 1]
    middle = positions[:, 1] + (boxes.below - boxes.above) / 2
    delta_x = positions[one, 0] - positions[other, 0]
    delta_y = middle[one] - middle[other]
    across = (boxes.width[one] + boxes.width[other]) / 2 + GAP - np.abs(delta_x)
    down = (boxes.height[one] + boxes.height[other]) / 2 + GAP - np.abs(delta_y)
    sideways = across < down
    step_x = np.where(sideways, across * np.where(delta_x < 0, -1, 1), 0.0) * 0.5
    step_y = np.where(sideways, 0.0, down * np.where(delta_y < 0, -1, 1)) * 0.5
    step = np.stack([step_x, step_y], axis=1)
    moves = np.zeros_like(positions)
    count = np.ones(len(positions))
    for ends, sign in ((one, 1.0), (other, -1.0)):
        np.add.at(moves, ends, sign * step)
        np.add.at(count, ends, 0.35)
    return np.asarray(moves / np.sqrt(count)[:, None] + np.sign(moves) * 0.05)


def _unstacked(positions: Floats) -> Floats:
    """Every position moved by less than a pixel along a spiral, so that no two are the same."""
    turn = np.arange(len(positions)) * np.pi * (3 - np.sqrt(5))
    reach = np.sqrt(np.arange(len(positions)) + 1.0) / np.sqrt(len(positions) + 1.0)
    return np.asarray(positions + np.stack([np.cos(turn), np.sin(turn)], axis=1) * reach[:, None])


def packed(sizes: Sequence[tuple[float, float]], gap: float, aspect: float = 1.6) -> list[tuple[float, float]]:
    """Where the top left corner of each box goes when boxes are set in rows, the highest first.

    The whole comes out about ``aspect`` times as wide as high; equal boxes keep their order.
    """
    area = sum((width + gap) * (height + gap) for width, height in sizes)
    line = max([float(np.sqrt(area * aspect)), *(width for width, _ in sizes)])
    corners: list[tuple[float, float]] = [(0.0, 0.0)] * len(sizes)
    left = top = row = 0.0
    for place in sorted(range(len(sizes)), key=lambda place: (-sizes[place][1], place)):
        width, height = sizes[place]
        if left and left + width > line:
            left, top, row = 0.0, top + row + gap, 0.0
        corners[place] = (left, top)
        left += width + gap
        row = max(row, height)
    return corners
