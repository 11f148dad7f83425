"""``rank-uncertainty``: how sure a ranking is, when links may be false and others are not known.

Many plausible networks are drawn around the one that was reported, each entity is ranked in each, and the ranks are
told as an interval. A tie stands with the chance that its evidence gives it; unseen ties are added by a stated model.
Ranks in police data measure attention as well as role; those who suffered what others did are never ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints, Mask
from graph_service.network.view import View
from queries.groups.listing import graph_links_among, links_among
from queries.groups.weighted import Weighted
from queries.players.measures import SEARCHED, Graph, Measure, Scored, by_networkx, compiled
from queries.players.pivots import affordable, pivot_nodes
from queries.players.plausible import Plausible, Seen, Unseen
from queries.players.protected import protected
from queries.players.ranking import ranked
from queries.question import Parameters, Question

CELLS = 20_000_000
"""Ranks kept at the most: draws times candidates. Where that is too few, fewer networks are drawn, and it is said."""
_DIGITS = 9


class RankUncertaintyParameters(Parameters):
    """By what to rank, and how the plausible networks are made."""

    measure: Measure = Field(default=Measure.BETWEENNESS, description=f"What to rank by: {', '.join(Measure)}")
    kind: str = Field(default="Party", description="Who is ranked: this kind of entity, or one below it")
    draws: int = Field(default=1_000, ge=20, le=10_000, description="Plausible networks to draw")
    missing: float = Field(
        default=0.1, ge=0, le=0.9, description="The share of the true network's ties that nobody reported"
    )
    model: Unseen = Field(
        default=Unseen.TRIADS,
        description="Where unseen ties are: triads (friends of friends) or degree (the connected)",
    )
    level: float = Field(default=0.9, ge=0.5, le=0.99, description="The share of networks whose ranks are the interval")
    top: int = Field(default=5, ge=1, le=1_000, description="How many count as the top")
    limit: int = Field(default=20, ge=1, le=1_000, description="How many entities are listed")
    seed: int = Field(default=1, ge=0, lt=2**31, description="The same seed draws the same networks")


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An entity with its rank in the network as reported, every tie taken as true, and in the plausible ones: the
    median, the interval from ``low`` to ``high``, and the share in which it is in the top."""

    id: str
    reported: int
    median: int
    low: int
    high: int
    in_top: float


@dataclass(frozen=True, slots=True)
class RankUncertaintyResult:
    """The best ranked, by their median, then mean rank; ranks are from 1, equals have the better one.

    ``draws``: networks drawn; ``ranked``: entities that were ranked; ``never``: victims, who were not; ``pivots``: of
    all ``entities``, those that shortest paths were measured from in each network, drawn anew for each; ``ties``: of
    the network as reported, of which ``standing`` are true on average, and ``unseen`` are added.
    """

    ranks: tuple[Uncertain, ...]
    draws: int
    ranked: int
    never: int
    entities: int
    pivots: int
    ties: int
    standing: float
    unseen: float


@dataclass(frozen=True, slots=True, eq=False)
class _Reported:
    """The network as an engine read it; ``candidates``: nodes in order of id."""

    seen: Seen
    candidates: Ints
    id_of: Callable[[int], str]
    links_among: Callable[[Sequence[str]], Sequence[LinkRef]]


def in_memory(view: View, asked: RankUncertaintyParameters, budget: Budget) -> Finding[RankUncertaintyResult]:
    """By compiled loops."""
    weighted = Weighted.of(view)
    numbers, nodes = weighted.numbers, len(weighted.numbers)
    place = np.zeros(view.network.entities, dtype=np.int64)
    place[numbers] = np.arange(nodes)
    one, other = place[view.links.source], place[view.links.target]
    apart = np.flatnonzero(one != other)
    key = np.minimum(one, other) * max(nodes, 1) + np.maximum(one, other)
    false = 1.0 - view.facts.probability
    order = apart[np.lexsort((false[apart], key[apart]))]
    parts = np.split(false[order], np.flatnonzero(np.diff(key[order])) + 1) if len(order) else []
    chance = np.array([_chance(part.tolist()) for part in parts], dtype=np.float64)
    candidates = np.flatnonzero((view.of_kinds(asked.kind) & ~protected(view))[numbers]).astype(np.int32)
    reported = _Reported(
        Seen(nodes, weighted.low, weighted.high, chance),
        candidates,
        lambda node: view.network.entity_id(int(numbers[node])),
        lambda ids: links_among(view, ids),
    )
    return _ranked(view, reported, asked, compiled, budget)


