"""The ends of links: which kind of entity stands at each, and whether the ontology allows the link between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from graph_service.model.ontology import Ontology
from graph_service.model.records import EntityRecord, LinkRecord
from loaders.made import Draft

KindsInStore: TypeAlias = Callable[[Sequence[str]], Mapping[str, str]]
"""The kinds of those of the given entities that the store describes."""
Codes: TypeAlias = npt.NDArray[np.int16]

UNKNOWN = -1
"""The code of the kind of an entity that this load has not described."""


class Ends:
    """The kind of every entity that a load has described so far, and, where it can be asked, of those in the store.

    Kinds are numbered (`names`), so that the ends of millions of links are looked up and judged in arrays. An entity
    said to be of several kinds counts as the most specific one, as in the merge.
    """

    def __init__(self, ontology: Ontology, in_store: KindsInStore | None = None) -> None:
        self.names = tuple(ontology.entity_kinds)
        self.codes = {name: code for code, name in enumerate(self.names)}
        self._depths = [ontology.depth(name) for name in self.names]
        self._ontology = ontology
        self._in_store = in_store
        self._known: dict[str, int] = {}
        self._tables: dict[str, npt.NDArray[np.bool_]] = {}

    def describe(self, records: Iterable[EntityRecord]) -> None:
        """Note entities that are about to be written."""
        for record in records:
            self._note(record.entity_id, self.codes[record.kind])

    def describe_all(self, ids: Sequence[str], codes: Codes) -> None:
        """Note entities in bulk, by the codes of their kinds."""
        size = len(self._known)
        if (self.of(ids) == UNKNOWN).all():
            self._known.update(zip(ids, codes.tolist(), strict=True))
            if len(self._known) == size + len(ids):
                return
        for entity_id, code in zip(ids, codes.tolist(), strict=True):
            self._note(entity_id, code)

    def of(self, ids: Sequence[str]) -> Codes:
        """The codes of the kinds of entities, UNKNOWN for those not described in this load."""
        return np.fromiter(map(self._known.get, ids, repeat(UNKNOWN)), np.int16, len(ids))

    def has(self, entity_id: str) -> bool:
        """Whether this load described the entity."""
        return entity_id in self._known

    def from_store(self, ids: Iterable[str]) -> dict[str, int]:
        """The codes of those that the store describes; empty when the store cannot be asked."""
        wanted = sorted(set(ids))
        if self._in_store is None or not wanted:
            return {}
        return {key: self.codes[kind] for key, kind in self._in_store(wanted).items() if kind in self.codes}

    def missing(self, ids: Iterable[str]) -> set[str]:
        """Those that neither this load nor the store describes; none when the store cannot be asked."""
        unknown = {entity_id for entity_id in ids if entity_id not in self._known}
        return unknown - self.from_store(unknown).keys() if self.asks_store else set()

    @property
    def asks_store(self) -> bool:
        """Whether the store can be asked; if not, ends that nobody describes are found out when the batch is put."""
        return self._in_store is not None

    def allowed(self, link_kind: str) -> npt.NDArray[np.bool_]:
        """A square of kind codes, true where a link of this kind may go from the row's kind to the column's."""
        table = self._tables.get(link_kind)
        if table is None:
            rows = [[self._ontology.allows(link_kind, one, other) for other in self.names] for one in self.names]
            table = self._tables[link_kind] = np.array(rows, dtype=np.bool_)
        return table

    def choose(self, drafts: Sequence[Draft]) -> list[LinkRecord | str]:
        """For each draft the record that its ends allow, or the reason why there is none."""
        ends = [(draft[0].source, draft[0].target) for draft in drafts]
        unknown = {end for pair in ends for end in pair if end not in self._known}
        stored = self.from_store(unknown)
        chosen = [self._choose(draft, pair, stored) for draft, pair in zip(drafts, ends, strict=True)]
        doubted = {end for found, pair in zip(chosen, ends, strict=True) if isinstance(found, str) for end in pair}
        richer = self.from_store(doubted - unknown)  # the store may know a more specific kind than this load said
        if richer:
            for place, found in enumerate(chosen):
                if isinstance(found, str):
                    chosen[place] = self._choose(drafts[place], ends[place], stored | richer)
        return chosen

    def objection(self, kind: str, ends: tuple[str, str], stored: Mapping[str, int]) -> str | None:
        """Why a link of a kind may not stand between two entities; None when it may, or when only the store knows."""
        source, target = (self._code(end, stored) for end in ends)
        if UNKNOWN in (source, target):
            missing = [end for end, code in zip(ends, (source, target), strict=True) if code == UNKNOWN]
            return nobody_describes(missing) if self.asks_store else None
        if self.allowed(kind)[source, target]:
            return None
        return not_allowed(kind, self.names[source], self.names[target])

    def _choose(self, draft: Draft, ends: tuple[str, str], stored: Mapping[str, int]) -> LinkRecord | str:
        objections = []
        for record in draft:
            reason = self.objection(record.kind, ends, stored)
            if reason is None:
                return record
            objections.append(reason)
        return objections[0]

    def _code(self, entity_id: str, stored: Mapping[str, int]) -> int:
        known, other = self._known.get(entity_id, UNKNOWN), stored.get(entity_id, UNKNOWN)
        if UNKNOWN in (known, other):
            return max(known, other)
        return max(known, other, key=lambda code: self._depths[code])

    def _note(self, entity_id: str, code: int) -> None:
        before = self._known.get(entity_id)
        if before is None or self._depths[code] > self._depths[before]:
            self._known[entity_id] = code


def not_allowed(kind: str, source_kind: str, target_kind: str) -> str:
    """The reason why a link of a kind between two kinds is refused."""
    return f"the ontology does not allow {kind} from {source_kind} to {target_kind}"


def nobody_describes(missing: Sequence[str]) -> str:
    """The reason why a link to entities without a record is refused."""
    return "no record describes entity " + " or ".join(repr(entity_id) for entity_id in dict.fromkeys(missing))
