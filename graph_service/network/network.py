"""The Network: all records of a store as arrays, one place a record, refreshed by what changed.

It holds what scopes filter by and searches walk over; properties and texts for display stay in the store.
About 45 bytes a link record plus its id. A Network is never changed: ``refreshed`` gives the next one, so questions
under way keep the state they began with.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.model.ontology import Ontology
from graph_service.network.columns import Interned, Ints, RecordColumns, empty_columns
from graph_service.network.text_index import TextIndex
from graph_service.network.workspaces import Workspaces
from graph_service.store.protocol import Changes

_NO_STRINGS = pa.chunked_array([], type=pa.string())
_BUILD = threading.Lock()


class Network:
    """The arrays of one revision.

    ``entity_of`` int32[entity records]: whose record it is; ``link_of``, ``source_of``, ``target_of`` int32[link
    records].
    """

    def __init__(self, ontology: Ontology) -> None:
        """The network of an empty store."""
        self.ontology = ontology
        self.revision = 0
        self.classes: Mapping[int, frozenset[str]] = {}
        self.origins = Interned()
        self.entity_ids: pa.ChunkedArray = _NO_STRINGS
        self.link_ids: pa.ChunkedArray = _NO_STRINGS
        self.entity_rows: RecordColumns = empty_columns()
        self.link_rows: RecordColumns = empty_columns()
        self.entity_of: Ints = np.zeros(0, dtype=np.int32)
        self.link_of: Ints = np.zeros(0, dtype=np.int32)
        self.source_of: Ints = np.zeros(0, dtype=np.int32)
        self.target_of: Ints = np.zeros(0, dtype=np.int32)
        self.texts: pa.ChunkedArray = _NO_STRINGS
        self.codes: pa.ChunkedArray = _NO_STRINGS

    def refreshed(self, changes: Changes) -> Network:
        """The network with the changes applied.

        O(records) copying, no rebuilding. ``changes.since`` must be this revision.
        """
        if changes.since != self.revision:
            raise ValueError(f"changes since {changes.since} do not follow revision {self.revision}")
        new = Network(self.ontology)
        new.revision = changes.revision
        new.classes = dict(changes.classes)
        new.entity_ids = pa.chunked_array([*self.entity_ids.chunks, changes.entity_ids], type=pa.string())
        new.link_ids = pa.chunked_array([*self.link_ids.chunks, changes.link_ids], type=pa.string())
        number, new.origins = self.origins.codes(pa.chunked_array([changes.origins], type=pa.string()))
        said_by = (number[rows["origin"].to_numpy()] for rows in (changes.entity_rows, changes.link_rows))
        new.entity_rows = self.entity_rows.appended(changes.entity_rows, changes.entity_retractions, next(said_by))
        new.link_rows = self.link_rows.appended(changes.link_rows, changes.link_retractions, next(said_by))
        new.entity_of = _longer(self.entity_of, changes.entity_rows["entity"])
        new.link_of = _longer(self.link_of, changes.link_rows["link"])
        new.source_of = _longer(self.source_of, changes.link_rows["source"])
        new.target_of = _longer(self.target_of, changes.link_rows["target"])
        new.texts = pa.chunked_array([*self.texts.chunks, *changes.entity_rows["text"].chunks], type=pa.string())
        new.codes = pa.chunked_array([*self.codes.chunks, *changes.entity_rows["codes"].chunks], type=pa.string())
        return new

    @property
    def entities(self) -> int:
        """How many entities have ever been recorded."""
        return len(self.entity_ids)

    @property
    def links(self) -> int:
        """How many links have ever been recorded."""
        return len(self.link_ids)

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays that searches need: columns, ends and ids."""
        ends = (self.entity_of, self.link_of, self.source_of, self.target_of)
        strings = (self.entity_ids, self.link_ids, self.texts, self.codes)
        return (
            self.entity_rows.nbytes()
            + self.link_rows.nbytes()
            + sum(array.nbytes for array in ends)
            + sum(int(array.nbytes) for array in strings)
        )

    def entity_id(self, number: int) -> str:
        """The id of an entity number."""
        return str(self.entity_ids[number].as_py())

    def link_id(self, number: int) -> str:
        """The id of a link number."""
        return str(self.link_ids[number].as_py())

    def entity_number(self, entity_id: str) -> int | None:
        """The number of an entity id, None when no record ever named it; O(log n)."""
        hashes, order = self._id_index
        wanted = hash(entity_id)
        place = int(np.searchsorted(hashes, wanted))
        while place < len(hashes) and hashes[place] == wanted:
            if self.entity_id(int(order[place])) == entity_id:
                return int(order[place])
            place += 1
        return None

    @cached_property
    def _id_index(self) -> tuple[npt.NDArray[np.int64], Ints]:
        """Hashes of all entity ids, sorted, with their numbers: 12 bytes an entity instead of a dict's hundred."""
        with _BUILD:
            hashes = np.fromiter(
                (hash(text) for chunk in self.entity_ids.chunks for text in chunk.to_pylist()),
                dtype=np.int64,
                count=self.entities,
            )
            order = np.argsort(hashes, kind="stable").astype(np.int32)
            return hashes[order], order

    @cached_property
    def id_rank(self) -> Ints:
        """The place of each entity when all are sorted by id: canonical order on arrays; O(n log n), kept."""
        with _BUILD:
            rank = np.empty(self.entities, dtype=np.int32)
            rank[pc.sort_indices(self.entity_ids).to_numpy()] = np.arange(self.entities, dtype=np.int32)
            return rank

    @cached_property
    def workspaces(self) -> Workspaces:
        """Scratch arrays for searches, shared by all views of this network."""
        return Workspaces(self.entities)

    @cached_property
    def code_texts(self) -> tuple[Ints, tuple[str, ...]]:
        """The codes of each entity record, int32 into the distinct texts, made when first asked for; kept."""
        with _BUILD:
            codes, texts = Interned().codes(self.codes)
            return codes, tuple(str(text) for text in texts.values)

    def records_of(self, number: int) -> Ints:
        """The entity records of an entity number, ascending; O(1) after the first time."""
        start, order = self._records_by_entity
        return order[start[number] : start[number + 1]]

    def records_of_link(self, number: int) -> Ints:
        """The link records of a link number, ascending; O(1) after the first time."""
        start, order = self._records_by_link
        return order[start[number] : start[number + 1]]

    @cached_property
    def _records_by_entity(self) -> tuple[npt.NDArray[np.int64], Ints]:
        with _BUILD:
            return _grouped(self.entity_of, self.entities)

    @cached_property
    def _records_by_link(self) -> tuple[npt.NDArray[np.int64], Ints]:
        with _BUILD:
            return _grouped(self.link_of, self.links)

    @cached_property
    def text_index(self) -> TextIndex:
        """The words of all entity records, indexed at the first search by text; kept."""
        with _BUILD:
            return TextIndex.of(self.texts)


def _grouped(owner: Ints, owners: int) -> tuple[npt.NDArray[np.int64], Ints]:
    """Where the records of each owner begin, int64[owners + 1], and the records in that order."""
    start = np.zeros(owners + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=owners), out=start[1:])
    return start, np.argsort(owner, kind="stable").astype(np.int32)


def _longer(array: Ints, column: pa.ChunkedArray) -> Ints:
    return np.concatenate([array, column.to_numpy()])
