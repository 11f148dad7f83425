"""Groups in place of entities, for an answer with more of them than a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from graph_service.model.graph import Entity, Link, Subgraph
from graph_service.model.ontology import Ontology
from viz.captions import kind_words
from viz.drawing import link_label_lines, node_of
from viz.elements import SceneLink, SceneNode
from viz.style import NODE_SIZE, Style, entity_style, group_colour, ink_on, is_directed, link_colour
from viz.text import shortened, visible, wrapped

MAX_NODES = 1_500
"""Nodes drawn at most by default."""
MAX_LINKS = 6_000
"""Links drawn at most, bundles counted as one."""
_LISTED = 20


def group_ids(
    subgraph: Subgraph, parts: Sequence[Collection[str]], kept: Collection[str], most: int
) -> tuple[dict[str, str], str]:
    """The group of each entity that is not drawn by itself, and the words for what groups them.

    By the parts of the answer (communities, components) when it has any and they are few enough to draw, else by kind.
    """
    if 0 < len(parts) <= most - len(kept):
        named = {member: f"group {number}" for number, part in enumerate(parts, 1) for member in part}
        found = {
            entity.id: named.get(entity.id, "in no group") for entity in subgraph.entities if entity.id not in kept
        }
        return found, "the groups that were found"
    return {entity.id: entity.kind for entity in subgraph.entities if entity.id not in kept}, "their kinds"


def grouped_nodes(subgraph: Subgraph, ontology: Ontology, group_of: Mapping[str, str]) -> list[SceneNode]:
    """One node a group, and the entities outside every group by themselves."""
    members: dict[str, list[Entity]] = {}
    nodes = []
    for entity in subgraph.entities:
        if entity.id in group_of:
            members.setdefault(group_of[entity.id], []).append(entity)
        else:
            nodes.append(node_of(entity, ontology))
    degree = Counter(end for link in subgraph.links for end in (link.source, link.target))
    inside = Counter(
        group_of[link.source]
        for link in subgraph.links
        if link.source in group_of and group_of[link.source] == group_of.get(link.target)
    )
    for number, (name, entities) in enumerate(members.items()):
        entities.sort(key=lambda entity: (-degree[entity.id], entity.id))
        nodes.append(_group_node(name, number, entities, inside[name], ontology))
    return nodes


def _group_node(name: str, number: int, entities: Sequence[Entity], inside: int, ontology: Ontology) -> SceneNode:
    kinds = Counter(entity.kind for entity in entities)
    style = _group_style(name, number, ontology)
    caption = f"{len(entities):,} {style.plural if name in kinds else 'entities: ' + name}"
    kind_lines = [
        (entity_style(ontology, kind).plural, f"{count:,}")
        for kind, count in sorted(kinds.items(), key=lambda k: (-k[1], k[0]))
    ]
    listed = [(entity_style(ontology, e.kind).label, shortened(e.caption or e.id, 120)) for e in entities[:_LISTED]]
    return SceneNode(
        id=f"group:{name}",
        kind=name if name in kinds else "",
        kind_label=visible(style.label),
        caption=visible(caption),
        label=wrapped(visible(caption), 24, 2),
        colour=style.colour,
        ink=style.ink,
        icon=_short_count(len(entities)),
        shape="dot",
        size=style.size * min(3.0, 1 + 0.25 * len(entities) ** 0.3),
        details=(
            ("", (("Group", visible(caption)), ("Links inside", f"{inside:,}"))),
            ("Kinds", tuple((visible(label), text) for label, text in kind_lines)),
            ("Most connected members", tuple((visible(label), visible(text)) for label, text in listed)),
        ),
        members=len(entities),
    )


def _group_style(name: str, number: int, ontology: Ontology) -> Style:
    if name in ontology.entity_kinds:
        return entity_style(ontology, name)
    colour = group_colour(number)
    return Style("Group", "Groups", colour, ink_on(colour), "", "dot", NODE_SIZE)


def _short_count(count: int) -> str:
    return str(count) if count < 1_000 else f"{count // 1_000}k"


def grouped_links(links: Sequence[Link], ontology: Ontology, group_of: Mapping[str, str]) -> list[SceneLink]:
    """One link for each kind and direction between two nodes of `grouped_nodes`; links inside a group are not drawn."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for link in links:
        source, target = (f"group:{group_of[end]}" if end in group_of else end for end in (link.source, link.target))
        if source != target:
            counts[source, target, link.kind] += 1
    strongest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_LINKS]
    drawn = []
    for (source, target, kind), count in sorted(strongest):
        words = visible(kind_words(kind, ontology))
        caption = f"{count:,} × {words}"
        drawn.append(
            SceneLink(
                id=f"group:{kind}:{source}:{target}",
                source=source,
                target=target,
                kind=kind,
                kind_label=words,
                caption=caption,
                label=link_label_lines(caption),
                colour=link_colour(ontology, kind),
                width=min(7.0, 1.4 + len(str(count)) * 0.9),
                directed=is_directed(ontology, kind),
                details=(("", (("Link", words), ("Links", f"{count:,}"))),),
                members=count,
            )
        )
    return drawn
