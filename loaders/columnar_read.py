"""Tables as columns of text: Parquet, and CSV by a fast reader where the file is regular.

The fast CSV reader is fifty times quicker than the careful one, but a quote that never closes makes it swallow the rest
of the file. So the file is looked over first: when every line has its quotes in pairs and in their places, both readers
see the same rows and the fast one reads them; any other file is read with care (`csv_file`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from graph_service.errors import SourceFileError
from loaders.columnar_properties import RawRows
from loaders.csv_file import CsvTable
from loaders.regular import is_regular
from loaders.rejects import Reject
from loaders.source import Row, SourceFile

_BLOCK = 8 << 20
Read = tuple[RawRows, tuple[Reject, ...]]


@dataclass(frozen=True, slots=True)
class ParquetRows:
    """A Parquet file whose columns are texts, or can be written as texts, or are lists of such."""

    source: SourceFile
    columns: tuple[str, ...]
    expected: int

    @classmethod
    def open(cls, source: SourceFile) -> ParquetRows:
        """Read the schema; raises SourceFileError for a broken file or a column that holds no values."""
        try:
            file = pq.ParquetFile(source.path)
            schema, expected = file.schema_arrow, file.metadata.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            raise SourceFileError(f"{source.name} is not a Parquet file that can be read: {error}") from error
        names = tuple(schema.names)
        for name in names:
            if names.count(name) > 1:
                raise SourceFileError(f"{source.name}: column {name!r} stands there more than once")
            if not _is_text(schema.field(name).type):
                raise SourceFileError(
                    f"{source.name}: column {name!r} is of type {schema.field(name).type}, not of values"
                )
        if not expected:
            raise SourceFileError(f"{source.name} is empty: it has no rows")
        return cls(source, names, expected)

    def read(self, size: int) -> Iterator[Read]:
        """The rows in chunks; places count from 1."""
        first = 1
        try:
            for batch in _even(pq.ParquetFile(self.source.path).iter_batches(batch_size=min(size, 65_536)), size):
                columns = {name: _as_text(batch.column(name)) for name in self.columns}
                places = pa.array(np.arange(first, first + batch.num_rows)).cast(pa.string())
                first += batch.num_rows
                yield RawRows(self.source.name, columns, places), ()
        except (pa.ArrowException, OSError) as error:
            raise SourceFileError(f"{self.source.name}: cannot be read beyond row {first}: {error}") from error


@dataclass(frozen=True, slots=True)
class CsvRows:
    """A CSV file of our own form, read fast when it is ``regular``."""

    table: CsvTable
    regular: bool

    @classmethod
    def open(cls, table: CsvTable) -> CsvRows:
        """Look the file over, once to its end."""
        return cls(table, is_regular(table))

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns."""
        return self.table.columns

    @property
    def delimiter(self) -> str:
        """What parts its fields."""
        return self.table.delimiter

    @property
    def expected(self) -> int:
        """Its lines."""
        return self.table.source.lines

    def read(self, size: int) -> Iterator[Read]:
        """The rows in chunks of ``size``, blank ones left out, with the lines that are no rows."""
        return self._fast(size) if self.regular else self._careful(size)

    def _careful(self, size: int) -> Iterator[Read]:
        rows = self.table.rows(exact=True)
        while held := list(islice(rows, size)):
            broken = tuple(item for item in held if isinstance(item, Reject))
            kept = [item for item in held if isinstance(item, Row) and any(item.values)]
            columns = {
                name: pa.array([row.values[at] for row in kept], pa.string()) for at, name in enumerate(self.columns)
            }
            yield RawRows(self.table.source.name, columns, pa.array([row.place for row in kept], pa.string())), broken

    def _fast(self, size: int) -> Iterator[Read]:
        broken: list[Reject] = []

        def refuse(row: pacsv.InvalidRow) -> str:
            reason = f"has {row.actual_columns} fields where the header has {row.expected_columns}"
            broken.append(Reject(self.table.source.name, str(row.number), "", row.text, reason))
            return "skip"

        reader = pacsv.open_csv(
            self.table.source.path,
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=list(self.columns), skip_rows=1
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=False, ignore_empty_lines=False, invalid_row_handler=refuse
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in _even(_numbered(reader, broken), size):
            columns = {name: batch.column(at) for at, name in enumerate(self.columns)}
            places = batch.column(len(self.columns)).cast(pa.string())
            told, broken[:] = tuple(broken), []
            yield RawRows(self.table.source.name, columns, places), told
        if broken:
            nothing = pa.array([], pa.string())
            yield RawRows(self.table.source.name, dict.fromkeys(self.columns, nothing), nothing), tuple(broken)


def _numbered(reader: Iterable[pa.RecordBatch], broken: Sequence[Reject]) -> Iterator[pa.Table]:
    """The batches with a last column of line numbers, blank lines left out; broken lines have numbers of their own."""
    line = 2
    counted: set[int] = set()
    for batch in reader:
        counted |= {int(reject.place) for reject in broken}
        gaps = np.array(sorted(number for number in counted if number >= line), dtype=np.int64)
        numbers = np.setdiff1d(np.arange(line, line + batch.num_rows + len(gaps)), gaps)[: batch.num_rows]
        if batch.num_rows:
            line = int(numbers[-1]) + 1
        table = pa.table([*batch.columns, pa.array(numbers)], names=[*map(str, range(batch.num_columns)), "line"])
        filled = np.zeros(batch.num_rows, dtype=np.bool_)
        for column in batch.columns:
            if filled.all():
                break
            filled |= pc.greater(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
        yield table if filled.all() else table.filter(pa.array(filled))


def _even(batches: Iterable[pa.RecordBatch | pa.Table], size: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of ``size``, whatever the file's own blocks are."""
    held: list[pa.Table] = []
    waiting = 0
    for batch in batches:
        held.append(batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch]))
        waiting += batch.num_rows
        while waiting >= size:
            whole = pa.concat_tables(held)
            yield _one(whole.slice(0, size))
            held, waiting = [whole.slice(size)], waiting - size
    if waiting:
        yield _one(pa.concat_tables(held))


def _one(table: pa.Table) -> pa.RecordBatch:
    """The table as one batch."""
    return pa.RecordBatch.from_arrays(
        [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns],
        names=table.column_names,
    )


def _is_text(kind: pa.DataType) -> bool:
    inner = (
        kind.value_type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_dictionary(kind)
        else kind
    )
    return any(
        test(inner)
        for test in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_integer,
            pa.types.is_floating,
            pa.types.is_decimal,
            pa.types.is_boolean,
            pa.types.is_date,
            pa.types.is_timestamp,
            pa.types.is_null,
        )
    )


def _as_text(column: pa.Array) -> pa.Array:
    listed = pa.types.is_list(column.type) or pa.types.is_large_list(column.type)
    return column.cast(pa.list_(pa.string()) if listed else pa.string())
