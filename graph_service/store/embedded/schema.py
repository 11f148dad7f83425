"""The file of the embedded store: its tables, and how it is opened, checked and made.

Ids are interned: every record carries the id of its entity or link, and the number that stands for it in all else.
Record tables only ever grow, in the order of their numbers, so a reader that stops at the totals of a revision sees
exactly that revision. A withdrawal is one row changed in ``source``; no row of a record table is ever updated.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from graph_service.errors import IncompatibleStore, StoreError, StoreLocked, StoreUnavailable
from graph_service.store.protocol import NEVER

VERSION = 2
"""The version of the tables; a file of any other is refused."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "checkpoint_threshold": "256MB",
    "dynamic_or_filter_threshold": 2_000,
}
"""No statement reaches a file or the network. The log is folded into the file seldom, for that rewrites the indexes.
The last lets a scan for up to so many ids pass over what cannot hold them."""

_OF_THE_SYSTEM = ("Cannot open file", "Permission denied", "No space left")
"""What DuckDB's message holds when the operating system refused; its error classes do not tell."""

# Columns that a look-up by id reads are stored plainly where packing would make one value cost a run of others.
_SAID = """
    row VARCHAR NOT NULL USING COMPRESSION uncompressed,
    grade TINYINT NOT NULL,
    class INTEGER NOT NULL,
    valid_from VARCHAR USING COMPRESSION uncompressed,
    valid_to VARCHAR USING COMPRESSION uncompressed,
    from_day INTEGER NOT NULL USING COMPRESSION uncompressed,
    to_day INTEGER NOT NULL USING COMPRESSION uncompressed,
    amount DOUBLE USING COMPRESSION uncompressed,
    properties VARCHAR NOT NULL,
    recorded BIGINT NOT NULL,
    origin INTEGER NOT NULL
"""
_TABLES = (
    "CREATE TABLE store_schema (version INTEGER NOT NULL)",
    """CREATE TABLE change (
        revision INTEGER PRIMARY KEY, marker VARCHAR UNIQUE, origin INTEGER NOT NULL,
        new_entity_records BIGINT NOT NULL, new_link_records BIGINT NOT NULL,
        entities BIGINT NOT NULL, links BIGINT NOT NULL,
        entity_records BIGINT NOT NULL, link_records BIGINT NOT NULL)""",
    f"""CREATE TABLE source (
        no INTEGER NOT NULL, id VARCHAR NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
        grade TINYINT NOT NULL, markings VARCHAR NOT NULL, format VARCHAR NOT NULL, loaded BIGINT NOT NULL,
        withdrawn BIGINT NOT NULL DEFAULT {NEVER}, withdrawal INTEGER,
        entities BIGINT NOT NULL DEFAULT 0, links BIGINT NOT NULL DEFAULT 0)""",
    "CREATE TABLE visibility_class (no INTEGER NOT NULL, markings VARCHAR NOT NULL)",
    f"""CREATE TABLE entity_record (
        record BIGINT NOT NULL, entity INTEGER NOT NULL, id VARCHAR NOT NULL USING COMPRESSION uncompressed,
        first BOOLEAN NOT NULL, kind VARCHAR NOT NULL, {_SAID}, text VARCHAR NOT NULL, codes VARCHAR NOT NULL)""",
    f"""CREATE TABLE link_record (
        record BIGINT NOT NULL, link INTEGER NOT NULL, id VARCHAR NOT NULL USING COMPRESSION uncompressed,
        first BOOLEAN NOT NULL, source INTEGER NOT NULL, target INTEGER NOT NULL, kind VARCHAR NOT NULL, {_SAID})""",
    "CREATE INDEX entity_record_id ON entity_record (id)",
    "CREATE INDEX entity_record_entity ON entity_record (entity)",
    "CREATE INDEX link_record_id ON link_record (id)",
)
"""``first`` marks the record that gave its entity or link the number; ``origin`` is the source's number."""


def open_database(path: Path | None) -> duckdb.DuckDBPyConnection:
    """A connection to the file, made with its tables when it is new; None is a store in memory.

    Raises StoreLocked when something else holds the file, IncompatibleStore when it holds other things or another
    version, StoreUnavailable when the operating system refuses it.
    """
    if path is not None:
        _check_file(path)
    try:
        connection = duckdb.connect(":memory:" if path is None else str(path), config=_CONFIG)
    except duckdb.Error as error:
        raise _refusal(path, str(error)) from error
    try:
        if connection.execute("FROM duckdb_connection_count()").fetchall() != [(1,)]:
            raise StoreLocked(f"{path} is open in this process already")
        _make_tables(connection, path)
    except duckdb.Error as error:
        connection.close()
        raise _refusal(path, str(error)) from error
    except StoreError:
        connection.close()
        raise
    return connection


def _check_file(path: Path) -> None:
    """Look at the first bytes before the database does, which would ask for an extension that reads other formats."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise StoreUnavailable(f"cannot make {path}: there is no folder {path.parent}") from None
        return
    except OSError as error:
        raise StoreUnavailable(f"cannot open {path}: {error.strerror}") from error
    if head[8:] != b"DUCK":
        raise IncompatibleStore(f"{path} is no DuckDB file, so no store of this service")


def _refusal(path: Path | None, text: str) -> StoreError:
    if "Could not set lock" in text:
        return StoreLocked(
            f"{path} is held by another process: ask through the service that holds it, or stop it first"
        )
    if any(sign in text for sign in _OF_THE_SYSTEM):
        return StoreUnavailable(f"cannot open {path}: {text}")
    return IncompatibleStore(f"{path} cannot be read as a store: {text}")


def _make_tables(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    """Make the tables in an empty database; in any other, check that they are those of this version."""
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        connection.begin()
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("INSERT INTO store_schema VALUES (?)", [VERSION])
        connection.commit()
        return
    if "store_schema" not in tables:
        raise IncompatibleStore(f"{path} is a DuckDB file of something else: it names no schema version")
    found = connection.execute("SELECT version FROM store_schema").fetchall()
    if found != [(VERSION,)]:
        versions = ", ".join(str(version) for (version,) in found) or "none"
        raise IncompatibleStore(
            f"{path} has schema version {versions}; this service reads and writes version {VERSION}"
        )
