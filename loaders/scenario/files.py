"""What a source hands over: a file with its name, its grade and its form, ready to be written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who the file comes from: the name of the source, its Admiralty grade, and the markings of all it says."""

    source: str
    grade: str
    markings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file; its mapping has the same name and stands in ``mappings``."""

    file: str
    origin: Origin
    rows: Sequence[Row]
    delimiter: str = ","

    form = "csv"

    def text(self) -> str:
        """The file: a header and a line a row, with line feeds."""
        out = io.StringIO()
        writer = csv.DictWriter(out, list(self.rows[0]), delimiter=self.delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Lines:
    """A file of JSON objects, one a line; ``form`` is what the loader calls it."""

    file: str
    origin: Origin
    bodies: Sequence[Mapping[str, object]]
    form: str

    def text(self) -> str:
        """The file, characters of all scripts written as themselves."""
        return "".join(json.dumps(body, ensure_ascii=False) + "\n" for body in self.bodies)


SourceText = Table | Lines
