"""Mappings against the ontology and the header: every problem before a row is read."""

import pytest

from graph_service.errors import MappingError
from loaders.ftm_terms import EDGES, IN_CURRENCY, NEAREST, POINTERS, POINTERS_OF, RENAMED, RENAMED_OF
from loaders.mapping import SHIPPED
from loaders.mapping_check import check_mapping
from loaders.mapping_read import parse_mapping, read_mapping, shipped_names
from tests.unit.loaders.recorder import ONTOLOGY

GOOD = """
[file]
date_format = "%d/%m/%Y"
[entity.owner]
kind = { column = "type", table = { P = "Subject", C = "Company" } }
id = "x:{nr}"
properties.name = "name"
properties.birth_date = "born"
properties.phone = { column = "phone", country_column = "iso" }
[entity.firm]
kind = "Company"
id = "x:{firm}"
[link.owns]
kind = "OWNS"
source = "owner"
target = "firm"
properties.share = "share"
"""
COLUMNS = {"": ("nr", "type", "name", "born", "phone", "iso", "firm", "share")}


def problems(text: str, columns: dict[str, tuple[str, ...]] | None = None) -> str:
    with pytest.raises(MappingError) as error:
        check_mapping(parse_mapping(text, "mine"), ONTOLOGY, columns or COLUMNS)
    return str(error.value)


def test_a_good_mapping_passes() -> None:
    check_mapping(parse_mapping(GOOD, "mine"), ONTOLOGY, COLUMNS)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"Company" }', '"Compny" }', "mine.toml:5: entity.owner.kind: unknown entity kind 'Compny'; did you mean"),
        ('kind = "Company"', 'kind = "Widget"', "mine.toml:11: entity.firm.kind: unknown entity kind 'Widget'"),
        ('"OWNS"', '"OWN"', "link.owns.kind: unknown link kind 'OWN'; did you mean OWNS"),
        ("properties.name", "properties.nme", "Subject or Company has no property 'nme'; did you mean 'name'?"),
        ("properties.share", "properties.shre", "OWNS has no property 'shre'; did you mean 'share'?"),
        ('"share"', '"Share"', "link.owns.properties.share: the file has no column 'Share'; did you mean 'share'?"),
        ("{nr}", "{number}", "entity.owner.id: the file has no column 'number'"),
        ('source = "owner"', 'source = "ownr"', "there is no [entity.ownr] in this mapping; did you mean 'owner'?"),
        ('= "name"', '= { column = "name", format = "%Y" }', "a date format, but the property is of type name"),
        ('= "name"', '= { column = "name", country = "CO" }', "a country to read phone numbers, but the property is"),
        ('= "born"', '= { column = "born", format = "%Q" }', "not a date format: '%Q'"),
        ('"%d/%m/%Y"', '"%"', "file.date_format: not a date format"),
        ('= "share"', '= { constant = "half" }', "link.owns.properties.share: not a decimal number: 'half'"),
        ('= "share"', '= { column = "share", table = { a = "150" } }', "not a share from 0 to 100"),
        ('country_column = "iso"', 'country = "Atlantis"', "not an ISO 3166 country: 'Atlantis'"),
        ("[file]", '[file]\ncountry = "??"', "file.country: not an ISO 3166 country"),
        ("[entity.firm]", '[entity.firm]\ngrade = "Z9"', "entity.firm.grade: not a grade"),
        ("[entity.firm]", '[entity.firm]\nmarkings = ["a b"]', "entity.firm.markings: not a marking"),
        ("[entity.firm]", '[entity.firm]\nrows = "nodes"', "rows is for JSON documents"),
        ("[link.owns]", '[link.owns]\nfallback = "LINK"', "link.owns.fallback: unknown link kind 'LINK'"),
        ('{ column = "type", table = { P = "Subject", C = "Company" } }', '{ column = "type" }', "needs a table"),
        ('kind = "OWNS"\nsource = "owner"\ntarget = "firm"', 'kind = "FAMILY_OF"\nsource = "owner"\ntarget = "firm"',
         "FAMILY_OF goes from Subject to Subject, not from Subject or Company to Company"),
    ],
)  # fmt: skip
def test_each_problem_is_told(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    assert problem in problems(GOOD.replace(old, new, 1))


def test_a_fallback_or_a_possible_kind_makes_a_doubtful_link_pass() -> None:
    family = GOOD.replace("OWNS", "FAMILY_OF").replace('properties.share = "share"', "")
    check_mapping(parse_mapping(family + 'fallback = "LINKED_TO"', "mine"), ONTOLOGY, COLUMNS)
    employed = GOOD.replace("OWNS", "EMPLOYED_BY").replace('properties.share = "share"', "")
    check_mapping(parse_mapping(employed, "mine"), ONTOLOGY, COLUMNS)  # Subject or Company: left to each row


def test_ends_from_other_rows_are_refused() -> None:
    text = GOOD.replace("[file]", '[file]\nformat = "json"').replace("[entity.firm]", '[entity.firm]\nrows = "firms"')
    assert "entity 'firm' is made from other rows ('firms')" in problems(text)


@pytest.mark.parametrize("name", shipped_names())
def test_the_ready_mappings_fit_the_ontology(name: str) -> None:
    mapping = read_mapping(name)
    check_mapping(mapping, ONTOLOGY)
    assert mapping.title


def test_the_example_fits_the_file_it_describes() -> None:
    mapping = read_mapping(SHIPPED / "example.toml")
    described = next(line for line in mapping.text.splitlines() if line.startswith("#     customer_no,"))
    check_mapping(mapping, ONTOLOGY, {"": tuple(described.removeprefix("#     ").split(","))})


def test_the_followthemoney_terms_are_in_the_ontology() -> None:
    kinds, links = ONTOLOGY.entity_kinds, ONTOLOGY.link_kinds
    assert set(NEAREST.values()) <= set(kinds)
    assert {edge.kind for edge in EDGES.values()} <= set(links)
    pointed = [*POINTERS.values(), *(points for table in POINTERS_OF.values() for points in table.values())]
    assert {points.kind for points in pointed} <= set(links)
    assert set(POINTERS_OF) <= set(kinds)
    for kind, table in RENAMED_OF.items():
        known = kinds[kind].properties if kind in kinds else links[kind].properties
        assert set(table.values()) <= set(known), kind
    properties = {name for kind in kinds.values() for name in kind.properties}
    properties |= {name for link in links.values() for name in link.properties}
    assert set(RENAMED.values()) <= properties
    assert {name for name, _ in IN_CURRENCY.values()} == {"amount"}
    taken = {kind.ftm for kind in kinds.values()}
    assert not taken & set(NEAREST), "a schema with a kind of its own needs no nearest one"
    assert {link.ftm for link in links.values() if link.ftm} <= set(EDGES)
