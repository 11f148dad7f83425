"""Commands that bring files in and take them back: load, sources, withdraw, stats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from graph_service.cli.options import AsJson, scoped
from graph_service.cli.session import client
from graph_service.cli.show import clean, progress, put
from graph_service.config import read_settings
from graph_service.errors import DataError, UsageError

app = typer.Typer()
_SHOWN_REJECTS = 5


@app.command()
def load(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, or folders of files")],
    format: Annotated[str | None, typer.Option("--format", help="csv, jsonl, json, records, columns or ftm")] = None,  # noqa: A002  # the name of the option
    mapping: Annotated[str | None, typer.Option("--mapping", help="A ready mapping by name, or a file")] = None,
    source: Annotated[str | None, typer.Option("--source", help="All files become one source of this name")] = None,
    grade: Annotated[str, typer.Option("--grade", help="Of records that say none, such as B2")] = "",
    marking: Annotated[
        list[str] | None, typer.Option("--marking", help="Added to every record; may be repeated")
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Of the files, such as cp1252")] = None,
    check: Annotated[bool, typer.Option("--check", help="Everything but writing")] = False,
    as_json: AsJson = False,
) -> None:
    """Load files; every refused row is kept with its reason, the rest loads."""
    from graph_service.model.grades import parse_grade
    from loaders.report import LoadOptions

    if "" in paths:  # as a path it would be the folder one stands in
        raise UsageError("one of the paths is empty; for the folder you are in, say .")
    try:
        options = LoadOptions(
            format=format or None,
            mapping=mapping or None,
            source_name=source or None,
            grade=parse_grade(grade),
            markings=frozenset(marking or ()),
            encoding=encoding or None,
            check_only=check,
            rejects=read_settings().graph_rejects,
        )
    except DataError as error:
        raise UsageError(str(error)) from None
    with client() as service, progress("loading", quiet=as_json) as told:
        reports = service.load([Path(path) for path in paths], options, told)
    put({"reports": reports}, lambda: report_lines(reports), as_json=as_json)


@app.command()
def sources(as_json: AsJson = False) -> None:
    """The sources, with grade, markings and what they brought."""
    with client() as service:
        told = service.sources()
    put(told, lambda: map(_source_line, told["sources"]), as_json=as_json)


@app.command()
def withdraw(
    source: Annotated[str, typer.Argument(help="A source by id, or by name when only one bears it")],
    as_json: AsJson = False,
) -> None:
    """Take a source back; what was known before stays for questions with --known."""
    with client() as service:
        receipt = service.withdraw(source)
    told = "had been withdrawn before" if receipt["repeated"] else "withdrawn"
    counted = f"{receipt['entities']:,} entity records and {receipt['links']:,} link records"
    put(receipt, lambda: [f"{clean(source)}: {told}, {counted}"], as_json=as_json)


def stats(scope: dict[str, Any], as_json: AsJson = False) -> None:
    """What is there, by kind."""
    with client() as service:
        told = service.stats(scope)
    put(told, lambda: _stats_lines(told), as_json=as_json)


app.command()(scoped(stats))


def report_lines(reports: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The reports of a load in words."""
    for report in reports:
        written = "loaded before, nothing new" if report["repeated"] else "loaded"
        done = "checked, nothing written" if report["checked_only"] else written
        yield (
            f"{clean(report['name'])}: {done} — {report['rows']:,} rows, {report['entities']:,} entity records,"
            f" {report['links']:,} link records, {report['rejected']:,} refused  [{report['source_id']}]"
        )
        for reject in report["first_rejects"][:_SHOWN_REJECTS]:
            where = " ".join(filter(None, (f"{reject['file']}:{reject['place']}", reject["column"])))
            value = f" “{clean(reject['value'])}”" if reject["value"] else ""
            yield f"  refused {clean(where)}{value}: {clean(reject['reason'])}"
        if report["rejected"] > _SHOWN_REJECTS:
            yield f"  … and {report['rejected'] - _SHOWN_REJECTS:,} more"
        if report["rejects_files"]:
            yield f"  refused rows, to be mended and loaded again: {', '.join(report['rejects_files'])}"
        if report["skipped"]:
            yield f"  not data, left out: {', '.join(map(clean, report['skipped'][:_SHOWN_REJECTS]))}"


def _source_line(source: Mapping[str, Any]) -> str:
    state = f", withdrawn {source['withdrawn_at'][:16]}" if source["withdrawn_at"] else ""
    marked = f" {' '.join(source['markings'])}" if source["markings"] else ""
    counted = f"{source['entities']:,} entity records, {source['links']:,} link records"
    return f"{source['grade']}{marked}  {clean(source['name'])}  [{source['id']}]: {counted}{state}"


def _stats_lines(told: Mapping[str, Any]) -> Iterator[str]:
    total = f"{told['entities']:,} entities, {told['links']:,} links, {told['sources']:,} sources"
    yield f"{total}, revision {told['revision']}"
    for what in ("entities_by_kind", "links_by_kind"):
        for kind, many in sorted(told[what].items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"  {many:>10,}  {kind}"