def on_networkx(view: View, asked: RankUncertaintyParameters, budget: Budget) -> Finding[RankUncertaintyResult]:
    """By NetworkX, on the same draws."""
    graph, ontology = view.graph, view.network.ontology
    kinds = ontology.descendants(ontology.entity_kind(asked.kind).name)
    ids = sorted(graph)
    place = {entity: node for node, entity in enumerate(ids)}
    false: dict[tuple[int, int], list[float]] = {}
    for source, target, probability in graph.edges(data="probability"):
        if source != target:
            one, other = sorted((place[source], place[target]))
            false.setdefault((one, other), []).append(1.0 - probability)
    ends = np.array(sorted(false), dtype=np.int32).reshape(-1, 2)
    chance = np.array([_chance(sorted(false[tie])) for tie in sorted(false)], dtype=np.float64)
    spared = protected(view)
    open_ = [n for n, one in enumerate(ids) if kinds & graph.nodes[one]["kinds"] and not spared[view.number(one)]]
    reported = _Reported(
        Seen(len(ids), ends[:, 0], ends[:, 1], chance),
        np.array(open_, dtype=np.int32),
        lambda node: ids[node],
        lambda among: graph_links_among(graph, among),
    )
    return _ranked(view, reported, asked, by_networkx, budget)


def _chance(false: Sequence[float]) -> float:
    """The chance that one of several links holds, from the chances that each does not, in ascending order."""
    return round(1.0 - prod(false), _DIGITS)


def _ranked(
    view: View, reported: _Reported, asked: RankUncertaintyParameters, scored: Scored, budget: Budget
) -> Finding[RankUncertaintyResult]:
    seen, candidates = reported.seen, reported.candidates
    plausible = Plausible.around(seen, asked.missing, asked.model, asked.seed)
    many = affordable(seen.nodes, len(seen.low), asked.draws + 1, budget.limits)

    def ranks_of(low: Ints, high: Ints, number: int) -> Ints:
        graph = Graph(seen.nodes, low, high, pivot_nodes(seen.nodes, many, asked.seed, number))
        return ranked(scored(graph, asked.measure, budget)[candidates])[1]

    first = ranks_of(seen.low, seen.high, 0)
    wanted = min(asked.draws, CELLS // max(len(candidates), 1))
    drawn = np.empty((wanted, len(candidates)), dtype=np.int32)
    draws = 0
    for number in range(wanted):
        ranks = ranks_of(*plausible.draw(number), number + 1)
        if budget.exhausted:
            break
        drawn[number] = ranks
        draws += 1
    rows = _rows(drawn[:draws], first, reported, asked)
    spared = int((protected(view) & view.of_kinds(asked.kind)).sum())
    result = RankUncertaintyResult(
        rows,
        draws,
        len(candidates),
        spared,
        seen.nodes,
        many if asked.measure in SEARCHED else seen.nodes,
        len(seen.low),
        round(plausible.standing, 6),
        round(plausible.unseen, 6),
    )
    ids = sorted(row.id for row in rows)
    cut = draws < asked.draws or len(candidates) > asked.limit
    return Finding.of(result, ids, reported.links_among(ids), truncated=cut, explored=budget.explored)


def _rows(
    drawn: Ints, reported_ranks: Ints, reported: _Reported, asked: RankUncertaintyParameters
) -> tuple[Uncertain, ...]:
    """The rows of the best, from the ranks int32[draws, candidates]; none where nothing was drawn."""
    draws, many = drawn.shape
    if not draws or not many:
        return ()
    ordered = np.sort(drawn, axis=0)
    # The same number of draws is left out on each side: at most (1 - level) / 2 of them.
    tail = int(draws * (1 - asked.level) / 2 + 1e-9)
    median = ordered[(draws - 1) // 2]
    top: Mask = drawn <= asked.top
    order = np.lexsort((np.arange(many), reported_ranks, drawn.sum(axis=0, dtype=np.int64), median))
    return tuple(
        Uncertain(
            reported.id_of(int(reported.candidates[at])),
            int(reported_ranks[at]),
            int(median[at]),
            int(ordered[tail, at]),
            int(ordered[draws - 1 - tail, at]),
            round(float(top[:, at].mean()), _DIGITS),
        )
        for at in order[: asked.limit].tolist()
    )


QUESTION = Question(
    name="rank-uncertainty",
    summary="How sure is a ranking? Each rank with an interval, when links may be false and others are not known.",
    parameters=RankUncertaintyParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"measure": "betweenness", "kind": "Subject", "draws": 200, "top": 5, "limit": 10},
)
