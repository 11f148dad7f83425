"""The seam between the service and a store: eight methods, and the columnar values that cross it.

A store keeps records and hands them out; it does not analyse. ``Batch`` goes in, ``Changes`` come out, both
as Arrow tables, because the graph has millions of rows. Numbers in the tables: *days* since 1970-01-01 with
``DAY_MIN``/``DAY_MAX`` for open ends, *moments* in microseconds since 1970 UTC with ``NEVER`` for "not retracted",
*grades* as ``Grade.code``, *markings* as the canonical text of ``join_markings``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import LiteralString, Protocol

import pyarrow as pa

from graph_service.model.records import Records, Source
from graph_service.model.scope import Scope

NEVER = 2**63 - 1
"""The moment of a retraction that has not happened."""
LATEST = NEVER - 1
"""The as-known moment of a scope that asks for the present."""

_COMMON = [
    ("row", pa.string()),
    ("grade", pa.int8()),
    ("markings", pa.string()),
    ("valid_from", pa.string()),
    ("valid_to", pa.string()),
    ("from_day", pa.int32()),
    ("to_day", pa.int32()),
    ("amount", pa.float64()),
    ("properties", pa.string()),
]
ENTITY_ROWS = pa.schema(
    [("entity_id", pa.string()), ("kind", pa.string()), *_COMMON, ("text", pa.string()), ("codes", pa.string())]
)
"""One row an entity record. ``valid_from``/``valid_to``: partial dates as said, null when open; ``amount`` null when
none; ``properties``: JSON object of lists of canonical texts; ``text``: folded search text; ``codes``: the
countries (ISO 3166 alpha-2), currencies (ISO 4217) and HS codes among the properties, and the words of
their analytic role, sorted, parted by spaces: two letters, three letters, digits and longer words, so that one is never
taken for another."""
LINK_ROWS = pa.schema(
    [("link_id", pa.string()), ("kind", pa.string()), ("source", pa.string()), ("target", pa.string()), *_COMMON]
)
"""One row a link record; ``source`` and ``target`` are entity ids, the rest as in ENTITY_ROWS."""

_SEEN = [
    ("kind", pa.string()),
    ("class", pa.int32()),
    ("grade", pa.int8()),
    ("from_day", pa.int32()),
    ("to_day", pa.int32()),
    ("recorded", pa.int64()),
    ("retracted", pa.int64()),
    ("origin", pa.int32()),
    ("amount", pa.float64()),
]
ENTITY_CHANGES = pa.schema([("entity", pa.int32()), *_SEEN, ("text", pa.string()), ("codes", pa.string())])
"""Entity records as the Network takes them; ``entity`` is the entity's number, ``origin`` the place of the source's id
in ``Changes.origins``."""
LINK_CHANGES = pa.schema([("link", pa.int32()), ("source", pa.int32()), ("target", pa.int32()), *_SEEN])
"""Link records as the Network takes them; ``link`` is the link's number, ends are entity numbers."""
RETRACTIONS = pa.schema([("record", pa.int64()), ("retracted", pa.int64())])
"""Records retracted after they had been handed out, by record number (their place in the whole sequence)."""


def to_moment(at: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def from_moment(moment: int) -> datetime | None:
    """The moment as a datetime; None for NEVER."""
    return None if moment == NEVER else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one source, written whole or not at all.

    ``marker`` names the batch for ever: a second put of the same marker writes nothing. ``recorded_at`` is the moment
    from which its records count as known.
    """

    marker: str
    source: Source
    entities: pa.Table
    links: pa.Table
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """All records of a source are retracted from this moment on; they stay for as-known questions."""

    source_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a put did: the revision it made, the records written, and whether it had been done before."""

    revision: int
    entities: int
    links: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened after a revision, in the order it happened.

    Entities, links and their records are numbered densely from 0 in the order they were first written and never
    renumbered. ``entity_ids`` and ``link_ids`` hold the ids of the numbers that are new, ``entity_rows`` and
    ``link_rows`` the new records (ENTITY_CHANGES, LINK_CHANGES; record numbers follow on from those handed out
    before), the retractions older records that were taken back since. ``classes`` lists every visibility class with
    its markings, ``origins`` the ids of the sources that the new rows come from.
    """

    since: int
    revision: int
    classes: Mapping[int, frozenset[str]]
    origins: tuple[str, ...]
    entity_ids: pa.StringArray
    link_ids: pa.StringArray
    entity_rows: pa.Table
    link_rows: pa.Table
    entity_retractions: pa.Table
    link_retractions: pa.Table


@dataclass(frozen=True, slots=True)
class Statement:
    """Literal query text with its parameters; the store adds the parameters of the scope (see its documentation)."""

    text: LiteralString
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the store answers, what it is, and how much it holds in all (for the operator, not for a scope)."""

    ok: bool
    store: str
    version: str
    detail: str
    revision: int = 0
    entity_records: int = 0
    link_records: int = 0
    plugins: tuple[str, ...] = ()


class GraphStore(Protocol):
    """What a store can do. Every method raises StoreUnavailable when the store cannot be reached."""

    name: str
    """``embedded`` or ``neo4j``: told in every answer."""

    def get(self, entities: Sequence[str], links: Sequence[str], scope: Scope) -> Records:
        """The records of these ids that the scope shows: markings, window, as-known, grade and kinds.

        Unknown and hidden ids are simply absent; empty input gives empty records; doubles count once. Ordered by id,
        then record number. Whether the ends of a link are visible is the View's business, not checked here.
        """
        ...

    def put(self, change: Batch | Withdrawal) -> Receipt:
        """Write a batch or a withdrawal: atomic, durable when it returns, and idempotent.

        A marker seen before (or a source withdrawn before) writes nothing and gives the first receipt with
        ``repeated``. An empty batch still registers its source and marker. Raises DanglingLinks when a link's end is
        in no record of the store or the batch, ContradictedLinks when a link has another kind or other ends than a
        record of it that stands (any record, whoever may see it), DataError for ids that none may have and for a
        source that was withdrawn, SourceNotFound for a withdrawal of an unknown source; then nothing is written.
        """
        ...

    def changes(self, since: int) -> Changes:
        """What happened after revision ``since`` (0 for everything), read from one consistent state."""
        ...

    def ask(self, statement: Statement, scope: Scope, seconds: float) -> list[dict[str, object]]:
        """The rows of a read-only statement under the scope, in the statement's order, stopped after ``seconds``.

        Raises EngineCannot in a store that has no query language of its own.
        """
        ...

    def sources(self, scope: Scope) -> tuple[Source, ...]:
        """The sources whose own markings the asker holds, withdrawn ones included, by id."""
        ...

    def revision(self) -> int:
        """The number of the last change, 0 for an empty store; cheap, asked before every question."""
        ...

    def health(self) -> Health:
        """Whether it answers, with version and totals; never raises."""
        ...

    def close(self) -> None:
        """Release everything; a second call does nothing."""
        ...
