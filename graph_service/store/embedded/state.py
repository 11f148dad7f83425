"""The state of the embedded store at one revision: totals, classes and sources, small enough to keep in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from graph_service.model.grades import ALL_GRADES
from graph_service.model.records import Source
from graph_service.model.scope import split_markings
from graph_service.store.protocol import from_moment

_SOURCES = """
    SELECT no, id, name, sha256, grade, markings, format, loaded, entities, links, withdrawn FROM source ORDER BY no
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many entities, links and records of each there were at a revision: where the next ones begin."""

    entities: int = 0
    links: int = 0
    entity_records: int = 0
    link_records: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What readers need beside the tables. Tables only grow, so a reader with a State sees exactly its revision.

    ``classes``: markings by class number. ``sources`` by number. ``withdrawn``: moments of retraction by source number,
    NEVER for a source that stands.
    """

    revision: int = 0
    totals: Totals = Totals()
    classes: Mapping[int, frozenset[str]] = field(default_factory=dict)
    sources: Mapping[int, Source] = field(default_factory=dict)
    withdrawn: Mapping[int, int] = field(default_factory=dict)


def read_state(cursor: duckdb.DuckDBPyConnection) -> State:
    """The state of the last revision that the cursor sees."""
    revision = cursor.execute("SELECT coalesce(max(revision), 0) FROM change").fetchall()[0][0]
    classes = cursor.execute("SELECT no, markings FROM visibility_class ORDER BY no").fetchall()
    sources = cursor.execute(_SOURCES).fetchall()
    return State(
        revision,
        totals_at(cursor, revision),
        {no: split_markings(markings) for no, markings in classes},
        {no: _source(row) for no, *row in sources},
        {no: withdrawn for no, *_, withdrawn in sources},
    )


def totals_at(cursor: duckdb.DuckDBPyConnection, revision: int) -> Totals:
    """The totals after a revision; nothing before the first."""
    rows = cursor.execute(
        "SELECT entities, links, entity_records, link_records FROM change WHERE revision = ?", [revision]
    ).fetchall()
    return Totals(*rows[0]) if rows else Totals()


def _source(row: Sequence[Any]) -> Source:
    id_, name, sha256, grade, markings, format_, loaded, entities, links, withdrawn = row
    return Source(
        id=id_,
        name=name,
        sha256=sha256,
        grade=ALL_GRADES[grade],
        markings=split_markings(markings),
        format=format_,
        loaded_at=from_moment(loaded),
        withdrawn_at=from_moment(withdrawn),
        entities=entities,
        links=links,
    )
