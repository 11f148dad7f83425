"""Which files a load reads, and as which sources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_service.errors import SourceFileError
from graph_service.model.ontology import Ontology
from loaders.columnar import TablePart, open_tables
from loaders.ids import slug
from loaders.opening import fits_mapping, format_of, open_part
from loaders.parts import Opened, Part
from loaders.report import LoadOptions

DATA_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".ijson", ".parquet"})
"""Endings of the files that are read when a folder is loaded; a file that is named itself may have any."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """The files of one source, ready to be read: those read row by row and those read as tables of our own form.

    ``sha256`` is that of the file, or of the names and hashes of several. ``id`` depends on the content, the mappings
    and the options that shape the records, so that the same load is the same source, and any other is another.
    """

    id: str
    name: str
    sha256: str
    parts: tuple[Part, ...]
    tables: tuple[TablePart, ...]
    skipped: tuple[str, ...]

    @property
    def opened(self) -> tuple[Opened, ...]:
        """All its files."""
        return (*self.parts, *self.tables)

    @property
    def formats(self) -> str:
        """The formats, each once."""
        return "+".join(sorted({part.format for part in self.opened}))

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files."""
        return tuple(part.source.name for part in self.opened)


def plan(paths: Sequence[Path], options: LoadOptions, ontology: Ontology) -> tuple[SourcePlan, ...]:
    """One source a path, a folder being one source of all its data files; one source of all paths when it is named.

    Every file is opened and checked here: raises SourceFileError or MappingError, and nothing has been written.
    """
    if not paths:
        raise SourceFileError("no file was named")
    if options.source_name is not None:
        return (_source(options.source_name, paths, options, ontology),)
    return tuple(_source(path.name or path.resolve().name, [path], options, ontology) for path in paths)


def _source(name: str, paths: Sequence[Path], options: LoadOptions, ontology: Ontology) -> SourcePlan:
    parts: list[Part] = []
    tables: list[TablePart] = []
    skipped: list[str] = []
    for path, shown in _files(paths, skipped):
        if path not in paths and options.mapping is not None and not fits_mapping(path, shown, options):
            skipped.append(shown)
            continue
        format_name = format_of(path, shown, options)
        if format_name == "columns":
            tables.append(open_tables(path, shown, options.encoding, ontology))
        else:
            parts.append(open_part(path, shown, format_name, options, ontology))
    if not parts and not tables:
        told = f"; it holds {', '.join(skipped[:5])}" if skipped else ""
        raise SourceFileError(f"{name}: no data file in this folder{told}")
    opened: list[Opened] = [*parts, *tables]
    files = sorted((part.source.name, part.source.sha256) for part in opened)
    content = files[0][1] if len(files) == 1 else _hash("\n".join(f"{shown} {sha}" for shown, sha in files))
    mappings = sorted({part.mapping.text for part in parts if part.mapping is not None})
    said = [content, *mappings, str(options.grade), " ".join(sorted(options.markings)), str(options.batch_rows)]
    identity = _hash("\x00".join(said))[:8]
    return SourcePlan(
        f"{slug(name)[:60] or 'source'}-{identity}", name, content, tuple(parts), tuple(tables), tuple(skipped)
    )


def _files(paths: Sequence[Path], skipped: list[str]) -> Iterator[tuple[Path, str]]:
    """Every file to read with its name as places show it; names of a folder's files are relative to the folder."""
    names = [path.name for path in paths]
    for path in paths:
        if not path.is_dir():
            yield path, path.name if names.count(path.name) == 1 else path.as_posix()
            continue
        for file in sorted(path.rglob("*")):
            inside = file.relative_to(path)
            hidden = any(piece.startswith(".") or piece == "rejects" for piece in inside.parts)
            if file.is_dir() or hidden:
                continue
            if file.suffix.lower() in DATA_ENDINGS:
                yield file, inside.as_posix()
            else:
                skipped.append(inside.as_posix())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
