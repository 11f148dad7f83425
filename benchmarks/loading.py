"""Loading our own record form into the embedded store: Parquet in, validated and durable, by the command."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.harness import SEED, Measured, size_name
from benchmarks.synthetic import world
from graph_service.model.grades import ALL_GRADES

_ROWS = 500_000
_SHARED = {"markings": "markings", "valid_from": "valid_from", "valid_to": "valid_to"}
_ENTITIES = {"entity_id": "id", "kind": "kind", **_SHARED}
_LINKS = {"link_id": "id", "kind": "kind", "source": "source", "target": "target", **_SHARED}


def measure(files: Path, graph: Path, entities: int, links: int) -> Iterator[Measured]:
    """Write the world as two Parquet files, load them by the command, and count what is there."""
    files.mkdir()
    tables = world(entities, links, SEED)
    for name, table, columns in (("entities", tables[0], _ENTITIES), ("links", tables[1], _LINKS)):
        _write(table, columns, files / f"{name}.parquet")
    del tables
    environment = os.environ | {"GRAPH_STORE": "embedded", "GRAPH_PATH": str(graph)}
    command = [sys.executable, "-m", "graph_service.cli.main", "load", str(files), "--format", "columns", "--json"]
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=files.parent, capture_output=True, check=True)
    spent = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    (report,) = json.loads(done.stdout)["reports"]
    assert (report["entities"], report["links"], report["rejected"]) == (entities, links, 0)
    yield Measured(
        "load from Parquet, validated, into the embedded store",
        size_name(entities, links),
        f"{spent:.1f} s, {(entities + links) / spent:,.0f} records/s, peak {peak:.1f} GB",
        "",
        "",
        "60 s, 6 GB",
        (spent <= 60 and peak <= 6) if links >= 5_000_000 else None,
    )


def _write(table: pa.Table, columns: dict[str, str], path: Path) -> None:
    """The rows in our own record form: a column a property."""
    writer: pq.ParquetWriter | None = None
    names = sorted({name for text in table["properties"].slice(0, 20_000).to_pylist() for name in orjson.loads(text)})
    for start in range(0, len(table), _ROWS):
        part = table.slice(start, _ROWS)
        properties = [orjson.loads(text) for text in part["properties"].to_pylist()]
        made: dict[str, pa.Array | pa.ChunkedArray] = {new: part[old] for old, new in columns.items()}
        made["grade"] = pa.array([str(ALL_GRADES[code]) for code in part["grade"].to_pylist()])
        for name in names:
            made[name] = pa.array([values.get(name) for values in properties], pa.list_(pa.string()))
        chunk = pa.table(made)
        writer = writer or pq.ParquetWriter(path, chunk.schema)
        writer.write_table(chunk)
    if writer is not None:
        writer.close()
