"""The catalogue: every question named once, whole, and with an example that its own parameters take."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from graph_service.errors import UnknownQuestion
from graph_service.network.compiled import PARTS
from queries.catalogue import CATALOGUE, question
from queries.question import AnyQuestion

QUESTIONS = list(CATALOGUE.values())


def test_the_questions_are_those_that_were_promised() -> None:
    """By family; each was asked for by name."""
    assert set(CATALOGUE) == {
        *("find", "entity", "expand"),
        *("shortest-paths", "k-paths", "all-paths", "best-evidence", "explain-path", "independent-routes"),
        *("time-ordered", "cycles", "reach", "common", "connecting-network"),
        *("components", "communities", "community", "cross-border-communities", "community-history"),
        *("bridges-between", "cores", "cliques"),
        *("degree", "key-players", "rank-uncertainty", "disruption", "similar"),
    }
    assert all(question(name).name == name for name in CATALOGUE)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.name)
def test_every_question_is_whole(asked: AnyQuestion) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", asked.name)
    assert asked.summary.endswith(("?", "."))
    assert callable(asked.memory)
    assert callable(asked.networkx)
    assert set(asked.compiled) <= set(PARTS)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.name)
def test_every_example_is_taken_by_its_own_parameters(asked: AnyQuestion) -> None:
    assert asked.example
    given = asked.parameters.model_validate(dict(asked.example))
    assert set(asked.example) <= set(given.model_dump())


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.name)
def test_every_parameter_is_described_and_unknown_ones_are_refused(asked: AnyQuestion) -> None:
    for name, field in asked.parameters.model_fields.items():
        assert field.description, name
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        asked.parameters.model_validate({**asked.example, "no_such_parameter": 1})


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.name)
def test_every_number_asked_for_is_bounded_on_both_sides(asked: AnyQuestion) -> None:
    for name, described in asked.parameters.model_json_schema()["properties"].items():
        if described.get("type") in {"integer", "number"}:
            assert {"minimum", "exclusiveMinimum"} & set(described), name
            assert {"maximum", "exclusiveMaximum"} & set(described), name


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.name)
def test_parameters_do_not_change_once_given(asked: AnyQuestion) -> None:
    given = asked.parameters.model_validate(dict(asked.example))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(given, next(iter(asked.parameters.model_fields)), None)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("shortest-path", "did you mean shortest-paths?"),
        ("shortest_paths", "did you mean shortest-paths?"),
        ("comunities", "did you mean communities"),
        ("degrees", "did you mean degree?"),
        ("xyzzy", "there are find, entity, expand"),
        ("", "there are find"),
    ],
)
def test_an_unknown_question_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UnknownQuestion, match=f"^no question '{name}'; {re.escape(hint)}"):
        question(name)
