"""Entities and links as nodes and links of a scene, not yet placed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from graph_service.model.graph import Entity, Link
from graph_service.model.ontology import Ontology
from viz.captions import (
    amount_text,
    entity_details,
    entity_lines,
    first,
    kind_words,
    link_caption,
    link_details,
)
from viz.elements import LegendEntry, SceneLink, SceneNode
from viz.style import entity_style, is_directed, link_colour
from viz.text import joined, shortened, visible, wrapped

BUNDLE_ABOVE = 4
"""More links of one kind from one entity to another than this are drawn as one."""
_LISTED = 20
_MOST_CAPTION = 300


def node_of(entity: Entity, ontology: Ontology) -> SceneNode:
    """The node of an entity."""
    style = entity_style(ontology, entity.kind)
    lines = entity_lines(entity, ontology)
    return SceneNode(
        id=entity.id,
        kind=entity.kind,
        kind_label=visible(style.label),
        caption=shortened(joined(lines), _MOST_CAPTION),
        label=_node_label(lines),
        colour=style.colour,
        ink=style.ink,
        icon=visible(style.icon),
        shape=style.shape,
        size=style.size,
        details=entity_details(entity, ontology),
    )


def _node_label(lines: Sequence[str]) -> str:
    """A caption alone may take three lines; of several facts each takes as many as it needs, in narrow lines."""
    return wrapped(lines[0], 22, 3) if len(lines) == 1 else "\n".join(wrapped(line, 18, 3) for line in lines[:4])


def links_of(links: Iterable[Link], ontology: Ontology, captions: Mapping[str, str]) -> dict[str, SceneLink]:
    """The scene links by link id; links of one kind between the same ends share one when they are many."""
    bundles: dict[tuple[str, str, str], list[Link]] = {}
    for link in links:
        bundles.setdefault((link.source, link.target, link.kind), []).append(link)
    drawn: dict[str, SceneLink] = {}
    for bundle in bundles.values():
        if len(bundle) > BUNDLE_ABOVE:
            drawn.update(dict.fromkeys((link.id for link in bundle), _bundle(bundle, ontology, captions)))
        else:
            drawn.update((link.id, _link(link, ontology, captions)) for link in bundle)
    return drawn


def _link(link: Link, ontology: Ontology, captions: Mapping[str, str]) -> SceneLink:
    caption = link_caption(link, ontology)
    return SceneLink(
        id=link.id,
        source=link.source,
        target=link.target,
        kind=link.kind,
        kind_label=visible(kind_words(link.kind, ontology)),
        caption=shortened(caption, _MOST_CAPTION),
        label=link_label_lines(caption),
        colour=link_colour(ontology, link.kind),
        width=1.6,
        directed=is_directed(ontology, link.kind),
        details=link_details(link, ontology, captions),
    )


def _bundle(links: Sequence[Link], ontology: Ontology, captions: Mapping[str, str]) -> SceneLink:
    model = _link(links[0], ontology, captions)
    caption = joined([f"{len(links):,} × {model.kind_label}", *_totals(links)])
    listed = [
        (f"{number}", shortened(link_caption(link, ontology), _MOST_CAPTION))
        for number, link in enumerate(links[:_LISTED], 1)
    ]
    if len(links) > _LISTED:
        listed.append(("", f"and {len(links) - _LISTED:,} more"))
    merged = [
        *((label, text) for label, text in model.details[0][1] if label in {"Link", "From", "To"}),
        ("Links", f"{len(links):,}"),
    ]
    return SceneLink(
        id=model.id,
        source=model.source,
        target=model.target,
        kind=model.kind,
        kind_label=model.kind_label,
        caption=caption,
        label=link_label_lines(caption),
        colour=model.colour,
        width=min(6.0, 2.2 + len(str(len(links)))),
        directed=model.directed,
        details=(("", tuple(merged)), ("The links one by one", tuple(listed))),
        members=len(links),
    )


def _totals(links: Sequence[Link]) -> list[str]:
    """The sum of the amounts for each currency, in the order of the currencies."""
    totals: dict[str, Decimal] = {}
    for link in links:
        try:
            amount = Decimal(first(link.properties, "amount") or "0")
        except InvalidOperation:
            return []
        if amount.is_finite() and amount:
            currency = first(link.properties, "currency")
            totals[currency] = totals.get(currency, Decimal(0)) + amount
    return [visible(amount_text(str(totals[currency]), currency)) for currency in sorted(totals)[:3]]


def link_label_lines(caption: str) -> str:
    """A link's caption broken where it is drawn: each fact on a line of its own, four at most."""
    return "\n".join(wrapped(fact, 16, 3) for fact in caption.split(" · ")[:4])


def legend_of(nodes: Sequence[SceneNode], links: Collection[SceneLink]) -> tuple[LegendEntry, ...]:
    """One entry a kind that is drawn: entities first, the most frequent kind first."""
    entities: dict[str, LegendEntry] = {}
    counts: dict[tuple[str, str], int] = {}
    for node in nodes:
        counts["entity", node.kind] = counts.get(("entity", node.kind), 0) + node.members
        entities.setdefault(
            node.kind,
            LegendEntry("entity", node.kind, node.kind_label, node.colour, node.ink, node.icon, node.shape, 0),
        )
    kinds: dict[str, LegendEntry] = {}
    for link in links:
        counts["link", link.kind] = counts.get(("link", link.kind), 0) + link.members
        kinds.setdefault(link.kind, LegendEntry("link", link.kind, link.kind_label, link.colour, "", "", "", 0))
    entries = [*entities.values(), *kinds.values()]
    counted = [
        LegendEntry(e.of, e.kind, e.label, e.colour, e.ink, e.icon, e.shape, counts[e.of, e.kind]) for e in entries
    ]
    return tuple(sorted(counted, key=lambda entry: (entry.of, -entry.count, entry.label, entry.kind)))
