"""What a link is by its id, so that no two records make two things of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

import pyarrow as pa

Sense: TypeAlias = tuple[str, str, str]
"""Kind, source and target of a link."""


class InStore(Protocol):
    """What the store holds before a load: entities and links as far as the person who loads may see them."""

    def kinds(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The kinds of those of the entities that are described; called from another thread than the rest."""
        ...

    def links(self, ids: Sequence[str]) -> Mapping[str, Sense]:
        """What those of the links are that are there."""
        ...

    def withdrawn(self, source_id: str) -> bool:
        """Whether the source of this id was withdrawn, whoever loaded it."""
        ...


class LinksSaid:
    """What every link of a load has been said to be so far; for loads that are only checked, as the store itself judges
    what is written."""

    def __init__(self, in_store: InStore | None) -> None:
        self._in_store = in_store
        self._said: dict[str, Sense] = {}

    def contradicted(self, links: pa.Table) -> list[int]:
        """The rows of LINK_ROWS that have another kind or other ends than their id said before."""
        ids = links["link_id"].to_pylist()
        unsaid = sorted(set(ids) - self._said.keys())
        if self._in_store is not None and unsaid:
            self._said.update(self._in_store.links(unsaid))
        senses = zip(*(links[name].to_pylist() for name in ("kind", "source", "target")), strict=True)
        return [
            row
            for row, (link_id, sense) in enumerate(zip(ids, senses, strict=True))
            if self._said.setdefault(link_id, sense) != sense
        ]


def says_otherwise(link_id: str) -> str:
    """The reason why a link is refused that another record says to be something else."""
    return f"link {link_id!r} is said before to be of another kind or between other entities"


def standing_id(source_id: str, in_store: InStore | None) -> str:
    """The id under which a source is loaded: its own, or after a withdrawal of it the next one, ``id~2``, ``id~3``.

    What was withdrawn stays as it was known; the same content loaded again is said anew, by a source of its own.
    """
    chosen, times = source_id, 1
    while in_store is not None and in_store.withdrawn(chosen):
        times += 1
        chosen = f"{source_id}~{times}"
    return chosen
