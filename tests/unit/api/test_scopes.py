"""A scope from the names its options have."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.api.scopes import scope_body
from graph_service.api.wire import scope_json
from graph_service.errors import InvalidScope
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import EVERYTHING


@pytest.mark.parametrize(
    "given", [{}, {"kinds": []}, {"kinds": None, "as": None, "from": None}, {"from": "", "to": ""}]
)
def test_absent_null_and_empty_are_one_thing(given: dict[str, Any]) -> None:
    assert scope_body(given).scope(load_ontology()) == EVERYTHING


def test_holding_nothing_is_not_holding_everything() -> None:
    for given in ([], [""]):
        assert scope_body({"as": given}).scope(load_ontology()).markings == frozenset()


def test_what_is_read_is_told_back() -> None:
    given = {"as": ["a,b", "c"], "from": "2014-05", "to": "2015", "known": "2020-01-01T10:00:00+02:00"}
    scope = scope_body(given | {"kinds": ["DIRECTOR_OF", "Passport"], "min_grade": "5x5x5:B23"}).scope(load_ontology())
    assert scope_json(scope) == {
        "as": ["a", "b", "c"],
        "from": "2014-05",
        "to": "2015",
        "known": "2020-01-01T08:00:00.000000Z",
        "kinds": ["DIRECTOR_OF", "Passport"],
        "min_grade": "5x5x5:B2",
        "events": "kept",
    }
    again = scope_body(scope_json(scope)).scope(load_ontology())
    assert again == scope


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"markings": ["a"]}, "markings"),
        ({"as": "a"}, "as"),
        ({"from": "last year"}, "last year"),
        ({"known": "2020-13"}, "2020-13"),
        ({"events": "some"}, "events"),
        ({"kinds": ["Subjekt"]}, "did you mean"),
        ({"min_grade": "B9"}, "B9"),
    ],
)
def test_what_says_nothing_sensible_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidScope, match=says):
        scope_body(given).scope(load_ontology())
