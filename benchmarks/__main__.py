"""Run the benchmarks: ``python -m benchmarks [small] [middle] [large]``, all three unless told otherwise."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import database, loading, questions, reading, served
from benchmarks.harness import SIZES, Measured, write_results
from tests.services.missing import ServiceMissingError
from tests.services.neo4j_server import start_neo4j


def main(names: Sequence[str]) -> None:
    """Measure the sizes named and write the table."""
    begun = time.perf_counter()
    rows: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            entities, links = SIZES[name]
            files, graph = Path(folder) / name, Path(folder) / f"{name}.duckdb"
            for measured in loading.measure(files, graph, entities, links):
                _told(rows, measured)
            for measured in reading.measure(graph, entities, links):
                _told(rows, measured)
            for measured in questions.measure(graph, entities, links):
                _told(rows, measured)
            for measured in served.measure(graph, entities, links):
                _told(rows, measured)
    try:
        with start_neo4j(heap="4G", pagecache="2G") as server:
            for name in names:
                for measured in database.measure(server, *SIZES[name]):
                    _told(rows, measured)
    except ServiceMissingError as missing:
        sys.stderr.write(f"the comparison with Neo4j is left out: {missing}\n")
    sys.stdout.write("\n" + write_results(rows, time.perf_counter() - begun))


def _told(rows: list[Measured], measured: Measured) -> None:
    rows.append(measured)
    sys.stdout.write(measured.row() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:] or list(SIZES))
