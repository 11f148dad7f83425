"""Loading: twice is once, interrupted and taken up again, refusals set aside, nothing written before all is checked."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import (
    Cancelled,
    InvalidParameter,
    InvalidValue,
)
from graph_service.model.grades import Grade
from graph_service.model.scope import EVERYTHING
from loaders.report import FIRST_REJECTS, LoadOptions, LoadProgress
from loaders.run import load
from tests.unit.loaders.payments import MAPPING, PAYMENTS, PEOPLE, ROLE, contents, mapped, payments
from tests.unit.loaders.recorder import ONTOLOGY, Recorder, load_asking, load_one, options, write


def test_a_load_is_told(tmp_path: Path) -> None:
    recorder = Recorder()
    report = load_one(recorder, payments(tmp_path), tmp_path, **mapped(tmp_path))
    assert report.source_id.startswith("payments-csv-")
    assert (report.name, report.format, report.files) == ("payments.csv", "csv", ("payments.csv",))
    assert (report.rows, report.rejected, report.repeated, report.checked_only) == (40, 0, False, False)
    assert report.entity_kinds == {"MoneyTransfer": 40, "Party": 5}
    assert report.link_kinds == {"ASSOCIATE_OF": 6, "BENEFICIARY": 40, "ORIGINATOR": 40}
    assert (report.entities, report.links) == (45, 86)
    assert report.revision == 1
    (source,) = recorder.store.sources(EVERYTHING)
    assert (source.id, source.name, source.sha256) == (report.source_id, "payments.csv", report.sha256)
    assert (source.entities, source.links, source.format) == (45, 86, "csv")
    assert not (tmp_path / "rejects").exists()


def test_what_a_source_repeats_is_kept_once_with_its_first_place(tmp_path: Path) -> None:
    recorder = Recorder()
    load_one(recorder, payments(tmp_path), tmp_path, **mapped(tmp_path, batch_rows=7))
    assert recorder.entity("p:A0").said.row == "payments.csv:2"
    assert recorder.entity("p:A2").said.row == "payments.csv:4"


def test_loading_twice_is_loading_once(tmp_path: Path) -> None:
    recorder = Recorder()
    first = load_one(recorder, payments(tmp_path), tmp_path, **mapped(tmp_path, batch_rows=7))
    again = load_one(recorder, payments(tmp_path), tmp_path, **mapped(tmp_path, batch_rows=7))
    assert recorder.markers == [f"{first.source_id}:{number}" for number in range(6)] * 2
    assert again.repeated
    assert (again.entities, again.links, again.revision) == (first.entities, first.links, first.revision)
    health = recorder.store.health()
    assert (health.entity_records, health.link_records) == (45, 86)


@pytest.mark.parametrize("dies_at", range(6))
def test_an_interrupted_load_is_taken_up_again(tmp_path: Path, dies_at: int) -> None:
    whole, broken = Recorder(), Recorder(dies_at)
    load_one(whole, payments(tmp_path), tmp_path, **mapped(tmp_path, batch_rows=7))
    with pytest.raises(KeyboardInterrupt):
        load_one(broken, payments(tmp_path), tmp_path, **mapped(tmp_path, batch_rows=7))
    assert len(broken.batches) == dies_at
    report = load_one(broken, payments(tmp_path), tmp_path, **mapped(tmp_path, batch_rows=7))
    assert not report.repeated
    assert contents(broken) == contents(whole)
    health = broken.store.health()
    assert (health.entity_records, health.link_records) == (45, 86)


def test_the_size_of_batches_does_not_change_what_is_said(tmp_path: Path) -> None:
    said = []
    for size in (1, 7, 1_000):
        recorder = Recorder()
        load_one(recorder, payments(tmp_path), tmp_path, **mapped(tmp_path, batch_rows=size))
        said.append([row[:-1] for row in contents(recorder)])
    assert said[0] == said[1] == said[2]


def test_another_content_mapping_grade_or_marking_is_another_source(tmp_path: Path) -> None:
    chosen: list[dict[str, Any]] = [
        {},
        {"grade": Grade("B", "2")},
        {"markings": frozenset({"TLP:RED"})},
        {"batch_rows": 3},
        {"source_name": "bank"},
    ]
    recorder = Recorder()
    ids = [
        load_one(recorder, payments(tmp_path), tmp_path, check_only=True, **mapped(tmp_path, **one)).source_id
        for one in chosen
    ]
    ids.append(
        load_one(
            recorder, payments(tmp_path, mapping=MAPPING + "# changed\n"), tmp_path, check_only=True, **mapped(tmp_path)
        ).source_id
    )
    ids.append(
        load_one(
            recorder, payments(tmp_path, lines=PAYMENTS + "99,A,B,1\n"), tmp_path, check_only=True, **mapped(tmp_path)
        ).source_id
    )
    assert len(set(ids)) == len(ids)
    assert ids[4].startswith("bank-")


def test_grade_markings_and_moment_reach_every_record(tmp_path: Path) -> None:
    recorder = Recorder()
    moment = datetime(2024, 3, 1, tzinfo=UTC)
    chosen = mapped(tmp_path, grade=Grade("B", "2"), markings=frozenset({"TLP:RED"}), recorded_at=moment)
    load_one(recorder, payments(tmp_path), tmp_path, **chosen)
    said = [entity.said for entity in recorder.entities()] + [link.said for link in recorder.links()]
    assert {each.grade for each in said} == {Grade("B", "2")}
    assert {each.markings for each in said} == {frozenset({"TLP:RED"})}
    assert {each.recorded_at for each in said} == {moment}
    (source,) = recorder.store.sources(EVERYTHING)
    assert (source.grade, source.markings, source.loaded_at) == (Grade("B", "2"), frozenset({"TLP:RED"}), moment)


def test_a_source_bears_the_markings_that_its_mapping_puts_on_everything(tmp_path: Path) -> None:
    marked = payments(tmp_path, mapping='[records]\nmarkings = ["org:A"]\n' + MAPPING)
    recorder = Recorder()
    load_one(recorder, marked, tmp_path, **mapped(tmp_path))
    assert recorder.store.sources(EVERYTHING)[0].markings == {"org:A"}


def test_refused_rows_are_kept_and_can_be_mended_and_loaded(tmp_path: Path) -> None:
    path = payments(tmp_path, lines=PAYMENTS + '90,"=A",B,much\n91,A,B\n92,A,B,5\n')
    recorder = Recorder()
    report = load_one(recorder, path, tmp_path, **mapped(tmp_path))
    assert (report.rows, report.rejected) == (43, 2)
    assert [(r.place, r.column, r.value) for r in report.first_rejects] == [("42", "sum", "much"), ("43", "", "91,A,B")]
    (name,) = report.rejects_files
    rejects = Path(name)
    assert rejects == tmp_path / "rejects" / report.source_id / "payments.csv"
    assert '"91,A,B",has 3 fields where the header has 4' in rejects.read_text(encoding="utf-8-sig")
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace(",much,42", ",7.00,42"), encoding="utf-8")
    again = load_one(recorder, rejects, tmp_path, **mapped(tmp_path))
    assert recorder.entity("t:90").properties == {"amount": ("7",)}
    assert recorder.store.get(["p:=A"], [], EVERYTHING).entities[0].properties == {"name": ("=A",)}
    assert [(r.place, r.reason) for r in again.first_rejects] == [("3", "column 'payer' is empty, and an id needs it")]
    with Path(again.rejects_files[0]).open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == ["nr", "payer", "payee", "sum", "_line", "_column", "_value", "_reason"]


def test_a_load_of_nothing_but_refusals_is_a_source(tmp_path: Path) -> None:
    path = payments(tmp_path, lines="nr,payer,payee,sum\n" + "1,A,B,x\n" * (FIRST_REJECTS + 5))
    recorder = Recorder()
    report = load_one(recorder, path, tmp_path, **mapped(tmp_path))
    assert (report.rejected, len(report.first_rejects), report.entities) == (FIRST_REJECTS + 5, FIRST_REJECTS, 0)
    assert recorder.store.sources(EVERYTHING)[0].entities == 0
    assert recorder.markers == [f"{report.source_id}:0"]


def test_checking_writes_nothing_but_the_refusals(tmp_path: Path) -> None:
    path = payments(tmp_path, lines=PAYMENTS + "90,A,B,much\n")
    recorder = Recorder()
    report = load_one(recorder, path, tmp_path, **mapped(tmp_path, check_only=True))
    assert (report.rows, report.entities, report.links, report.rejected) == (41, 45, 86, 1)
    assert (report.revision, report.checked_only) == (None, True)
    assert recorder.batches == []
    assert len(report.rejects_files) == 1


def test_links_come_after_all_entities_whatever_their_order(tmp_path: Path) -> None:
    recorder = Recorder()
    report = load_one(recorder, write(tmp_path, "r.jsonl", ROLE + PEOPLE), tmp_path, batch_rows=1)
    assert (report.rows, report.entities, report.links, report.rejected) == (3, 2, 1, 0)


def test_a_link_to_an_entity_that_nobody_describes_is_refused_alone(tmp_path: Path) -> None:
    lost = ROLE.replace("l1", "l2").replace("o1", "o9")
    path = write(tmp_path, "r.jsonl", PEOPLE + lost + ROLE)
    for loading in (load_one, load_asking):
        report = loading(Recorder(), path, tmp_path)
        assert (report.entities, report.links, report.rejected) == (2, 1, 1)
        assert report.link_kinds == {"DIRECTOR_OF": 1}
        (reject,) = report.first_rejects
        assert (reject.place, reject.reason) == ("3", "no record describes entity 'o9'")
        assert json.loads(Path(report.rejects_files[0]).read_text())["target"] == "o9"


def test_the_refusals_of_the_first_load_outlive_a_repeated_one(tmp_path: Path) -> None:
    path = write(tmp_path, "r.jsonl", PEOPLE + ROLE.replace("o1", "o9") + "nonsense\n")
    recorder = Recorder()
    first = load_one(recorder, path, tmp_path)
    before = Path(first.rejects_files[0]).read_text()
    again = load_one(recorder, path, tmp_path)
    assert (first.rejected, again.repeated) == (2, True)
    assert again.rejects_files == first.rejects_files
    assert Path(first.rejects_files[0]).read_text() == before


@pytest.mark.parametrize(
    ("chosen", "error"),
    [({"format": "xml"}, InvalidParameter), ({"batch_rows": 0}, InvalidParameter),
     ({"encoding": "klingon"}, InvalidParameter), ({"encoding": "hex"}, InvalidParameter),
     ({"encoding": "utf\x008"}, InvalidParameter), ({"encoding": "idna"}, InvalidParameter),
     ({"encoding": ""}, InvalidParameter), ({"markings": frozenset({"a b"})}, InvalidValue)],
)  # fmt: skip
def test_options_that_make_no_sense(chosen: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        LoadOptions(**chosen)


def test_progress_is_told_and_can_stop_the_load(tmp_path: Path) -> None:
    told: list[LoadProgress] = []
    recorder = Recorder()
    chosen = options(tmp_path, **mapped(tmp_path, batch_rows=7))
    load([payments(tmp_path)], store_put=recorder.put, ontology=ONTOLOGY, options=chosen, progress=told.append)
    assert [each.done for each in told] == [7, 14, 21, 28, 35, 40]
    assert {each.expected for each in told} == {41}

    def stop(progress: LoadProgress) -> None:
        raise Cancelled

    other = Recorder()
    with pytest.raises(Cancelled):
        load([payments(tmp_path)], store_put=other.put, ontology=ONTOLOGY, options=chosen, progress=stop)
    assert len(other.batches) == 1
