"""The statements that write records and the rows they get; a recorder stands in for the transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import neo4j
import pyarrow as pa
import pytest

from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.store.neo4j.sending import SLICE, Sending
from graph_service.store.rows import entity_table, link_table
from tests.store_material import company, knows, owns, person, said

ONTOLOGY = load_ontology()
SHARED: dict[str, object] = {"source_id": "src", "recorded": 1, "retracted": 2}


@dataclass
class Counted:
    """The result of a statement that wrote so many rows."""

    written: int

    def single(self, *, strict: bool) -> dict[str, int]:
        assert strict
        return {"written": self.written}


@dataclass
class Recorder:
    """Keeps what it was told to run, and says that it wrote all but a few rows."""

    lost: int = 0
    runs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def run(self, statement: str, parameters: dict[str, Any]) -> Counted:
        self.runs.append((statement, parameters))
        return Counted(len(parameters["rows"]) - self.lost)

    @property
    def sending(self) -> Sending:
        return Sending(cast("neo4j.ManagedTransaction", self), ONTOLOGY, SHARED)

    def records(self) -> list[dict[str, Any]]:
        """The properties that the statements give to the records, as Cypher reads their literal maps."""
        made = []
        for statement, parameters in self.runs:
            literal = re.findall(r"\{([^{}]*source_id[^{}]*)\}", statement)
            assert len(literal) == 1
            for row in parameters["rows"]:
                names = dict(part.split(": ") for part in literal[0].split(", "))
                made.append(
                    {
                        name: parameters[value[1:]] if value[0] == "$" else row[int(value[4:-1])]
                        for name, value in names.items()
                    }
                )
        return made


def entities(*records: EntityRecord) -> pa.Table:
    return numbered(entity_table(records, ONTOLOGY), "entity_no")


def links(*records: LinkRecord) -> pa.Table:
    return numbered(link_table(records), "link_no")


def numbered(table: pa.Table, of: str) -> pa.Table:
    for name, first in (("class", 10), ("no", 100), (of, 1_000)):
        table = table.append_column(name, pa.array(range(first, first + len(table)), pa.int64()))
    return table


def sent(recorder: Recorder) -> list[tuple[Any, ...]]:
    return [row for _, parameters in recorder.runs for row in parameters["rows"]]


def without(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_an_entity_record_keeps_every_column() -> None:
    table = entities(person("a", name="Anna"), person("b", said(markings=["case:A"]), name="Bo"))
    recorder = Recorder()
    recorder.sending.entities(table)
    expected = [without(row, ["entity_no"]) | SHARED for row in table.to_pylist()]
    assert sorted(recorder.records(), key=lambda record: record["no"]) == expected


def test_more_records_of_an_entity_keep_every_column_too() -> None:
    table = entities(person("a", said("2"), name="Anna"))
    recorder = Recorder()
    recorder.sending.more_records(table)
    assert recorder.records() == [without(row, ["entity_no"]) | SHARED for row in table.to_pylist()]
    assert all("CREATE (e:" not in statement for statement, _ in recorder.runs)


def test_a_node_is_labelled_and_shown_by_its_unmarked_record() -> None:
    recorder = Recorder()
    recorder.sending.entities(entities(person("a", said(markings=["x"]), name="Hidden"), company("b", name="Firm")))
    by_labels = {tuple(given["labels"]): given["rows"] for _, given in recorder.runs}
    firm = tuple(sorted(ONTOLOGY.lineage("Organization")))
    assert set(by_labels) == {(), firm}
    assert by_labels[()][0][-2:] == (1_000, {})
    assert by_labels[firm][0][-2:] == (1_001, {"name": "Firm", "caption": "Firm"})


def test_a_link_record_keeps_what_its_relationship_does_not_say() -> None:
    table = links(knows("l1", "a", "b"), owns("l2", "a", "c"))
    recorder = Recorder()
    recorder.sending.links(table)
    expected = [without(row, ["kind", "source", "target"]) | SHARED for row in table.to_pylist()]
    assert recorder.records() == expected
    assert [re.findall(r"\[r:(\w+) ", statement) for statement, _ in recorder.runs] == [["ASSOCIATE_OF"], ["OWNS"]]
    assert [row[-3:-1] for row in sent(recorder)] == [("a", "b"), ("a", "c")]


def test_only_links_with_values_of_their_own_are_given_any() -> None:
    recorder = Recorder()
    recorder.sending.links(links(knows("l1", "a", "b"), LinkRecord("l2", "OWNS", "a", "c", {"share": ("50",)}, said())))
    shown = {statement: parameters["rows"][0][-1] for statement, parameters in recorder.runs}
    assert [("SET r +=" in statement, values) for statement, values in shown.items()] == [
        (False, {}),
        (True, {"share": 50.0}),
    ]


def test_a_value_of_its_own_never_replaces_the_record() -> None:
    """INDEBTED_TO has an amount, as every record has: of two amounts the record's column keeps the first."""
    recorder = Recorder()
    recorder.sending.links(links(LinkRecord("l", "INDEBTED_TO", "a", "b", {"amount": ("5", "6")}, said())))
    assert recorder.records()[0]["amount"] == 5.0
    assert sent(recorder)[0][-1] == {}


@pytest.mark.parametrize(("many", "slices"), [(0, []), (SLICE, [SLICE]), (SLICE + 1, [SLICE, 1])])
def test_rows_go_in_slices(many: int, slices: list[int]) -> None:
    recorder = Recorder()
    sending = recorder.sending
    sending.links(links(*(knows(f"l{n}", "a", "b") for n in range(many))))
    assert [len(parameters["rows"]) for _, parameters in recorder.runs] == slices
    assert sending.left_out() == 0


def test_rows_that_were_not_written_are_counted_once() -> None:
    sending = Recorder(lost=1).sending
    sending.links(links(knows("l1", "a", "b"), owns("l2", "a", "c")))
    assert (sending.left_out(), sending.left_out()) == (2, 0)
