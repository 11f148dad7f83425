"""Two groups named by whoever asks: by their members, or by one entity whose whole community is meant."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.errors import InvalidParameter
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.groups.grouping import Grouping
from queries.groups.partitioning import Parting
from queries.groups.quality import PartitionParameters

Sides = tuple[frozenset[str], frozenset[str]]


def listed(text: str, field: str) -> tuple[str, ...]:
    """The ids of a comma-separated text, each once; InvalidParameter for none."""
    ids = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not ids:
        raise InvalidParameter(f"{field}: name at least one entity")
    return ids


def two_sides(
    view: View,
    given: tuple[Sequence[str], Sequence[str]],
    asked: PartitionParameters,
    parting: Parting | None,
    budget: Budget,
) -> Sides | None:
    """The members of both groups; None when the budget ended before communities were found.

    A side of one id is its whole community where a ``parting`` is given. Raises EntityNotFound, and InvalidParameter
    where an entity would be on both sides.
    """
    for ids in given:
        for one in ids:
            view.number(one)
    grouping = None
    if parting is not None and any(len(ids) == 1 for ids in given):
        grouping = Grouping.found(view, asked, parting, budget)
        if grouping is None:
            return None
    left, right = (_members(view, ids, grouping) for ids in given)
    both = sorted(left & right)
    if both:
        why = "they are of one community; name the members, or ask for a higher resolution" if grouping else "of both"
        raise InvalidParameter(f"left and right have {len(both)} in common, such as {both[0]}: {why}")
    return left, right


def _members(view: View, ids: Sequence[str], grouping: Grouping | None) -> frozenset[str]:
    if grouping is None or len(ids) > 1:
        return frozenset(ids)
    numbers = grouping.members(int(grouping.of_entity[view.number(ids[0])]))
    return frozenset(map(str, view.network.entity_ids.take(numbers).to_pylist()))
