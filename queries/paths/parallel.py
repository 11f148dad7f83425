"""Parallel links: which of them is told."""

from __future__ import annotations

from graph_service.network.columns import Ints
from graph_service.network.view import View


def first_by_id(view: View, links: Ints) -> int:
    """Of some links of a view, one at the least, that with the smallest id."""
    if len(links) == 1:
        return int(links[0])
    if (view.links.event[links] >= 0).any():
        return int(min(links.tolist(), key=view.link_id))
    ids = list(map(str, view.network.link_ids.take(view.links.number[links]).to_pylist()))
    return int(links[ids.index(min(ids))])
