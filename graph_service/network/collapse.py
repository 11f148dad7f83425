"""Links of a view, and how the role links of an event become direct links between its parties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_service.network.columns import Ints, Mask
from graph_service.network.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """The visible links, numbered afresh from 0 in the order of their numbers in the Network.

    ``number`` int32: the link's number, -1 for a collapsed event; ``source``, ``target`` entity numbers; ``kind``
    int16 into the link kinds; ``event`` int32: the event's entity number, else -1; ``record`` int32: one visible
    record of it.
    """

    number: Ints
    source: Ints
    target: Ints
    kind: npt.NDArray[np.int16]
    event: Ints
    record: Ints

    def __len__(self) -> int:
        """How many links."""
        return len(self.number)


def collapsed(links: Links, event: Mask, network: Network) -> Links:
    """The links with every event replaced by one direct link per (from-side party, to-side party).

    ``event`` bool[entities] says which entities are events. Links of an event that are no roles with a side are not
    there either. O(links + pairs).
    """
    kinds = network.ontology.link_kinds
    sides = [kinds[str(name)].side if str(name) in kinds else None for name in network.link_rows.kinds.values]
    is_from = np.array([side == "from" for side in sides], dtype=np.bool_)
    is_to = np.array([side == "to" for side in sides], dtype=np.bool_)
    at_source, at_target = event[links.source], event[links.target]
    plain = _taken(links, np.flatnonzero(~at_source & ~at_target))
    if not sides:
        return plain
    giving = np.flatnonzero(is_from[links.kind] & at_target & ~at_source)
    taking = np.flatnonzero(is_to[links.kind] & at_source & ~at_target)
    pairs = _pairs(_keys(links.target[giving], links.source[giving]), _keys(links.source[taking], links.target[taking]))
    nothing = np.full(len(pairs), -1, dtype=np.int32)
    return Links(
        np.concatenate([plain.number, nothing]),
        np.concatenate([plain.source, pairs[:, 1]]),
        np.concatenate([plain.target, pairs[:, 2]]),
        np.concatenate([plain.kind, nothing.astype(np.int16)]),
        np.concatenate([plain.event, pairs[:, 0]]),
        np.concatenate([plain.record, nothing]),
    )


def _taken(links: Links, places: npt.NDArray[np.intp]) -> Links:
    return Links(
        links.number[places],
        links.source[places],
        links.target[places],
        links.kind[places],
        links.event[places],
        links.record[places],
    )


def _keys(event: Ints, party: Ints) -> npt.NDArray[np.int64]:
    """Distinct (event, party) pairs as sorted numbers: the event in the upper half, the party in the lower."""
    return np.unique(event.astype(np.int64) << 32 | party)


def _pairs(giving: npt.NDArray[np.int64], taking: npt.NDArray[np.int64]) -> Ints:
    """Rows (event, giver, taker) of two lists of such keys, sorted: a join by event."""
    first = np.searchsorted(taking >> 32, giving >> 32, side="left")
    many = np.searchsorted(taking >> 32, giving >> 32, side="right") - first
    row = np.repeat(np.arange(len(giving)), many)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    low = np.int64(2**32 - 1)
    return np.column_stack([giving[row] >> 32, giving[row] & low, taking[first[row] + offset] & low]).astype(np.int32)
