"""Grades: three scales, their numbers, and what several records are worth together."""

from __future__ import annotations

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
    Scale,
    combined_probability,
    parse_grade,
)

SCALES = {
    "": (
        dict(zip("ABCDEF", (0.95, 0.80, 0.60, 0.35, 0.15, 0.50), strict=True)),
        dict(zip("123456", (0.95, 0.80, 0.60, 0.35, 0.10, 0.50), strict=True)),
    ),
    "5x5x5:": (
        dict(zip("ABCDE", (0.95, 0.80, 0.60, 0.20, 0.50), strict=True)),
        dict(zip("12345", (0.95, 0.75, 0.65, 0.50, 0.05), strict=True)),
    ),
    "3x5x2:": (
        dict(zip("123", (0.90, 0.50, 0.15), strict=True)),
        dict(zip("ABCDE", (0.95, 0.75, 0.55, 0.50, 0.05), strict=True)),
    ),
}
"""The convention (typologies, 1.7), by how a grade of the scale begins: chances of sources, then of information."""
WRITTEN = {
    f"{prefix}{source}{content}": (right, true)
    for prefix, (sources, contents) in SCALES.items()
    for source, right in sources.items()
    for content, true in contents.items()
}
"""Every grade as it is written, with its two chances."""


# Three scales


def test_the_numbers_are_those_of_the_convention() -> None:
    for scale, (sources, contents) in zip(Scale, SCALES.values(), strict=True):
        assert (RELIABILITY[scale], CREDIBILITY[scale]) == (sources, contents)


@pytest.mark.parametrize(
    ("text", "probability"),
    [
        *[("A1", 0.9025), ("B2", 0.64), ("C3", 0.36), ("F6", 0.25), ("E5", 0.015)],
        *[("5x5x5:A1", 0.9025), ("5x5x5:B2", 0.6), ("5x5x5:D3", 0.13), ("5x5x5:C5", 0.03), ("5x5x5:E4", 0.25)],
        *[("3x5x2:1A", 0.855), ("3x5x2:1B", 0.675), ("3x5x2:2C", 0.275), ("3x5x2:3E", 0.0075), ("3x5x2:2D", 0.25)],
    ],
)
def test_a_record_is_as_probable_as_its_source_times_its_content(text: str, probability: float) -> None:
    assert parse_grade(text).probability == probability


@pytest.mark.parametrize("text", WRITTEN)
def test_a_grade_counts_by_the_numbers_of_its_own_scale(text: str) -> None:
    grade = parse_grade(text)
    assert (grade.source_chance, grade.content_chance) == WRITTEN[text]
    assert grade.probability == pytest.approx(math.prod(WRITTEN[text]), abs=1e-12)


def test_every_grade_stands_at_the_place_of_its_code() -> None:
    assert [grade.code for grade in ALL_GRADES] == list(range(36 + 25 + 15))
    assert [str(grade) for grade in ALL_GRADES] == list(WRITTEN)
    assert {text: parse_grade(text).code for text in ("A1", "B2", "F6")} == {"A1": 0, "B2": 7, "F6": 35}
    assert (parse_grade("5x5x5:A1").code, parse_grade("5x5x5:E5").code) == (36, 60)
    assert (parse_grade("3x5x2:1A").code, parse_grade("3x5x2:3E").code) == (61, 75)


@pytest.mark.parametrize("grade", ALL_GRADES, ids=str)
def test_a_grade_survives_being_written(grade: Grade) -> None:
    assert parse_grade(str(grade)) == grade
    assert parse_grade(f"  {str(grade).lower()} ") == grade


def test_the_same_marks_on_another_scale_are_another_grade() -> None:
    assert Grade("B", "2") != Grade("B", "2", Scale.FIVE)
    assert str(Grade("B", "2", Scale.FIVE)) == "5x5x5:B2"


@pytest.mark.parametrize(
    "parts",
    [
        *[("G", "1"), ("A", "0"), ("A", "7"), ("a", "1"), ("", "1"), ("A", ""), ("AA", "1"), ("1", "A")],
        *[("F", "1", Scale.FIVE), ("A", "6", Scale.FIVE), ("A", "1", Scale.THREE), ("4", "A", Scale.THREE)],
        *[("1", "F", Scale.THREE), ("1", "A", Scale.FIVE)],
    ],
)
def test_what_is_not_on_the_scale_is_refused(parts: tuple[str, str] | tuple[str, str, Scale]) -> None:
    with pytest.raises(InvalidValue, match=r"not a grade of the (Admiralty|5x5x5|3x5x2) scale"):
        Grade(*parts)


# Reading


def test_no_text_is_ungraded() -> None:
    assert parse_grade("") == parse_grade("  ") == UNGRADED == Grade("F", "6")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *[(f"5x5x5:B2{handling}", "5x5x5:B2") for handling in "12345"],
        *[(f"3x5x2:1A{handling}", "3x5x2:1A") for handling in "PC"],
        *[("5X5X5:b23", "5x5x5:B2"), ("3X5X2:2dp", "3x5x2:2D"), (" b2 ", "B2")],
    ],
)
def test_handling_codes_and_small_letters_make_no_other_grade(text: str, written: str) -> None:
    assert str(parse_grade(text)) == written


@pytest.mark.parametrize("unknown", ["F6", "5x5x5:E4", "3x5x2:2D"])
def test_cannot_be_judged_is_an_even_chance_on_every_scale(unknown: str) -> None:
    assert parse_grade(unknown).probability == 0.25


@pytest.mark.parametrize(
    "text",
    [
        *("B", "2", "2B", "B7", "B22", "G1", "ß2", "B²", "B-2", "B 2"),
        *("5x5x5:F1", "5x5x5:A6", "5x5x5:A", "5x5x5:A16", "5x5x5:A111", "5x5x5B2", "5x5x5:"),
        *("5x5x5:B٣", "3x5x2:١A", "B²2", "Admiralty:B2", "3x5x2:1ſ"),
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


def test_grades_of_two_scales_are_compared_by_their_chances() -> None:
    assert parse_grade("B2").reaches(parse_grade("5x5x5:B2"))
    assert not parse_grade("5x5x5:B2").reaches(parse_grade("B2"))  # information .75 against .80
    assert parse_grade("5x5x5:B1").reaches(parse_grade("B2"))
    assert not parse_grade("3x5x2:1A").reaches(parse_grade("A1"))  # source .90 against .95
    assert parse_grade("5x5x5:E4").reaches(parse_grade("F6"))
    assert parse_grade("F6").reaches(parse_grade("3x5x2:2D"))


@pytest.mark.parametrize("least", WRITTEN)
def test_reaching_follows_the_numbers(least: str) -> None:
    reached = {str(grade) for grade in ALL_GRADES if grade.reaches(parse_grade(least))}
    right, true = WRITTEN[least]
    assert reached == {text for text, chances in WRITTEN.items() if chances[0] >= right and chances[1] >= true}


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
