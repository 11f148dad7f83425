"""The enumeration of ways over corridors made by hand: its order, what it looks at, its rules, its budget."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.model.graph import LinkRef, Path
from graph_service.network.budget import CALLED_OFF, Budget
from queries.paths.attempt import Attempt
from queries.paths.best_first import NO_WAY, Option, Search, Step, Way
from queries.paths.found import Walked
from queries.paths.rules import Rules
from queries.paths.terms import Terms

FAR = 1_000


@dataclass
class Plain:
    """A corridor as its protocol words it, over steps written down; it notes whose options were asked for."""

    onward: Mapping[str, Sequence[Step]]
    starts: tuple[str, ...]
    ends: frozenset[str]
    max_hops: int
    unit: bool
    needs: Sequence[frozenset[str]] = ()
    opened: list[tuple[str, int]] = field(default_factory=list)
    looked_at: int = 0

    def options(self, entity: str, left: int) -> Sequence[Option]:
        """Sorted; what is taken of them is counted."""
        self.opened.append((entity, left))
        made = [
            Option(step.cost + onward, 1 + self.hops(step.entity), (step.entity, step.link.id), step)
            for step in self.onward.get(entity, ())
            if step.entity not in self.starts and (onward := self.least(step.entity, left - 1)) < NO_WAY
        ]
        return Counted(self, sorted(made))

    def hops(self, entity: str) -> int:
        """By widening circles."""
        reached = {entity}
        for hops in range(self.max_hops + 1):
            if reached & self.ends:
                return hops
            reached |= {step.entity for one in reached for step in self.onward.get(one, ())}
        return FAR

    def least(self, entity: str, left: int) -> int:
        """By trying every walk."""
        if entity in self.ends:
            return 0
        costs = [step.cost + self.least(step.entity, left - 1) for step in self.onward.get(entity, ()) if left > 0]
        return min([NO_WAY, *costs])

    def past(self, need: int, entity: str) -> int:
        """By trying every walk."""

        def after(here: str, met: bool, left: int) -> int:
            met = met or here in self.needs[need]
            if here in self.ends:
                return 0 if met else FAR
            further = [1 + after(step.entity, met, left - 1) for step in self.onward.get(here, ()) if left > 0]
            return min([FAR, *further])

        return after(entity, False, self.max_hops)


class Counted(Sequence[Option]):
    """Options that count how often one is looked at."""

    def __init__(self, corridor: Plain, options: Sequence[Option]) -> None:
        self._corridor, self._options = corridor, options

    def __len__(self) -> int:
        return len(self._options)

    @overload
    def __getitem__(self, place: int) -> Option: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Option]: ...
    def __getitem__(self, place: int | slice) -> Option | Sequence[Option]:
        self._corridor.looked_at += 1
        return self._options[place]


def made(dice: random.Random, *, unit: bool) -> Plain:
    """Up to seven entities with parallel links, one or two of them starts, one or two ends."""
    names = "abcdefg"[: dice.randint(3, 7)]
    ends = dice.sample(names, min(len(names) - 1, dice.choice([2, 2, 3, 4])))
    cut = dice.randint(1, len(ends) - 1)
    onward: dict[str, list[Step]] = {}
    for number in range(dice.randint(2, 14)):
        one, other = dice.sample(names, 2)
        cost = 1 if unit else dice.choice([0, 1, 1, 2, 5])
        ref = LinkRef(f"l{dice.randint(0, 99):02}.{number}", one, other)
        onward.setdefault(one, []).append(Step(other, ref, cost))
        onward.setdefault(other, []).append(Step(one, ref, cost))
    starts, targets = tuple(sorted(ends[:cut])), frozenset(ends[cut:])
    inner = {one: [s for s in steps if s.entity not in starts] for one, steps in onward.items() if one not in targets}
    return Plain(inner, starts, targets, dice.randint(1, 5), unit)


def every_way(corridor: Plain) -> list[Path]:
    """Every simple way, in canonical order, by trying all."""

    def on(entities: tuple[str, ...], links: tuple[str, ...], cost: int) -> Iterator[Path]:
        if entities[-1] in corridor.ends:
            yield Path(entities, links, float(cost))
        elif len(links) < corridor.max_hops:
            for step in corridor.onward.get(entities[-1], ()):
                if step.entity not in entities:
                    yield from on((*entities, step.entity), (*links, step.link.id), cost + step.cost)

    found = [path for start in corridor.starts for path in on((start,), (), 0)]
    return sorted(found, key=lambda path: path.sort_key)


def told(way: Way) -> Path:
    return Walked(way.entities, way.links, float(way.cost)).path


def free() -> Rules:
    return Rules.of(Terms(), lambda _: frozenset())


@pytest.mark.parametrize("unit", [True, False], ids=["links", "costs"])
@pytest.mark.parametrize("seed", range(5))
def test_ways_come_exactly_in_canonical_order(seed: int, unit: bool) -> None:
    dice, many = random.Random(seed), 0
    for _ in range(60):
        corridor = made(dice, unit=unit)
        search = Search(corridor, free(), Budget())
        expected = every_way(corridor)
        assert [told(way) for way in search.ways()] == expected
        assert not search.stopped
        assert len(set(corridor.opened)) == len(corridor.opened), "options are worked out once"
        many += len(expected) > 3
    assert many > 10


@pytest.mark.parametrize("seed", range(4))
def test_under_needs_they_are_the_ways_that_meet_them(seed: int) -> None:
    dice, some, none = random.Random(seed), 0, 0
    for _ in range(60):
        corridor = made(dice, unit=dice.random() < 0.5)
        via = tuple(dice.sample("abcdefg", dice.choice([1, 2])))
        rules = Rules.of(Terms(via=via), lambda _: frozenset())
        corridor.needs = [need.entities for need in rules.needs]
        expected = [path for path in every_way(corridor) if set(via) <= set(path.entities)]
        assert [told(way) for way in Search(corridor, rules, Budget()).ways()] == expected
        some, none = some + bool(expected), none + (not expected)
    assert some > 10
    assert none > 10


def chain(*names: str) -> dict[str, list[Step]]:
    """Steps from each to the next, at 1."""
    return {one: [Step(other, LinkRef(f"{one}{other}", one, other))] for one, other in itertools.pairwise(names)}


def test_nothing_is_looked_at_before_the_first_way_is_asked_for() -> None:
    corridor = Plain(chain("a", "b", "c"), ("a",), frozenset({"c"}), 5, unit=True)
    budget = Budget()
    ways = Search(corridor, free(), budget).ways()
    assert (corridor.opened, budget.explored) == ([], 0)
    assert next(ways).entities == ("a", "b", "c")
    assert corridor.opened


def test_of_a_hub_only_the_options_that_are_needed_are_looked_at() -> None:
    steps = [Step(f"m{n:04}", LinkRef(f"x{n:04}", "a", f"m{n:04}")) for n in range(2_000)]
    onward = {"a": steps} | {step.entity: [Step("z", LinkRef(f"y{step.entity}", step.entity, "z"))] for step in steps}
    corridor = Plain(onward, ("a",), frozenset({"z"}), 2, unit=True)
    ways = list(itertools.islice(Search(corridor, free(), Budget()).ways(), 5))
    assert [way.entities[1] for way in ways] == [f"m{n:04}" for n in range(5)]
    assert corridor.looked_at < 50
    assert len(corridor.opened) < 10


def test_a_way_that_must_first_go_round_is_not_opened_before_its_time() -> None:
    """By b it is two links to the end but five past x; the way by c, of four, comes first and b is not looked into."""
    onward = chain("a", "b", "p", "x", "q", "z") | chain("c", "d", "x")
    onward["a"] = [Step(to, LinkRef(f"a{to}", "a", to)) for to in ("b", "c")]
    onward["b"] = [Step(to, LinkRef(f"b{to}", "b", to)) for to in ("p", "z")]
    onward["d"] = [Step("x", LinkRef("dx", "d", "x"))]
    onward["x"] = [Step("z", LinkRef("xz", "x", "z"))]
    onward["p"] = [Step("q", LinkRef("pq", "p", "q"))]
    onward["q"] = [Step("x", LinkRef("qx", "q", "x"))]
    rules = Rules.of(Terms(via=("x",)), lambda _: frozenset())
    corridor = Plain(onward, ("a",), frozenset({"z"}), 6, unit=True, needs=[frozenset({"x"})])
    ways = Search(corridor, rules, Budget()).ways()
    assert "".join(next(ways).entities) == "acdxz"
    assert "b" not in {entity for entity, _ in corridor.opened}
    assert ["".join(way.entities) for way in ways] == ["abpqxz"]


def test_a_way_never_goes_on_past_an_end_nor_back_to_where_it_was() -> None:
    onward = chain("a", "b", "z", "y") | {"b": [Step(to, LinkRef(f"b{to}", "b", to)) for to in ("a", "z")]}
    corridor = Plain(onward, ("a",), frozenset({"z", "y"}), 5, unit=True)
    assert [way.entities for way in Search(corridor, free(), Budget()).ways()] == [("a", "b", "z")]


# Under a budget


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_budget_what_comes_is_the_beginning(seed: int) -> None:
    dice, stopped = random.Random(seed), 0
    for _ in range(20):
        corridor = made(dice, unit=False)
        expected = every_way(corridor)
        for links in range(1, 60, 3):
            search = Search(corridor, free(), Budget(Limits(links=links)))
            found = [told(way) for way in search.ways()]
            assert found == expected[: len(found)]
            assert search.stopped or found == expected
            stopped += search.stopped
    assert stopped > 20


def test_a_search_that_was_called_off_raises() -> None:
    budget = Budget()
    budget.state[0] = CALLED_OFF
    corridor = Plain(chain("a", "b"), ("a",), frozenset({"b"}), 1, unit=True)
    with pytest.raises(Cancelled):
        next(Search(corridor, free(), budget).ways())


# What cannot be met


def test_what_no_way_fulfils_even_alone_is_named() -> None:
    """Only a way by b and only one by c: each can be met, x cannot; the needs stand in the order of the rules."""
    onward = {
        "a": [Step(to, LinkRef(f"a{to}", "a", to)) for to in ("b", "c")],
        "b": [Step("z", LinkRef("bz", "b", "z"))],
        "c": [Step("z", LinkRef("cz", "c", "z"))],
    }

    def unmet(*via: str) -> tuple[str, ...]:
        rules = Rules.of(Terms(via=via, borders=1), lambda _: frozenset())
        needs = [need.entities for need in rules.needs]
        search = Search(Plain(onward, ("a",), frozenset({"z"}), 4, unit=True, needs=needs), rules, Budget())
        assert list(search.ways()) == []
        return search.unmet()

    assert unmet("b", "c") == ("borders",)
    assert unmet("x", "b") == ("via x", "borders")
    assert unmet("b", "x", "c", "y") == ("via x", "via y", "borders")


def test_what_was_not_looked_through_is_not_called_unmet() -> None:
    onward = chain("a", "b", "c", "d", "z")
    rules = Rules.of(Terms(via=("x",)), lambda _: frozenset())
    corridor = Plain(onward, ("a",), frozenset({"z"}), 8, unit=True, needs=[frozenset({"b"})])
    assert Search(corridor, rules, Budget(Limits(links=2))).unmet() == ()
    assert Search(corridor, rules, Budget()).unmet() == ("via x",)


# The attempt that is made of a search


def test_an_attempt_says_whether_there_is_more_and_why_there_is_none() -> None:
    corridor = Plain(chain("a", "b", "z"), ("a",), frozenset({"z"}), 4, unit=True)
    search = Search(corridor, free(), Budget())
    walks = [Walked(("a", "b"), (LinkRef("ab", "a", "b"),), float(cost)) for cost in range(3)]
    assert Attempt.of_search(search, walks, 3) == Attempt("met", tuple(walks), more=False)
    assert Attempt.of_search(search, walks, 2) == Attempt("met", tuple(walks[:2]), more=True)
    search.stopped = True
    assert Attempt.of_search(search, walks[:1], 3) == Attempt("met", tuple(walks[:1]), more=True)
    assert Attempt.of_search(search, [], 3) == Attempt("budget")
