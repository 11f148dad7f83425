"""The command ``graph-service``: every command, and errors as one clear line with an exit code.

0 is success, 1 a problem of the data (or something not found), 2 of the command, 3 of the store.
"""

from __future__ import annotations

import difflib
import logging
import os
import sys
from collections.abc import Sequence

import typer

from graph_service import __version__
from graph_service.cli import asking, demo, loading, managing
from graph_service.cli.question_commands import PANEL
from graph_service.cli.show import complain, exit_code, say
from graph_service.errors import GraphServiceError, StoreError

_INTERRUPTED = 130

app = typer.Typer(
    name="graph-service",
    help="Link analysis: load what sources said, ask how it hangs together, draw it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for part in (loading, asking, managing, demo):
    app.registered_commands += part.app.registered_commands
    app.registered_groups += part.app.registered_groups


def _version(wanted: bool) -> None:
    if wanted:
        say(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version"),
) -> None:
    """Link analysis: load what sources said, ask how it hangs together, draw it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit. What libraries log is not told: errors are, and a service logs by itself."""
    logging.basicConfig(handlers=[logging.NullHandler()])
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. Errors are told on standard error, in one line and never as a traceback."""
    try:
        code = app(args=list(arguments), prog_name="graph-service", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:  # typer makes it of Ctrl-C, without a word
            complain("graph-service: interrupted")
        return code if isinstance(code, int) else 0
    except GraphServiceError as error:
        text = " ".join(str(error).split()) if isinstance(error, StoreError) else error  # the others' lines are listed
        complain(f"graph-service: {text}")
        return exit_code(error)
    except typer.TyperException as error:
        return _misused(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that nothing is flushed into the pipe
        return 0
    except (KeyboardInterrupt, typer.Abort):
        complain("graph-service: interrupted")
        return _INTERRUPTED
    except OSError as error:  # such as a disk that is full
        complain(f"graph-service: {': '.join(str(part) for part in (error.filename, error.strerror) if part)}")
        return 1
    except Exception as error:  # the last resort: a person gets a line, who asks for it the traceback
        if os.environ.get("GRAPH_DEBUG"):
            raise
        complain(f"graph-service: failed with {type(error).__name__}: {error} (GRAPH_DEBUG=1 shows where)")
        return 1


def _misused(error: typer.TyperException) -> int:
    """Tell what is wrong with the command itself; without any argument that is its help."""
    context = getattr(error, "ctx", None)
    text = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":
        say(text)
        return error.exit_code
    if (wrong := getattr(error, "option_name", None)) is not None and context is not None:
        text = f"{context.command_path.removeprefix('graph-service ')} has no option {wrong}" + _near(
            wrong, context.command.params
        )
    elif context is not None:
        text = f"{text.rstrip('.')} ({context.command_path} --help tells more)"
    complain(f"graph-service: {' '.join(text.split())}")
    return error.exit_code


def _near(wrong: str, params: Sequence[object]) -> str:
    """The options that look alike, and those that the question has."""
    known = {flag: getattr(each, "rich_help_panel", None) for each in params for flag in getattr(each, "opts", ())}
    near = difflib.get_close_matches(wrong, known, n=2, cutoff=0.7)
    own = [flag for flag, panel in known.items() if panel == PANEL]
    told = f"; did you mean {' or '.join(near)}?" if near else ""
    return told + (f"; it has {', '.join(own)}, and those of the scope" if own else "")


if __name__ == "__main__":
    main()
