"""Answers: canonical, and equal whoever gave them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.answer import DEFAULT_LIMITS, Answer, Finding, Limits
from graph_service.model.graph import LinkRef, Subgraph
from graph_service.model.scope import EVERYTHING, Scope

refs = st.builds(LinkRef, st.sampled_from("xyz"), st.just("a"), st.just("b"))


@given(st.lists(st.sampled_from("abcd")), st.lists(refs))
def test_the_evidence_of_a_finding_is_sorted_and_without_doubles(entities: list[str], links: list[LinkRef]) -> None:
    finding = Finding.of("result", entities, links)
    assert finding.entities == tuple(sorted(set(entities)))
    assert finding.links == tuple(sorted(set(links)))
    assert finding == Finding.of("result", reversed(entities), reversed(links))


def test_links_for_events_sort_beside_the_others() -> None:
    mixed = [LinkRef("x", "a", "b"), LinkRef("w", "a", "b", "event"), LinkRef("v", "a", "b", "event")]
    assert [ref.id for ref in Finding.of(None, (), mixed).links] == ["v", "w", "x"]


def test_a_link_named_like_a_collapsed_event_does_not_break_the_order() -> None:
    alike = [LinkRef("t[a>b]", "a", "b", "t"), LinkRef("t[a>b]", "a", "b")]
    assert Finding.of(None, (), alike).links == tuple(alike[::-1])


def test_how_much_was_explored_takes_no_part_in_equality() -> None:
    assert Finding.of(1, explored=5) == Finding.of(1, explored=7)
    assert Finding.of(1, truncated=True) != Finding.of(1)
    assert Finding.of(1) != Finding.of(2)


def answer() -> Answer[int]:
    return Answer("degree", {"limit": 1}, EVERYTHING, 1, Subgraph(), False, 10, "memory", "embedded", 3)


@pytest.mark.parametrize("change", [{"explored": 1}, {"engine": "networkx"}, {"store": "neo4j"}, {"revision": 4}])
def test_who_answered_takes_no_part_in_equality(change: dict[str, Any]) -> None:
    assert replace(answer(), **change) == answer()


@pytest.mark.parametrize(
    "change",
    [
        {"question": "find"},
        {"parameters": {"limit": 2}},
        {"scope": Scope(markings=frozenset())},
        {"result": 2},
        {"subgraph": Subgraph(entities=(), links=()), "truncated": True},
    ],
)
def test_what_was_asked_and_answered_does(change: dict[str, Any]) -> None:
    assert replace(answer(), **change) != answer()


def test_the_default_limits_bound_every_side() -> None:
    assert Limits() == DEFAULT_LIMITS
    assert DEFAULT_LIMITS.links > 0
    assert DEFAULT_LIMITS.seconds > 0
