"""Who matters, in words: ranks with what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many


def degree(told: Told, result: Json) -> Iterator[str]:
    """The ranking."""
    yield "The most connected:"
    for number, ranked in enumerate(result["ranking"], 1):
        kinds = ", ".join(f"{many:,} {told.names.kind(kind)}" for kind, many in ranked["by_kind"].items())
        counted = f"{many(ranked['degree'], 'link')} with {many(ranked['neighbours'], 'other')}"
        yield f"{number:>3}. {told.name(ranked['id'])}: {counted} ({kinds}) [{clean(ranked['id'])}]"


TELL: Mapping[str, Tell] = {"degree": degree}
