"""Options that many commands share, and how a question's own options are read from its parameters."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from graph_service.errors import UsageError

Kind = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind of entity or link; may be repeated")]
From = Annotated[str | None, typer.Option("--from", help="First day of the window: YYYY, YYYY-MM or YYYY-MM-DD")]
To = Annotated[str | None, typer.Option("--to", help="Last day of the window")]
Known = Annotated[str | None, typer.Option("--known", help="As it was known on that day or at that moment")]
MinGrade = Annotated[str | None, typer.Option("--min-grade", help="Only records of at least this grade, such as B2")]
As = Annotated[str | None, typer.Option("--as", help="Only what a holder of these markings may see, parted by commas")]
Events = Annotated[str, typer.Option("--events", help="kept as nodes, or collapsed to direct links")]
Engine = Annotated[str, typer.Option("--engine", help="auto, memory, neo4j or networkx")]
AsJson = Annotated[bool, typer.Option("--json", help="The answer as the API gives it")]


def scope_of(  # the scope's own seven dimensions
    kind: Sequence[str] | None,
    start: str | None,
    end: str | None,
    known: str | None,
    min_grade: str | None,
    markings: str | None,
    events: str,
) -> dict[str, Any]:
    """The scope as the API takes it."""
    held = None if markings is None else [one.strip() for one in markings.split(",") if one.strip()]
    given = {"as": held, "from": start, "to": end, "known": known, "min_grade": min_grade}
    scope: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return scope | {"events": events} | ({"kinds": list(kind)} if kind else {})


def question_parameters(name: str, words: Sequence[str]) -> dict[str, Any]:
    """The parameters of a question from words such as ``--max-hops 4 --directed``.

    UsageError names the nearest option for one that the question does not have.
    """
    from queries.catalogue import question

    fields = question(name).parameters.model_fields
    options = {"--" + field.replace("_", "-"): field for field in fields}
    given: dict[str, Any] = {}
    rest = list(words)
    while rest:
        option, _, value = rest.pop(0).partition("=")
        if option not in options:
            near = difflib.get_close_matches(option, options, n=2)
            hint = f"; did you mean {' or '.join(near)}?" if near else f"; it has {', '.join(options)}"
            raise UsageError(f"{name} has no option {option}{hint}")
        field = options[option]
        if fields[field].annotation is bool:
            given[field] = value.lower() not in {"false", "no", "0"} if value else True
            continue
        if not value:
            if not rest:
                raise UsageError(f"{option} needs a value")
            value = rest.pop(0)
        given[field] = value
    return given
