"""Texts as a chart shows them: control characters made visible, broken into lines of a known width.

A name in a record is written by its subject. Characters that reorder, hide or break the text around them are shown
as their code point, such as ⟦U+202E⟧; the data keep the name as it was said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

ELLIPSIS = "…"
_BLOCKS = [
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f",  # C0 and C1 controls, without tab and line feed
    "\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb",  # format and bidi
    "\\ud800-\\udfff",  # lone surrogates, which no encoding can write
    "\\U000e0000-\\U000e0fff",  # tags
]
_HIDDEN = re.compile("[" + "".join(_BLOCKS) + "]")
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}·- ")
_BROAD = frozenset("mwMWQO@%&—ABCDGHNRUVXYZ")


def visible(text: str) -> str:
    """The text with every character that acts on its surroundings shown as its code point.

    Joiners (U+200C, U+200D) stay, because Persian, Indic scripts and emoji are written with them.
    """
    return _HIDDEN.sub(lambda match: f"⟦U+{ord(match[0]):04X}⟧", text)


def shortened(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis when it is longer than ``length`` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + ELLIPSIS


def wrapped(text: str, length: int, lines: int) -> str:
    """The text on one line, broken at spaces into at most ``lines`` lines of ``length`` characters; the rest is cut.

    A word that is longer than a line is broken where the line ends.
    """
    found: list[str] = []
    words = text[: length * lines * 4].split()
    line = ""
    while words:
        word = words.pop(0)
        joined = f"{line} {word}" if line else word
        if len(joined) <= length:
            line = joined
        elif line:
            found.append(line)
            line = ""
            words.insert(0, word)
        else:
            found.append(word[:length])
            words.insert(0, word[length:])
        if len(found) == lines:
            return "\n".join([*found[:-1], shortened(found[-1] + ELLIPSIS, length)])
    return "\n".join([*found, line] if line else found)


def text_size(label: str, font: float) -> tuple[float, float]:
    """Width and height in pixels of a label in a usual sans-serif font of that size, estimated from above.

    The server has no fonts; em widths by class of character are near enough to keep labels apart.
    """
    lines = label.split("\n") if label else []
    return max((_line_width(line) for line in lines), default=0.0) * font, len(lines) * font * 1.25


def _line_width(line: str) -> float:
    width = 0.0
    for character in line:
        if character in _NARROW:
            width += 0.36
        elif character in _BROAD:
            width += 0.74
        elif unicodedata.east_asian_width(character) in {"W", "F"}:
            width += 1.05
        else:
            width += 0.58
    return width


def joined(parts: Iterable[str], separator: str = " · ") -> str:
    """The parts that are not empty, with the separator between them."""
    return separator.join(part for part in parts if part)
