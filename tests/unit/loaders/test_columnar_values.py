"""Values by the column against `normalise`, one by one."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import InvalidValue
from graph_service.model.values import MAX_LENGTH, normalise, value_types
from graph_service.store.rows import encode_properties
from loaders.columnar_values import (
    CANONICAL,
    Refusals,
    by_distinct,
    json_list_member,
    json_member,
    json_objects,
    normalised,
)

NUMBERLIKE = st.text(st.sampled_from("0123456789.-+eE, '"), min_size=1, max_size=9)
DATELIKE = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds")),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.from_regex(r"[012]\d{3}(-[0-3]\d){0,2}(T[0-2]\d:[0-6]\d(:[0-6]\d)?)?Z?", fullmatch=True),
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
ODD = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "a\x00b",
        " a",
        "a\n",
        "\x1fa",
        "é",
        "\u00a0x",
        "-0",
        "100",
        "0.10",
        "007",
        "true",
        "a" * (MAX_LENGTH + 1),
    ]
)
ANY = st.lists(st.one_of(st.none(), NUMBERLIKE, DATELIKE, WORDS, ODD), max_size=12)


def expected(type_name: str, text: str | None) -> tuple[str | None, str | None]:
    """The canonical text and the reason against it; neither for no value."""
    if text is None or not text.strip():
        return None, None
    try:
        return normalise(type_name, text), None
    except InvalidValue as error:
        return None, str(error)


@pytest.mark.parametrize("type_name", sorted(value_types()))
@settings(max_examples=25)
@given(texts=ANY)
def test_a_column_is_its_values(type_name: str, texts: list[str | None]) -> None:
    rows = np.arange(100, 100 + len(texts))
    refusals = Refusals(1_000)
    found = normalised(pa.array(texts, pa.string()), rows, "c", type_name, refusals)
    wanted = [expected(type_name, text) for text in texts]
    assert found.to_pylist() == [text for text, _ in wanted]
    assert refusals.reasons == {
        100 + place: ("c", texts[place], reason) for place, (_, reason) in enumerate(wanted) if reason is not None
    }


@pytest.mark.parametrize("type_name", sorted(CANONICAL))
@given(text=st.one_of(NUMBERLIKE, DATELIKE, WORDS, ODD))
def test_the_patterns_match_canonical_texts_only(type_name: str, text: str) -> None:
    values = pa.array([text], pa.string())
    if normalised(values, np.array([0]), "c", type_name, Refusals(1)) is values:
        assert normalise(type_name, text) == text


@given(
    st.lists(
        st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)), max_size=6
    )
)
def test_json_of_properties_is_that_of_single_records(texts: list[str | None]) -> None:
    lists = [None if text is None else [text, text, "x"] for text in texts]
    members = [
        json_member("a", pa.array(texts, pa.string())),
        json_list_member("b", pa.array(lists, pa.list_(pa.string()))),
    ]
    whole = json_objects(members, len(texts)).to_pylist()
    for text, written in zip(texts, whole, strict=True):
        kept = {} if text is None else {"a": (text,), "b": tuple(dict.fromkeys((text, "x")))}
        assert written == encode_properties(kept)
        assert json.loads(written) == {name: list(values) for name, values in kept.items()}


def test_objects_without_members() -> None:
    assert json_objects([], 2).to_pylist() == ["{}", "{}"]


def test_distinct_texts_are_converted_once() -> None:
    asked: list[str] = []

    def convert(text: str) -> int:
        asked.append(text)
        if text == "x":
            raise InvalidValue("no x")
        return len(text)

    codes, found = by_distinct(pa.array(["aa", "x", None, "aa"]), convert)
    assert asked == ["aa", "x", ""]
    assert [found[code] for code in codes[[0, 2, 3]]] == [2, 0, 2]
    assert isinstance(found[codes[1]], InvalidValue)


def test_the_first_fault_of_a_row_stands() -> None:
    refusals = Refusals(3)
    refusals.add(1, "a", "v", "first")
    refusals.add(1, "b", "w", "second")
    assert refusals.reasons == {1: ("a", "v", "first")}
    assert refusals.accepted().tolist() == [0, 2]
