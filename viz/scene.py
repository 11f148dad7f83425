"""From an answer to a scene: what is drawn, where, and what is said beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from graph_service.model.answer import Answer
from graph_service.model.graph import Subgraph
from graph_service.model.ontology import Ontology
from graph_service.model.time import now
from viz.captions import entity_lines
from viz.drawing import legend_of, links_of, node_of
from viz.elements import Highlight, LegendEntry, Scene, SceneLink, SceneNode
from viz.found import Found, found_in
from viz.grouping import MAX_LINKS, MAX_NODES, group_ids, grouped_links, grouped_nodes
from viz.notes import notes_of
from viz.placing import placed_in
from viz.style import group_colour
from viz.text import joined, shortened, visible
from viz.wording import subtitle_of, title_of

__all__ = ["Highlight", "LegendEntry", "Scene", "SceneLink", "SceneNode", "scene_of"]

_BOLD = 3.6
"""The least width of a link that stands out."""


def scene_of(
    answer: Answer[Any],
    ontology: Ontology,
    *,
    title: str | None = None,
    highlight: Collection[str] = (),
    max_nodes: int = MAX_NODES,
    drawn_at: datetime | None = None,
) -> Scene:
    """The chart of an answer, the same for the same arguments.

    Paths run from left to right (long ones in lanes, there and back), a lone cycle is a circle, an expansion lies in
    rings around its start, groups that share nobody are clusters, all else is laid out by force. Above ``max_nodes``
    entities (or 6,000 links) groups are drawn in their place, and a note says so. ``highlight`` names entities to stand
    out; ``drawn_at`` is the moment to print, the present one when not given.
    """
    captions = {entity.id: entity_lines(entity, ontology)[0] for entity in answer.subgraph.entities}
    found = found_in(answer, captions)
    nodes, links, notes = _drawn(answer.subgraph, ontology, found, max_nodes)
    grouped = any(node.members > 1 for node in nodes)
    links = links if grouped else _emboldened(links, found.bold)
    scene_links = sorted({link.id: link for link in links.values()}.values(), key=lambda link: link.id)
    layout = "force" if grouped or not nodes else found.layout
    placed, routed = placed_in(layout, _marked(nodes, scene_links, found, frozenset(highlight)), scene_links, found)
    return Scene(
        title=visible(title) if title else title_of(answer.question, answer.parameters, captions),
        subtitle=(*subtitle_of(answer, ontology, drawn_at or now()), *(() if grouped else found.how_to_read)),
        notes=(*notes_of(answer, captions), *notes),
        layout=layout,
        nodes=placed,
        links=routed,
        legend=legend_of(placed, routed),
        highlights=() if grouped else _highlights(found, captions, links),
    )


def _drawn(
    subgraph: Subgraph, ontology: Ontology, found: Found, max_nodes: int
) -> tuple[list[SceneNode], dict[str, SceneLink], list[str]]:
    """Nodes, links by the id of the link they stand for, and notes on what is not drawn one by one."""
    captions = {entity.id: entity.caption or entity.id for entity in subgraph.entities}
    links = links_of(subgraph.links, ontology, captions)
    bundles = {link.id: link for link in links.values()}
    if len(subgraph.entities) <= max_nodes and len(bundles) <= MAX_LINKS:
        bundled = sum(link.members for link in bundles.values() if link.members > 1)
        notes = [f"{bundled:,} parallel links are drawn in bundles, with their number."] if bundled else []
        return [node_of(entity, ontology) for entity in subgraph.entities], links, notes
    group_of, words = group_ids(subgraph, [part.entities for part in found.groups], found.tags, max_nodes)
    nodes = grouped_nodes(subgraph, ontology, group_of)
    grouped = {link.id: link for link in grouped_links(subgraph.links, ontology, group_of)}
    note = (
        f"{len(group_of):,} entities are drawn as {len(set(group_of.values())):,} groups, by {words}: "
        f"more than {max_nodes:,} entities or {MAX_LINKS:,} links cannot be read one by one."
    )
    return nodes, grouped, [note]


def _marked(
    nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: Found, highlight: frozenset[str]
) -> list[SceneNode]:
    """The nodes with tags, groups, links that lead on from them, and a size that grows with the number of links."""
    group_of: dict[str, int] = {}
    for number, part in enumerate(found.groups):
        for member in part.entities:
            group_of.setdefault(member, number)
    degree = Counter(end for link in links for end in (link.source, link.target))
    even = found.layout in {"paths", "circle"}
    marked = []
    for node in nodes:
        grow = 1.0 if node.members > 1 or even else min(1.9, 1 + 0.12 * max(0, degree[node.id] - 3) ** 0.6)
        marked.append(
            replace(
                node,
                size=round(node.size * grow * 2) / 2,
                tag=joined([found.tags.get(node.id, ""), found.marks.of.get(node.id, "")]),
                emphasis=node.id in found.tags or node.id in found.ringed or node.id in highlight,
                group=group_of.get(node.id),
                left_out=found.open.get(node.id, 0),
            )
        )
    return marked


def _emboldened(links: Mapping[str, SceneLink], bold: frozenset[str]) -> dict[str, SceneLink]:
    """The links, those that stand out drawn wider; one drawn link stands for all of its bundle."""
    wide = {links[link].id for link in bold if link in links}
    return {
        key: replace(link, emphasis=True, width=max(_BOLD, link.width * 1.5)) if link.id in wide else link
        for key, link in links.items()
    }


def _highlights(found: Found, captions: Mapping[str, str], links: Mapping[str, SceneLink]) -> tuple[Highlight, ...]:
    """One entry for each way and each group, to be singled out on the page."""
    entries = []
    for number, part in enumerate(found.walks):
        text = " → ".join(shortened(captions.get(entity, visible(entity)), 60) for entity in part.entities)
        drawn = tuple(dict.fromkeys(links[link].id for link in part.links or () if link in links))
        entities = tuple(dict.fromkeys(part.entities))
        entries.append(Highlight(f"{part.name} · {part.words}", text, group_colour(number), entities, drawn))
    for number, part in enumerate(found.groups):
        inside = set(part.entities)
        drawn = tuple(dict.fromkeys(link.id for link in links.values() if {link.source, link.target} <= inside))
        text = ", ".join(shortened(captions[member], 40) for member in part.entities[:6])
        more = " …" if len(part.entities) > 6 else ""
        label = f"{part.name} · {part.words}"
        entries.append(Highlight(label, text + more, group_colour(number), part.entities, drawn))
    return tuple(entries)
