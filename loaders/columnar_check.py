"""Our own records by the column: a chunk of a table in, ENTITY_ROWS or LINK_ROWS and refusals out.

The same rules as `loaders.records` applies line by line (a test compares the two), worked out over whole columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.errors import InvalidValue
from graph_service.model.ids import check_id
from graph_service.model.ontology import EntityKind, LinkKind, Ontology
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS
from loaders.columnar_properties import Columns, RawRows, codes_of, encoded, read_properties, texts_of
from loaders.columnar_said import SaidColumns
from loaders.columnar_values import Refusals, by_distinct, truths
from loaders.ends import UNKNOWN, Ends
from loaders.ids import link_id
from loaders.made import Defaults
from loaders.problems import near

K = TypeVar("K", EntityKind, LinkKind)

_IDENTITY = ("kind", "valid_from", "valid_to")
_SAFE_ID = r"^[!-~\pL\pN]([ -~\pL\pN]*[!-\\^-~\pL\pN])?$"
_SAFE_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that stand, as ENTITY_ROWS or LINK_ROWS, ``rows`` saying which they were, and the refusals."""

    table: pa.Table
    rows: npt.NDArray[np.int64]
    refusals: Refusals


def check_entities(raw: RawRows, ontology: Ontology, defaults: Defaults, ends: Ends) -> Checked:
    """The entities of a chunk; those that stand are noted in ``ends``."""
    refusals = Refusals(raw.size)
    _ids(raw.column("id"), "id", refusals)
    codes, kinds = _kinds(raw.column("kind"), ontology.entity_kinds, ontology.entity_kind, refusals)
    properties = list(read_properties(raw, codes, kinds, refusals))
    said = SaidColumns(raw, defaults, refusals)
    rows = refusals.accepted()
    kept = pa.array(rows)
    ids = raw.column("id").take(kept)
    texts, all_codes = texts_of(properties, codes[rows], kinds, kept), codes_of(properties, rows)
    names = pa.array([kind.name for kind in kinds], pa.string()).take(pa.array(codes[rows]))
    columns = {"entity_id": ids, "kind": names, **said.columns(rows), **encoded(properties, rows)}
    table = pa.table({**columns, "text": texts, "codes": all_codes}).select(ENTITY_ROWS.names).cast(ENTITY_ROWS)
    numbers = np.array([ends.codes[kind.name] for kind in kinds] or [UNKNOWN], dtype=np.int16)
    ends.describe_all(ids.to_pylist(), numbers[codes[rows]] if len(rows) else numbers[:0])
    return Checked(table, rows, refusals)


def check_links(raw: RawRows, ontology: Ontology, defaults: Defaults, ends: Ends) -> Checked:
    """The links of a chunk, their ends judged by the kinds of the entities they name."""
    refusals = Refusals(raw.size)
    given = raw.column("id")
    named = truths(pc.not_equal(given, ""))
    _ids(given, "id", refusals, wanted=named)
    for end in ("source", "target"):
        _ids(raw.column(end), end, refusals)
    codes, kinds = _kinds(raw.column("kind"), ontology.link_kinds, ontology.link_kind, refusals)
    properties = list(read_properties(raw, codes, kinds, refusals))
    said = SaidColumns(raw, defaults, refusals)
    _judge(raw, codes, kinds, ends, refusals)
    rows = refusals.accepted()
    names = pa.array([kind.name for kind in kinds], pa.string()).take(pa.array(codes[rows]))
    columns = {"kind": names, **said.columns(rows), **encoded(properties, rows)}
    ids, sources, targets = (raw.column(name).take(pa.array(rows)) for name in ("id", "source", "target"))
    nameless = np.flatnonzero(~named[rows])
    if len(nameless):
        directed = [kind.directed for kind in kinds]
        made = _derived(nameless, (sources, targets), columns, [directed[code] for code in codes[rows[nameless]]])
        mask = pa.array(~named[rows])
        ids, sources, targets = (
            pc.replace_with_mask(old, mask, new) for old, new in zip((ids, sources, targets), made, strict=True)
        )
    columns |= {"link_id": ids, "source": sources, "target": targets}
    return Checked(pa.table(columns).select(LINK_ROWS.names).cast(LINK_ROWS), rows, refusals)


