"""A real store in memory that remembers the batches it was given, and a short way to load into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.model.scope import EVERYTHING
from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import Batch, Receipt
from loaders.report import LoadOptions, LoadReport
from loaders.run import load

ONTOLOGY = load_ontology()


class Recorder:
    """``batches`` are those that were put, in order, the refused and the repeated ones included.

    ``dies_at``: the put of this number (from 0) raises, as if the process had been killed before it.
    """

    def __init__(self, dies_at: int | None = None) -> None:
        self.store = EmbeddedStore(None)
        self.batches: list[Batch] = []
        self.dies_at = dies_at

    def put(self, batch: Batch) -> Receipt:
        if self.dies_at == len(self.batches):
            self.dies_at = None
            raise KeyboardInterrupt
        self.batches.append(batch)
        return self.store.put(batch)

    @property
    def markers(self) -> list[str]:
        return [batch.marker for batch in self.batches]

    def entities(self) -> tuple[EntityRecord, ...]:
        """All entity records, by id."""
        ids = {str(text) for batch in self.batches for text in batch.entities["entity_id"].to_pylist()}
        return self.store.get(sorted(ids), [], EVERYTHING).entities

    def links(self) -> tuple[LinkRecord, ...]:
        """All link records, by id."""
        ids = {str(text) for batch in self.batches for text in batch.links["link_id"].to_pylist()}
        return self.store.get([], sorted(ids), EVERYTHING).links

    def entity(self, entity_id: str) -> EntityRecord:
        """The one record of an entity."""
        (record,) = self.store.get([entity_id], [], EVERYTHING).entities
        return record


@dataclass(frozen=True, slots=True)
class Standing:
    """See loaders.links_said.InStore; everything may be seen."""

    store: EmbeddedStore

    def kinds(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {record.entity_id: record.kind for record in self.store.get(ids, [], EVERYTHING).entities}

    def links(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
        found = self.store.get([], ids, EVERYTHING).links
        return {record.link_id: (record.kind, record.source, record.target) for record in found}

    def withdrawn(self, source_id: str) -> bool:
        return any(one.id == source_id and one.withdrawn_at for one in self.store.sources(EVERYTHING))


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file of that content; text is written as UTF-8 with its line ends as they are."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def options(folder: Path, **chosen: Any) -> LoadOptions:
    """Options whose rejects go to ``folder``/rejects."""
    return LoadOptions(rejects=folder / "rejects", **chosen)


def load_one(recorder: Recorder, path: Path, folder: Path, **chosen: Any) -> LoadReport:
    """Load one path as one source, asking the store nothing."""
    (report,) = load([path], store_put=recorder.put, ontology=ONTOLOGY, options=options(folder, **chosen))
    return report


def load_asking(recorder: Recorder, path: Path, folder: Path, **chosen: Any) -> LoadReport:
    """Load one path as one source, asking the store what it holds already."""
    given = options(folder, **chosen)
    (report,) = load(
        [path], store_put=recorder.put, ontology=ONTOLOGY, options=given, in_store=Standing(recorder.store)
    )
    return report
