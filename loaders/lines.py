"""Lines of a text file, none longer than a bound, with the means to go back.

A hostile or broken file may hold a line of a gigabyte or a quote that never closes. Lines are therefore cut at a
bound, and the lines of a record that turns out wrong are given back, so that one bad line costs one line.
"""

from __future__ import annotations

from collections import deque
from io import TextIOWrapper

LONGEST_LINE = 1 << 20
"""Characters of a line, and of a whole record, that are read at most; a longer one is refused."""
MOST_LINES = 500
"""Lines that one record may span."""


class TooLong(Exception):
    """A line or a record beyond the bound; `start` is its beginning."""

    def __init__(self, start: str, reason: str) -> None:
        super().__init__(reason)
        self.start = start
        self.reason = reason


class Lines:
    """An iterator over the lines of a file that remembers which of them the present record took."""

    def __init__(self, file: TextIOWrapper, longest: int = LONGEST_LINE) -> None:
        self._file = file
        self._longest = longest
        self._returned: deque[str] = deque()
        self._read = 0
        self._taken: list[str] = []
        self._length = 0

    @property
    def first(self) -> int:
        """The number of the first line of the present record, counted from 1."""
        return self._read - len(self._returned) - len(self._taken) + 1

    @property
    def taken(self) -> list[str]:
        """The lines of the present record, with their ends."""
        return self._taken

    def begin(self) -> None:
        """Begin a new record with the next line."""
        self._taken = []
        self._length = 0

    def give_back(self) -> str:
        """Keep only the first line of the present record, read the others again; returns that first line."""
        first, *others = self._taken
        self._returned.extendleft(reversed(others))
        self._taken = [first]
        return first

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self._returned:
            line = self._returned.popleft()
        else:
            line = self._file.readline(self._longest + 1)
            if not line:
                raise StopIteration
            self._read += 1
            if len(line) > self._longest and not line.endswith(("\n", "\r")):
                self._skip_rest()
                self._taken.append(line[:200])
                raise TooLong(line[:200], f"the line is longer than {self._longest} characters")
        self._taken.append(line)
        self._length += len(line)
        if len(self._taken) > 1 and (self._length > self._longest or len(self._taken) > MOST_LINES):
            raise TooLong(self._taken[0], f"a quote that opens in this line is not closed within {MOST_LINES} lines")
        return line

    def _skip_rest(self) -> None:
        while True:
            more = self._file.readline(self._longest)
            if not more or more.endswith(("\n", "\r")):
                return
