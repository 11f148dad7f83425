"""Commands that ask: find, entity, ask, chart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from graph_service.cli.client import Client, Json
from graph_service.cli.options import AsJson, Engine, scoped
from graph_service.cli.question_commands import question_group
from graph_service.cli.session import client
from graph_service.cli.show import put, say
from graph_service.errors import DataError, EntityNotFound, GraphServiceError, NotFound, UsageError

app = typer.Typer()
_CANDIDATES = 5


def find(
    scope: dict[str, Any],
    text: Annotated[str, typer.Argument(help="Words of a name, an address, a number ...", show_default=False)] = "",
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind of entity, or one below it")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Only this country (ISO 3166 alpha-2)")] = None,
    identifier: Annotated[str | None, typer.Option("--identifier", help="A whole identifier")] = None,
    limit: Annotated[int, typer.Option("--limit", help="Hits at the most")] = 20,
    engine: Engine = "auto",
    as_json: AsJson = False,
) -> None:
    """Find entities by text, kind, country or identifier; typing errors, accents and case are forgiven."""
    asked = {"text": text, "kind": kind, "country": country, "identifier": identifier, "limit": limit}
    given = {name: value for name, value in asked.items() if value not in {None, ""}}
    _ask("find", given, scope, engine, as_json=as_json)


def entity(
    scope: dict[str, Any],
    entity_id: Annotated[str, typer.Argument(metavar="ID", help="The entity's id; 'find' tells it")],
    engine: Engine = "auto",
    as_json: AsJson = False,
) -> None:
    """All that is known of one entity, by source."""
    _ask("entity", {"entity": entity_id}, scope, engine, as_json=as_json)


def _ask(
    question: str,
    parameters: dict[str, Any],
    scope: dict[str, Any],
    engine: Engine = "auto",
    as_json: AsJson = False,
) -> None:
    with client() as service:
        answer = answered(service, question, parameters, scope, engine)
        put(answer, lambda: told(service, answer), as_json=as_json)


def _chart(
    question: str,
    parameters: dict[str, Any],
    scope: dict[str, Any],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="The HTML file to write, or an SVG file for a plot", show_default=False),
    ],
    engine: Engine = "auto",
) -> None:
    if output.suffix.lower() == ".svg":
        _plot(question, parameters, scope, output, engine)
        return
    with client() as service:
        try:
            page = service.chart(question, parameters, scope, engine)
        except EntityNotFound as error:
            raise _with_candidates(service, error, scope) from None
    write(output, page)
    say(f"wrote {output} ({len(page.encode()):,} bytes); it opens in any browser, without a network")


def _plot(question: str, parameters: Json, scope: Json, output: Path, engine: str) -> None:
    """Write the plot of an answer; a usage error where its question has none."""
    from viz.figures import PLOTTED, plot_of

    if question not in PLOTTED:
        raise UsageError(f"{question} has no plot: name an HTML file; plots are made of {', '.join(PLOTTED)}")
    with client() as service:
        plot = plot_of(answered(service, question, parameters, scope, engine))
    write(output, plot)
    say(f"wrote {output} ({len(plot.encode()):,} bytes)")


def answered(service: Client, question: str, parameters: Json, scope: Json, engine: str = "auto") -> Json:
    """The answer; when an entity is not there, the error names those that are called so."""
    try:
        return service.ask(question, parameters, scope, engine)
    except EntityNotFound as error:
        raise _with_candidates(service, error, scope) from None


def told(service: Client, answer: Json) -> list[str]:
    """The answer in words."""
    from graph_service.cli.words.telling import tell

    return list(tell(answer, service.ontology(), service.sources()["sources"]))


def write(path: Path, text: str) -> None:
    """Write a file, or say in one line why it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}") from None


def _with_candidates(service: Client, error: EntityNotFound, scope: Json) -> GraphServiceError:
    """The error with entities that are called like the id that is not there."""
    from graph_service.cli.words.told import named

    _, _, last = error.entity_id.rpartition(":")
    for text in dict.fromkeys((error.entity_id, last.replace("-", " "))):
        found = service.ask("find", {"text": text[:1_000], "limit": _CANDIDATES}, scope, "auto") if text.strip() else {}
        if found and found["result"]["hits"]:
            known = {one["id"]: one for one in found["subgraph"]["entities"]}
            near = "; ".join(f"{hit['id']} ({named(known[hit['id']])})" for hit in found["result"]["hits"])
            return NotFound(f"{error}; called so: {near}")
    return NotFound(f"{error}; 'graph-service find TEXT' finds ids by name")


app.command()(scoped(find, kind="--scope-kind"))
app.command()(scoped(entity))
_HELP = "{verb}; the question comes first, then its own options: {name} QUESTION --help shows them."
for _name, _act, _verb in (("ask", _ask, "Ask a question"), ("chart", _chart, "Draw the answer to a question")):
    _group = typer.Typer(
        cls=question_group(_act, f"{_name.capitalize()}Group"),
        help=_HELP.format(verb=_verb, name=_name),
        subcommand_metavar="QUESTION [--param value]...",
        no_args_is_help=True,
        add_completion=False,
    )
    app.add_typer(_group, name=_name)
