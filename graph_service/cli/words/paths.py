"""Paths in words: step by step, with what each step stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.words.told import Tell, Told, many


def paths(told: Told, result: Json) -> Iterator[str]:
    """Every path, numbered; or why there is none."""
    asked = told.answer["parameters"]
    ends = f"from {told.name(asked['source'])} to {told.name(asked['target'])}"
    if not result["paths"]:
        yield f"No path {ends}. {_reason(result['proof'])}"
        return
    length = result["paths"][0]["length"]
    yield f"{many(len(result['paths']), 'path')} of {many(length, 'link')} {ends}:"
    for number, path in enumerate(result["paths"], 1):
        yield ""
        yield f"{number}. {told.full(path['entities'][0])}"
        for start, link, end in zip(path["entities"], path["links"], path["entities"][1:], strict=False):
            yield f"   {told.step(link, start)} {told.full(end)}"


def _reason(proof: Json) -> str:
    """Why there is no path, and how sure that is."""
    match proof["reason"]:
        case "exhausted":
            return "Everything that one of the two can reach was seen: there is none of any length."
        case "bound":
            shortest = proof["shortest"]
            longer = f"the shortest has {shortest}" if shortest else "a longer one was not looked for"
            return f"None has {many(proof['max_hops'], 'link')} or fewer; {longer}."
        case _:
            return "The search met its limit before it was known whether there is one."


TELL: Mapping[str, Tell] = {"shortest-paths": paths}
