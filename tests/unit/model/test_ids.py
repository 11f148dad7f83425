"""Which texts may be an id."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import InvalidValue
from graph_service.model.ids import COLLAPSED_ID, LONGEST_ID, check_id
from graph_service.network.view import collapsed_id

PLAIN = (
    "a",
    "fincen:bank:x",
    "O'Brien & Söhne",
    "名",
    "x" * LONGEST_ID,
    '<img src="x">',
    "a[1]",
    "a>b]",
    "[b>a",
    "x[y>z].",
)


@pytest.mark.parametrize("text", PLAIN)
def test_ids_are_kept_as_they_are(text: str) -> None:
    assert check_id(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        *[
            (text, "white space around it or control characters")
            for text in (" a", "a ", "a\nb", "a\x00b", "a\x7f", "a\u2028b")
        ],
        ("x" * (LONGEST_ID + 1), "longer than 512 characters"),
        *[(text, "ends like those of collapsed events") for text in ("x[y>z]", "[>]", "t-1[a[0]>b]]", "[a]b>c]")],
    ],
)
def test_what_is_no_id(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        check_id(text)


IDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(IDS, IDS, IDS)
def test_no_id_is_that_of_a_collapsed_event(event: str, source: str, target: str) -> None:
    made = collapsed_id(event, source, target)
    with pytest.raises(InvalidValue):
        check_id(made)
    assert pc.match_substring_regex(pa.array([made]), COLLAPSED_ID)[0].as_py()


@given(st.text("ab[>]\n", max_size=8))
def test_tables_are_searched_by_the_same_rule(text: str) -> None:
    by_definition = text.endswith("]") and any(">" in text[at:-1] for at, sign in enumerate(text) if sign == "[")
    assert pc.match_substring_regex(pa.array([text]), COLLAPSED_ID)[0].as_py() is by_definition
    if by_definition:
        with pytest.raises(InvalidValue):
            check_id(text)
