"""Grades: three scales, their numbers, and what several records are worth together."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import InvalidValue
from graph_service.model.grades import (
    ALL_GRADES,
    CREDIBILITY,
    RELIABILITY,
    UNGRADED,
    Grade,
    combined_probability,
    parse_grade,
)

LETTERS = dict(zip("ABCDEF", (0.95, 0.80, 0.60, 0.35, 0.15, 0.50), strict=True))
DIGITS = dict(zip("123456", (0.95, 0.80, 0.60, 0.35, 0.10, 0.50), strict=True))


# The Admiralty scale


def test_the_numbers_are_those_of_the_convention() -> None:
    assert RELIABILITY == LETTERS
    assert CREDIBILITY == DIGITS


@pytest.mark.parametrize(
    ("text", "probability"), [("A1", 0.9025), ("B2", 0.64), ("C3", 0.36), ("F6", 0.25), ("E5", 0.015)]
)
def test_a_record_is_as_probable_as_its_source_times_its_content(text: str, probability: float) -> None:
    assert parse_grade(text).probability == pytest.approx(probability, abs=1e-12)


def test_every_grade_stands_at_the_place_of_its_code() -> None:
    assert len(ALL_GRADES) == 36
    assert [grade.code for grade in ALL_GRADES] == list(range(36))
    assert {str(grade) for grade in ALL_GRADES} == {a + b for a, b in itertools.product("ABCDEF", "123456")}


@pytest.mark.parametrize("grade", ALL_GRADES, ids=str)
def test_a_grade_survives_being_written(grade: Grade) -> None:
    assert parse_grade(str(grade)) == grade
    assert parse_grade(f"  {str(grade).lower()} ") == grade


@pytest.mark.parametrize(
    "parts", [("G", "1"), ("A", "0"), ("A", "7"), ("a", "1"), ("", "1"), ("A", ""), ("AA", "1"), ("1", "A")]
)
def test_what_is_not_on_the_scale_is_refused(parts: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue, match="not an Admiralty grade"):
        Grade(*parts)


# Reading


def test_no_text_is_ungraded() -> None:
    assert parse_grade("") == parse_grade("  ") == UNGRADED == Grade("F", "6")


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        *[(f"5x5x5:{letter}1", f"{house}1") for letter, house in zip("ABCDE", "ABCEF", strict=True)],
        *[(f"5x5x5:A{digit}", f"A{house}") for digit, house in zip("12345", "12365", strict=True)],
        *[(f"5x5x5:B2{handling}", "B2") for handling in "12345"],
        ("5X5X5:b23", "B2"),
        *[(f"3x5x2:{digit}A", f"{house}1") for digit, house in zip("123", "AFE", strict=True)],
        *[(f"3x5x2:1{letter}", f"A{house}") for letter, house in zip("ABCDE", "12365", strict=True)],
        ("3x5x2:2DP", "F6"),
        ("3x5x2:2dc", "F6"),
    ],
)
def test_the_other_scales_map_in(text: str, grade: str) -> None:
    assert str(parse_grade(text)) == grade


@pytest.mark.parametrize("unknown", ["F6", "5x5x5:E4", "3x5x2:2D"])
def test_cannot_be_judged_is_an_even_chance_on_every_scale(unknown: str) -> None:
    assert parse_grade(unknown).probability == 0.25


@pytest.mark.parametrize(
    "text",
    [
        *("B", "2", "2B", "B7", "B22", "G1", "ß2", "B²", "B-2", "B 2"),
        *("5x5x5:F1", "5x5x5:A6", "5x5x5:A", "5x5x5:A16", "5x5x5:A111", "5x5x5B2", "5x5x5:"),
        *("3x5x2:4A", "3x5x2:0A", "3x5x2:1F", "3x5x2:1", "3x5x2:1AX", "3x5x2:A1", "3x5x2:"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a"):
        parse_grade(text)


# At least this good


def test_a_minimum_asks_for_both_parts() -> None:
    assert parse_grade("A1").reaches(parse_grade("B2"))
    assert parse_grade("B2").reaches(parse_grade("B2"))
    assert not parse_grade("A3").reaches(parse_grade("B2"))
    assert not parse_grade("C1").reaches(parse_grade("B2"))


def test_the_unknown_stands_between_c_and_d_not_at_the_bottom() -> None:
    unknown = parse_grade("F6")
    assert unknown.reaches(parse_grade("D4"))
    assert unknown.reaches(parse_grade("E5"))
    assert not unknown.reaches(parse_grade("C3"))
    assert parse_grade("C3").reaches(unknown)
    assert not parse_grade("D4").reaches(unknown)


@pytest.mark.parametrize("least", ALL_GRADES, ids=str)
def test_reaching_follows_the_numbers(least: Grade) -> None:
    reached = {str(grade) for grade in ALL_GRADES if grade.reaches(least)}
    letters = {a for a in LETTERS if LETTERS[a] >= LETTERS[least.reliability]}
    digits = {b for b in DIGITS if DIGITS[b] >= DIGITS[least.credibility]}
    assert reached == {a + b for a, b in itertools.product(letters, digits)}


# Several records


def test_independent_origins_add_up() -> None:
    assert combined_probability([("one", 0.64), ("two", 0.36)]) == 0.7696


def test_one_origin_counts_by_its_best() -> None:
    assert combined_probability([("one", 0.36), ("one", 0.64), ("one", 0.36)]) == 0.64


def test_nothing_said_is_nothing_known() -> None:
    assert combined_probability([]) == 0.0


said = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([grade.probability for grade in ALL_GRADES])))


@given(said, st.data())
def test_the_order_of_records_does_not_matter(records: list[tuple[str, float]], data: st.DataObject) -> None:
    assert combined_probability(data.draw(st.permutations(records))) == combined_probability(records)


@given(said, st.tuples(st.sampled_from("abcde"), st.floats(0, 1)))
def test_one_more_record_never_lessens_it(records: list[tuple[str, float]], more: tuple[str, float]) -> None:
    before, after = combined_probability(records), combined_probability([*records, more])
    assert 0.0 <= before <= after <= 1.0
    assert after >= round(more[1], 6)


@given(said)
def test_it_is_the_chance_that_not_all_origins_are_wrong(records: list[tuple[str, float]]) -> None:
    best = {origin: max(p for o, p in records if o == origin) for origin, _ in records}
    wrong = math.prod(1 - p for p in best.values())
    assert combined_probability(records) == pytest.approx(1 - wrong, abs=1e-6)
