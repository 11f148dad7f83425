"""Refused rows, kept so that they can be mended and loaded again.

Beside a CSV file's refusals stand its own columns, so the rejects file is a file of the same form: mend the columns,
load it with the same mapping. JSON lines keep each refused object with its reason under ``_reject``. The loaders leave
out every column and key that begins with an underscore.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

REASONS = ("_line", "_column", "_value", "_reason")
"""The columns a rejects file adds."""
_LONGEST_VALUE = 2_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row, or a value of it, that was not loaded: where, what and why.

    ``place`` is the line, or the array and position, in ``file``; ``column`` and ``value`` are empty when the whole row
    is at fault. ``fields`` (CSV, Parquet) or ``raw`` (JSON text) is the row as it was.
    """

    file: str
    place: str
    column: str
    value: str
    reason: str
    fields: tuple[str, ...] = ()
    raw: str = ""


def guarded(value: str) -> str:
    """The value with an apostrophe before it when a spreadsheet would take it for a formula; `unguarded` undoes it."""
    return "'" + value if value.lstrip("'").startswith(_FORMULA) else value


def unguarded(value: str) -> str:
    """The value as it was before `guarded`."""
    return value[1:] if value.startswith("'") and value.lstrip("'").startswith(_FORMULA) else value


def with_ending(path: Path, ending: str) -> Path:
    """The path itself when it has the ending, else with the ending added."""
    return path if path.suffix == ending else path.with_name(path.name + ending)


class RejectsFile:
    """The rejects of one source file; made at the first refusal, in place only when closed with `keep`.

    ``columns`` are those of a CSV or Parquet file; without them the form is JSON lines, or one JSON document when the
    source is one (``document``).
    """

    def __init__(
        self, path: Path, columns: tuple[str, ...] | None = None, *, delimiter: str = ",", document: bool = False
    ) -> None:
        self.path = path
        self.count = 0
        self._columns = columns
        self._delimiter = delimiter
        self._document: dict[str, list[object]] | None = {} if document else None
        self._partial = path.with_name(path.name + ".partial")
        self._file: TextIO | None = None

    def add(self, reject: Reject) -> None:
        """Keep one refusal."""
        file = self._file or self._begin()
        self.count += 1
        if self._columns is not None:
            csv.writer(file, delimiter=self._delimiter, lineterminator="\n").writerow(self._fields(reject))
        elif self._document is not None:
            self._document.setdefault(reject.place.partition("[")[0], []).append(_explained(reject))
        else:
            file.write(json.dumps(_explained(reject), ensure_ascii=True) + "\n")

    def close(self, *, keep: bool) -> bool:
        """Put the file in place of an older one, or drop it; whether there is a file now. Twice does no harm."""
        if self._file is not None:
            if self._document is not None:
                whole = self._document.get("", self._document)  # a document that is one array has no name for it
                json.dump(whole, self._file, ensure_ascii=True, indent=1)
            self._file.close()
            self._file = None
            if keep:
                self._partial.replace(self.path)
            else:
                self._partial.unlink(missing_ok=True)
        return self.path.exists()

    def _begin(self) -> TextIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        encoding = "utf-8" if self._columns is None else "utf-8-sig"  # the mark goes before a mapping's encoding
        self._file = self._partial.open("w", encoding=encoding, errors="backslashreplace", newline="")
        if self._columns is not None:
            csv.writer(self._file, delimiter=self._delimiter, lineterminator="\n").writerow((*self._columns, *REASONS))
        return self._file

    def _fields(self, reject: Reject) -> list[str]:
        width = len(self._columns or ())
        fields = reject.fields[:width]
        padded = (*fields, *("" for _ in range(width - len(fields))))
        return [guarded(value) for value in (*padded, reject.place, reject.column, _cut(reject.value), reject.reason)]


def _explained(reject: Reject) -> object:
    why = {
        "line": reject.place,
        "column": reject.column,
        "value": _cut(reject.value),
        "reason": reject.reason,
    }
    try:
        original = json.loads(reject.raw)
    except (ValueError, RecursionError):
        return {"_reject": why, "_raw": _cut(reject.raw)}
    return {**original, "_reject": why} if isinstance(original, dict) else {"_reject": why, "_raw": _cut(reject.raw)}


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
