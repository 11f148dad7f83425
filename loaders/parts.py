"""The files of a load, each opened, checked and ready to be read: nothing is written before all of them are.

A part is one file in one format. It reads in two rounds, entities first; what a mapping makes of whole rows comes in
the first round, or in the second when the mapping refers to entities that other files describe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graph_service.errors import InvalidValue, MappingError, SourceFileError
from graph_service.model.ontology import Ontology
from loaders.csv_file import CsvTable, open_csv
from loaders.detect import detect
from loaders.ftm import FtmLines
from loaders.json_file import JsonDocument, JsonLines, json_lines, open_document, parse_object
from loaders.made import Defaults, Made
from loaders.mapping import MappingFile
from loaders.mapping_check import check_mapping
from loaders.mapping_read import read_mapping, shipped_names
from loaders.mapping_rows import Maker
from loaders.records import RecordLines
from loaders.rejects import Reject, RejectsFile, with_ending
from loaders.report import LoadOptions
from loaders.source import SourceFile, first_bytes, inspect


class Opened(Protocol):
    """A file that has been checked and is ready to be read."""

    @property
    def source(self) -> SourceFile:
        """The file."""
        ...

    @property
    def format(self) -> str:
        """Its format."""
        ...

    @property
    def expected(self) -> int:
        """How many steps reading takes, about: lines or items, twice where they are read twice."""
        ...

    def rejects(self, path: Path) -> RejectsFile:
        """Where its refused rows go, in its own form; ``path`` gets the ending of the form."""
        ...


class Part(Opened, Protocol):
    """A file that is read row by row."""

    @property
    def mapping(self) -> MappingFile | None:
        """The mapping it is read by, if any."""
        ...

    def made(self, defaults: Defaults, *, links: bool) -> Iterator[Made | Reject]:
        """What its rows make, in the round of the entities or of the links."""
        ...


def format_of(path: Path, shown: str, options: LoadOptions) -> str:
    """The format of a file: the one named, or what its beginning says; a mapping is for formats that take one."""
    if options.format is not None:
        return options.format
    found = detect(first_bytes(path, shown), options.encoding)
    if options.mapping is not None and found not in ("csv", "jsonl", "json"):
        form = read_mapping(options.mapping).file.format
        return found if first_bytes(path, shown).startswith(b"PAR1") else form
    return found


def open_part(path: Path, shown: str, format_name: str, options: LoadOptions, ontology: Ontology) -> Part:
    """Inspect one file and make it ready; raises SourceFileError or MappingError before anything is written."""
    if format_name in ("records", "ftm"):
        return LinesPart(inspect(path, shown, options.encoding), format_name, ontology)
    if options.mapping is not None:
        mapping = read_mapping(options.mapping)
        check_mapping(mapping, ontology)
        return _mapped(inspect(path, shown, options.encoding or mapping.file.encoding), mapping, ontology)
    source = inspect(path, shown, options.encoding)
    ready = [read_mapping(name) for name in shipped_names()]
    fitting = [mapping for mapping in ready if mapping.file.format == format_name and _fits(source, mapping)]
    if len(fitting) == 1:
        return _mapped(source, fitting[0], ontology)
    known = ", ".join(mapping.name for mapping in fitting or ready)
    problem = "more than one ready mapping fits" if fitting else "none of the ready mappings fits"
    raise MappingError(f"{shown}: {problem} ({known}); name one, or write your own after loaders/mappings/example.toml")


def fits_mapping(path: Path, shown: str, options: LoadOptions) -> bool:
    """Whether a file of a folder is one that the named mapping is for; the others are left alone."""
    mapping = read_mapping(options.mapping or "")
    form = detect(first_bytes(path, shown), options.encoding)
    return mapping.file.format == form and _fits(
        inspect(path, shown, options.encoding or mapping.file.encoding), mapping
    )


def _mapped(source: SourceFile, mapping: MappingFile, ontology: Ontology) -> Part:
    """A file read by a mapping, the mapping checked against the ontology and against the columns."""
    if mapping.file.format == "json":
        check_mapping(mapping, ontology)
        document = open_document(source)
        if not any(document.array(array) for array in mapping.arrays()):
            named = " or ".join(repr(array) for array in mapping.arrays())
            raise SourceFileError(f"{source.name} has no array {named}, which the mapping {mapping.name} reads")
        return DocumentPart(source, mapping, document, ontology)
    if mapping.file.format == "jsonl":
        check_mapping(mapping, ontology)
        return JsonLinesPart(source, mapping, JsonLines(source), ontology)
    table = open_csv(source, mapping.file.csv)
    check_mapping(mapping, ontology, {"": table.columns})
    return CsvPart(source, mapping, table, ontology)


def _fits(source: SourceFile, mapping: MappingFile) -> bool:
    """Whether a file has what a mapping needs: all columns of a CSV file; for JSON, which leaves keys out, the ids."""
    try:
        return _needed(mapping) <= _present(source, mapping)
    except (SourceFileError, InvalidValue):
        return False


def _needed(mapping: MappingFile) -> set[tuple[str, str]]:
    if mapping.file.format == "csv":
        return {("", column) for column in mapping.columns()}
    return {(rule.rows, piece.column) for rule in mapping.rules() for piece in rule.id if piece.column}


def _present(source: SourceFile, mapping: MappingFile) -> set[tuple[str, str]]:
    if mapping.file.format == "csv":
        return {("", column) for column in open_csv(source, mapping.file.csv).columns}
    if mapping.file.format == "json":
        document = open_document(source)
        firsts = {array: document.array(array)[:1] for array in mapping.arrays()}
    else:
        line = next(iter(json_lines(source)), None)
        firsts = {"": [parse_object(line[1])] if isinstance(line, tuple) else []}
    found = [(array, item) for array, items in firsts.items() for item in items if isinstance(item, dict)]
    return {(array, name) for array, item in found for name in item}


@dataclass(frozen=True, slots=True)
class LinesPart:
    """JSON lines that need no mapping: our own records, or FollowTheMoney."""

    source: SourceFile
    format: str
    ontology: Ontology
    mapping: None = None

    @property
    def expected(self) -> int:
        """Its lines, read twice."""
        return 2 * self.source.lines

    def made(self, defaults: Defaults, *, links: bool) -> Iterator[Made | Reject]:
        """Entities, then links."""
        reader = RecordLines if self.format == "records" else FtmLines
        return reader(self.source, self.ontology, defaults).made(links=links)

    def rejects(self, path: Path) -> RejectsFile:
        """JSON lines."""
        return RejectsFile(with_ending(path, ".jsonl"))


@dataclass(frozen=True, slots=True)
class CsvPart:
    """A CSV file read by a mapping."""

    source: SourceFile
    mapping: MappingFile
    table: CsvTable
    ontology: Ontology
    format: str = "csv"

    @property
    def expected(self) -> int:
        """Its lines."""
        return self.source.lines

    def made(self, defaults: Defaults, *, links: bool) -> Iterator[Made | Reject]:
        """Whole rows, in one of the two rounds."""
        if links is self.mapping.refers:
            maker = Maker(self.mapping, self.ontology, defaults, self.table.columns)
            yield from maker.make(self.table.rows(), self.source.name)

    def rejects(self, path: Path) -> RejectsFile:
        """CSV with the same columns and the same delimiter."""
        columns = tuple(name for name in self.table.columns if not name.startswith("_"))
        return RejectsFile(with_ending(path, ".csv"), columns, delimiter=self.table.delimiter)


@dataclass(frozen=True, slots=True)
class JsonLinesPart:
    """JSON lines read by a mapping."""

    source: SourceFile
    mapping: MappingFile
    lines: JsonLines
    ontology: Ontology
    format: str = "jsonl"

    @property
    def expected(self) -> int:
        """Its lines."""
        return self.source.lines

    def made(self, defaults: Defaults, *, links: bool) -> Iterator[Made | Reject]:
        """Whole objects, in one of the two rounds."""
        if links is self.mapping.refers:
            columns = self.mapping.columns()
            maker = Maker(self.mapping, self.ontology, defaults, columns)
            yield from maker.make(self.lines.rows(columns), self.source.name)

    def rejects(self, path: Path) -> RejectsFile:
        """JSON lines."""
        return RejectsFile(with_ending(path, ".jsonl"))


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A JSON document read by a mapping, array by array."""

    source: SourceFile
    mapping: MappingFile
    document: JsonDocument
    ontology: Ontology
    format: str = "json"

    @property
    def expected(self) -> int:
        """The items of the arrays it reads."""
        return sum(len(self.document.array(array)) for array in self.mapping.arrays())

    def made(self, defaults: Defaults, *, links: bool) -> Iterator[Made | Reject]:
        """The arrays that describe entities, then those whose rules refer to such entities."""
        for array in self.mapping.arrays():
            if links is self._refers()[array]:
                columns = self.mapping.columns(array)
                maker = Maker(self.mapping, self.ontology, defaults, columns, array)
                yield from maker.make(self.document.rows(array, columns), self.source.name)

    def rejects(self, path: Path) -> RejectsFile:
        """A JSON document of the same arrays."""
        return RejectsFile(with_ending(path, ".json"), document=True)

    def _refers(self) -> Mapping[str, bool]:
        rules = self.mapping.entities.values()
        return {array: any(rule.reference for rule in rules if rule.rows == array) for array in self.mapping.arrays()}
