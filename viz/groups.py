"""The groups that an answer holds, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graph_service.model.answer import Answer
from viz.text import joined, shortened, visible
from viz.walks import Part

_NOUNS = {
    "communities": "Group",
    "components": "Group",
    "cliques": "Clique",
    "cores": "Core",
    "parts": "Core",
}
"""Where the result of a question holds groups, each with its ``members``, and what one is called."""
_COUNTRIES = 4


def groups_of(answer: Answer[object], captions: Mapping[str, str]) -> tuple[Part, ...]:
    """The groups in the order of the answer, each with those of its members that are drawn; empty ones are left out."""
    result = answer.result
    found: list[Part] = []
    for name, noun in _NOUNS.items():
        if groups := getattr(result, name, None):
            found += [_listed(f"{noun} {number}", group, captions) for number, group in enumerate(groups, 1)]
            break
    if (portrait := getattr(result, "community", None)) is not None:
        found += _portrayed(portrait, str(answer.parameters.get("entity")), captions)
    if (periods := getattr(result, "periods", None)) is not None:
        found += _last_seen(getattr(result, "groups", ()), len(periods) - 1, captions)
    if getattr(result, "crossers", None) is not None:
        found += _sides(result, answer.parameters, captions)
    return tuple(part for part in found if part.entities)


def disjoint(parts: Iterable[Part]) -> bool:
    """Whether nobody is in two of the parts."""
    members = [member for part in parts for member in part.entities]
    return len(members) == len(set(members))


def entities_text(count: int, size: int) -> str:
    """How many members are drawn of how many there are."""
    if count < size:
        return f"{count:,} of {size:,} entities"
    return f"{count:,} {'entity' if count == 1 else 'entities'}"


def _part(name: str, members: Iterable[str], size: int, words: str, captions: Mapping[str, str]) -> Part:
    drawn = tuple(dict.fromkeys(member for member in members if member in captions))
    return Part(name, joined([entities_text(len(drawn), size), words]), drawn)


def _listed(name: str, group: Any, captions: Mapping[str, str]) -> Part:
    """A group is a value with ``members``, or the members themselves."""
    members = tuple(getattr(group, "members", group))
    parts = getattr(group, "countries", ())
    countries = " ".join(f"{part.country} {part.members:,}" for part in parts[:_COUNTRIES])
    more = " …" if len(parts) > _COUNTRIES else ""
    return _part(name, members, getattr(group, "size", len(members)), visible(countries + more), captions)


def _portrayed(portrait: Any, entity: str, captions: Mapping[str, str]) -> Iterator[Part]:
    """The group of an entity, and those beside it whom its ties lead to."""
    group = portrait.group
    yield _part(f"The group of {_named(entity, captions)}", group.members, group.size, "", captions)
    outside = [one for bridge in portrait.bridges for one in (bridge.outside, bridge.group)]
    outside += [neighbour.id for neighbour in portrait.neighbours]
    groups = len({bridge.group for bridge in portrait.bridges} | {neighbour.id for neighbour in portrait.neighbours})
    yield _part("Beside it", outside, 0, f"of {groups:,} other {'group' if groups == 1 else 'groups'}", captions)


def _last_seen(groups: Iterable[Any], last: int, captions: Mapping[str, str]) -> Iterator[Part]:
    """The groups of the last window, under their lasting ids."""
    for group in groups:
        standing = group.windows[-1]
        if standing.window == last:
            yield _part(f"Group {group.id}", standing.members, standing.size, "", captions)


def _sides(result: Any, parameters: Mapping[str, object], captions: Mapping[str, str]) -> Iterator[Part]:
    """The members of two sides who are named in what joins them, and those between."""
    between = [one.id for one in result.between]
    sides = []
    for side in ("left", "right"):
        named = [member for one in result.between for member in getattr(one, f"{side}_members")]
        named += [one.id for one in result.crossers if one.side == side]
        named += [getattr(tie, side) for tie in result.direct]
        asked = [part.strip() for part in str(parameters.get(side, "")).split(",")]
        more = f" and {len(asked) - 1:,} more" if len(asked) > 1 else ""
        called = f"{side.capitalize()}: {_named(asked[0], captions)}{more}"
        sides.append(_part(called, [*named, *asked], getattr(result, f"{side}_size"), "", captions))
    yield sides[0]
    yield _part("Between", between, result.intermediaries, "", captions)
    yield sides[1]


def _named(entity: str, captions: Mapping[str, str]) -> str:
    return shortened(visible(captions.get(entity, entity)), 40)
