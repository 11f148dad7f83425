"""Grades: how far a source is trusted and how credible what it said is.

The Admiralty scale (NATO STANAG 2511) is the house scale; 5x5x5 and 3x5x2 map into it. "Cannot be judged"
(F, 6) is *unknown*, not worst: it counts as an even chance, between C and D.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from graph_service.errors import InvalidValue

RELIABILITY = {"A": 0.95, "B": 0.80, "C": 0.60, "D": 0.35, "E": 0.15, "F": 0.50}
"""Chance that a source of this letter is right; a product convention (typologies, 1.7)."""
CREDIBILITY = {"1": 0.95, "2": 0.80, "3": 0.60, "4": 0.35, "5": 0.10, "6": 0.50}
"""Chance that information of this digit is true; a product convention (typologies, 1.7)."""

_FIVE_SOURCE = {"A": "A", "B": "B", "C": "C", "D": "E", "E": "F"}
_FIVE_INFORMATION = {"1": "1", "2": "2", "3": "3", "4": "6", "5": "5"}
_THREE_SOURCE = {"1": "A", "2": "F", "3": "E"}
_THREE_INFORMATION = {"A": "1", "B": "2", "C": "3", "D": "6", "E": "5"}
_FIVE = re.compile(r"5x5x5:([A-E])([1-5])[1-5]?", re.IGNORECASE)
_THREE = re.compile(r"3x5x2:([1-3])([A-E])[PC]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Grade:
    """A reliability letter (A to F) and a credibility digit (1 to 6)."""

    reliability: str
    credibility: str

    def __post_init__(self) -> None:
        """Refuses what is not on the scale."""
        if self.reliability not in RELIABILITY or self.credibility not in CREDIBILITY:
            raise InvalidValue(f"not an Admiralty grade (A-F, 1-6): {self.reliability}{self.credibility}")

    def __str__(self) -> str:
        """The grade as it is written, such as ``B2``."""
        return self.reliability + self.credibility

    @property
    def probability(self) -> float:
        """Chance that one such record is right: reliability times credibility."""
        return RELIABILITY[self.reliability] * CREDIBILITY[self.credibility]

    @property
    def code(self) -> int:
        """A number from 0 to 35 for arrays."""
        return (ord(self.reliability) - ord("A")) * 6 + int(self.credibility) - 1

    def reaches(self, least: Grade) -> bool:
        """Whether both parts are at least as trusted as those of another grade."""
        return (
            RELIABILITY[self.reliability] >= RELIABILITY[least.reliability]
            and CREDIBILITY[self.credibility] >= CREDIBILITY[least.credibility]
        )


UNGRADED = Grade("F", "6")
ALL_GRADES = tuple(Grade(letter, digit) for letter in "ABCDEF" for digit in "123456")
"""Every grade, at the place of its code."""


@lru_cache(maxsize=4_096)
def parse_grade(text: str) -> Grade:
    """A grade from ``B2``, ``5x5x5:B23`` or ``3x5x2:1AP``; an empty text is F6.

    Raises InvalidValue for anything else.
    """
    bare = text.strip()
    if not bare:
        return UNGRADED
    if match := _FIVE.fullmatch(bare):
        return Grade(_FIVE_SOURCE[match[1].upper()], _FIVE_INFORMATION[match[2]])
    if match := _THREE.fullmatch(bare):
        return Grade(_THREE_SOURCE[match[1]], _THREE_INFORMATION[match[2].upper()])
    if len(bare) != 2:
        raise InvalidValue(f"not a grade (such as B2, 5x5x5:B23 or 3x5x2:1AP): {text!r}")
    return Grade(bare[0].upper(), bare[1])


def combined_probability(by_origin: Iterable[tuple[str, float]]) -> float:
    """Noisy-or over independent origins, the best of each origin: B2 and C3 give 0.7696."""
    best: dict[str, float] = {}
    for origin, probability in by_origin:
        best[origin] = max(best.get(origin, 0.0), probability)
    wrong = 1.0
    for origin in sorted(best):
        wrong *= 1.0 - best[origin]
    return round(1.0 - wrong, 6)
