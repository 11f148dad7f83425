"""A small file of payments with its mapping, and two people with a role, as records: what the load tests load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.loaders.recorder import Recorder, write

MAPPING = """
[entity.payer]
kind = "Party"
id = "p:{payer}"
properties.name = "payer"
[entity.payee]
kind = "Party"
id = "p:{payee}"
properties.name = "payee"
[entity.payment]
kind = "MoneyTransfer"
id = "t:{nr}"
properties.amount = "sum"
[link.from]
kind = "ORIGINATOR"
source = "payer"
target = "payment"
[link.to]
kind = "BENEFICIARY"
source = "payment"
target = "payee"
[link.knows]
kind = "ASSOCIATE_OF"
source = "payer"
target = "payee"
"""
PAYMENTS = "nr,payer,payee,sum\n" + "".join(f"{n},A{n % 3},B{n % 2},{n}.50\n" for n in range(40))
PEOPLE = '{"type":"entity","id":"p1","kind":"Subject"}\n{"type":"entity","id":"o1","kind":"Company"}\n'
ROLE = '{"type":"link","id":"l1","kind":"DIRECTOR_OF","source":"p1","target":"o1"}\n'


def payments(folder: Path, *, lines: str = PAYMENTS, mapping: str = MAPPING) -> Path:
    """The file of payments and its mapping, written anew."""
    write(folder, "map.toml", mapping)
    return write(folder, "payments.csv", lines)


def mapped(folder: Path, **chosen: Any) -> dict[str, Any]:
    """Options to load the payments."""
    return {"mapping": folder / "map.toml", **chosen}


def contents(recorder: Recorder) -> list[tuple[object, ...]]:
    """Everything that was said, however it was batched."""
    entities = [(r.entity_id, r.kind, r.properties, r.said.row, r.said.source_id) for r in recorder.entities()]
    links = [(r.link_id, r.kind, r.source, r.target, r.said.row, r.said.source_id) for r in recorder.links()]
    return sorted([*entities, *links], key=str)
