"""Output: words for people, canonical JSON for programs, one clear line on standard error for what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from graph_service.errors import DataError, GraphServiceError, NotFound, StoreError, UsageError

EXIT_CODES: Mapping[type[GraphServiceError], int] = {DataError: 1, NotFound: 1, UsageError: 2, StoreError: 3}
"""The exit code of an error is that of its family; anything else is 1."""


def exit_code(error: GraphServiceError) -> int:
    """The exit code of an error."""
    return next((code for family, code in EXIT_CODES.items() if isinstance(error, family)), 1)


def say(line: str = "") -> None:
    """A line on standard output."""
    typer.echo(line)


def complain(line: str) -> None:
    """A line on standard error."""
    typer.echo(line, err=True)


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
    """A progress bar on standard error, shown when the work takes more than a second."""
    if quiet:
        yield lambda _done, _expected: None
        return
    import time

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
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
        bar.stop()
