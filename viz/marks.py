"""What an answer says of single entities, as short marks over them, and what a reader must know to read these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Marks = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Marked:
    """``of``: the mark of each entity, by id. ``key``: how the marks are read, or nothing."""

    of: Mapping[str, str]
    key: str


def marks_of(result: object, parameters: Mapping[str, object]) -> Marked:
    """The marks of the first thing that the result ranks or singles out; an entity with several has them all."""
    for name, marker in _MARKERS.items():
        if value := getattr(result, name, None):
            told: dict[str, list[str]] = {}
            for entity, mark in marker(value):
                told.setdefault(entity, []).append(mark)
            if told:
                measure = str(parameters.get("measure") or "")
                return Marked({entity: " · ".join(marks) for entity, marks in told.items()}, _KEYS[name](measure))
    return Marked({}, "")


def open_ends(result: object) -> dict[str, int]:
    """How many links lead on from an entity to what is not drawn."""
    found: dict[str, int] = {}
    for part in getattr(result, "left_out", ()):
        found[part.entity] = found.get(part.entity, 0) + part.links
    return found | {one.id: one.links for one in getattr(result, "boundary", ())}


def _ranking(rows: Iterable[Any]) -> Marks:
    for place, row in enumerate(rows, 1):
        links = getattr(row, "degree", None)
        said = f"{links:,} links" if links is not None else f"{row.score:.3g}"
        yield row.id, f"{getattr(row, 'rank', place)} · {said}"


def _intervals(rows: Iterable[Any]) -> Marks:
    for row in rows:
        if hasattr(row, "median"):
            yield row.id, f"{row.median}" + (f" · {row.low} to {row.high}" if row.low < row.high else "")


def _alike(rows: Iterable[Any]) -> Marks:
    for place, row in enumerate(rows, 1):
        yield row.id, f"{place} · {row.score:.2f} alike"


def _shared(rows: Iterable[Any]) -> Marks:
    for place, row in enumerate(rows, 1):
        yield row.id, f"{place} · of {row.parties:,}"


def _reached(rows: Iterable[Any]) -> Marks:
    for row in rows:
        if row.day:
            yield row.id, str(row.day)


def _connectors(rows: Iterable[Any]) -> Marks:
    for row in rows:
        yield row.id, f"on {row.pairs:,} {'way' if row.pairs == 1 else 'ways'}"


def _removed(curves: Iterable[Any]) -> Marks:
    """Who was taken out by which strategy as which, and who took over; the words of a lone strategy are left out."""
    told = [curve for curve in curves if any(point.removed for point in curve.points)]
    for curve in told:
        words = "removed" if len(told) == 1 else curve.strategy
        for place, point in enumerate(curve.points):
            if point.removed:
                yield point.removed, f"{words} {place}"
        for heir in dict.fromkeys(takeover.heir for takeover in curve.takeovers):
            yield heir, "heir" if len(told) == 1 else f"heir by {curve.strategy}"


def _chosen(best: Any) -> Marks:
    for member in best.members:
        yield member, "in the set"


def _brokers(groups: Iterable[Any]) -> Marks:
    for group in groups:
        for broker in getattr(group, "brokers", ()):
            yield broker.id, f"broker · {broker.across:,}"


def _joining(rows: Iterable[Any]) -> Marks:
    for place, row in enumerate(rows, 1):
        yield row.id, f"{place} · joins {row.ways:,}"


def _key_members(portrait: Any) -> Marks:
    for place, row in enumerate(portrait.key_members, 1):
        yield row.id, f"{place} · {row.inside:,} {'tie' if row.inside == 1 else 'ties'}"


_MARKERS: Mapping[str, Callable[[Any], Marks]] = {
    "ranking": _ranking,
    "best_set": _chosen,
    "ranks": _intervals,
    "similar": _alike,
    "shared": _shared,
    "reached": _reached,
    "connectors": _connectors,
    "curves": _removed,
    "communities": _brokers,
    "between": _joining,
    "community": _key_members,
}
"""What reads which attribute of a result."""
_KEYS: Mapping[str, Callable[[str], str]] = {
    "ranking": lambda measure: f"Over an entity: its rank, then its {f'score by {measure}' if measure else 'links'}.",
    "best_set": lambda measure: f"Marked: the set that together scores the most by {measure}.",
    "ranks": lambda measure: f"Over an entity: its median rank by {measure}, then the interval of its ranks.",
    "similar": lambda _: "Over an entity: its place, then how alike it is (0 to 1, rare ties in common weigh most).",
    "shared": lambda _: "Over what is shared: its place, the rarest first, then how many it is linked to in all.",
    "reached": lambda _: "Over an entity: the day it is reached, or asked backwards the last day to leave from it.",
    "connectors": lambda _: "Over a connector: how many of the ways lead through it.",
    "curves": lambda _: "Over an entity: by which strategy it was taken out as which; heirs took over from others.",
    "communities": lambda _: "Over a broker: how often it stands between two members where a border is crossed.",
    "between": lambda _: "Over an entity between: its place, then how many pairs of the two sides it joins.",
    "community": lambda _: "Over a key member: its place, then how many members it is tied to.",
}
