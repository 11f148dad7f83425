"""Ways by evidence: the worked examples to the digit, age, hubs, and what a path stands on."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from graph_service.errors import EntityNotFound, InvalidParameter
from graph_service.network.view import View
from queries.paths.best_evidence import strength
from queries.paths.costs import Recency, evidence_cost, hub_toll
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import ask, both
from tests.unit.queries.paths.ways import world


def graded(**links: str) -> View:
    """Links written ``ab="B2"``; each by one source."""
    made = [link(name, name[0], name[1], by=said("s", grade)) for name, grade in links.items()]
    names = sorted({end for name in links for end in name[:2]})
    return View(Ledger().put([entity(name) for name in names], made).network())


def test_the_likelier_way_may_be_the_longer() -> None:
    """B2 twice is .41; A1 three times is .735 (typologies, 3.1, with the grades that this scale has)."""
    view = graded(sh="B2", ht="B2", sx="A1", xy="A1", yt="A1")
    finding = both("best-evidence", view, source="s", target="t")
    assert [path.entities for path in finding.result.paths] == [("s", "x", "y", "t"), ("s", "h", "t")]
    assert [one.probability for one in finding.result.strengths] == [round(0.9025**3, 6), round(0.64**2, 6)]


def test_costs_of_the_worked_example() -> None:
    """P = .8: S-hub(500 links)-T costs 2.412, S-a-b-T with two links at each 0.852 (typologies, 3.1)."""
    past_hub = 2 * evidence_cost(0.8) + hub_toll(500, 0.5)
    past_two = 3 * evidence_cost(0.8) + 2 * hub_toll(2, 0.5)
    assert (round(past_hub / 1e6, 3), round(past_two / 1e6, 3)) == (2.412, 0.852)


def test_a_chain_multiplies_and_its_weakest_link_is_named() -> None:
    """Six hops of B2 hold with .07; the first by id of equally weak links is named."""
    view = graded(ab="B2", bc="B2", cd="B2", de="B2", ef="B2", fg="B2")
    [told] = both("best-evidence", view, source="a", target="g").result.strengths
    assert round(told.probability, 2) == 0.07
    assert (told.weakest, told.weakest_probability, told.weakest_sources) == ("ab", 0.64, 1)
    assert told.strengthened_link == pytest.approx(1 - 0.36 * 0.36)
    assert told.strengthened == pytest.approx(0.64**5 * 0.8704, abs=1e-6)


def test_corroboration_by_another_source_counts_and_by_the_same_does_not() -> None:
    ends = [entity("a"), entity("b")]
    alone = [link("l", "a", "b", by=said("one", "B2"))]
    for more, expected, sources in (
        ([], 0.64, 1),
        ([link("l", "a", "b", by=said("one", "C3"))], 0.64, 1),
        ([link("l", "a", "b", by=said("two", "C3"))], 0.7696, 2),
    ):
        view = View(Ledger().put(ends, [*alone, *more]).network())
        [told] = both("best-evidence", view, source="a", target="b").result.strengths
        assert (told.probability, told.weakest_sources) == (expected, sources)


def test_old_evidence_weighs_less() -> None:
    old = link("old", "a", "b", by=said("s", "A1", valid=("2010-01-01", "2010-01-01")))
    new = link("new", "a", "b", by=said("s", "C3", valid=("2020-01-01", "2020-01-01")))
    view = View(Ledger().put([entity("a"), entity("b")], [old, new]).network())
    fresh = both("best-evidence", view, source="a", target="b").result
    aged = both("best-evidence", view, source="a", target="b", half_life=365).result
    assert [path.links for path in fresh.paths] == [("old",), ("new",)]
    assert [path.links for path in aged.paths] == [("new",), ("old",)]
    days = 3_652  # from 2010-01-01 to 2020-01-01
    assert aged.strengths[1].weakest_probability == pytest.approx(0.9025 * 0.5 ** (days / 365), abs=1e-6)
    at_the_time = both("best-evidence", view, source="a", target="b", half_life=365, as_of="2010-01-01").result
    assert [path.links for path in at_the_time.paths] == [("old",), ("new",)]


def test_what_still_holds_has_no_age() -> None:
    assert Recency(10.0, at=100).weighed(0.8, 2**31 - 1) == 0.8
    assert Recency(10.0, at=100).weighed(0.8, 90) == 0.4


def test_passing_a_hub_costs_where_it_is_asked() -> None:
    made = [
        link("sh", "s", "h"),
        link("ht", "h", "t"),
        link("sa", "s", "a"),
        link("ab", "a", "b"),
        link("bt", "b", "t"),
    ]
    others = [entity(f"n{number}") for number in range(40)]
    made += [link(f"x{number}", "h", f"n{number}") for number in range(40)]
    view = View(Ledger().put([*map(entity, "shtab"), *others], made).network())
    plain = both("best-evidence", view, source="s", target="t", limit=1).result.paths
    tolled = both("best-evidence", view, source="s", target="t", limit=1, hub_weight=2.0).result.paths
    assert [path.entities for path in (*plain, *tolled)] == [("s", "h", "t"), ("s", "a", "b", "t")]


@pytest.mark.parametrize("seed", range(4))
def test_paths_with_tolls_are_the_cheapest_of_all(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        made = world(dice)
        source, target = dice.sample(sorted(made.kinds), 2)
        every = both("all-paths", made.view, source=source, target=target, max_hops=5, hubs="free").result.paths
        weight = dice.choice([0.0, 0.5, 3.0])
        best = both(
            "best-evidence",
            made.view,
            source=source,
            target=target,
            max_hops=5,
            hub_weight=weight,
            limit=3,
            hubs="free",
        ).result.paths
        likely = {each.link_id: each.said.grade.probability for each in made.links}
        many = {one: sum(one in {each.source, each.target} for each in made.links) for one in made.kinds}
        costs = sorted(
            sum(evidence_cost(likely[each]) for each in path.links)
            + sum(hub_toll(many[one], weight) for one in path.entities[1:-1])
            for path in every
        )
        assert [round(path.cost * 1e6) for path in best] == costs[:3]


def test_strength_is_the_product_of_clipped_likelihoods() -> None:
    told = strength([("l", 0.0, 0), ("k", 1.0, 3)])
    assert told.probability == pytest.approx(0.01 * 0.99)
    assert told.weakest == "l"


def test_a_path_is_explained_step_by_step_with_its_ranks() -> None:
    view = graded(sh="B2", ht="B2", sx="A1", xy="A1", yt="A1")
    told = both("explain-path", view, source="s", links=["sh", "ht"])
    assert [(step.source, step.target, step.probability) for step in told.result.steps] == [
        ("s", "h", 0.64),
        ("h", "t", 0.64),
    ]
    assert [(rank.by, rank.place, [path.links for path in rank.better]) for rank in told.result.ranks] == [
        ("links", 1, []),
        ("evidence", 2, [("sx", "xy", "yt")]),
    ]
    assert {ref.id for ref in told.links} == {"sh", "ht", "sx", "xy", "yt"}
    longer = both("explain-path", view, source="s", links=["sx", "xy", "yt"]).result
    assert [rank.place for rank in longer.ranks] == [2, 1]
    assert longer.strength.probability == round(0.9025**3, 6)


def test_a_rank_beyond_the_count_is_not_guessed() -> None:
    view = graded(**{f"ab{n}": "B2" for n in range(5)}, ac="E5", cb="E5")
    told = both("explain-path", view, source="a", links=["ac", "cb"], ranked_among=3)
    assert [rank.place for rank in told.result.ranks] == [None, None]
    assert told.truncated
    assert [rank.place for rank in both("explain-path", view, source="a", links=["ac", "cb"]).result.ranks] == [6, 6]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"source": "nobody", "links": ["sh"]}, EntityNotFound),
        ({"source": "s", "links": ["ht"]}, InvalidParameter),
        ({"source": "s", "links": ["sh", "sh"]}, InvalidParameter),
    ],
)
def test_what_is_no_path_is_refused(asked: dict[str, Any], error: type[Exception]) -> None:
    view = graded(sh="B2", ht="B2")
    for engine in ("memory", "networkx"):
        with pytest.raises(error):
            ask("explain-path", view, engine, **asked)


def test_a_likelihood_is_never_certain_on_a_way() -> None:
    assert evidence_cost(1.0) == round(-math.log(0.99) * 1e6)
    assert evidence_cost(0.0) == round(-math.log(0.01) * 1e6)
