"""Rows to records by a mapping: kinds, ids, values, conditions, validity, grades, and whole-row refusal."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from graph_service.model.grades import UNGRADED, Grade
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.model.time import Interval
from loaders.ids import link_id
from loaders.made import Defaults, Made
from loaders.mapping_check import check_mapping
from loaders.mapping_read import parse_mapping
from loaders.mapping_rows import Maker
from loaders.rejects import Reject
from loaders.source import Row
from tests.unit.loaders.recorder import ONTOLOGY

Cell = str | tuple[str, ...]
PERSON = """
[entity.a]
kind = "Subject"
id = "x:{nr}"
"""


def make(text: str, columns: str, *rows: Sequence[Cell], defaults: Defaults | None = None) -> list[Made | Reject]:
    """What a mapping makes of rows with these columns (parted by spaces)."""
    mapping = parse_mapping(text, "m")
    names = columns.split()
    check_mapping(mapping, ONTOLOGY, {"": names})
    maker = Maker(mapping, ONTOLOGY, defaults or Defaults("src", UNGRADED, frozenset()), names)
    return list(maker.make([Row(str(2 + at), tuple(row)) for at, row in enumerate(rows)], "f.csv"))


def one(text: str, columns: str, *cells: Cell) -> EntityRecord:
    """The one entity that a mapping makes of one row."""
    (made,) = make(text, columns, cells)
    assert isinstance(made, Made), made
    (record,) = made.entities
    return record


def refusal(text: str, columns: str, *cells: Cell) -> tuple[str, str, str]:
    """Column, value and reason of the refusal of one row."""
    (made,) = make(text, columns, cells)
    assert isinstance(made, Reject), made
    assert made.place == "2"
    assert made.fields == cells
    return made.column, made.value, made.reason


def test_a_record_says_where_it_comes_from() -> None:
    record = one(PERSON, "nr", "7")
    assert (record.entity_id, record.kind, record.properties) == ("x:7", "Subject", {})
    assert (record.said.source_id, record.said.row) == ("src", "f.csv:2")


@pytest.mark.parametrize(
    ("value", "cell", "expected"),
    [
        ('name = "v"', "  Ana  ", {"name": ("Ana",)}),
        ('name = "v"', "", {}),
        ('name = { column = "v", split = ";" }', "Ana; Bea;;Ana", {"name": ("Ana", "Bea")}),
        ('name = "v"', ("Ana", "Bea"), {"name": ("Ana", "Bea")}),
        ('name = ["v", { constant = "Bea" }]', "Ana", {"name": ("Ana", "Bea")}),
        ('name = { template = "Mr {v}" }', "Ruiz", {"name": ("Mr Ruiz",)}),
        ('name = { template = "Mr {v}" }', "", {}),
        ('gender = { column = "v", table = { M = "male", F = "female" } }', "m", {"gender": ("male",)}),
        ('gender = { column = "v", table = { M = "male" }, otherwise = "other" }', "X", {"gender": ("other",)}),
        ('gender = { column = "v", table = { M = "male", U = "" } }', "U", {}),
        ('name = { column = "v", table = { a = "Ana" }, keep = true }', "Bea", {"name": ("Bea",)}),
        ('birth_date = "v"', "1980-05", {"birth_date": ("1980-05",)}),
        ('birth_date = { column = "v", format = "%b %d, %Y" }', "Mar 25, 2015", {"birth_date": ("2015-03-25",)}),
        ('birth_date = { column = "v", format = ["%d/%m/%Y", "%Y"] }', "1980", {"birth_date": ("1980",)}),
        ('phone = { column = "v", country = "GB" }', "020 7946 0958", {"phone": ("+442079460958",)}),
        ('nationality = "v"', "COL", {"nationality": ("CO",)}),
        ('name = "v"', "=HYPERLINK()", {"name": ("=HYPERLINK()",)}),
        ('name = "v"', "<img onerror=x>", {"name": ("<img onerror=x>",)}),
    ],
)
def test_values(value: str, cell: Cell, expected: dict[str, tuple[str, ...]]) -> None:
    assert one(f"{PERSON}properties.{value}", "nr v", "7", cell).properties == expected


@pytest.mark.parametrize(
    ("value", "cell", "column", "reason"),
    [
        ('birth_date = "v"', "31/12/1980", "v", "day and month may be either way round"),
        ('birth_date = { column = "v", format = ["%Y", "%d.%m.%Y"] }', "x", "v", "not a date of the format '%Y' or"),
        ('gender = { column = "v", table = { M = "male" } }', "X", "v", "is not in the table of the mapping"),
        ('name = "v"', "a\x00b", "v", "NUL"),
        ('name = "v"', "x" * 70_000, "v", "longer than"),
        ('nationality = "v"', "Atlantis", "v", "not an ISO 3166 country"),
        ('phone = { column = "v", country_column = "nr" }', "1", "nr", "not an ISO 3166 country"),
    ],
)
def test_a_value_that_does_not_fit_refuses_the_row(value: str, cell: str, column: str, reason: str) -> None:
    where, what, why = refusal(f"{PERSON}properties.{value}", "nr v", "zz", cell)
    assert (where, what) == (column, cell if column == "v" else "zz")
    assert reason in why


def test_an_optional_value_is_refused_alone() -> None:
    text = PERSON + 'properties.birth_date = { column = "v", optional = true }\nproperties.name = "n"'
    (made,) = make(text, "nr v n", ("7", "soon", "Ana"))
    assert isinstance(made, Made)
    assert made.entities[0].properties == {"name": ("Ana",)}
    assert [(reject.column, reject.value) for reject in made.rejects] == [("v", "soon")]
    (other,) = make(text, "nr v n", ("8", "1980", "Bea"))
    assert isinstance(other, Made)
    assert other.rejects == ()


@pytest.mark.parametrize(
    ("template", "cell", "made"),
    [
        ("x:{nr}", " A  7 ", "x:A 7"),
        ("x:{nr|lower}", "AbC", "x:abc"),
        ("x:{nr|upper}", "AbC", "x:ABC"),
        ("x:{nr|slug}", "Société Générale", "x:societe-generale"),
        ("x:{nr}", "e\u0301", "x:é"),
        ("x:{{{nr}}}", "7", "x:{7}"),
    ],
)
def test_ids(template: str, cell: str, made: str) -> None:
    assert one(PERSON.replace("x:{nr}", template), "nr", cell).entity_id == made


def test_hashed_ids_are_the_same_for_the_same_text() -> None:
    text = PERSON.replace("{nr}", "{nr|hash}")
    assert one(text, "nr", "1 Main St").entity_id == one(text, "nr", "1  MAIN  ST.").entity_id


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("", "is empty, and an id needs it"), (("1", "2"), "holds several values"), ("a\x00", "control characters"),
     ("x" * 600, "longer than 512")],
)  # fmt: skip
def test_a_row_without_an_id_is_refused(cell: Cell, reason: str) -> None:
    (made,) = make(PERSON, "nr", (cell,))
    assert isinstance(made, Reject)
    assert reason in made.reason


@pytest.mark.parametrize(
    ("when", "cell", "holds"),
    [
        ('"v"', "x", True),
        ('"v"', " ", False),
        ('"v"', "N/A", False),
        ('{ column = "v", is = "x" }', "x", True),
        ('{ column = "v", is = ["x", "y"] }', "z", False),
        ('{ column = "v", is_not = "x" }', "x", False),
        ('{ column = "v", is_not = "x" }', "", True),
        ('{ column = "v", empty = true }', "", True),
        ('{ column = "v", empty = true }', "x", False),
        ('["v", { column = "nr", is = "8" }]', "x", False),
    ],
)
def test_conditions(when: str, cell: str, holds: bool) -> None:
    text = f'[file]\nnull = ["N/A"]\n{PERSON}when = {when}'
    (made,) = make(text, "nr v", ("7", cell))
    assert isinstance(made, Made) is holds
    if not holds:
        assert isinstance(made, Reject)
        assert "the row makes no record" in made.reason


KINDS = """
[entity.a]
kind = { column = "type", table = { P = "Subject", C = "Company" }%s }
id = "x:{nr}"
properties.birth_date = "born"
"""


def test_a_kind_by_a_column() -> None:
    assert one(KINDS % "", "nr type born", "7", "C", "").kind == "Company"
    assert one(KINDS % ', otherwise = "Party"', "nr type born", "7", "?", "").kind == "Party"
    assert one(KINDS % ', otherwise = "Party"', "nr type born", "7", "", "").kind == "Party"
    assert refusal(KINDS % "", "nr type born", "7", "?", "")[0] == "type"
    assert refusal(KINDS % "", "nr type born", "7", "", "")[2] == "column 'type' is empty, and the kind depends on it"
    assert refusal(KINDS % "", "nr type born", "7", "C", "1980")[2] == "Company has no property 'birth_date'"


def test_validity_grades_and_markings() -> None:
    text = """
    [records]
    grade = { column = "g" }
    markings = { column = "m", split = " " }
    [entity.a]
    kind = "Subject"
    id = "x:{nr}"
    valid_from = "f"
    valid_to = "t"
    """
    columns = "nr g m f t"
    record = one(text, columns, "7", "B2", "case:A TLP:RED", "2014", "2015-06-30")
    assert record.said.grade == Grade("B", "2")
    assert record.said.markings == {"case:A", "TLP:RED"}
    assert record.said.valid == Interval("2014", "2015-06-30")
    plain = one(text, columns, "7", "", "", "", "")
    assert (plain.said.grade, plain.said.markings, plain.said.valid) == (UNGRADED, frozenset(), Interval())
    assert refusal(text, columns, "7", "Z9", "", "", "")[:2] == ("g", "Z9")
    assert refusal(text, columns, "7", "", "a,b", "", "")[0] == "m"
    assert refusal(text, columns, "7", "", "", "2015", "2014")[2] == "the interval ends (2014) before it starts (2015)"
    loose = text.replace('valid_to = "t"', 'valid_to = { column = "t", optional = true }')
    (made,) = make(loose, columns, ("7", "", "", "2015", "2014"))
    assert isinstance(made, Made)
    assert made.entities[0].said.valid == Interval("2015", None)
    assert [reject.column for reject in made.rejects] == ["t"]


def test_what_the_load_says_holds_beside_what_the_row_says() -> None:
    text = PERSON + 'grade = { column = "g" }\nmarkings = ["case:A"]'
    defaults = Defaults("src", Grade("C", "3"), frozenset({"TLP:RED"}))
    own, usual = make(text, "nr g", ("7", "A1"), ("8", ""), defaults=defaults)
    assert isinstance(own, Made)
    assert isinstance(usual, Made)
    assert own.entities[0].said.grade == Grade("A", "1")
    assert usual.entities[0].said.grade == Grade("C", "3")
    assert own.entities[0].said.markings == {"case:A", "TLP:RED"}


LINKED = """
[entity.a]
kind = { column = "type", table = { P = "Subject", C = "Company" } }
id = "x:{a}"
[entity.b]
when = "b"
kind = { column = "btype", table = { P = "Subject", C = "Company" }, otherwise = "Company" }
id = "x:{b}"
[link.l]
kind = "EMPLOYED_BY"
source = "a"
target = "b"
valid_from = "f"
properties.role = "role"
"""


def link(text: str, *cells: str) -> LinkRecord:
    (made,) = make(text, "a type b btype f role", cells)
    assert isinstance(made, Made), made
    ((record,),) = made.links
    assert made.sure
    return record


def test_links() -> None:
    record = link(LINKED, "1", "P", "2", "", "2014", "clerk")
    assert record.link_id == link_id("EMPLOYED_BY", "x:1", "x:2", "2014", None)
    assert (record.source, record.target, record.properties) == ("x:1", "x:2", {"role": ("clerk",)})
    named = link(LINKED + 'id = "job:{a}:{b}"', "1", "P", "2", "", "", "")
    assert named.link_id == "job:1:2"


def test_a_link_whose_end_is_left_out_is_left_out() -> None:
    (made,) = make(LINKED, "a type b btype f role", ("1", "P", "", "", "", ""))
    assert isinstance(made, Made)
    assert made.links == ()


def test_a_link_that_the_ontology_does_not_allow_refuses_the_row_or_falls_back() -> None:
    cells = ("1", "C", "2", "", "", "x")
    assert refusal(LINKED, "a type b btype f role", *cells)[2] == (
        "the ontology does not allow EMPLOYED_BY from Company to Company"
    )
    record = link(LINKED + 'fallback = "LINKED_TO"', *cells)
    assert (record.kind, record.properties) == ("LINKED_TO", {"role": ("x",)})
    assert "has no property 'role'" in refusal(LINKED + 'fallback = "OWNS"', "a type b btype f role", *cells)[2]


def test_an_undirected_link_is_the_same_both_ways_round() -> None:
    text = LINKED.replace("EMPLOYED_BY", "LINKED_TO")
    one_way, other_way = link(text, "1", "P", "2", "P", "", ""), link(text, "2", "P", "1", "P", "", "")
    assert (one_way.link_id, one_way.source) == (other_way.link_id, other_way.source) == (one_way.link_id, "x:1")


def test_a_reference_makes_no_record_and_leaves_the_link_to_be_judged_later() -> None:
    text = """
    [entity.a]
    reference = true
    id = "x:{a}"
    [entity.b]
    reference = true
    kind = "Company"
    id = "x:{b}"
    [link.l]
    kind = "EMPLOYED_BY"
    fallback = "LINKED_TO"
    source = "a"
    target = "b"
    """
    (made,) = make(text, "a b", ("1", "2"))
    assert isinstance(made, Made)
    assert (made.entities, made.sure) == ((), False)
    assert [record.kind for record in made.links[0]] == ["EMPLOYED_BY", "LINKED_TO"]
