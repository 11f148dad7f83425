"""Commands that ask: find, entity, ask, chart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from graph_service.cli.options import (
    As,
    AsJson,
    Engine,
    Events,
    From,
    Kind,
    Known,
    MinGrade,
    To,
    question_parameters,
    scope_of,
)
from graph_service.cli.session import client, ontology
from graph_service.cli.show import put, say
from graph_service.cli.words import Teller

app = typer.Typer()
_ANY_OPTION = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command()
def find(  # typer shows the options
    text: Annotated[str, typer.Argument(help="Words of a name, an address, a number ...")],
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind of entity")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Only this country (ISO 3166 alpha-2)")] = None,
    limit: Annotated[int, typer.Option(help="Hits at the most")] = 20,
    start: From = None,
    end: To = None,
    known: Known = None,
    min_grade: MinGrade = None,
    markings: As = None,
    engine: Engine = "auto",
    as_json: AsJson = False,
) -> None:
    """Find entities by text; typing errors, accents and case are forgiven."""
    scope = scope_of(None, start, end, known, min_grade, markings, "kept")
    _ask("find", {"text": text, "kind": kind, "country": country, "limit": limit}, scope, engine, as_json=as_json)


@app.command()
def entity(
    entity_id: Annotated[str, typer.Argument(metavar="ID")],
    start: From = None,
    end: To = None,
    known: Known = None,
    min_grade: MinGrade = None,
    markings: As = None,
    engine: Engine = "auto",
    as_json: AsJson = False,
) -> None:
    """All that is known of one entity, by source."""
    scope = scope_of(None, start, end, known, min_grade, markings, "kept")
    _ask("entity", {"entity": entity_id}, scope, engine, as_json=as_json)


@app.command(context_settings=_ANY_OPTION)
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question of the catalogue; see 'questions'")],
    kind: Kind = None,
    start: From = None,
    end: To = None,
    known: Known = None,
    min_grade: MinGrade = None,
    markings: As = None,
    events: Events = "kept",
    engine: Engine = "auto",
    as_json: AsJson = False,
) -> None:
    """Ask a question; its own options follow its parameters, such as --source ID --max-hops 4."""
    parameters, kinds = _parameters(question, context.args, kind)
    scope = scope_of(kinds, start, end, known, min_grade, markings, events)
    _ask(question, parameters, scope, engine, as_json=as_json)


@app.command(context_settings=_ANY_OPTION)
def chart(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question of the catalogue")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write")],
    kind: Kind = None,
    start: From = None,
    end: To = None,
    known: Known = None,
    min_grade: MinGrade = None,
    markings: As = None,
    events: Events = "kept",
    engine: Engine = "auto",
) -> None:
    """Draw the answer to a question as one HTML file that opens without a network."""
    parameters, kinds = _parameters(question, context.args, kind)
    scope = scope_of(kinds, start, end, known, min_grade, markings, events)
    with client() as service:
        page = service.chart(question, parameters, scope, engine)
    output.write_text(page, encoding="utf-8")
    say(f"wrote {output} ({len(page.encode()):,} bytes)")


def _parameters(question: str, words: list[str], kinds: list[str] | None) -> tuple[dict[str, Any], list[str] | None]:
    """The question's parameters; ``--kind`` belongs to a question that has a parameter of that name."""
    from queries.catalogue import question as known

    parameters = question_parameters(question, words)
    if kinds and "kind" in known(question).parameters.model_fields:
        return parameters | {"kind": kinds[0]}, kinds[1:] or None
    return parameters, kinds


def _ask(name: str, parameters: dict[str, Any], scope: dict[str, Any], engine: str, *, as_json: bool) -> None:
    with client() as service:
        answer = service.ask(name, parameters, scope, engine)
    put(answer, lambda: Teller(answer, ontology()).lines(), as_json=as_json)
