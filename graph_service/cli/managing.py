"""Commands about the service itself: questions, ontology, config, serve, compile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph_service.cli.options import AsJson
from graph_service.cli.show import put, say
from graph_service.config import read_settings, shown

if TYPE_CHECKING:
    from graph_service.model.ontology import Ontology

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
    from graph_service.api.wire import ontology_json
    from graph_service.model.ontology import load_ontology

    if check is not None:
        before = load_ontology()
        found = load_ontology(check)
        new = sorted((found.entity_kinds.keys() | found.link_kinds) - (before.entity_kinds.keys() | before.link_kinds))
        value: dict[str, object] = {"file": str(check), "holds": True, "new_kinds": new}
        put(value, lambda: [f"{check} holds together; new kinds: {', '.join(new) or 'none'}"], as_json=as_json)
        return
    known = load_ontology(*read_settings().graph_ontology)
    put(ontology_json(known), lambda: _kind_lines(known), as_json=as_json)


@app.command()
def config(as_json: AsJson = False) -> None:
    """The settings in force and where each comes from, secrets hidden."""
    found = shown(read_settings())
    value = {one.name: {"value": one.value, "from": one.origin} for one in found}
    put(
        value, lambda: (f"{one.name}={one.value}  # {one.description} ({one.origin})" for one in found), as_json=as_json
    )


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to bind to; this machine only unless told otherwise")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to bind to; 0 for any that is free")] = None,
) -> None:
    """Serve the API and the page until interrupted."""
    given = {"graph_host": host, "graph_port": port}
    chosen = {name: value for name, value in given.items() if value is not None}
    from graph_service.cli.serving import serve as run

    run(read_settings().model_copy(update=chosen))


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


def _kind_lines(known: Ontology) -> Iterator[str]:
    for kind in known.entity_kinds.values():
        yield f"{kind.name}: {kind.description}"
    for link in known.link_kinds.values():
        arrow = "→" if link.directed else "↔"
        yield f"{link.name}: {', '.join(link.domain)} {arrow} {', '.join(link.range)} — {link.description}"
