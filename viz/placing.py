"""The nodes of a scene at their places, each layout by its own rules, and the links between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from viz.boxes import GAP, Boxes, Floats, Ints, roomy
from viz.elements import SceneLink, SceneNode
from viz.found import Found
from viz.layered import columns_of, folded, layered_layout, parted, with_room
from viz.layout import clustered_layout, settled, side_by_side
from viz.radial import circle_layout, radial_layout
from viz.routing import curves
from viz.stress import stress_layout
from viz.text import text_size

NODE_FONT = 14.0
LINK_FONT = 11.0
_LABELLED_LINKS = {"paths": 200, "circle": 200, "rings": 45, "clusters": 40, "force": 45}


def placed_in(
    layout: str, nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: Found
) -> tuple[tuple[SceneNode, ...], tuple[SceneLink, ...]]:
    """The nodes at their places in a layout ("paths", "circle", "rings", "clusters", "force"), and the links with how
    they bend around them and whether their label is drawn at once."""
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
    nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: Found, layout: str, drawing: tuple[Boxes, Ints]
) -> Floats:
    boxes, ends = drawing
    match layout:
        case "paths":
            return _path_positions(nodes, links, found, boxes, ends)
        case "circle":
            return circle_layout(
                boxes, _in_order(nodes, found), [text_size(link.label, LINK_FONT)[0] for link in links]
            )
        case "rings":
            return _ring_positions(nodes, found, boxes, ends)
        case "clusters":
            alone = len(found.groups)
            groups = [alone if node.group is None else node.group for node in nodes]
            return (side_by_side if found.in_row else clustered_layout)(boxes, ends, groups)
        case _:
            return _force_positions(nodes, found, boxes, ends)


def _force_positions(nodes: Sequence[SceneNode], found: Found, boxes: Boxes, ends: Ints) -> Floats:
    """By force; those of whom the answer says something come first, and where nothing joins them, in rows of a size."""
    if not found.marks.of:
        return stress_layout(boxes, ends)
    rank = {entity: place for place, entity in enumerate(found.marks.of)}
    order = np.array(sorted(range(len(nodes)), key=lambda at: (rank.get(nodes[at].id, len(rank)), at)), dtype=np.int64)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ranked = boxes.take(order)
    lone = np.bincount(place[ends[ends[:, 0] != ends[:, 1]]].ravel(), minlength=len(order)) == 0
    even = [np.where(lone, sizes[lone].max(initial=0.0), sizes) for sizes in (ranked.width, ranked.above, ranked.below)]
    return stress_layout(Boxes(*even), place[ends])[place]


def _in_order(nodes: Sequence[SceneNode], found: Found) -> list[int]:
    """The nodes as the cycle leads through them, then any others."""
    place = {node.id: at for at, node in enumerate(nodes)}
    walked = [place[entity] for entity in found.walks[0].entities if entity in place]
    return list(dict.fromkeys([*walked, *range(len(nodes))]))


def _ring_positions(nodes: Sequence[SceneNode], found: Found, boxes: Boxes, ends: Ints) -> Floats:
    """Rings around the start; around several, these are the first ring about an empty middle."""
    place = {node.id: at for at, node in enumerate(nodes)}
    starts = [place[entity] for entity in found.centres if entity in place]
    order = [(node.kind, node.caption, node.id) for node in nodes]
    if len(starts) == 1:
        return radial_layout(boxes, ends, starts[0], order)
    middle = len(nodes)
    point = [np.append(sizes, 0.0) for sizes in (boxes.width, boxes.above, boxes.below)]
    spokes = np.array([(middle, start) for start in starts], dtype=np.int64)
    return radial_layout(Boxes(*point), np.concatenate([ends, spokes]), middle, [*order, ("", "", "")])[:middle]


def _path_positions(
    nodes: Sequence[SceneNode], links: Sequence[SceneLink], found: Found, boxes: Boxes, ends: Ints
) -> Floats:
    """The paths in columns; what lies on no path is laid out below them."""
    place = {node.id: at for at, node in enumerate(nodes)}
    walks = [[place[entity] for entity in walk.entities if entity in place] for walk in found.walks]
    plain = columns_of(len(nodes), walks)
    columns = parted(plain)
    on_path = np.array([at for at, column in enumerate(columns) if column >= 0], dtype=np.int64)
    beside = np.array([at for at, column in enumerate(columns) if column < 0], dtype=np.int64)
    positions = np.zeros((len(nodes), 2))
    chosen = [columns[at] for at in on_path.tolist()]
    drawing = (boxes.take(on_path), _among(ends, on_path, len(nodes)), chosen)
    if columns == plain:
        drawing = with_room(*drawing)
    straight = layered_layout(*drawing, _column_gaps(links, place, columns))[: len(on_path)]
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
    for link in links if len(links) <= _LABELLED_LINKS["paths"] else ():
        low, high = sorted((columns[place[link.source]], columns[place[link.target]]))
        if 0 <= low < high:
            gaps[low] = max(gaps[low], text_size(link.label, LINK_FONT)[0] + 34.0)
    return gaps
