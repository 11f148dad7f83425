"""Laws that path questions keep whatever the world: what a change of the question or the world may change."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from graph_service.model.graph import Path
from graph_service.network.view import View
from tests.unit.network.tables import Ledger, link, plain_view, said
from tests.unit.queries.asking import ask
from tests.unit.queries.paths.ways import GRADES, World, terms, world

ENGINES = ("memory", "networkx")
KINDS = ("REPRESENTS", "ASSOCIATE_OF", "LINKED_TO")
ROUNDS = 40


def worlds(seed: int) -> list[tuple[random.Random, World, str, str]]:
    """Worlds with two ends each."""
    dice = random.Random(seed)
    found = []
    for _ in range(ROUNDS):
        made = world(dice)
        source, target = dice.sample(sorted(made.kinds), 2)
        found.append((dice, made, source, target))
    return found


def paths(name: str, view: View, engine: str, **asked: Any) -> tuple[Path, ...]:
    found: tuple[Path, ...] = ask(name, view, engine, **asked).result.paths
    return found


def records(made: World) -> Any:
    return [record for _, record in made.ledger.entities]


def renamed(made: World, name: dict[str, str]) -> View:
    """The same world under other names, loaded in the order of these."""
    entities = [replace(each, entity_id=name[each.entity_id]) for each in records(made)]
    links = [
        replace(each, link_id=name[each.link_id], source=name[each.source], target=name[each.target])
        for each in made.links
    ]
    entities.sort(key=lambda each: each.entity_id)
    links.sort(key=lambda each: each.link_id)
    return View(Ledger().put(entities, links).network())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(3))
def test_one_more_link_never_makes_the_shortest_way_longer_nor_loses_a_way(seed: int, engine: str) -> None:
    shorter = 0
    for dice, made, source, target in worlds(seed):
        asked = {"source": source, "target": target, "directed": dice.random() < 0.5, "max_hops": 7}
        one, other = dice.sample(sorted(made.kinds), 2)
        more = link("more", one, other, dice.choice(KINDS))
        wider = View(Ledger().put(records(made), [*made.links, more]).network())
        before, after = (paths("shortest-paths", view, engine, **asked) for view in (made.view, wider))
        if before:
            assert after
            assert after[0].length <= before[0].length
        shorter += bool(after) and (not before or after[0].length < before[0].length)
        every = [set(paths("all-paths", view, engine, **asked)) for view in (made.view, wider)]
        assert every[0] <= every[1]
        assert all("more" in path.links for path in every[1] - every[0])
    assert shorter


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["shortest-paths", "k-paths", "all-paths", "best-evidence"])
def test_other_names_give_the_same_ways_under_those_names(name: str, engine: str) -> None:
    """All ways, however ordered: only the order of equals follows the names."""
    several = 0
    for dice, made, source, target in worlds(11):
        things = [*made.kinds, *(each.link_id for each in made.links)]
        called = dict(zip(things, (f"n{number:02}" for number in dice.sample(range(99), len(things))), strict=True))
        asked = {"directed": dice.random() < 0.5, "max_hops": 5, "limit": 1_000}
        plain = paths(name, made.view, engine, source=source, target=target, **asked)
        other = paths(name, renamed(made, called), engine, source=called[source], target=called[target], **asked)
        expected = {
            Path(tuple(map(called.__getitem__, p.entities)), tuple(map(called.__getitem__, p.links)), p.cost)
            for p in plain
        }
        assert set(other) == expected
        assert list(other) == sorted(other, key=lambda path: path.sort_key)
        several += len(other) > 1
    assert several


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["shortest-paths", "all-paths", "best-evidence"])
def test_turned_links_and_swapped_ends_give_the_ways_backwards(name: str, engine: str) -> None:
    found = 0
    for _, made, source, target in worlds(12):
        turned = [replace(each, source=each.target, target=each.source) for each in made.links]
        back = View(Ledger().put(records(made), turned).network())
        asked = {"directed": True, "max_hops": 5, "limit": 1_000}
        there = paths(name, made.view, engine, source=source, target=target, **asked)
        again = paths(name, back, engine, source=target, target=source, **asked)
        assert {Path(p.entities[::-1], p.links[::-1], p.cost) for p in again} == set(there)
        found += bool(there)
    assert found


@pytest.mark.parametrize("engine", ENGINES)
def test_without_directions_there_and_back_are_the_same_ways(engine: str) -> None:
    for dice, made, source, target in worlds(13):
        asked = {"max_hops": 5, "limit": 1_000, **terms(dice, made)}
        for one_way in ("leaves", "enters", "in_order"):
            asked.pop(one_way, None)
        there = paths("all-paths", made.view, engine, source=source, target=target, **asked)
        back = paths("all-paths", made.view, engine, source=target, target=source, **asked)
        assert {Path(p.entities[::-1], p.links[::-1], p.cost) for p in back} == set(there)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cost", ["links", "evidence"])
def test_k_paths_are_the_beginning_of_one_more(cost: str, engine: str) -> None:
    longest = 0
    for dice, made, source, target in worlds(14):
        asked = {"source": source, "target": target, "cost": cost, **terms(dice, made)}
        shorter = paths("k-paths", made.view, engine, **asked, limit=1)
        for limit in range(2, 6):
            longer = paths("k-paths", made.view, engine, **asked, limit=limit)
            assert longer[: limit - 1] == shorter
            assert len(longer) <= limit
            shorter = longer
        longest = max(longest, len(shorter))
    assert longest == 5


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(2))
def test_all_paths_hold_the_shortest_and_grow_with_the_bound(seed: int, engine: str) -> None:
    found = 0
    for dice, made, source, target in worlds(20 + seed):
        asked: dict[str, Any] = {"source": source, "target": target, "directed": dice.random() < 0.3}
        asked |= terms(dice, made) if dice.random() < 0.5 else {}
        shortest = paths("shortest-paths", made.view, engine, **asked, max_hops=4)
        every = paths("all-paths", made.view, engine, **asked, max_hops=4)
        wider = paths("all-paths", made.view, engine, **asked, max_hops=5)
        assert every[: len(shortest)] == shortest
        assert bool(every) == bool(shortest)
        assert wider[: len(every)] == every
        assert all(path.length == 5 for path in wider[len(every) :])
        found += len(every) > len(shortest)
    assert found


@pytest.mark.parametrize("engine", ENGINES)
def test_one_more_condition_never_gives_a_new_way(engine: str) -> None:
    fewer = 0
    for dice, made, source, target in worlds(30):
        asked = {"source": source, "target": target, "hubs": "free", "max_hops": 5}
        chosen = {
            name: value for name, value in terms(dice, made).items() if name not in {"via", "via_any", "in_order"}
        }
        every, held = (set(paths("all-paths", made.view, engine, **asked, **given)) for given in ({}, chosen))
        assert held <= every
        fewer += held < every
    assert fewer


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("longer", range(1, 9))
def test_however_long_the_way_round_is_it_is_found_when_it_must_be_taken(longer: int, engine: str) -> None:
    """A direct link, and a way round of so many links more past the last entity on it."""
    row = [(n, n + 1) for n in range(longer)]
    view = plain_view(longer + 2, [*row, (longer, longer + 1), (0, longer + 1)])
    asked = {"source": "0", "target": str(longer + 1), "via": str(longer)}
    [found] = paths("shortest-paths", view, engine, **asked, max_hops=longer + 1)
    assert found.entities == tuple(map(str, range(longer + 2)))
    assert paths("shortest-paths", view, engine, **asked, max_hops=longer) == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_from_many_to_many_is_the_best_of_all_pairs(engine: str) -> None:
    """A way between two ends passes no other: from there on it would be another's."""
    for dice, made, *_ in worlds(31):
        ends = dice.sample(sorted(made.kinds), min(4, len(made.kinds)))
        sources, targets = ends[: len(ends) // 2], ends[len(ends) // 2 :]
        asked = {"directed": dice.random() < 0.5, "max_hops": 5}
        together = paths("all-paths", made.view, engine, sources=sources, targets=targets, **asked)
        apart = [
            path
            for source in sources
            for target in targets
            for path in paths("all-paths", made.view, engine, source=source, target=target, **asked)
            if not set(path.entities[1:-1]) & set(ends)
        ]
        assert list(together) == sorted(apart, key=lambda path: path.sort_key)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("share_no", ["source", "entity", "link"])
def test_no_more_ways_are_independent_than_the_cut_holds(share_no: str, engine: str) -> None:
    """By what has nothing in common; where every way breaks, one is lost with each thing lost."""
    cuts = 0
    for dice, made, source, target in worlds(32):
        links = [replace(each, said=said(dice.choice("stu"), dice.choice(GRADES))) for each in made.links]
        view = View(Ledger().put(records(made), links).network())
        found = ask(
            "independent-routes",
            view,
            engine,
            source=source,
            target=target,
            share_no=share_no,
            limit=20,
            cut_most=8,
            max_hops=5,
        ).result
        ways = paths("all-paths", view, engine, source=source, target=target, max_hops=5)
        assert bool(found.routes) == bool(ways)
        assert {route.path for route in found.routes} <= set(ways)
        if found.cut is None:
            assert not ways or share_no == "entity"
            continue
        cuts += 1
        assert 1 <= len(found.routes) <= len(found.cut)
        said_by = {each.link_id: each.said.source_id for each in links}
        for way in ways:
            parts = {
                "source": {said_by[one] for one in way.links},
                "entity": {*way.entities[1:-1]},
                "link": {*way.links},
            }
            assert parts[share_no] & set(found.cut), "the cut breaks every way"
    assert cuts > 5
