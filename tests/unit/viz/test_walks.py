"""The ways that a result holds: which there are, how they are called, and that each is told once."""

from __future__ import annotations

import pytest

from graph_service.model.graph import Path
from queries.paths.best_evidence import BestEvidenceResult, Strength
from queries.paths.connecting import ConnectingResult, Group, Joined
from queries.paths.cycles import Cycle, CyclesResult
from queries.paths.explain_path import ExplainPathResult, Rank
from queries.paths.found import PathsResult
from queries.paths.independent_routes import IndependentRoutesResult, Route
from queries.paths.time_ordered import Schedule, TimeOrderedResult
from viz.walks import links_text, walks_of

ONE = Path(("a", "b", "c"), ("ab", "bc"), 2.0)
OTHER = Path(("a", "c"), ("ac",), 1.0)
NOWHERE = Path(("a",), (), 0.0)
STRENGTH = Strength(0.25, "bc", 0.5, 1, 0.75, 0.375)


def told(result: object, **captions: str) -> list[tuple[str, str]]:
    return [(walk.name, walk.words) for walk in walks_of(result, captions)]


def test_paths_are_numbered_with_their_links() -> None:
    walks = walks_of(PathsResult((ONE, OTHER)), {})
    assert [(walk.name, walk.words) for walk in walks] == [("Path 1", "2 links"), ("Path 2", "1 link")]
    assert (walks[0].entities, walks[0].links) == (ONE.entities, ONE.links)


def test_a_path_without_links_is_no_way() -> None:
    assert told(PathsResult((NOWHERE,))) == []
    assert told(PathsResult(())) == []
    assert told(object()) == []
    assert told(None) == []


def test_paths_say_how_likely_they_are_or_when_they_run() -> None:
    likely = BestEvidenceResult((ONE, OTHER), (STRENGTH, STRENGTH))
    assert told(likely)[0] == ("Path 1", "2 links · holds with 0.25")
    timed = TimeOrderedResult(
        (ONE, OTHER), (Schedule("2021-03-01", "2021-03-11", 10, 4), Schedule("2021-03-01", "2021-03-02", 1, 0)), 0
    )
    at_once = TimeOrderedResult((OTHER,), (Schedule("2021-03-01", "2021-03-01", 0, 0),), 0)
    assert told(at_once) == [("Path 1", "1 link · on 2021-03-01")]
    assert told(timed) == [
        ("Path 1", "2 links · 2021-03-01 to 2021-03-11, 10 days"),
        ("Path 2", "1 link · 2021-03-01 to 2021-03-02, 1 day"),
    ]


def test_an_explained_path_comes_before_the_better_ones_and_each_is_told_once() -> None:
    result = ExplainPathResult(ONE, (), STRENGTH, (Rank("links", 2, (OTHER,)), Rank("evidence", 3, (OTHER, ONE))))
    assert told(result) == [("The path", "2 links · holds with 0.25"), ("Better 1", "1 link · by length")]


def test_routes_say_what_they_stand_on_by_name() -> None:
    result = IndependentRoutesResult((Route(ONE, ("s:1", "b")), Route(OTHER, ())), None, proven=True)
    assert told(result, b="Bob \u202eStone") == [
        ("Route 1", "2 links · stands on s:1, Bob ⟦U+202E⟧Stone"),
        ("Route 2", "1 link"),
    ]
    many = IndependentRoutesResult((Route(ONE, tuple(f"s:{number}" for number in range(6))),), None, proven=True)
    assert told(many) == [("Route 1", "2 links · stands on s:0, s:1, s:2 and 3 more")]


def test_cycles_say_how_long_they_took_and_what_came_back() -> None:
    plain = Cycle(("a", "b", "a"), ("ab", "ba"))
    timed = Cycle(("a", "c", "a"), ("ac", "ca"), "2021-03-01", "2021-03-31", 30, 0.875)
    walks = walks_of(CyclesResult((plain, timed), 1), {})
    assert [(walk.name, walk.words) for walk in walks] == [
        ("Cycle 1", "2 links"),
        ("Cycle 2", "2 links · 2021-03-01 to 2021-03-31, 30 days · 88% comes back"),
    ]
    assert walks[0].entities == ("a", "b", "a")


def test_ways_between_several_say_where_a_hub_was_passed() -> None:
    group = Group(("a", "c"), None, None)
    joined = (Joined("a", "c", OTHER, hubs=False), Joined("a", "c", ONE, hubs=True))
    result = ConnectingResult(("a", "c"), ((0, 1), (1, 0)), joined, 2, (), (group,), None)
    assert told(result) == [("Way 1", "1 link"), ("Way 2", "2 links · through a hub")]


@pytest.mark.parametrize(("count", "words"), [(0, "0 links"), (1, "1 link"), (1234, "1,234 links")])
def test_links_are_counted_in_words(count: int, words: str) -> None:
    assert links_text(count) == words
