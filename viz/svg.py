"""SVG as text: elements whose texts and attributes are escaped, so that no caption is ever markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from viz.text import visible

_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
"""What XML 1.0 allows nowhere and ``visible`` lets pass."""


def element(name: str, *content: str, **attributes: str | float) -> str:
    """An element with content that is markup already; ``_`` in an attribute's name stands for ``-``, one at its end is
    dropped (``class_``)."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{written(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(content)}</{name}>" if content else f"<{name}{given}/>"


def written(value: str | float) -> str:
    """A text, escaped; or a number with one decimal at the most, so that the same drawing is the same text."""
    if isinstance(value, str):
        return _NO_CHARACTERS.sub("\ufffd", escape(visible(value)))
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # adding 0 turns -0 into 0


def text(words: str, x: float, y: float, **attributes: str | float) -> str:
    """A line of text at a place."""
    return element("text", written(words), x=x, y=y, **attributes)


def polyline(points: Iterable[tuple[float, float]], **attributes: str | float) -> str:
    """A line through points."""
    return element("polyline", points=_places(points), fill="none", **attributes)


def polygon(points: Iterable[tuple[float, float]], **attributes: str | float) -> str:
    """A filled area."""
    return element("polygon", points=_places(points), **attributes)


def document(width: float, height: float, title: str, description: str, *content: str) -> str:
    """A whole drawing on white, which says by title and description what it shows to those who do not see it."""
    body = (
        element("title", written(title), id="plot-title"),
        element("desc", written(description), id="plot-words"),
        element("rect", width=width, height=height, fill="#ffffff"),
        element("g", *content, font_family="system-ui, sans-serif", font_size=12, fill="#1f2937"),
    )
    return element(
        "svg",
        "\n".join(body),
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {written(width)} {written(height)}",
        role="img",
        aria_labelledby="plot-title plot-words",
    )


def _places(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{written(x)},{written(y)}" for x, y in points)
