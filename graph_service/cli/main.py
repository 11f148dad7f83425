"""The command ``graph-service``: every command, and errors as one clear line with an exit code.

0 is success, 1 a problem of the data (or something not found), 2 of the command, 3 of the store.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from graph_service import __version__
from graph_service.cli import asking, demo, loading, managing
from graph_service.cli.show import complain, exit_code, say
from graph_service.errors import GraphServiceError

app = typer.Typer(
    name="graph-service",
    help="Link analysis: load what sources said, ask how it hangs together, draw it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for part in (loading, asking, managing, demo):
    app.registered_commands += part.app.registered_commands


def _version(wanted: bool) -> None:  # typer calls it
    if wanted:
        say(__version__)
        raise typer.Exit


@app.callback()
def options(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True)) -> None:
    """Link analysis: load what sources said, ask how it hangs together, draw it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except GraphServiceError as error:
        complain(f"graph-service: {error}")
        sys.exit(exit_code(error))
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
