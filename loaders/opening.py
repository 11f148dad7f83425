"""Opens files that are read row by row: the format found, the mapping checked, before anything is written."""

from __future__ import annotations

from pathlib import Path

from graph_service.errors import InvalidValue, MappingError, SourceFileError
from graph_service.model.ontology import Ontology
from loaders.csv_file import open_csv
from loaders.detect import detect
from loaders.json_file import JsonLines, json_lines, open_document, parse_object
from loaders.mapping import MappingFile
from loaders.mapping_check import check_mapping
from loaders.mapping_read import read_mapping, shipped_names
from loaders.parts import CsvPart, DocumentPart, JsonLinesPart, LinesPart, Part
from loaders.report import LoadOptions
from loaders.source import SourceFile, first_bytes, inspect

_OBJECTS = ("jsonl", "json", "records", "ftm")
_MAY_BE = {
    "csv": ("columns",),
    "columns": ("csv",),
    "jsonl": _OBJECTS,
    "json": _OBJECTS,
    "records": ("jsonl", "json"),
    "ftm": ("jsonl", "json"),
}
"""By the format asked for, what the beginning of such a file may look like besides."""


def format_of(path: Path, shown: str, options: LoadOptions) -> str:
    """The format of a file: the one named, else that of the mapping, else what its beginning says.

    Raises SourceFileError when the beginning says plainly that the file is of another format.
    """
    found = detect(first_bytes(path, shown), options.encoding)
    mapped = read_mapping(options.mapping).file.format if options.mapping is not None else None
    asked = options.format or mapped
    if asked is None:
        return found
    if found != asked and found not in _MAY_BE[asked]:
        wanted = f"the mapping {options.mapping} reads" if options.format is None else "was asked for"
        raise SourceFileError(f"{shown} looks like format {found}, and {asked} {wanted}")
    return asked


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
    form, found = mapping.file.format, detect(first_bytes(path, shown), options.encoding)
    if found != form and found not in _MAY_BE[form]:
        return False
    try:
        return _fits(inspect(path, shown, options.encoding or mapping.file.encoding), mapping)
    except SourceFileError:
        return False


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
