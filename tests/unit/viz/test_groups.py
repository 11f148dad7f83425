"""The groups that a result holds: their names, their members that are drawn, and whether they overlap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from queries.groups.cliques import CliquesResult
from queries.groups.components import ComponentsResult
from queries.groups.cores import CoresResult
from queries.groups.history import History, HistoryResult, Period, Standing
from queries.groups.joining import Between, BridgesResult, Crosser, DirectTie
from queries.groups.listing import Group
from tests.unit.viz.answers import answer, entity
from viz.groups import disjoint, entities_text, groups_of
from viz.walks import Part


def parts(result: object, *drawn: str, **parameters: object) -> list[tuple[str, str, tuple[str, ...]]]:
    asked = replace(answer([entity(one) for one in drawn], [], result), parameters=parameters)
    found = groups_of(asked, {one: one.upper() for one in drawn})
    return [(part.name, part.words, part.entities) for part in found]


def test_members_that_are_not_drawn_are_counted() -> None:
    result = ComponentsResult((Group("a", 40, ("a", "b")), Group("c", 1, ("c",)), Group("x", 2, ("x", "y"))), 3)
    assert parts(result, "a", "b", "c") == [
        ("Group 1", "2 of 40 entities", ("a", "b")),
        ("Group 2", "1 entity", ("c",)),
    ]


def test_groups_are_called_by_what_they_are() -> None:
    assert parts(CliquesResult((("a", "b"), ("b", "c")), 2), "a", "b", "c") == [
        ("Clique 1", "2 entities", ("a", "b")),
        ("Clique 2", "2 entities", ("b", "c")),
    ]
    cores = CoresResult(2, 3, (Group("a", 2, ("a", "b")),), 1, ())
    assert parts(cores, "a", "b") == [("Core 1", "2 entities", ("a", "b"))]
    assert parts(object(), "a") == []


@dataclass(frozen=True)
class National:
    country: str
    members: int


@dataclass(frozen=True)
class CrossBorder:
    size: int
    members: tuple[str, ...]
    countries: tuple[National, ...]
    brokers: tuple[Any, ...] = ()


@dataclass(frozen=True)
class CrossBorders:
    communities: tuple[CrossBorder, ...]


def test_groups_across_borders_name_their_countries() -> None:
    countries = tuple(National(code, 5 - at) for at, code in enumerate(("PA", "CY", "GB", "HK", "AE")))
    result = CrossBorders((CrossBorder(2, ("a", "b"), countries), CrossBorder(1, ("c",), countries[:1])))
    assert [words for _, words, _ in parts(result, "a", "b", "c")] == [
        "2 entities · PA 5 CY 4 GB 3 HK 2 …",
        "1 entity · PA 5",
    ]


def test_history_is_drawn_as_it_ends_under_lasting_names() -> None:
    def standing(window: int, *members: str) -> Standing:
        return Standing(window, len(members), members, None, None)

    periods = tuple(Period(f"202{year}-01-01", f"202{year}-12-31", 3, 3, 1, 0.5, None) for year in range(2))
    lasting = History(7, 3, (standing(0, "a", "b", "c"), standing(1, "a", "b")))
    ended = History(2, 2, (standing(0, "d", "e"),))
    result = HistoryResult(periods, (lasting, ended), (), 2, 0, 0, "leiden")
    assert parts(result, "a", "b", "c", "d", "e") == [("Group 7", "2 entities", ("a", "b"))]


BRIDGES = BridgesResult(
    left_size=9,
    right_size=2,
    ties=1,
    direct=(DirectTie("l1", "r1", 2),),
    intermediaries=1,
    between=(Between("m", 2, 2, 1, 5, ("l1", "l2"), ("r2",)),),
    crossers=(Crosser("l1", "left", 1, 2), Crosser("r1", "right", 1, 2)),
    cut=None,
)


def test_two_sides_stand_left_and_right_of_those_between() -> None:
    everybody = ("l1", "l2", "m", "r1", "r2")
    assert parts(BRIDGES, *everybody, left="l1, l9", right="r1") == [
        ("Left: L1 and 1 more", "2 of 9 entities", ("l1", "l2")),
        ("Between", "1 entity", ("m",)),
        ("Right: R1", "2 entities", ("r2", "r1")),
    ]
    nobody = replace(BRIDGES, between=(), intermediaries=0)
    assert [name for name, _, _ in parts(nobody, "l1", "r1", left="l1", right="r1")] == ["Left: L1", "Right: R1"]


def test_a_side_that_is_not_drawn_is_called_by_its_id_safely() -> None:
    (left, _, _) = parts(BRIDGES, "l1", "m", "r1", left="who\u202e<b>", right="r1")
    assert left[0] == "Left: who⟦U+202E⟧<b>"


@pytest.mark.parametrize(
    ("members", "apart"),
    [([], True), ([("a", "b"), ("c",)], True), ([("a", "b"), ("b", "c")], False), ([("a",), ("a",)], False)],
)
def test_groups_that_share_somebody_are_not_disjoint(members: list[tuple[str, ...]], apart: bool) -> None:
    assert disjoint([Part("Group", "", each) for each in members]) is apart


@pytest.mark.parametrize(
    ("drawn", "size", "words"), [(1, 1, "1 entity"), (3, 2, "3 entities"), (1_000, 2_000, "1,000 of 2,000 entities")]
)
def test_entities_are_counted_in_words(drawn: int, size: int, words: str) -> None:
    assert entities_text(drawn, size) == words
