"""Records: values that stay as they were said, in one order."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from graph_service.model.grades import UNGRADED, parse_grade
from graph_service.model.records import EntityRecord, LinkRecord, Provenance, Records, Source
from graph_service.model.time import Interval


def test_the_default_provenance_claims_nothing() -> None:
    said = Provenance("s")
    assert said.grade == UNGRADED
    assert said.markings == frozenset()
    assert said.valid == Interval()
    assert said.recorded_at is None
    assert said.retracted_at is None


def test_the_best_graded_comes_first_then_source_then_row() -> None:
    ordered = [
        Provenance("z", "9", parse_grade("A1")),
        Provenance("a", "1", parse_grade("B2")),
        Provenance("a", "2", parse_grade("B2")),
        Provenance("b", "1", parse_grade("B2")),
        Provenance("a", "1", parse_grade("C3")),
        Provenance("a", "1"),
        Provenance("a", "1", parse_grade("D4")),
    ]
    shuffled = [ordered[place] for place in (4, 6, 0, 3, 1, 5, 2)]
    assert sorted(shuffled, key=lambda said: said.sort_key) == ordered


def test_equally_probable_grades_tie() -> None:
    assert Provenance("a", "1", parse_grade("A2")).sort_key == Provenance("a", "1", parse_grade("B1")).sort_key


@pytest.mark.parametrize(
    "value",
    [
        Provenance("s"),
        EntityRecord("e", "Subject", {}, Provenance("s")),
        LinkRecord("l", "OWNS", "a", "b", {}, Provenance("s")),
        Records(),
        Source("s", "s.csv", "00"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_record_is_never_changed(value: Any) -> None:
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)


def test_records_are_equal_by_all_they_say() -> None:
    one = EntityRecord("e", "Subject", {"name": ("Ann",)}, Provenance("s", "1"))
    assert one == EntityRecord("e", "Subject", {"name": ("Ann",)}, Provenance("s", "1"))
    assert one != EntityRecord("e", "Subject", {"name": ("Ann",)}, Provenance("s", "2"))
    assert one != EntityRecord("e", "Subject", {"name": ("Anne",)}, Provenance("s", "1"))
