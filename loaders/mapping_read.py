"""Reads mapping files: a ready one by its name, or a file of one's own."""

from __future__ import annotations

import tomllib
from pathlib import Path

from graph_service.errors import MappingError
from loaders.mapping import SHIPPED, MappingFile
from loaders.mapping_form import FormReader
from loaders.problems import line_numbers, raise_problems

_LARGEST = 1 << 20


def shipped_names() -> tuple[str, ...]:
    """The names of the ready mappings."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml") if path.stem != "example"))


def read_mapping(name_or_path: str | Path) -> MappingFile:
    """A ready mapping by its name, or a mapping file; raises MappingError that lists every problem."""
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and name_or_path in shipped_names():
        path = SHIPPED / f"{name_or_path}.toml"
    try:
        if path.stat().st_size > _LARGEST:
            raise MappingError(f"{path.name}: a mapping file has {_LARGEST >> 20} MB at most")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise MappingError(f"{path.name}: a mapping file is UTF-8: {error}") from error
        known = ", ".join(shipped_names())
        raise MappingError(
            f"there is no mapping file {str(name_or_path)!r}; the ready mappings are: {known}"
        ) from error
    return parse_mapping(text, path.stem)


def parse_mapping(text: str, name: str) -> MappingFile:
    """A mapping from its text; ``name`` is what problems call the file."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MappingError(f"{name}.toml: not a TOML file: {error}") from error
    reader = FormReader()
    file, title, entities, links = reader.read(content)
    lines = line_numbers(text)
    raise_problems(name, lines, reader.problems)
    return MappingFile(name, title, text, file, entities, links, lines)
