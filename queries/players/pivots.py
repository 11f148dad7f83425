"""Pivots: the nodes that shortest paths are measured from, where from all of them it would take too long.

Drawn evenly, they estimate betweenness and closeness without bias (Brandes and Pich 2007,
doi:10.1142/S0218127407018403). How many can be afforded follows from the budget alone, so that every engine takes the
same.
"""

from __future__ import annotations

import numpy as np

from graph_service.model.answer import Limits
from graph_service.network.columns import Ints

FEWEST = 64
MOST = 1_000
_SHARE = 0.8
"""The part of the budget that is planned for; what is left takes up what was guessed wrong."""


def affordable(nodes: int, ties: int, searches: float, limits: Limits) -> int:
    """So many pivots that ``searches`` searches over the whole network from each fit the budget; FEWEST at the least,
    MOST at the most."""
    each = max(1.0, 2 * ties * searches)
    return min(nodes, MOST, max(FEWEST, int(_SHARE * limits.links / each)))


def pivot_nodes(nodes: int, pivots: int, *seed: int) -> Ints:
    """All nodes, or so many drawn by the seed, ascending; int32."""
    if nodes <= pivots:
        return np.arange(nodes, dtype=np.int32)
    return np.sort(np.random.default_rng(seed).choice(nodes, pivots, replace=False)).astype(np.int32)
