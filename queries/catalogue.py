"""The catalogue: every question there is.

Adding one here adds an API route, a command, a row in the docs and a conformance run.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from graph_service.errors import UnknownQuestion
from queries.groups import bridges_between, cliques, communities, community, components, cores, cross_border, history
from queries.lookup import entity, expand, find
from queries.paths import (
    all_paths,
    best_evidence,
    connecting,
    cycles,
    explain_path,
    in_common,
    independent_routes,
    k_paths,
    reach,
    shortest_paths,
    time_ordered,
)
from queries.players import degree, disruption, key_players, rank_uncertainty, similar
from queries.question import AnyQuestion

CATALOGUE: Mapping[str, AnyQuestion] = {
    module.QUESTION.name: module.QUESTION
    for module in (
        find,
        entity,
        expand,
        shortest_paths,
        k_paths,
        all_paths,
        best_evidence,
        explain_path,
        independent_routes,
        time_ordered,
        cycles,
        reach,
        in_common,
        connecting,
        components,
        communities,
        community,
        cross_border,
        history,
        bridges_between,
        cores,
        cliques,
        degree,
        key_players,
        rank_uncertainty,
        disruption,
        similar,
    )
}


def question(name: str) -> AnyQuestion:
    """The question of that name; UnknownQuestion names the nearest ones."""
    if name not in CATALOGUE:
        near = difflib.get_close_matches(name, CATALOGUE, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(CATALOGUE)}"
        raise UnknownQuestion(f"no question {name!r}{hint}")
    return CATALOGUE[name]
