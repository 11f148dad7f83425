"""``disruption``: what is left of a network when people are taken out of it, and who would take their place.

A what-if on data that are never complete: not an arrest list. The links of the scope make an undirected simple graph;
nobody who suffered what others did is ever proposed for removal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import Field

from graph_service.errors import InvalidParameter
from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.ends import listed
from queries.groups.listing import graph_links_among, links_among
from queries.players import settings
from queries.players.pivots import affordable, pivot_nodes
from queries.players.protected import protected
from queries.players.removing import Plan, Point, Run, Setting, Strategy, TakeOver, drawn
from queries.players.settings import Pivots
from queries.question import Parameters, Question

_MOST = 100
_DIGITS = 9
_BAND = (0.025, 0.975)


class DisruptionParameters(Parameters):
    """Whom to take out, how, and what happens then."""

    strategies: str = Field(
        default="betweenness,degree,fragmentation,random",
        description=f"What to compare, parted by commas: {', '.join(Strategy)}",
        min_length=1,
        max_length=200,
    )
    count: int = Field(default=5, ge=1, le=_MOST, description="How many to take out by each strategy")
    kind: str = Field(default="Party", description="Who may be taken out: this kind of entity, or one below it")
    given: str = Field(
        default="", max_length=60_000, description="Ids of those to take out by the strategy given, in this order"
    )
    in_turn: bool = Field(default=True, description="Choose anew after each removal, not all at the start")
    delay: int | None = Field(
        default=None, ge=0, le=_MOST, description="Removals until the best placed associate takes over; none: never"
    )
    runs: int = Field(default=20, ge=1, le=1_000, description="Runs of the strategy random, of which the mean is told")
    seed: int = Field(default=1, ge=0, lt=2**31, description="The same seed gives the same random runs")
    pivots: int | None = Field(
        default=None,
        ge=16,
        le=100_000,
        description="Entities that shortest paths are measured from; none: up to 1,000, fewer where it takes too long",
    )

    def chosen(self) -> tuple[tuple[Strategy, ...], tuple[str, ...]]:
        """The strategies and the ids given; ids that are given are a strategy without being named as one."""
        names = tuple(dict.fromkeys(part.strip() for part in self.strategies.split(",") if part.strip()))
        if unknown := [name for name in names if name not in set(Strategy)]:
            raise InvalidParameter(f"strategies: no {unknown[0]!r}; there are {', '.join(Strategy)}")
        if self.given.strip() and Strategy.GIVEN not in names:
            names = (Strategy.GIVEN, *names)
        if not names:
            raise InvalidParameter(f"strategies: name at least one of {', '.join(Strategy)}")
        given = listed(self.given, "given") if Strategy.GIVEN in names else ()
        if len(given) > _MOST:
            raise InvalidParameter(f"given: {len(given)} entities, {_MOST} at most")
        return tuple(map(Strategy, names)), given


@dataclass(frozen=True, slots=True)
class Curve:
    """What one strategy comes to: ``points`` from before the first removal to after the last.

    Of ``runs`` runs the means; then ``low`` and ``high`` bound the fragmentation of 95 % of them, point by point.
    """

    strategy: str
    points: tuple[Point, ...]
    takeovers: tuple[TakeOver, ...] = ()
    runs: int = 1
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class DisruptionResult:
    """The network before, who may be taken out of it, and a curve for each strategy that the budget sufficed for.

    ``ties``: pairs of entities that links join; ``never``: victims, who are no candidates; ``pivots``: entities that
    shortest paths were measured from, which is exact when they are all.
    """

    entities: int
    ties: int
    candidates: int
    never: int
    pivots: int
    curves: tuple[Curve, ...]


def in_memory(view: View, asked: DisruptionParameters, budget: Budget) -> Finding[DisruptionResult]:
    """By compiled loops."""
    return _disrupted(view, settings.on_arrays, asked, budget, lambda ids: links_among(view, ids))


def on_networkx(view: View, asked: DisruptionParameters, budget: Budget) -> Finding[DisruptionResult]:
    """By NetworkX's own functions."""
    return _disrupted(view, settings.on_networkx, asked, budget, lambda ids: graph_links_among(view.graph, ids))


