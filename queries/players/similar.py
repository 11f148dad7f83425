"""``similar``: who has a like neighbourhood: other names of one person, successors of a company, replaced phones.

A neighbourhood is a set of ties (neighbour, kind of link, direction). A tie weighs the less the more links its
neighbour has, after Adamic and Adar (2003, doi:10.1016/S0378-8733(03)00009-1): to share an address with one other says
much, to share a registration agent with four hundred says nothing. Likeness is the weight of the ties shared over that
of all ties of the two (weighted Jaccard). Weights are whole millionths, so that sums are exact on every engine.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic

from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.players.succession import Relation
from queries.players.ties import MILLION, ArrayTies, GraphTies, N, Tie, Ties, weight_of
from queries.question import Parameters, Question

_DIGITS = 9


class SimilarParameters(Parameters):
    """Like whom, among whom, and how it is explained."""

    entity: str = Field(description="The id of the entity whose like is sought")
    kind: str | None = Field(default=None, description="Kind of the others, or above theirs (default the entity's own)")
    relation: Relation = Field(
        default=Relation.ANY,
        description="Only those that in time are its successor, predecessor, overlapping or apart",
    )
    gap: int = Field(default=180, ge=0, le=36_500, description="Days between an end and a beginning that is its sequel")
    limit: int = Field(default=20, ge=1, le=1_000, description="Entities listed, the most alike first")
    explain: int = Field(default=10, ge=1, le=1_000, description="Shared ties told of each, the weightiest first")
    hub: int = Field(
        default=500, ge=1, le=1_000_000, description="Neighbours with more links than this count, but are not followed"
    )
    candidates: int = Field(
        default=2_000, ge=1, le=100_000, description="Entities compared, those with the weightiest common neighbours"
    )


@dataclass(frozen=True, slots=True)
class SharedTie:
    """A tie that both have; ``weight`` 1 for a neighbour with one link, less with more."""

    neighbour: str
    kind: str
    direction: str
    weight: float


@dataclass(frozen=True, slots=True)
class Like:
    """An entity alike: ``score`` from 0 to 1 (weighted Jaccard), ``weight`` of all ties shared, of which ``shared``
    are the weightiest; ``common`` counts them, ``ties`` all of its own.

    ``relation`` to the entity asked about in time, with the days from the end of the earlier to the beginning of the
    later (negative where they overlap), both None where dates are wanting; ``joined``: a link leads from one to the
    other.
    """

    id: str
    score: float
    weight: float
    common: int
    ties: int
    joined: bool
    relation: Relation | None
    gap: int | None
    shared: tuple[SharedTie, ...]


@dataclass(frozen=True, slots=True)
class SimilarResult:
    """The entities alike, by score, weight, then id; ``compared`` of how many candidates.

    ``first_day`` and ``last_day``: when the entity was seen, as far as dates tell; ``hubs``: its neighbours with too
    many links to be followed, so that those who share nothing else with it are missing.
    """

    similar: tuple[Like, ...]
    ties: int
    first_day: str | None
    last_day: str | None
    candidates: int
    compared: int
    hubs: tuple[str, ...]


def in_memory(view: View, asked: SimilarParameters, budget: Budget) -> Finding[SimilarResult]:
    """By runs of the adjacency."""
    return _similar(ArrayTies(view), asked, budget)


def on_networkx(view: View, asked: SimilarParameters, budget: Budget) -> Finding[SimilarResult]:
    """By the edges of the graph."""
    return _similar(GraphTies(view), asked, budget)


@dataclass(frozen=True, slots=True)
class _Pair(Generic[N]):
    """Another entity and what it has in common with the one asked about: the ties of both, the weight of these and of
    the ties of either, and how it stands in time."""

    other: N
    name: str
    shared: frozenset[Tie[N]]
    weight: int
    union: int
    ties: int
    joined: bool
    relation: Relation | None
    gap: int | None

    @property
    def order(self) -> tuple[float, int, str]:
        """The most alike first."""
        return -self.weight / self.union, -self.weight, self.name


def _similar(ties: Ties[N], asked: SimilarParameters, budget: Budget) -> Finding[SimilarResult]:
    """Those with the weightiest neighbours in common first, compared one by one."""
    node = ties.node(asked.entity)
    own, activity = ties.of(node), ties.activity(node)
    hubs = sorted(ties.name(n) for n in {tie.neighbour for tie in own} if ties.links(n) > asked.hub)
    common = _candidates(ties, node, own, asked, budget)
    order = sorted(common, key=lambda other: (-common[other], ties.name(other)))
    pairs: list[_Pair[N]] = []
    for other in order[: asked.candidates]:
        if not budget.spend(ties.links(other)):
            break
        pairs.append(_paired(ties, node, other, own, activity.relation(ties.activity(other), asked.gap)))
    found = [pair for pair in pairs if pair.shared and asked.relation in {Relation.ANY, pair.relation}]
    best = sorted(found, key=lambda pair: pair.order)[: asked.limit]
    told: list[tuple[_Pair[N], list[Tie[N]]]] = [(pair, _weightiest(ties, pair, asked.explain)) for pair in best]
    result = SimilarResult(
        tuple(_like(ties, pair, shared) for pair, shared in told),
        len(own),
        *activity.texts(),
        len(common),
        len(pairs),
        tuple(hubs),
    )
    entities = {asked.entity, *(ties.name(tie.neighbour) for _, shared in told for tie in shared)}
    entities |= {pair.name for pair, _ in told} | set(hubs[: asked.limit])
    links = [ties.link(end, tie) for pair, shared in told for tie in shared for end in (node, pair.other)]
    cut = budget.exhausted or len(found) > asked.limit or len(pairs) < len(common) or bool(hubs)
    return Finding.of(result, entities, links, truncated=cut, explored=budget.explored)


def _candidates(
    ties: Ties[N], node: N, own: frozenset[Tie[N]], asked: SimilarParameters, budget: Budget
) -> Mapping[N, int]:
    """The neighbours' neighbours of the kind asked, with the weight of the neighbours in common that are no hubs."""
    kind = asked.kind or ties.kind_of(node)
    common: Counter[N] = Counter()
    budget.spend(ties.links(node))
    for neighbour in sorted({tie.neighbour for tie in own}, key=lambda one: (ties.links(one), ties.name(one))):
        links = ties.links(neighbour)
        if links > asked.hub or not budget.spend(links):
            break
        common.update(dict.fromkeys(ties.neighbours(neighbour) - {node}, weight_of(links)))
    return {other: weight for other, weight in common.items() if ties.called(other, kind)}


