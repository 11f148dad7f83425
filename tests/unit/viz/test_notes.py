"""What stands beside a chart: limits, hubs, why nothing was found, and what a claim hangs on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from queries.groups.cores import CoresResult
from queries.groups.history import HistoryResult, Period
from queries.groups.joining import BridgesResult, Cut
from queries.lookup.expand import ExpandResult, LeftOut
from queries.paths.best_evidence import BestEvidenceResult
from queries.paths.connecting import ConnectingResult, Group
from queries.paths.cycles import CyclesResult
from queries.paths.found import PathsResult, Proof, Tamed
from queries.paths.independent_routes import IndependentRoutesResult, Route
from queries.paths.reach import Reached, ReachResult
from queries.paths.time_ordered import TimeOrderedResult
from queries.players.disruption import Curve, DisruptionResult
from queries.players.key_players import KeyPlayersResult
from queries.players.rank_uncertainty import RankUncertaintyResult
from queries.players.scores import KeyMeasure
from queries.players.similar import SimilarResult
from tests.unit.viz.answers import answer, entity
from tests.unit.viz.test_walks import ONE, STRENGTH
from viz.notes import notes_of

CAPTIONS = {"a": "Ana", "b": "Bob \u202e", "c": "Cid", "d": "Dan"}


def notes(result: object, **parameters: object) -> list[str]:
    return list(notes_of(replace(answer([entity("a")], [], result), parameters=parameters), CAPTIONS))


def test_a_whole_answer_with_nothing_to_say_has_no_notes() -> None:
    assert notes(PathsResult((ONE,))) == []
    assert notes(object()) == []
    assert notes(None) == []


def test_what_was_cut_and_that_nothing_is_there() -> None:
    asked = replace(answer([], [], PathsResult(())), truncated=True)
    assert [note.split(":")[0] for note in notes_of(asked, {})] == ["Truncated", "Nothing to draw"]


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (Proof("exhausted", 8), "everything that can be reached was looked at, and there is none of any length"),
        (Proof("bound", 4, 5), "No path of at most 4 links; the shortest has 5 links."),
        (Proof("bound", 4), "No path of at most 4 links; there may be longer ones."),
        (Proof("budget", 8), "No path was found before the work limit was met; there may be one."),
        (
            Proof("conditions", 6, None, ("via b\u202e", "amount_from")),
            "there are ways of at most 6 links, but none fulfils: via b⟦U+202E⟧, amount_from.",
        ),
        (Proof("conditions", 6), "but none fulfils all conditions, though each can be met alone."),
    ],
)
def test_why_there_is_no_path(proof: Proof, words: str) -> None:
    (note,) = notes(PathsResult((), proof))
    assert words in note
    assert note.startswith("No path")


def test_no_cycle_is_called_so() -> None:
    (note,) = notes(CyclesResult((), 1, Proof("exhausted", 6)))
    assert note.startswith("No cycle: everything")


def test_hubs_are_named_by_caption_and_the_rest_counted() -> None:
    (held,) = notes(PathsResult((ONE,), None, Tamed(("a", "b", "c", "d"), 9, passed=False)))
    assert held.startswith("9 hubs (Ana, Bob ⟦U+202E⟧, Cid and 6 more) held back")
    (passed,) = notes(PathsResult((ONE,), None, Tamed(("x",), 1, passed=True)))
    assert passed == "No way leads around the 1 hub (x), so ways were let through."


def test_the_weakest_link_is_told_with_what_would_help() -> None:
    (note,) = notes(BestEvidenceResult((ONE, ONE), (STRENGTH, replace(STRENGTH, probability=0.01))))
    assert note == (
        "The first path holds with 0.25; its weakest link, drawn bold, with 0.50 by 1 source:"
        " one more source of grade B2 for it would make 0.38."
    )


@pytest.mark.parametrize(
    ("cut", "share_no", "words"),
    [
        (("a", "b"), "entity", "Every way breaks without 2 entities: Ana, Bob ⟦U+202E⟧."),
        (("s:1",), "source", "Every way breaks without 1 source: s:1."),
        (("l1", "l2"), "link", "Every way breaks without 2 links."),
        (None, "entity", "No 4 entities break every way."),
        (None, "source", "No 4 sources break every way."),
    ],
)
def test_the_cut_is_told_by_what_it_is_of(cut: tuple[str, ...] | None, share_no: str, words: str) -> None:
    result = IndependentRoutesResult((Route(ONE, ("a",)),), cut, proven=True)
    assert notes(result, share_no=share_no, cut_most=4) == [words]


def test_no_one_alone_breaks_every_way() -> None:
    result = IndependentRoutesResult((Route(ONE, ("a",)),), None, proven=True)
    assert notes(result, share_no="entity", cut_most=1) == ["No entity alone breaks every way."]
    assert notes(replace(result, routes=()), share_no="entity", cut_most=1) == []


def test_undated_links_take_part_or_not() -> None:
    assert notes(TimeOrderedResult((), (), 12)) == ["12 undated links take no part."]
    period = Period("2021-01-01", "2021-12-31", 3, 3, 1, 0.5, None)
    assert notes(HistoryResult((period,), (), (), 0, 12, 0, "leiden")) == [
        "12 links without a date are in every window.",
        "Outlined: the groups of the last window, 2021-01-01 to 2021-12-31.",
    ]


def test_those_whom_no_way_joins_are_told_apart() -> None:
    groups = (Group(("a", "b"), None, None), Group(("c",), None, None))
    result = ConnectingResult(("a", "b", "c"), (), (), 0, (), groups, None)
    assert notes(result) == ["They fall into 2 groups that no way joins: Ana, Bob ⟦U+202E⟧; Cid."]
    assert notes(replace(result, groups=groups[:1])) == []


def test_links_that_were_not_followed() -> None:
    left_out = (LeftOut("a", "OWNS", 3), LeftOut("a", "FILED", 2))
    assert notes(ExpandResult("a", (("a",),), left_out)) == ["5 links of 1 entities were not followed (marked +)."]
    reached = (Reached("b", "Company", 1, 1.0, None, before="a", link="ab"),)
    assert notes(ReachResult(("a",), reached, 70, (), {}, (), 4, None)) == [
        "70 entities are reached; the 1 nearest are drawn.",
        "From 4 of the entities reached links lead on (marked +).",
    ]


def test_what_two_sides_hang_on() -> None:
    result = BridgesResult(3, 3, 2, (), 0, (), (), Cut(2, ("a", "b")))
    assert notes(result) == ["All of it hangs on 2 entities, ringed in the chart."]
    apart = BridgesResult(3, 3, 0, (), 0, (), (), Cut(0, ()))
    assert notes(apart) == ["Nothing joins the two sides, neither a link nor an entity that both are linked to."]
    unknown = BridgesResult(0, 0, 0, (), 0, (), (), None)
    assert notes(unknown) == []


def test_how_deep_the_core_is() -> None:
    assert notes(CoresResult(2, 5, (), 0, ())) == ["Drawn: the core at 2; the deepest that anybody is in is 5."]


def test_rankings_say_whom_they_leave_out_and_how_sure_they_are() -> None:
    ranked = KeyPlayersResult(KeyMeasure.BETWEENNESS, (), None, 9, 1, samples=1_500, error=0.0123)
    assert notes(ranked) == [
        "1 victim is in this network, who are never ranked.",
        "Scores are estimated from 1,500 samples: each is within 0.0123 of the truth at 95 %.",
    ]
    drawn = RankUncertaintyResult((), 1_000, 9, 2, 9, 9, 8, 7.5, 1.0)
    assert notes(drawn) == [
        "2 victims are in this network, who are never ranked.",
        "Ranks are those in 1,000 plausible networks around the one reported.",
    ]
    (note,) = notes(DisruptionResult(9, 9, 9, 0, 9, (Curve("degree", ()),)))
    assert note.startswith("A what-if on incomplete data")


def test_nobody_alike_and_hubs_that_were_not_followed() -> None:
    assert notes(SimilarResult((), 3, None, None, 9, 7, ("a", "b"))) == [
        "Nobody alike among the 7 compared.",
        "2 of its neighbours have too many links to be followed.",
    ]


@dataclass(frozen=True)
class Named:
    """A result with attributes of a question to come."""

    proof: None = None
    tamed: None = None
    strengths: tuple[()] = ()
    total: int = 3


def test_attributes_without_a_value_say_nothing() -> None:
    assert notes(Named()) == []
