"""Conditions on the whole way against their words, on thousands of random sequences of entities and countries."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from graph_service.model.country_groups import countries_named
from queries.paths.rules import Rules
from queries.paths.terms import Terms

CODES = ("US", "RU", "PA", "VG", "DE")
Places = Mapping[str, frozenset[str]]


def keeps(rules: Rules, way: Sequence[str]) -> bool:
    """Whether the rules, kept count of step by step, let a way through and find it fulfilled."""
    along = rules.start(way[0])
    for entity in way[1:]:
        step = rules.step(along, entity, at_end=entity == way[-1])
        if step is None:
            return False
        along = step
    return rules.fulfilled(along)


def crossings(way: Sequence[str], countries: Places) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The borders crossed: neighbours among those that have a country, with none in common."""
    placed = [countries[one] for one in way if countries[one]]
    return [(out, into) for out, into in itertools.pairwise(placed) if not out & into]


def made(terms: Terms, countries: Places) -> Rules:
    """Rules over codes, among which some are of currencies and goods and mean no country."""
    return Rules.of(terms, lambda one: countries[one] | {"USD", "8517"})


def sequence(dice: random.Random) -> tuple[list[str], dict[str, frozenset[str]]]:
    """Two to nine entities; of each none, one or two countries."""
    way = [f"e{number}" for number in range(dice.randint(2, 9))]
    return way, {one: frozenset(dice.sample(CODES, dice.choice([0, 1, 1, 1, 2]))) for one in way}


def tried(terms: dict[str, Any], expected: Any, seed: int, rounds: int = 400) -> None:
    """The rules against a definition of (way, countries); both verdicts must come up."""
    dice, verdicts = random.Random(seed), set()
    asked = Terms.model_validate(terms)
    for _ in range(rounds):
        way, countries = sequence(dice)
        verdict = bool(expected(way, countries))
        assert keeps(made(asked, countries), way) == verdict, (way, countries)
        verdicts.add(verdict)
    assert verdicts == {True, False}


@pytest.mark.parametrize("least", [1, 2, 3])
def test_so_many_borders_are_crossed(least: int) -> None:
    tried({"borders": least}, lambda way, countries: len(crossings(way, countries)) >= least, least)


def test_the_first_border_leads_out_of_a_country() -> None:
    def expected(way: Sequence[str], countries: Places) -> bool:
        crossed = crossings(way, countries)
        return bool(crossed) and bool(crossed[0][0] & {"RU", "DE"})

    tried({"leaves": "RU,DE"}, expected, 1)


def test_the_last_border_leads_into_a_country() -> None:
    def expected(way: Sequence[str], countries: Places) -> bool:
        crossed = crossings(way, countries)
        return bool(crossed) and bool(crossed[-1][1] & countries_named(["secrecy"]))

    tried({"enters": "secrecy"}, expected, 2)


def test_leaving_and_entering_with_borders_hold_together() -> None:
    def expected(way: Sequence[str], countries: Places) -> bool:
        crossed = crossings(way, countries)
        return len(crossed) >= 2 and bool(crossed[0][0] & {"RU", "US"}) and bool(crossed[-1][1] & {"PA", "DE"})

    tried({"leaves": "RU,US", "enters": "PA,DE", "borders": 2}, expected, 3)


@pytest.mark.parametrize(("least", "most"), [(0, 1), (1, None), (2, None), (1, 1), (0, 0), (2, 3)])
def test_so_many_countries_of_a_group_lie_between_the_ends(least: int, most: int | None) -> None:
    group = {"PA", "VG", "RU"}

    def expected(way: Sequence[str], countries: Places) -> bool:
        counted = frozenset().union(*(countries[one] for one in way[1:-1])) & group
        return least <= len(counted) <= (len(counted) if most is None else most)

    tried({"among": sorted(group), "among_least": least, "among_most": most}, expected, least)


def test_every_country_named_is_touched_the_ends_included() -> None:
    def expected(way: Sequence[str], countries: Places) -> bool:
        touched = frozenset().union(*(countries[one] for one in way))
        return {"PA", "RU"} <= touched

    tried({"via_country": "PA,RU"}, expected, 4)


def test_all_that_must_be_passed_and_one_of_others() -> None:
    tried({"via": "e1,e4"}, lambda way, _: len(way) > 4, 5)
    tried({"via_any": "e6,e2"}, lambda way, _: len(way) > 2, 6)


