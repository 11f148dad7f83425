"""Loads files into a store: the one entry to the loaders.

`load` first opens and checks every file; a wrong mapping, encoding, format or header raises then, with nothing written.
It then writes in batches, each with a marker made of the source's id and a number, so that a load that was interrupted
is taken up by loading again, and loading twice is loading once. Rows that are refused go to a rejects file each with
its reason; the rest loads.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph_service.errors import ContradictedLinks, RefusedLinks
from graph_service.model.ontology import Ontology
from graph_service.model.records import Source
from graph_service.model.time import now
from graph_service.store.protocol import Batch, Receipt
from loaders.ahead import ahead
from loaders.batches import NO_ENTITIES, NO_LINKS, Chunk, row_chunks
from loaders.ends import Ends, nobody_describes
from loaders.links_said import InStore, LinksSaid, says_otherwise, standing_id
from loaders.made import Defaults
from loaders.mapping import MappingFile
from loaders.plan import SourcePlan, plan
from loaders.rejects import Reject, RejectsFile
from loaders.report import FIRST_REJECTS, LoadOptions, LoadProgress, LoadReport, Progress

__all__ = ["LoadOptions", "LoadProgress", "LoadReport", "Progress", "StorePut", "load"]

StorePut: TypeAlias = Callable[[Batch], Receipt]
"""``GraphStore.put`` of the store to load into."""
_ROWS_OF_TABLES = 10
"""Tables are validated in columns, so their batches are this many times larger than those of rows."""


def load(
    paths: Sequence[Path],
    *,
    store_put: StorePut,
    ontology: Ontology,
    options: LoadOptions,
    progress: Progress | None = None,
    in_store: InStore | None = None,
) -> tuple[LoadReport, ...]:
    """Load files and folders; one report a source, in the order of the paths.

    Each path is a source, a folder being one source of all its data files; with ``options.source_name`` all paths are
    one. ``in_store`` tells what the store holds already, as far as the person who loads may see it: so links are judged
    by the kinds of entities of other sources, links to what that person may not see are refused like links to nothing,
    and a source that was withdrawn is loaded anew under another id. Without it the store itself refuses links to
    entities it lacks, and sources that were withdrawn.
    Raises SourceFileError, MappingError or UnknownKind before anything is written, StoreError from the store.
    """
    plans = plan(paths, options, ontology)
    recorded_at = options.recorded_at or now()
    reports = []
    for source in plans:
        named = replace(source, id=standing_id(source.id, in_store))
        loading = _Loading(named, options, store_put, recorded_at, progress)
        ends = Ends(ontology, in_store.kinds if in_store is not None else None)
        reports.append(loading.run(ontology, ends, LinksSaid(in_store)))
    return tuple(reports)


class _Loading:
    """One source being loaded."""

    def __init__(
        self,
        source: SourcePlan,
        options: LoadOptions,
        store_put: StorePut,
        recorded_at: datetime,
        progress: Progress | None,
    ) -> None:
        self._plan = source
        self._options = options
        self._put = store_put
        self._at = recorded_at
        self._progress = progress
        self._source = Source(
            id=source.id,
            name=source.name,
            sha256=source.sha256,
            grade=options.grade,
            markings=options.markings | _common_markings(source),
            format=source.formats,
            loaded_at=recorded_at,
        )
        self._receipts: list[Receipt] = []
        self._kinds: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._rows = 0
        self._done = 0
        self._rejected = 0
        self._first: list[Reject] = []
        self._rejects: dict[str, RejectsFile] = {}

    def run(self, ontology: Ontology, ends: Ends, said: LinksSaid) -> LoadReport:
        """Read, write and report."""
        begun = time.perf_counter()
        whole = False
        try:
            for number, chunk in enumerate(ahead(self._chunks(ontology, ends))):
                self._take(number, chunk, ends, said)
            if not self._receipts and not self._options.check_only:
                self._receipts.append(self._write(0, NO_ENTITIES, NO_LINKS))
            whole = True
        finally:
            repeated = bool(self._receipts) and all(receipt.repeated for receipt in self._receipts)
            kept = self._close_rejects(whole=whole, repeated=repeated)
        return self._report(time.perf_counter() - begun, kept, repeated=repeated)

    def _chunks(self, ontology: Ontology, ends: Ends) -> Iterator[Chunk]:
        defaults = Defaults(self._plan.id, self._options.grade, self._options.markings)
        parts, size = self._plan.parts, self._options.batch_rows
        for links in (False, True):
            for table in self._plan.tables:
                if table.links is links:
                    yield from table.chunks(ends, defaults, size * _ROWS_OF_TABLES)
            if not links:
                entities = chain.from_iterable(part.made(defaults, links=False) for part in parts)
                yield from row_chunks(entities, ends, ontology, size)
        rest = chain.from_iterable(part.made(defaults, links=True) for part in parts)
        yield from row_chunks(rest, ends, ontology, size)

    def _take(self, number: int, chunk: Chunk, ends: Ends, said: LinksSaid) -> None:
        """Write a chunk as one batch, or check what only a store would see, and keep its refusals."""
        self._rows += chunk.rows
        self._done += chunk.steps
        for reject in chunk.rejects:
            self._refuse(reject)
        links = chunk.links
        if self._options.check_only:
            links = self._without(
                chunk, links, np.arange(len(links)), ContradictedLinks(said.contradicted(links)), ends
            )[0]
        elif chunk.entities.num_rows or links.num_rows:
            receipt, links = self._write_rest(number, chunk, ends)
            self._receipts.append(receipt)
        for kinds, table in zip(self._kinds, (chunk.entities, links), strict=True):
            for counted in table["kind"].value_counts().to_pylist():
                kinds[counted["values"]] += counted["counts"]
        if self._progress is not None:
            last = self._plan.files[-1] if len(self._plan.files) == 1 else self._plan.name
            expected = max(self._done, sum(part.expected for part in self._plan.opened))
            self._progress(LoadProgress(last, self._done, expected, self._rejected))

    def _write_rest(self, number: int, chunk: Chunk, ends: Ends) -> tuple[Receipt, pa.Table]:
        """Write a chunk, without the links that the store refuses."""
        links, places = chunk.links, np.arange(chunk.links.num_rows)
        while True:
            try:
                return self._write(number, chunk.entities, links), links
            except RefusedLinks as error:
                if not error.rows:
                    raise
                links, places = self._without(chunk, links, places, error, ends)

    def _without(
        self, chunk: Chunk, links: pa.Table, places: npt.NDArray[np.int64], error: RefusedLinks, ends: Ends
    ) -> tuple[pa.Table, npt.NDArray[np.int64]]:
        """The links that stand, with their places in the chunk; those that do not become rejects."""
        refused = np.unique(np.asarray(error.rows, dtype=np.int64))
        if not len(refused):
            return links, places
        for place in refused.tolist():
            if isinstance(error, ContradictedLinks):
                reason = says_otherwise(links["link_id"][place].as_py())
            else:
                pair = [links[end][place].as_py() for end in ("source", "target")]
                reason = nobody_describes([end for end in pair if not ends.has(end)] or pair)
            self._refuse(chunk.refuse(int(places[place]), reason))
        kept = np.delete(np.arange(links.num_rows), refused)
        return links.take(pa.array(kept)), places[kept]

    def _write(self, number: int, entities: pa.Table, links: pa.Table) -> Receipt:
        return self._put(Batch(f"{self._plan.id}:{number}", self._source, entities, links, self._at))

    def _refuse(self, reject: Reject) -> None:
        self._rejected += 1
        if len(self._first) < FIRST_REJECTS:
            self._first.append(reject)
        file = self._rejects.get(reject.file)
        if file is None:
            part = next(p for p in self._plan.opened if p.source.name == reject.file)
            name = re.sub(r"[^\w.\-]+", "_", reject.file)
            file = self._rejects[reject.file] = part.rejects(self._options.rejects / self._plan.id / name)
        file.add(reject)

    def _close_rejects(self, *, whole: bool, repeated: bool) -> tuple[str, ...]:
        """Put the rejects files in place. Those of a repeated load lack what the store refused, so older ones stay."""
        closed = [
            (file.path, file.close(keep=whole and not (repeated and file.path.exists())))
            for file in self._rejects.values()
        ]
        return tuple(sorted(str(path) for path, there in closed if there))

    def _report(self, seconds: float, rejects_files: tuple[str, ...], *, repeated: bool) -> LoadReport:
        checked = self._options.check_only
        return LoadReport(
            source_id=self._plan.id,
            name=self._plan.name,
            sha256=self._plan.sha256,
            format=self._plan.formats,
            files=self._plan.files,
            rows=self._rows,
            entities=self._kinds[0].total() if checked else sum(r.entities for r in self._receipts),
            links=self._kinds[1].total() if checked else sum(r.links for r in self._receipts),
            rejected=self._rejected,
            first_rejects=tuple(self._first),
            rejects_files=rejects_files,
            entity_kinds=dict(sorted(self._kinds[0].items())),
            link_kinds=dict(sorted(self._kinds[1].items())),
            seconds=seconds,
            revision=self._receipts[-1].revision if self._receipts else None,
            repeated=repeated,
            checked_only=checked,
            skipped=self._plan.skipped,
        )


def _common_markings(source: SourcePlan) -> frozenset[str]:
    """The markings that the mappings put on every record: the source itself bears them too."""
    if source.tables or not source.parts:
        return frozenset()
    of_parts = [_constant_markings(part.mapping) for part in source.parts]
    return frozenset.intersection(*of_parts)


def _constant_markings(mapping: MappingFile | None) -> frozenset[str]:
    if mapping is None:
        return frozenset()
    given = [rule.said.markings for rule in mapping.rules()]
    return frozenset.intersection(*(frozenset(value.constants if value else ()) for value in given))
