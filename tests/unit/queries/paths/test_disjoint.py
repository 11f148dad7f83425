"""Packing ways that share nothing, and the least cut: against every choice, over random families of sets."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence

import pytest

from graph_service.errors import Cancelled
from graph_service.model.answer import Limits
from graph_service.network.budget import CALLED_OFF, Budget
from queries.paths.disjoint import Candidate, Cut, Parts, least_cut, packed
from queries.paths.found import Walked


def way(name: str, cost: float = 1.0) -> Walked:
    return Walked((name,), (), cost)


def candidates(dice: random.Random, many: int, letters: str = "abcdef") -> list[Candidate]:
    """Sets of up to three letters, in order of cost."""
    costs = sorted(float(dice.randint(0, 4)) for _ in range(many))
    return [
        Candidate(way(f"w{place}", cost), frozenset(dice.sample(letters, dice.choice([0, 1, 1, 2, 3]))))
        for place, cost in enumerate(costs)
    ]


def best_packing(given: Sequence[Candidate], wanted: int) -> tuple[Candidate, ...]:
    """The most, then the cheapest, then the first: of every choice."""
    apart = (
        places
        for many in range(wanted + 1)
        for places in itertools.combinations(range(len(given)), many)
        if not any(given[one].parts & given[other].parts for one, other in itertools.combinations(places, 2))
    )
    best = min(apart, key=lambda places: (-len(places), sum(given[one].way.cost for one in places), list(places)))
    return tuple(given[one] for one in best)


@pytest.mark.parametrize("seed", range(10))
def test_packed_are_the_most_then_the_cheapest_then_the_first(seed: int) -> None:
    dice, sizes = random.Random(seed), set()
    for _ in range(40):
        given, wanted = candidates(dice, dice.randint(0, 9)), dice.randint(1, 5)
        found = packed(given, wanted, Budget())
        assert found == best_packing(given, wanted)
        sizes.add(len(found))
    assert len(sizes) > 2


def test_two_that_overlap_the_cheapest_are_better_than_it_alone() -> None:
    given = [Candidate(way("short", 1), frozenset("ab")), *(Candidate(way(x, 5), frozenset(x)) for x in "ab")]
    assert packed(given, 3, Budget()) == tuple(given[1:])
    assert packed(given, 1, Budget()) == (given[0],)


def test_nothing_to_pack_is_packed_as_nothing() -> None:
    assert packed([], 3, Budget()) == ()


def test_those_that_stand_on_nothing_stand_together() -> None:
    given = [Candidate(way(str(n)), frozenset()) for n in range(3)]
    assert packed(given, 5, Budget()) == tuple(given)


@pytest.mark.parametrize("links", range(1, 40, 3))
def test_whatever_the_budget_what_is_packed_shares_nothing(links: int) -> None:
    dice = random.Random(links)
    for _ in range(10):
        given = candidates(dice, 9)
        found = packed(given, 4, Budget(Limits(links=links)))
        assert not any(one.parts & other.parts for one, other in itertools.combinations(found, 2))
        assert len(found) <= len(best_packing(given, 4))


def test_a_pack_of_hundreds_ends_with_its_budget() -> None:
    """Three hundred ways on five of forty sources each: more choices than can be tried. Those at hand when the budget
    ends are still walked over once."""
    dice = random.Random(1)
    sources = [f"s{n}" for n in range(40)]
    given = [Candidate(way(f"w{n}", float(n)), frozenset(dice.sample(sources, 5))) for n in range(300)]
    budget = Budget(Limits(links=20_000))
    found = packed(given, 20, budget)
    assert budget.explored <= 20_000 + 20 * 300
    assert len(found) >= 4
    assert not any(one.parts & other.parts for one, other in itertools.combinations(found, 2))


# Cuts


Family = list[tuple[Walked, list[Parts]]]
"""Ways, each with the sets of which the loss of any one breaks it."""


def family(dice: random.Random, letters: str = "abcdef") -> Family:
    """Up to six ways of one to four links, each link said by one source or two."""
    return [
        (way(f"w{n}"), [frozenset(dice.sample(letters, dice.choice([1, 1, 2]))) for _ in range(dice.randint(1, 4))])
        for n in range(dice.randint(0, 6))
    ]


def asked(given: Family) -> tuple[Callable[[Parts], Walked | None], Callable[[Walked], list[Parts]]]:
    """The first way that is left, and what breaks it, as the search for a cut asks for them."""

    def first_without(lost: Parts) -> Walked | None:
        return next((walk for walk, losses in given if not any(parts <= lost for parts in losses)), None)

    return first_without, lambda walk: {id(one): losses for one, losses in given}[id(walk)]


def smallest(given: Family, most: int) -> tuple[str, ...] | None:
    """The first of the least sets that break every way, of every set."""
    letters = sorted({letter for _, losses in given for parts in losses for letter in parts})
    for size in range(most + 1):
        for lost in itertools.combinations(letters, size):
            if all(any(parts <= set(lost) for parts in losses) for _, losses in given):
                return lost
    return None


@pytest.mark.parametrize("seed", range(10))
def test_the_cut_is_the_first_of_the_least(seed: int) -> None:
    dice, sizes = random.Random(seed), set()
    for _ in range(60):
        given, most = family(dice), dice.randint(1, 4)
        cut = least_cut(*asked(given), most, Budget())
        assert cut == Cut(smallest(given, most), known=True)
        sizes.add(None if cut.parts is None else len(cut.parts))
    assert {0, 1, 2, None} <= sizes


@pytest.mark.parametrize("seed", range(5))
def test_no_more_can_be_packed_than_the_cut_holds(seed: int) -> None:
    """Weak duality: ways that share nothing must each lose something of their own."""
    dice = random.Random(seed)
    for _ in range(60):
        given = family(dice)
        cut = least_cut(*asked(given), 6, Budget())
        singles = [
            Candidate(walk, frozenset(choice))
            for walk, losses in given
            for choice in itertools.product(*map(sorted, losses))
        ]
        assert cut.parts is not None
        assert len(packed(singles, 9, Budget())) <= len(cut.parts)


def test_a_way_that_nothing_breaks_has_no_cut() -> None:
    assert least_cut(*asked([(way("direct"), [])]), 4, Budget()) == Cut(None, known=True)


def test_where_there_is_no_way_the_cut_is_empty() -> None:
    assert least_cut(*asked([]), 4, Budget()) == Cut((), known=True)


def test_a_cut_that_was_not_looked_for_to_the_end_is_not_known() -> None:
    given = [(way(letter), [frozenset(letter)]) for letter in "abcd"]
    first_without, losses = asked(given)
    budget = Budget(Limits(links=5))

    def spending(lost: Parts) -> Walked | None:
        budget.spend(1)
        return first_without(lost)

    assert least_cut(spending, losses, 4, budget) == Cut(None, known=False)
    called_off = Budget()
    called_off.state[0] = CALLED_OFF
    with pytest.raises(Cancelled):
        least_cut(first_without, losses, 4, called_off)


def test_a_loss_is_tried_once_in_whatever_order_it_came_together() -> None:
    given = [(way(letter), [frozenset(letter)]) for letter in "abcd"]
    first_without, losses = asked(given)
    tried: list[Parts] = []

    def noting(lost: Parts) -> Walked | None:
        tried.append(lost)
        return first_without(lost)

    both_ways = [(way("w"), [frozenset("a"), frozenset("b")]), (way("v"), [frozenset("b"), frozenset("a")])]
    assert least_cut(noting, losses, 4, Budget()).parts == tuple("abcd")
    tried.clear()
    first_without, losses = asked([*both_ways, *given])
    assert least_cut(noting, losses, 4, Budget()).parts == tuple("abcd")
    largest = tried[tried.index(frozenset(), len(tried) - tried[::-1].index(frozenset()) - 1) :]
    assert len(largest) == len(set(largest))
