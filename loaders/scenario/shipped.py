"""The case as it ships: the files in load order, the mistakes planted in them, and the stories with their questions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_service.model.grades import parse_grade
from loaders.report import LoadOptions
from loaders.scenario.story import Ask, Fact, Story

DATA = Path(__file__).parent / "data"
"""The written world. Its mappings are made by hand; everything else in it is written by ``write``."""


@dataclass(frozen=True, slots=True)
class ShippedFile:
    """A file to load, and how; ``mapping`` is None for formats that need none."""

    path: Path
    format: str
    mapping: Path | None
    source: str
    grade: str
    markings: tuple[str, ...]

    def options(self, rejects: Path) -> LoadOptions:
        """How `loaders.run.load` is to load it; refused rows go to the folder ``rejects``."""
        return LoadOptions(
            format=self.format,
            mapping=self.mapping,
            source_name=self.source,
            grade=parse_grade(self.grade),
            markings=frozenset(self.markings),
            rejects=rejects,
        )


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """A mistake in a file: its line, the column or key at fault ("" for the whole row), and what is wrong."""

    file: str
    line: int
    column: str
    why: str


def shipped_files(folder: Path = DATA) -> tuple[ShippedFile, ...]:
    """The files of the case in the order in which they refer to one another."""
    return tuple(
        ShippedFile(
            path=folder / entry["file"],
            format=entry["format"],
            mapping=folder / entry["mapping"] if "mapping" in entry else None,
            source=entry["source"],
            grade=entry["grade"],
            markings=tuple(entry["markings"]),
        )
        for entry in _read(folder / "manifest.toml")["file"]
    )


def planted_faults(folder: Path = DATA) -> tuple[PlantedFault, ...]:
    """The mistakes that a loader must refuse, in load order."""
    return tuple(PlantedFault(**entry) for entry in _read(folder / "manifest.toml")["fault"])


def shipped_stories(folder: Path = DATA) -> tuple[Story, ...]:
    """The planted stories; the last is the one behind the others."""
    return tuple(_story(entry) for entry in _read(folder / "stories.toml")["story"])


def _story(entry: dict[str, Any]) -> Story:
    return Story(
        key=entry["key"],
        title=entry["title"],
        area=entry["area"],
        marking=entry["marking"],
        summary=entry["summary"],
        cast=entry["cast"],
        facts=tuple(Fact(fact["text"], tuple(fact["chain"])) for fact in entry["fact"]),
        asks=tuple(Ask(**{**ask, "expect": tuple(ask["expect"])}) for ask in entry["ask"]),
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
