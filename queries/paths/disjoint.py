"""Ways that have nothing in common, and the least whose loss breaks every way: exact, by bounded search.

With a bound on the length of ways neither is a flow problem (Itai, Perl and Shiloach 1982), and ways that share no
source are hard in any case; the sets in question are small, so both are searched: a cut must hold something of every
way, so the first way that is left tells what to try next; ways are packed by branch and bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from graph_service.network.budget import Budget
from queries.paths.found import Walked

Parts = frozenset[str]
"""What a way stands on: sources, entities between its ends, or links."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The least set whose loss breaks every way, the first by name of those; None where none of at most the size looked
    for was found, or the budget ended (``known`` False)."""

    parts: tuple[str, ...] | None
    known: bool


def least_cut(
    first_without: Callable[[Parts], Walked | None],
    losses: Callable[[Walked], Sequence[Parts]],
    most: int,
    budget: Budget,
) -> Cut:
    """The least cut of at most ``most`` parts.

    ``first_without(parts)``: the best way that is left when these are lost. ``losses(way)``: the sets of which the loss
    of any one breaks the way. O(losses ** size) ways are looked for.
    """
    for size in range(most + 1):
        found = sorted(tuple(sorted(parts)) for parts in _cuts(frozenset(), size, first_without, losses, budget, set()))
        if budget.exhausted:
            return Cut(None, known=False)
        if found:
            return Cut(found[0], known=True)
    return Cut(None, known=True)


def _cuts(
    lost: Parts,
    size: int,
    first_without: Callable[[Parts], Walked | None],
    losses: Callable[[Walked], Sequence[Parts]],
    budget: Budget,
    seen: set[Parts],
) -> Iterator[Parts]:
    """Every cut of exactly that size which holds what is lost."""
    if lost in seen or budget.exhausted:
        return
    seen.add(lost)
    way = first_without(lost)
    if way is None:
        yield lost
        return
    for more in losses(way):
        if len(lost | more) <= size:
            yield from _cuts(lost | more, size, first_without, losses, budget, seen)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way with one choice of what it stands on; ``capped``: it has more choices than were made candidates."""

    way: Walked
    parts: Parts
    capped: bool = False


def packed(candidates: Sequence[Candidate], wanted: int, budget: Budget) -> tuple[Candidate, ...]:
    """The most candidates, ``wanted`` at most, of which no two share a part; of equally many the least cost in all,
    then the first in order. Candidates come in order of cost. Exact unless the budget ends: then the best so far."""
    best: list[Candidate] = []
    best_key: tuple[int, float, list[int]] = (0, 0.0, [])

    def grow(place: int, chosen: list[int], used: Parts, cost: float) -> None:
        nonlocal best, best_key
        key = (-len(chosen), cost, chosen)
        if key < best_key:
            best_key, best = (key[0], key[1], list(chosen)), [candidates[one] for one in chosen]
        if len(chosen) == wanted or not budget.spend(1):
            return
        for later in range(place, len(candidates)):
            if len(chosen) + len(candidates) - later < -best_key[0]:
                return
            full = len(chosen) + 1 == -best_key[0] == wanted
            if full and cost + candidates[later].way.cost > best_key[1]:
                return
            if not used & candidates[later].parts:
                grow(later + 1, [*chosen, later], used | candidates[later].parts, cost + candidates[later].way.cost)

    grow(0, [], frozenset(), 0.0)
    return tuple(best)
