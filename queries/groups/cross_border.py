"""``cross-border-communities``: which groups cross borders, how, and who joins their national parts.

Groups as in ``communities``, ranked by the share of their ties that cross a border times how many countries they are
spread over. Events are seen through for this: a payment from one member to another is a tie between the two. There is
no single right answer to who belongs together; what is told of a group follows from its members alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.groups.crossing import Cap, CrossBorderGroup, Crossing
from queries.groups.grouping import Grouping
from queries.groups.listing import links_among
from queries.groups.partitioning import Parting, leiden, louvain
from queries.groups.quality import PartitionParameters
from queries.question import Question


class CrossBorderParameters(PartitionParameters):
    """How groups are told apart, which of them are listed, and how much of each."""

    limit: int = Field(default=10, ge=1, le=1_000, description="Groups listed, those that cross most first")
    min_size: int = Field(default=3, ge=2, le=2**31 - 1, description="Members of the smallest group listed")
    min_countries: int = Field(default=2, ge=1, le=250, description="Countries of a group, at the least")
    members: int = Field(default=100, ge=1, le=100_000, description="Members listed of each group")
    brokers: int = Field(default=5, ge=0, le=1_000, description="Brokers listed of each group")
    evidence: int = Field(default=500, ge=0, le=5_000, description="Members whose records and common links are fetched")


@dataclass(frozen=True, slots=True)
class CrossBorderResult:
    """The groups by score, then size, then id; ``total`` counts those of the size and countries asked."""

    communities: tuple[CrossBorderGroup, ...]
    total: int
    algorithm: str = field(compare=False)


def in_memory(view: View, asked: CrossBorderParameters, budget: Budget) -> Finding[CrossBorderResult]:
    """On the groups of Leiden."""
    return _asked(view, asked, budget, leiden)


def on_networkx(view: View, asked: CrossBorderParameters, budget: Budget) -> Finding[CrossBorderResult]:
    """On the groups of NetworkX's Louvain."""
    return _asked(view, asked, budget, louvain)


def _asked(view: View, asked: CrossBorderParameters, budget: Budget, parting: Parting) -> Finding[CrossBorderResult]:
    grouping = Grouping.found(view, asked, parting, budget)
    if grouping is None:
        return Finding.of(CrossBorderResult((), 0, parting.__name__), truncated=True, explored=budget.explored)
    return of_groups(view, grouping, asked, budget, parting.__name__)


def of_groups(
    view: View, grouping: Grouping, asked: CrossBorderParameters, budget: Budget, algorithm: str
) -> Finding[CrossBorderResult]:
    """What is told of groups that are known; the evidence is the brokers and first members, and the links among them.

    O(links log links), and for the brokers of each group listed the sum of in-degree times out-degree.
    """
    crossing = Crossing(view, grouping, budget)
    ranked = crossing.ranked(asked.min_size, asked.min_countries)
    told: list[CrossBorderGroup] = []
    for group in ranked[: asked.limit].tolist():
        told.append(crossing.told(group, Cap(asked.members, asked.brokers)))
        if budget.exhausted:
            break
    result = CrossBorderResult(tuple(told), len(ranked), algorithm)
    people = [broker.id for group in told for broker in group.brokers]
    people += [member for group in told for member in group.members]
    people = list(dict.fromkeys(people))[: asked.evidence]
    things = [thing for group in told for thing in (*group.seizures, *group.cases)][: asked.evidence]
    cut = len(ranked) > len(told) or any(group.size > len(group.members) for group in told)
    return Finding.of(
        result,
        [*people, *things],
        links_among(view, people),
        truncated=budget.exhausted or cut,
        explored=budget.explored,
    )


QUESTION = Question(
    name="cross-border-communities",
    summary="Which groups cross borders? By countries, ties that cross, and who brokers between national parts.",
    parameters=CrossBorderParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"limit": 3},
)
