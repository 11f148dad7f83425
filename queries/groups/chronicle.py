"""The groups of every window of a view, followed through time, and how sure their memberships are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from pydantic import Field

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints, Mask
from graph_service.network.view import View
from queries.groups.lineage import Lineage, Step
from queries.groups.partitioning import Parting
from queries.groups.quality import PartitionParameters
from queries.groups.settling import compact
from queries.groups.weighted import Floats, Weighted
from queries.groups.windows import STEPS, Clock, Window, windows_of


class ChronicleParameters(PartitionParameters):
    """How time is cut, when a group is the same as an earlier one, and how sure it should be made."""

    step: str = Field(default="year", pattern=f"^({STEPS})$", description="month, quarter, year, or a number of days")
    by: Clock = Field(default=Clock.VALID, description="Time by which links held (valid) or were recorded (known)")
    match: float = Field(default=0.3, gt=0, le=1, description="Least Jaccard index of a group with its earlier self")
    inertia: float = Field(
        default=0.05, ge=0, le=1, description="Share of a member's ties by which it is held to its earlier group"
    )
    runs: int = Field(default=10, ge=0, le=100, description="Runs with other seeds, for the certainty of memberships")
    min_size: int = Field(default=3, ge=2, le=2**31 - 1, description="Members of the smallest group")


Following: TypeAlias = Callable[[Weighted, Ints, ChronicleParameters, Budget], Ints | None]
"""The labels of a window's nodes, given the earlier group of each (NOBODY: none); None when the budget ended."""


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """A window with its groups of the size asked.

    ``weighted``: its graph; ``placed`` bool[nodes]: who is in a group; ``label`` int32[members]: in which, from 0 on
    in order of the smallest member id; ``step``: under which lasting ids. ``links`` and ``active``: the links shown,
    and the entities they join; ``modularity`` of all groups, small ones too.
    """

    window: Window
    weighted: Weighted
    placed: Mask
    label: Ints
    step: Step
    links: int
    active: int
    modularity: float

    @property
    def members(self) -> Ints:
        """Entity numbers of those in a group, in order of id."""
        return self.weighted.numbers[self.placed]

    def stay(self, run: Ints) -> Mask:
        """Which members another labelling of all nodes leaves with the core of their group: in the group of that
        labelling which holds most of it, the smallest label among equals."""
        other = run[self.placed].astype(np.int64)
        pair, many = np.unique(self.label * (other.max(initial=0) + 1) + other, return_counts=True)
        group, held = np.divmod(pair, other.max(initial=0) + 1)
        order = np.lexsort((held, -many, group))
        first = np.unique(group[order], return_index=True)[1]
        return np.asarray(other == held[order][first][self.label], dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Chronicle:
    """The windows' chapters; ``whole``: whether all windows are there."""

    chapters: tuple[Chapter, ...]
    whole: bool

    @staticmethod
    def of(view: View, asked: ChronicleParameters, following: Following, budget: Budget) -> Chronicle:
        """Window by window, each with the ids that earlier ones gave; ends early when the budget does."""
        windows = windows_of(view, asked.by, asked.step)
        lineage = Lineage.of(view.network.entities, asked.match)
        chapters: list[Chapter] = []
        for window in windows:
            shown = window.of(view, asked.by)
            weighted = asked.weighted(shown)
            if not budget.spend(len(shown.links)):
                break
            label = following(weighted, lineage.group[weighted.numbers], asked, budget)
            if label is None:
                break
            chapters.append(_chapter(window, shown, weighted, label, lineage, asked.min_size))
        return Chronicle(tuple(chapters), len(chapters) == len(windows))

    def runs(self, asked: ChronicleParameters, parting: Parting, budget: Budget) -> Runs:
        """Begins anew with other seeds, as often as asked; a run that the budget cuts short does not count."""
        stayed = [np.zeros(len(each.label)) for each in self.chapters]
        made = 0
        while made < asked.runs:
            other = asked.model_copy(update={"seed": (asked.seed + made + 1) % 2**31})
            masks = self._run(other, parting, budget)
            if masks is None:
                break
            stayed = [count + mask for count, mask in zip(stayed, masks, strict=True)]
            made += 1
        return Runs(made, tuple(count / max(made, 1) for count in stayed))

    def _run(self, asked: ChronicleParameters, parting: Parting, budget: Budget) -> list[Mask] | None:
        masks = []
        for each in self.chapters:
            label = parting(each.weighted, asked, asked.resolution, budget)
            if label is None or not budget.spend(len(each.weighted.weight)):
                return None
            masks.append(each.stay(label))
        return masks


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """How many runs with other seeds were ``made``, and for each chapter float64[members]: the share of the runs in
    which a member stays with the core of its group."""

    made: int
    shares: tuple[Floats, ...]


def _chapter(window: Window, shown: View, weighted: Weighted, label: Ints, lineage: Lineage, least: int) -> Chapter:
    active = np.zeros(len(weighted.numbers), dtype=np.bool_)
    active[weighted.low] = active[weighted.high] = True
    placed = active & (np.bincount(label, minlength=1)[label] >= least)
    groups = compact(label[placed])
    step = lineage.follow(weighted.numbers[placed], groups, weighted.numbers[active])
    modularity = weighted.modularity(label)
    return Chapter(window, weighted, placed, groups, step, len(shown.links), int(active.sum()), modularity)