def _disrupted(
    view: View,
    read: Callable[[View, str, Pivots, Budget], Setting],
    asked: DisruptionParameters,
    budget: Budget,
    among: Callable[[Sequence[str]], Sequence[LinkRef]],
) -> Finding[DisruptionResult]:
    strategies, given = asked.chosen()
    spared = protected(view)
    for one in given:
        if spared[view.number(one)]:
            raise InvalidParameter(f"given: {one} is a victim here; victims are never taken out")
    searches = _searches(strategies, max(asked.count, len(given)), asked)

    def pivots(nodes: int, ties: int) -> Ints:
        many = asked.pivots or affordable(nodes, ties, searches, budget.limits)
        return pivot_nodes(nodes, many, asked.seed)

    setting = read(view, asked.kind, pivots, budget)
    curves, shown, whole = [], list(given), True
    for strategy in strategies:
        runs = list(_runs(setting, strategy, asked, _places(setting, given), budget))
        told = [run for run, complete in runs if complete or len(runs) == 1]
        whole = whole and all(complete for _, complete in runs)
        if not told[0].points:
            continue
        if strategy is Strategy.RANDOM:
            curves.append(_mean(told))
            continue
        (run,) = told
        curves.append(Curve(strategy.value, tuple(run.points), tuple(run.takeovers)))
        shown += [*map(setting.id_of, run.taken), *(takeover.heir for takeover in run.takeovers)]
    ids = sorted(set(shown))
    result = DisruptionResult(
        setting.whole.nodes,
        len(setting.whole.low),
        int(setting.candidates.sum()),
        int((spared & view.of_kinds(asked.kind)).sum()),
        len(setting.whole.pivots),
        tuple(curves),
    )
    cut = budget.exhausted or not whole
    return Finding.of(result, ids, among(ids), truncated=cut, explored=budget.explored)


def _runs(
    setting: Setting, strategy: Strategy, asked: DisruptionParameters, given: Sequence[int], budget: Budget
) -> Iterator[tuple[Run, bool]]:
    """The runs of a strategy, each with whether it came to its end; none after one that did not."""
    plan = Plan(asked.count, asked.in_turn, asked.delay)
    plans = [plan]
    if strategy is Strategy.RANDOM:
        drawings = (drawn(setting.candidates, asked.count, asked.seed, run) for run in range(asked.runs))
        plans = [replace(plan, order=order) for order in drawings]
    elif strategy is Strategy.GIVEN:
        plans = [replace(plan, count=len(given), order=given)]
    for one in plans:
        run = Run(setting, budget)
        complete = run.follow(strategy, one)
        yield run, complete
        if not complete:
            return


def _searches(strategies: Sequence[Strategy], count: int, asked: DisruptionParameters) -> float:
    """How often the network is searched from each pivot: for betweenness each time it is ranked, for the efficiency an
    eighth of that at each point, for 64 pivots share a sweep and there are some eight levels."""
    curves = len(strategies) + (asked.runs - 1) * (Strategy.RANDOM in strategies)
    rankings = (count if asked.in_turn else 1) * (Strategy.BETWEENNESS in strategies)
    return rankings + curves * (count + 1) / 8


def _places(setting: Setting, given: Sequence[str]) -> list[int]:
    wanted = set(given)
    place = {setting.id_of(node): node for node in range(setting.whole.nodes)} if wanted else {}
    return [place[one] for one in given]


def _mean(runs: Sequence[Run]) -> Curve:
    """The mean of runs of one length."""
    at = [[run.points[step] for run in runs] for step in range(len(runs[0].points))]

    def mean(values: Sequence[float]) -> float:
        return round(float(np.mean(values)), _DIGITS)

    points = tuple(
        Point(
            "",
            mean([point.fragmentation for point in points]),
            mean([point.largest for point in points]),
            mean([point.parts for point in points]),
            mean([point.efficiency for point in points]),
            None if points[0].money is None else mean([point.money or 0.0 for point in points]),
        )
        for points in at
    )
    band = [
        [sorted(point.fragmentation for point in points)[_at(share, len(runs))] for points in at] for share in _BAND
    ]
    return Curve(Strategy.RANDOM.value, points, (), len(runs), tuple(band[0]), tuple(band[1]))


def _at(share: float, runs: int) -> int:
    return min(runs - 1, int(share * runs))


QUESTION = Question(
    name="disruption",
    summary="What is left when people are taken out? Strategies compared with chance, and who would take their place.",
    parameters=DisruptionParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"strategies": "betweenness,degree,random", "count": 5, "kind": "Subject"},
)
