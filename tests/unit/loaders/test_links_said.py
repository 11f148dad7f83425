"""Links by their ids: one kind and two ends each, whoever says so; and sources that were withdrawn, loaded again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import DataError
from graph_service.model.records import LinkRecord, Provenance
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.store.protocol import Withdrawal
from graph_service.store.rows import link_table
from loaders.links_said import LinksSaid, Sense, standing_id
from loaders.report import LoadReport
from tests.unit.loaders.payments import PEOPLE, ROLE
from tests.unit.loaders.recorder import Recorder, Standing, load_asking, load_one, write

OTHER_ENDS = '{"type":"link","id":"l1","kind":"DIRECTOR_OF","source":"p2","target":"o1"}\n'
OTHER_KIND = '{"type":"link","id":"l1","kind":"EMPLOYED_BY","source":"p1","target":"o1"}\n'
MORE = '{"type":"entity","id":"p2","kind":"Subject"}\n'
WHY = "link 'l1' is said before to be of another kind or between other entities"


def told(report: LoadReport) -> list[tuple[str, str]]:
    """Place and reason of what was refused."""
    return [(reject.place, reject.reason) for reject in report.first_rejects]


# One kind, two ends


@pytest.mark.parametrize("batch_rows", [1, 2, 20_000])
@pytest.mark.parametrize("check_only", [False, True])
def test_a_file_that_contradicts_itself(tmp_path: Path, batch_rows: int, check_only: bool) -> None:
    path = write(tmp_path, "r.jsonl", PEOPLE + MORE + ROLE + OTHER_ENDS + ROLE + OTHER_KIND)
    for loading in (load_one, load_asking):
        recorder = Recorder()
        report = loading(recorder, path, tmp_path, batch_rows=batch_rows, check_only=check_only)
        assert told(report) == [("5", WHY), ("7", WHY)]
        assert (report.rows, report.entities, report.links, report.rejected) == (7, 3, 1, 2)
        assert report.link_kinds == {"DIRECTOR_OF": 1}
        rejected = [json.loads(line) for line in Path(report.rejects_files[0]).read_text().splitlines()]
        assert [line["source"] for line in rejected] == ["p2", "p1"]


@pytest.mark.parametrize("check_only", [False, True])
@pytest.mark.parametrize("line", [OTHER_ENDS, OTHER_KIND])
def test_a_file_that_contradicts_another(tmp_path: Path, line: str, check_only: bool) -> None:
    recorder = Recorder()
    load_one(recorder, write(tmp_path, "one.jsonl", PEOPLE + MORE + ROLE), tmp_path)
    report = load_asking(recorder, write(tmp_path, "two.jsonl", line + ROLE), tmp_path, check_only=check_only)
    assert told(report) == [("1", WHY)]
    assert report.links == 1


def test_tables_are_judged_by_the_same_rule(tmp_path: Path) -> None:
    write(tmp_path, "data/a.csv", "id,kind\np1,Subject\np2,Subject\no1,Company\n")
    rows = "l1,DIRECTOR_OF,p1,o1\nl1,DIRECTOR_OF,p2,o1\nl2,OWNS,p1,o1\nl1,DIRECTOR_OF,nobody,o1\n"
    write(tmp_path, "data/b.csv", "id,kind,source,target\n" + rows)
    for check_only in (False, True):
        report = load_asking(Recorder(), tmp_path / "data", tmp_path, check_only=check_only)
        assert sorted(told(report)) == [("3", WHY), ("5", "no record describes entity 'nobody'")]
        assert (report.entities, report.links) == (3, 2)


def test_links_to_nothing_and_contradictions_are_told_apart_in_one_batch(tmp_path: Path) -> None:
    lost = ROLE.replace("l1", "l2").replace("o1", "o9")
    path = write(tmp_path, "r.jsonl", PEOPLE + MORE + lost + ROLE + OTHER_ENDS + lost.replace("p1", "p2"))
    report = load_one(Recorder(), path, tmp_path)
    missing = "no record describes entity 'o9'"
    assert sorted(told(report)) == [("4", missing), ("6", WHY), ("7", missing)]
    assert (report.links, report.rejected) == (1, 3)


def test_what_was_withdrawn_may_be_said_otherwise(tmp_path: Path) -> None:
    recorder = Recorder()
    load_one(recorder, write(tmp_path, "people.jsonl", PEOPLE + MORE), tmp_path)
    wrong = load_one(recorder, write(tmp_path, "wrong.jsonl", ROLE), tmp_path)
    recorder.store.put(Withdrawal(wrong.source_id, datetime(2030, 1, 1, tzinfo=UTC)))
    for check_only in (True, False):
        report = load_asking(recorder, write(tmp_path, "right.jsonl", OTHER_ENDS), tmp_path, check_only=check_only)
        assert (report.links, report.rejected) == (1, 0)
    assert [link.source for link in recorder.store.get([], ["l1"], EVERYTHING).links] == ["p2"]


SENSES: dict[str, Sense] = {
    "k": ("ASSOCIATE_OF", "a", "b"), "r": ("ASSOCIATE_OF", "b", "a"), "o": ("OWNS", "a", "b"),
}  # fmt: skip
SAID = st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from("kro")), max_size=8)


@given(SAID, st.integers(0, 8))
def test_the_first_said_counts_however_the_links_are_parted(said: list[tuple[str, str]], cut: int) -> None:
    links = [LinkRecord(link, *SENSES[sense], {}, Provenance("")) for link, sense in said]
    first: dict[str, str] = {}
    expected = [row for row, (link, sense) in enumerate(said) if first.setdefault(link, sense) != sense]
    judge = LinksSaid(None)
    found = judge.contradicted(link_table(links[:cut]))
    found += [row + len(links[:cut]) for row in judge.contradicted(link_table(links[cut:]))]
    assert found == expected


# Withdrawn and loaded again


def test_a_withdrawn_source_is_loaded_again_under_the_next_id(tmp_path: Path) -> None:
    recorder = Recorder()
    path = write(tmp_path, "r.jsonl", PEOPLE + ROLE)
    first = load_asking(recorder, path, tmp_path)
    again = [first.source_id]
    for times in (2, 3):
        assert load_asking(recorder, path, tmp_path).repeated
        recorder.store.put(Withdrawal(again[-1], datetime(2030 + times, 1, 1, tzinfo=UTC)))
        assert recorder.store.get(["p1"], ["l1"], EVERYTHING).entities == ()
        checked = load_asking(recorder, path, tmp_path, check_only=True)
        assert (checked.source_id, checked.repeated) == (f"{first.source_id}~{times}", False)
        report = load_asking(recorder, path, tmp_path)
        assert (report.source_id, report.repeated) == (f"{first.source_id}~{times}", False)
        assert (report.entities, report.links) == (first.entities, first.links)
        again.append(report.source_id)
    assert [one.said.source_id for one in recorder.store.get(["p1"], [], EVERYTHING).entities] == again[-1:]
    assert [one.id for one in recorder.store.sources(EVERYTHING)] == sorted(again)


def test_between_withdrawal_and_the_next_load_nothing_is_known(tmp_path: Path) -> None:
    recorder = Recorder()
    path = write(tmp_path, "r.jsonl", PEOPLE + ROLE)
    first = load_asking(recorder, path, tmp_path, recorded_at=datetime(2024, 1, 1, tzinfo=UTC))
    recorder.store.put(Withdrawal(first.source_id, datetime(2024, 2, 1, tzinfo=UTC)))
    load_asking(recorder, path, tmp_path, recorded_at=datetime(2024, 3, 1, tzinfo=UTC))
    seen = {
        month: len(recorder.store.get(["p1"], [], Scope(known_at=datetime(2024, month, 15, tzinfo=UTC))).entities)
        for month in (1, 2, 3)
    }
    assert seen == {1: 1, 2: 0, 3: 1}


def test_a_store_that_is_not_asked_refuses_more_of_a_withdrawn_source(tmp_path: Path) -> None:
    recorder = Recorder()
    path = write(tmp_path, "r.jsonl", PEOPLE + ROLE)
    report = load_one(recorder, path, tmp_path)
    recorder.store.put(Withdrawal(report.source_id, datetime(2030, 1, 1, tzinfo=UTC)))
    assert load_one(recorder, path, tmp_path).repeated
    with pytest.raises(DataError, match="withdrawn"):
        recorder.put(replace(recorder.batches[0], marker="more"))


def test_the_standing_id_is_the_first_that_was_not_withdrawn() -> None:
    class Withdrawn(Standing):
        """A store that lost these."""

        def withdrawn(self, source_id: str) -> bool:
            return source_id in {"a", "a~2", "b~2"}

    held = Withdrawn(Recorder().store)
    assert [standing_id(one, held) for one in ("a", "b", "c")] == ["a~3", "b", "c"]
    assert standing_id("a", None) == "a"