def _ids(values: pa.Array, column: str, refusals: Refusals, wanted: npt.NDArray[np.bool_] | None = None) -> None:
    """Refuse rows whose id is missing or none; only the ``wanted`` ones are looked at."""
    safe = pc.and_(pc.match_substring_regex(values, _SAFE_ID), pc.less_equal(pc.binary_length(values), _SAFE_LENGTH))
    doubtful = ~truths(safe)
    if wanted is not None:
        doubtful &= wanted
    for row in np.flatnonzero(doubtful):
        text = values[int(row)].as_py() or ""
        if not text:
            refusals.add(row, column, "", f"{column} is missing")
            continue
        try:
            check_id(text)
        except InvalidValue as error:
            refusals.add(row, column, text, str(error))


def _kinds(
    values: pa.Array, known: Mapping[str, object], find: Callable[[str], K], refusals: Refusals
) -> tuple[npt.NDArray[np.int64], list[K]]:
    """The kinds that occur, and for each row the place of its kind among them; rows of another kind are refused."""
    by_code, found = by_distinct(values, lambda text: text)
    kinds: list[K] = []
    places = np.zeros(len(found), dtype=np.int64)
    for code, name in enumerate(map(str, found)):
        if name in known:
            places[code] = len(kinds)
            kinds.append(find(name))
            continue
        for row in np.flatnonzero(by_code == code):
            reason = f"unknown kind{near(name, known)}" if name else "kind is missing"
            refusals.add(row, "kind", name, reason)
    return places[by_code], kinds


def _judge(
    raw: RawRows, codes: npt.NDArray[np.int64], kinds: Sequence[LinkKind], ends: Ends, refusals: Refusals
) -> None:
    """Refuse links between kinds that the ontology does not allow, or to entities that nobody describes."""
    names = [raw.column(end).to_pylist() for end in ("source", "target")]
    at = [ends.of(column) for column in names]
    unknown = np.flatnonzero((at[0] == UNKNOWN) | (at[1] == UNKNOWN))
    standing = np.ones(raw.size, dtype=np.bool_)
    standing[list(refusals.reasons)] = False
    allowed = np.ones(raw.size, dtype=np.bool_)
    for code, kind in enumerate(kinds):
        rows = np.flatnonzero(codes == code)
        allowed[rows] = ends.allowed(kind.name)[at[0][rows], at[1][rows]]
    allowed[unknown] = not ends.asks_store
    doubted = np.flatnonzero(standing & ~allowed)
    stored = ends.from_store(end for row in doubted for end in (names[0][row], names[1][row]))
    for row in doubted:
        reason = ends.objection(kinds[codes[row]].name, (names[0][row], names[1][row]), stored)
        if reason is not None:
            refusals.add(row, "", "", reason)


def _derived(
    rows: npt.NDArray[np.int64], ends: tuple[pa.Array, pa.Array], columns: Columns, directed: Sequence[bool]
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Ids for links that have none, with their ends, which for an undirected kind stand in order."""
    taken = [column.take(pa.array(rows)).to_pylist() for column in (*ends, *(columns[name] for name in _IDENTITY))]
    made: tuple[list[str], list[str], list[str]] = [], [], []
    for source, target, kind, start, end, ordered in zip(*taken, directed, strict=True):
        one, other = (source, target) if ordered or source <= target else (target, source)
        for column, text in zip(made, (link_id(kind, one, other, start, end), one, other), strict=True):
            column.append(text)
    return pa.array(made[0]), pa.array(made[1]), pa.array(made[2])
