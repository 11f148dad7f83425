"""What an answer singles out: who is named, what is bold, and the layout that fits."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from graph_service.model.answer import Answer
from graph_service.model.graph import Path
from queries.groups.cliques import CliquesResult
from queries.groups.components import ComponentsResult
from queries.groups.joining import BridgesResult, Crosser, Cut, DirectTie
from queries.groups.listing import Group
from queries.paths.best_evidence import BestEvidenceResult
from queries.paths.connecting import ConnectingResult, Joined, Tree
from queries.paths.connecting import Group as Hanging
from queries.paths.cycles import Cycle, CyclesResult
from queries.paths.found import PathsResult
from queries.paths.independent_routes import IndependentRoutesResult, Route
from queries.paths.reach import ReachResult
from queries.players.key_players import KeyPlayer, KeyPlayersResult
from queries.players.scores import KeyMeasure
from tests.unit.viz.answers import answer, entity, link
from tests.unit.viz.test_walks import NOWHERE, ONE, STRENGTH
from viz.found import CLUSTERED, Found, found_in

LINKS = [link("ab", "a", "b"), link("bc", "b", "c"), link("ac", "a", "c"), link("bb", "b", "b")]


def asked(result: object, **parameters: object) -> Answer[Any]:
    return replace(answer([entity(one) for one in "abc"], LINKS, result), parameters=parameters)


def found(result: object, **parameters: object) -> Found:
    return found_in(asked(result, **parameters), {"a": "Ana", "b": "Bob", "c": "Cid"})


def cycle(*entities: str) -> Cycle:
    return Cycle(entities, tuple(f"{one}{other}" for one, other in itertools.pairwise(entities)))


@pytest.mark.parametrize(
    ("parameters", "tags"),
    [
        ({"source": "a", "target": "c"}, {"a": "from", "c": "to"}),
        ({"sources": ["a", "b"], "targets": ("c",), "source": ""}, {"a": "from", "b": "from", "c": "to"}),
        ({"source": "a", "target": "c", "via": ["b"]}, {"a": "from", "b": "via", "c": "to"}),
        ({"source": "a", "target": "nobody"}, {"a": "from", "c": "to"}),
        ({"source_kind": "Company", "target_kind": "Company"}, {"a": "from", "c": "to"}),
        ({"source": None, "target": 7}, {"a": "from", "c": "to"}),
    ],
)
def test_ends_are_those_named_or_those_of_the_ways(parameters: dict[str, object], tags: dict[str, str]) -> None:
    one = found(PathsResult((ONE,)), **parameters)
    assert one.tags == tags
    assert one.layout == "paths"


def test_sides_are_named_in_one_text_and_other_ids_keep_their_commas() -> None:
    result = BridgesResult(2, 1, 1, (), 0, (), (), None)
    assert found(result, left="a, b", right="c").tags == {"a": "left", "b": "left", "c": "right"}
    assert found(None, entity="a, b").tags == {}


def test_a_start_is_the_middle_of_rings() -> None:
    one = found(ReachResult(("a",), (), 0, (), {}, (), 0, None), source="a")
    assert (one.layout, one.centres, one.tags) == ("rings", ("a",), {"a": "start"})
    two = found(ReachResult(("a", "b"), (), 0, (), {}, (), 0, None), sources=["a", "b"])
    assert (two.layout, two.centres) == ("rings", ("a", "b"))
    assert found(PathsResult((NOWHERE,)), source="a", target="a").layout == "force"


def test_a_lone_cycle_is_a_circle_and_several_are_not() -> None:
    around = cycle("a", "b", "c", "a")
    assert found(CyclesResult((around,), 1)).layout == "circle"
    assert found(CyclesResult((around, replace(around, links=("x", "bc", "ca"))), 1)).layout == "circle"
    assert found(CyclesResult((around, cycle("a", "b", "a")), 1)).layout == "force"
    assert found(CyclesResult((around,), 1)).tags == {}


def test_groups_are_clusters_unless_they_share_somebody_or_are_too_many() -> None:
    apart = ComponentsResult((Group("a", 2, ("a", "b")), Group("c", 1, ("c",))), 2)
    assert found(apart).layout == "clusters"
    assert found(CliquesResult((("a", "b"), ("b", "c")), 2)).layout == "force"
    assert found(ComponentsResult((Group("a", 3, ("a", "b", "c")),), 1)).layout == "force"
    ids = [f"n{number}" for number in range(CLUSTERED + 1)]
    for drawn, layout in ((ids[1:], "clusters"), (ids, "force")):
        many = ComponentsResult(tuple(Group(one, 1, (one,)) for one in drawn), len(drawn))
        whole = answer([entity(one) for one in drawn], [], many)
        assert found_in(whole, {one: one for one in drawn}).layout == layout


def test_the_weakest_link_of_the_first_path_is_bold() -> None:
    result = BestEvidenceResult((ONE, Path(("a", "c"), ("ac",), 1.0)), (STRENGTH, replace(STRENGTH, weakest="ac")))
    one = found(result)
    assert (one.bold, one.why) == (frozenset({"bc"}), "")


def test_what_joins_several_is_bold_and_they_are_asked() -> None:
    tree = Tree(("a", "b", "c"), ("ab", "bc"), 2.0, 2.0)
    ways = (Joined("a", "c", ONE, hubs=False),)
    result = ConnectingResult(("a", "c"), (), ways, 1, (), (Hanging(("a", "c"), tree, None),), None)
    one = found(result, entities=["a", "c"])
    assert (one.bold, one.why) == (frozenset({"ab", "bc"}), "Bold: the smallest network found that joins them.")
    assert one.how_to_read == (one.why,)
    assert one.tags == {"a": "asked", "c": "asked"}
    assert one.layout == "force"


def test_all_or_nothing_is_not_bold() -> None:
    whole = Tree(("a", "b", "c"), ("ab", "bc", "ac"), 2.0, 2.0)
    result = ConnectingResult(("a", "c"), (), (), 0, (), (Hanging(("a", "c"), whole, None),), None)
    assert (found(result).bold, found(result).why) == (frozenset(), "")
    nothing = KeyPlayersResult(KeyMeasure.ARTICULATION, (), None, 3, 0, bridges=(("x", "y"),))
    assert (found(nothing).bold, found(nothing).why) == (frozenset(), "")


def test_bridges_of_the_network_are_bold() -> None:
    players = (KeyPlayer("b", 2.0, 1, 1), KeyPlayer("x", 1.0, 2, 1))
    one = found(KeyPlayersResult(KeyMeasure.ARTICULATION, players, None, 3, 0, bridges=(("b", "a"),)))
    assert one.bold == {"ab"}
    assert one.why == "Bold: ties without which the network falls apart."
    assert one.marks.of["b"] == "1 · 2"


def test_marks_of_nobody_who_is_drawn_need_no_key() -> None:
    one = found(KeyPlayersResult(KeyMeasure.ARTICULATION, (KeyPlayer("x", 1.0, 1, 1),), None, 3, 0))
    assert (one.marks.of, one.marks.key) == ({}, "")


def test_links_from_side_to_side_are_bold_and_the_cut_is_ringed() -> None:
    crossers = (Crosser("b", "left", 1, 1), Crosser("c", "right", 1, 1))
    result = BridgesResult(2, 1, 2, (DirectTie("a", "c", 1), DirectTie("b", "c", 1)), 0, (), crossers, Cut(1, ("c",)))
    one = found(result, left="a", right="c")
    assert one.bold == {"ac", "bc"}
    assert one.ringed == {"c"}
    assert one.in_row
    assert one.layout == "clusters"


@pytest.mark.parametrize(("share_no", "ringed"), [("entity", {"b"}), ("source", set()), ("link", set())])
def test_a_cut_of_entities_is_ringed(share_no: str, ringed: set[str]) -> None:
    result = IndependentRoutesResult((Route(ONE, ("b",)),), ("b",), proven=True)
    assert found(result, share_no=share_no).ringed == ringed
    assert found(replace(result, cut=None), share_no=share_no).ringed == set()
