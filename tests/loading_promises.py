"""What loading through the service promises on any store, as checks of an empty store's maker and an empty folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from graph_service.model.ontology import load_ontology
from graph_service.model.scope import EVERYTHING, Caller, Scope
from graph_service.model.time import now
from graph_service.service import GraphService
from loaders.report import LoadOptions, LoadReport
from tests.store_material import MakeStore

ALL = Caller("all")
NOBODY = Caller("nobody", frozenset())
HOLDER = Caller("holder", frozenset({"case:A"}))
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
LINES = {
    "p1": {"type": "entity", "id": "p1", "kind": "Subject"},
    "o1": {"type": "entity", "id": "o1", "kind": "Party"},
    "role": {"type": "link", "id": "l1", "kind": "DIRECTOR_OF", "source": "p1", "target": "o2"},
    "turned": {"type": "link", "id": "l1", "kind": "OWNS", "source": "p1", "target": "o2"},
    "o2": {"type": "entity", "id": "o2", "kind": "Company"},
}
HIDDEN = [
    {"type": "entity", "id": "hidden", "kind": "Company", "markings": ["case:A"]},
    {"type": "entity", "id": "o1", "kind": "Company", "markings": ["case:A"]},
]
"""An entity that few may see, and what few may know of one that all may see."""
ENDS = ("hidden", "nothing", "o1")
REFERRING = """
[entity.person]
kind = "Subject"
id = "p1"
[entity.firm]
{kind}
id = "{{firm}}"
reference = true
[link.role]
kind = "DIRECTOR_OF"
source = "person"
target = "firm"
"""


def service(make_store: MakeStore) -> GraphService:
    """A service over an empty store."""
    return GraphService(make_store(), load_ontology())


def load(
    held: GraphService, path: Path, caller: Caller, *, check_only: bool = False, mapping: Path | None = None
) -> LoadReport:
    """Load one file."""
    options = LoadOptions(mapping=mapping, check_only=check_only, rejects=path.parent / "rejects", recorded_at=MOMENT)
    (report,) = held.load([path], options, caller)
    return report


def lines(folder: Path, name: str, *rows: Mapping[str, object]) -> Path:
    """A file of records."""
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def files(folder: Path) -> Sequence[tuple[Path, Path | None]]:
    """The same three links to a hidden entity, to none, and to one that looks different to others: in every form."""
    roles = [{"type": "link", "kind": "DIRECTOR_OF", "source": "p1", "target": end} for end in ENDS]
    made: list[tuple[Path, Path | None]] = [(lines(folder, "roles.jsonl", *roles), None)]
    table = folder / "roles.csv"
    table.write_text("kind,source,target\n" + "".join(f"DIRECTOR_OF,p1,{end}\n" for end in ENDS), encoding="utf-8")
    made.append((table, None))
    cells = folder / "cells.csv"
    cells.write_text("firm\n" + "".join(f"{end}\n" for end in ENDS), encoding="utf-8")
    for name, kind in (("any.toml", ""), ("firm.toml", 'kind = "Company"')):
        (folder / name).write_text(REFERRING.format(kind=kind), encoding="utf-8")
        made.append((cells, folder / name))
    return made


def told(report: LoadReport) -> object:
    """All that a report says, but how long it took and which revision it made."""
    return replace(report, seconds=0.0, revision=None)


def check_hidden_entities_do_not_exist_for_a_loader(make_store: MakeStore, folder: Path) -> None:
    """Twin worlds: who loads is told word for word the same whether or not there is something that they may not see."""
    reports: list[list[object]] = []
    for hidden in (HIDDEN, HIDDEN[:0]):
        held = service(make_store)
        load(held, lines(folder, "base.jsonl", LINES["p1"], LINES["o1"], *hidden), ALL)
        reports.append([
            told(load(held, path, NOBODY, check_only=check_only, mapping=mapping))
            for check_only in (True, False)
            for path, mapping in files(folder)
        ])  # fmt: skip
        held.close()
    assert reports[0] == reports[1]


def check_hidden_entities_are_refused_in_the_same_words_as_none(make_store: MakeStore, folder: Path) -> None:
    """A link to a hidden entity is a reject with the reason of a link to nothing; its holder loads it."""
    held = service(make_store)
    load(held, lines(folder, "base.jsonl", LINES["p1"], LINES["o1"], *HIDDEN), ALL)
    for check_only in (True, False):
        for path, mapping in files(folder):
            report = load(held, path, NOBODY, check_only=check_only, mapping=mapping)
            reasons = [reject.reason for reject in report.first_rejects]
            assert reasons[:2] == [f"no record describes entity '{end}'" for end in ENDS[:2]], path.name
            if mapping is None or mapping.name == "any.toml":
                assert reasons[2] == "the ontology does not allow DIRECTOR_OF from Subject to Party"
    for path, mapping in files(folder):
        report = load(held, path, HOLDER, check_only=True, mapping=mapping)
        assert [reject.reason for reject in report.first_rejects] == ["no record describes entity 'nothing'"]
        assert report.link_kinds == {"DIRECTOR_OF": 2}
    held.close()


def check_a_link_is_one_thing(make_store: MakeStore, folder: Path) -> None:
    """A link that is said to be something else is refused with its reason, checked or loaded; the rest is loaded."""
    held = service(make_store)
    load(held, lines(folder, "one.jsonl", LINES["p1"], LINES["o2"], LINES["role"]), ALL)
    more = lines(folder, "two.jsonl", LINES["turned"], LINES["role"])
    for check_only in (True, False):
        report = load(held, more, ALL, check_only=check_only)
        assert [(reject.place, reject.reason) for reject in report.first_rejects] == [
            ("1", "link 'l1' is said before to be of another kind or between other entities")
        ]
        assert report.link_kinds == {"DIRECTOR_OF": 1}
    held.close()


def check_a_withdrawn_source_can_be_loaded_again(make_store: MakeStore, folder: Path) -> None:
    """Its records are seen again, under a new id and revision; what was known in between stays as it was."""
    held = service(make_store)
    path = lines(folder, "one.jsonl", LINES["p1"], LINES["o2"], LINES["role"])

    def seen(**scope: Any) -> tuple[int, int]:
        stats = held.stats(Scope(**scope), ALL)
        return stats.entities, stats.links

    def fresh() -> LoadReport:
        (report,) = held.load([path], LoadOptions(rejects=folder / "rejects"), ALL)
        return report

    first = fresh()
    assert fresh().repeated
    held.withdraw("one.jsonl", ALL)
    between = now()
    assert seen() == (0, 0)
    again = fresh()
    assert (again.source_id, again.repeated) == (f"{first.source_id}~2", False)
    assert (again.entities, again.links) == (2, 1)
    assert again.revision is not None
    assert first.revision is not None
    assert again.revision > first.revision
    assert seen() == (2, 1)
    assert seen(known_at=between) == (0, 0)
    assert seen(known_at=now()) == (2, 1)
    assert fresh().repeated
    answer = held.ask("entity", {"entity": "p1"}, EVERYTHING, ALL, engine="networkx")
    assert [one.said.source_id for one in answer.subgraph.entities[0].records] == [again.source_id]
    held.withdraw("one.jsonl", ALL)  # the name stands for the one that is not withdrawn yet
    assert seen() == (0, 0)
    assert fresh().source_id == f"{first.source_id}~3"
    assert seen(known_at=between + timedelta(days=1)) == (2, 1)
    held.close()


PROMISES: list[Callable[[MakeStore, Path], None]] = [
    check for name, check in list(globals().items()) if name.startswith("check_")
]
"""All checks."""
