"""What a planted story promises: whom it is about, what to ask, and what the answer must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that brings the story to light.

    ``scope`` holds scope options by the names of the API; ``expect`` are ids of entities that the answer must hold (for
    communities: in one of them), and ``shows`` says in words what they mean.
    """

    title: str
    question: str
    parameters: Mapping[str, str | int | bool]
    shows: str
    scope: Mapping[str, str | list[str]] = field(default_factory=dict)
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A core fact in words, and as a chain of entity ids, each linked to the next."""

    text: str
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A planted story: its area of crime by the letter of the typologies, its cast, its questions and its facts."""

    key: str
    title: str
    area: str
    marking: str
    summary: str
    cast: Mapping[str, str]
    facts: tuple[Fact, ...]
    asks: tuple[Ask, ...]
