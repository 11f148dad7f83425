"""``common`` against every simple way by definition, and the worked examples of the association weight."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pytest
from pydantic import ValidationError

from graph_service.errors import Cancelled, EntityNotFound
from graph_service.model.answer import Limits
from graph_service.model.records import LinkRecord
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.paths.association import association, base_of, shared_weight
from queries.paths.found import Tamed
from queries.paths.in_common import QUESTION, Associated, CommonParameters
from queries.paths.terms import Ends
from tests.unit.network.tables import Ledger, entity, link, plain_view, said
from tests.unit.queries.asking import ask, both, small
from tests.unit.queries.paths.ways import World, holds, simple_ways, world


def distances(made: World, one: str, given: dict[str, Any]) -> dict[str, int]:
    """How far everything is from one entity, by every simple way that holds."""
    found: dict[str, int] = {}
    terms = {name: given[name] for name in ("avoid_kind", "directed", "max_hops") if name in given}
    for thing in set(made.kinds) - {one}:
        asked = Ends(source=one, target=thing, **terms)
        lengths = [way.length for way in simple_ways(made, one, thing, asked) if holds(made, way, asked)]
        if lengths:
            found[thing] = min(lengths)
    return found


def parties(made: World, thing: str) -> int:
    others = {
        one.source if one.target == thing else one.target for one in made.links if thing in {one.source, one.target}
    }
    return len(others - {thing})


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_ways_from_each_lead_to_the_rarest_first(seed: int) -> None:
    dice = random.Random(seed)
    found = 0
    for _ in range(60):
        made = world(dice)
        ids = sorted(made.kinds)
        entities = sorted(dice.sample(ids, min(len(ids), dice.randint(2, 4))))
        given: dict[str, Any] = {"max_hops": dice.randint(1, 3), "directed": dice.random() < 0.3}
        if dice.random() < 0.3:
            given["avoid_kind"] = [dice.choice(["Bank", "MoneyTransfer"])]
        least, limit = dice.randint(2, len(entities)), dice.choice([1, 2, 100])
        finding = both("common", made.view, entities=entities, least=least, limit=limit, hubs="free", **given)
        far = {one: distances(made, one, given) for one in entities}
        rows = []
        for thing in set(ids) - set(entities):
            holders = [one for one in entities if thing in far[one]]
            if len(holders) >= least:
                rows.append((parties(made, thing), -len(holders), sum(far[one][thing] for one in holders), thing))
        rows.sort()
        told = finding.result.shared
        assert [(each.parties, each.id) for each in told] == [(row[0], row[3]) for row in rows[:limit]], given
        for each in told:
            expected = [(one, far[one][each.id]) for one in entities if each.id in far[one]]
            assert [(holder.id, holder.distance) for holder in each.holders] == expected
        assert finding.result.total == len(rows)
        direct = [{holder.id for holder in each.holders if holder.distance == 1} for each in told]
        tied = [pair for pair in itertools.combinations(entities, 2) if any(each.issuperset(pair) for each in direct)]
        assert sorted((pair.source, pair.target) for pair in finding.result.pairs) == tied or len(tied) > limit
        assert finding.truncated == (len(rows) > limit or len(tied) > limit)
        found += len(rows)
    assert found > 15, "too little was shared for this to say anything"


# The association weight


def certain(key: str, source: str, target: str, kind: str) -> list[LinkRecord]:
    """A link said by eight independent sources of the best grade, which is as good as certain: 1 to six digits."""
    return [link(key, source, target, kind, said(f"source {n}", "A1")) for n in range(8)]


def test_a_phone_and_an_address_shared_by_two() -> None:
    """Typologies, 1.9: phone shared by 2 and address shared by 2 give .786."""
    records = [
        certain("1", "a", "phone", "HAS_PHONE"),
        certain("2", "b", "phone", "HAS_PHONE"),
        certain("3", "a", "home", "RESIDES_AT"),
        certain("4", "b", "home", "RESIDES_AT"),
    ]
    things = [entity("a"), entity("b"), entity("phone", "Phone"), entity("home", "Address")]
    result = both(
        "common", View(Ledger().put(things, list(itertools.chain(*records))).network()), entities=["a", "b"]
    ).result
    assert result.pairs == (Associated("a", "b", 2, result.pairs[0].weight),)
    assert round(result.pairs[0].weight, 3) == 0.786
    assert [each.id for each in result.shared] == ["home", "phone"]


def test_an_address_of_an_agent_shared_by_four_hundred() -> None:
    """Typologies, 1.9: an agent-type address shared by 400, even at base .8, gives .093."""
    names = ["a", "b", *(f"other {n}" for n in range(398))]
    records = [certain("a", "a", "home", "RESIDES_AT"), certain("b", "b", "home", "RESIDES_AT")]
    others = [link(name, name, "home", "RESIDES_AT") for name in names[2:]]
    things = [entity("home", "Address"), *map(entity, names)]
    view = View(Ledger().put(things, [*itertools.chain(*records), *others]).network())
    result = both("common", view, entities=["a", "b"]).result
    assert result.shared[0].parties == 400
    assert round(result.pairs[0].weight, 3) == 0.093


def test_the_weight_of_typologies_by_its_formula() -> None:
    assert round(association([shared_weight(0.9, 1.0, 2), shared_weight(0.8, 1.0, 2)]), 3) == 0.786
    assert round(association([shared_weight(0.8, 1.0, 400)]), 3) == 0.093
    assert association([]) == 0.0
    assert (base_of("USES_DEVICE"), base_of("TRAVELLED_ON"), base_of("REPRESENTS")) == (0.95, 0.05, 0.5)


def test_every_kind_with_a_base_is_one_of_the_ontology() -> None:
    from graph_service.model.ontology import load_ontology
    from queries.paths.association import BASES

    assert set(BASES) <= set(load_ontology().link_kinds)


def test_the_weight_counts_the_likelihood_of_every_link_and_the_weakest_kind() -> None:
    """By hand: director at A1 (.95 * .95) and employed at B2 (.8 * .8), base .4 of the two, two parties."""
    links = [
        link("1", "a", "firm", "DIRECTOR_OF", said(grade="A1")),
        link("2", "b", "firm", "EMPLOYED_BY", said(grade="B2")),
    ]
    view = View(Ledger().put([entity("a"), entity("b"), entity("firm", "Organization")], links).network())
    expected = round(0.4 * 0.95 * 0.95 * 0.8 * 0.8 / math.log2(3), 9)
    assert both("common", view, entities=["a", "b"]).result.shared[0].weight == pytest.approx(expected, abs=2e-9)


def test_of_parallel_links_the_one_that_says_most_counts() -> None:
    links = [
        link("1", "a", "home", "LOCATED_AT", said(grade="A1")),
        link("2", "a", "home", "RESIDES_AT", said(grade="A1")),
        link("3", "b", "home", "RESIDES_AT", said(grade="A1")),
    ]
    view = View(Ledger().put([entity("a"), entity("b"), entity("home", "Address")], links).network())
    finding = both("common", view, entities=["a", "b"])
    assert [ref.id for ref in finding.links] == ["2", "3"]


def test_pairs_count_only_what_both_are_linked_to() -> None:
    """With two links allowed a, b and c all reach x and y, but only a and b hold x themselves."""
    result = both("common", small("ax bx by cy"), entities=["a", "b", "c"], max_hops=3).result
    assert [(pair.source, pair.target, pair.shared) for pair in result.pairs] == [("a", "b", 1), ("b", "c", 1)]


# The contract


def test_the_entities_themselves_are_nothing_shared() -> None:
    assert both("common", small("ab bc"), entities=["a", "b", "c"], max_hops=3).result.shared == ()


def test_directed_is_what_all_lead_to_and_backwards_what_leads_to_all() -> None:
    view = small("ax bx ya yb")
    assert [each.id for each in both("common", view, entities="a,b", directed=True).result.shared] == ["x"]
    above = both("common", view, entities="a,b", directed=True, backwards=True).result.shared
    assert [each.id for each in above] == ["y"]


def test_hubs_are_led_through_only_where_nothing_is_shared_otherwise() -> None:
    view = small("ah bh hx hy ak bl kz lz")
    result = both("common", view, entities=["a", "b"], max_hops=2, hub_degree=4).result
    assert [each.id for each in result.shared] == ["z", "h"]
    assert result.tamed == Tamed(("h",), 1, passed=False)
    apart = small("ah hx xy yb hc hd")
    result = both("common", apart, entities=["a", "b"], max_hops=2, hub_degree=4).result
    assert [each.id for each in result.shared] == ["x"]
    assert result.tamed == Tamed(("h",), 1, passed=True)
    assert both("common", apart, entities=["a", "b"], max_hops=2, hub_degree=4, hubs="ends").result.shared == ()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"entities": ["a"]}, "entities"),
        ({"entities": ["a", "a"]}, "entities: say two different ones"),
        ({"entities": [f"e{n}" for n in range(101)]}, "entities"),
        ({"entities": ["a", "b"], "least": 3}, "least: 3 is more than the 2"),
        ({"entities": ["a", "b"], "max_hops": 4}, "max_hops"),
        ({"entities": ["a", "b"], "via_any": ["c"]}, "via_any: common lists"),
        ({"entities": ["a", "b"], "backwards": True}, "backwards: goes with directed"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        CommonParameters(**wrong)


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_unknown_entities_are_refused(engine: str) -> None:
    with pytest.raises(EntityNotFound, match=r"^no entity '\?' in this scope$"):
        ask("common", small("ab"), engine, entities=["a", "?"])


def test_a_spent_budget_tells_that_more_exists() -> None:
    view = plain_view(20_002, [(side, n) for side in (0, 1) for n in range(2, 20_002)])
    finding = ask("common", view, limits=Limits(links=10_000), entities=["0", "1"], max_hops=3, hubs="free")
    assert finding.truncated
    with Budget() as budget:
        budget.call_off()
        with pytest.raises(Cancelled):
            QUESTION.memory(view, CommonParameters(entities=("0", "1")), budget)
