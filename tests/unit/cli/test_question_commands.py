"""Questions as commands: options made from the parameters of the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.cli.main import run
from graph_service.cli.question_commands import flag_of
from queries.catalogue import CATALOGUE
from tests.unit.cli.typed import Asked, asked_with

__all__ = ["asked_with"]


def test_every_parameter_is_an_option_with_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name, question in CATALOGUE.items():
        assert run(["ask", name, "--help"]) == 0
        told = " ".join(capsys.readouterr().out.split())
        for parameter in question.parameters.model_fields:
            assert flag_of(parameter) in told
        assert "--min-grade" in told


@pytest.mark.parametrize(
    ("words", "parameters", "scope"),
    [
        (["degree"], {}, {}),
        (["degree", "--limit", "3", "--kind", "Subject"], {"limit": 3, "kind": "Subject"}, {}),
        (["degree", "--scope-kind", "Subject"], {}, {"kinds": ["Subject"]}),
        (["components", "--kind", "Subject", "--kind", "OWNER_OF"], {}, {"kinds": ["Subject", "OWNER_OF"]}),
        (
            ["shortest-paths", "--source", "a", "--target=b", "--max-hops", "4", "--directed"],
            {"source": "a", "target": "b", "max_hops": 4, "directed": True},
            {},
        ),
        (
            ["shortest-paths", "--source", "--a", "--target", "-", "--no-directed"],
            {"source": "--a", "target": "-", "directed": False},
            {},
        ),
        (["communities", "--resolution", "0.5", "--seed", "7"], {"resolution": 0.5, "seed": 7}, {}),
        (
            ["degree", "--from", "2014", "--to", "2015-06", "--known", "2020-01-01", "--min-grade", "B2"],
            {},
            {"from": "2014", "to": "2015-06", "known": "2020-01-01", "min_grade": "B2"},
        ),
        (["degree", "--as", "a, b,", "--events", "collapsed"], {}, {"as": ["a", "b"], "events": "collapsed"}),
        (["degree", "--as", ""], {}, {"as": []}),
    ],
)
def test_options_become_parameters_and_scope(
    asked_with: Asked, words: list[str], parameters: dict[str, Any], scope: dict[str, Any]
) -> None:
    assert run(["ask", *words, "--json"]) == 0
    assert asked_with[-1] == (words[0], parameters, scope, "auto")


def test_the_engine_is_an_option_too(asked_with: Asked) -> None:
    assert run(["ask", "degree", "--engine", "networkx", "--json"]) == 0
    assert asked_with[-1][3] == "networkx"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["shortest-paths", "--sorce", "a"],
            "did you mean --source or --sources?; it has --source, --target",
        ),
        (["shortest-paths", "--source", "a"], "say the target: an id, several, a kind or a country"),
        (["shortest-paths", "--source", "a", "--target", "b", "--max-hops", "many"], "valid integer"),
        (["shortest-paths", "--source"], "--source"),
        (["shortest-paths", "a", "b"], "unexpected extra argument"),
        (["degree", "extra"], "unexpected extra argument"),
        (["degre"], "did you mean degree?"),
        (["--json", "degree"], "--json"),
    ],
)
def test_what_is_mistyped_is_told_in_one_line(capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    assert run(["ask", *words]) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert says in told
    assert told.count("\n") == 1
