"""What an answer singles out, and the layout that fits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.model.answer import Answer
from graph_service.model.graph import Subgraph
from viz.groups import disjoint, groups_of
from viz.marks import Marked, marks_of, open_ends
from viz.walks import Part, walks_of

CLUSTERED = 60
"""More groups than this are drawn by the force layout alone."""
_NAMED = (
    ("entity", "start"),
    ("entities", "asked"),
    ("left", "left"),
    ("right", "right"),
    ("via", "via"),
    ("via_any", "via"),
    ("target", "to"),
    ("targets", "to"),
    ("source", "from"),
    ("sources", "from"),
)
"""The parameters that name entities, and what these are to the question; the last one that names an entity holds."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is singled out.

    ``walks`` and ``groups``: parts of the answer. ``tags``: what an entity is to the question; ``marks``: what the
    answer says of it, and how that is read; ``ringed``: entities to stand out. ``bold``: links to stand out, and
    ``why``. ``open``: links that lead on from an entity. ``layout``: the one that fits; ``centres``: what it lies
    around; ``in_row``: the groups stand side by side in their order.
    """

    walks: tuple[Part, ...]
    groups: tuple[Part, ...]
    tags: Mapping[str, str]
    marks: Marked
    ringed: frozenset[str]
    bold: frozenset[str]
    why: str
    open: Mapping[str, int]
    layout: str
    centres: tuple[str, ...]
    in_row: bool

    @property
    def how_to_read(self) -> tuple[str, ...]:
        """What bold links and marks mean, a line each."""
        return tuple(line for line in (self.why, self.marks.key) if line)


def found_in(answer: Answer[Any], captions: Mapping[str, str]) -> Found:
    """What an answer singles out, read from the attributes that results share; ``captions``: of what is drawn."""
    result = answer.result
    walks = walks_of(result, captions)
    groups = groups_of(answer, captions)
    tags = _tags(answer, walks, captions)
    layout = _layout(walks, groups, tags)
    marks = marks_of(result, answer.parameters)
    bold, why = _bold(result, groups, answer.subgraph)
    return Found(
        walks,
        groups,
        tags,
        marks if any(entity in captions for entity in marks.of) else Marked({}, ""),
        _ringed(answer),
        bold,
        why,
        open_ends(result),
        layout,
        tuple(entity for entity, tag in tags.items() if tag == "start") if layout == "rings" else (),
        hasattr(result, "crossers"),
    )


def _tags(answer: Answer[Any], walks: tuple[Part, ...], captions: Mapping[str, str]) -> dict[str, str]:
    """What the entities are to the question: those it names, or the ends of ways where it names none."""
    tags: dict[str, str] = {}
    for name, tag in _NAMED:
        for entity in _ids(answer.parameters.get(name), parted=name in {"left", "right"}):
            if entity in captions:
                tags[entity] = "start" if tag == "from" and hasattr(answer.result, "reached") else tag
    if getattr(answer.result, "community", None) is not None:
        return dict.fromkeys(tags, "asked")
    ends = [walk for walk in walks if walk.entities[0] != walk.entities[-1]]
    if ends and "asked" not in tags.values():
        for walk in ends:
            tags.setdefault(walk.entities[0], "from")
            tags.setdefault(walk.entities[-1], "to")
    return tags


def _ids(value: object, *, parted: bool) -> Iterator[str]:
    if isinstance(value, str):
        yield from (part.strip() for part in (value.split(",") if parted else [value]))
    elif isinstance(value, list | tuple):
        yield from (str(item) for item in value)


def _layout(walks: tuple[Part, ...], groups: tuple[Part, ...], tags: Mapping[str, str]) -> str:
    """Ways in lanes, a lone cycle in a circle, what lies around a start in rings, groups as clusters, else by force."""
    if walks:
        if "asked" in tags.values():
            return "force"
        if all(walk.entities[0] == walk.entities[-1] for walk in walks):
            return "circle" if len({walk.entities for walk in walks}) == 1 else "force"
        return "paths"
    if 1 < len(groups) <= CLUSTERED and disjoint(groups):
        return "clusters"
    return "rings" if "start" in tags.values() else "force"


def _ringed(answer: Answer[Any]) -> frozenset[str]:
    """The fewest entities without whom nothing is joined any more, where the answer tells them."""
    cut = getattr(answer.result, "cut", None)
    if isinstance(cut, tuple):
        return frozenset(cut) if str(answer.parameters.get("share_no")) == "entity" else frozenset()
    return frozenset(getattr(cut, "members", ()))


def _bold(result: Any, groups: tuple[Part, ...], subgraph: Subgraph) -> tuple[frozenset[str], str]:
    """The links on which the answer hangs, and what they are; nothing where that would be all of them."""
    drawn = [link for link in subgraph.links if link.source != link.target]
    strengths = getattr(result, "strengths", ()) or filter(None, [getattr(result, "strength", None)])
    bold = {strength.weakest for strength in list(strengths)[:1]}
    why = ""
    if trees := [group.tree for group in getattr(result, "groups", ()) if getattr(group, "tree", None)]:
        bold, why = {link for tree in trees for link in tree.links}, "the smallest network found that joins them"
    elif pairs := {frozenset(pair) for pair in getattr(result, "bridges", ())}:
        bold = {link.id for link in drawn if frozenset((link.source, link.target)) in pairs}
        why = "ties without which the network falls apart"
    elif hasattr(result, "crossers") or getattr(result, "community", None) is not None:
        side = {member: number for number, group in enumerate(groups) for member in group.entities}
        bold = {link.id for link in drawn if side.get(link.source) != side.get(link.target)}
        why = "ties that lead from one group to another"
    told = f"Bold: {why}." if why and bold else ""
    return (frozenset(bold), told) if len(bold) < len(drawn) else (frozenset(), "")
