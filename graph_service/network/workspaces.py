"""Scratch arrays for searches, so that no question pays for clearing a million marks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from graph_service.network.adjacency import Offsets
from graph_service.network.columns import Ints

DEEPEST = 2**20 - 1
"""Levels a search may go before its marks could be taken for those of the next one."""


class Workspaces:
    """Scratch arrays for searches over n nodes, handed out one to a thread at a time and used again."""

    def __init__(self, nodes: int) -> None:
        """No array is made before the first search."""
        self._nodes = nodes
        self._free: list[tuple[Ints, Ints, Offsets]] = []
        self._lock = threading.Lock()

    @contextmanager
    def borrowed(self) -> Iterator[tuple[Ints, Ints, int]]:
        """(marks int32[2, n], queues int32[2, n], a stamp above every mark left from earlier searches)."""
        with self._lock:
            space = self._free.pop() if self._free else None
        if space is None:
            marks = np.zeros((2, self._nodes), dtype=np.int32)
            space = (marks, np.empty((2, self._nodes), dtype=np.int32), np.zeros(1, dtype=np.int64))
        marks, queues, stamp = space
        if stamp[0] > 2**31 - 3 * (DEEPEST + 1):
            marks[:] = 0
            stamp[0] = 0
        stamp[0] += DEEPEST + 1
        try:
            yield marks, queues, int(stamp[0])
        finally:
            with self._lock:
                self._free.append(space)
