"""Our own records as JSON lines: every key, both rounds, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_service.model.grades import UNGRADED, Grade
from graph_service.model.time import Interval
from loaders.ids import link_id
from loaders.made import Defaults, Made
from loaders.records import RecordLines
from loaders.rejects import Reject
from loaders.source import inspect
from tests.unit.loaders.recorder import ONTOLOGY, write

FULL = {
    "type": "entity",
    "id": "p1",
    "kind": "Subject",
    "properties": {"name": ["Ana", " Ana ", "Bea"], "nationality": "COL", "notes": None, "birth_date": 1980},
    "grade": "B2",
    "markings": ["TLP:RED"],
    "valid_from": "2014-05",
    "valid_to": "2016",
    "_reject": {"reason": "an older one"},
}
LINK = {"type": "link", "kind": "DIRECTOR_OF", "source": "p1", "target": "o1"}


def read(folder: Path, *lines: object, links: bool = False) -> list[Made | Reject]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    source = inspect(write(folder, "r.jsonl", text + "\n"))
    return list(RecordLines(source, ONTOLOGY, Defaults("src", UNGRADED, frozenset({"org:X"}))).made(links=links))


def test_an_entity(tmp_path: Path) -> None:
    (made,) = read(tmp_path, FULL)
    assert isinstance(made, Made)
    (record,) = made.entities
    assert (record.entity_id, record.kind) == ("p1", "Subject")
    assert record.properties == {"name": ("Ana", "Bea"), "nationality": ("CO",), "birth_date": ("1980",)}
    assert (record.said.row, record.said.grade) == ("r.jsonl:1", Grade("B", "2"))
    assert record.said.markings == {"TLP:RED", "org:X"}
    assert record.said.valid == Interval("2014-05", "2016")
    assert read(tmp_path, FULL, links=True) == []


def test_a_link_with_an_id_and_without(tmp_path: Path) -> None:
    first, second = read(tmp_path, {**LINK, "id": "l1", "valid_from": "2014"}, LINK, links=True)
    assert isinstance(first, Made)
    assert isinstance(second, Made)
    assert first.links[0][0].link_id == "l1"
    assert second.links[0][0].link_id == link_id("DIRECTOR_OF", "p1", "o1", None, None)
    assert not first.sure
    assert read(tmp_path, LINK) == []


def test_every_line_is_read_in_one_of_the_rounds(tmp_path: Path) -> None:
    named = {"type": "entity", "id": "x", "kind": "Subject", "properties": {"name": '"link"'}}
    lines = [FULL, LINK, named, "nonsense", '{"type": "link"', '{"type": "lnk"}', '{"type": "\\u006cink"}', "{}"]
    both = [*read(tmp_path, *lines), *read(tmp_path, *lines, links=True)]
    places = [made.row.place if isinstance(made, Made) else made.place for made in both]
    assert sorted(places) == [str(number) for number in range(1, len(lines) + 1)]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"type": "node"}, "type", 'type is "entity" or "link"'),
        ({"kind": "Subjet"}, "kind", "did you mean Subject"),
        ({"kind": None}, "kind", "kind is missing"),
        ({"id": ""}, "id", "id is missing"),
        ({"id": ["a"]}, "id", "id is one text"),
        ({"id": " p"}, "id", "white space"),
        ({"propertys": {}}, "propertys", "no such key; did you mean 'properties'?"),
        ({"source": "a"}, "source", "no such key"),
        ({"properties": ["a"]}, "properties", "an object of values by name"),
        ({"properties": {"nme": "x"}}, "nme", "Subject has no property 'nme'; did you mean 'name'?"),
        ({"properties": {"name": {"first": "x"}}}, "name", "an object where a value was expected"),
        ({"properties": {"birth_date": "soon"}}, "birth_date", "not a date"),
        ({"grade": "Z9"}, "grade", "not a grade"),
        ({"markings": ["a b"]}, "markings", "not a marking"),
        ({"valid_from": "2017"}, "valid_to", "ends (2016) before it starts (2017)"),
        ({"valid_from": "x"}, "valid_from", "not a date"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, object], column: str, reason: str) -> None:
    (made,) = read(tmp_path, {**FULL, **change})
    assert isinstance(made, Reject)
    assert (made.file, made.place, made.column) == ("r.jsonl", "1", column)
    assert reason in made.reason
    assert json.loads(made.raw)["type"]


@pytest.mark.parametrize(
    ("change", "column"), [({"kind": "DIRECTS"}, "kind"), ({"target": None}, "target"), ({"properties": {"x": 1}}, "x")]
)
def test_links_that_are_refused(tmp_path: Path, change: dict[str, object], column: str) -> None:
    (made,) = read(tmp_path, {**LINK, **change}, links=True)
    assert isinstance(made, Reject)
    assert made.column == column


def test_an_undirected_link_stands_in_order(tmp_path: Path) -> None:
    one, other = (
        {"kind": "FAMILY_OF", "source": "b", "target": "a"},
        {"kind": "FAMILY_OF", "source": "a", "target": "b"},
    )
    first, second = read(tmp_path, LINK | one, LINK | other, links=True)
    assert isinstance(first, Made)
    assert isinstance(second, Made)
    assert first.links[0][0].link_id == second.links[0][0].link_id
    assert first.links[0][0].source == "a"
