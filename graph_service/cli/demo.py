"""The demo: loads the case that ships with the package, asks its questions, explains the answers, draws charts."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from graph_service.cli.client import LocalClient
from graph_service.cli.loading import report_lines
from graph_service.cli.show import complain, progress, say
from graph_service.cli.words import Teller
from graph_service.config import read_settings

app = typer.Typer()
_LINES_SHOWN = 14


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--path", help="Folder for the graph and the charts")] = Path("demo"),
) -> None:
    """Load the case that ships with the package, ask it questions, draw charts."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(_opened(folder)) as service:
        _load(service, folder)
        _ask(service, folder)
    say("How to go on:")
    say(
        f"  graph-service serve                     (with GRAPH_PATH={folder / 'demo.duckdb'}) opens the page; 'make serve' does it"
    )
    say("  graph-service find 'marta quiroga'      finds people and companies, with typing errors")
    say("  graph-service questions                 lists what can be asked")
    say("  graph-service load FILE --mapping FILE  brings in a CSV of your own: see 'Five minutes' in the README")


def _opened(folder: Path) -> LocalClient:
    """The service on the demo's own file, whatever store is configured."""
    from graph_service.bootstrap import open_service
    from graph_service.config import StoreChoice

    own = {
        "graph_store": StoreChoice.EMBEDDED,
        "graph_path": folder / "demo.duckdb",
        "graph_rejects": folder / "rejects",
    }
    return LocalClient(open_service(read_settings().model_copy(update=own)))


def _load(service: LocalClient, folder: Path) -> None:
    from loaders.scenario.shipped import shipped_files

    say(
        "Loading a made-up cross-border case: people, companies, a shipping line, money, cargo and trips in three regions."
    )
    with progress("loading", quiet=False) as told:
        for file in shipped_files():
            for line in report_lines(service.load([file.path], file.options(folder / "rejects"), told)):
                say("  " + line)
    stats = service.get("stats")
    say(f"{stats['entities']:,} entities and {stats['links']:,} links from {stats['sources']} sources.")


def _ask(service: LocalClient, folder: Path) -> None:
    from graph_service.model.ontology import load_ontology
    from loaders.scenario.shipped import shipped_stories

    for story in shipped_stories():
        say()
        say(f"== {story.title} (area {story.area})")
        say(story.summary)
        for number, ask in enumerate(story.asks, 1):
            say()
            say(f"? {ask.title}")
            answer = service.ask(ask.question, dict(ask.parameters), dict(ask.scope), "auto")
            lines = list(Teller(answer, load_ontology()).lines())
            for line in lines[:_LINES_SHOWN]:
                say("  " + line)
            if len(lines) > _LINES_SHOWN:
                say(f"  … {len(lines) - _LINES_SHOWN} more lines")
            say(f"  {ask.shows}")
            missing = set(ask.expect) - {one["id"] for one in answer["subgraph"]["entities"]}
            if missing:
                complain(f"the demo did not find {', '.join(sorted(missing))}")
                raise typer.Exit(1)
            chart = folder / f"{story.key}-{number}.html"
            page = service.chart(ask.question, dict(ask.parameters), dict(ask.scope), "auto")
            chart.write_text(page, encoding="utf-8")
            say(f"  chart: {chart}")
    say()
