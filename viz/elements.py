"""The values a chart is made of: frozen, plain, and complete, so that a page needs nothing else to draw them."""

from __future__ import annotations

from dataclasses import dataclass

from viz.captions import Sections


@dataclass(frozen=True, slots=True)
class SceneNode:
    """An entity as drawn, or a group of them when ``members`` is more than 1.

    ``id`` is the entity's id as it is in the data; every other text is safe to show (`text.visible`). ``label`` is the
    caption broken into lines; ``tag`` says what the node is to the question ("from", "to", "start", "asked") and what
    the answer says of it, such as its rank; ``group`` is the number of its cluster, or None; ``left_out`` counts the
    links at it that the answer did not follow. ``x`` goes right and ``y`` down, in pixels; ``size`` is the radius.
    """

    id: str
    kind: str
    kind_label: str
    caption: str
    label: str
    colour: str
    ink: str
    icon: str
    shape: str
    size: float
    details: Sections
    x: float = 0.0
    y: float = 0.0
    tag: str = ""
    emphasis: bool = False
    group: int | None = None
    members: int = 1
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class SceneLink:
    """A link as drawn, or a bundle of links of one kind between the same ends when ``members`` is more than 1.

    ``caption`` says all on one line, ``label`` is the same broken into lines, drawn at once when ``labelled`` and else
    when a person points at it. ``curve`` is as in `routing`. ``directed`` draws an arrow at the target.
    """

    id: str
    source: str
    target: str
    kind: str
    kind_label: str
    caption: str
    label: str
    colour: str
    width: float
    directed: bool
    details: Sections
    labelled: bool = True
    emphasis: bool = False
    curve: float = 0.0
    members: int = 1


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One kind in the legend, with how many entities or links of it are in the chart; ``of`` is "entity" or "link"."""

    of: str
    kind: str
    label: str
    colour: str
    ink: str
    icon: str
    shape: str
    count: int


@dataclass(frozen=True, slots=True)
class Highlight:
    """A part of the answer that a reader may single out: one path, one community; by node and link ids of the scene."""

    label: str
    text: str
    colour: str
    nodes: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A chart as a pure value: the same answer gives the same scene, and the same scene the same page.

    ``title`` is the question in words; ``subtitle`` its parameters, scope, engine, store, revision and date, and how
    bold links and marks are read; ``notes`` what a reader must know: what was cut, what was grouped, that nothing was
    found. ``layout`` is "paths", "circle", "rings", "clusters" or "force".
    """

    title: str
    subtitle: tuple[str, ...]
    notes: tuple[str, ...]
    layout: str
    nodes: tuple[SceneNode, ...]
    links: tuple[SceneLink, ...]
    legend: tuple[LegendEntry, ...]
    highlights: tuple[Highlight, ...]
