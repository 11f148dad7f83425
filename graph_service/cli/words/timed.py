"""Ways in time and cycles in words: when each leaves and arrives, how long it takes and waits, what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.paths import reason, tamed
from graph_service.cli.words.told import Tell, Told, many

_BEST = {
    "earliest": "the earliest arrival first",
    "latest": "the latest departure first",
    "fastest": "the fastest first",
    "fewest": "the fewest links first",
}


def time_ordered(told: Told, result: Json) -> Iterator[str]:
    """Every path with its schedule, step by step; or why there is none."""
    asked, paths = told.answer["parameters"], result["paths"]
    ends = _between(told, asked, paths[0] if paths else None)
    if paths:
        count, best = many(len(paths), "path"), _BEST[asked["criterion"]]
        way = "back against time" if asked["backwards"] else "on which time advances"
        yield f"{count} {ends} {way}, {best}:"
    else:
        yield f"No path {ends} on which time advances. {reason(result['proof'])}"
    schedules = iter(result["schedules"])
    for number, path in enumerate(paths, 1):
        when = f" — {_schedule(next(schedules))}" if path["links"] else ""
        yield ""
        yield f"{number}. {told.full(path['entities'][0])}{when}"
        yield from _steps(told, path)
    if result["undated"]:
        yield ""
        yield f"{many(result['undated'], 'link')} of the scope without any date took no part."
    yield from tamed(result["tamed"], found=bool(paths))


def cycles(told: Told, result: Json) -> Iterator[str]:
    """Every cycle from where it begins back to there; or why there is none."""
    asked, found = told.answer["parameters"], result["cycles"]
    if asked["kind"]:
        through = f"any of {many(result['starts'], 'entity', 'entities')} of kind {clean(asked['kind'])}"
    else:
        through = told.name(asked["entity"])
    in_time = " in order of time" if asked["timed"] else ""
    if found:
        yield f"{many(len(found), 'cycle')} through {through}{in_time}, the shortest first:"
    else:
        yield f"No cycle through {through}{in_time}. {reason(result['proof'])}"
    for number, cycle in enumerate(found, 1):
        yield ""
        yield f"{number}. {told.full(cycle['entities'][0])} — {_round(cycle)}"
        yield from _steps(told, cycle)
    yield from tamed(result["tamed"], found=bool(found))


def _between(told: Told, asked: Json, path: Json | None) -> str:
    if path is not None:
        return f"from {told.name(path['entities'][0])} to {told.name(path['entities'][-1])}"
    names = [told.name(asked[side]) if asked[side] else f"any such {side}" for side in ("source", "target")]
    return f"from {names[0]} to {names[1]}"


def _schedule(when: Json) -> str:
    """Departure, arrival, days and the longest wait."""
    if when["days"] == 0:
        return f"all on {when['departs']}"
    wait = f", waiting {many(when['longest_wait'], 'day')} at the longest" if when["longest_wait"] else ""
    return f"leaves {when['departs']}, arrives {when['arrives']}: {many(when['days'], 'day')}{wait}"


def _round(cycle: Json) -> str:
    parts = [many(len(cycle["links"]), "link")]
    if cycle["days"] is not None:
        parts.append(f"{cycle['departs']} to {cycle['arrives']} ({many(cycle['days'], 'day')})")
    if cycle["retained"] is not None:
        parts.append(f"{cycle['retained']:.1%} of the amount comes back")
    return ", ".join(parts)


def _steps(told: Told, way: Json) -> Iterator[str]:
    for start, link, end in zip(way["entities"], way["links"], way["entities"][1:], strict=False):
        yield f"   {told.step(link, start)} {told.full(end)}"


TELL: Mapping[str, Tell] = {"time-ordered": time_ordered, "cycles": cycles}
