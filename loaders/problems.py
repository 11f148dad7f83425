"""What is wrong in a mapping file, each problem with its line, and the names that were probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from graph_service.errors import MappingError

_TABLE_LINE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY_LINE = re.compile(r"\s*([\w.\-\"' ]+?)\s*=")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a mapping file, at a key such as ``entity.payer.properties.name``."""

    at: str
    text: str


def raise_problems(name: str, lines: Mapping[str, int], problems: Iterable[Problem]) -> None:
    """Raise one MappingError with all problems, a line each, in the order of the file; nothing when there are none."""
    placed = sorted({(_line_of(problem.at, lines), problem.at, problem.text) for problem in problems})
    if placed:
        shown = [f"{name}.toml:{line}: {at}: {text}" for line, at, text in placed]
        raise MappingError("\n".join(shown))


def near(name: str, known: Iterable[str]) -> str:
    """A hint with the names most like a wrong one, or nothing."""
    by_folded = {item.casefold(): item for item in known}
    close = [by_folded[match] for match in get_close_matches(name.casefold(), by_folded, n=3)]
    return f"; did you mean {' or '.join(repr(item) for item in close)}?" if close else ""


def line_numbers(text: str) -> dict[str, int]:
    """The line of each table and key, so far as they stand on lines of their own."""
    found: dict[str, int] = {}
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE_LINE.match(line):
            inside = header[1].replace('"', "").replace(" ", "")
            found.setdefault(inside, number)
        elif key := _KEY_LINE.match(line):
            name = key[1].replace('"', "").replace(" ", "")
            found.setdefault(f"{inside}.{name}".lstrip("."), number)
    return found


def _line_of(at: str, lines: Mapping[str, int]) -> int:
    while at:
        if at in lines:
            return lines[at]
        at = at.rpartition(".")[0]
    return 1
