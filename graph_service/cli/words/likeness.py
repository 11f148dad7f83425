"""Likeness in words: who is alike, how they stand in time, and the neighbours that say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many


def similar(told: Told, result: Json) -> Iterator[str]:
    """Those alike, the most alike first, each with what is shared."""
    asked = told.answer["parameters"]["entity"]
    span = " – ".join(clean(day or "…") for day in (result["first_day"], result["last_day"]))
    dated = f", {span}" if result["first_day"] or result["last_day"] else ""
    told_of = f"{told.name(asked)} [{clean(asked)}] ({many(result['ties'], 'tie')}{dated})"
    if result["similar"]:
        yield f"Most like {told_of}:"
    else:
        yield f"Nobody asked about shares a neighbour with {told_of}."
    for number, like in enumerate(result["similar"], 1):
        yield from _like(told, number, like)
    if result["compared"] < result["candidates"]:
        yield f"{result['compared']:,} of {result['candidates']:,} candidates were compared, the nearest first."
    if result["hubs"]:
        yield f"Counted but not followed, for they have very many links: {'; '.join(map(told.name, result['hubs']))}"


def _like(told: Told, number: int, like: Json) -> Iterator[str]:
    shared = f"{like['common']:,} of its {many(like['ties'], 'tie')} shared"
    joined = ", linked to it directly" if like["joined"] else ""
    yield f"{number:>3}. {told.name(like['id'])}: {like['score']:.0%} alike, {shared}{joined} [{clean(like['id'])}]"
    if like["relation"]:
        yield f"     {_in_time(like)}"
    for tie in like["shared"]:
        word = told.names.direction(tie["kind"], tie["direction"])
        yield f"     both: {word} {told.name(tie['neighbour'])} (weight {tie['weight']:.2f})"
    if like["common"] > len(like["shared"]):
        yield f"     … and {like['common'] - len(like['shared']):,} more"


def _in_time(like: Json) -> str:
    days = like["gap"]
    if like["relation"] == "overlapping":
        return "seen at the same time"
    if like["relation"] == "apart":
        return f"{many(days, 'day')} lie between the two"
    first, second = ("it", "this one") if like["relation"] == "successor" else ("this one", "it")
    when = f"{many(days, 'day')} after" if days >= 0 else f"{many(-days, 'day')} before"
    return f"{like['relation']}: {first} is first seen {when} {second} was last seen"


TELL: Mapping[str, Tell] = {"similar": similar}
