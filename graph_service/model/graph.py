"""The graph as it is shown: entities, links, paths and subgraphs, frozen and in canonical order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph_service.model.grades import combined_probability
from graph_service.model.records import EntityRecord, LinkRecord, Properties
from graph_service.model.time import Interval


@dataclass(frozen=True, slots=True)
class Entity:
    """A node as shown: the merge of the records that the asker may see, which it carries as its evidence."""

    id: str
    kind: str
    caption: str
    properties: Properties = field(default_factory=dict)
    records: tuple[EntityRecord, ...] = ()

    @property
    def probability(self) -> float:
        """Chance that it is as said, from all its records (noisy-or over sources)."""
        return combined_probability((r.said.source_id, r.said.grade.probability) for r in self.records)


@dataclass(frozen=True, slots=True)
class Link:
    """A directed, typed, dated relationship as shown; ``source`` and ``target`` are entity ids.

    In a view with events collapsed it may stand for an event: ``event`` is then the event's id.
    """

    id: str
    kind: str
    source: str
    target: str
    valid: Interval = field(default_factory=Interval)
    properties: Properties = field(default_factory=dict)
    records: tuple[LinkRecord | EntityRecord, ...] = ()
    event: str | None = None

    @property
    def probability(self) -> float:
        """Chance that it holds, from all its records (noisy-or over sources)."""
        return combined_probability((r.said.source_id, r.said.grade.probability) for r in self.records)


@dataclass(frozen=True, slots=True, order=True)
class LinkRef:
    """A link named by an answer, before its records are fetched; ``event`` as in Link."""

    id: str
    source: str
    target: str
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A walk that meets no entity twice: n + 1 entity ids and the n link ids between them, with its cost."""

    entities: tuple[str, ...]
    links: tuple[str, ...]
    cost: float

    @property
    def length(self) -> int:
        """How many links (hops) it has."""
        return len(self.links)

    @property
    def sort_key(self) -> tuple[float, int, tuple[tuple[str, str], ...]]:
        """The order of paths: cost, length, where it starts, then step by step the entity reached and the link."""
        return self.cost, self.length, tuple(zip(self.entities, ("", *self.links), strict=True))


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Entities and links by id, each once."""

    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()

    @staticmethod
    def of(entities: Iterable[Entity], links: Iterable[Link]) -> Subgraph:
        """The subgraph in canonical order: sorted by id, without doubles."""
        entity_by_id = {entity.id: entity for entity in entities}
        link_by_id = {link.id: link for link in links}
        return Subgraph(
            tuple(entity_by_id[key] for key in sorted(entity_by_id)),
            tuple(link_by_id[key] for key in sorted(link_by_id)),
        )
