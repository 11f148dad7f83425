"""Answers: a result, its evidence, and what was left out; and the limits every question works under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from graph_service.model.graph import LinkRef, Subgraph
from graph_service.model.scope import Scope

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one question: links looked at, and seconds; how many rows it gives is a parameter of its own."""

    links: int = 1_000_000_000
    seconds: float = 10.0


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Finding(Generic[R]):
    """What an engine found: the result, and by name the entities and links that are its evidence.

    ``truncated``: more existed, or a limit was met. ``explored``: links looked at, which differs between engines
    and therefore takes no part in equality.
    """

    result: R
    entities: tuple[str, ...] = ()
    links: tuple[LinkRef, ...] = ()
    truncated: bool = False
    explored: int = field(default=0, compare=False)

    @staticmethod
    def of(
        result: R,
        entities: Iterable[str] = (),
        links: Iterable[LinkRef] = (),
        *,
        truncated: bool = False,
        explored: int = 0,
    ) -> Finding[R]:
        """A finding whose evidence is sorted and without doubles."""
        refs = sorted(set(links), key=lambda ref: (ref.id, ref.source, ref.target, ref.event or ""))
        return Finding(result, tuple(sorted(set(entities))), tuple(refs), truncated, explored)


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """A finding with its evidence fetched, and everything needed to trust and to repeat it.

    ``engine`` and ``store`` say who answered, ``revision`` which state of the store; the three and ``explored``
    take no part in equality, so that ``==`` compares engines.
    """

    question: str
    parameters: Mapping[str, object]
    scope: Scope
    result: R
    subgraph: Subgraph
    truncated: bool
    explored: int = field(compare=False)
    engine: str = field(compare=False)
    store: str = field(compare=False)
    revision: int = field(compare=False)
