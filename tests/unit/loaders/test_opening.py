"""Opening files: the format that was found or asked for, the ready mapping that fits, and what is told of the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_service.errors import MappingError, SourceFileError
from loaders.mapping_read import read_mapping
from loaders.opening import fits_mapping, format_of, open_part
from loaders.report import LoadOptions
from tests.unit.loaders.payments import MAPPING, PAYMENTS, PEOPLE
from tests.unit.loaders.recorder import ONTOLOGY, write

JSON_MAPPING = """
[file]
format = "json"
[entity.a]
rows = "people"
kind = "Subject"
id = "x:{nr}"
"""
LINES_MAPPING = """
[file]
format = "jsonl"
[entity.a]
kind = "Subject"
id = "x:{nr}"
"""
FTM = '{"id": "a", "schema": "Person", "properties": {}}\n'


def mapped(folder: Path, text: str) -> LoadOptions:
    """Options with a mapping of that text."""
    return LoadOptions(mapping=write(folder, "map.toml", text))


# The format


@pytest.mark.parametrize(
    ("content", "asked", "found"),
    [
        (PAYMENTS, None, "csv"),
        (PEOPLE, None, "records"),
        (FTM, None, "ftm"),
        ("id,kind\na,Subject\n", None, "columns"),
        ("id,kind\na,Subject\n", "csv", "csv"),
        ("nr,name\n1,x\n", "columns", "columns"),
        (PEOPLE, "jsonl", "jsonl"),
        ('{"nr": 1}\n', "records", "records"),
        (FTM, "jsonl", "jsonl"),
        ('{"nr": 1}\n', "ftm", "ftm"),
    ],
)
def test_what_was_asked_for_counts_when_the_file_may_be_that(
    tmp_path: Path, content: str, asked: str | None, found: str
) -> None:
    path = write(tmp_path, "x", content)
    assert format_of(path, "x", LoadOptions(format=asked)) == found


@pytest.mark.parametrize(
    ("content", "asked", "seen"),
    [
        (PEOPLE, "csv", "records"),
        (PEOPLE, "ftm", "records"),
        (FTM, "records", "ftm"),
        (PAYMENTS, "jsonl", "csv"),
        ("id,kind\na,Subject\n", "ftm", "columns"),
    ],
)
def test_a_file_that_is_plainly_of_another_format(tmp_path: Path, content: str, asked: str, seen: str) -> None:
    path = write(tmp_path, "x", content)
    with pytest.raises(SourceFileError, match=f"^x looks like format {seen}, and {asked} was asked for$"):
        format_of(path, "x", LoadOptions(format=asked))


def test_the_format_of_a_mapping_is_asked_for_by_it(tmp_path: Path) -> None:
    assert format_of(write(tmp_path, "x", PAYMENTS), "x", mapped(tmp_path, MAPPING)) == "csv"
    options = mapped(tmp_path, LINES_MAPPING)
    assert format_of(write(tmp_path, "x", '{"nr": 1}\n{"nr": 2}\n'), "x", options) == "jsonl"
    with pytest.raises(SourceFileError, match=r"looks like format csv, and jsonl the mapping .*map\.toml reads"):
        format_of(write(tmp_path, "x", PAYMENTS), "x", options)


# The mapping


def test_a_ready_mapping_is_taken_when_it_alone_fits(tmp_path: Path) -> None:
    columns = sorted(read_mapping("fincen").columns())
    path = write(tmp_path, "x.csv", ",".join(columns) + "\n" + ",".join("1" for _ in columns) + "\n")
    assert open_part(path, "x.csv", "csv", LoadOptions(), ONTOLOGY).mapping == read_mapping("fincen")


def test_ready_mappings_that_fit_alike_are_named_for_a_choice(tmp_path: Path) -> None:
    columns = sorted({column for name in ("fincen", "fincen_connections") for column in read_mapping(name).columns()})
    path = write(tmp_path, "x.csv", ",".join(columns) + "\n")
    with pytest.raises(MappingError, match=r"more than one ready mapping fits \(fincen, fincen_connections\)"):
        open_part(path, "x.csv", "csv", LoadOptions(), ONTOLOGY)


@pytest.mark.parametrize("content", ["nr,name\n1,Ana\n", '"nr\n1,Ana\n'])
def test_all_ready_mappings_are_named_when_none_fits(tmp_path: Path, content: str) -> None:
    path = write(tmp_path, "x.csv", content)
    with pytest.raises(MappingError, match="none of the ready mappings fits") as caught:
        open_part(path, "x.csv", "csv", LoadOptions(), ONTOLOGY)
    assert "fincen, fincen_connections, panama, panama_edges" in str(caught.value)


def test_a_document_needs_one_of_the_arrays_that_are_read(tmp_path: Path) -> None:
    options = mapped(tmp_path, JSON_MAPPING)
    part = open_part(
        write(tmp_path, "x.json", '{"people": [{"nr": 1}, {"nr": 2}]}'), "x.json", "json", options, ONTOLOGY
    )
    assert (part.format, part.expected) == ("json", 2)
    for content in ('{"firms": [{"nr": 1}]}', '{"people": []}', '[{"nr": 1}]'):
        with pytest.raises(SourceFileError, match=r"x\.json has no array 'people', which the mapping map reads"):
            open_part(write(tmp_path, "x.json", content), "x.json", "json", options, ONTOLOGY)


def test_the_encoding_of_the_mapping_holds_unless_another_is_named(tmp_path: Path) -> None:
    text = '[file]\nencoding = "cp1252"\n' + MAPPING
    path = write(tmp_path, "x.csv", PAYMENTS.encode() + b"41,Jos\xe9,B,1\n")
    options = mapped(tmp_path, text)
    part = open_part(path, "x.csv", "csv", options, ONTOLOGY)
    assert part.source.encoding == "cp1252"
    with pytest.raises(SourceFileError, match="not its encoding"):
        open_part(path, "x.csv", "csv", LoadOptions(mapping=options.mapping, encoding="utf-8"), ONTOLOGY)
    with pytest.raises(SourceFileError, match="there is no text encoding 'klingon'"):
        open_part(path, "x.csv", "csv", mapped(tmp_path, text.replace("cp1252", "klingon")), ONTOLOGY)


# Files of a folder


@pytest.mark.parametrize(
    ("mapping", "content", "fits"),
    [
        (MAPPING, PAYMENTS, True),
        (MAPPING, "nr,payer\n1,A\n", False),
        (MAPPING, PEOPLE, False),
        (MAPPING, b"nr,payer,payee,sum\n\xe9", False),
        (LINES_MAPPING, '{"nr": 1, "more": 2}\n{"x": 1}\n', True),
        (LINES_MAPPING, '{"number": 1}\n{"nr": 1}\n', False),
        (LINES_MAPPING, "[1, 2]\n", False),
        (LINES_MAPPING, '{"nr": 1\n{"nr": 2}\n', False),
        (JSON_MAPPING, '{"people": [{"nr": 1}]}', True),
        (JSON_MAPPING, '{"people": [{"name": "Ana"}]}', False),
        (JSON_MAPPING, '{"people": [1]}', False),
        (JSON_MAPPING, '{"people": 1, "more": []}', False),
    ],
)
def test_files_that_a_mapping_is_for(tmp_path: Path, mapping: str, content: str | bytes, fits: bool) -> None:
    options = mapped(tmp_path, mapping)
    assert fits_mapping(write(tmp_path, "x", content), "x", options) is fits


def test_a_json_line_that_is_no_object_fits_no_mapping(tmp_path: Path) -> None:
    options = mapped(tmp_path, LINES_MAPPING)
    for line in (json.dumps("text"), "7", "null"):
        assert not fits_mapping(write(tmp_path, "x", f"{line}\n"), "x", options)
