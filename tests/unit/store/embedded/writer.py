"""A process that writes numbered batches into a file until it is killed, for the tests that kill it.

``python writer.py FILE FIRST``: each batch holds ROWS entities and as many links; its number is printed once the put
has returned. The file is closed and opened again after every fourth batch, so that a kill may also meet either.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import Batch
from tests.store_material import NOON, batch, knows, person, source

ROWS = 400


def numbered(number: int) -> Batch:
    """The batch of a number; its entities are its own, its links all end at the first entity of batch 0."""
    people = [person(f"{number}.{k}") for k in range(ROWS)]
    links = [knows(f"{number}.{k}", f"{number}.{k}", "0.0") for k in range(ROWS)]
    return batch(f"batch {number}", people, links, source(), NOON)


def main(path: Path, first: int) -> None:
    """Write from a number on, for ever."""
    numbers = count(first)
    while True:
        store = EmbeddedStore(path)
        for number in (next(numbers) for _ in range(4)):
            store.put(numbered(number))
            print(number, flush=True)
        store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
