"""Source files: what is accepted as text, and how everything else is named before a row is read."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import SourceFileError
from loaders.source import PIECE, inspect
from tests.unit.loaders.recorder import write


@pytest.mark.parametrize(
    ("content", "named", "encoding"),
    [
        (b"a,b\n", None, "utf-8"),
        ("é,ł\n".encode(), None, "utf-8"),
        (b"\xef\xbb\xbfa,b\n", None, "utf-8-sig"),
        ("a,é\n".encode("utf-16"), None, "utf-16"),
        (b"\xfe\xff" + "a,é\n".encode("utf-16-be"), None, "utf-16"),
        ("a,é\n".encode("utf-32"), None, "utf-32"),
        ("a,é\n".encode("cp1252"), "cp1252", "cp1252"),
        ("a,é\n".encode("utf-16-le"), "utf-16-le", "utf-16-le"),
        (b"\xef\xbb\xbfa,b\n", "cp1252", "utf-8-sig"),
    ],
)
def test_the_encoding_is_seen_or_named(tmp_path: Path, content: bytes, named: str | None, encoding: str) -> None:
    source = inspect(write(tmp_path, "x.csv", content), encoding=named)
    assert source.encoding == encoding
    with source.open() as file:
        assert file.read() in ("a,b\n", "é,ł\n", "a,é\n")


@pytest.mark.parametrize(
    ("content", "named", "said"),
    [
        (b"", None, "is empty"),
        (b" \r\n\t\n", None, "nothing but white space"),
        (b"\xef\xbb\xbf", None, "nothing but white space"),
        (b"a\nb\nc\xe9\nd", None, "byte 0xe9 at position 5 (line 3); name its encoding"),
        (b"a\xff", "ascii", "byte 0xff at position 1 (line 1); the encoding named is not its encoding"),
        (b"a\n", "klingon", "no text encoding 'klingon'"),
        (b"a\n", "rot13", "no text encoding 'rot13'"),
        (b"a\n", "hex", "no text encoding 'hex'"),
        ("abc,def\n".encode("utf-16-le"), None, "UTF-16 without a byte order mark"),
        (b"\xff\xfea", None, "is not utf-16"),
        (b"PK\x03\x04rest", None, "a zip archive (an Excel"),
        (b"%PDF-1.7", None, "a PDF"),
        (b"PAR1....", None, "a Parquet file"),
        (b"\x1f\x8b\x08", None, "a gzip archive"),
        (b"caf\xc3", None, "is not utf-8"),
    ],
)
def test_what_is_no_readable_text_is_told(tmp_path: Path, content: bytes, named: str | None, said: str) -> None:
    with pytest.raises(SourceFileError) as error:
        inspect(write(tmp_path, "x.csv", content), encoding=named)
    assert said in str(error.value)
    assert "x.csv" in str(error.value)


@pytest.mark.parametrize("before", [0, 1, PIECE - 1, PIECE, PIECE + 3])
def test_a_wrong_byte_is_placed_across_pieces(tmp_path: Path, before: int) -> None:
    lines = b"ab\n" * (before // 3) + b"a" * (before % 3)
    with pytest.raises(SourceFileError, match=rf"position {before} \(line {before // 3 + 1}\)"):
        inspect(write(tmp_path, "x.csv", lines + b"\xe9\nmore\n"))


def test_a_letter_split_between_pieces_is_no_fault(tmp_path: Path) -> None:
    content = b"a" * (PIECE - 1) + "é\n".encode()
    assert inspect(write(tmp_path, "x.csv", content)).size == len(content)


@pytest.mark.parametrize("name", ["missing.csv", "a\x00b.csv", "x" * 300])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceFileError, match=r"no such file|cannot be read"):
        inspect(tmp_path / name)


def test_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match="is a folder"):
        inspect(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceFileError, match="device or a pipe"):
        inspect(tmp_path / "pipe")


@given(st.binary(min_size=1, max_size=200), st.sampled_from([None, "utf-8", "utf-16", "cp1252", "shift_jis", "utf-7"]))
def test_any_bytes_are_text_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, named: str | None
) -> None:
    path = write(tmp_path_factory.getbasetemp(), "any.bin", content)
    with suppress(SourceFileError):
        source = inspect(path, encoding=named)
        with source.open() as file:
            assert file.read().strip() or source.encoding == "utf-7"
