"""Plots as SVG, made without a browser: curves in panels, and intervals as bars. The same values give the same text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from viz.style import LINK_COLOURS
from viz.svg import document, element, polygon, polyline, text
from viz.text import shortened

PANEL_WIDTH, PANEL_HEIGHT = 420.0, 230.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 18.0, 34.0, 44.0
_HEAD = 64.0
_DASHES = ("none", "7 3", "2 3", "9 3 2 3", "4 2", "1 2", "12 4", "6 2 1 2")
"""A pattern a line beside its colour, so that lines are told apart without it."""
_GRID, _AXIS, _MUTED = "#e5e7eb", "#6b7280", "#4b5563"
_ROW = 24.0
_NAMES = 250.0
_SHARES = 150.0
_BARS = 420.0
_LONGEST = 36


@dataclass(frozen=True, slots=True)
class Line:
    """A named line, its value at each step from 0; ``low`` and ``high`` bound a band around it where they are given."""

    name: str
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines over the same steps; the vertical axis runs from 0 to ``most``."""

    title: str
    lines: Sequence[Line]
    most: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A named interval with its middle, a second value to compare with, and words at its right."""

    name: str
    low: float
    middle: float
    high: float
    other: float
    words: str


def curves(title: str, description: str, panels: Sequence[Panel], steps: str) -> str:
    """The panels two abreast, under one legend; ``steps`` says what the horizontal axis counts."""
    names = list(dict.fromkeys(line.name for panel in panels for line in panel.lines))
    rows = math.ceil(len(panels) / 2)
    width, height = 2 * PANEL_WIDTH, _HEAD + rows * PANEL_HEIGHT
    drawn = [
        _panel(panel, names, steps, (number % 2 * PANEL_WIDTH, _HEAD + number // 2 * PANEL_HEIGHT))
        for number, panel in enumerate(panels)
    ]
    head = text(shortened(title, 110), 16, 26, font_size=16, font_weight="bold")
    return document(width, height, title, description, head, _legend(names), *drawn)


def intervals(title: str, description: str, rows: Sequence[Interval], axis: str, key: str) -> str:
    """A bar a row from low to high, a dot at the middle and a ring at the other value; ``key`` explains them."""
    most = max([2.0, *(max(row.high, row.other) for row in rows)])
    width, height = _NAMES + _BARS + _SHARES, _HEAD + len(rows) * _ROW + _BOTTOM
    bottom = _HEAD + len(rows) * _ROW

    def x(value: float) -> float:
        return _NAMES + 12 + (value - 1) / (most - 1) * (_BARS - 24)

    drawn = [text(shortened(title, 110), 16, 26, font_size=16, font_weight="bold"), text(key, 16, 46, fill=_MUTED)]
    for tick in [tick for tick in ticks(most) if tick >= 1 and tick == int(tick)] + [1.0]:
        drawn.append(element("line", x1=x(tick), y1=_HEAD, x2=x(tick), y2=bottom, stroke=_GRID))
        drawn.append(text(f"{tick:g}", x(tick), bottom + 16, text_anchor="middle", fill=_MUTED))
    drawn.append(text(axis, _NAMES + _BARS / 2, bottom + 34, text_anchor="middle", fill=_MUTED))
    for number, row in enumerate(rows):
        y = _HEAD + (number + 0.5) * _ROW
        bar: dict[str, str | float] = {"fill": LINK_COLOURS[0], "fill_opacity": "0.25", "height": 10, "rx": 5}
        drawn += [
            text(shortened(row.name, _LONGEST), _NAMES - 4, y + 4, text_anchor="end"),
            element("rect", x=x(row.low) - 5, y=y - 5, width=x(row.high) - x(row.low) + 10, **bar),
            element("circle", cx=x(row.other), cy=y, r=6, fill="none", stroke=LINK_COLOURS[1], stroke_width="1.5"),
            element("circle", cx=x(row.middle), cy=y, r=3.5, fill=LINK_COLOURS[0]),
            text(row.words, _NAMES + _BARS + 8, y + 4, fill=_MUTED),
        ]
    return document(width, height, title, description, *drawn)


def ticks(most: float, about: int = 5) -> list[float]:
    """Round numbers from 0 to ``most``, about so many: steps of 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return [0.0]
    rough = most / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))
    return [round(number * step, 9) for number in range(int(most / step + 1e-9) + 1)]


def _panel(panel: Panel, names: Sequence[str], steps: str, corner: tuple[float, float]) -> str:
    left, top = corner[0] + _LEFT, corner[1] + _TOP
    width, height = PANEL_WIDTH - _LEFT - _RIGHT, PANEL_HEIGHT - _TOP - _BOTTOM
    last = max([1, *(len(line.values) - 1 for line in panel.lines)])
    most = panel.most or 1.0

    def at(step: int, value: float) -> tuple[float, float]:
        return left + step / last * width, top + (1 - value / most) * height

    drawn = [text(panel.title, left, top - 12, font_weight="bold")]
    for tick in ticks(most):
        _, y = at(0, tick)
        drawn.append(element("line", x1=left, y1=y, x2=left + width, y2=y, stroke=_GRID))
        drawn.append(text(f"{tick:,g}", left - 6, y + 4, text_anchor="end", fill=_MUTED))
    for tick in ticks(last):
        if tick == int(tick):
            x, y = at(int(tick), 0)
            drawn.append(element("line", x1=x, y1=y, x2=x, y2=y + 4, stroke=_AXIS))
            drawn.append(text(f"{tick:g}", x, y + 17, text_anchor="middle", fill=_MUTED))
    drawn.append(element("line", x1=left, y1=top + height, x2=left + width, y2=top + height, stroke=_AXIS))
    drawn.append(text(steps, left + width / 2, top + height + 34, text_anchor="middle", fill=_MUTED))
    for line in panel.lines:
        colour, dash = _look(names, line.name)
        if line.low:
            band = [at(n, v) for n, v in enumerate(line.high)] + [at(n, v) for n, v in enumerate(line.low)][::-1]
            drawn.append(polygon(band, fill=colour, fill_opacity="0.12"))
        drawn.append(
            polyline(
                (at(n, v) for n, v in enumerate(line.values)), stroke=colour, stroke_width=2, stroke_dasharray=dash
            )
        )
    return element("g", *drawn)


def _legend(names: Sequence[str]) -> str:
    drawn, x = [], 16.0
    for name in names:
        colour, dash = _look(names, name)
        drawn.append(polyline([(x, 46), (x + 28, 46)], stroke=colour, stroke_width=2, stroke_dasharray=dash))
        drawn.append(text(name, x + 34, 50))
        x += 34 + 7.2 * len(name) + 24
    return element("g", *drawn)


def _look(names: Sequence[str], name: str) -> tuple[str, str]:
    place = names.index(name)
    return LINK_COLOURS[place % len(LINK_COLOURS)], _DASHES[place % len(_DASHES)]
