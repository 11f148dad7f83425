from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.text import shortened, text_size, visible, wrapped


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\u200b", "\u2028", "\x00", "\x1b", "\ufeff", "\ud800", "\U000e0041"]
)
def test_characters_that_act_on_their_surroundings_are_shown(character: str) -> None:
    assert visible(f"a{character}b") == f"a⟦U+{ord(character):04X}⟧b"


@pytest.mark.parametrize(
    "name", ["O'Brien", "محمد علي", "می\u200cخواهم", "👩\u200d👧", "Zoë\u0301", "山田 太郎", "<b>&amp;"]
)
def test_names_stay_as_they_are(name: str) -> None:
    assert visible(name) == name


@given(st.text())
def test_what_is_shown_can_be_written_and_is_shown_once(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    assert once.encode("utf-8").decode() == once


@given(st.text(max_size=400), st.integers(2, 30), st.integers(1, 4))
def test_lines_keep_their_bounds(text: str, length: int, lines: int) -> None:
    broken = wrapped(text, length, lines).split("\n")
    assert len(broken) <= lines
    assert all(len(line) <= length for line in broken)


def test_text_is_broken_at_spaces_and_cut_with_an_ellipsis() -> None:
    assert wrapped("Standard Chartered Bank", 12, 3) == "Standard\nChartered\nBank"
    assert wrapped("one two three four", 5, 2) == "one\ntwo…"
    assert wrapped("abcdefghij", 4, 3) == "abcd\nefgh\nij"
    assert wrapped("one two", 7, 1) == "one two"
    assert shortened("abcdef", 4) == "abc…"


def test_size_grows_with_the_text_and_the_lines() -> None:
    assert text_size("", 14) == (0.0, 0.0)
    assert text_size("mm", 14)[0] > text_size("ii", 14)[0]
    assert text_size("山", 14)[0] > text_size("a", 14)[0]
    assert text_size("a\nb", 10)[1] == 2 * text_size("a", 10)[1]
