"""Our own records as tables, CSV or Parquet: entities in one file, links in another, for millions of rows.

Columns: ``id`` and ``kind``; for links ``source`` and ``target`` (their id may be left out); ``grade``, ``markings``
(parted by spaces), ``valid_from``, ``valid_to``, ``row`` (a place in a source before this one), where wanted. Every
other column is a property of the ontology, in Parquet also a list of values. A file with source and target holds links.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph_service.errors import MappingError, SourceFileError
from graph_service.model.ontology import Ontology
from loaders.batches import NO_ENTITIES, NO_LINKS, Chunk, Seen
from loaders.columnar_check import check_entities, check_links
from loaders.columnar_properties import RawRows, property_names
from loaders.columnar_read import CsvRows, ParquetRows
from loaders.csv_file import CsvForm, open_csv
from loaders.ends import Ends
from loaders.made import Defaults
from loaders.problems import near
from loaders.rejects import Reject, RejectsFile, with_ending
from loaders.source import SourceFile, first_bytes, inspect, inspect_binary

_NEEDED = (("id", "kind"), ("kind", "source", "target"))


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table of entities or of links, its columns checked, ready to be read."""

    source: SourceFile
    links: bool
    rows: CsvRows | ParquetRows
    ontology: Ontology
    format: str = "columns"

    @property
    def expected(self) -> int:
        """Its rows, about."""
        return self.rows.expected

    def chunks(self, ends: Ends, defaults: Defaults, size: int) -> Iterator[Chunk]:
        """The records in chunks of ``size`` rows, those that repeat another word for word left out."""
        seen = Seen()
        check = check_links if self.links else check_entities
        for raw, broken in self.rows.read(size):
            checked = check(raw, self.ontology, defaults, ends)
            fresh = np.flatnonzero(seen.new(checked.table))
            table = checked.table.take(pa.array(fresh)) if len(fresh) < checked.table.num_rows else checked.table
            rows = checked.rows[fresh]
            refused = [self._reject(raw, row, *why) for row, why in sorted(checked.refusals.reasons.items())]
            yield Chunk(
                rows=raw.size + len(broken),
                steps=raw.size + len(broken),
                entities=NO_ENTITIES if self.links else table,
                links=table if self.links else NO_LINKS,
                rejects=(*broken, *refused),
                refuse=partial(self._refuse, raw, rows),
            )

    def rejects(self, path: Path) -> RejectsFile:
        """CSV with the same columns for CSV; records as JSON lines for Parquet, whose lists a CSV cannot hold."""
        if isinstance(self.rows, ParquetRows):
            return RejectsFile(with_ending(path, ".jsonl"))
        columns = tuple(name for name in self.rows.columns if not name.startswith("_"))
        return RejectsFile(with_ending(path, ".csv"), columns, delimiter=self.rows.delimiter)

    def _refuse(self, raw: RawRows, rows: npt.NDArray[np.int64], place: int, reason: str) -> Reject:
        return self._reject(raw, int(rows[place]), "", "", reason)

    def _reject(self, raw: RawRows, row: int, column: str, value: str, reason: str) -> Reject:
        place = raw.places[row].as_py()
        cells = {name: raw.columns[name][row].as_py() for name in self.rows.columns}
        if isinstance(self.rows, ParquetRows):
            return Reject(self.source.name, place, column, value, reason, raw=json.dumps(self._record(cells)))
        return Reject(self.source.name, place, column, value, reason, tuple(str(cell or "") for cell in cells.values()))

    def _record(self, cells: dict[str, object]) -> dict[str, object]:
        """The row as `loaders.records` writes it."""
        names = property_names(list(cells))
        plain = {name: value for name, value in cells.items() if name not in names and name != "row" and value}
        if isinstance(plain.get("markings"), str):
            plain["markings"] = str(plain["markings"]).split()
        properties = {name: cells[name] for name in names if cells[name]}
        return {"type": "link" if self.links else "entity", **plain, "properties": properties}


def open_tables(path: Path, shown: str, encoding: str | None, ontology: Ontology) -> TablePart:
    """Inspect a table and check its columns; raises SourceFileError or MappingError before anything is written."""
    rows: CsvRows | ParquetRows
    if first_bytes(path, shown).startswith(b"PAR1"):
        source = inspect_binary(path, shown)
        rows = ParquetRows.open(source)
    else:
        source = inspect(path, shown, encoding)
        rows = CsvRows.open(open_csv(source, CsvForm()))
    links = {"source", "target"} <= set(rows.columns)
    missing = [name for name in _NEEDED[links] if name not in rows.columns]
    if missing:
        raise SourceFileError(
            f"{shown} has no column {' and no column '.join(map(repr, missing))}; a table of entities has id and kind, "
            "a table of links has kind, source and target"
        )
    kinds = ontology.link_kinds.values() if links else ontology.entity_kinds.values()
    known = {name for kind in kinds for name in kind.properties}
    what = "link" if links else "entity"
    problems = [
        f"{shown}: column {name!r} is no property of any {what}{near(name, known)}"
        for name in property_names(rows.columns)
        if name not in known
    ]
    if problems:
        raise MappingError("\n".join(problems))
    return TablePart(source, links, rows, ontology)
