"""What is on disk when a put has returned stays there: killed processes, full disks, files opened again."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from graph_service.model.scope import EVERYTHING
from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import Receipt, Withdrawal
from tests.store_material import at, batch, everything, knows, person, said, source
from tests.unit.store.embedded.writer import ROWS, numbered

ROOT = Path(__file__).parents[4]


def _killed_writer(path: Path, first: int, seconds: float) -> list[int]:
    """The batches that a writer acknowledged before it was killed, so many seconds after its first one."""
    command = [sys.executable, "-m", "tests.unit.store.embedded.writer", str(path), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline())]
        try:
            writer.wait(seconds)
        except subprocess.TimeoutExpired:
            writer.kill()
        acknowledged += [int(line) for line in writer.stdout.read().splitlines()]
    assert writer.returncode == -9
    return acknowledged


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_writer_loses_nothing_acknowledged_and_leaves_no_half_batch(seed: int, tmp_path: Path) -> None:
    moments = random.Random(seed)
    path = tmp_path / "store.duckdb"
    written = 0
    for _ in range(2):
        acknowledged = _killed_writer(path, written, moments.uniform(0.0, 0.4))
        assert acknowledged == list(range(written, written + len(acknowledged)))
        store = EmbeddedStore(path)
        changes = store.changes(0)
        assert written + len(acknowledged) <= changes.revision <= written + len(acknowledged) + 1
        written = changes.revision
        ids = [f"{number}.{k}" for number in range(written) for k in range(ROWS)]
        assert changes.entity_ids.to_pylist() == changes.link_ids.to_pylist() == ids
        assert len(changes.entity_rows) == len(changes.link_rows) == len(ids)
        assert changes.link_rows["source"].to_pylist() == list(range(len(ids)))
        assert [record.source for record in store.get((), [ids[-1], ids[0]], EVERYTHING).links] == [ids[0], ids[-1]]
        assert store.put(numbered(written - 1)) == Receipt(written, ROWS, ROWS, repeated=True)
        store.close()


def test_a_file_opened_again_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    store = EmbeddedStore(path)
    store.put(batch("m1", [person("a", said(markings=["A"])), person("b")], [knows("ab", "a", "b")]))
    store.put(batch("m2", [person("c")], (), source("other", ["B"]), at(1)))
    first = store.put(Withdrawal("src", at(2)))
    before = everything(store)
    store.close()
    again = EmbeddedStore(path)
    assert everything(again) == before
    assert again.put(Withdrawal("src", at(9))).revision == first.revision
    assert again.put(batch("m3", [person("d"), person("a")], [knows("ab", "a", "b")], source("third"))).revision == 4
    changes = again.changes(3)
    assert changes.entity_ids.to_pylist() == ["d"]
    assert changes.entity_rows["entity"].to_pylist() == [3, 0]
    again.close()


def test_a_full_disk_refuses_the_put_and_is_forgiven_when_there_is_space(tmp_path: Path) -> None:
    """The limit on the size of a file stands for the disk: the writes fail the same way, and no rights are needed."""
    script = """
        import resource, sys
        from pathlib import Path
        from graph_service.errors import StoreUnavailable
        from graph_service.store.embedded.store import EmbeddedStore
        from tests.unit.store.embedded.writer import ROWS, numbered

        store = EmbeddedStore(Path(sys.argv[1]))
        put = [store.put(numbered(n)) for n in range(2)]
        size, most = Path(sys.argv[1] + ".wal").stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1_000, most))
        try:
            store.put(numbered(2))
        except StoreUnavailable as error:
            print("refused:", error)
        assert store.revision() == 2
        assert len(store.changes(0).entity_rows) == 2 * ROWS
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        print("then:", store.put(numbered(2)).revision)
        store.close()
        store = EmbeddedStore(Path(sys.argv[1]))
        print("at last:", store.revision(), len(store.changes(0).link_rows) // ROWS)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "store.duckdb")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith("refused: ")
    assert lines[1:] == ["then: 3", "at last: 3 3"]
