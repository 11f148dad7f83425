"""A force layout: distances on the page follow distances in the graph (stress majorisation).

Gansner, Koren and North, "Graph drawing by stress majorization" (2004), with weights of one over the squared distance.
It has no random start, so the same graph is always drawn the same way.
"""

from __future__ import annotations

import numpy as np

from viz.boxes import GAP, Boxes, Floats, Ints, packed, separated

LINK_LENGTH = 125.0
"""Wished distance in pixels between the borders of two linked nodes."""
_ROUNDS = 60
_ENOUGH = 1e-4


def stress_layout(boxes: Boxes, ends: Ints, length: float = LINK_LENGTH) -> Floats:
    """Positions of n nodes joined by the m pairs ``ends``, no two boxes overlapping.

    Each connected part is laid out by itself and the parts are packed, the largest first. O(n·m + n²) for a part.
    """
    count = len(boxes.width)
    positions = np.zeros((count, 2))
    neighbours = adjacency(count, ends)
    parts = components(neighbours)
    drawn = [_part(boxes.take(part), _distances(neighbours, part), length) for part in parts]
    bounds = [boxes.take(part).bounds(placed) for part, placed in zip(parts, drawn, strict=True)]
    corners = packed([(right - left, bottom - top) for left, top, right, bottom in bounds], 3 * GAP)
    for part, placed, (left, top, _, _), (x, y) in zip(parts, drawn, bounds, corners, strict=True):
        positions[part] = placed + np.array([x - left, y - top])
    return positions


def adjacency(count: int, ends: Ints) -> list[set[int]]:
    """The neighbours of each of n nodes, whatever the direction, without loops."""
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for one, other in ends.tolist():
        if one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    return neighbours


def components(neighbours: list[set[int]]) -> list[Ints]:
    """The connected parts, the largest first and then by their first node; nodes in order."""
    seen: set[int] = set()
    parts: list[Ints] = []
    for start in range(len(neighbours)):
        if start in seen:
            continue
        part = {start}
        frontier = {start}
        while frontier:
            frontier = set().union(*(neighbours[node] for node in frontier)) - part
            part |= frontier
        seen |= part
        parts.append(np.array(sorted(part), dtype=np.int64))
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def _distances(neighbours: list[set[int]], part: Ints) -> Floats:
    """Links between every two nodes of a connected part."""
    place = {node: at for at, node in enumerate(part.tolist())}
    hops = np.zeros((len(part), len(part)))
    for start, row in place.items():
        seen = frontier = {start}
        hop = 0
        while frontier:
            hop += 1
            frontier = set().union(*(neighbours[node] for node in frontier)) - seen
            seen = seen | frontier
            hops[row, [place[node] for node in frontier]] = hop
    return hops


def _part(boxes: Boxes, hops: Floats, length: float) -> Floats:
    if len(hops) == 1:
        return np.zeros((1, 2))
    reach = np.hypot(boxes.width, boxes.height) / 4
    between = np.maximum(hops - 1, 0) * 2 * float(reach.mean())
    wished = hops * length + between + reach[:, None] + reach[None, :]
    np.fill_diagonal(wished, 0.0)
    placed = _majorised(_scaled(wished), wished)
    return separated(_turned(placed), boxes)


def _scaled(wished: Floats) -> Floats:
    """Classical scaling: the two directions in which the distances differ most."""
    squared = wished**2
    centred = -0.5 * (squared - squared.mean(axis=0)[None, :] - squared.mean(axis=1)[:, None] + squared.mean())
    start = _leading(centred)
    turn = np.arange(len(wished)) * np.pi * (3 - np.sqrt(5))
    spread = wished.max() / 25 * np.sqrt((np.arange(len(wished)) + 1) / len(wished))
    return np.asarray(start + np.stack([np.cos(turn), np.sin(turn)], axis=1) * spread[:, None])


def _leading(matrix: Floats) -> Floats:
    """The two leading eigenvectors, scaled, by subspace iteration; the sign of each is settled by its largest entry."""
    size = len(matrix)
    grid = np.arange(size)
    basis = np.stack([np.cos(grid * 1.1), np.sin(grid * 1.7 + 0.3), np.cos(grid * 0.37 + 1.1)], axis=1)[
        :, : min(3, size)
    ]
    for _ in range(40):
        basis, _triangle = np.linalg.qr(matrix @ basis)
    values = np.einsum("ij,ij->j", basis, matrix @ basis)
    order = np.argsort(-values, kind="stable")[:2]
    vectors = basis[:, order] * np.sqrt(np.maximum(values[order], 0.0))[None, :]
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
    return np.asarray(vectors * np.where(signs == 0, 1.0, signs)[None, :])


def _majorised(start: Floats, wished: Floats) -> Floats:
    """The start improved until the stress falls no more; one node stays in place, for the solution to be unique."""
    weight = np.zeros_like(wished)
    np.divide(1.0, wished**2, out=weight, where=wished > 0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.inv(laplacian[1:, 1:])
    placed, last = start, np.inf
    for _ in range(_ROUNDS if len(start) <= 400 else _ROUNDS // 3):
        across = placed[:, 0][:, None] - placed[:, 0][None, :]
        down = placed[:, 1][:, None] - placed[:, 1][None, :]
        distance = np.maximum(np.sqrt(across * across + down * down), 1e-9)
        stress = float((weight * (distance - wished) ** 2).sum())
        if last - stress < _ENOUGH * stress:
            break
        last = stress
        pull = weight * wished / distance
        target = placed * pull.sum(axis=1)[:, None] - pull @ placed
        placed = np.vstack([np.zeros((1, 2)), inverse @ target[1:]])
    return placed


def _turned(positions: Floats) -> Floats:
    """Turned so that the drawing is widest from left to right, and centred."""
    centred = positions - positions.mean(axis=0)
    covariance = centred.T @ centred
    angle = 0.5 * float(np.arctan2(2 * covariance[0, 1], covariance[0, 0] - covariance[1, 1]))
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.asarray(centred @ np.array([[cosine, -sine], [sine, cosine]]))
