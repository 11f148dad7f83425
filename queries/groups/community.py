"""``community``: the group that an entity belongs to, and everything that is worth knowing of it.

Groups as in ``communities``, so that the same resolution, weight and seed show the same group. There is no single right
answer to who belongs to it; what is told of it follows from its members alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import Field

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Finding
from graph_service.network.aside import aside
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.groups.grouping import Grouping
from queries.groups.listing import links_among
from queries.groups.partitioning import Parting, leiden, louvain
from queries.groups.portrait import Portrait, Portrayed
from queries.groups.quality import PartitionParameters
from queries.question import Question


class CommunityParameters(PartitionParameters):
    """Whose group, how groups are told apart, and how much is told of it."""

    entity: str = Field(min_length=1, description="The entity whose group is told")
    members: int = Field(default=200, ge=1, le=100_000, description="Members listed")
    limit: int = Field(default=10, ge=1, le=1_000, description="Key members, ties, bridges ... listed, of each")
    evidence: int = Field(default=300, ge=0, le=5_000, description="Members whose records and common links are fetched")


@dataclass(frozen=True, slots=True)
class CommunityResult:
    """The group of the entity; None when the time was up before groups were found."""

    entity: str
    community: Portrait | None
    algorithm: str = field(compare=False)


def in_memory(view: View, asked: CommunityParameters, budget: Budget) -> Finding[CommunityResult]:
    """Among the groups of Leiden."""
    number = view.number(asked.entity)
    return _told(view, asked, budget, leiden, number)


def on_networkx(view: View, asked: CommunityParameters, budget: Budget) -> Finding[CommunityResult]:
    """Among the groups of NetworkX's Louvain."""
    if asked.entity not in view.graph:
        raise EntityNotFound(asked.entity)
    return _told(view, asked, budget, louvain, view.number(asked.entity))


def _told(
    view: View, asked: CommunityParameters, budget: Budget, parting: Parting, number: int
) -> Finding[CommunityResult]:
    grouping = Grouping.found(view, asked, parting, budget)
    portrait = None
    if grouping is not None:
        portrayed = Portrayed(view, grouping, int(grouping.of_entity[number]))
        portrait = aside(lambda: portrayed.told(asked.members, asked.limit), budget)
    if portrait is None:
        nothing = CommunityResult(asked.entity, None, parting.__name__)
        return Finding.of(nothing, [asked.entity], truncated=True, explored=budget.explored)
    people = _shown(portrait, asked)
    cut = portrait.group.size > len(portrait.group.members)
    return Finding.of(
        CommunityResult(asked.entity, portrait, parting.__name__),
        people,
        links_among(view, people),
        truncated=budget.exhausted or cut,
        explored=budget.explored,
    )


def _shown(portrait: Portrait, asked: CommunityParameters) -> list[str]:
    """Who is shown: the entity, those who matter, the ends of bridges, then the other members."""
    named = [asked.entity]
    named += [one.id for one in portrait.key_members]
    named += [one.id for one in portrait.cut_members]
    named += [end for tie in portrait.strongest for end in (tie.one, tie.other)]
    named += [end for bridge in portrait.bridges for end in (bridge.member, bridge.outside)]
    named += [neighbour.id for neighbour in portrait.neighbours]
    return list(dict.fromkeys([*named, *portrait.group.members]))[: max(asked.evidence, 1)]


QUESTION = Question(
    name="community",
    summary="Which group does an entity belong to? Its members, core, bridges, countries, money and key people.",
    parameters=CommunityParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"entity": "subject:marta-quiroga"},
)
