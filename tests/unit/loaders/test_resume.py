"""A load killed in the middle, in a process of its own, and taken up again: the store holds what a whole load gives."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from graph_service.model.scope import EVERYTHING
from graph_service.store.embedded.store import EmbeddedStore
from loaders.report import LoadOptions
from loaders.run import load
from tests.unit.loaders.payments import MAPPING
from tests.unit.loaders.recorder import ONTOLOGY, write

LINES = "nr,payer,payee,sum\n" + "".join(f"{n},A{n % 97},B{n % 89},{n}.50\n" for n in range(6_000))
SCRIPT = """
    import sys
    from pathlib import Path
    from graph_service.model.ontology import load_ontology
    from graph_service.store.embedded.store import EmbeddedStore
    from loaders.report import LoadOptions
    from loaders.run import load

    folder = Path(sys.argv[1])
    store = EmbeddedStore(folder / "killed.duckdb")
    options = LoadOptions(mapping=folder / "map.toml", batch_rows=250, rejects=folder / "rejects")
    print("ready", flush=True)
    load([folder / "payments.csv"], store_put=store.put, ontology=load_ontology(), options=options,
         progress=lambda told: print(told.done, flush=True))
"""


def said(store: EmbeddedStore) -> tuple[set[object], set[object]]:
    """All records, as the store hands them out, without the moment they were recorded."""
    changes = store.changes(0)
    records = store.get(changes.entity_ids.to_pylist(), changes.link_ids.to_pylist(), EVERYTHING)
    entities = {(r.entity_id, r.kind, str(r.properties), r.said.row) for r in records.entities}
    links = {(r.link_id, r.kind, r.source, r.target, r.said.row) for r in records.links}
    assert len(entities) == store.health().entity_records
    assert len(links) == store.health().link_records
    return {*entities}, {*links}


def test_killed_loads_are_taken_up_without_loss_or_double(tmp_path: Path) -> None:
    write(tmp_path, "map.toml", MAPPING)
    path = write(tmp_path, "payments.csv", LINES)
    options = LoadOptions(mapping=tmp_path / "map.toml", batch_rows=250, rejects=tmp_path / "rejects")
    clean = EmbeddedStore(None)
    load([path], store_put=clean.put, ontology=ONTOLOGY, options=options)
    chance = random.Random(7)
    for _ in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SCRIPT), str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for _ in range(chance.randint(1, 6)):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    store = EmbeddedStore(tmp_path / "killed.duckdb")
    (report,) = load([path], store_put=store.put, ontology=ONTOLOGY, options=options)
    assert (report.entities, report.links) == (clean.health().entity_records, clean.health().link_records)
    assert said(store) == said(clean)
    store.close()
