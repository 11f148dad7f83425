"""Output: words for people, canonical JSON for programs, one clear line on standard error for what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from graph_service.errors import DataError, GraphServiceError, NotFound, StoreError, UnknownKind, UsageError
from viz.text import shortened, visible

_LONGEST = 300

EXIT_CODES: Mapping[type[GraphServiceError], int] = {
    UnknownKind: 2,
    DataError: 1,
    NotFound: 1,
    UsageError: 2,
    StoreError: 3,
}
"""The exit code of an error is that of its nearest ancestor here, else 1; an unknown kind was named in the command."""


def exit_code(error: GraphServiceError) -> int:
    """The exit code of an error."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), 1)


def clean(text: object) -> str:
    """A value on one line for a terminal: control and direction characters are shown by their code points."""
    return shortened(visible(" ".join(str(text).split())), _LONGEST)


def say(line: str = "") -> None:
    """A line on standard output; what would steer the terminal is shown instead."""
    typer.echo(visible(line))


def complain(line: str) -> None:
    """A line on standard error, as safe as ``say``."""
    typer.echo(visible(line), err=True)


def put(value: object, lines: Callable[[], Iterable[str]], *, as_json: bool) -> None:
    """The value as canonical JSON, or told in words."""
    if as_json:
        from graph_service.api.wire import dumps

        typer.echo(dumps(value).decode(), nl=False)
        return
    for line in lines():
        say(line)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal's standard error, shown when the work takes more than a second."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _done, _expected: None
        return
    import time

    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True)
    task: Any = None

    def told(done: int, expected: int) -> None:
        nonlocal task
        if time.monotonic() - begun < 1.0:
            return
        if task is None:
            bar.start()
            task = bar.add_task(what, total=expected or None)
        bar.update(task, completed=done, total=expected or None)

    try:
        yield told
    finally:
        if task is not None:
            bar.stop()