@pytest.mark.parametrize("seed", range(4))
def test_in_order_they_come_one_after_the_other(seed: int) -> None:
    dice, verdicts = random.Random(seed), []
    ids = [f"e{number}" for number in range(6)]
    for _ in range(300):
        way = dice.sample(ids, dice.randint(2, 6))
        via = dice.sample(ids, dice.randint(2, 4))
        rules = made(Terms(via=tuple(via), in_order=True), dict.fromkeys(ids, frozenset()))
        verdict = [one for one in way if one in via] == via
        assert keeps(rules, way) == verdict, (way, via)
        any_order = made(Terms(via=tuple(via)), dict.fromkeys(ids, frozenset()))
        assert keeps(any_order, way) == (set(via) <= set(way))
        verdicts.append(verdict)
    assert 10 < sum(verdicts) < 290


@pytest.mark.parametrize("seed", range(4))
def test_a_way_is_given_up_only_when_no_way_on_could_hold(seed: int) -> None:
    """Whatever is refused at a step is refused however the way goes on; what is let on may still hold."""
    dice, given_up = random.Random(seed), 0
    options: dict[str, Any] = {
        "among": "PA,VG",
        "among_most": 1,
        "borders": 1,
        "leaves": "RU",
        "enters": "US",
        "via": "e1,e3",
    }
    for _ in range(200):
        way, countries = sequence(dice)
        terms = {name: options[name] for name in dice.sample(sorted(options), 3)}
        if "among" not in terms:
            terms.pop("among_most", None)
        if "via" in terms and dice.random() < 0.7:
            terms["in_order"] = True
        rules = made(Terms.model_validate(terms), countries)
        along = rules.start(way[0])
        for place, entity in enumerate(way[1:-1], 1):
            step = rules.step(along, entity, at_end=False)
            if step is None:
                given_up += 1
                rest = way[place + 1 :]
                for many in range(1, len(rest) + 1):
                    for onward in itertools.islice(itertools.permutations(rest, many), 30):
                        assert not by_words(terms, [*way[: place + 1], *onward], countries)
                break
            along = step
    assert given_up > 5


def by_words(terms: dict[str, Any], way: Sequence[str], countries: Places) -> bool:
    """Whether a whole way fulfils these terms, by what their words say."""
    crossed = crossings(way, countries)
    counted = frozenset().union(*(countries[one] for one in way[1:-1])) & {"PA", "VG"}
    met = [one for one in way if one in {"e1", "e3"}]
    return (
        ("among" not in terms or 1 <= len(counted) <= terms.get("among_most", 2))
        and len(crossed) >= terms.get("borders", 0)
        and ("leaves" not in terms or (bool(crossed) and "RU" in crossed[0][0]))
        and ("enters" not in terms or (bool(crossed) and "US" in crossed[-1][1]))
        and ("via" not in terms or (met == ["e1", "e3"] if "in_order" in terms else len(met) == 2))
    )


# One by one


def test_who_has_no_country_stands_on_neither_side_of_a_border() -> None:
    countries = {"a": frozenset({"US"}), "b": frozenset[str](), "c": frozenset({"US"}), "d": frozenset({"RU"})}
    assert not keeps(made(Terms(borders=1), countries), "abc")
    assert keeps(made(Terms(borders=1), countries), "abd")


def test_who_is_of_two_countries_stands_on_both_sides() -> None:
    countries = {"a": frozenset({"US"}), "b": frozenset({"US", "RU"}), "c": frozenset({"RU"})}
    assert not keeps(made(Terms(borders=1), countries), "abc")


def test_codes_of_currencies_and_goods_are_no_countries() -> None:
    rules = Rules.of(Terms(borders=1), {"a": frozenset({"USD"}), "b": frozenset({"8517"})}.__getitem__)
    assert not keeps(rules, "ab")


def test_each_condition_stands_alone_under_its_name() -> None:
    terms = Terms(
        via=("x", "y"),
        in_order=True,
        via_any=("z",),
        via_country=("US", "secrecy"),
        among=("secrecy",),
        among_least=2,
        among_most=3,
        borders=2,
        leaves=("RU",),
        enters=("US",),
        avoid=("w",),
    )
    alone = dict(Rules.of(terms, lambda _: frozenset()).singly())
    assert list(alone) == [
        *("via x", "via y", "via_any", "via_country US", "via_country secrecy"),
        *("among", "borders", "leaves", "enters"),
    ]
    assert alone["among"].terms == Terms(among=("secrecy",), among_least=2, among_most=3)
    assert alone["via y"].terms == Terms(via=("y",))
    assert [need.name for need in alone["via_country secrecy"].needs] == ["via_country secrecy"]
    assert list(Rules.of(Terms(avoid=("w",)), lambda _: frozenset()).singly()) == []
