"""What every telling of an answer is made of: how its entities and links are called, and what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from graph_service.cli.facts import Json, Names
from graph_service.cli.show import clean

_SHOWN = 60


class Told:
    """One answer, its entities and links by id, and their names."""

    def __init__(self, answer: Json, ontology: Json, sources: Iterable[Json]) -> None:
        """The answer, the ontology and the sources as plain JSON."""
        self.answer = answer
        self.names = Names(ontology, sources)
        self.entities: Mapping[str, Json] = {one["id"]: one for one in answer["subgraph"]["entities"]}
        self.links: Mapping[str, Json] = {one["id"]: one for one in answer["subgraph"]["links"]}

    def name(self, entity_id: str) -> str:
        """An entity as a person would name it: caption and kind."""
        entity = self.entities.get(entity_id)
        return f"{named(entity)} ({self.names.kind(entity['kind'])})" if entity else clean(entity_id)

    def is_party(self, entity_id: str) -> bool:
        """Whether an entity of the answer is a person, a body or whatever else can act."""
        entity = self.entities.get(entity_id)
        return entity is not None and self.names.is_party(entity["kind"])

    def full(self, entity_id: str) -> str:
        """The name with the id; for an event its own date, amount and sources too."""
        entity = self.entities.get(entity_id)
        facts = f" {self.names.facts(entity)}" if entity and self.names.is_event(entity["kind"]) else ""
        return f"{self.name(entity_id)}{facts} [{clean(entity_id)}]"

    def step(self, link_id: str, start: str) -> str:
        """A link as it is walked from one of its ends: in words, with date, amount, grade and sources."""
        link = self.links[link_id]
        return f"—{self.names.link(link, start)} {self.names.facts(link)}".rstrip() + "→"

    def rank(self, entity_id: str) -> tuple[int, bool]:
        """Parties come first, then things, then events; of each those that are known by a name, then numbers."""
        entity = self.entities.get(entity_id)
        if entity is None:
            return 3, True
        order = 0 if self.is_party(entity_id) else 2 if self.names.is_event(entity["kind"]) else 1
        return order, not named(entity)[:1].isalpha()


Tell: TypeAlias = Callable[[Told, Json], Iterator[str]]
"""Tells the result of one question, line by line."""


def named(entity: Json) -> str:
    """What an entity is called."""
    return clean(entity["caption"] or entity["id"])


def some(lines: list[str]) -> Iterator[str]:
    """The first lines, and how many more there are."""
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"  … and {len(lines) - _SHOWN:,} more (--json tells all)"


def many(count: int, one: str, more: str = "") -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"
