"""From an answer to a scene: what is drawn, where, and what is said beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from graph_service.model.answer import Answer
from graph_service.model.graph import Path, Subgraph
from graph_service.model.ontology import Ontology
from graph_service.model.time import now
from viz.boxes import GAP, Boxes, Floats, Ints, roomy
from viz.drawing import legend_of, links_of, node_of
from viz.elements import Highlight, LegendEntry, Scene, SceneLink, SceneNode
from viz.grouping import MAX_LINKS, MAX_NODES, group_ids, grouped_links, grouped_nodes
from viz.layered import columns_of, folded, layered_layout
from viz.layout import clustered_layout, settled
from viz.radial import radial_layout
from viz.routing import curves
from viz.stress import stress_layout
from viz.style import group_colour
from viz.text import shortened, text_size, visible
from viz.wording import notes_of, subtitle_of, title_of

__all__ = ["Highlight", "LegendEntry", "Scene", "SceneLink", "SceneNode", "scene_of"]

NODE_FONT = 14.0
LINK_FONT = 11.0
_LABELLED_LINKS = {"paths": 200, "rings": 45, "clusters": 40, "force": 45}
_GROUPS = ("communities", "components", "cliques", "cores")
"""Where the result of a question holds groups, each with its ``members``."""
_CLUSTERED = 60
"""More groups than this are drawn by the force layout alone."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the answer singles out: walks along nodes, groups of nodes, where it starts and ends, and ranks."""

    paths: tuple[Path, ...]
    parts: tuple[tuple[str, ...], ...]
    tags: Mapping[str, str]
    ranks: Mapping[str, str]


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

    Paths run from left to right (long ones in lanes, there and back), an expansion lies in rings around its start,
    communities and components are clusters, all else is laid out by force. Above ``max_nodes`` entities (or 6,000
    links) groups are drawn in their place, and a note says so. ``highlight`` names entities to stand out;
    ``drawn_at`` is the moment to print, the present one when not given.
    """
    found = _found(answer)
    captions = {entity.id: visible(entity.caption or entity.id) for entity in answer.subgraph.entities}
    nodes, links, notes = _drawn(answer.subgraph, ontology, found, max_nodes)
    grouped = any(node.members > 1 for node in nodes)
    scene_links = sorted({link.id: link for link in links.values()}.values(), key=lambda link: link.id)
    nodes = _marked(nodes, scene_links, found, answer.result, frozenset(highlight))
    layout = _layout_name(nodes, found, grouped=grouped)
    placed, routed = _placed(nodes, scene_links, found, layout)
    return Scene(
        title=visible(title) if title else title_of(answer.question, answer.parameters, captions),
        subtitle=subtitle_of(answer, ontology, drawn_at or now()),
        notes=(*notes_of(answer), *notes),
        layout=layout,
        nodes=placed,
        links=routed,
        legend=legend_of(placed, routed),
        highlights=()
        if grouped
        else _highlights(found, {node.id: node.caption.split(" · ")[0] for node in placed}, links),
    )


def _found(answer: Answer[object]) -> _Found:
    result, known = answer.result, {entity.id for entity in answer.subgraph.entities}
    told = [*getattr(result, "paths", ()), *(getattr(route, "path", None) for route in getattr(result, "routes", ()))]
    told.append(getattr(result, "path", None))
    paths = tuple(path for path in told if isinstance(path, Path) and path.links)
    groups = next((found for name in _GROUPS if (found := getattr(result, name, None))), ())
    parts = tuple(tuple(member for member in group.members if member in known) for group in groups)
    tags = {}
    for name, tag in (("entity", "start"), ("target", "to"), ("source", "from")):
        if (value := answer.parameters.get(name)) in known:
            tags[str(value)] = tag
    ranking = enumerate(getattr(result, "ranking", ()), 1)
    ranks = {row.id: f"{rank} · {row.degree:,} links" for rank, row in ranking if row.id in known}
    return _Found(paths, tuple(part for part in parts if part), tags, ranks)


def _drawn(
    subgraph: Subgraph, ontology: Ontology, found: _Found, max_nodes: int
) -> tuple[list[SceneNode], dict[str, SceneLink], list[str]]:
    """Nodes, links by the id of the link they stand for, and notes on what is not drawn one by one."""
    captions = {entity.id: entity.caption or entity.id for entity in subgraph.entities}
    links = links_of(subgraph.links, ontology, captions)
    bundles = {link.id: link for link in links.values()}
    if len(subgraph.entities) <= max_nodes and len(bundles) <= MAX_LINKS:
        bundled = sum(link.members for link in bundles.values() if link.members > 1)
        notes = [f"{bundled:,} parallel links are drawn in bundles, with their number."] if bundled else []
        return [node_of(entity, ontology) for entity in subgraph.entities], links, notes
    group_of, words = group_ids(subgraph, found.parts, found.tags, max_nodes)
    nodes = grouped_nodes(subgraph, ontology, group_of)
    grouped = {link.id: link for link in grouped_links(subgraph.links, ontology, group_of)}
    note = (
        f"{len(group_of):,} entities are drawn as {len(set(group_of.values())):,} groups, by {words}: "
        f"more than {max_nodes:,} entities or {MAX_LINKS:,} links cannot be read one by one."
    )
    return nodes, grouped, [note]


def _marked(
    nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: _Found, result: object, highlight: frozenset[str]
) -> list[SceneNode]:
    """The nodes with tags, groups, what was left out at them, and a size that grows with the number of their links."""
    group_of = {member: number for number, part in enumerate(found.parts) for member in part}
    left_out: dict[str, int] = {}
    for part in getattr(result, "left_out", ()):
        left_out[part.entity] = left_out.get(part.entity, 0) + part.links
    degree: dict[str, int] = {}
    for link in links:
        for end in (link.source, link.target):
            degree[end] = degree.get(end, 0) + 1
    marked = []
    for node in nodes:
        grow = (
            1.0 if node.members > 1 or found.paths else min(1.9, 1 + 0.12 * max(0, degree.get(node.id, 0) - 3) ** 0.6)
        )
        marked.append(
            replace(
                node,
                size=round(node.size * grow * 2) / 2,
                tag=found.tags.get(node.id, "") or found.ranks.get(node.id, ""),
                emphasis=node.id in found.tags or node.id in highlight,
                group=group_of.get(node.id),
                left_out=left_out.get(node.id, 0),
            )
        )
    return marked


def _layout_name(nodes: Sequence[SceneNode], found: _Found, *, grouped: bool) -> str:
    if grouped or not nodes:
        return "force"
    if found.paths:
        return "paths"
    if any(tag == "start" for tag in found.tags.values()):
        return "rings"
    return "clusters" if 1 < len(found.parts) <= _CLUSTERED else "force"


def _placed(
    nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: _Found, layout: str
) -> tuple[tuple[SceneNode, ...], tuple[SceneLink, ...]]:
    if not nodes:
        return (), ()
    boxes = _boxes(nodes)
    place = {node.id: at for at, node in enumerate(nodes)}
    ends = np.array([(place[link.source], place[link.target]) for link in links], dtype=np.int64).reshape(-1, 2)
    labelled = _labelled(links, layout)
    positions = _positions(nodes, links, found, layout, (boxes, ends))
    if layout in {"rings", "force"}:
        labels = [text_size(link.label if link.id in labelled else "", LINK_FONT) for link in links]
        positions = roomy(positions, boxes, ends, np.array(labels).reshape(-1, 2))
    positions = settled(positions)
    bends = curves(positions, boxes, ends)
    return (
        tuple(replace(node, x=float(x), y=float(y)) for node, (x, y) in zip(nodes, positions.tolist(), strict=True)),
        tuple(
            replace(link, curve=round(bend, 3), labelled=link.id in labelled)
            for link, bend in zip(links, bends, strict=True)
        ),
    )


def _labelled(links: Sequence[SceneLink], layout: str) -> set[str]:
    """The links whose label is drawn at once.

    None when they are too many to be read; and only on paths, which leave room for it, where several join one pair.
    """
    if len(links) > _LABELLED_LINKS[layout]:
        return set()
    pairs = Counter(frozenset((link.source, link.target)) for link in links)
    return {link.id for link in links if layout == "paths" or pairs[frozenset((link.source, link.target))] == 1}


def _boxes(nodes: Sequence[SceneNode]) -> Boxes:
    """The space of each node: its shape, the tag over it and the label under it."""
    labels = [text_size(node.label, NODE_FONT + 1 if node.emphasis else NODE_FONT) for node in nodes]
    radius = np.array([node.size for node in nodes])
    return Boxes(
        width=np.maximum(np.array([width for width, _ in labels]), 2 * radius) + 6,
        above=radius + np.array([18.0 if node.tag else 4.0 for node in nodes]),
        below=radius + np.array([height for _, height in labels]) + 8,
    )


def _positions(
    nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: _Found, layout: str, drawing: tuple[Boxes, Ints]
) -> Floats:
    boxes, ends = drawing
    match layout:
        case "paths":
            return _path_positions(nodes, links, found, boxes, ends)
        case "rings":
            start = next(at for at, node in enumerate(nodes) if node.tag == "start")
            return radial_layout(boxes, ends, start, [(node.kind, node.caption, node.id) for node in nodes])
        case "clusters":
            alone = len(found.parts)
            return clustered_layout(boxes, ends, [alone if node.group is None else node.group for node in nodes])
        case _:
            return stress_layout(boxes, ends)


def _path_positions(
    nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: _Found, boxes: Boxes, ends: Ints
) -> Floats:
    """The paths in columns; what lies on no path is laid out below them."""
    place = {node.id: at for at, node in enumerate(nodes)}
    walks = [[place[entity] for entity in path.entities if entity in place] for path in found.paths]
    columns = columns_of(len(nodes), walks)
    on_path = np.array([at for at, column in enumerate(columns) if column >= 0], dtype=np.int64)
    beside = np.array([at for at, column in enumerate(columns) if column < 0], dtype=np.int64)
    positions = np.zeros((len(nodes), 2))
    chosen = [columns[at] for at in on_path.tolist()]
    straight = layered_layout(
        boxes.take(on_path), _among(ends, on_path, len(nodes)), chosen, _column_gaps(links, place, columns)
    )
    positions[on_path] = folded(straight, boxes.take(on_path), chosen)
    if len(beside):
        positions[beside] = stress_layout(boxes.take(beside), _among(ends, beside, len(nodes)))
        left, _, _, bottom = boxes.take(on_path).bounds(positions[on_path])
        other_left, other_top, _, _ = boxes.take(beside).bounds(positions[beside])
        positions[beside] += np.array([left - other_left, bottom - other_top + 4 * GAP])
    return positions


def _among(ends: Ints, chosen: Ints, count: int) -> Ints:
    """The ends of the links among some nodes, as places in their list."""
    inside = np.full(count, -1, dtype=np.int64)
    inside[chosen] = np.arange(len(chosen))
    mapped = inside[ends]
    return mapped[(mapped >= 0).all(axis=1)].reshape(-1, 2)


def _column_gaps(links: Sequence[SceneLink], place: Mapping[str, int], columns: Sequence[int]) -> list[float]:
    """The room between columns for the labels of the links that cross it."""
    gaps = [52.0] * max(columns)
    for link in links:
        low, high = sorted((columns[place[link.source]], columns[place[link.target]]))
        if 0 <= low < high:
            gaps[low] = max(gaps[low], text_size(link.label, LINK_FONT)[0] + 34.0)
    return gaps


def _highlights(found: _Found, captions: Mapping[str, str], links: Mapping[str, SceneLink]) -> tuple[Highlight, ...]:
    """One entry for each path and each group, to be singled out on the page."""
    entries = []
    for number, path in enumerate(found.paths, 1):
        text = " → ".join(shortened(captions.get(entity, visible(entity)), 60) for entity in path.entities)
        drawn = tuple(dict.fromkeys(links[link].id for link in path.links if link in links))
        label = f"Path {number} · {path.length} {'link' if path.length == 1 else 'links'}"
        entries.append(Highlight(label, text, group_colour(number - 1), path.entities, drawn))
    for number, part in enumerate(found.parts):
        inside = set(part)
        drawn = tuple(dict.fromkeys(link.id for link in links.values() if {link.source, link.target} <= inside))
        text = ", ".join(shortened(captions[member], 40) for member in part[:6]) + (" …" if len(part) > 6 else "")
        label = f"Group {number + 1} · {len(part):,} entities"
        entries.append(Highlight(label, text, group_colour(number), part, drawn))
    return tuple(entries)
