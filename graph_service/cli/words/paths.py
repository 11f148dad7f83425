"""Paths in words: step by step, with what each step stands on; why there is none, and which hubs were held back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many

_HUBS = 5
_SEVERAL = {"source": "sources", "entity": "entities", "link": "links"}


def shortest(told: Told, result: Json) -> Iterator[str]:
    """Every path, numbered; or why there is none."""
    paths = result["paths"]
    if paths:
        yield f"{many(len(paths), 'path')} of {many(paths[0]['length'], 'link')} {_ends(told, paths[0])}:"
    yield from _listed(told, result, lambda _path: "")


def ranked(told: Told, result: Json) -> Iterator[str]:
    """Paths in order of what they cost."""
    paths = result["paths"]
    by_links = told.answer["parameters"].get("cost", "links") == "links"
    if paths:
        lengths = sorted({path["length"] for path in paths})
        span = many(lengths[0], "link") if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]} links"
        yield f"{many(len(paths), 'path')} of {span} {_ends(told, paths[0])}, the best first:"
    yield from _listed(
        told, result, lambda path: many(path["length"], "link") if by_links else f"cost {path['cost']:.3f}"
    )


def evidence(told: Told, result: Json) -> Iterator[str]:
    """Paths with their strength, and where each is weakest."""
    paths = result["paths"]
    if paths:
        yield f"The best evidence {_ends(told, paths[0])}:"
    strengths = iter(result["strengths"])

    def strength(path: Json) -> str:
        if not path["links"]:
            return ""
        one = next(strengths)
        return (
            f"holds with {one['probability']:.2f}; weakest is {_link(told, one['weakest'])} "
            f"({one['weakest_probability']:.2f} by {many(one['weakest_sources'], 'source')}): "
            f"one more source of grade B2 for it would make {one['strengthened']:.2f}"
        )

    yield from _listed(told, result, strength)


def explained(told: Told, result: Json) -> Iterator[str]:
    """The path, what each link stands on, and why it ranks where it does."""
    yield f"The path {_ends(told, result['path'])}:"
    yield f"  {told.full(result['path']['entities'][0])}"
    for step in result["steps"]:
        yield f"   {told.step(step['link'], step['source'])} {told.full(step['target'])}"
        hub = f"; {told.name(step['target'])} has {many(step['links_of_target'], 'link')}"
        yield f"      holds with {step['probability']:.2f} by {many(step['sources'], 'source')}{hub}"
        for record in told.links[step["link"]]["records"]:
            when = " – ".join(part for part in (record["valid_from"], record["valid_to"]) if part)
            dated = f", {when}" if when else ""
            yield f"      · {record['grade']} {told.names.source(record['source'])}, {clean(record['row'])}{dated}"
    strength = result["strength"]
    yield f"All of it holds with {strength['probability']:.2f}; weakest is {_link(told, strength['weakest'])}."
    for rank in result["ranks"]:
        by = "length" if rank["by"] == "links" else "evidence"
        place = f"number {rank['place']}" if rank["place"] else "behind more paths than were counted"
        yield f"By {by} it is {place} of the paths between these ends" + (":" if rank["better"] else ".")
        for path in rank["better"]:
            yield f"  better: {' — '.join(map(told.name, path['entities']))}"


def independent(told: Told, result: Json) -> Iterator[str]:
    """The routes that share nothing, what each stands on, and the least that breaks them all."""
    what = told.answer["parameters"]["share_no"]
    routes = result["routes"]
    if not routes:
        yield f"No path. {reason(result['proof'])}" if result["proof"] else "No path."
        yield from tamed(result["tamed"], found=False)
        return
    sure = "" if result["proven"] else ", as far as was looked"
    yield f"{many(len(routes), 'way')} {_ends(told, routes[0]['path'])} with no {what} in common{sure}:"
    for number, route in enumerate(routes, 1):
        yield ""
        stands = _named(told, what, route["stands_on"])
        yield f"{number}. {told.full(route['path']['entities'][0])} — stands on {stands}"
        yield from _steps(told, route["path"])
    yield ""
    if result["cut"]:
        yield f"Every way breaks without {_named(told, what, result['cut'])}."
    else:
        yield _uncut(what, told.answer["parameters"]["cut_most"], sure=result["proven"])
    yield from tamed(result["tamed"], found=True)


def _uncut(what: str, most: int, *, sure: bool) -> str:
    """That so few do not break every way; or, where the search ended before its time, that none were found to."""
    if most == 1:
        return f"No single {what} {'breaks' if sure else 'was found to break'} every way."
    return f"No {many(most, what, _SEVERAL[what])} or fewer {'break' if sure else 'were found to break'} every way."


def _named(told: Told, what: str, parts: Sequence[str]) -> str:
    """Sources, entities or links by name."""
    if what == "link":
        return many(len(parts), "link") if len(parts) > 1 else clean(parts[0])
    name = told.names.source if what == "source" else told.name
    return ", ".join(map(name, parts)) or "nothing between its ends"


def _listed(told: Told, result: Json, about: Callable[[Json], str]) -> Iterator[str]:
    """The paths step by step, each with a few words about it; or why there is none."""
    if not result["paths"]:
        asked = told.answer["parameters"]
        ends = " to ".join(
            told.name(asked[side]) if asked[side] else f"any such {side}" for side in ("source", "target")
        )
        yield f"No path from {ends}. {reason(result['proof'])}"
    for number, path in enumerate(result["paths"], 1):
        words = about(path)
        yield ""
        yield f"{number}. {told.full(path['entities'][0])}" + (f" — {words}" if words else "")
        yield from _steps(told, path)
    yield from tamed(result["tamed"], found=bool(result["paths"]))


def _steps(told: Told, path: Json) -> Iterator[str]:
    for start, link, end in zip(path["entities"], path["links"], path["entities"][1:], strict=False):
        yield f"   {told.step(link, start)} {told.full(end)}"


def tamed(hubs: Json | None, *, found: bool) -> Iterator[str]:
    """Which hubs were held back, or that there was no way without them."""
    if hubs is None:
        return
    named = ", ".join(clean(hub) for hub in hubs["hubs"][:_HUBS]) + (" …" if hubs["total"] > _HUBS else "")
    yield ""
    if hubs["passed"] and not found:
        yield f"Neither around the {many(hubs['total'], 'hub')} ({named}) nor through them."
    elif hubs["passed"]:
        yield f"There is no way around the {many(hubs['total'], 'hub')} ({named}), so ways may lead through them."
    else:
        yield f"{many(hubs['total'], 'hub')} held back ({named}): '--hubs free' lets ways lead through them."


def _ends(told: Told, path: Json) -> str:
    return f"from {told.name(path['entities'][0])} to {told.name(path['entities'][-1])}"


def _link(told: Told, link_id: str) -> str:
    """A link by what it is and what it joins."""
    link = told.links[link_id]
    return f"“{told.names.link(link, link['source'])}” from {told.name(link['source'])} to {told.name(link['target'])}"


def reason(proof: Json) -> str:
    """Why there is no path, and how sure that is."""
    match proof["reason"]:
        case "exhausted":
            return "Everything that one of the two can reach was seen: there is none of any length."
        case "bound":
            shortest = proof["shortest"]
            longer = f"the shortest has {shortest}" if shortest else "a longer one was not looked for"
            return f"None has {many(proof['max_hops'], 'link')} or fewer; {longer}."
        case "conditions":
            unmet = ", ".join(map(clean, proof["unmet"]))
            what = (
                f"none fulfils: {unmet}" if unmet else "none fulfils all the conditions, though each can be met alone"
            )
            return f"There are ways of {many(proof['max_hops'], 'link')} or fewer, but {what}."
        case _:
            return "The search met its limit before it was known whether there is one."


TELL: Mapping[str, Tell] = {
    "shortest-paths": shortest,
    "k-paths": ranked,
    "all-paths": ranked,
    "best-evidence": evidence,
    "explain-path": explained,
    "independent-routes": independent,
}
