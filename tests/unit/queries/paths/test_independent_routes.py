"""Routes with nothing in common and the least cut, against every set of ways and of losses of small worlds."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from graph_service.errors import InvalidParameter
from graph_service.model.graph import Path
from graph_service.model.records import LinkRecord
from graph_service.network.view import View
from queries.paths.terms import Ends
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import ask, both
from tests.unit.queries.paths.ways import World, simple_ways

SOURCES = ("wire", "informant", "register")


def world(dice: random.Random) -> tuple[World, dict[str, set[str]]]:
    """A world of up to seven entities whose links are said by one source or two, and who says what."""
    ids = [f"e{number}" for number in range(dice.randint(2, 7))]
    records: list[LinkRecord] = []
    said_by: dict[str, set[str]] = {}
    for number in range(dice.randint(1, 10)):
        source, target = dice.choice(ids), dice.choice(ids)
        for by in dice.sample(SOURCES, dice.choice([1, 1, 2])):
            records.append(link(f"l{number}", source, target, "ASSOCIATE_OF", said(by)))
            said_by.setdefault(f"l{number}", set()).add(by)
    once = tuple({record.link_id: record for record in records}.values())
    ledger = Ledger().put([entity(one) for one in ids], records)
    return World(ledger, dict.fromkeys(ids, "Subject"), {}, {}, {}, once), said_by


def parts_of(path: Path, share_no: str, said_by: dict[str, set[str]]) -> list[frozenset[str]]:
    """Every choice of what a way may stand on."""
    if share_no == "entity":
        return [frozenset(path.entities[1:-1])]
    if share_no == "link":
        return [frozenset(path.links)]
    return [frozenset(choice) for choice in itertools.product(*(sorted(said_by[one]) for one in path.links))]


def most_apart(ways: list[Path], share_no: str, said_by: dict[str, set[str]], most: int) -> tuple[int, float]:
    """The most tellings of ways, up to a number, that have nothing in common, and the least their lengths come to."""
    tellings = [(path.cost, parts) for path in ways for parts in set(parts_of(path, share_no, said_by))]
    for many in range(most, 0, -1):
        costs = [
            sum(cost for cost, _ in chosen)
            for chosen in itertools.combinations(tellings, many)
            if not any(one & other for (_, one), (_, other) in itertools.combinations(chosen, 2))
        ]
        if costs:
            return many, min(costs)
    return 0, 0.0


def smallest_cut(ways: list[Path], share_no: str, said_by: dict[str, set[str]], most: int) -> tuple[str, ...] | None:
    """The first least set whose loss leaves none of the ways."""
    everything = sorted({part for path in ways for parts in parts_of(path, share_no, said_by) for part in parts})
    for size in range(most + 1):
        for lost in itertools.combinations(everything, size):
            if not any(any(not parts & set(lost) for parts in parts_of(path, share_no, said_by)) for path in ways):
                return lost
    return None


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share_no", ["source", "entity", "link"])
def test_they_are_the_most_that_can_be_told_apart_and_the_cut_is_the_least(share_no: str, seed: int) -> None:
    dice = random.Random(f"{share_no} {seed}")
    several = 0
    for _ in range(40):
        made, said_by = world(dice)
        source, target = dice.sample(sorted(made.kinds), 2)
        most = dice.randint(1, 3)
        given: dict[str, Any] = {"source": source, "target": target, "max_hops": dice.randint(2, 5), "limit": most}
        ways = list(simple_ways(made, source, target, Ends(**given)))
        found = both("independent-routes", made.view, share_no=share_no, **given).result
        assert found.proven
        many, cost = most_apart(ways, share_no, said_by, most)
        assert (len(found.routes), sum(route.path.cost for route in found.routes)) == (many, cost)
        for one, other in itertools.combinations(found.routes, 2):
            assert not set(one.stands_on) & set(other.stands_on)
        direct = share_no == "entity" and any(path.length == 1 for path in ways)
        expected = None if not ways or direct else smallest_cut(ways, share_no, said_by, 4)
        assert found.cut == expected
        assert (found.proof is None) == bool(ways)
        several += many > 1
    assert several or share_no == "source"


def told_by(*links: tuple[str, str]) -> View:
    """Links written ("ab", "wire"): from a to b, said by that source."""
    made = [link(f"{name}:{by}", name[0], name[1], by=said(by, "B2")) for name, by in links]
    return View(
        Ledger().put([entity(one) for one in sorted({end for name, _ in links for end in name})], made).network()
    )


def test_one_informant_may_carry_a_story_that_has_many_ways() -> None:
    view = told_by(("ab", "wire"), ("bd", "informant"), ("ac", "informant"), ("cd", "wire"), ("ad", "informant"))
    found = both("independent-routes", view, source="a", target="d").result
    assert [route.stands_on for route in found.routes] == [("informant",)]
    assert found.cut == ("informant",)
    assert found.proven
    apart = both("independent-routes", view, source="a", target="d", share_no="link").result
    assert len(apart.routes) == 3


def test_two_sources_tell_it_twice() -> None:
    view = told_by(("ab", "wire"), ("bd", "wire"), ("ac", "informant"), ("cd", "informant"))
    found = both("independent-routes", view, source="a", target="d").result
    assert [route.stands_on for route in found.routes] == [("wire",), ("informant",)]
    assert found.cut == ("informant", "wire")


def test_a_cut_larger_than_what_is_looked_for_is_not_named() -> None:
    view = told_by(*((f"a{n}", "s") for n in "bcdef"), *((f"{n}z", "s") for n in "bcdef"))
    found = both("independent-routes", view, source="a", target="z", share_no="entity", cut_most=4).result
    assert (len(found.routes), found.cut) == (3, None)
    assert both("independent-routes", view, source="a", target="z", share_no="entity", cut_most=5).result.cut == tuple(
        "bcdef"
    )


def test_what_is_not_asked_of_many_ways_is_refused() -> None:
    view = told_by(("ab", "wire"))
    for engine in ("memory", "networkx"):
        with pytest.raises(InvalidParameter, match="two ends"):
            ask("independent-routes", view, engine, source="a", target="a")
    with pytest.raises(ValueError, match="via: independent routes are many ways"):
        ask("independent-routes", view, source="a", target="b", via=["a"])
