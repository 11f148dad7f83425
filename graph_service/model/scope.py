"""Scope: who asks, as of when, of which kinds and how good; and the one rule of visibility.

A person sees a record only if they hold **all** its markings. What they may not see does not exist for
them: in no count, path, rank, error text or timing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from graph_service.errors import InvalidScope, InvalidValue
from graph_service.model.grades import Grade
from graph_service.model.time import Interval

_MARKING = re.compile(r"[^\s\x00-\x1f,|]{1,100}")


def check_marking(text: str) -> str:
    """The marking itself, or InvalidValue when it holds white space, a comma or a bar."""
    if not _MARKING.fullmatch(text):
        raise InvalidValue(f"not a marking (no white space, comma or bar; 1 to 100 characters): {text!r}")
    return text


def join_markings(markings: Iterable[str]) -> str:
    """Markings as one canonical text, sorted and parted by spaces; the empty text is unmarked."""
    return " ".join(sorted({check_marking(marking) for marking in markings}))


def split_markings(text: str) -> frozenset[str]:
    """The markings of a canonical text."""
    return frozenset(text.split())


class Events(StrEnum):
    """Whether an event is a node with role links, or one direct link per pair of parties."""

    KEPT = "kept"
    COLLAPSED = "collapsed"


@dataclass(frozen=True, slots=True)
class Caller:
    """The person on whose behalf a question is asked; ``markings`` None means all of them."""

    name: str = "local"
    markings: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question may look at.

    ``markings``: held by the asker, None for all. ``window``: records whose validity may overlap it.
    ``known_at``: the graph as it was known then; None is now. ``entity_kinds`` and ``link_kinds``: only these
    (descendants already included), None for all. ``min_grade``: at least this in both parts.
    """

    markings: frozenset[str] | None = None
    window: Interval = field(default_factory=Interval)
    known_at: datetime | None = None
    entity_kinds: frozenset[str] | None = None
    link_kinds: frozenset[str] | None = None
    min_grade: Grade | None = None
    events: Events = Events.KEPT

    def __post_init__(self) -> None:
        """Refuses a moment without a time zone."""
        if self.known_at is not None and self.known_at.tzinfo is None:
            raise InvalidScope("the as-known moment needs a time zone")

    def may_see(self, markings: frozenset[str]) -> bool:
        """Whether the asker holds all of a record's markings."""
        return self.markings is None or markings <= self.markings

    def for_caller(self, caller: Caller) -> Scope:
        """The same scope narrowed to what the caller holds; a scope never widens a person's rights."""
        if caller.markings is None:
            return self
        held = caller.markings if self.markings is None else self.markings & caller.markings
        return replace(self, markings=held)


EVERYTHING = Scope()
