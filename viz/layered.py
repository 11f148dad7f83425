"""Paths from left to right: one column for each distance from the source, shared parts drawn once.

A long drawing is folded like a street in a mountain, so that its texts stay large on a page.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from viz.boxes import GAP, Boxes, Floats, Ints

_SWEEPS = 8
_ROW_GAP = GAP * 2.2
_FOLDED_FROM = 7
"""Fewer columns than this are never folded."""
_FLAT = 3.2
"""A drawing this many times as wide as high is folded."""
_PAGE = 1.8
_LANE_GAP = 64.0
_CROWD = 16
"""As many nodes stand in one column; more are parted."""
_PASSING = 16.0
"""Room above and below a link where it passes a column."""


def columns_of(count: int, walks: Sequence[Sequence[int]]) -> list[int]:
    """The column of each of n nodes: the longest way to it along the walks, so that every step goes to the right.

    Where walks run against each other no such columns exist; then it is the shortest way, and what only ends walks is
    set behind all else. Nodes on no walk get -1.
    """
    steps = {(one, other) for walk in walks for one, other in itertools.pairwise(walk)}
    columns = [-1] * count
    for walk in walks:
        for place, node in enumerate(walk):
            columns[node] = place if columns[node] < 0 else min(columns[node], place)
    longest = list(columns)
    for _ in range(sum(column >= 0 for column in columns)):
        late = [(one, other) for one, other in sorted(steps) if longest[other] <= longest[one]]
        if not late:
            return longest
        for one, other in late:
            longest[other] = longest[one] + 1
    led_on = {one for one, _ in steps}
    behind = max((columns[node] for node in led_on), default=-1) + 1
    return [behind if column >= 0 and node not in led_on else column for node, column in enumerate(columns)]


def parted(columns: Sequence[int]) -> list[int]:
    """The columns with crowded ones parted into several beside each other, so that no drawing is a mere line down."""
    crowd = Counter(column for column in columns if column >= 0)
    wide = [1 if crowd[column] <= _CROWD else round(math.sqrt(crowd[column] / 2)) for column in range(max(columns) + 1)]
    first = [0, *itertools.accumulate(wide)]
    taken: Counter[int] = Counter()
    found = []
    for column in columns:
        found.append(column if column < 0 else first[column] + taken[column] % wide[column])
        taken[column] += 1
    return found


def layered_layout(boxes: Boxes, ends: Ints, columns: Sequence[int], gaps: Sequence[float]) -> Floats:
    """Positions in columns; ``gaps`` are the free widths after each column but the last (room for link labels).

    Where the next column is of another width the gap grows, for a label stands half way between the centres.

    Order within a column by barycentres (Sugiyama), heights by the mean of the neighbours with boxes kept apart.
    """
    members = [[node for node, at in enumerate(columns) if at == column] for column in range(max(columns) + 1)]
    neighbours: list[list[int]] = [[] for _ in columns]
    for one, other in ends.tolist():
        if columns[one] != columns[other]:
            neighbours[one].append(other)
            neighbours[other].append(one)
    height = _heights(boxes, members, neighbours, columns)
    positions = np.zeros((len(columns), 2))
    left = 0.0
    widths = [float(max(boxes.width[nodes])) for nodes in members]
    for column, nodes in enumerate(members):
        for node in nodes:
            positions[node] = (left + widths[column] / 2, height[node])
        if column < len(gaps):
            left += widths[column] + gaps[column] + abs(widths[column] - widths[column + 1]) / 2
    return positions


def with_room(boxes: Boxes, ends: Ints, columns: Sequence[int]) -> tuple[Boxes, Ints, list[int]]:
    """What `layered_layout` takes, with one more node for each column that a link passes, after all others.

    So a link that passes a column has room of its own there (Sugiyama, Tagawa and Toda 1981).
    """
    passing: list[int] = []
    steps: set[tuple[int, int]] = set()
    for pair in sorted({(min(pair), max(pair)) for pair in ends.tolist()}):
        start, end = sorted(pair, key=lambda node: columns[node])
        before = start
        for column in range(columns[start] + 1, columns[end]):
            passing.append(column)
            steps.add((before, before := len(columns) + len(passing) - 1))
        steps.add((before, end))
    room = [np.concatenate([sizes, np.full(len(passing), _PASSING)]) for sizes in (boxes.above, boxes.below)]
    width = np.concatenate([boxes.width, np.zeros(len(passing))])
    return Boxes(width, *room), np.array(sorted(steps), dtype=np.int64).reshape(-1, 2), [*columns, *passing]


def folded(positions: Floats, boxes: Boxes, columns: Sequence[int]) -> Floats:
    """The columns of a long flat drawing in lanes, one under the other, read to the right and then back to the left.

    Between two lanes one column stands by itself at the turn, half way down, so that no link runs through a label.
    """
    count = max(columns) + 1
    left, top, right, bottom = boxes.bounds(positions)
    height = bottom - top + _LANE_GAP
    if count < _FOLDED_FROM or right - left < _FLAT * (bottom - top):
        return positions
    lanes = min(max(2, round(math.sqrt((right - left) / (_PAGE * height)))), (count + 1) // 3)
    turns = [round((count - lanes + 1) * lane / lanes) + lane - 1 for lane in range(1, lanes)]
    at = np.array(columns)
    across = np.array([positions[at == column, 0].mean() for column in range(count)])
    down = np.zeros(count)
    for turn in turns:
        down[turn] += height / 2
        down[turn + 1 :] += height
        across[turn + 1 :] = 2 * across[turn] - across[turn + 1 :]
    return np.stack([across[at], positions[:, 1] + down[at]], axis=1)


def _heights(
    boxes: Boxes, members: list[list[int]], neighbours: list[list[int]], columns: Sequence[int]
) -> list[float]:
    height = [0.0] * len(columns)
    for nodes in members:
        _set_column(nodes, [float(place) for place in range(len(nodes))], boxes, height)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for nodes in members if forward else members[::-1]:
            wished = []
            for node in nodes:
                towards = [
                    height[other]
                    for other in neighbours[node]
                    if sweep >= _SWEEPS - 2 or (columns[other] < columns[node]) == forward
                ]
                wished.append(sum(towards) / len(towards) if towards else height[node])
            order = sorted(range(len(nodes)), key=lambda at: (wished[at], height[nodes[at]], nodes[at]))
            nodes[:] = [nodes[at] for at in order]
            _set_column(nodes, [wished[at] for at in order], boxes, height)
    return height


def _set_column(nodes: list[int], wished: list[float], boxes: Boxes, height: list[float]) -> None:
    """Set heights as near to the wished ones as the boxes allow, in the given order (isotonic regression)."""
    offset = 0.0
    offsets: list[float] = []
    for at, node in enumerate(nodes):
        if at:
            offset += float(boxes.below[nodes[at - 1]] + boxes.above[node]) + _ROW_GAP
        offsets.append(offset)
    pools: list[list[float]] = []
    for want, shift in zip(wished, offsets, strict=True):
        pools.append([want - shift, 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value, count = pools.pop()
            pools[-1] = [(pools[-1][0] * pools[-1][1] + value * count) / (pools[-1][1] + count), pools[-1][1] + count]
    settled = [value for value, count in pools for _ in range(int(count))]
    for node, value, shift in zip(nodes, settled, offsets, strict=True):
        height[node] = value + shift
