"""The fewest entities without whom no way is left from one side to the other (Menger 1927)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.network.budget import Budget

_ANY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Flow:
    """A flow network: arcs 2k and 2k + 1 are each other's reverse, ``room`` is what may still flow along each."""

    out: list[list[int]]
    head: list[int]
    room: list[int]

    def join(self, one: int, other: int, most: int) -> None:
        self.out[one].append(len(self.head))
        self.out[other].append(len(self.head) + 1)
        self.head.extend((other, one))
        self.room.extend((most, 0))


def least_cut(nodes: int, ways: Sequence[tuple[int, int]], left: int, right: int, budget: Budget) -> list[int] | None:
    """The least set of nodes that meets every way from the left to the right; None when the budget ended first.

    Nodes 0 to ``left - 1`` are the left side, the last ``right`` ones the right side; ``ways`` are steps (from, to)
    that lead from the left towards the right. Of several least sets that nearest to the right. Nodes of both sides may
    be in it. Dinitz (1970) on nodes split in two, whose inner arc alone is narrow: O(steps * sqrt(nodes)).
    """
    start, end = 2 * nodes, 2 * nodes + 1
    flow = _Flow([[] for _ in range(2 * nodes + 2)], [], [])
    for node in range(nodes):
        flow.join(2 * node, 2 * node + 1, 1)
    for one, other in ways:
        flow.join(2 * one + 1, 2 * other, _ANY)
    for node in range(left):
        flow.join(start, 2 * node, _ANY)
    for node in range(nodes - right, nodes):
        flow.join(2 * node + 1, end, _ANY)
    while True:
        level = _levels(flow, end)
        if start not in level:
            return [node for node in range(nodes) if 2 * node not in level and 2 * node + 1 in level]
        _block(flow, level, start, end)
        if not budget.spend(len(ways)):
            return None


def _levels(flow: _Flow, end: int) -> dict[int, int]:
    """How many arcs each node is from the end, for those that can still reach it."""
    level, queue = {end: 0}, deque([end])
    while queue:
        node = queue.popleft()
        for arc in flow.out[node]:
            before = flow.head[arc]
            if before not in level and flow.room[arc ^ 1]:
                level[before] = level[node] + 1
                queue.append(before)
    return level


def _block(flow: _Flow, level: dict[int, int], start: int, end: int) -> None:
    """Send units along shortest ways until none is left."""
    tried = [0] * len(flow.out)
    path: list[int] = []
    node = start
    while True:
        arc = _onward(flow, level, tried, node)
        if node == end:
            for each in path:
                flow.room[each] -= 1
                flow.room[each ^ 1] += 1
            path, node = [], start
        elif arc is not None:
            path.append(arc)
            node = flow.head[arc]
        elif path:
            node = flow.head[path.pop() ^ 1]
            tried[node] += 1
        else:
            return


def _onward(flow: _Flow, level: dict[int, int], tried: list[int], node: int) -> int | None:
    """The next arc with room that leads one level nearer to the end; those that do not are never tried again."""
    arcs = flow.out[node]
    while tried[node] < len(arcs):
        arc = arcs[tried[node]]
        if flow.room[arc] and level.get(flow.head[arc], -1) == level[node] - 1:
            return arc
        tried[node] += 1
    return None
