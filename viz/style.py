"""How kinds look: colours and icons come from the ontology, shapes from the family of the kind."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.model.ontology import EntityKind, Ontology

UNKNOWN_COLOUR = "#8c8c8c"
NODE_SIZE = 22.0
"""Radius of an ordinary node in pixels."""
SMALL_NODE_SIZE = 16.0
"""Radius of things everybody touches, such as a country or a port."""

LINK_COLOURS = ("#3d5a80", "#9c4221", "#2f6b4f", "#6b3fa0", "#8a6d1b", "#a3336b", "#2b7a8c", "#5c5c5c")
"""Dark enough on white to be read as a thin line (contrast of 4.5 to 1 or more)."""
GROUP_COLOURS = ("#4477aa", "#ee6677", "#228833", "#b8a21a", "#2a9db5", "#aa3377", "#7a5c3e", "#6a6fd0")
"""Paul Tol's bright scheme, its pale members darkened: distinct under the usual colour blindnesses."""

_SHAPES = {
    "events": "diamond",
    "identifiers": "square",
    "documents": "square",
    "goods": "hexagon",
    "transport": "hexagon",
    "places": "triangleDown",
    "enforcement": "star",
}
_DARK, _LIGHT = "#111827", "#ffffff"


@dataclass(frozen=True, slots=True)
class Style:
    """How a node of some kind is drawn; ``ink`` is the colour of the icon letters on ``colour``."""

    label: str
    plural: str
    colour: str
    ink: str
    icon: str
    shape: str
    size: float


def entity_style(ontology: Ontology, kind: str) -> Style:
    """The style of an entity kind; a kind the ontology does not know is grey and keeps its name."""
    known = ontology.entity_kinds.get(kind)
    if known is None:
        return Style(kind, kind, UNKNOWN_COLOUR, ink_on(UNKNOWN_COLOUR), "?", "dot", NODE_SIZE)
    return Style(
        label=known.label,
        plural=known.plural,
        colour=known.colour,
        ink=ink_on(known.colour),
        icon=known.icon,
        shape=_shape(known),
        size=SMALL_NODE_SIZE if known.infrastructure else NODE_SIZE,
    )


def _shape(kind: EntityKind) -> str:
    return "diamond" if kind.event else _SHAPES.get(kind.family, "dot")


def link_label(ontology: Ontology, kind: str, *, reverse: bool = False) -> str:
    """The words of a link kind, read from source to target or back; an unknown kind keeps its name."""
    known = ontology.link_kinds.get(kind)
    if known is None:
        return kind
    return known.reverse if reverse else known.label


def link_colour(ontology: Ontology, kind: str) -> str:
    """A colour for a link kind, the same in every chart of one ontology."""
    places = {name: place for place, name in enumerate(ontology.link_kinds)}
    return LINK_COLOURS[places.get(kind, len(LINK_COLOURS) - 1) % len(LINK_COLOURS)]


def is_directed(ontology: Ontology, kind: str) -> bool:
    """Whether links of the kind are drawn with an arrow."""
    known = ontology.link_kinds.get(kind)
    return known is None or known.directed


def group_colour(number: int) -> str:
    """The colour of a group by its number."""
    return GROUP_COLOURS[number % len(GROUP_COLOURS)]


def ink_on(colour: str) -> str:
    """Black or white, whichever stands out more on the colour (relative luminance of WCAG 2)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return _DARK if (luminance + 0.05) / 0.06 >= 1.05 / (luminance + 0.05) else _LIGHT


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
