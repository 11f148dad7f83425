"""Records: what one source said about one entity or one link, kept as it was said.

A record is never changed. A correction is a new record, a withdrawal sets ``retracted_at``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from graph_service.model.grades import UNGRADED, Grade
from graph_service.model.time import Interval

Properties: TypeAlias = Mapping[str, tuple[str, ...]]
"""Values by property name: canonical texts typed by the ontology; absent and empty are one thing."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record comes from and how far it holds.

    ``row`` is the place in the source as the loader counts it, such as ``transfers.csv:17``.
    ``recorded_at`` and ``retracted_at`` are set by the store; a record in memory may lack them.
    """

    source_id: str
    row: str = ""
    grade: Grade = UNGRADED
    markings: frozenset[str] = frozenset()
    valid: Interval = field(default_factory=Interval)
    recorded_at: datetime | None = None
    retracted_at: datetime | None = None

    @property
    def sort_key(self) -> tuple[float, str, str]:
        """Best graded first, then by source and row: the order in which records are merged and shown."""
        return -self.grade.probability, self.source_id, self.row


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """What one source said about one entity; values are canonical texts typed by the ontology."""

    entity_id: str
    kind: str
    properties: Properties
    said: Provenance


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What one source said about one link; ``source`` and ``target`` are entity ids."""

    link_id: str
    kind: str
    source: str
    target: str
    properties: Properties
    said: Provenance


@dataclass(frozen=True, slots=True)
class Records:
    """Records of some entities and links, as a store hands them out."""

    entities: tuple[EntityRecord, ...] = ()
    links: tuple[LinkRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file, feed or report: its name, content hash, default grade and markings, and when it was loaded.

    ``entities`` and ``links`` count the records it brought; ``withdrawn_at`` is set once it was taken back.
    """

    id: str
    name: str
    sha256: str
    grade: Grade = UNGRADED
    markings: frozenset[str] = frozenset()
    format: str = ""
    loaded_at: datetime | None = None
    withdrawn_at: datetime | None = None
    entities: int = 0
    links: int = 0
