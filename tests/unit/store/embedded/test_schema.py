"""Opening: what is a store, what is none, and who holds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from graph_service.errors import IncompatibleStore, StoreLocked, StoreUnavailable
from graph_service.store.embedded.schema import VERSION, open_database
from graph_service.store.embedded.store import EmbeddedStore
from tests.store_material import batch, person

ROOT = Path(__file__).parents[4]
HOLD = """
import sys
from pathlib import Path
from graph_service.store.embedded.store import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.duckdb"


def test_a_file_held_by_another_process_is_locked_until_that_ends(path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=r"store\.duckdb"):
            EmbeddedStore(path)
        holder.stdin.close()
        holder.wait(30)
    EmbeddedStore(path).close()


def test_a_file_is_opened_once_in_a_process(path: Path) -> None:
    first = EmbeddedStore(path)
    with pytest.raises(StoreLocked, match=r"store\.duckdb"):
        EmbeddedStore(path)
    first.put(batch("m1", [person("a")]))
    first.close()
    again = EmbeddedStore(path)
    assert again.revision() == 1
    again.close()


def test_stores_in_memory_are_apart() -> None:
    first, second = EmbeddedStore(None), EmbeddedStore(None)
    first.put(batch("m1", [person("a")]))
    assert (first.revision(), second.revision()) == (1, 0)
    first.close()
    second.close()


def test_the_tables_are_made_once(path: Path) -> None:
    for _ in range(2):
        connection = open_database(path)
        assert connection.execute("SELECT version FROM store_schema").fetchall() == [(VERSION,)]
        connection.close()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is no DuckDB file"),
        (b"id,name\n", "is no DuckDB file"),
        (b"SQLite format 3\x00" + bytes(4096), "is no DuckDB file"),
        (b"x" * 8 + b"DUCK", "cannot be read"),
    ],
)
def test_other_files_are_no_stores_and_stay_as_they_are(path: Path, content: bytes, told: str) -> None:
    path.write_bytes(content)
    with pytest.raises(IncompatibleStore, match=rf"store\.duckdb {told}"):
        EmbeddedStore(path)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_file_is_no_store(path: Path) -> None:
    EmbeddedStore(path).close()
    content = bytearray(path.read_bytes())
    content[4096:12_288] = bytes(8192)
    path.write_bytes(content)
    with pytest.raises(IncompatibleStore, match=r"store\.duckdb"):
        EmbeddedStore(path)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE TABLE orders (id INTEGER)", "something else"),
        ("CREATE TABLE store_schema (version INTEGER)", "none"),
        (f"CREATE TABLE store_schema AS SELECT {VERSION + 1} AS version", f"version {VERSION + 1};"),
        ("CREATE TABLE store_schema AS SELECT 'one' AS release", "release|version"),
    ],
)
def test_databases_of_others_and_of_newer_versions_are_refused(path: Path, statement: str, told: str) -> None:
    connection = duckdb.connect(str(path))
    connection.execute(statement)
    connection.close()
    for _ in range(2):  # the refusal lets go of the file
        with pytest.raises(IncompatibleStore, match=rf"store\.duckdb.*({told})"):
            EmbeddedStore(path)


def test_what_the_operating_system_refuses_is_unavailable(path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no folder"):
        EmbeddedStore(path.parent / "absent" / "store.duckdb")
    with pytest.raises(StoreUnavailable, match="directory"):
        EmbeddedStore(path.parent)
    with pytest.raises(StoreUnavailable):
        EmbeddedStore(Path("/proc/store.duckdb") if Path("/proc").is_dir() else path / "under a file")


def test_statements_reach_no_file_and_no_network(path: Path) -> None:
    connection = open_database(path)
    for statement in ("FROM read_text('/etc/hostname')", "COPY store_schema TO 'out.csv'", "INSTALL spatial"):
        with pytest.raises(duckdb.Error):
            connection.execute(statement)
    connection.close()
