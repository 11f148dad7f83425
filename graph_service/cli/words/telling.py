"""Tells any answer: its question's own words, then what it was asked under and who answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words import (
    bridges,
    community,
    groups,
    history,
    key_players,
    likeness,
    lookup,
    paths,
    players,
    reaching,
    timed,
    what_if,
)
from graph_service.cli.words.told import Tell, Told, many

_SCOPE = {"as": "holding", "from": "from", "to": "to", "known": "as known", "kinds": "only", "min_grade": "graded"}
_TELL: Mapping[str, Tell] = {
    **lookup.TELL,
    **paths.TELL,
    **reaching.TELL,
    **timed.TELL,
    **groups.TELL,
    **community.TELL,
    **bridges.TELL,
    **history.TELL,
    **players.TELL,
    **key_players.TELL,
    **likeness.TELL,
    **what_if.TELL,
}


def tell(answer: Json, ontology: Json, sources: Iterable[Json]) -> Iterator[str]:
    """The answer line by line; the answer, the ontology and the sources as plain JSON."""
    told = Told(answer, ontology, sources)
    yield from _TELL.get(answer["question"], _evidence)(told, answer["result"])
    yield from _closing(told)


def _evidence(told: Told, _result: Json) -> Iterator[str]:
    """A question that has no words of its own yet: what its answer stands on."""
    for link in told.links.values():
        yield f"  {told.name(link['source'])} {told.step(link['id'], link['source'])} {told.name(link['target'])}"


def _closing(told: Told) -> Iterator[str]:
    answer, scope = told.answer, told.answer["scope"]
    yield ""
    if answer["truncated"]:
        yield "More exists than is told here: a limit was met."
    parts = [f"{words} {_listed(scope[name])}" for name, words in _SCOPE.items() if scope.get(name) is not None]
    parts += ["events collapsed"] if scope["events"] == "collapsed" else []
    if parts:
        yield f"Scope: {'; '.join(parts)}."
    looked = f"{many(answer['explored'], 'link')} looked at"
    yield f"Answered by {answer['engine']} on {answer['store']}, revision {answer['revision']}; {looked}."


def _listed(value: object) -> str:
    return ", ".join(map(clean, value)) or "no marking" if isinstance(value, list) else clean(value)
