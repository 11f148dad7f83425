"""The demo: loads the case that ships with the package, asks its questions, explains the answers, draws charts."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph_service.cli.asking import answered, told, write
from graph_service.cli.client import Client
from graph_service.cli.loading import report_lines
from graph_service.cli.question_commands import flag_of
from graph_service.cli.session import client
from graph_service.cli.show import progress, say
from graph_service.config import Settings, StoreChoice, read_settings
from graph_service.errors import DataError

if TYPE_CHECKING:
    from loaders.scenario.story import Ask, Story

app = typer.Typer()
_LINES_SHOWN = 16


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--path", help="Folder for the graph and the charts")] = Path("demo"),
) -> None:
    """Load the case that ships with the package, ask it questions, draw charts."""
    from loaders.scenario.shipped import shipped_stories

    settings = _settings(folder)
    with client(settings) as service:
        _load(service, folder)
        for story in shipped_stories():
            _tell(service, story, folder)
    for line in _how_to_go_on(settings.graph_path, folder):
        say(line)


def _settings(folder: Path) -> Settings:
    """The settings in force, but for the store: the demo has a file of its own."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"cannot make the folder {folder}: {error.strerror}") from None
    own = {"graph_store": StoreChoice.EMBEDDED, "graph_path": folder / "demo.duckdb"}
    return read_settings().model_copy(update=own | {"graph_rejects": folder / "rejects"})


def _load(service: Client, folder: Path) -> None:
    from loaders.scenario.shipped import shipped_files

    say("Loading a made-up case: people, companies, a shipping line, money, cargo and trips in three regions.")
    say("Some rows are wrong on purpose; they are refused one by one, with the reason, and the rest loads.")
    with progress("loading", quiet=False) as report:
        for file in shipped_files():
            for line in report_lines(service.load([file.path], file.options(folder / "rejects"), report)):
                say("  " + line)
    stats = service.stats({})
    say(f"{stats['entities']:,} entities and {stats['links']:,} links from {stats['sources']:,} sources.")


def _tell(service: Client, story: Story, folder: Path) -> None:
    say()
    say(f"== {story.title} ==")
    say(story.summary)
    for number, ask in enumerate(story.asks, 1):
        say()
        say(f"? {ask.title}")
        parameters, scope = dict(ask.parameters), dict(ask.scope)
        answer = answered(service, ask.question, parameters, scope)
        for line in _shortened(told(service, answer)):
            say(f"  {line}" if line else "")
        say(f"  » {ask.shows}")
        missing = set(ask.expect) - {one["id"] for one in answer["subgraph"]["entities"]}
        if missing:
            raise DataError(f"the answer lacks {', '.join(sorted(missing))}: this is not the case as it ships")
        chart = folder / f"{story.key}-{number}.html"
        write(chart, service.chart(ask.question, parameters, scope, "auto"))
        say(f"  chart: {chart}")
        say(f"  asked as: {_command(ask)}")


def _command(ask: Ask) -> str:
    """The question as one would type it."""
    words = ["graph-service", "ask", ask.question]
    for name, value in ask.parameters.items():
        words += [flag_of(name)] if value is True else [flag_of(name), str(value)]
    for name, given in ask.scope.items():
        for each in given if isinstance(given, list) else [given]:
            words += [flag_of("kind" if name == "kinds" else name), str(each)]
    return shlex.join(words)


def _shortened(lines: Iterable[str]) -> Iterator[str]:
    """The first lines, and the last, which says who answered."""
    kept = list(lines)
    if len(kept) <= _LINES_SHOWN + 2:
        yield from kept
        return
    yield from kept[:_LINES_SHOWN]
    yield f"… {len(kept) - _LINES_SHOWN - 1} more lines"
    yield kept[-1]


def _how_to_go_on(path: Path, folder: Path) -> Iterator[str]:
    yield ""
    yield f"Open the charts in {folder}/ with any browser; they need no network. To go on with this case:"
    yield f"  export GRAPH_PATH={path}"
    yield "  graph-service serve                        # the page to search and walk in, with all of this"
    yield '  graph-service find "quiroga marta"         # typing errors and the order of words are forgiven'
    yield "  graph-service ask shortest-paths --help    # what a question takes; 'questions' lists them all"
    yield "  graph-service sources                      # what was loaded; 'withdraw SOURCE' takes it back"
    yield "With a CSV of your own: graph-service load FILE --mapping MAPPING.toml (README, 'Five minutes')."
