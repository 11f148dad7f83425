"""The files of a load, each opened, checked and ready to be read.

A part is one file in one format. It reads in two rounds, entities first; what a mapping makes of whole rows comes in
the first round, or in the second when the mapping refers to entities that other files describe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graph_service.model.ontology import Ontology
from loaders.csv_file import CsvTable
from loaders.ftm import FtmLines
from loaders.json_file import JsonDocument, JsonLines
from loaders.made import Defaults, Made
from loaders.mapping import MappingFile
from loaders.mapping_rows import Maker
from loaders.records import RecordLines
from loaders.rejects import Reject, RejectsFile, with_ending
from loaders.source import SourceFile


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
