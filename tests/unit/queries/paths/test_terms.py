"""What a way may be asked to look like: what is refused, in which words, and what the terms say of themselves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from graph_service.errors import GraphServiceError, InvalidParameter
from graph_service.network.search import HORIZON
from queries.paths.terms import Ends, Terms
from queries.paths.unsuited import WHOLE_WAY, refuse
from tests.unit.queries.asking import ask, small

ENDS = {"source": "a", "target": "b"}
NARROWING: dict[str, Any] = {
    "avoid": "x",
    "avoid_kind": "Bank",
    "through_kind": "Bank",
    "amount_from": 0,
    "amount_to": 0,
    "currency": "USD",
    "hs_code": "85",
    "avoid_country": "US",
    "avoid_largest": "Bank:5",
}
COUNTED: dict[str, Any] = {
    "via": "x",
    "via_any": "x",
    "via_country": "US",
    "among": "secrecy",
    "borders": 1,
    "leaves": "US",
    "enters": "US",
}
SHAPING: dict[str, Any] = {
    "max_hops": 3,
    "limit": 3,
    "directed": True,
    "in_order": True,
    "among_least": 2,
    "among_most": 2,
    "hubs": "free",
    "hub_degree": 9,
}
"""What neither narrows the ground nor is counted by itself."""


# What is refused


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"amount_from": 2, "amount_to": 1}, "amount_from is more than amount_to"),
        ({"among": "secrecy", "among_least": 3, "among_most": 2}, "among_most is less than among_least"),
        ({"in_order": True, "via": "x"}, "in_order needs two entities in via at the least"),
        ({"in_order": True}, "in_order needs two entities in via at the least"),
        ({"avoid_largest": "Bank"}, "avoid_largest: 'Bank' is not a kind and a number, such as Bank:5"),
        ({"avoid_largest": "Bank:"}, "avoid_largest: 'Bank:' is not"),
        ({"avoid_largest": ":5"}, "avoid_largest: ':5' is not"),
        ({"avoid_largest": "Bank:-1"}, "avoid_largest: 'Bank:-1' is not"),
        ({"avoid_largest": "Bank:²"}, "avoid_largest: 'Bank:²' is not"),
        ({"avoid_largest": "Port:2,Bank:many"}, "avoid_largest: 'Bank:many' is not"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_that_name_the_field(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(says)):
        Ends.model_validate({**ENDS, **wrong})


@pytest.mark.parametrize(
    "field",
    ["via_country", "avoid_country", "among", "leaves", "enters", "source_country", "target_country"],
)
@pytest.mark.parametrize("wrong", ["secrecie", "U", "USA", "ß1"])
def test_what_is_neither_a_country_nor_a_group_is_refused_wherever_it_stands(field: str, wrong: str) -> None:
    with pytest.raises(InvalidParameter, match=f"^'{wrong}' is neither a country"):
        Ends.model_validate({**ENDS, field: f"US,{wrong}"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_hops": 0},
        {"max_hops": HORIZON + 1},
        {"limit": 0},
        {"amount_from": -0.01},
        {"amount_from": float("nan")},
        {"amount_to": -1},
        {"currency": "US"},
        {"currency": "DOLLAR"},
        {"currency": "US1"},
        {"hs_code": "8"},
        {"hs_code": "85.17"},
        {"hs_code": "12345678901"},
        {"among_least": -1},
        {"among_most": -1},
        {"borders": -1},
        {"hubs": "tamed"},
        {"hub_degree": 1},
        {"via": ",".join("abcdefghi")},
        {"via_country": "US,RU,PA,VG,DE,FR,IT,ES,PT"},
        {"through": "Bank"},
    ],
)
def test_what_is_out_of_bounds_or_unknown_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        Ends.model_validate({**ENDS, **wrong})
    assert [error["loc"] for error in refused.value.errors()] == [tuple(wrong)]


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_side_must_be_said_in_one_of_four_ways(side: str) -> None:
    other = {"source": "target", "target": "source"}[side]
    with pytest.raises(ValidationError, match=f"say the {side}: an id, several, a kind or a country"):
        Ends.model_validate({other: "a"})
    for said in ({side: "b"}, {f"{side}s": "b,c"}, {f"{side}_kind": "Bank"}, {f"{side}_country": "US"}):
        Ends.model_validate({other: "a", **said})


@pytest.mark.parametrize("engine", ["memory", "networkx"])
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"avoid_kind": "Banc"}, "Banc"),
        ({"through_kind": "REPRESENTS"}, "REPRESENTS"),
        ({"avoid_largest": "Banc:1"}, "Banc"),
        ({"source_kind": "Banc"}, "Banc"),
        ({"avoid": "nobody"}, "no entity 'nobody' in this scope"),
        ({"via": "nobody"}, "no entity 'nobody' in this scope"),
        ({"via_any": "b,nobody"}, "no entity 'nobody' in this scope"),
        ({"sources": "nobody"}, "no entity 'nobody' in this scope"),
        ({"target_kind": "Port", "target": ""}, "no entity of this scope is a target of that kind and country"),
        ({"target_country": "US", "target": ""}, "no entity of this scope is a target of that kind and country"),
    ],
)
def test_what_is_not_there_is_refused_by_both_engines_alike(engine: str, wrong: dict[str, Any], error: str) -> None:
    with pytest.raises(GraphServiceError, match=re.escape(error)):
        ask("shortest-paths", small("ab bc"), engine, **(ENDS | wrong))


# What the terms say of themselves


def test_names_are_a_list_or_one_text_with_commas() -> None:
    for given in (["x", "y"], ("x", "y"), "x,y", " x , y ,"):
        assert Ends.model_validate({**ENDS, "avoid": given}).avoid == ("x", "y")
    assert Ends.model_validate({**ENDS, "avoid": ["x,y"]}).avoid == ("x,y",), "an id may hold a comma in a list"
    assert Ends.model_validate({**ENDS, "avoid": ""}).avoid == ()


def test_the_ids_of_a_side_come_each_once_the_single_one_first() -> None:
    asked = Ends(source="c", sources=("a", "c", "b", "a"), target_kind="Bank")
    assert asked.ids("source") == ("c", "a", "b")
    assert asked.ids("target") == ()


@pytest.mark.parametrize(
    ("said", "selective"),
    [({}, False), ({"source_kind": "Bank"}, True), ({"target_country": "US"}, True), ({"targets": "x,y"}, False)],
)
def test_an_end_is_selective_when_it_is_named_by_kind_or_country(said: dict[str, Any], selective: bool) -> None:
    assert Ends.model_validate({**ENDS, **said}).selective is selective


def test_the_largest_are_a_kind_and_a_number() -> None:
    assert Terms(avoid_largest=("Bank:5", "Port:0")).largest == (("Bank", 5), ("Port", 0))


@pytest.mark.parametrize("name", sorted(Terms.model_fields))
def test_every_condition_counts_narrows_or_shapes(name: str) -> None:
    """Engines refuse narrowed terms, and search otherwise under counted ones: none may be forgotten."""
    value = (NARROWING | COUNTED | SHAPING)[name]
    more = {"via": "x,y"} if name == "in_order" else {"among": "secrecy"} if name == "among_most" else {}
    least = {"among_least": 1} if name == "among_most" else {}
    asked, without = Terms.model_validate({name: value, **more, **least}), Terms.model_validate(more | least)
    assert asked.counted == (name in COUNTED or without.counted)
    assert asked.narrowed == (name in NARROWING or name in COUNTED or without.narrowed)


# Refusing a shared condition


@pytest.mark.parametrize("name", WHOLE_WAY)
def test_a_condition_on_the_whole_way_is_refused_by_its_name_when_given(name: str) -> None:
    refuse(Ends.model_validate(ENDS), WHOLE_WAY, "not here")
    given = COUNTED.get(name, True)
    asked = Ends.model_validate({**ENDS, name: given} | ({"via": "x,y"} if name == "in_order" else {}))
    names = "via, in_order" if name == "in_order" else name
    with pytest.raises(ValueError, match=f"^{names}: not here$"):
        refuse(asked, WHOLE_WAY, "not here")
    refuse(asked, [other for other in WHOLE_WAY if other not in names.split(", ")], "not here")
