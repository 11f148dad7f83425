"""Shortest-path search on a view: runs the compiled kernels and hands back the links that lie on shortest paths."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from graph_service.network.adjacency import BACKWARD, EITHER, FORWARD, Adjacency, Offsets
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints, Mask
from graph_service.network.view import View
from graph_service.network.workspaces import DEEPEST

_EVERY: Mask = np.zeros(0, dtype=np.bool_)
_NO_STEPS: Ints = np.zeros((0, 3), dtype=np.int32)
HORIZON = 255
"""The longest path, in links, that may be asked for."""
STEP_CAP = 2_000_000
"""Links on shortest paths that are kept for one question, on each side of the meeting point."""


class Outcome(StrEnum):
    """How a search for a path ended; anything but ``met`` is the proof that goes with an empty answer.

    ``exhausted``: there is no path at all, one side saw everything it can reach. ``bound``: the shortest path is
    longer than asked. ``budget``: the search was stopped before it could tell.
    """

    MET = "met"
    EXHAUSTED = "exhausted"
    BOUND = "bound"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, eq=False)
class ShortestLinks:
    """``steps`` int32[k, 3]: (from, link, to) of every link on a shortest path, in no order, none unless ``met``.

    ``distance``: links of the shortest path, also where it lies beyond the bound or was not followed to its end; None
    where none is known. ``complete``: no step was left out; where some were, the others still lead to the target.
    """

    outcome: Outcome
    distance: int | None
    steps: Ints
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """What is searched: from any of ``sources`` to any of ``targets``, int32 node numbers with none in common.

    ``way`` FORWARD follows directions, EITHER does not. ``through`` bool[entities] says who else may be passed,
    ``open`` bool[links] which links may be taken; an empty one allows all.
    """

    sources: Ints
    targets: Ints
    way: int
    through: Mask = field(default_factory=lambda: _EVERY)
    open: Mask = field(default_factory=lambda: _EVERY)


def shortest_links(view: View, between: Between, max_hops: int, budget: Budget) -> ShortestLinks:
    """Every link on a shortest path between the ends, of at most ``max_hops`` links.

    O(links looked at), which the budget bounds. A search that is
    stopped before it has led back to the source counts as ``budget``. Raises Cancelled when called off.
    """
    from graph_service.network.kernels import paths

    adjacency = view.adjacency
    ahead, behind = bounds(adjacency, between.way)
    walked = (adjacency.neighbour, adjacency.link)
    ends, ground = (between.sources, between.targets), (between.through, between.open)
    state, links = budget.state, budget.limits.links
    with view.network.workspaces.borrowed() as (marks, queues, stamp):
        code, near, far, begin, end = paths.two_sided(
            *ahead, *behind, *walked, *ends, *ground, DEEPEST, marks, queues, stamp, state, links
        )
        if code != paths.MET:
            _ = budget.exhausted
            outcome = {paths.APART: Outcome.EXHAUSTED, paths.BOUND: Outcome.BOUND}.get(code, Outcome.BUDGET)
            return ShortestLinks(outcome, None, _NO_STEPS, complete=True)
        if near + far > max_hops:
            return ShortestLinks(Outcome.BOUND, near + far, _NO_STEPS, complete=True)
        side = 0 if begin > 0 else 1
        met = queues[side, abs(begin) : abs(end)]
        met = np.sort(met[marks[1 - side][met] >= stamp])
        nearer, fitted = paths.backtrack(
            *behind, *walked, between.open, marks[0], stamp, met, near, STEP_CAP, state, links
        )
        farther, fitted_too = paths.backtrack(
            *ahead, *walked, between.open, marks[1], stamp, met, far, STEP_CAP, state, links
        )
        steps = np.concatenate([nearer, farther[:, ::-1]])
        if fitted and fitted_too:
            return ShortestLinks(Outcome.MET, near + far, steps, complete=True)
        _ = budget.exhausted  # raises when called off
        steps = _leading(steps, between.targets, near + far, view.network.entities)
        outcome = Outcome.MET if np.isin(steps[:, 0], between.sources).any() else Outcome.BUDGET
        return ShortestLinks(outcome, near + far, steps if outcome is Outcome.MET else _NO_STEPS, complete=False)


def _leading(steps: Ints, targets: Ints, distance: int, nodes: int) -> Ints:
    """The steps from which a target is still reached, when some were left out. O(distance * steps)."""
    reaches = np.zeros(nodes, dtype=np.bool_)
    reaches[targets] = True
    for _ in range(distance):
        reaches[steps[reaches[steps[:, 2]], 0]] = True
    return steps[reaches[steps[:, 2]]]


def bounds(adjacency: Adjacency, way: int) -> tuple[tuple[Offsets, Offsets], tuple[Offsets, Offsets]]:
    """Where each node's entries begin and end: along a way, and against it."""
    return _bounds(adjacency, way), _bounds(adjacency, {FORWARD: BACKWARD, EITHER: EITHER}[way])


def _bounds(adjacency: Adjacency, way: int) -> tuple[Offsets, Offsets]:
    first = adjacency.mutual if way == BACKWARD else adjacency.start[:-1]
    last = adjacency.incoming if way == FORWARD else adjacency.start[1:]
    return first, last
