"""``k-paths``: the k best loopless paths by what they cost, in order.

The order is by cost, then by length, then step by step: ties are settled the same way on every engine and load. Found
best first through the corridor between the ends, which gives the paths of Yen (1971) without its repeated searches.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.costs import SCALE, Recency, evidence_cost, evidence_costs
from queries.paths.found import PathsResult
from queries.paths.ranked import Ranking, ranked_in_graph, ranked_in_view
from queries.paths.terms import Ends
from queries.question import Question


class KPathsParameters(Ends):
    """From where, to where, how many, by which cost, and on what terms."""

    max_hops: int = Field(default=6, ge=1, le=64, description="Longest path, in links, inclusive")
    limit: int = Field(default=10, ge=1, le=1_000, description="How many paths (k)")
    cost: Literal["links", "evidence"] = Field(
        default="links", description="links: each costs 1; evidence: -ln of the likelihood that the link holds"
    )
    hub_weight: float = Field(
        default=0.0, ge=0, le=10, description="With evidence: passing an entity costs this times ln(1 + its links / 10)"
    )


def in_memory(view: View, asked: KPathsParameters, budget: Budget) -> Finding[PathsResult]:
    """On the view's arrays."""
    ranking = (
        Ranking()
        if asked.cost == "links"
        else Ranking(evidence_costs(view, Recency()), hub_weight=asked.hub_weight, scale=SCALE)
    )
    return ranked_in_view(view, asked, ranking, budget)


def on_networkx(view: View, asked: KPathsParameters, budget: Budget) -> Finding[PathsResult]:
    """On the NetworkX graph."""
    ranking = Ranking()
    if asked.cost == "evidence":
        ranking = Ranking(
            on_graph=lambda data: evidence_cost(float(str(data["probability"]))),
            hub_weight=asked.hub_weight,
            scale=SCALE,
        )
    return ranked_in_graph(view, asked, ranking, budget)


QUESTION = Question(
    name="k-paths",
    summary="Which are the k best ways from A to B? Without loops, in order of cost, ties settled.",
    parameters=KPathsParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"source": "subject:mizan-talukder", "target": "subject:marta-quiroga", "limit": 3},
)
