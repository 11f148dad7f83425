"""How links run between nodes: parallel links fan out, and a link bends rather than pass through a third node.

A curve is signed: positive bends to the left of the way from source to target, and its size is the ``roundness`` of
vis-network's curved edges, whose control point this module computes as vis-network does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from viz.boxes import Boxes, Floats, Ints

_STEP = 0.22
_TRIES = (0.0, 0.14, -0.14, 0.28, -0.28, 0.44, -0.44, 0.62, -0.62)
_SEARCHED = 120_000
_STEPS = np.linspace(0.06, 0.94, 23)


def curves(positions: Floats, boxes: Boxes, ends: Ints) -> list[float]:
    """The curve of each link. For a loop it is the number of the loop at its node, from 0.

    Links that are alone between their nodes are bent around others while links times nodes are at most 120,000.
    """
    found = [0.0] * len(ends)
    pairs: dict[tuple[int, int], list[int]] = {}
    for link, (source, target) in enumerate(ends.tolist()):
        pairs.setdefault((min(source, target), max(source, target)), []).append(link)
    search = len(ends) * len(positions) <= _SEARCHED
    for (one, other), links in pairs.items():
        if one == other:
            for number, link in enumerate(links):
                found[link] = float(number)
        elif len(links) > 1:
            for link, slot in zip(links, _slots(len(links)), strict=True):
                found[link] = slot if ends[link, 0] == one else -slot
        elif search:
            found[links[0]] = _clear_curve(positions, boxes, int(ends[links[0], 0]), int(ends[links[0], 1]))
    return found


def _slots(count: int) -> Sequence[float]:
    step = min(_STEP, 1.1 / count)
    return [(number - (count - 1) / 2) * step for number in range(count)]


def _clear_curve(positions: Floats, boxes: Boxes, source: int, target: int) -> float:
    """The least curve that touches the fewest boxes of other nodes."""
    others = np.ones(len(positions), dtype=bool)
    others[[source, target]] = False
    near = np.flatnonzero(others & _near(positions, boxes, source, target))
    if not len(near):
        return 0.0
    hits = [
        _hits(positions, boxes, near, curve_points(positions[source], positions[target], curve)) for curve in _TRIES
    ]
    return _TRIES[hits.index(min(hits))]


def _near(positions: Floats, boxes: Boxes, source: int, target: int) -> NDArray[np.bool_]:
    """Nodes that some curve between the two ends might touch."""
    low = np.minimum(positions[source], positions[target])
    high = np.maximum(positions[source], positions[target])
    reach = 0.45 * float(np.hypot(*(positions[target] - positions[source])))
    half = np.stack([boxes.width / 2, np.maximum(boxes.above, boxes.below)], axis=1) + reach
    return np.asarray(((positions + half > low) & (positions - half < high)).all(axis=1))


def _hits(positions: Floats, boxes: Boxes, near: Ints, points: Floats) -> int:
    x, y = points[:, 0][:, None], points[:, 1][:, None]
    across = np.abs(x - positions[near, 0][None, :]) < boxes.width[near][None, :] / 2
    top = positions[near, 1] - boxes.above[near]
    bottom = positions[near, 1] + boxes.below[near]
    inside = across & (y > top[None, :]) & (y < bottom[None, :])
    return int(inside.any(axis=0).sum())


def curve_points(source: Floats, target: Floats, curve: float) -> Floats:
    """Points on a link, as rows of x and y, from near its source to near its target."""
    way = target - source
    angle = math.atan2(way[1], way[0]) - curve * math.pi / 2
    reach = (0.5 * abs(curve) + 0.5) * math.hypot(way[0], way[1])
    control = source + reach * np.array([math.cos(angle), math.sin(angle)])
    t = _STEPS[:, None]
    return np.asarray((1 - t) ** 2 * source + 2 * t * (1 - t) * control + t**2 * target)
