"""``all-paths``: every simple path from A to B of at most so many links, the shortest first."""

from __future__ import annotations

from pydantic import Field

from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.found import PathsResult
from queries.paths.ranked import Ranking, ranked_in_graph, ranked_in_view
from queries.paths.terms import Ends
from queries.question import Question


class AllPathsParameters(Ends):
    """From where, to where, how far, how many, and on what terms."""

    max_hops: int = Field(default=4, ge=1, le=64, description="Longest path, in links, inclusive")
    limit: int = Field(default=1_000, ge=1, le=10_000, description="How many paths at the most")


def in_memory(view: View, asked: AllPathsParameters, budget: Budget) -> Finding[PathsResult]:
    """On the view's arrays."""
    return ranked_in_view(view, asked, Ranking(), budget)


def on_networkx(view: View, asked: AllPathsParameters, budget: Budget) -> Finding[PathsResult]:
    """On the NetworkX graph."""
    return ranked_in_graph(view, asked, Ranking(), budget)


QUESTION = Question(
    name="all-paths",
    summary="Every way from A to B of at most so many links, the shortest first.",
    parameters=AllPathsParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=None,
    compiled=("numba",),
    example={"source": "subject:mizan-talukder", "target": "subject:marta-quiroga", "max_hops": 4},
)
