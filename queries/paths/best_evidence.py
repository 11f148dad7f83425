"""``best-evidence``: the ways that rest on the best evidence, what they are worth, and where they are weakest.

A way is as likely as its links together: reliability of the source times credibility of what it said, corroborated by
independent sources (noisy-or), weighed by age where a half-life is given. A chain multiplies: six links of B2 hold with
.07, so every way is told with its strength, its weakest link, and what one more source would make of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.model.grades import Grade
from graph_service.model.graph import Path
from graph_service.model.time import day_range
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.costs import LEAST, MOST, SCALE, Recency, evidence_cost, evidence_costs, latest_day
from queries.paths.found import PathsResult, Proof, Tamed
from queries.paths.ranked import Ranking, ranked_in_graph, ranked_in_view
from queries.paths.terms import Ends
from queries.question import Question

ONE_MORE = Grade("B", "2")
"""The grade of the further source by which a weakest link is tried."""


class BestEvidenceParameters(Ends):
    """From where, to where, how many, how old evidence counts, and on what terms."""

    max_hops: int = Field(default=6, ge=1, le=64, description="Longest path, in links, inclusive")
    limit: int = Field(default=10, ge=1, le=1_000, description="How many paths at the most")
    half_life: float | None = Field(default=None, gt=0, description="Days in which evidence loses half its weight")
    as_of: str | None = Field(
        default=None, description="The day that age is counted back from; the latest day of the evidence if not said"
    )
    hub_weight: float = Field(
        default=0.0, ge=0, le=10, description="What passing an entity costs: this times ln(1 + its links / 10)"
    )


@dataclass(frozen=True, slots=True)
class Strength:
    """What a path is worth: the chance that all its links hold; the weakest of them, with its own chance and how many
    sources say it; and what chance one more independent source of grade B2 would give that link and the path."""

    probability: float
    weakest: str
    weakest_probability: float
    weakest_sources: int
    strengthened_link: float
    strengthened: float


@dataclass(frozen=True, slots=True)
class BestEvidenceResult:
    """The paths, the likeliest first, with the strength of each in the same order; ``proof`` when there is none."""

    paths: tuple[Path, ...]
    strengths: tuple[Strength, ...]
    proof: Proof | None = None
    tamed: Tamed | None = None


Known = Callable[[Path], list[tuple[str, float, int]]]
"""For the links of a path: id, likelihood and number of sources."""


def in_memory(view: View, asked: BestEvidenceParameters, budget: Budget) -> Finding[BestEvidenceResult]:
    """On the view's arrays."""
    recency = _recency(view, asked)
    ranking = Ranking(evidence_costs(view, recency), hub_weight=asked.hub_weight, scale=SCALE)
    found = ranked_in_view(view, asked, ranking, budget)

    facts, met = view.facts, dict[str, tuple[str, float, int]]()

    def known(path: Path) -> list[tuple[str, float, int]]:
        for near, far, link in zip(path.entities, path.entities[1:], path.links, strict=False):
            if link not in met:
                place, _ = view.link_at(view.number(near), link, view.number(far))
                likely = recency.weighed(float(facts.probability[place]), int(facts.last_day[place]))
                met[link] = (link, likely, int(facts.sources[place]))
        return [met[link] for link in path.links]

    return _with_strengths(found, known)


def on_networkx(view: View, asked: BestEvidenceParameters, budget: Budget) -> Finding[BestEvidenceResult]:
    """On the NetworkX graph."""
    recency, graph = _recency(view, asked), view.graph

    def likely(data: dict[str, object]) -> float:
        return recency.weighed(float(str(data["probability"])), int(str(data["last_day"])))

    ranking = Ranking(on_graph=lambda data: evidence_cost(likely(data)), hub_weight=asked.hub_weight, scale=SCALE)
    found = ranked_in_graph(view, asked, ranking, budget)

    def known(path: Path) -> list[tuple[str, float, int]]:
        told = []
        for near, far, link in zip(path.entities, path.entities[1:], path.links, strict=False):
            data = graph.get_edge_data(near, far, link) or graph.get_edge_data(far, near, link)
            told.append((link, likely(data), int(data["sources"])))
        return told

    return _with_strengths(found, known)


def _recency(view: View, asked: BestEvidenceParameters) -> Recency:
    if asked.half_life is None:
        return Recency()
    if asked.as_of is not None:
        return Recency(asked.half_life, day_range(asked.as_of)[1])
    facts = view.facts
    return Recency(asked.half_life, view.kept("latest day", lambda: latest_day(facts.first_day, facts.last_day)))


def _with_strengths(found: Finding[PathsResult], known: Known) -> Finding[BestEvidenceResult]:
    result = found.result
    strengths = tuple(strength(known(path)) for path in result.paths if path.links)
    told = BestEvidenceResult(result.paths, strengths, result.proof, result.tamed)
    return Finding(told, found.entities, found.links, found.truncated, found.explored)


def strength(links: list[tuple[str, float, int]]) -> Strength:
    """The strength of a path with these links (id, likelihood, sources), one at the least; the first weakest by id."""
    whole = math.prod(clipped(likely) for _, likely, _ in links)
    name, weakest, sources = min(links, key=lambda one: (one[1], one[0]))
    better = round(1.0 - (1.0 - weakest) * (1.0 - ONE_MORE.probability), 6)
    strengthened = whole / clipped(weakest) * clipped(better)
    return Strength(round(whole, 6), name, weakest, sources, better, round(strengthened, 6))


def clipped(likely: float) -> float:
    """A likelihood as it counts on a way."""
    return min(max(likely, LEAST), MOST)


QUESTION = Question(
    name="best-evidence",
    summary="Which way rests on the best evidence? With its strength, its weakest link, and what would mend it.",
    parameters=BestEvidenceParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"source": "subject:mizan-talukder", "target": "subject:marta-quiroga", "limit": 2},
)
