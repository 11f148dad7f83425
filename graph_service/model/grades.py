"""Grades: how far a source is trusted and how credible what it said is.

Three scales are in use, and they flip letters and digits: Admiralty (NATO STANAG 2511, the house scale), 5x5x5 and
3x5x2. A grade keeps the scale it was given on, and counts by that scale's own numbers. "Cannot be judged" (F and 6;
E and 4 of 5x5x5; 2 and D of 3x5x2) is *unknown*, not worst: it counts as an even chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product

from graph_service.errors import InvalidValue


class Scale(StrEnum):
    """The scale that a grade is given on, by the name it is written with."""

    ADMIRALTY = "Admiralty"
    FIVE = "5x5x5"
    THREE = "3x5x2"


RELIABILITY: Mapping[Scale, Mapping[str, float]] = {
    Scale.ADMIRALTY: {"A": 0.95, "B": 0.80, "C": 0.60, "D": 0.35, "E": 0.15, "F": 0.50},
    Scale.FIVE: {"A": 0.95, "B": 0.80, "C": 0.60, "D": 0.20, "E": 0.50},
    Scale.THREE: {"1": 0.90, "2": 0.50, "3": 0.15},
}
"""Chance that a source of this mark is right, by scale; a product convention (typologies, 1.7)."""
CREDIBILITY: Mapping[Scale, Mapping[str, float]] = {
    Scale.ADMIRALTY: {"1": 0.95, "2": 0.80, "3": 0.60, "4": 0.35, "5": 0.10, "6": 0.50},
    Scale.FIVE: {"1": 0.95, "2": 0.75, "3": 0.65, "4": 0.50, "5": 0.05},
    Scale.THREE: {"A": 0.95, "B": 0.75, "C": 0.55, "D": 0.50, "E": 0.05},
}
"""Chance that information of this mark is true, by scale; a product convention (typologies, 1.7)."""

_FORMS = {
    Scale.ADMIRALTY: re.compile(r"([A-F])([1-6])", re.IGNORECASE | re.ASCII),
    Scale.FIVE: re.compile(r"5x5x5:([A-E])([1-5])[1-5]?", re.IGNORECASE | re.ASCII),
    Scale.THREE: re.compile(r"3x5x2:([1-3])([A-E])[PC]?", re.IGNORECASE | re.ASCII),
}


@dataclass(frozen=True, slots=True, order=True)
class Grade:
    """How reliable the source is and how credible what it said, as marks of one scale."""

    reliability: str
    credibility: str
    scale: Scale = Scale.ADMIRALTY

    def __post_init__(self) -> None:
        """Refuses what is not on the scale."""
        if self.reliability not in RELIABILITY[self.scale] or self.credibility not in CREDIBILITY[self.scale]:
            sources, contents = (", ".join(marks[self.scale]) for marks in (RELIABILITY, CREDIBILITY))
            raise InvalidValue(
                f"not a grade of the {self.scale} scale ({sources}; {contents}): {self.reliability}{self.credibility}"
            )

    def __str__(self) -> str:
        """The grade as it is written, such as ``B2`` or ``5x5x5:B2``; a handling code is no part of it."""
        bare = self.reliability + self.credibility
        return bare if self.scale is Scale.ADMIRALTY else f"{self.scale}:{bare}"

    @property
    def source_chance(self) -> float:
        """Chance that the source is right."""
        return RELIABILITY[self.scale][self.reliability]

    @property
    def content_chance(self) -> float:
        """Chance that what it said is true."""
        return CREDIBILITY[self.scale][self.credibility]

    @property
    def probability(self) -> float:
        """Chance that one such record is right: that of the source times that of the content, to four digits."""
        return round(self.source_chance * self.content_chance, 4)

    @property
    def code(self) -> int:
        """A number for arrays: 0 to 35 Admiralty, 36 to 60 5x5x5, 61 to 75 3x5x2."""
        return _CODES[self]

    def reaches(self, least: Grade) -> bool:
        """Whether both parts are at least as trusted as those of another grade, whatever the scales of the two."""
        return self.source_chance >= least.source_chance and self.content_chance >= least.content_chance


UNGRADED = Grade("F", "6")
ALL_GRADES = tuple(
    Grade(source, content, scale)
    for scale in Scale
    for source, content in product(RELIABILITY[scale], CREDIBILITY[scale])
)
"""Every grade of every scale, at the place of its code."""
_CODES = {grade: code for code, grade in enumerate(ALL_GRADES)}


@lru_cache(maxsize=4_096)
def parse_grade(text: str) -> Grade:
    """A grade from ``B2``, ``5x5x5:B23`` or ``3x5x2:1AP``; an empty text is F6.

    Raises InvalidValue for anything else.
    """
    bare = text.strip()
    if not bare:
        return UNGRADED
    for scale, form in _FORMS.items():
        if match := form.fullmatch(bare):
            return Grade(match[1].upper(), match[2].upper(), scale)
    raise InvalidValue(f"not a grade (such as B2, 5x5x5:B23 or 3x5x2:1AP): {text!r}")


def combined_probability(by_origin: Iterable[tuple[str, float]]) -> float:
    """Noisy-or over independent origins, the best of each origin: B2 and C3 give 0.7696."""
    best: dict[str, float] = {}
    for origin, probability in by_origin:
        best[origin] = max(best.get(origin, 0.0), probability)
    wrong = 1.0
    for origin in sorted(best):
        wrong *= 1.0 - best[origin]
    return round(1.0 - wrong, 6)
