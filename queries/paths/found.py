"""What path questions answer: paths, why there is none, and which hubs were held back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph_service.model.answer import Finding
from graph_service.model.graph import LinkRef, Path
from graph_service.network.budget import Budget

TAMED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """Why there is no path: ``exhausted`` (none of any length), ``bound`` (the shortest has ``shortest`` links, more
    than asked; None where it was not looked for), ``conditions`` (there are ways of that length, but none fulfils what
    was asked; ``unmet`` names the conditions that none fulfils even alone; where it is empty, each can be met, but not
    all of them by one way), ``budget``
    (stopped before it was known)."""

    reason: str
    max_hops: int
    shortest: int | None = None
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tamed:
    """The hubs that were held back: the most connected of them, and how many in all. ``passed``: there was no way
    without them, so they were let through after all. ``hubs=free`` asks without taming."""

    hubs: tuple[str, ...]
    total: int
    passed: bool


@dataclass(frozen=True, slots=True)
class PathsResult:
    """The paths in order (cost, length, then step by step entity and link); ``proof`` when there is none; ``tamed``
    when the scope has hubs."""

    paths: tuple[Path, ...]
    proof: Proof | None = None
    tamed: Tamed | None = None


@dataclass(frozen=True, slots=True)
class Walked:
    """A way found: its entities, the links between them, and its cost."""

    entities: tuple[str, ...]
    links: tuple[LinkRef, ...]
    cost: float

    @property
    def path(self) -> Path:
        """The way as it is told in an answer."""
        return Path(self.entities, tuple(ref.id for ref in self.links), self.cost)


def paths_found(
    walks: Iterable[Walked], tamed: Tamed | None, budget: Budget, *, truncated: bool = False
) -> Finding[PathsResult]:
    """The finding of some ways, in their order, with everything on them as evidence."""
    kept = tuple(walks)
    return Finding.of(
        PathsResult(tuple(walk.path for walk in kept), None, tamed),
        (entity for walk in kept for entity in walk.entities),
        (ref for walk in kept for ref in walk.links),
        truncated=truncated,
        explored=budget.explored,
    )


def none_found(proof: Proof, tamed: Tamed | None, ends: Iterable[str], budget: Budget) -> Finding[PathsResult]:
    """The finding that there is no way."""
    return Finding.of(PathsResult((), proof, tamed), ends, truncated=proof.reason == "budget", explored=budget.explored)
