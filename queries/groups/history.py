"""``community-history``: what became of the groups, window by window, under ids that last.

Each window's groups are sought from those of the window before (see ``settling``) and matched with all earlier ones
(see ``lineage``). How sure a membership is, is asked of runs that begin anew with other seeds: the share of them in
which a member is with the core of its group. There is no single right answer: engines may differ in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.chronicle import Chapter, Chronicle, ChronicleParameters, Following
from queries.groups.lineage import NOBODY, Event
from queries.groups.listing import GroupParameters, links_among
from queries.groups.partitioning import Parting, leiden, louvain
from queries.groups.quality import PartitionParameters
from queries.groups.settling import settle
from queries.groups.weighted import Floats, Weighted
from queries.groups.windows import undated
from queries.question import Question

_DIGITS = 9
_CORE = 0.9
_UNSURE = 10
_EVENTS = 1_000


class HistoryParameters(ChronicleParameters, GroupParameters):
    """How groups are followed through time, and what is listed of them."""

    limit: int = Field(default=20, ge=1, le=1_000, description="Groups listed, the largest first")
    min_size: int = Field(default=3, ge=2, le=2**31 - 1, description="Members of the smallest group")
    members: int = Field(default=50, ge=1, le=1_000_000, description="Members listed of each group in each window")


@dataclass(frozen=True, slots=True)
class Unsure:
    """A member who is with the core of its group in fewer than nine of ten runs; ``certainty``: the share of them."""

    id: str
    certainty: float


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure a group's memberships are: the ``mean`` share of runs in which a member is with the core of the group,
    how many are in nine tenths of them or more (``core``), and the least sure of the others."""

    mean: float
    core: int
    unsure: tuple[Unsure, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A group in a window, by its place; ``members`` sorted, the first ones where ``size`` is larger.

    ``stability``: the Jaccard index with itself when last seen, None at first; ``certainty``: None without runs.
    """

    window: int
    size: int
    members: tuple[str, ...]
    stability: float | None
    certainty: Certainty | None


@dataclass(frozen=True, slots=True)
class History:
    """A group through time, under the id that lasts; ``peak``: its greatest size."""

    id: int
    peak: int
    windows: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A window: its first and last day (``known``: moments), and how much stayed as it was.

    ``active``: entities that a link joins to another; ``groups`` those of the size asked; ``kept``: of those in a group
    both now and in the window before, the share who are in the same one, None where there is nobody.
    """

    start: str
    end: str
    links: int
    active: int
    groups: int
    modularity: float
    kept: float | None


@dataclass(frozen=True, slots=True)
class HistoryResult:
    """The windows in order of time; the groups, the largest first, of ``total``; and what happened to those listed.

    ``undated``: links without a date, which are in every window; ``runs``: how many the certainties rest on.
    """

    periods: tuple[Period, ...]
    groups: tuple[History, ...]
    events: tuple[Event, ...]
    total: int
    undated: int
    runs: int
    algorithm: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Method:
    """How groups are found: window after window (``following``), and anew for the certainty of memberships."""

    name: str
    following: Following
    anew: Parting


def in_memory(view: View, asked: HistoryParameters, budget: Budget) -> Finding[HistoryResult]:
    """By Leiden, begun in each window with the groups of the one before."""
    return _history(view, asked, budget, Method("leiden", _settled, _once))


def on_networkx(view: View, asked: HistoryParameters, budget: Budget) -> Finding[HistoryResult]:
    """By NetworkX's Louvain, which begins anew in each window: it knows no inertia."""
    return _history(view, asked, budget, Method("louvain", _anew, louvain))


def _once(weighted: Weighted, asked: PartitionParameters, resolution: float, budget: Budget) -> Ints | None:
    """One run from single nodes, numbered by chance so that the seed decides between equals.

    The best of several runs would hide how much another seed changes.
    """
    nodes = len(weighted.numbers)
    turned = np.random.default_rng(asked.seed).permutation(nodes).astype(np.int32)
    nobody = np.full(nodes, NOBODY, dtype=np.int32)
    asked = asked.model_copy(update={"resolution": resolution})
    label = settle(weighted.turned(turned), nobody, asked, 0.0, budget)
    return None if label is None else label[turned]


def _settled(weighted: Weighted, before: Ints, asked: ChronicleParameters, budget: Budget) -> Ints | None:
    if (before == NOBODY).all():
        return leiden(weighted, asked, asked.resolution, budget)
    return settle(weighted, before, asked, asked.inertia, budget)


def _anew(weighted: Weighted, _before: Ints, asked: ChronicleParameters, budget: Budget) -> Ints | None:
    return louvain(weighted, asked, asked.resolution, budget)


def _history(view: View, asked: HistoryParameters, budget: Budget, method: Method) -> Finding[HistoryResult]:
    chronicle = Chronicle.of(view, asked, method.following, budget)
    runs = chronicle.runs(asked, method.anew, budget)
    total, listed = _largest(chronicle.chapters, asked.limit)
    standings: dict[int, list[Standing]] = {group: [] for group in listed}
    for window, chapter in enumerate(chronicle.chapters):
        share = runs.shares[window] if runs.made else None
        for label, group in enumerate(chapter.step.ids):
            if group in standings:
                standings[group].append(_standing(view, asked.members, window, chapter, label, share))
    groups = tuple(History(group, max(s.size for s in those), tuple(those)) for group, those in standings.items())
    events = [event for chapter in chronicle.chapters for event in chapter.step.events if event.group in standings]
    result = HistoryResult(
        tuple(map(_period, chronicle.chapters)),
        groups,
        tuple(events[:_EVENTS]),
        total,
        undated(view),
        runs.made,
        method.name,
    )
    complete = chronicle.whole and runs.made == asked.runs and total == len(groups) and len(events) <= _EVENTS
    cut = any(one.size > len(one.members) for group in groups for one in group.windows)
    inside = _evidence(view, groups, asked.evidence)
    links = links_among(view, inside)
    return Finding.of(
        result, inside, links, truncated=budget.exhausted or cut or not complete, explored=budget.explored
    )


def _largest(chapters: Sequence[Chapter], limit: int) -> tuple[int, list[int]]:
    """How many groups there ever were, and the ids of the largest, the older first among equals."""
    peak: dict[int, int] = {}
    for chapter in chapters:
        for group, size in zip(chapter.step.ids, np.bincount(chapter.label).tolist(), strict=True):
            peak[group] = max(peak.get(group, 0), size)
    return len(peak), sorted(peak, key=lambda group: (-peak[group], group))[:limit]


def _period(chapter: Chapter) -> Period:
    step = chapter.step
    kept = round(step.kept / step.both, _DIGITS) if step.both else None
    return Period(
        chapter.window.start,
        chapter.window.end,
        chapter.links,
        chapter.active,
        len(step.ids),
        chapter.modularity,
        kept,
    )


def _standing(view: View, most: int, window: int, chapter: Chapter, label: int, share: Floats | None) -> Standing:
    inside = np.flatnonzero(chapter.label == label)
    numbers = chapter.members[inside]
    names = tuple(view.network.entity_id(number) for number in numbers[:most].tolist())
    stability = chapter.step.stability[label]
    sure = None if share is None else _certainty(view, numbers, share[inside])
    return Standing(window, len(inside), names, stability, sure)


def _certainty(view: View, numbers: Ints, share: Floats) -> Certainty:
    """Of a group's members, given in order of id with the shares of runs in which they stay."""
    least = np.argsort(share, kind="stable")[:_UNSURE]
    unsure = (
        Unsure(view.network.entity_id(int(numbers[place])), round(float(share[place]), _DIGITS))
        for place in least.tolist()
        if share[place] < _CORE
    )
    return Certainty(round(float(share.mean()), _DIGITS), int((share >= _CORE).sum()), tuple(unsure))


def _evidence(view: View, groups: Sequence[History], most: int) -> list[str]:
    """The members of the listed groups as they were last seen, as far as the view itself shows them, at most so many.

    A view of what was known earlier may show more than that of today.
    """
    wanted = dict.fromkeys(member for group in groups for member in group.windows[-1].members)
    return [member for member in wanted if _shown(view, member)][:most]


def _shown(view: View, entity_id: str) -> bool:
    number = view.network.entity_number(entity_id)
    return number is not None and bool(view.nodes[number])


QUESTION = Question(
    name="community-history",
    summary="What became of the groups? Window by window: born, grown, merged, split, died, and how sure that is.",
    parameters=HistoryParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"step": "year", "limit": 5},
)
