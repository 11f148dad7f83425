"""Regular CSV files: those that a fast reader without safeguards reads just as the careful one does."""

from __future__ import annotations

import numpy as np

from loaders.csv_file import CsvTable
from loaders.lines import LONGEST_LINE
from loaders.rejects import REASONS

_BLOCK = 8 << 20
_LF, _CR, _QUOTE = 10, 13, 34


def is_regular(table: CsvTable) -> bool:
    """Whether the fast reader sees the same rows as the careful one: UTF-8, and in each line the quotes paired and
    placed at the borders of fields."""
    source = table.source
    if source.encoding not in ("utf-8", "utf-8-sig") or table.columns[-len(REASONS) :] == REASONS:
        return False
    with source.path.open("rb") as file:
        if source.encoding == "utf-8-sig":
            file.seek(3)
        rest, first = b"", True
        while block := file.read(_BLOCK):
            whole = rest + block
            end = whole.rfind(b"\n") + 1
            lines, rest = whole[:end], whole[end:]
            blank_start = first and not whole.split(b"\n", 1)[0].strip()
            if blank_start or len(rest) > LONGEST_LINE or not _regular_lines(lines, table.delimiter):
                return False
            first = False
    return _regular_lines(rest + b"\n" if rest else b"", table.delimiter)


def _regular_lines(lines: bytes, delimiter: str) -> bool:
    if not lines:
        return True
    data = np.frombuffer(lines, dtype=np.uint8)
    ends = np.flatnonzero(data == _LF)
    if lines.count(b"\r") != lines.count(b"\r\n") or np.diff(ends, prepend=-1).max() > LONGEST_LINE:
        return False
    quotes = np.flatnonzero(data == _QUOTE)
    if not len(quotes):
        return True
    if len(quotes) % 2 or (np.searchsorted(quotes, ends) % 2).any():
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    after = data[closing + 1]
    border = ord(delimiter)
    opens = (before == border) | (before == _LF) | (before == _QUOTE) | (opening == 0)
    closes = (after == border) | (after == _LF) | (after == _CR) | (after == _QUOTE)
    return bool(opens.all() and closes.all())
