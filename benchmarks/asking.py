"""Asking questions of a view in process, as the service does: what every benchmark of questions shares."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.harness import SEED
from graph_service.model.answer import Finding, Limits
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.catalogue import CATALOGUE

PAIRS = 400
_UNHURRIED = Limits(links=10**9, seconds=600.0)


def ask(view: View, name: str, engine: str = "memory", **parameters: object) -> Finding[Any]:
    """The finding of an engine, without hurry."""
    asked = CATALOGUE[name]
    with Budget(_UNHURRIED) as budget:
        finding: Finding[Any] = getattr(asked, engine)(view, asked.parameters(**parameters), budget)
    return finding


def later(view: View, name: str, engine: str = "memory", **parameters: object) -> Callable[[], object]:
    """The same, to be timed."""
    return lambda: ask(view, name, engine, **parameters)


def met(figure: float, most: float, links: int) -> bool | None:
    """Whether a bar that is set for 5M links is met; smaller sizes are shown only."""
    return figure <= most if links >= 5_000_000 else None


def pairs_of(view: View) -> list[tuple[str, str]]:
    """Random pairs, and a quarter of pairs that no path joins, where the world has such."""
    rng = random.Random(SEED)
    numbers = view.node_numbers()
    lonely = numbers[np.diff(view.adjacency.start)[numbers] == 0]
    pairs = []
    for place in range(PAIRS):
        source, target = int(rng.choice(numbers)), int(rng.choice(numbers))
        if place % 4 == 0 and len(lonely):
            target = int(rng.choice(lonely))
        pairs.append((view.network.entity_id(source), view.network.entity_id(target)))
    return pairs
