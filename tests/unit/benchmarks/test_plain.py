"""The plain script that loading into Neo4j is measured against: it writes what the store would, all of it."""

from __future__ import annotations

from typing import Any

from benchmarks.database import _batches
from benchmarks.plain import Script, plain_script
from benchmarks.synthetic import world
from graph_service.model.ontology import load_ontology

ENTITIES, LINKS = world(200, 700, 3)


def rows(script: Script, word: str) -> list[dict[str, Any]]:
    made = [row for statement, some in script.parts if word in statement for row in some]
    return sorted(made, key=lambda row: int(row["record"]["no"]))


def test_every_record_is_written_once_with_all_its_values() -> None:
    script = plain_script(list(_batches(ENTITIES, LINKS)), load_ontology())
    for word, table, unsaid in (
        (":EntityRecord", ENTITIES, set()),
        ("MATCH (b:Entity", LINKS, {"kind", "source", "target"}),
    ):
        made = rows(script, word)
        assert [row["record"]["no"] for row in made] == list(range(len(table)))
        for row, said in zip(made, table.to_pylist(), strict=True):
            kept = {key: value for key, value in said.items() if value is not None and key not in unsaid}
            assert kept.items() <= row["record"].items()
            assert {"class", "recorded", "retracted", "source_id"} <= set(row["record"])


def test_names_are_literal_and_kinds_have_statements_of_their_own() -> None:
    script = plain_script(list(_batches(ENTITIES, LINKS)), load_ontology())
    kinds = set(LINKS["kind"].unique().to_pylist())
    assert sum("MATCH (b:Entity" in statement for statement, _ in script.parts) == len(kinds)
    assert not any(word in statement for statement, _ in script.parts for word in ("KIND", "LABELS"))


def test_marked_entities_show_nothing() -> None:
    script = plain_script(list(_batches(ENTITIES, LINKS)), load_ontology())
    hidden = [row for row in rows(script, ":EntityRecord") if row["record"]["markings"]]
    assert hidden
    assert all(set(row["entity"]) == {"id", "no"} for row in hidden)


def test_classes_are_numbered_over_batches_as_the_store_does() -> None:
    """Sorted within a batch, those of a later batch after: 100 entities a batch, so that there are several."""
    batches = list(_batches(ENTITIES, LINKS, 100))
    assert len(batches) > 2
    numbers: dict[str, int] = {}
    for row in rows(plain_script(batches, load_ontology()), ":EntityRecord"):
        numbers.setdefault(row["record"]["markings"], row["record"]["class"])
    first = sorted(set(batches[0].entities["markings"].to_pylist()))
    assert [numbers[text] for text in first] == list(range(len(first)))
    assert len(set(numbers.values())) == len(numbers)
