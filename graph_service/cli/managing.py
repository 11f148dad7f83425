"""Commands about the service itself: questions, ontology, config, serve, compile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from graph_service.cli.options import AsJson
from graph_service.cli.session import ontology as present_ontology
from graph_service.cli.show import put, say
from graph_service.config import read_settings

app = typer.Typer()


@app.command()
def questions(as_json: AsJson = False) -> None:
    """The questions that can be asked, with their options."""
    from graph_service.api.wire import catalogue_json

    put(catalogue_json(), _question_lines, as_json=as_json)


@app.command()
def ontology(
    check: Annotated[Path | None, typer.Option("--check", help="An ontology file of your own to check")] = None,
    as_json: AsJson = False,
) -> None:
    """The kinds of entities and links; with --check, whether a file of your own holds together."""
    if check is not None:
        from graph_service.model.ontology import load_ontology

        load_ontology(check)
        say(f"{check}: holds together")
        return
    known = present_ontology()
    value = {"entity_kinds": list(known.entity_kinds.values()), "link_kinds": list(known.link_kinds.values())}
    put(value, _kind_lines, as_json=as_json)


@app.command()
def config(as_json: AsJson = False) -> None:
    """The settings in force, secrets hidden."""
    shown = read_settings().shown()
    put(shown, lambda: (f"{name}={value}" for name, value in shown.items()), as_json=as_json)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to bind to; this machine only unless told otherwise")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to bind to")] = None,
) -> None:
    """Serve the API and the page until interrupted."""
    from graph_service.cli.serving import serve as run

    given = {"graph_host": host, "graph_port": port}
    run(read_settings().model_copy(update={name: value for name, value in given.items() if value is not None}))


@app.command("compile")
def compile_kernels() -> None:
    """Compile the search loops ahead, so that no question waits for it."""
    from graph_service.network.warm import warm_up

    say(f"compiled in {warm_up():.1f} s")


def _question_lines() -> Iterator[str]:
    from queries.catalogue import CATALOGUE

    for asked in CATALOGUE.values():
        yield f"{asked.name}: {asked.summary}"
        for name, field in asked.parameters.model_fields.items():
            needed = "required" if field.is_required() else f"default {field.default!r}"
            yield f"    --{name.replace('_', '-')}  {field.description} ({needed})"


def _kind_lines() -> Iterator[str]:
    known = present_ontology()
    for kind in known.entity_kinds.values():
        yield f"{kind.name}: {kind.description}"
    for link in known.link_kinds.values():
        arrow = "→" if link.directed else "↔"
        yield f"{link.name}: {', '.join(link.domain)} {arrow} {', '.join(link.range)} — {link.description}"
