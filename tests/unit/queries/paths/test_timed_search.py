"""The enumeration of ways in time, over a corridor made by hand: order, what is refused, and when it stops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_service.model.answer import Limits
from graph_service.model.graph import LinkRef
from graph_service.network.budget import Budget
from queries.paths.rules import Rules
from queries.paths.terms import Terms
from queries.paths.timed_search import Hop, Option, TimedSearch, TimedWay


def hop(name: str) -> Hop:
    """The link ``ab`` leads from a to b."""
    return Hop(name[1], LinkRef(name, name[0], name[1]), 0, 0, None, 0)


@dataclass(frozen=True, slots=True)
class Handmade:
    """A corridor whose options are listed by entity, each with its cost and length to the end."""

    starts: tuple[str, ...]
    ends: frozenset[str]
    max_hops: int
    listed: Mapping[str, Sequence[tuple[str, int, int]]]

    def options(self, way: TimedWay) -> Iterator[Option]:
        """Those of the entity that a way has come to."""
        return (Option(cost, length, hop(name)) for name, cost, length in self.listed.get(way.here, ()))

    def entities(self) -> Iterator[str]:
        """Every entity that is left or reached."""
        yield from {end for options in self.listed.values() for name, _, _ in options for end in name[:2]}


def found(corridor: Handmade, limits: Limits | None = None, via: str = "") -> tuple[list[str], TimedSearch]:
    """The ways in order, each as its links."""
    rules = Rules.of(Terms(via=(via,) if via else ()), lambda _: frozenset())
    with Budget(limits or Limits()) as budget:
        search = TimedSearch(corridor, rules, lambda _way, each: each.link.id != "no", budget)
        ways = [" ".join(ref.id for ref in way.links) for way in search.ways()]
    return ways, search


DIAMOND = Handmade(
    ("s",),
    frozenset("t"),
    3,
    {"s": [("sa", 1, 2), ("sb", 1, 2), ("st", 2, 1)], "a": [("at", 1, 1)], "b": [("bt", 1, 1)]},
)


def test_ways_come_by_cost_then_length_then_step_by_step() -> None:
    assert found(DIAMOND)[0] == ["sa at", "sb bt", "st"]


def test_parallel_links_are_ways_of_their_own_in_order_of_their_ids() -> None:
    corridor = Handmade(("s",), frozenset("t"), 2, {"s": [("st", 1, 1), ("st2", 1, 1)]})
    assert found(corridor)[0] == ["st", "st2"]


def test_several_starts_come_in_order_of_their_ids() -> None:
    corridor = Handmade(("r", "s"), frozenset("t"), 2, {"r": [("rt", 1, 1)], "s": [("st", 1, 1)]})
    assert found(corridor)[0] == ["rt", "st"]


def test_no_entity_and_no_link_is_met_twice() -> None:
    corridor = Handmade(
        ("s",), frozenset("t"), 5, {"s": [("sa", 0, 2)], "a": [("ab", 0, 2), ("at", 0, 1)], "b": [("ba", 0, 2)]}
    )
    assert found(corridor)[0] == ["sa at"]


def test_a_way_may_come_back_to_where_it_began_where_that_is_an_end() -> None:
    corridor = Handmade(("s",), frozenset("s"), 3, {"s": [("sa", 0, 2)], "a": [("as", 0, 1), ("sa", 0, 1)]})
    assert found(corridor)[0] == ["sa as"]


def test_ways_longer_than_the_bound_are_not_opened() -> None:
    corridor = Handmade(("s",), frozenset("t"), 1, {"s": [("sa", 0, 2), ("st", 9, 1)], "a": [("at", 0, 1)]})
    assert found(corridor)[0] == ["st"]


def test_rules_of_the_whole_way_hold_and_what_nothing_meets_is_named() -> None:
    assert found(DIAMOND, via="b")[0] == ["sb bt"]
    ways, search = found(DIAMOND, via="z")
    assert (ways, search.unmet()) == ([], ("via z",))
    assert found(DIAMOND, via="b")[1].unmet() == ()


def test_it_stops_with_its_budget_and_says_so() -> None:
    ways, search = found(DIAMOND, Limits(links=3))
    assert ways == ["sa at"]
    assert search.stopped
    assert not found(DIAMOND)[1].stopped
