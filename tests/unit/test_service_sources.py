"""Sources taken back, what the audit notes, health; and the same on the embedded store."""

from __future__ import annotations

import itertools
import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import (
    Cancelled,
    EngineCannot,
    GraphServiceError,
    InvalidParameter,
    SourceFileError,
    SourceNotFound,
)
from graph_service.model.records import Source
from graph_service.model.scope import EVERYTHING, Caller, Scope
from graph_service.network.compiled import missing
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from loaders.report import LoadOptions, LoadProgress
from tests import worlds
from tests.unit.ledger_store import LedgerStore
from tests.unit.network.tables import ONTOLOGY, Ledger, day, entity, said
from tests.unit.service_worlds import ANYONE, NOBODY, service_over, world

# Sources

IDS = ("one", "two", "tre")


def sources() -> LedgerStore:
    """Three sources of one entity each."""
    store = LedgerStore(Ledger().put([entity(one, by=said(source)) for one, source in zip("xyz", IDS, strict=True)]))
    store.known = {
        "one": Source("one", "same name", "0"),
        "two": Source("two", "same name", "0"),
        "tre": Source("tre", "another", "0", markings=frozenset("m")),
    }
    return store


def test_a_source_is_withdrawn_by_id_or_by_a_name_that_only_one_bears() -> None:
    store = sources()
    service = service_over(store)
    service.withdraw("another", ANYONE)
    assert set(service.view(EVERYTHING, ANYONE).node_ids()) == {"x", "y"}
    service.withdraw("one", ANYONE)
    assert set(service.view(EVERYTHING, ANYONE).node_ids()) == {"y"}
    assert set(service.view(Scope(known_at=day(1)), ANYONE).node_ids()) == {"x", "y", "z"}


def test_of_two_sources_of_one_name_the_one_that_stands_is_meant() -> None:
    store = sources()
    service = service_over(store)
    with pytest.raises(InvalidParameter, match="2 sources are named 'same name'; say which by id: one, two"):
        service.withdraw("same name", ANYONE)
    service.withdraw("one", ANYONE)
    assert not service.withdraw("same name", ANYONE).repeated
    assert set(store.ledger.taken_back) == {"one", "two"}
    assert service.withdraw("same name", ANYONE).repeated


def test_a_source_that_the_caller_may_not_see_is_not_there() -> None:
    service = service_over(sources())
    for hidden in ("tre", "another", "unknown"):
        with pytest.raises(SourceNotFound, match=f"^no source '{hidden}'$"):
            service.withdraw(hidden, NOBODY)


# Audit


