"""Chunks of a stream: steady sizes, links judged after the entities of the chunk, nothing kept twice."""

from __future__ import annotations

from graph_service.model.grades import UNGRADED, Grade
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from graph_service.model.time import Interval
from graph_service.store.rows import entity_table, link_table
from loaders.batches import Chunk, Seen, row_chunks
from loaders.ends import Ends
from loaders.made import Made
from loaders.rejects import Reject
from loaders.source import Row
from tests.unit.loaders.recorder import ONTOLOGY


def person(entity_id: str, row: str = "1", grade: Grade = UNGRADED, **properties: str) -> EntityRecord:
    said = Provenance("src", row, grade)
    return EntityRecord(entity_id, "Subject", {name: (value,) for name, value in properties.items()}, said)


def knows(link_id: str, source: str, target: str, kind: str = "FAMILY_OF") -> LinkRecord:
    return LinkRecord(link_id, kind, source, target, {}, Provenance("src", "1"))


def made(number: int, *records: EntityRecord, links: tuple[LinkRecord, ...] = (), sure: bool = False) -> Made:
    row = Row(str(number), (f"cell {number}",))
    return Made("f.csv", row, records, tuple((link,) for link in links), sure=sure)


def chunked(*stream: Made | Reject, size: int = 100) -> list[Chunk]:
    return list(row_chunks(stream, Ends(ONTOLOGY), ONTOLOGY, size))


def test_chunks_count_the_rows_of_the_source() -> None:
    refusal = Reject("f.csv", "2", "", "", "why")
    found = chunked(made(1, person("a")), refusal, made(3, person("b"), person("c")), made(4), size=2)
    assert [chunk.rows for chunk in found] == [2, 2]
    assert [chunk.entities.num_rows for chunk in found] == [1, 2]
    assert found[0].rejects == (refusal,)
    assert chunked() == []


def test_a_row_that_was_counted_before_is_a_step_and_no_row() -> None:
    again = Made("f.csv", Row("1", ()), links=((knows("l", "a", "a"),),), counts=False)
    (chunk,) = chunked(again)
    assert (chunk.rows, chunk.steps) == (0, 1)


def test_what_is_repeated_is_kept_once_within_and_across_chunks() -> None:
    stream = [made(n, person("a", row=str(n)), links=(knows("l", "a", "a"),)) for n in range(1, 6)]
    for size in (1, 2, 10):
        found = chunked(*stream, size=size)
        assert found[0].entities["row"].to_pylist() == ["1"]
        assert sum(chunk.entities.num_rows for chunk in found) == 1
        assert sum(chunk.links.num_rows for chunk in found) == 1


def test_whatever_differs_is_kept() -> None:
    table = entity_table(
        [
            person("a"),
            person("a", grade=Grade("B", "2")),
            person("a", name="x"),
            person("b"),
            EntityRecord("a", "Party", {}, Provenance("src")),
            EntityRecord("a", "Subject", {}, Provenance("src", markings=frozenset({"m"}))),
            EntityRecord("a", "Subject", {}, Provenance("src", valid=Interval("2014", None))),
            EntityRecord("a", "Subject", {}, Provenance("src", valid=Interval(None, "2014"))),
            person("a", row="another place"),
        ],
        ONTOLOGY,
    )
    assert Seen().new(table).tolist() == [True] * 8 + [False]
    links = link_table(
        [knows("l", "a", "b"), knows("l", "b", "a"), knows("l", "a", "b", "LINKED_TO"), knows("l", "a", "b")]
    )
    assert Seen().new(links).tolist() == [True, True, True, False]


def test_seen_remembers_across_tables() -> None:
    seen = Seen()
    assert seen.new(entity_table([person("a"), person("b")], ONTOLOGY)).tolist() == [True, True]
    assert seen.new(entity_table([person("b"), person("c"), person("c")], ONTOLOGY)).tolist() == [False, True, False]
    assert seen.new(entity_table([], ONTOLOGY)).tolist() == []


def test_links_are_judged_by_the_entities_of_their_own_chunk() -> None:
    company = EntityRecord("c", "Company", {}, Provenance("src"))
    (chunk,) = chunked(made(1, links=(knows("l", "a", "c"),)), made(2, person("a"), company))
    assert chunk.links.num_rows == 0
    (reject,) = chunk.rejects
    assert (reject.place, reject.reason) == ("1", "the ontology does not allow FAMILY_OF from Subject to Company")
    assert reject.fields == ("cell 1",)


def test_links_that_were_judged_in_their_row_are_not_judged_again() -> None:
    (chunk,) = chunked(made(1, links=(knows("l", "a", "c"),), sure=True))
    assert chunk.links["link_id"].to_pylist() == ["l"]


def test_a_link_of_the_chunk_can_be_refused_later_with_its_row() -> None:
    rows = [made(n, links=(knows(f"l{min(n, 3)}", "a", f"b{min(n, 3)}"),)) for n in range(1, 6)]
    (chunk,) = chunked(*rows)
    assert chunk.links["link_id"].to_pylist() == ["l1", "l2", "l3"]
    reject = chunk.refuse(2, "nobody")
    assert (reject.file, reject.place, reject.reason, reject.fields) == ("f.csv", "3", "nobody", ("cell 3",))
