"""Scope: markings, who may see what, and that nobody is given more than they hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import InvalidScope, InvalidValue
from graph_service.model.grades import Grade
from graph_service.model.scope import (
    EVERYTHING,
    Caller,
    Events,
    Scope,
    check_marking,
    join_markings,
    split_markings,
)
from graph_service.model.time import Interval

markings = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=",|").filter(lambda c: not c.isspace()),
    min_size=1,
    max_size=100,
)
sets = st.frozensets(st.sampled_from("abcde"))


# Markings


@pytest.mark.parametrize("text", ["TLP:AMBER", "case:ALPHA", "org:BOGOTA", "Größe", "x" * 100, "a/b;c"])
def test_a_marking_is_taken_as_it_is(text: str) -> None:
    assert check_marking(text) == text


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "a\tb", "a\nb", "a,b", "a|b", "a\x00", "a\u00a0b", "a\u2003b", "x" * 101]
)
def test_a_marking_that_would_not_survive_a_list_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a marking"):
        check_marking(text)


def test_the_canonical_text_is_sorted_and_without_doubles() -> None:
    assert join_markings(["b", "a", "b"]) == "a b"
    assert join_markings([]) == ""
    assert split_markings("") == frozenset()


def test_one_bad_marking_spoils_the_text() -> None:
    with pytest.raises(InvalidValue):
        join_markings(["a", "b c"])


@given(st.frozensets(markings, max_size=5))
def test_markings_survive_being_joined(given_markings: frozenset[str]) -> None:
    text = join_markings(given_markings)
    assert split_markings(text) == given_markings
    assert join_markings(split_markings(text)) == text


@given(st.frozensets(markings, max_size=5), st.frozensets(markings, max_size=5))
def test_equal_texts_are_equal_sets(one: frozenset[str], other: frozenset[str]) -> None:
    assert (join_markings(one) == join_markings(other)) == (one == other)


# The rule of visibility


def test_a_person_needs_every_marking_of_a_record() -> None:
    asker = Scope(markings=frozenset({"a", "b"}))
    assert asker.may_see(frozenset())
    assert asker.may_see(frozenset({"a"}))
    assert asker.may_see(frozenset({"a", "b"}))
    assert not asker.may_see(frozenset({"a", "c"}))


def test_somebody_without_markings_sees_only_what_is_unmarked() -> None:
    nobody = Scope(markings=frozenset())
    assert nobody.may_see(frozenset())
    assert not nobody.may_see(frozenset({"a"}))


def test_none_means_all_markings() -> None:
    assert EVERYTHING.may_see(frozenset({"a", "b"}))


@given(st.none() | sets, st.none() | sets, sets)
def test_a_caller_never_widens_a_scope_nor_a_scope_a_caller(
    asked: frozenset[str] | None, held: frozenset[str] | None, record: frozenset[str]
) -> None:
    narrowed = Scope(markings=asked).for_caller(Caller("x", held))
    may = (asked is None or record <= asked) and (held is None or record <= held)
    assert narrowed.may_see(record) is may


@given(st.none() | sets, st.none() | sets)
def test_narrowing_twice_is_narrowing_once(asked: frozenset[str] | None, held: frozenset[str] | None) -> None:
    caller = Caller("x", held)
    once = Scope(markings=asked).for_caller(caller)
    assert once.for_caller(caller) == once


def test_narrowing_leaves_the_rest_of_the_scope_alone() -> None:
    asked = Scope(
        markings=frozenset({"a", "b"}),
        window=Interval("2014", "2015"),
        known_at=datetime(2024, 1, 1, tzinfo=UTC),
        entity_kinds=frozenset({"Subject"}),
        link_kinds=frozenset({"OWNS"}),
        min_grade=Grade("B", "2"),
        events=Events.COLLAPSED,
    )
    narrowed = asked.for_caller(Caller("x", frozenset({"b", "c"})))
    assert narrowed.markings == frozenset({"b"})
    for name in ("window", "known_at", "entity_kinds", "link_kinds", "min_grade", "events"):
        assert getattr(narrowed, name) == getattr(asked, name)


# What a scope is


def test_the_default_is_everything_as_it_is_now() -> None:
    assert Scope() == EVERYTHING
    assert EVERYTHING.events is Events.KEPT
    assert EVERYTHING.window == Interval()


def test_equal_scopes_find_the_same_view() -> None:
    one = Scope(frozenset({"a"}), Interval("2014"), datetime(2024, 1, 1, tzinfo=UTC), frozenset({"Subject"}))
    other = Scope(frozenset({"a"}), Interval("2014", ""), datetime(2024, 1, 1, tzinfo=UTC), frozenset({"Subject"}))
    assert {one: "view"}[other] == "view"


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(InvalidScope, match="time zone"):
        Scope(known_at=datetime(2024, 1, 1))  # noqa: DTZ001


def test_the_local_user_holds_all_markings() -> None:
    assert Caller().markings is None
