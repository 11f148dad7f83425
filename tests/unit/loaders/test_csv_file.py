"""CSV: what is a row, what is refused, and that one bad line costs one line."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import SourceFileError
from loaders.csv_file import CsvForm, open_csv
from loaders.lines import LONGEST_LINE, MOST_LINES
from loaders.rejects import Reject
from loaders.source import Row, inspect
from tests.unit.loaders.recorder import write

HEADER = "a,b,c\n"


def read(folder: Path, content: str | bytes, form: CsvForm | None = None, *, exact: bool = False) -> list[Row | Reject]:
    table = open_csv(inspect(write(folder, "x.csv", content)), form or CsvForm())
    return list(table.rows(exact=exact))


def shown(rows: list[Row | Reject]) -> list[tuple[object, ...]]:
    """Rows as place and values, refusals as place and reason."""
    return [(row.place, *row.values) if isinstance(row, Row) else (row.place, "!" + row.reason) for row in rows]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("1,2,3\n", [("2", "1", "2", "3")]),
        ("1,2,3", [("2", "1", "2", "3")]),
        ("1,2,3\r\n4,5,6\r\n", [("2", "1", "2", "3"), ("3", "4", "5", "6")]),
        ("1,2,3\r4,5,6\r", [("2", "1", "2", "3"), ("3", "4", "5", "6")]),
        ('"x, y","He said ""no""",3\n', [("2", "x, y", 'He said "no"', "3")]),
        ('1,"two\nlines",3\n4,5,6\n', [("2", "1", "two\nlines", "3"), ("4", "4", "5", "6")]),
        ("\n1,2,3\n\n\n4,5,6\n", [("3", "1", "2", "3"), ("6", "4", "5", "6")]),
        ("1, 2,3\n", [("2", "1", "2", "3")]),
        ("1,2,3,,\n", [("2", "1", "2", "3")]),
        ("1,2\n4,5,6\n", [("2", "!has 2 fields where the header has 3"), ("3", "4", "5", "6")]),
        ("1,2,3,4\n", [("2", "!has 4 fields where the header has 3")]),
        ("1,\x00,3\n", [("2", "1", "\x00", "3")]),
        ("=cmd(),+1,@x\n", [("2", "=cmd()", "+1", "@x")]),
        ("'=a,'',x\n", [("2", "'=a", "''", "x")]),
    ],
)
def test_rows(tmp_path: Path, body: str, expected: list[tuple[object, ...]]) -> None:
    assert shown(read(tmp_path, HEADER + body)) == expected


def test_a_quote_that_never_closes_costs_one_line(tmp_path: Path) -> None:
    rows = read(tmp_path, HEADER + '1,"2,3\n' + "4,5,6\n" * 3)
    assert [row.place for row in rows] == ["2", "3", "4", "5"]
    assert isinstance(rows[0], Reject)
    assert rows[0].reason == "a quote that opens in this line is not closed"
    assert [row for row in rows[1:] if isinstance(row, Reject)] == []


def test_a_quote_that_stays_open_too_long_costs_one_line(tmp_path: Path) -> None:
    many = MOST_LINES * 2
    rows = read(tmp_path, HEADER + '1,"2,3\n' + "4,5,6\n" * many)
    assert len(rows) == many + 1
    assert [row.place for row in rows if isinstance(row, Reject)] == ["2"]
    assert isinstance(rows[0], Reject)
    assert f"not closed within {MOST_LINES} lines" in rows[0].reason


@pytest.mark.parametrize("size", [LONGEST_LINE + 1, 3 * LONGEST_LINE])
def test_a_line_beyond_the_bound_is_refused_and_the_rest_is_read(tmp_path: Path, size: int) -> None:
    rows = read(tmp_path, HEADER + "x" * size + "\n4,5,6\n")
    assert shown(rows) == [("2", f"!the line is longer than {LONGEST_LINE} characters"), ("3", "4", "5", "6")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b,a\n1,2,3\n", "column 'a' more than once"),
        (",,\n1,2,3\n", "header is blank"),
        ('"a,b\n1,2\n', "header cannot be read"),
        ("a\x00,b\n1,2\n", "NUL"),
        ("x" * (LONGEST_LINE + 5) + "\n", "header cannot be read"),
    ],
)
def test_a_header_that_is_none(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(SourceFileError, match=said):
        read(tmp_path, content)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    text = f"a{delimiter}b{delimiter}c\n1{delimiter}2{delimiter}3\n"
    assert shown(read(tmp_path, text)) == [("2", "1", "2", "3")]


def test_columns_without_a_header_and_fields_without_quotes(tmp_path: Path) -> None:
    form = CsvForm(delimiter="|", quote="", columns=("x", "y"))
    assert shown(read(tmp_path, '1|"2\n', form)) == [("1", "1", '"2')]


def test_the_exact_form_takes_blanks_and_widths_as_they_are(tmp_path: Path) -> None:
    rows = read(tmp_path, HEADER + "1, 2,3\n1,2,3,\n", exact=True)
    assert shown(rows) == [("2", "1", " 2", "3"), ("3", "!has 4 fields where the header has 3")]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=8))
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str, str]]
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow("abc")
    writer.writerows(cells)
    rows = read(tmp_path_factory.getbasetemp(), buffer.getvalue())
    assert [row.values if isinstance(row, Row) else row for row in rows] == cells


@given(st.text(st.sampled_from('a,"\n\r\x00 ;'), max_size=60))
def test_no_text_stops_the_reader(tmp_path_factory: pytest.TempPathFactory, body: str) -> None:
    rows = read(tmp_path_factory.getbasetemp(), HEADER + body + "\nlast,row,here\n")
    places = [int(row.place) for row in rows]
    assert places == sorted(set(places))
    assert all(row.reason for row in rows if isinstance(row, Reject))
    assert rows[-1].place == str(1 + len((body + "\nlast").replace("\r\n", "\n").replace("\r", "\n").split("\n")))
