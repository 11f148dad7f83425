"""Groups in words: how large, of what kinds, and who is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.words.told import Tell, Told, many

_MEMBERS = 8


def components(told: Told, result: Json) -> Iterator[str]:
    """The parts that hang together."""
    return _groups(told, result, "components", "part")


def communities(told: Told, result: Json) -> Iterator[str]:
    """The groups, how good the parting is, and the finer levels."""
    yield from _groups(told, result, "communities", "group")
    above = result["communities"]
    for level in result["levels"]:
        largest = f", the largest of {many(level['groups'][0]['size'], 'member')}" if level["groups"] else ""
        yield f"Level {level['level']}: {many(level['total'], 'group')}{largest}"
        faces = {group["id"]: min(group["members"], key=told.rank) for group in above}
        for group in level["groups"][:_MEMBERS]:
            outer, face = level["within"][group["id"]], min(group["members"], key=told.rank)
            inside = f"  {many(group['size'], 'member')} around {told.name(face)}"
            yield f"{inside}, within the group of {told.name(faces.get(outer, outer))}"
        above = level["groups"]


def _groups(told: Told, result: Json, key: str, word: str) -> Iterator[str]:
    quality = f", modularity {result['modularity']:.3f} ({result['algorithm']})" if "modularity" in result else ""
    if result.get("cpm") is not None:
        quality += f", constant Potts {result['cpm']:,.3f}"
    yield f"{many(result['total'], word)}{quality}"
    for number, group in enumerate(result[key], 1):
        kinds = Counter(told.names.kind(told.entities[m]["kind"]) for m in group["members"] if m in told.entities)
        counted = ", ".join(f"{many:,} {kind}" for kind, many in kinds.most_common(6))
        yield f"{word.capitalize()} {number}: {group['size']:,} members" + (f" — {counted}" if counted else "")
        shown = sorted(group["members"], key=told.rank)[:_MEMBERS]
        yield f"  {'; '.join(map(told.name, shown))}{' …' if group['size'] > len(shown) else ''}"


TELL: Mapping[str, Tell] = {"components": components, "communities": communities}
