"""Taking entities out one by one: whom a strategy takes next, who takes over, and what is left after each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints, Mask
from graph_service.network.facts import Floats
from queries.players.movements import Movements
from queries.players.ranking import ranked
from queries.players.remains import Remains, Whole

_DIGITS = 9


class Strategy(StrEnum):
    """Whom to take out next.

    ``degree``: who has most ties. ``betweenness``: who lies on most shortest paths. ``fragmentation``: whose absence
    leaves fewest pairs that reach each other (KPP-Neg taken greedily, Borgatti 2006,
    doi:10.1007/s10588-006-7084-x). ``money``: through whom most money still moves. ``random``: anybody, the base line.
    ``given``: those that are named, in that order. Equals go by id.
    """

    DEGREE = "degree"
    BETWEENNESS = "betweenness"
    FRAGMENTATION = "fragmentation"
    MONEY = "money"
    RANDOM = "random"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Point:
    """What is left after a number of removals.

    ``removed``: who went last, empty at the start and in means. ``fragmentation``: the share of pairs that do not
    reach each other (Borgatti's F); ``largest``: entities in the largest part; ``parts``: how many parts;
    ``efficiency``: the mean of 1/distance over all pairs; each of those that are left. ``money``: the share of the
    amounts that still move, None where none are known.
    """

    removed: str
    fragmentation: float
    largest: float
    parts: float
    efficiency: float
    money: float | None


@dataclass(frozen=True, slots=True)
class TakeOver:
    """After so many removals ``heir`` took over from ``removed``, with so many new ties."""

    after: int
    removed: str
    heir: str
    ties: int


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A network and what a disruption needs to know of it; nodes in order of id.

    ``candidates`` bool[nodes]: who may be taken out, and may take over; ``id_of`` and ``kind_of``: of a node.
    """

    whole: Whole
    candidates: Mask
    movements: Movements
    id_of: Callable[[int], str]
    kind_of: Callable[[int], str]
    remains: Callable[[], Remains]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How many to take out, afresh after each (``in_turn``) or by the ranking at the start; ``delay``: removals until
    somebody takes over, None for never; ``order``: whom, where that is settled before."""

    count: int
    in_turn: bool
    delay: int | None
    order: Sequence[int] | None = None


@dataclass(slots=True)
class Run:
    """One run of a plan on a network, and what it has come to."""

    setting: Setting
    budget: Budget
    points: list[Point] = field(default_factory=list)
    takeovers: list[TakeOver] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)

    def follow(self, strategy: Strategy, plan: Plan) -> bool:
        """Take out what the plan says, or all there are; False when the budget ended before that.

        Steps that the budget broke off are not told.
        """
        remains, there = self.setting.remains(), np.ones(self.setting.whole.nodes, dtype=np.bool_)
        vacant: dict[int, _Vacancy] = {}
        order, node = plan.order, None
        for step in range(plan.count + 1):
            takeovers = []
            if step:
                if order is None or (plan.in_turn and plan.order is None):
                    order = self._ranked(strategy, remains, there)
                node = next((open_ for open_ in order if there[open_]), None)
                if node is None:
                    return True
                if plan.delay is not None:
                    vacant[step + plan.delay] = _vacancy(self.setting, remains, node)
                remains.remove(node)
                there[node] = False
                if step in vacant:
                    takeovers = self._filled(vacant[step], remains, there, step)
            point = self._point("" if node is None else self.setting.id_of(node), remains, there)
            if self.budget.exhausted:
                return False
            self.points.append(point)
            self.takeovers += takeovers
            self.taken += [] if node is None else [node]
        return True

    def _ranked(self, strategy: Strategy, remains: Remains, there: Mask) -> list[int]:
        """The candidates still there, the best first."""
        score = _scores(strategy, remains, self.setting.movements, there)
        open_ = np.flatnonzero(self.setting.candidates & there)
        return [int(node) for node in open_[ranked(score[open_])[0]]]

    def _point(self, removed: str, remains: Remains, there: Mask) -> Point:
        left, parts, distances = int(there.sum()), remains.parts(), remains.distances()
        pivots = int(there[self.setting.whole.pivots].sum())
        total = self.setting.movements.total(np.ones_like(there))
        moving = self.setting.movements.total(there)
        near = sum(count / distance for distance, count in sorted(distances.items()))
        return Point(
            removed,
            fragmentation(parts),
            parts[0] if parts else 0,
            len(parts),
            round(near / (pivots * (left - 1)), _DIGITS) if pivots and left > 1 else 0.0,
            round(moving / total, _DIGITS) if total else None,
        )

    def _filled(self, vacancy: _Vacancy, remains: Remains, there: Mask, step: int) -> list[TakeOver]:
        degree = remains.degrees()
        for ring in vacancy.rings:
            if heirs := [node for node in ring if there[node]]:
                heir = max(heirs, key=lambda node: (degree[node], -node))
                new = remains.join(heir, [node for node in vacancy.ties if there[node]])
                return [TakeOver(step, self.setting.id_of(vacancy.node), self.setting.id_of(heir), new)]
        return []


@dataclass(frozen=True, slots=True)
class _Vacancy:
    """A place that somebody left: whom it was tied to, and who may fill it, the nearest first."""

    node: int
    ties: Sequence[int]
    rings: tuple[Sequence[int], Sequence[int]]


def fragmentation(parts: Sequence[int]) -> float:
    """Borgatti's F of parts of these sizes: 1 less the share of ordered pairs within them; 1 for fewer than two
    entities, of whom none reaches another."""
    nodes = sum(parts)
    within = sum(size * (size - 1) for size in parts)
    return round(1 - within / (nodes * (nodes - 1)), _DIGITS) if nodes > 1 else 1.0


def _scores(strategy: Strategy, remains: Remains, movements: Movements, there: Mask) -> Floats:
    by: Mapping[Strategy, Callable[[], Floats]] = {
        Strategy.DEGREE: remains.degrees,
        Strategy.BETWEENNESS: remains.dependencies,
        Strategy.FRAGMENTATION: remains.cuts,
        Strategy.MONEY: lambda: movements.by_node(there),
    }
    return by[strategy]()


def _vacancy(setting: Setting, remains: Remains, node: int) -> _Vacancy:
    """Who may take the place of a node that is about to go: candidates of its kind among its neighbours, else among
    theirs."""
    ties = remains.neighbours(node)
    beyond = {two for one in ties for two in remains.neighbours(one)} - {node, *ties}
    kind = setting.kind_of(node)

    def alike(nodes: Sequence[int]) -> Sequence[int]:
        return [other for other in nodes if setting.candidates[other] and setting.kind_of(other) == kind]

    return _Vacancy(node, ties, (alike(ties), alike(sorted(beyond))))


def drawn(candidates: Mask, count: int, seed: int, run: int) -> Sequence[int]:
    """The candidates that one random run takes out, in order."""
    nodes: Ints = np.flatnonzero(candidates).astype(np.int32)
    order = np.random.default_rng([seed, run]).permutation(len(nodes))[:count]
    return [int(node) for node in nodes[order]]
