"""``key-players``: who matters, by a measure of position, or as the set that together parts or reaches the most.

Measures see a simple graph: one tie between two entities, however many links there are, which are its weight where a
measure has one. Those who suffered what others did are never ranked. Centrality in police data measures attention as
well as role.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import Field

from graph_service.errors import InvalidParameter
from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.facts import Floats
from graph_service.network.view import View
from queries.players import key_sets
from queries.players.engines import ArrayEngine, Engine, NetworkxEngine
from queries.players.nearness import exact_fits
from queries.players.ranking import ranked
from queries.players.scores import DIRECTED, SETS, KeyMeasure, coarse
from queries.question import Parameters, Question

_LINKS = 200
"""Entities of a ranking whose links among themselves are fetched."""


class KeyPlayersParameters(Parameters):
    """By which measure, of whom, and how many."""

    measure: KeyMeasure = Field(default=KeyMeasure.BETWEENNESS, description=f"What to rank by: {', '.join(KeyMeasure)}")
    kind: str = Field(default="Party", description="Who is ranked: this kind of entity, or one below it")
    limit: int = Field(default=20, ge=1, le=1_000, description="How many entities are listed")
    directed: bool = Field(default=False, description=f"Follow the direction of links: {', '.join(sorted(DIRECTED))}")
    size: int = Field(default=2, ge=1, le=50, description="Members of the set of kpp-neg and kpp-pos")
    exact: int = Field(
        default=20_000, ge=0, le=100_000, description="Entities up to which betweenness is exact, where limits allow it"
    )
    error: float = Field(
        default=0.01, ge=0.002, le=0.5, description="How far sampled betweenness may be off, at 95 %, of a scale of 1"
    )
    seed: int = Field(default=1, ge=0, lt=2**31, description="The same seed draws the same samples")


@dataclass(frozen=True, slots=True)
class KeyPlayer:
    """An entity with its score and its rank from 1; of ``ties`` entities with this rank it is one."""

    id: str
    score: float
    rank: int
    ties: int


@dataclass(frozen=True, slots=True)
class KeySet:
    """The set that together scores the most, ids ascending, and what the network scores without any (``before``).

    ``exact``: no set scores more; ``equals`` sets score as much, this one included. ``single``: the best one alone, who
    need not be in the set. ``considered``: candidates that sets were made of.
    """

    members: tuple[str, ...]
    score: float
    before: float
    exact: bool
    equals: int
    single: str
    single_score: float
    considered: int


@dataclass(frozen=True, slots=True)
class KeyPlayersResult:
    """The ranking, the best first (for ``constraint`` the least), or the set.

    ``candidates``: entities that were ranked; ``never``: victims, who were not. ``samples`` and ``error``: of sampled
    betweenness, how many were drawn, and how far any score may be off at 95 %. ``bridges``: for ``articulation``, ties
    that part the network when they go, those of the listed first; ``bridges_total`` counts them all.
    """

    measure: KeyMeasure
    ranking: tuple[KeyPlayer, ...]
    best_set: KeySet | None
    candidates: int
    never: int
    samples: int | None = None
    error: float | None = None
    bridges: tuple[tuple[str, str], ...] = ()
    bridges_total: int = 0


def in_memory(view: View, asked: KeyPlayersParameters, budget: Budget) -> Finding[KeyPlayersResult]:
    """By compiled loops."""
    return _answered(ArrayEngine(view, asked.kind, budget, directed=_checked(asked)), asked, budget)


def on_networkx(view: View, asked: KeyPlayersParameters, budget: Budget) -> Finding[KeyPlayersResult]:
    """By NetworkX's own functions, where it has them."""
    return _answered(NetworkxEngine(view, asked.kind, budget, directed=_checked(asked)), asked, budget)


def _checked(asked: KeyPlayersParameters) -> bool:
    """Whether directions are followed; InvalidParameter for a measure that has no use for them."""
    if asked.directed and asked.measure not in DIRECTED:
        raise InvalidParameter(f"directed: {asked.measure} knows no direction; {', '.join(sorted(DIRECTED))} do")
    return asked.directed


