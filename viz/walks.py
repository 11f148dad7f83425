"""The ways that an answer holds: paths, routes, cycles, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.model.graph import Path
from viz.text import joined, shortened, visible


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the answer that a reader may single out: what it is called, what is said of it, and what is in it.

    ``entities`` of a way are in its order, and a cycle ends where it begins; ``links`` None: those among its entities.
    """

    name: str
    words: str
    entities: tuple[str, ...]
    links: tuple[str, ...] | None = None


def walks_of(result: object, captions: Mapping[str, str]) -> tuple[Part, ...]:
    """The ways of a result, each once, in its order; ways without a link are left out."""
    found: dict[tuple[str, ...], Part] = {}
    for walk in _told(result, captions):
        if walk.links:
            found.setdefault((walk.entities[0], *walk.links), walk)
    return tuple(found.values())


def links_text(count: int) -> str:
    """A number of links in words."""
    return f"{count:,} {'link' if count == 1 else 'links'}"


def _told(result: object, captions: Mapping[str, str]) -> Iterator[Part]:
    facts = [*map(_strength, _all(result, "strengths")), *map(_schedule, _all(result, "schedules"))]
    for place, path in enumerate(one for one in _all(result, "paths") if isinstance(one, Path)):
        yield _walk(f"Path {place + 1}", path, facts[place] if place < len(facts) else "")
    for number, route in enumerate(_all(result, "routes"), 1):
        yield _walk(f"Route {number}", route.path, _stands_on(route.stands_on, captions))
    explained = getattr(result, "path", None)
    if isinstance(explained, Path):
        yield _walk("The path", explained, _strength(getattr(result, "strength", None)))
        for rank in _all(result, "ranks"):
            for number, better in enumerate(rank.better, 1):
                yield _walk(f"Better {number}", better, f"by {'length' if rank.by == 'links' else rank.by}")
    for number, way in enumerate(_all(result, "ways"), 1):
        yield _walk(f"Way {number}", way.path, "through a hub" if way.hubs else "")
    for number, cycle in enumerate(_all(result, "cycles"), 1):
        yield _walk(f"Cycle {number}", cycle, joined([_schedule(cycle), _retained(cycle.retained)]))


def _all(result: object, name: str) -> Iterable[Any]:
    return getattr(result, name, None) or ()


def _walk(name: str, way: Any, words: str) -> Part:
    return Part(name, joined([links_text(len(way.links)), words]), tuple(way.entities), tuple(way.links))


def _strength(strength: Any) -> str:
    return f"holds with {strength.probability:.2f}" if strength is not None else ""


def _schedule(schedule: Any) -> str:
    if schedule.days is None:
        return ""
    if schedule.departs == schedule.arrives:
        return f"on {schedule.departs}"
    days = f"{schedule.days:,} {'day' if schedule.days == 1 else 'days'}"
    return f"{schedule.departs} to {schedule.arrives}, {days}"


def _retained(share: float | None) -> str:
    return "" if share is None else f"{share:.0%} comes back"


def _stands_on(parts: Iterable[str], captions: Mapping[str, str]) -> str:
    named = [shortened(visible(captions.get(part, part)), 60) for part in parts]
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return f"stands on {', '.join(named[:3])}{more}" if named else ""
