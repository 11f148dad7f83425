"""Source files: found, hashed and proved readable before a row is read.

`inspect` reads a file once, in pieces, and says what it is or why it cannot be loaded; nothing has been written then.
A format turns a `SourceFile` into `Row`s, whose place (`transfers.csv:17`) every record and every refusal carries.
"""

from __future__ import annotations

import codecs
import hashlib
import stat
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NoReturn

from graph_service.errors import InvalidValue, SourceFileError

PIECE = 1 << 20
"""Bytes read at a time: what a file costs in memory, however large it is."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a zip archive (an Excel or Word file, or a zip)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ARROW1", "an Arrow file"),
    (b"\x7fELF", "a program"),
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that exists, is not empty and, when it is text, decodes to its end.

    ``name`` is how places and refusals call it: relative to what was loaded. ``encoding`` is None and ``lines`` 0 for
    binary formats.
    """

    path: Path
    name: str
    sha256: str
    size: int
    encoding: str | None
    lines: int = 0

    def open(self, newline: str = "") -> TextIOWrapper:
        """The text of the file, its byte order mark left out, its line ends as they are."""
        if self.encoding is None:
            raise SourceFileError(f"{self.name} is not a text file")
        return self.path.open(encoding=self.encoding, newline=newline)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a source: its place, the values in the order of the table's columns, and how it was written.

    ``place`` is unique in the file: the line number, or for a document its array and position. A value is a text, or
    several texts where the format has lists; an absent value is the empty text. ``raw`` is the JSON text, or empty for
    CSV, whose fields are its values.
    """

    place: str
    values: tuple[str | tuple[str, ...], ...]
    raw: str = ""


def inspect(path: Path, name: str | None = None, encoding: str | None = None) -> SourceFile:
    """Hash and check a text file, reading it once to its end.

    The encoding is UTF-8, with or without a byte order mark, UTF-16 or UTF-32 with one, or the one that is named; a
    byte order mark goes before a name. Raises SourceFileError, with the place, for anything else.
    """
    shown = name or path.name
    size = _size(path, shown)
    digest = hashlib.sha256()
    with _opened(path, shown) as file:
        head = file.read(PIECE)
        used = _encoding_of(head, shown, encoding)
        check = _Decoding(used, shown, named=encoding is not None)
        piece = head
        while piece:
            digest.update(piece)
            check.feed(piece)
            piece = file.read(PIECE)
        check.end()
    return SourceFile(path, shown, digest.hexdigest(), size, used, check.lines)


def inspect_binary(path: Path, name: str | None = None) -> SourceFile:
    """Hash a file of a binary format; its reader checks what is inside."""
    shown = name or path.name
    size = _size(path, shown)
    digest = hashlib.sha256()
    with _opened(path, shown) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return SourceFile(path, shown, digest.hexdigest(), size, None)


def first_bytes(path: Path, shown: str) -> bytes:
    """The beginning of a file, at most PIECE bytes, for guessing what it is."""
    _size(path, shown)
    with _opened(path, shown) as file:
        return file.read(PIECE)


def text_encoding(named: str) -> str:
    """The usual name of a text encoding that can be read in pieces; InvalidValue when there is none of this name."""
    try:
        known = codecs.lookup(named)
        "".encode(named)
        codecs.getincrementaldecoder(named)
        b"a".decode(named, errors="ignore")  # the encodings of host names cannot leave out what they cannot read
    except (LookupError, ValueError) as error:
        raise InvalidValue(f"there is no text encoding {named!r}") from error
    return known.name


def decode_head(head: bytes, encoding: str | None) -> str:
    """The beginning of a text file as text, byte order mark and undecodable bytes left out: for guessing only."""
    for mark, used in _MARKS:
        if head.startswith(mark):
            return head.decode(used, errors="ignore")
    return head.decode(encoding or "utf-8", errors="ignore")


def _size(path: Path, shown: str) -> int:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise SourceFileError(f"{shown}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise SourceFileError(f"{shown}: cannot be read ({_words(error)})") from error
    if stat.S_ISDIR(status.st_mode):
        raise SourceFileError(f"{shown} is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise SourceFileError(f"{shown} is a device or a pipe, not a file")
    if status.st_size == 0:
        raise SourceFileError(f"{shown} is empty")
    return status.st_size


def _opened(path: Path, shown: str) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceFileError(f"{shown}: cannot be read ({_words(error)})") from error


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__


def _encoding_of(head: bytes, shown: str, named: str | None) -> str:
    for magic, what in _FORMATS:
        if head.startswith(magic):
            raise SourceFileError(f"{shown} is {what}, not a text file")
    for mark, used in _MARKS:
        if head.startswith(mark):
            return used
    if named is not None:
        try:
            return text_encoding(named)
        except InvalidValue as error:
            raise SourceFileError(f"{shown}: {error}") from error
    sample = head[:4_096]
    if sample.count(0) * 4 > len(sample):
        raise SourceFileError(
            f"{shown} is either binary or UTF-16 without a byte order mark; "
            "if it is text, name its encoding, for example utf-16-le"
        )
    return "utf-8"


class _Decoding:
    """Decodes piece by piece and remembers where it is, so that a wrong byte is named with its line."""

    def __init__(self, encoding: str, shown: str, *, named: bool) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._encoding, self._shown, self._named = encoding, shown, named
        self._bytes = 0
        self._ended = 0
        self._open = False
        self._blank = True

    @property
    def lines(self) -> int:
        """The lines so far, one that has not ended included."""
        return self._ended + self._open

    def feed(self, piece: bytes, *, final: bool = False) -> None:
        waiting = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeError as error:
            self._fail(error, waiting)
        self._bytes += len(piece)
        self._ended += text.count("\n")
        self._open = not text.endswith("\n") if text else self._open
        self._blank = self._blank and not text.strip()

    def end(self) -> None:
        self.feed(b"", final=True)
        if self._blank:
            raise SourceFileError(f"{self._shown} is empty: it holds nothing but white space")

    def _fail(self, error: UnicodeError, waiting: int) -> NoReturn:
        advice = "the encoding named is not its encoding" if self._named else "name its encoding, for example cp1252"
        if not isinstance(error, UnicodeDecodeError):
            raise SourceFileError(f"{self._shown} is not {self._encoding} ({error}); {advice}") from error
        at = self._bytes - waiting + error.start
        before = error.object[: error.start].decode(self._encoding, errors="ignore")
        line = self._ended + before.count("\n") + 1
        wrong = error.object[error.start : error.start + 1].hex()
        raise SourceFileError(
            f"{self._shown} is not {self._encoding}: byte 0x{wrong} at position {at} (line {line}); {advice}"
        ) from error