def _answered(engine: Engine, asked: KeyPlayersParameters, budget: Budget) -> Finding[KeyPlayersResult]:
    if not len(engine.candidates):
        empty = KeyPlayersResult(asked.measure, (), None, 0, engine.never)
        return Finding.of(empty, truncated=budget.exhausted, explored=budget.explored)
    if asked.measure in SETS:
        chosen = _best_set(engine, asked, budget)
        result = KeyPlayersResult(asked.measure, (), chosen, len(engine.candidates), engine.never)
        shown, cut = chosen.members, False
    else:
        result, cut = _ranking(engine, asked, budget)
        shown = tuple(player.id for player in result.ranking)
    ends = {end for tie in result.bridges for end in tie}
    links = engine.links_among(sorted({*shown[:_LINKS], *ends}))
    return Finding.of(result, {*shown, *ends}, links, truncated=budget.exhausted or cut, explored=budget.explored)


def _ranking(engine: Engine, asked: KeyPlayersParameters, budget: Budget) -> tuple[KeyPlayersResult, bool]:
    """The result, and whether there is more than is listed."""
    sampled = asked.measure is KeyMeasure.BETWEENNESS and not exact_fits(
        len(engine.ids), engine.entries, asked.exact, budget
    )
    scored = engine.sample(asked.error, asked.seed) if sampled else engine.score(asked.measure)
    score = coarse(scored.score)[engine.candidates]
    told = ~np.isnan(score)
    places = engine.candidates[told]
    players = _listed(places, score[told], asked)
    bridges: list[tuple[int, int]] = []
    if asked.measure is KeyMeasure.ARTICULATION:
        listed = {place for place, *_ in players}
        bridges = sorted(engine.bridges(), key=lambda tie: (-len(listed & set(tie)), tie))
    result = KeyPlayersResult(
        asked.measure,
        tuple(KeyPlayer(engine.ids[place], worth, rank, ties) for place, worth, rank, ties in players),
        None,
        len(places),
        engine.never,
        scored.samples,
        None if scored.error is None else round(scored.error, 6),
        tuple((engine.ids[one], engine.ids[other]) for one, other in bridges[: asked.limit]),
        len(bridges),
    )
    fewer = len(players) == asked.limit < len(places)
    return result, fewer or len(bridges) > asked.limit


def _listed(places: Ints, score: Floats, asked: KeyPlayersParameters) -> list[tuple[int, float, int, int]]:
    """(place, score, rank, how many have this rank) of the first ones; cut vertices only, for ``articulation``."""
    order, rank = ranked(-score if asked.measure is KeyMeasure.CONSTRAINT else score)
    many = np.bincount(rank) if len(rank) else np.zeros(1, dtype=np.int64)
    if asked.measure is KeyMeasure.ARTICULATION:
        order = order[score[order] > 0]
    return [(int(places[one]), float(score[one]), int(rank[one]), int(many[rank[one]])) for one in order[: asked.limit]]


def _best_set(engine: Engine, asked: KeyPlayersParameters, budget: Budget) -> KeySet:
    nodes, among, before = len(engine.ids), engine.candidates, 0.0
    if asked.measure is KeyMeasure.KPP_POS:
        among = key_sets.pool(among, engine.degree, nodes, asked.size)
        worth = key_sets.reaching(engine.distances(among))
    else:
        worth = engine.parting(among)
        before = key_sets.fragmentation(sum(size * (size - 1) for size in engine.sizes()), nodes)
    best = key_sets.best_set(worth, len(among), asked.size, asked.seed, budget)
    return KeySet(
        tuple(engine.ids[among[place]] for place in best.members),
        round(best.worth, 9),
        round(before, 9),
        best.exact and len(among) == len(engine.candidates),
        best.equals,
        engine.ids[among[best.single]],
        round(best.single_worth, 9),
        len(among),
    )


QUESTION = Question(
    name="key-players",
    summary="Who matters? Ranks by position in the network, or the set that parts or reaches the most together.",
    parameters=KeyPlayersParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"measure": "betweenness", "limit": 10},
)
