"""What stands over single entities: ranks, intervals, who was taken out, and how each is read."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from queries.groups.joining import Between, BridgesResult
from queries.lookup.expand import ExpandResult, LeftOut
from queries.paths.connecting import ConnectingResult, Connector
from queries.paths.explain_path import ExplainPathResult, Rank
from queries.paths.extent import Onward
from queries.paths.in_common import CommonResult, Shared
from queries.paths.reach import Reached, ReachResult
from queries.players.degree import DegreeResult, Ranked
from queries.players.disruption import Curve, DisruptionResult
from queries.players.key_players import KeyPlayer, KeyPlayersResult, KeySet
from queries.players.rank_uncertainty import RankUncertaintyResult, Uncertain
from queries.players.removing import Point, TakeOver
from queries.players.scores import KeyMeasure
from queries.players.similar import Like, SimilarResult
from tests.unit.viz.test_walks import ONE, STRENGTH
from viz.marks import Marked, marks_of, open_ends

SET = KeySet(("a", "b"), 0.9, 0.1, exact=True, equals=1, single="a", single_score=0.5, considered=9)


def point(removed: str = "") -> Point:
    return Point(removed, 0.0, 3.0, 1.0, 0.5, None)


def marks(result: object, **parameters: object) -> dict[str, str]:
    return dict(marks_of(result, parameters).of)


def test_ranks_are_those_of_the_answer() -> None:
    result = DegreeResult((Ranked("a", 1_200, 3, {}), Ranked("b", 7, 2, {})))
    found = marks_of(result, {})
    assert found.of == {"a": "1 · 1,200 links", "b": "2 · 7 links"}
    assert found.key == "Over an entity: its rank, then its links."


def test_equals_share_a_rank() -> None:
    players = (KeyPlayer("a", 0.51234, 1, 1), KeyPlayer("b", 0.25, 2, 2), KeyPlayer("c", 0.25, 2, 2))
    found = marks_of(KeyPlayersResult(KeyMeasure.BETWEENNESS, players, None, 3, 0), {"measure": "betweenness"})
    assert found.of == {"a": "1 · 0.512", "b": "2 · 0.25", "c": "2 · 0.25"}
    assert found.key.endswith("its score by betweenness.")


def test_a_set_is_no_ranking() -> None:
    found = marks_of(KeyPlayersResult(KeyMeasure.BETWEENNESS, (), SET, 9, 0), {"measure": "kpp-neg"})
    assert found == Marked(
        {"a": "in the set", "b": "in the set"}, "Marked: the set that together scores the most by kpp-neg."
    )


def test_a_rank_that_is_sure_has_no_interval() -> None:
    ranks = (Uncertain("a", 1, 1, 1, 1, 1.0), Uncertain("b", 2, 3, 2, 40, 0.5))
    assert marks(RankUncertaintyResult(ranks, 10, 2, 0, 2, 2, 1, 1.0, 0.0)) == {"a": "1", "b": "3 · 2 to 40"}


def test_ranks_of_a_path_are_none_of_entities() -> None:
    assert marks_of(ExplainPathResult(ONE, (), STRENGTH, (Rank("links", 1, ()),)), {}) == Marked({}, "")


def test_who_is_taken_out_by_which_strategy_is_told() -> None:
    degree = Curve("degree", (point(), point("a"), point("b")), (TakeOver(2, "a", "c", 3), TakeOver(2, "b", "c", 1)))
    fragments = Curve("fragmentation", (point(), point("b")))
    drawn = Curve("random", (point(), point()), runs=20)
    both = DisruptionResult(9, 9, 9, 0, 9, (degree, fragments, drawn))
    assert marks(both) == {"a": "degree 1", "b": "degree 2 · fragmentation 1", "c": "heir by degree"}
    assert marks(DisruptionResult(9, 9, 9, 0, 9, (degree, drawn))) == {"a": "removed 1", "b": "removed 2", "c": "heir"}
    assert marks(DisruptionResult(9, 9, 9, 0, 9, (drawn,))) == {}


def test_who_is_alike_what_is_shared_and_who_joins() -> None:
    like = Like("b", 0.456, 1.0, 2, 4, joined=False, relation=None, gap=None, shared=())
    assert marks(SimilarResult((like,), 3, None, None, 9, 9, ())) == {"b": "1 · 0.46 alike"}
    assert marks(CommonResult((Shared("x", "Address", 2_000, 0.1, ()),), 1, (), None)) == {"x": "1 · of 2,000"}
    connectors = (Connector("m", 2), Connector("n", 1))
    assert marks(ConnectingResult((), (), (), 0, connectors, (), None)) == {"m": "on 2 ways", "n": "on 1 way"}
    between = BridgesResult(1, 1, 0, (), 1, (Between("m", 4, 2, 2, 9, ("a",), ("b",)),), (), None)
    assert marks(between) == {"m": "1 · joins 4"}


def test_the_day_of_arrival_is_told_where_time_was_asked_for() -> None:
    def reached(day: str | None) -> ReachResult:
        row = Reached("b", "Company", 1, 1.0, day, before="a", link="ab")
        return ReachResult(("a",), (row,), 1, (), {}, (), 0, None)

    assert marks(reached("2021-03-05")) == {"b": "2021-03-05"}
    assert marks_of(reached(None), {}) == Marked({}, "")


@dataclass(frozen=True)
class Broker:
    id: str
    across: int


@dataclass(frozen=True)
class Group:
    members: tuple[str, ...]
    brokers: tuple[Broker, ...] = ()


@dataclass(frozen=True)
class Groups:
    communities: tuple[Group, ...]


def test_a_broker_of_two_groups_is_told_for_both_and_plain_groups_have_no_key() -> None:
    result = Groups((Group(("a",), (Broker("a", 3),)), Group(("a",), (Broker("a", 1),))))
    assert marks(result) == {"a": "broker · 3 · broker · 1"}
    assert marks_of(Groups((Group(("a",)),)), {}) == Marked({}, "")


@pytest.mark.parametrize("result", [None, object(), DegreeResult(())])
def test_nothing_ranked_is_nothing_marked(result: object) -> None:
    assert marks_of(result, {"measure": "degree"}) == Marked({}, "")
    assert open_ends(result) == {}


def test_links_that_lead_on_are_summed_by_entity() -> None:
    left_out = (LeftOut("a", "OWNS", 3), LeftOut("a", "HAS_ACCOUNT", 2), LeftOut("b", "OWNS", 1))
    assert open_ends(ExpandResult("a", (("a",),), left_out)) == {"a": 5, "b": 1}
    reached = ReachResult(("a",), (), 0, (), {}, (Onward("c", 7),), 1, None)
    assert open_ends(reached) == {"c": 7}
