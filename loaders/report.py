"""What a load is asked for, and what it tells: while it runs and when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from graph_service.errors import InvalidParameter, InvalidValue
from graph_service.model.grades import UNGRADED, Grade
from graph_service.model.scope import check_marking
from loaders.rejects import Reject
from loaders.source import text_encoding

FORMATS = ("csv", "jsonl", "json", "records", "columns", "ftm")
"""csv, jsonl and json are read by a mapping; records and columns are our own form, as JSON lines or as tables (CSV or
Parquet); ftm is FollowTheMoney."""
FIRST_REJECTS = 20
"""Refused rows that a report carries itself; all of them stand in the rejects file."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to load. Everything that is left out is found in the file or has the default that is shown.

    ``mapping``: the name of a ready mapping or a file. ``source_name``: all paths become one source of this name.
    ``grade``: of the records that say none. ``markings``: added to those of every record. ``check_only``: everything
    but writing. ``batch_rows``: rows of the source in one batch; a load that was interrupted is taken up only with the
    same number. ``rejects``: the folder for refused rows.
    """

    format: str | None = None
    mapping: str | Path | None = None
    source_name: str | None = None
    grade: Grade = UNGRADED
    markings: frozenset[str] = frozenset()
    encoding: str | None = None
    check_only: bool = False
    batch_rows: int = 20_000
    recorded_at: datetime | None = None
    rejects: Path = Path("rejects")

    def __post_init__(self) -> None:
        """Refuses a format or an encoding that does not exist, a marking that is none, a batch of nothing."""
        if self.format is not None and self.format not in FORMATS:
            raise InvalidParameter(f"no format {self.format!r}; there are {', '.join(FORMATS)}")
        if self.batch_rows < 1:
            raise InvalidParameter("a batch has at least one row")
        if self.encoding is not None:
            try:
                text_encoding(self.encoding)
            except InvalidValue as error:
                raise InvalidParameter(str(error)) from error
        for marking in self.markings:
            check_marking(marking)


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load is: lines read of those expected (a line may be read twice, for entities and for links)."""

    file: str
    done: int
    expected: int
    rejected: int


Progress: TypeAlias = Callable[[LoadProgress], None]
"""Told after each batch; an error that it raises stops the load between two batches."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one source brought.

    ``rows`` were read, of which ``rejected`` (rows, single links or values) were refused; ``entities`` and ``links``
    are the records of this source in the store, ``entity_kinds`` and ``link_kinds`` the same by kind. ``rejects_files``
    hold all that was refused. ``repeated``: every batch had been written before, so nothing was. ``revision`` is the
    store's after the load, None when it was only checked. ``skipped``: files of a folder that are no data.
    """

    source_id: str
    name: str
    sha256: str
    format: str
    files: tuple[str, ...]
    rows: int
    entities: int
    links: int
    rejected: int
    first_rejects: tuple[Reject, ...]
    rejects_files: tuple[str, ...]
    entity_kinds: Mapping[str, int]
    link_kinds: Mapping[str, int]
    seconds: float
    revision: int | None
    repeated: bool
    checked_only: bool
    skipped: tuple[str, ...] = ()
