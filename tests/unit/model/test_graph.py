"""The graph as it is shown: canonical order, and how sure its parts are."""

from __future__ import annotations

import itertools

import pytest

from graph_service.model.grades import parse_grade
from graph_service.model.graph import Entity, Link, LinkRef, Path, Subgraph
from graph_service.model.records import EntityRecord, LinkRecord, Provenance


def test_a_path_is_as_long_as_its_links() -> None:
    assert Path(("a",), (), 0.0).length == 0
    assert Path(("a", "b", "c"), ("x", "y"), 2.0).length == 2


def test_paths_come_by_cost_then_length_then_step_by_step() -> None:
    ordered = [
        Path(("a",), (), 0.0),
        Path(("a", "z"), ("x",), 1.0),
        Path(("a", "c", "z"), ("x", "y"), 1.0),
        Path(("a", "b", "z"), ("x", "y"), 2.0),
        Path(("a", "b", "z"), ("x", "z"), 2.0),
        Path(("a", "b", "z"), ("y", "a"), 2.0),
        Path(("a", "c", "z"), ("a", "a"), 2.0),
    ]
    for paths in itertools.permutations(ordered):
        assert sorted(paths, key=lambda path: path.sort_key) == ordered


def test_a_path_whose_parts_do_not_fit_has_no_order() -> None:
    with pytest.raises(ValueError, match="argument"):
        _ = Path(("a", "b"), (), 1.0).sort_key


def test_a_subgraph_is_sorted_and_without_doubles() -> None:
    entities = [Entity(i, "Subject", i) for i in "cabca"]
    links = [Link(i, "OWNS", "a", "b") for i in "yxy"]
    made = Subgraph.of(entities, links)
    assert [entity.id for entity in made.entities] == ["a", "b", "c"]
    assert [link.id for link in made.links] == ["x", "y"]
    assert made == Subgraph.of(reversed(entities), reversed(links))


def test_an_empty_subgraph() -> None:
    assert Subgraph.of([], []) == Subgraph()


def test_link_references_sort_by_id() -> None:
    refs = [LinkRef("b", "x", "y"), LinkRef("a", "y", "x", "event"), LinkRef("a", "x", "y", "event")]
    assert sorted(refs) == [refs[2], refs[1], refs[0]]


def graded(source: str, grade: str) -> Provenance:
    return Provenance(source, "", parse_grade(grade))


def test_two_sources_make_an_entity_surer_and_one_source_twice_does_not() -> None:
    records = [EntityRecord("e", "Subject", {}, graded(s, g)) for s, g in (("one", "B2"), ("two", "C3"), ("two", "C3"))]
    assert Entity("e", "Subject", "e", {}, tuple(records)).probability == 0.7696


def test_a_link_is_as_sure_as_its_records() -> None:
    records = [LinkRecord("l", "OWNS", "a", "b", {}, graded(s, g)) for s, g in (("one", "B2"), ("two", "C3"))]
    assert Link("l", "OWNS", "a", "b", records=tuple(records)).probability == 0.7696
    assert Link("l", "OWNS", "a", "b").probability == 0.0
