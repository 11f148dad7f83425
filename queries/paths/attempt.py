"""One attempt at a path question, first without its hubs and then, where that leads nowhere, with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from graph_service.model.answer import Finding
from graph_service.model.graph import Path
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.best_first import Search
from queries.paths.found import TAMED_SHOWN, PathsResult, Proof, Tamed, Walked, none_found, paths_found
from queries.paths.ground import GraphGround, Ground, links_at
from queries.paths.terms import Terms


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was found: the walks, and whether there are ``more``; with none, why (``reason``, as in Proof)."""

    reason: str
    walks: tuple[Walked, ...] = ()
    more: bool = False
    distance: int | None = None
    unmet: tuple[str, ...] = ()

    @staticmethod
    def of_search(search: Search, walks: Sequence[Walked], limit: int) -> Attempt:
        """The first walks of a search, of which one more than the limit may be at hand."""
        if walks:
            return Attempt("met", tuple(walks[:limit]), more=len(walks) > limit or search.stopped)
        return Attempt("budget") if search.stopped else Attempt("conditions", unmet=search.unmet())


class TryOnce(Protocol):
    """An attempt with hubs barred or let through."""

    def __call__(self, *, hubs: bool) -> Attempt:
        """What it found."""
        ...


@dataclass(frozen=True, slots=True)
class Hubs:
    """The hubs of a scope: the most connected of them in order, and how many there are.

    ``everyone``: all of them, where an engine bars them by id.
    """

    first: tuple[str, ...]
    total: int
    everyone: frozenset[str] = frozenset()

    @staticmethod
    def none() -> Hubs:
        """No hubs, or none that matter."""
        return Hubs((), 0)

    @staticmethod
    def in_view(view: View, ground: Ground, degree: int) -> Hubs:
        """The hubs of a ground, where so many links make one."""
        if not len(ground.hubs):
            return Hubs.none()

        def found() -> Hubs:
            hubs = np.flatnonzero(ground.hubs)
            links = np.diff(view.adjacency.start)[hubs]
            order = hubs[np.lexsort((view.network.id_rank[hubs], -links))]
            return Hubs(tuple(view.network.entity_id(int(number)) for number in order[:TAMED_SHOWN]), len(hubs))

        return view.kept(("hubs told", degree), found)

    @staticmethod
    def in_graph(ground: GraphGround) -> Hubs:
        """The hubs of a ground on a NetworkX graph."""
        return Hubs.ranked((one, links_at(ground.graph, one)) for one in ground.hubs)

    @staticmethod
    def ranked(links: Iterable[tuple[str, int]]) -> Hubs:
        """From all hubs with their number of links."""
        order = [one for one, _ in sorted(links, key=lambda pair: (-pair[1], pair[0]))]
        return Hubs(tuple(order[:TAMED_SHOWN]), len(order), frozenset(order))


def answered(terms: Terms, attempt: TryOnce, hubs: Hubs, ends: Sequence[str], budget: Budget) -> Finding[PathsResult]:
    """The finding of a path question: without its hubs; with them where there is no way else and the terms allow it."""
    made, passed = attempt(hubs=False), False
    if not made.walks and made.reason != "budget" and hubs.total and terms.hubs == "tame":
        made, passed = attempt(hubs=True), True
    tamed = Tamed(hubs.first, hubs.total, passed) if hubs.total else None
    if made.walks:
        return paths_found(made.walks, tamed, budget, truncated=made.more)
    return none_found(Proof(made.reason, terms.max_hops, made.distance, made.unmet), tamed, ends, budget)


def here(entities: Iterable[str], limit: int) -> Finding[PathsResult]:
    """From entities to themselves and nowhere else: the empty path, one for each."""
    all_of_them = sorted(entities)
    paths = tuple(Path((one,), (), 0.0) for one in all_of_them[:limit])
    return Finding.of(PathsResult(paths), all_of_them[:limit], truncated=len(all_of_them) > limit)