@pytest.fixture
def audit(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The lines of the audit log, and no others."""
    with caplog.at_level(logging.INFO, logger="graph_service.audit"):
        yield caplog


def lines(audit: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(r.getMessage()) for r in audit.records if r.name == "graph_service.audit"]


def test_every_question_is_one_line_of_json(audit: pytest.LogCaptureFixture) -> None:
    hostile = 'a"}\n{"caller": "somebody else"}\u2028'
    service = service_over(LedgerStore(world()))
    service.ask("find", {"text": hostile}, EVERYTHING, Caller(hostile))
    [line] = lines(audit)
    assert "\n" not in audit.records[-1].getMessage()
    assert line["caller"] == hostile
    assert line["action"] == "ask"
    assert line["question"] == "find"
    assert line["parameters"]["text"] == hostile
    assert line["engine"] == "memory"
    assert 0 <= line["seconds"] < 30
    assert abs((datetime.fromisoformat(line["at"]) - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize(
    ("name", "parameters", "error"),
    [
        ("entity", {"entity": "c"}, "EntityNotFound"),
        ("entity", {"entity": "a", "colour": ["red", {"deep": [1]}], "n": 10**400}, "InvalidParameter"),
        ("entity", {}, "InvalidParameter"),
        ("find", {"text": "\ud800" + "x" * 5_000}, "InvalidParameter"),
        ("nothing", {"text": "a"}, "UnknownQuestion"),
    ],
)
def test_a_refused_question_is_one_line_too(
    audit: pytest.LogCaptureFixture, name: str, parameters: dict[str, object], error: str
) -> None:
    with pytest.raises(GraphServiceError) as raised:
        service_over(LedgerStore(world())).ask(name, parameters, EVERYTHING, NOBODY)
    [line] = lines(audit)
    assert (line["caller"], line["action"], line["question"]) == ("nobody", "ask", name)
    assert line["error"] == error == type(raised.value).__name__
    assert set(line["parameters"]) == set(parameters)
    assert str(raised.value) not in audit.records[-1].getMessage()
    assert len(audit.records[-1].getMessage()) < 2_000


def test_an_engine_that_refuses_is_noted_with_what_it_was_asked(audit: pytest.LogCaptureFixture) -> None:
    with pytest.raises(EngineCannot):
        service_over(LedgerStore(world())).ask("entity", {"entity": "a"}, EVERYTHING, ANYONE, engine="neo4j")
    [line] = lines(audit)
    assert (line["engine"], line["parameters"], line["error"]) == ("neo4j", {"entity": "a"}, "EngineCannot")


def test_a_refused_withdrawal_is_noted(audit: pytest.LogCaptureFixture) -> None:
    for source, error in (("tre", "SourceNotFound"), ("same name", "InvalidParameter")):
        with pytest.raises(GraphServiceError):
            service_over(sources()).withdraw(source, NOBODY)
        assert (lines(audit)[-1]["source"], lines(audit)[-1]["error"]) == (source, error)
    assert len(lines(audit)) == 2


def test_a_load_that_fails_is_noted_with_what_was_written_before(
    tmp_path: Path, audit: pytest.LogCaptureFixture
) -> None:
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_text(f'{{"type": "entity", "id": "{name}", "kind": "Subject"}}\n', encoding="utf-8")

    def stop(progress: LoadProgress) -> None:
        if progress.file == "two.jsonl":
            raise Cancelled("stopped")

    service = service_over(LedgerStore())
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    with pytest.raises(Cancelled):
        service.load(paths, LoadOptions(rejects=tmp_path), ANYONE, stop)
    with pytest.raises(SourceFileError):
        service.load([tmp_path / "three.jsonl"], LoadOptions(rejects=tmp_path), ANYONE)
    cancelled, missed = lines(audit)
    assert (cancelled["action"], cancelled["files"], cancelled["error"]) == (
        "load",
        ["one.jsonl", "two.jsonl"],
        "Cancelled",
    )
    assert [source.rsplit("-", 1)[0] for source in cancelled["written"]] == ["one-jsonl", "two-jsonl"]
    assert (missed["files"], missed["written"], missed["error"]) == (["three.jsonl"], [], "SourceFileError")


def test_a_withdrawal_is_noted_with_the_time_it_took(audit: pytest.LogCaptureFixture) -> None:
    class Late(LedgerStore):
        """Takes a while to write."""

        def put(self, change: Any) -> Any:
            time.sleep(0.05)
            return super().put(change)

    store = sources()
    service_over(Late(store.ledger, known=store.known)).withdraw("one", Caller("ann", None))
    [line] = lines(audit)
    assert (line["caller"], line["action"], line["source"]) == ("ann", "withdraw", "one")
    assert line["seconds"] >= 0.05


# On the embedded store


def test_files_are_loaded_asked_and_withdrawn(tmp_path: Path, audit: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "people.jsonl"
    rows = [{"type": "entity", "id": f"p{n}", "kind": "Subject", "properties": {"name": "Ann"}} for n in range(3)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    service = GraphService(EmbeddedStore(None), ONTOLOGY)
    try:
        [report] = service.load([path], LoadOptions(rejects=tmp_path), Caller("ann", None))
        stats = service.stats(EVERYTHING, ANYONE)
        service.withdraw(report.source_id, Caller("ann", None))
        assert (stats.entities, stats.sources, report.rejected) == (3, 1, 0)
        assert service.stats(EVERYTHING, ANYONE).entities == 0
        assert [line["action"] for line in lines(audit)] == ["load", "withdraw"]
        assert lines(audit)[0]["source"] == report.source_id
    finally:
        service.close()


def test_the_embedded_store_and_the_ledger_give_the_same_answers() -> None:
    marked, graded = {"markings": ["m"]}, {"grade": "B2"}
    steps = [
        {
            "entities": [["a", "Subject", {"name": ["Ann"]}], ["b", "Subject"], ["c", "Organization", {}, marked]],
            "links": [["ab", "ASSOCIATE_OF", "a", "b"], ["bc", "REPRESENTS", "b", "c", {}, graded]],
        }
    ]
    embedded, ledger = EmbeddedStore(None), LedgerStore()
    for store in (embedded, ledger):
        worlds.build(store, steps, ONTOLOGY)
    one, other = GraphService(embedded, ONTOLOGY), GraphService(ledger, ONTOLOGY)
    try:
        asked: list[tuple[str, dict[str, object]]] = [
            ("entity", {"entity": "b"}),
            ("shortest-paths", {"source": "a", "target": "b"}),
            ("degree", {}),
            ("find", {"text": "ann"}),
        ]
        for (name, parameters), caller in itertools.product(asked, (ANYONE, NOBODY)):
            assert one.ask(name, parameters, EVERYTHING, caller) == other.ask(name, parameters, EVERYTHING, caller)
    finally:
        one.close()


# Health


def test_health_is_the_stores_and_what_is_missing() -> None:
    health = service_over(LedgerStore(world(), plugins=("gds 2.13",))).health()
    assert health.store.ok
    assert health.store.link_records == 2
    assert health.missing == missing()


def test_closing_releases_the_store() -> None:
    store = LedgerStore()
    service_over(store).close()
    assert not store.open
