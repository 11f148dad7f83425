"""Adjacency: for each node its links in compressed sparse rows, outgoing, mutual and incoming side by side.

The entries of node v are ``neighbour[start[v]:start[v + 1]]``: first the links that leave it, from ``mutual[v]`` on
those of symmetric kinds, from ``incoming[v]`` on those that enter it. So "along the direction", "against it" and
"either way" are each one run of places. A self-loop stands once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_service.network.columns import Ints, Mask
from graph_service.network.compiled import available

Offsets = npt.NDArray[np.int64]
FORWARD, BACKWARD, EITHER = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Adjacency:
    """``start`` int64[n + 1], ``mutual`` and ``incoming`` int64[n], ``neighbour`` and ``link`` int32[entries]."""

    start: Offsets
    mutual: Offsets
    incoming: Offsets
    neighbour: Ints
    link: Ints

    def run(self, node: int, way: int) -> slice:
        """The places of a node's entries that lead one way (FORWARD, BACKWARD or EITHER)."""
        first = self.mutual[node] if way == BACKWARD else self.start[node]
        last = self.incoming[node] if way == FORWARD else self.start[node + 1]
        return slice(int(first), int(last))

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(a.nbytes for a in (self.start, self.mutual, self.incoming, self.neighbour, self.link))


def build_adjacency(nodes: int, source: Ints, target: Ints, symmetric: Mask) -> Adjacency:
    """The adjacency of links given by their ends; entries of a node keep the links' order. O(nodes + links).

    ``symmetric`` bool[links] says which go both ways. Compiled where numba is there, else by sorting.
    """
    if available("numba"):
        from graph_service.network.kernels.adjacency import fill

        return Adjacency(*fill(nodes, source, target, symmetric))
    return _sorted(nodes, source, target, symmetric)


def _sorted(nodes: int, source: Ints, target: Ints, symmetric: Mask) -> Adjacency:
    number = np.arange(len(source), dtype=np.int32)
    back = source != target
    side_out = np.where(symmetric, 1, 0).astype(np.int8)
    node = np.concatenate([source, target[back]])
    neighbour = np.concatenate([target, source[back]])
    link = np.concatenate([number, number[back]])
    side = np.concatenate([side_out, np.where(symmetric, 1, 2).astype(np.int8)[back]])
    order = np.lexsort((link, side, node))
    counts = [np.bincount(node[side == s], minlength=nodes).astype(np.int64) for s in (0, 1, 2)]
    start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(counts[0] + counts[1] + counts[2], out=start[1:])
    mutual = start[:-1] + counts[0]
    return Adjacency(start, mutual, mutual + counts[1], neighbour[order], link[order])
