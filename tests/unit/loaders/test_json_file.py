"""JSON: exact numbers, bounded nesting, tables out of documents, and everything unsafe refused with a reason."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import InvalidValue, SourceFileError
from loaders.json_file import JsonLines, open_document, parse, parse_object, texts
from loaders.lines import LONGEST_LINE
from loaders.rejects import Reject
from loaders.source import Row, inspect
from tests.unit.loaders.recorder import write


@pytest.mark.parametrize(
    "number", ["0", "-1", "9223372036854775808", "0.10", "1e400", "12345678901234567890.123456789012345678"]
)
def test_numbers_keep_their_digits(number: str) -> None:
    assert parse_object(f'{{"n": {number}}}') == {"n": number}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ('{"a": 1} x', "not JSON"),
        ("[1]", "not a JSON object"),
        ('"x"', "not a JSON object"),
        ('{"a": NaN}', "NaN is not a value"),
        ('{"a": -Infinity}', "-Infinity is not a value"),
        ('{"a": 1, "b": 2, "a": 3}', "key 'a' stands twice"),
        ('{"a": "\\ud800"}', "lone surrogate"),
        ('{"\\udfff": 1}', "lone surrogate"),
        ('{"a": "\t"}', "not JSON"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        parse_object(text)


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert parse('"\\ud83d\\ude00"') == "😀"


def test_scalars_and_lists_are_texts() -> None:
    assert texts(parse('["a", 1, true, null, ""]')) == ("a", "1", "true")
    assert texts(None) == ()
    for nested in ('{"a": 1}', '["a", {"b": 1}]', '[["a"]]'):
        with pytest.raises(InvalidValue):
            texts(parse(nested))


def test_lines_are_rows_of_the_paths_asked_for(tmp_path: Path) -> None:
    lines = ['{"a": {"b": ["x", "y"]}, "n": 1.50}', "", "nonsense", '{"a": {"b": {"deep": 1}}}', '{"a": {"b": "z"}}']
    file = JsonLines(inspect(write(tmp_path, "x.jsonl", "\r\n".join(lines))))
    rows = list(file.rows(["a.b", "n", "a.b.1"]))
    assert [row.place for row in rows] == ["1", "3", "4", "5"]
    assert isinstance(rows[0], Row)
    assert rows[0].values == (("x", "y"), "1.50", "y")
    assert [isinstance(row, Reject) for row in rows] == [False, True, True, False]


def test_a_line_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    long = '{"a": "' + "x" * LONGEST_LINE + '"}'
    rows = list(JsonLines(inspect(write(tmp_path, "x.jsonl", long + '\n{"a": "b"}\n'))).rows(["a"]))
    assert [type(row) for row in rows] == [Reject, Row]


def test_arrays_of_a_document_are_tables(tmp_path: Path) -> None:
    document = open_document(inspect(write(tmp_path, "x.json", '{"g": {"nodes": [{"id": 1}, 7, {"id": {}}]}}')))
    rows = list(document.rows("g.nodes", ["id"]))
    assert [row.place for row in rows] == ["g.nodes[0]", "g.nodes[1]", "g.nodes[2]"]
    assert [row.reason for row in rows if isinstance(row, Reject)] == [
        "not a JSON object",
        "id: an object where a value was expected",
    ]
    assert list(document.rows("missing", ["id"])) == []


def test_a_document_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match=r"x\.json: not JSON"):
        open_document(inspect(write(tmp_path, "x.json", "[1, 2")))


@given(st.text(st.sampled_from('{}[]",:\\u0dDfFe1 \n'), max_size=80))
def test_no_text_stops_the_parser(text: str) -> None:
    with suppress(InvalidValue):
        value = parse(text)
        assert json.loads(json.dumps(value)) == value
