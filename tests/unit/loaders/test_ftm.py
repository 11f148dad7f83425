"""FollowTheMoney entities: schemata to kinds, edges and pointers to links, values that do not fit refused alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_service.model.grades import UNGRADED
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.model.time import Interval
from loaders.ftm import FtmLines
from loaders.ids import link_id
from loaders.made import Defaults, Made
from loaders.rejects import Reject
from loaders.source import inspect
from tests.unit.loaders.recorder import ONTOLOGY, write


def thing(schema: str, **properties: object) -> dict[str, object]:
    return {"id": "x", "schema": schema, "properties": properties, "datasets": ["d"], "referents": []}


def read(folder: Path, *things: object, links: bool = False) -> list[Made | Reject]:
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in things)
    source = inspect(write(folder, "f.ijson", text + "\n"))
    return list(FtmLines(source, ONTOLOGY, Defaults("src", UNGRADED, frozenset())).made(links=links))


def entity(folder: Path, schema: str, **properties: object) -> tuple[EntityRecord, list[tuple[str, str, str]]]:
    """The record of one entity and the refused values: property, value, reason."""
    (made,) = read(folder, thing(schema, **properties))
    assert isinstance(made, Made), made
    (record,) = made.entities
    return record, [(reject.column, reject.value, reject.reason) for reject in made.rejects]


def links(folder: Path, schema: str, **properties: object) -> list[LinkRecord]:
    """The links of one entity, as they would be first tried."""
    return [
        draft[0]
        for made in read(folder, thing(schema, **properties), links=True)
        if isinstance(made, Made)
        for draft in made.links
    ]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [("Person", "Subject"), ("LegalEntity", "Party"), ("PublicBody", "PublicBody"), ("Payment", "MoneyTransfer"),
     ("Airplane", "Aircraft"), ("PlainText", "Document"), ("Workbook", "Folder"), ("Email", "EmailMessage")],
)  # fmt: skip
def test_schemata_are_kinds(tmp_path: Path, schema: str, kind: str) -> None:
    record, refused = entity(tmp_path, schema, name=["n"])
    assert (record.entity_id, record.kind, record.said.row, refused) == ("x", kind, "f.ijson:1", [])


@pytest.mark.parametrize(
    ("schema", "given", "expected"),
    [
        ("Person", {"birthDate": ["1980"], "nationality": ["co"]}, {"birth_date": ("1980",), "nationality": ("CO",)}),
        ("Person", {"secondName": ["A"], "idNumber": ["1"]}, {"middle_name": ("A",), "id_number": ("1",)}),
        ("Person", {"hairColor": ["grey"]}, {"notes": ("hairColor: grey",)}),
        ("Company", {"notes": ["n"], "bvdId": ["B1"]}, {"notes": ("n", "bvdId: B1")}),
        ("Company", {"address": ["1 Main St"]}, {"address_text": ("1 Main St",)}),
        ("Company", {"indexText": ["long"], "retrievedAt": ["2020"]}, {}),
        ("Payment", {"amountEur": ["100000"]}, {"amount": ("100000",), "currency": ("EUR",)}),
        ("Payment", {"amount": ["5"], "amountEur": ["4"]}, {"amount": ("5",), "notes": ("amountEur: 4",)}),
        ("Address", {"full": ["1 Main St"]}, {"full": ("1 Main St",)}),
        ("Vessel", {"type": ["tanker"]}, {"conveyance_type": ("tanker",)}),
        (
            "Sanction",
            {"authority": ["OFAC"], "startDate": ["2014"]},
            {"authority": ("OFAC",), "listing_date": ("2014",)},
        ),
    ],
)
def test_properties(
    tmp_path: Path, schema: str, given: dict[str, object], expected: dict[str, tuple[str, ...]]
) -> None:
    record, refused = entity(tmp_path, schema, **given)
    assert record.properties == expected
    assert refused == []


def test_a_value_that_does_not_fit_is_refused_alone(tmp_path: Path) -> None:
    (made,) = read(tmp_path, thing("Person", name=["Ana"], birthDate=["soon", "1980"]))
    assert isinstance(made, Made)
    assert made.entities[0].properties == {"name": ("Ana",), "birth_date": ("1980",)}
    (refused,) = made.rejects
    assert (refused.column, refused.value) == ("birthDate", "soon")
    assert json.loads(refused.raw) == {"id": "x", "schema": "Person", "properties": {"birthDate": ["soon"]}}


def test_an_edge_is_a_link(tmp_path: Path) -> None:
    given = {"owner": ["a"], "asset": ["b"], "percentage": ["25"], "startDate": ["2014"], "endDate": ["2015-06"]}
    assert read(tmp_path, thing("Ownership", **given)) == []
    (record,) = links(tmp_path, "Ownership", **given)
    assert (record.link_id, record.kind, record.source, record.target) == ("x", "OWNS", "a", "b")
    assert record.said.valid == Interval("2014", "2015-06")


def test_an_edge_of_several_ends_is_several_links(tmp_path: Path) -> None:
    found = links(tmp_path, "Directorship", director=["a", "b"], organization=["c"])
    assert [(record.link_id, record.source, record.target) for record in found] == [
        ("x/1", "a", "c"),
        ("x/2", "b", "c"),
    ]


def test_an_edge_keeps_a_second_choice_for_ends_that_do_not_allow_it(tmp_path: Path) -> None:
    (made,) = read(tmp_path, thing("Membership", member=["a"], organization=["b"], role=["chair"]), links=True)
    assert isinstance(made, Made)
    first, second = made.links[0]
    assert (first.kind, first.properties) == ("MEMBER_OF", {"role": ("chair",)})
    assert (second.kind, second.properties) == ("LINKED_TO", {"role": ("Membership", "role: chair")})


def test_an_edge_without_an_end_and_a_property_without_a_place_are_refused(tmp_path: Path) -> None:
    (made,) = read(tmp_path, thing("Ownership", owner=["a"], asset=[]), links=True)
    assert isinstance(made, Made)
    assert made.links == ()
    assert [(reject.column, reject.reason) for reject in made.rejects] == [
        ("asset", "Ownership has no asset, so it links nothing")
    ]
    (other,) = read(tmp_path, thing("Succession", predecessor=["a"], successor=["b"], summary=["s"]), links=True)
    assert isinstance(other, Made)
    assert len(other.links) == 1
    assert [reject.column for reject in other.rejects] == ["summary"]


@pytest.mark.parametrize(
    ("schema", "given", "expected"),
    [
        ("Person", {"addressEntity": ["y"]}, ("LOCATED_AT", "x", "y")),
        ("Company", {"parent": ["y"]}, ("SUBSIDIARY_OF", "x", "y")),
        ("Document", {"parent": ["y"]}, ("PART_OF", "x", "y")),
        ("Page", {"document": ["y"]}, ("PART_OF", "x", "y")),
        ("Payment", {"payer": ["y"]}, ("ORIGINATOR", "y", "x")),
        ("Payment", {"beneficiary": ["y"]}, ("BENEFICIARY", "x", "y")),
        ("Passport", {"holder": ["y"]}, ("HOLDS_DOCUMENT", "y", "x")),
        ("CryptoWallet", {"holder": ["y"]}, ("HAS_ACCOUNT", "y", "x")),
        ("Sanction", {"entity": ["y"]}, ("LISTED_AS", "y", "x")),
        ("Note", {"entity": ["y"]}, ("MENTIONS", "x", "y")),
        ("UserAccount", {"owner": ["y"]}, ("HAS_ONLINE_ACCOUNT", "y", "x")),
        ("Vessel", {"owner": ["y"]}, ("OWNS", "y", "x")),
        ("Email", {"emitters": ["y"]}, ("PREPARED", "y", "x")),
    ],
)
def test_a_property_that_names_an_entity_is_a_link(
    tmp_path: Path, schema: str, given: dict[str, object], expected: tuple[str, str, str]
) -> None:
    (record,) = links(tmp_path, schema, **given)
    assert (record.kind, record.source, record.target) == expected
    assert record.link_id == link_id(*expected, None, None)


def test_the_links_of_an_event_bear_its_date(tmp_path: Path) -> None:
    found = links(tmp_path, "Payment", payer=["a"], beneficiary=["b"], date=["2011-12-29"])
    assert {record.said.valid for record in found} == {Interval("2011-12-29", "2011-12-29")}


def test_a_validity_that_runs_backwards_is_left_open(tmp_path: Path) -> None:
    (made,) = read(tmp_path, thing("Trip", startDate=["2015"], endDate=["2014"]))
    assert isinstance(made, Made)
    assert made.entities[0].said.valid == Interval("2015", None)
    assert [reject.column for reject in made.rejects] == ["endDate"]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("nonsense", "", "not JSON"),
        ('{"id": "x"}', "schema", "has a schema"),
        ('{"id": "x", "schema": "Persn"}', "schema", "unknown schema; did you mean 'Person' or 'Pages'?"),
        ('{"id": "x", "schema": "Interest"}', "schema", "unknown schema"),
        ('{"schema": "Person"}', "id", "the id is empty"),
        ('{"id": 5, "schema": "Person", "properties": ["a"]}', "properties", "an object of lists"),
    ],
)
def test_what_is_no_entity_is_refused_once(tmp_path: Path, line: str, column: str, reason: str) -> None:
    (made,) = read(tmp_path, line)
    assert isinstance(made, Reject)
    assert made.column == column
    assert reason in made.reason
    assert read(tmp_path, line, links=True) == []
