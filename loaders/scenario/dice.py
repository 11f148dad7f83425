"""Seeded chance: the same name always gives the same stream of numbers, on every Python version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

SEED = "meridian-2025"
"""The one seed of the whole world; another seed is another world with the same stories."""

T = TypeVar("T")


class Dice:
    """A stream of choices of its own name, so that adding a draw in one part leaves the others as they were.

    Built on `Random.random` alone, the one method whose sequence Python promises to keep between versions.
    """

    __slots__ = ("_random",)

    def __init__(self, name: str) -> None:
        self._random = Random(f"{SEED}/{name}").random  # noqa: S311  made-up data, no secrets

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound - 1``."""
        return int(self._random() * bound)

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``, both included."""
        return least + self.below(most - least + 1)

    def chance(self, share: float) -> bool:
        """True in that share of the calls."""
        return self._random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def several(self, options: Sequence[T], count: int) -> list[T]:
        """That many different options, or all of them when there are fewer, in the order drawn."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]

    def digits(self, count: int) -> str:
        """That many digits, the first not a zero."""
        return str(self.between(1, 9)) + "".join(str(self.below(10)) for _ in range(count - 1))

    def day(self, first: date, last: date) -> date:
        """A day from the first to the last, both included."""
        return first + timedelta(days=self.below((last - first).days + 1))

    def fill(self, pattern: str) -> str:
        """The pattern with every ``#`` replaced by a digit."""
        return "".join(str(self.below(10)) if sign == "#" else sign for sign in pattern)
