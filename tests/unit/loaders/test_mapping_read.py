"""Mapping files: what they may say, and every mistake of form told with its line."""

from pathlib import Path

import pytest

from graph_service.errors import MappingError
from loaders.csv_file import CsvForm
from loaders.mapping import Condition, Piece, Value
from loaders.mapping_read import parse_mapping, read_mapping, shipped_names
from tests.unit.loaders.recorder import write

SMALL = """
[entity.a]
kind = "Subject"
id = "x:{nr}"
"""


def test_the_smallest_mapping() -> None:
    mapping = parse_mapping(SMALL, "small")
    rule = mapping.entities["a"]
    assert rule.kind == Value("entity.a.kind", constants=("Subject",))
    assert rule.id == (Piece(text="x:"), Piece(column="nr"))
    assert mapping.columns() == ("nr",)
    assert mapping.arrays() == ("",)
    assert not mapping.refers


def test_everything_a_value_may_be() -> None:
    text = """
    [file]
    delimiter = ";"
    quote = ""
    null = ["-"]
    date_format = "%d.%m.%Y"
    [records]
    grade = "B2"
    markings = { column = "labels", split = " " }
    [entity.a]
    kind = { column = "type", table = { P = "Subject" }, otherwise = "Party" }
    id = "{{x}}:{ nr |slug}:{odd|name}"
    when = ["nr", { column = "type", is_not = ["X", "Y"] }, { column = "gone", empty = true }]
    grade = { column = "trust" }
    [entity.a.properties]
    name = ["first", { template = "{first} {last}" }]
    birth_date = { column = "born", format = ["%Y", "%d.%m.%Y"], optional = true }
    """
    mapping = parse_mapping(text, "full")
    rule = mapping.entities["a"]
    assert mapping.file.csv == CsvForm(";", "", ())
    assert mapping.file.date_formats == ("%d.%m.%Y",)
    assert rule.id == (
        Piece(text="{"), Piece(text="x"), Piece(text="}"), Piece(text=":"), Piece(column="nr", filter="slug"),
        Piece(text=":"), Piece(column="odd|name"),
    )  # fmt: skip
    assert rule.when == (
        Condition("entity.a.when", "nr"),
        Condition("entity.a.when", "type", frozenset({"X", "Y"}), negated=True),
        Condition("entity.a.when", "gone", negated=True),
    )
    assert rule.said.grade == Value("entity.a.grade", column="trust")
    assert rule.said.markings == Value("records.markings", column="labels", split=" ")
    assert rule.properties["birth_date"][0].formats == ("%Y", "%d.%m.%Y")
    assert set(mapping.columns()) == {"nr", "type", "gone", "trust", "labels", "first", "last", "born", "odd|name"}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["mine.toml:1: entity: a mapping makes at least one entity: write [entity.NAME]"]),
        ("x = [", ["not a TOML file"]),
        (
            SMALL + "knid = 'x'",
            ["mine.toml:5: entity.a.knid: a mapping has no such key here; did you mean 'kind' or 'id'?"],
        ),
        (SMALL.replace("kind", "# "), ["mine.toml:2: entity.a: an entity needs a kind"]),
        (SMALL.replace("id =", "# "), ["mine.toml:2: entity.a: an entity needs an id"]),
        (SMALL.replace("{nr}", "{nr"), ["mine.toml:4: entity.a.id: a brace that stands alone"]),
        (SMALL.replace("{nr}", "{}"), ["mine.toml:4: entity.a.id: a brace that stands alone"]),
        (SMALL + "properties.name = 7", ["mine.toml:5: entity.a.properties.name: not a column name or a table"]),
        (SMALL + "properties.name = {}", ["give one of column, constant or template"]),
        (SMALL + "properties.name = { column = 'a', keep = true }", ["otherwise and keep go with a table"]),
        (SMALL + "properties.name = { column = 'a', table = { x = 1 } }", ["table: texts by texts"]),
        (SMALL + "when = { is = 'x' }", ["a condition is a column or"]),
        (SMALL + "reference = 'yes'", ["must be true or false"]),
        (SMALL + "reference = true\nproperties.name = 'n'", ["a reference makes no record"]),
        (SMALL + "[link.l]\nkind = 'OWNS'", ["a link needs a source", "a link needs a target"]),
        ("[file]\nformat = 'xml'" + SMALL, ["mine.toml:2: file.format: not one of csv, jsonl, json: 'xml'"]),
        ("[file]\ndelimiter = ';;'" + SMALL, ["single characters"]),
        ("entity = 3", ["entity: must be a table"]),
        (SMALL.replace('"x:{nr}"', "7"), ["mine.toml:4: entity.a.id: a template is a text with columns in braces"]),
        (SMALL.replace('"x:{nr}"', '""'), ["mine.toml:4: entity.a.id: a template is a text with columns in braces"]),
        (SMALL + "properties.name = { column = 7 }", ["entity.a.properties.name.column: must be a text in quotes"]),
        (SMALL + "[file]\nencoding = 7", ["file.encoding: must be a text in quotes"]),
        (SMALL + "[file]\nnull = [1]", ["file.null: must be a text in quotes, or a list of them"]),
        (SMALL + "when = { column = 'x', is = 3 }", ["must be a text in quotes, or a list of them"]),
        (SMALL + "when = { column = 'x', was = 'y' }", ["a mapping has no such key here"]),
    ],
)
def test_mistakes_of_form(text: str, problems: list[str]) -> None:
    with pytest.raises(MappingError) as error:
        parse_mapping(text, "mine")
    for problem in problems:
        assert problem in str(error.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(MappingError) as error:
        parse_mapping("[file]\nformt = 'csv'\n[entity.a]\nkind = 3\nid = '{'\n", "mine")
    lines = [line.split(":")[1] for line in str(error.value).splitlines()]
    assert lines == ["2", "4", "5"]


def test_files_that_are_no_mappings(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="the ready mappings are: fincen"):
        read_mapping("nowhere")
    with pytest.raises(MappingError, match="UTF-8"):
        read_mapping(write(tmp_path, "latin.toml", b"title = '\xe9'"))
    with pytest.raises(MappingError, match="1 MB at most"):
        read_mapping(write(tmp_path, "big.toml", "#" * (2 << 20)))
    with pytest.raises(MappingError, match="no mapping file"):
        read_mapping(tmp_path)


def test_a_ready_mapping_is_read_by_name_and_a_file_by_its_path(tmp_path: Path) -> None:
    assert {"fincen", "fincen_connections", "panama", "panama_edges"} <= set(shipped_names())
    assert "example" not in shipped_names()
    assert read_mapping("fincen").name == "fincen"
    assert read_mapping(write(tmp_path, "own.toml", "\ufeff" + SMALL)).name == "own"
