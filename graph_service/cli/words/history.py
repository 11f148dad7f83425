"""The history of groups in words: what happened window by window, then each group through time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many, some

_MEMBERS = 8


def history(told: Told, result: Json) -> Iterator[str]:
    """How much stays as it was, what happened, and who the groups are."""
    periods = result["periods"]
    if not periods:
        yield "No link here has a date, so there is no history; communities tells the groups there are."
        return
    cut = f"{many(result['total'], 'group')} in {many(len(periods), 'window')}, {_span(periods[0], periods[-1])}"
    kept = [period["kept"] for period in periods if period["kept"] is not None]
    stay = f"; from one to the next {sum(kept) / len(kept):.0%} of members stay in their group" if kept else ""
    yield f"{cut}{stay} ({result['algorithm']})"
    if result["undated"]:
        undated = many(result["undated"], "link has no date and counts", "links have no date and count")
        yield f"{undated} in every window."
    yield from some(list(_windows(periods, result["events"])))
    for group in result["groups"]:
        yield from _group(told, group, periods, result["runs"])


def _windows(periods: list[Json], events: list[Json]) -> Iterator[str]:
    """The first and the last window, and those in which something happened to the groups listed."""
    quiet = 0
    for number, period in enumerate(periods):
        happened = [event for event in events if event["window"] == number and _moves(event)]
        if not happened and 0 < number < len(periods) - 1:
            quiet += 1
            continue
        kept = "" if period["kept"] is None else f", {period['kept']:.0%} of members in the same group as before"
        counted = f"{many(period['groups'], 'group')}, {period['active']:,} active, {many(period['links'], 'link')}"
        yield f"{_span(period, period)}: {counted}{kept}"
        yield from (f"  {_event(event)}" for event in happened)
    if quiet:
        yield f"In {many(quiet, 'other window')} nothing happened to the groups listed."


def _moves(event: Json) -> bool:
    return bool(event["happening"] != "continued" or event["joined"] or event["left"])


def _event(event: Json) -> str:
    """One thing that happened, as a sentence without its end."""
    group, size = f"group {event['group']}", many(event["after"] or event["before"], "member")
    moved = f"{event['joined']:,} joined, {event['left']:,} left"
    match event["happening"]:
        case "born":
            return f"{group} is born with {size}"
        case "split":
            return f"{group} with {size} splits from group {event['other']}"
        case "merged":
            return f"{group} with {size} merges into group {event['other']}"
        case "died":
            return f"{group} with {size} is seen no more"
        case "revived":
            return f"{group} is seen again with {size} ({moved})"
        case "continued":
            return f"{group} goes on with {size} ({moved})"
        case other:
            return f"{group} {other} from {event['before']:,} to {event['after']:,} ({moved})"


def _group(told: Told, group: Json, periods: list[Json], runs: int) -> Iterator[str]:
    seen, last = group["windows"], group["windows"][-1]
    span = _span(periods[seen[0]["window"]], periods[last["window"]])
    yield f"Group {group['id']}: {span}, seen in {many(len(seen), 'window')}, {many(group['peak'], 'member')} at most"
    shown = sorted(last["members"], key=told.rank)[:_MEMBERS]
    yield f"  {'; '.join(map(told.name, shown))}{' …' if last['size'] > len(shown) else ''}"
    sure = last["certainty"]
    if sure:
        core = f"{sure['core']:,} of {last['size']:,} are with its core in nine of ten runs or more"
        yield f"  How sure: {sure['mean']:.0%} over {many(runs, 'run')}; {core}"
        unsure = (f"{told.name(one['id'])} {one['certainty']:.0%}" for one in sure["unsure"])
        yield from (f"  Unsure: {names}" for names in ["; ".join(unsure)] if names)


def _span(first: Json, last: Json) -> str:
    """From the start of one window to the end of another; whole years by their numbers, moments to the minute."""
    start, end = clean(first["start"]), clean(last["end"])
    if "T" in end:
        return f"as known {end[:16].replace('T', ' ')}" if first is last else f"until {end[:16].replace('T', ' ')}"
    if start.endswith("-01-01") and end.endswith("-12-31"):
        return " – ".join(dict.fromkeys((start[:4], end[:4])))
    return " – ".join(dict.fromkeys((start, end)))


TELL: Mapping[str, Tell] = {"community-history": history}
