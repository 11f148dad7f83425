"""What-ifs in words: what is left when some are taken out, and how sure a ranking is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many

_BY = {
    "degree": "by number of ties",
    "betweenness": "by betweenness",
    "fragmentation": "by who parts most",
    "money": "by money that moves through",
    "random": "at random",
    "given": "as named",
}


def disruption(told: Told, result: Json) -> Iterator[str]:
    """The outcome of each strategy in a sentence, then who goes and what each step leaves."""
    asked = told.answer["parameters"]
    entities, ties = many(result["entities"], "entity", "entities"), many(result["ties"], "tie")
    yield f"{entities} joined by {ties}; {result['candidates']:,} may be taken out.{_never(result)}"
    for curve in result["curves"]:
        if curve["points"]:
            yield _outcome(curve)
    for curve in result["curves"]:
        if curve["strategy"] == "random" or len(curve["points"]) < 2:
            continue
        yield ""
        chosen = "" if curve["strategy"] == "given" else ", chosen anew each time" if asked["in_turn"] else ", at once"
        yield f"Taken out {_BY[curve['strategy']]}{chosen}:"
        yield from _steps(told, curve)
    yield ""
    if result["pivots"] < result["entities"]:
        yield f"Distances and betweenness are estimates, from {result['pivots']:,} of the entities."
    yield "A what-if on incomplete data: not a list of whom to arrest."


def _outcome(curve: Json) -> str:
    first, last, gone = curve["points"][0], curve["points"][-1], len(curve["points"]) - 1
    runs = ""
    if curve["low"]:
        span = f"{_percent(curve['low'][-1])} to {_percent(curve['high'][-1])}"
        runs = f" (mean of {many(curve['runs'], 'run')}; 95 % of them {span})"
    return (
        f"Taking out {gone:,} {_BY[curve['strategy']]} parts {_percent(last['fragmentation'])} of the pairs left"
        f"{runs}, {_percent(first['fragmentation'])} before; the largest part falls from"
        f" {first['largest']:,.0f} to {last['largest']:,.0f}, efficiency from {first['efficiency']:.3f} to"
        f" {last['efficiency']:.3f}{_money(last)}."
    )


def _steps(told: Told, curve: Json) -> Iterator[str]:
    for number, point in enumerate(curve["points"][1:], 1):
        parts = f"largest part {point['largest']:,.0f}, {many(round(point['parts']), 'part')}"
        yield (
            f"{number:>3}. {told.name(point['removed'])}: {_percent(point['fragmentation'])} parted, {parts}"
            f"{_money(point)} [{clean(point['removed'])}]"
        )
        for takeover in curve["takeovers"]:
            if takeover["after"] == number:
                heir, gone = told.name(takeover["heir"]), told.name(takeover["removed"])
                yield f"     {heir} takes over from {gone}, with {many(takeover['ties'], 'new tie')}"


def ranks(told: Told, result: Json) -> Iterator[str]:
    """The first in a sentence, then every rank with its interval, and what was assumed."""
    asked, rows = told.answer["parameters"], result["ranks"]
    if not rows:
        yield "Nobody was ranked: this scope has nobody of that kind, or the limit was met before a network was drawn."
        return
    first, drawn = rows[0], many(result["draws"], "plausible network")
    in_top = f"among the first {asked['top']}" if asked["top"] > 1 else "first"
    yield f"In {drawn} {told.name(first['id'])} is {in_top} in {_percent(first['in_top'])}."
    yield f"Ranked by {asked['measure']} among {result['ranked']:,}, with intervals of {_percent(asked['level'])}:"
    for row in rows:
        yield (
            f"  {row['median']:>4} ({row['low']} to {row['high']}) {told.name(row['id'])}: {in_top} in"
            f" {_percent(row['in_top'])}, reported {row['reported']} [{clean(row['id'])}]"
        )
    yield (
        f"Of {many(result['ties'], 'tie')} as reported {result['standing']:,.1f} stand on average, by their grades;"
        f" {result['unseen']:,.1f} unseen ones are added ({_percent(asked['missing'])} missing, by {asked['model']})."
        f"{_never(result)}"
    )
    if result["pivots"] < result["entities"]:
        yield f"Shortest paths were measured from {result['pivots']:,} of {result['entities']:,} entities each time."
    yield "The intervals hold for these assumptions; what is reported of a person measures attention as well as role."


def _never(result: Json) -> str:
    return f" {many(result['never'], 'victim is', 'victims are')} left out, as ever." if result["never"] else ""


def _money(point: Json) -> str:
    return "" if point["money"] is None else f", {_percent(point['money'])} of the amounts still move"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


TELL: Mapping[str, Tell] = {"disruption": disruption, "rank-uncertainty": ranks}
