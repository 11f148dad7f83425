"""Rings around a start: each ring is one link further out, and what hangs together lies in one sector; and circles."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from viz.boxes import GAP, Boxes, Floats, Ints, separated
from viz.stress import adjacency

_FIRST_RING = 190.0
_RING_STEP = 120.0
_ONE_CIRCLE = 24
"""As many nodes lie on one circle, widened for them; more are spread over several."""


def radial_layout(boxes: Boxes, ends: Ints, start: int, order: Sequence[tuple[str, ...]]) -> Floats:
    """Positions around the node ``start``; ``order`` sorts siblings (by kind, then name), n keys.

    A ring with more nodes than fit is drawn as several rings, so that the labels keep apart. Nodes that no link leads
    to lie on the outermost ring.
    """
    children, rings = _tree(len(boxes.width), ends, start, order)
    weights = _leaves(children, rings)
    angles = [0.0] * len(weights)
    # An odd number of pairs would stand right above and below the start, where links run through labels.
    turn = math.pi / len(children[start]) if len(children[start]) % 4 == 2 else 0.0
    spans: list[tuple[int, float, float]] = [(start, -math.pi - turn, 2 * math.pi)]
    for node, begin, span in spans:
        angles[node] = begin + span / 2
        at = begin
        for child in children[node]:
            even = node == start and len(children[node]) <= _ONE_CIRCLE
            weight = 1 / len(children[node]) if even else weights[child] / sum(weights[o] for o in children[node])
            part = span * weight
            spans.append((child, at, part))
            at += part
    positions = np.zeros((len(weights), 2))
    outer = 0.0
    for ring in rings[1:]:
        outer = _place_ring(sorted(ring, key=lambda node: (angles[node], node)), angles, boxes, positions, outer)
    positions = separated(positions, boxes)
    return np.asarray(positions - positions[start])


def circle_layout(boxes: Boxes, order: Sequence[int], labels: Sequence[float]) -> Floats:
    """Positions evenly on one circle, clockwise from the left in the order given, with room for labels between them.

    ``labels``: widths of the labels of the links along it.
    """
    count = len(order)
    room = float(boxes.width.max()) + max(labels, default=0.0) + GAP
    radius = max(_FIRST_RING, count * room / (2 * math.pi))
    positions = np.zeros((count, 2))
    for place, node in enumerate(order):
        angle = math.pi + 2 * math.pi * place / count
        positions[node] = (radius * math.cos(angle), radius * math.sin(angle))
    return separated(positions, boxes)


def _tree(
    count: int, ends: Ints, start: int, order: Sequence[tuple[str, ...]]
) -> tuple[list[list[int]], list[list[int]]]:
    neighbours = adjacency(count, ends)
    children: list[list[int]] = [[] for _ in range(count)]
    rings = [[start]]
    seen = {start}
    while rings[-1]:
        ring: list[int] = []
        for node in rings[-1]:
            found = sorted(neighbours[node] - seen, key=lambda other: (order[other], other))
            children[node] = found
            seen.update(found)
            ring.extend(found)
        rings.append(ring)
    rings.pop()
    if lost := [node for node in range(count) if node not in seen]:
        children[start].extend(lost)
        rings.append(lost)
    return children, rings


def _leaves(children: list[list[int]], rings: list[list[int]]) -> list[int]:
    weights = [1] * len(children)
    for ring in reversed(rings):
        for node in ring:
            weights[node] = max(1, sum(weights[child] for child in children[node]))
    return weights


def _place_ring(ring: list[int], angles: list[float], boxes: Boxes, positions: Floats, inner: float) -> float:
    """Places the nodes of a ring outside ``inner``, in as many circles as they need; the radius of the last one."""
    room = float(np.mean(boxes.width[ring])) + GAP
    radii: list[float] = []
    capacity = 0.0
    if len(ring) <= _ONE_CIRCLE:
        radii, capacity = [max(inner + _FIRST_RING, len(ring) * room * 1.12 / (2 * math.pi))], float(len(ring))
    radius = radii[0] if radii else inner + (_RING_STEP if inner else _FIRST_RING - _RING_STEP)
    while capacity < len(ring) * 0.999:
        radius += _RING_STEP if radii else (0.0 if inner else _RING_STEP)
        radii.append(radius)
        capacity += 2 * math.pi * radius / room
    share = np.cumsum(radii) / sum(radii)
    due = np.zeros(len(radii))
    for node in ring:
        due += np.diff(share, prepend=0.0)
        circle = int(due.argmax())
        due[circle] -= 1.0
        positions[node] = (radii[circle] * math.cos(angles[node]), radii[circle] * math.sin(angles[node]))
    return radius
