"""Batches: what the formats made, gathered into tables of a steady size, nothing in them twice.

The size counts rows of the source, so the same file always gives the same batches: an interrupted load is taken up
again by loading again, and the store knows by its marker which batches it has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.model.ontology import Ontology
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS
from graph_service.store.rows import entity_table, link_table
from loaders.ends import Ends, nobody_describes
from loaders.made import Made, Refused
from loaders.rejects import Reject
from loaders.source import Row

NO_ENTITIES = ENTITY_ROWS.empty_table()
NO_LINKS = LINK_ROWS.empty_table()

_SAME_ENTITY = ("entity_id", "kind", "grade", "markings", "valid_from", "valid_to", "properties")
_SAME_LINK = ("link_id", "kind", "source", "target", "grade", "markings", "valid_from", "valid_to", "properties")


@dataclass(frozen=True, slots=True)
class Chunk:
    """The records of some rows as ENTITY_ROWS and LINK_ROWS, and the rows that were refused.

    ``rows`` counts the rows of the source, each once, ``steps`` the rows read, some of them for the second time;
    ``refuse`` makes the refusal of a link by its place in ``links``.
    """

    rows: int
    steps: int
    entities: pa.Table
    links: pa.Table
    rejects: tuple[Reject, ...]
    refuse: Callable[[int, str], Reject]


class Seen:
    """The records written so far, as 16-byte digests of all they say, so that what a source repeats is kept once."""

    def __init__(self) -> None:
        self._digests: set[bytes] = set()

    def new(self, table: pa.Table) -> npt.NDArray[np.bool_]:
        """Which rows of a table of entities or links say something for the first time; the place does not count."""
        columns = _SAME_ENTITY if "entity_id" in table.column_names else _SAME_LINK
        parts = [pc.fill_null(table[name].cast(pa.string()), "") for name in columns]
        whole = pc.binary_join_element_wise(*parts, "\x1f").cast(pa.binary()).to_pylist()
        digests = [hashlib.blake2b(said, digest_size=16).digest() for said in whole]
        if len(distinct := set(digests)) == len(digests) and self._digests.isdisjoint(distinct):
            self._digests |= distinct
            return np.ones(len(digests), dtype=np.bool_)
        fresh = np.zeros(len(digests), dtype=np.bool_)
        for place, digest in enumerate(digests):
            if digest not in self._digests:
                self._digests.add(digest)
                fresh[place] = True
        return fresh


def row_chunks(stream: Iterable[Made | Reject], ends: Ends, ontology: Ontology, size: int) -> Iterator[Chunk]:
    """The stream of a format in chunks of ``size`` rows, entities before the links that need them."""
    seen_entities, seen_links = Seen(), Seen()
    held: list[Made | Reject] = []
    for made in stream:
        held.append(made)
        if len(held) >= size:
            yield _chunk(held, ends, ontology, (seen_entities, seen_links))
            held = []
    if held:
        yield _chunk(held, ends, ontology, (seen_entities, seen_links))


def _chunk(held: list[Made | Reject], ends: Ends, ontology: Ontology, seen: tuple[Seen, Seen]) -> Chunk:
    rejects = [item for item in held if isinstance(item, Reject)]
    made = [item for item in held if isinstance(item, Made)]
    rejects += [reject for item in made for reject in item.rejects]
    entities = _distinct(record for item in made for record in item.entities)
    ends.describe(entities)
    links, owners = _links(made, ends, rejects)
    entity_rows, link_rows = entity_table(entities, ontology), link_table(links)
    new_entities, new_links = seen[0].new(entity_rows), seen[1].new(link_rows)
    kept = [owners[place] for place in np.flatnonzero(new_links)]

    def refuse(place: int, reason: str) -> Reject:
        return Refused("", "", reason).reject(*kept[place])

    return Chunk(
        rows=sum(1 for item in held if isinstance(item, Reject) or item.counts),
        steps=len(held),
        entities=entity_rows.filter(pa.array(new_entities)),
        links=link_rows.filter(pa.array(new_links)),
        rejects=tuple(rejects),
        refuse=refuse,
    )


def _links(made: list[Made], ends: Ends, rejects: list[Reject]) -> tuple[list[LinkRecord], list[tuple[str, Row]]]:
    """The link records that hold, with the file and row of each; the others become rejects."""
    owners = [(item.file, item.row) for item in made for _ in item.links]
    chosen: list[LinkRecord | str] = [draft[0] for item in made for draft in item.links]
    doubtful = [not item.sure for item in made for _ in item.links]
    drafts = [draft for item in made if not item.sure for draft in item.links]
    answers = iter(ends.choose(drafts))
    chosen = [next(answers) if doubt else found for found, doubt in zip(chosen, doubtful, strict=True)]
    missing = ends.missing(end for one in chosen if not isinstance(one, str) for end in (one.source, one.target))
    if missing:  # the row said the kind of an entity that it only refers to, and there is none
        chosen = [_standing(found, missing) for found in chosen]
    kept: dict[object, tuple[LinkRecord, tuple[str, Row]]] = {}
    for found, owner in zip(chosen, owners, strict=True):
        if isinstance(found, str):
            rejects.append(Refused("", "", found).reject(*owner))
        else:
            kept.setdefault(_sense(found, found.link_id, found.source, found.target), (found, owner))
    return [found for found, _ in kept.values()], [owner for _, owner in kept.values()]


def _standing(found: LinkRecord | str, missing: set[str]) -> LinkRecord | str:
    if isinstance(found, str) or missing.isdisjoint((found.source, found.target)):
        return found
    return nobody_describes([end for end in (found.source, found.target) if end in missing])


def _distinct(records: Iterable[EntityRecord]) -> list[EntityRecord]:
    """The records without those that repeat another word for word; the first keeps its place."""
    kept: dict[object, EntityRecord] = {}
    for record in records:
        kept.setdefault(_sense(record, record.entity_id), record)
    return list(kept.values())


def _sense(record: EntityRecord | LinkRecord, *names: str) -> tuple[object, ...]:
    said: Provenance = record.said
    return *names, record.kind, tuple(record.properties.items()), said.grade, said.markings, said.valid