def _paired(
    ties: Ties[N], node: N, other: N, own: frozenset[Tie[N]], when: tuple[Relation | None, int | None]
) -> _Pair[N]:
    """What joins the two themselves says nothing about their likeness and is left out."""
    theirs = ties.of(other)
    mine = frozenset(tie for tie in own if tie.neighbour != other)
    rest = frozenset(tie for tie in theirs if tie.neighbour != node)
    shared = mine & rest
    weight, union = _weight(ties, shared), _weight(ties, mine | rest)
    return _Pair(other, ties.name(other), shared, weight, union, len(theirs), len(rest) < len(theirs), *when)


def _weight(ties: Ties[N], some: Iterable[Tie[N]]) -> int:
    return sum(weight_of(ties.links(tie.neighbour)) for tie in some)


def _weightiest(ties: Ties[N], pair: _Pair[N], most: int) -> list[Tie[N]]:
    def order(tie: Tie[N]) -> tuple[int, str, str, str]:
        weight = weight_of(ties.links(tie.neighbour))
        return -weight, ties.name(tie.neighbour), ties.link_kind(tie), tie.direction

    return heapq.nsmallest(most, pair.shared, key=order)


def _like(ties: Ties[N], pair: _Pair[N], shared: list[Tie[N]]) -> Like:
    told = (
        SharedTie(
            ties.name(tie.neighbour),
            ties.link_kind(tie),
            tie.direction,
            weight_of(ties.links(tie.neighbour)) / MILLION,
        )
        for tie in shared
    )
    return Like(
        pair.name,
        round(pair.weight / pair.union, _DIGITS),
        pair.weight / MILLION,
        len(pair.shared),
        pair.ties,
        pair.joined,
        pair.relation,
        pair.gap,
        tuple(told),
    )


QUESTION = Question(
    name="similar",
    summary="Who has a like neighbourhood? Other names of one person, successors of a company, replaced phones.",
    parameters=SimilarParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"entity": "subject:marta-quiroga", "limit": 5},
)
