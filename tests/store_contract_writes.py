"""What every store promises about ``put``: atomic, idempotent, numbered, refusing what does not hold together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from graph_service.errors import ContradictedLinks, DanglingLinks, DataError, SourceNotFound
from graph_service.model.records import EntityRecord
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS, Batch, Receipt, Withdrawal
from tests.store_material import (
    NOON,
    MakeStore,
    at,
    batch,
    columns,
    company,
    everything,
    knows,
    owns,
    person,
    said,
    seen,
    seen_links,
    source,
)


def check_receipt_counts_records(make_store: MakeStore) -> None:
    """Revisions count up from 1; a receipt counts records, not entities."""
    store = make_store()
    first = store.put(batch("m1", [person("a"), person("b"), person("a", said("2"))], [knows("l", "a", "b")]))
    assert first == Receipt(1, 3, 1)
    assert store.put(batch("m2", [person("c")])) == Receipt(2, 1, 0)
    assert store.revision() == 2


def check_marker_twice_writes_once(make_store: MakeStore) -> None:
    """A marker seen before writes nothing, whatever it brings, and gives the first receipt again."""
    store = make_store()
    first = store.put(batch("m1", [person("a")], [knows("l", "a", "a")]))
    store.put(batch("m2", [person("b")]))
    before = everything(store)
    assert store.put(batch("m1", [person("a")], [knows("l", "a", "a")])) == replace(first, repeated=True)
    other = batch("m1", [person("z")], [knows("y", "z", "nobody")], source("other"), at(5))
    assert store.put(other) == replace(first, repeated=True)
    assert everything(store) == before


def check_marker_is_compared_exactly(make_store: MakeStore) -> None:
    """Markers that differ in case, accent form or white space are different batches."""
    store = make_store()
    markers = ["m", "M", " m", "m ", "\u00e9", "e\u0301", ""]
    receipts = [store.put(batch(marker, [person("a", said(str(n)))])) for n, marker in enumerate(markers)]
    assert receipts == [Receipt(n, 1, 0) for n in range(1, len(markers) + 1)]


def check_empty_batch_registers(make_store: MakeStore) -> None:
    """A batch without rows still makes a revision and registers its source and its marker."""
    store = make_store()
    assert store.put(batch("m1")) == Receipt(1, 0, 0)
    assert [s.id for s in store.sources(EVERYTHING)] == ["src"]
    assert store.put(batch("m1", [person("a")])) == Receipt(1, 0, 0, repeated=True)
    assert seen(store, ["a"]) == []
    assert store.revision() == 1


def check_dangling_links_write_nothing(make_store: MakeStore) -> None:
    """The error names the positions of the links with a missing end; nothing of the batch is there after."""
    store = make_store()
    store.put(batch("m1", [person("a")]))
    before = everything(store)
    people = [person("b")]
    good = [knows("ab", "a", "b"), knows("bb", "b", "b")]
    bad = [knows("ax", "a", "x"), knows("xa", "x", "a"), knows("xy", "x", "y")]
    mixed = batch("m2", people, [good[0], bad[0], bad[1], good[1], bad[2]], source("second"), at(1))
    with pytest.raises(DanglingLinks) as caught:
        store.put(mixed)
    assert caught.value.rows == (1, 2, 4)
    assert everything(store) == before
    assert store.put(batch("m2", people, good, source("second"), at(1))) == Receipt(2, 1, 2)


def check_ends_may_be_withdrawn(make_store: MakeStore) -> None:
    """A retracted record is still a record: a link may end at its entity."""
    store = make_store()
    store.put(batch("m1", [person("a")]))
    store.put(Withdrawal("src", at(1)))
    assert store.put(batch("m2", [], [knows("aa", "a", "a")], source("second"), at(2))) == Receipt(3, 0, 1)


def check_link_keeps_its_ends(make_store: MakeStore) -> None:
    """A link id said with other ends than before is refused by its row, across batches and within one."""
    store = make_store()
    store.put(batch("m1", [person("a"), person("b")], [knows("l-1", "a", "b")]))
    before = everything(store)
    with pytest.raises(ContradictedLinks) as caught:
        store.put(batch("m2", [person("c")], [knows("l-0", "a", "c"), knows("l-1", "b", "a"), knows("l-1", "a", "b")]))
    assert caught.value.rows == (1,)
    with pytest.raises(ContradictedLinks) as caught:
        store.put(batch("m2", [], [knows("l-2", "a", "b"), knows("l-3", "a", "b"), knows("l-2", "a", "a")]))
    assert caught.value.rows == (2,)
    assert everything(store) == before


def check_link_keeps_its_kind(make_store: MakeStore) -> None:
    """A link id said of another kind than before is refused by its row, across batches and within one."""
    store = make_store()
    store.put(batch("m1", [person("a"), company("b")], [owns("l-1", "a", "b")]))
    before = everything(store)
    for other in (
        replace(knows("l-1", "a", "b"), kind="DIRECTOR_OF"),
        replace(knows("l-1", "a", "b"), kind="EMPLOYED_BY"),
    ):
        with pytest.raises(ContradictedLinks) as caught:
            store.put(batch("m2", [person("c")], [owns("l-2", "c", "b"), other], source("second"), at(1)))
        assert caught.value.rows == (1,)
    director = replace(owns("l-3", "a", "b"), kind="DIRECTOR_OF")
    with pytest.raises(ContradictedLinks) as caught:
        store.put(batch("m2", [], [director, owns("l-3", "a", "b"), director, owns("l-3", "a", "b")]))
    assert caught.value.rows == (1, 3)
    assert everything(store) == before


def check_hidden_records_keep_links_too(make_store: MakeStore) -> None:
    """Records count whoever may see them: a link has one kind and two ends for everybody."""
    store = make_store()
    store.put(batch("m1", [person("a"), person("b")], [knows("l", "a", "b", said(markings=["A"]))]))
    with pytest.raises(ContradictedLinks):
        store.put(batch("m2", [], [knows("l", "b", "a")], source("second"), at(1)))


def check_withdrawn_records_keep_no_link(make_store: MakeStore) -> None:
    """What was withdrawn no longer stands against other ends or another kind; the past stays as it was known."""
    store = make_store()
    store.put(batch("m1", [person("a"), person("b"), company("c")], [], source("people")))
    store.put(batch("m2", [], [knows("l", "a", "b", said("wrong"))], source("wrong"), at(1)))
    store.put(Withdrawal("wrong", at(2)))
    right = [owns("l", "a", "c", said("right")), owns("m", "a", "c")]
    assert store.put(batch("m3", [], right, source("right"), at(3))) == Receipt(4, 0, 2)
    ends = {
        minute: [(r.kind, r.source, r.target) for r in store.get([], ["l"], Scope(known_at=at(minute))).links]
        for minute in (1, 2, 3)
    }
    assert ends == {1: [("ASSOCIATE_OF", "a", "b")], 2: [], 3: [("OWNS", "a", "c")]}
    assert store.changes(0).link_ids.to_pylist() == ["l", "m"]
    for again in (knows("l", "a", "b"), owns("l", "b", "c")):
        with pytest.raises(ContradictedLinks):
            store.put(batch("m4", [], [again], source("third"), at(4)))
    assert store.put(batch("m4", [], [owns("l", "a", "c")], source("third"), at(4))) == Receipt(5, 0, 1)
    store.put(Withdrawal("right", at(5)))
    with pytest.raises(ContradictedLinks):
        store.put(batch("m5", [], [knows("l", "a", "b")], source("fourth"), at(6)))


def check_ids_that_none_may_have(make_store: MakeStore) -> None:
    """Ids of more than 512 characters, and those that end like collapsed events, are a DataError."""
    store = make_store()
    for wrong in ("x" * 513, "pay-1[a>b]"):
        for made in (batch("m1", [person("a"), person(wrong)]), batch("m1", [person("a")], [knows(wrong, "a", "a")])):
            with pytest.raises(DataError, match="an id"):
                store.put(made)
    assert store.revision() == 0
    longest = "x" * 512
    store.put(batch("m1", [person(longest)], [knows(longest, longest, longest)]))
    assert seen(store, [longest]) == [(longest, "1")]
    assert seen_links(store, [longest]) == [(longest, "1")]


def check_numbers_are_dense_and_kept(make_store: MakeStore) -> None:
    """Entities and links are numbered from 0 as first written; an id seen again keeps its number."""
    store = make_store()
    store.put(batch("m1", [person("c"), person("a"), person("c", said("2"))], [knows("l2", "a", "c")]))
    store.put(
        batch(
            "m2",
            [person("b"), person("a", said("3")), person("b", said("4")), person("0")],
            [knows("l1", "b", "0"), knows("l2", "a", "c", said("2")), knows("l1", "b", "0", said("3"))],
        )
    )
    changes = store.changes(0)
    assert changes.entity_ids.to_pylist() == ["c", "a", "b", "0"]
    assert changes.link_ids.to_pylist() == ["l2", "l1"]
    assert changes.entity_rows.column("entity").to_pylist() == [0, 1, 0, 2, 1, 2, 3]
    assert columns(changes.link_rows, "link", "source", "target") == [(0, 1, 0), (1, 2, 3), (0, 1, 0), (1, 2, 3)]


def check_parallel_links_and_loops(make_store: MakeStore) -> None:
    """Links of the same ends are different links, also of the same kind; an entity may be linked to itself."""
    store = make_store()
    links = [knows("p1", "a", "b"), knows("p2", "a", "b"), owns("p3", "a", "o"), knows("p4", "a", "a")]
    store.put(batch("m1", [person("a"), person("b"), person("o")], links))
    assert store.changes(0).link_ids.to_pylist() == ["p1", "p2", "p3", "p4"]
    assert [link.link_id for link in store.get((), ["p4", "p1", "p2"], EVERYTHING).links] == ["p1", "p2", "p4"]


def check_equal_records_both_stay(make_store: MakeStore) -> None:
    """A record put twice under two markers is two records: the store does not merge."""
    store = make_store()
    store.put(batch("m1", [person("a", said("1"))]))
    store.put(batch("m2", [person("a", said("1"))]))
    assert seen(store, ["a"]) == [("a", "1"), ("a", "1")]


def check_withdrawal_retracts_the_source(make_store: MakeStore) -> None:
    """All records of the source, from all its batches, and of no other; as-known questions still see them."""
    store = make_store()
    store.put(batch("m1", [person("a"), person("b")], [knows("ab", "a", "b")]))
    store.put(batch("m2", [person("a", said("2"))], recorded_at=at(1)))
    store.put(batch("m3", [person("a", said("3"))], [knows("ab", "a", "b", said("3"))], source("other"), at(2)))
    assert store.put(Withdrawal("src", at(5))) == Receipt(4, 3, 1)
    assert seen(store, ["a", "b"]) == [("a", "3")]
    assert seen_links(store, ["ab"]) == [("ab", "3")]
    as_known = replace(EVERYTHING, known_at=at(4))
    assert seen(store, ["a", "b"], as_known) == [("a", "1"), ("a", "2"), ("a", "3"), ("b", "1")]
    assert [record.said.retracted_at for record in store.get(["b"], (), as_known).entities] == [at(5)]
    assert [(s.id, s.withdrawn_at) for s in store.sources(EVERYTHING)] == [("other", None), ("src", at(5))]


def check_withdrawal_twice_is_once(make_store: MakeStore) -> None:
    """The second withdrawal writes nothing and gives the first receipt."""
    store = make_store()
    store.put(batch("m1", [person("a")]))
    first = store.put(Withdrawal("src", at(5)))
    before = everything(store)
    assert store.put(Withdrawal("src", at(9))) == replace(first, repeated=True)
    assert everything(store) == before


def check_withdrawal_of_unknown_source(make_store: MakeStore) -> None:
    """Raises SourceNotFound with the id and writes nothing."""
    store = make_store()
    store.put(batch("m1", [person("a")]))
    before = everything(store)
    with pytest.raises(SourceNotFound) as caught:
        store.put(Withdrawal("SRC", at(5)))
    assert caught.value.source_id == "SRC"
    assert everything(store) == before


def check_withdrawn_source_takes_no_more(make_store: MakeStore) -> None:
    """A new batch of a withdrawn source is refused by name; a batch it had before is a repeat as ever."""
    store = make_store()
    first = store.put(batch("m1", [person("a")]))
    store.put(Withdrawal("src", at(5)))
    before = everything(store)
    with pytest.raises(DataError, match="src"):
        store.put(batch("m2", [person("b")], recorded_at=at(6)))
    assert store.put(batch("m1", [person("a")])) == replace(first, repeated=True)
    assert everything(store) == before


def check_source_stays_as_first_registered(make_store: MakeStore) -> None:
    """Later batches add to the counts; the description, the markings and the loading moment stay the first."""
    store = make_store()
    first = source(markings=["case:A"])
    store.put(batch("m1", [person("a")], [knows("aa", "a", "a")], first))
    renamed = replace(first, name="renamed", markings=frozenset(), loaded_at=at(9))
    store.put(batch("m2", [person("b"), person("c")], [], renamed, at(1)))
    assert store.sources(EVERYTHING) == (replace(first, entities=3, links=1),)


def check_source_without_moment_is_loaded_when_recorded(make_store: MakeStore) -> None:
    """A source that does not say when it was loaded was loaded when its first batch was recorded."""
    store = make_store()
    store.put(batch("m1", [], [], replace(source(), loaded_at=None), at(3)))
    assert [s.loaded_at for s in store.sources(EVERYTHING)] == [at(3)]


def check_wrong_columns_are_refused(make_store: MakeStore) -> None:
    """Tables of other columns or types, or without a value that must be there, are a DataError; nothing is written."""
    store = make_store()
    good = batch("m1", [person("a")], [knows("aa", "a", "a")])
    for entities in (
        good.entities.drop_columns(["text"]),
        good.entities.set_column(2, "row", pa.array([["list"]])),
        good.entities.set_column(0, "entity_id", pa.array([None], pa.string())),
    ):
        with pytest.raises(DataError):
            store.put(replace(good, entities=entities))
    with pytest.raises(DataError):
        store.put(replace(good, links=good.entities))
    assert store.revision() == 0
    assert store.put(good) == Receipt(1, 1, 1)


def check_chunked_and_reordered_columns(make_store: MakeStore) -> None:
    """The columns count by name, and a table may come in several chunks."""
    store = make_store()
    whole = batch("m1", [person(name) for name in "abc"], [knows("ab", "a", "b")])
    backwards = whole.entities.select(list(reversed(ENTITY_ROWS.names)))
    pieces = pa.concat_tables([backwards.slice(0, 1), backwards.slice(1)])
    store.put(replace(whole, entities=pieces))
    assert store.changes(0).entity_ids.to_pylist() == ["a", "b", "c"]


def check_concurrent_puts_write_each_marker_once(make_store: MakeStore) -> None:
    """Four writers that all put the same markers: every marker once, no entity numbered twice."""
    store = make_store()

    def put(n: int) -> Receipt:
        return store.put(
            batch(f"m{n % 6}", [person("shared"), person(f"e{n % 6}")], [knows(f"l{n % 6}", "shared", f"e{n % 6}")])
        )

    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(put, range(24)))
    assert sum(not receipt.repeated for receipt in receipts) == 6
    assert store.revision() == 6
    changes = store.changes(0)
    assert sorted(changes.entity_ids.to_pylist()) == ["e0", "e1", "e2", "e3", "e4", "e5", "shared"]
    assert len(changes.entity_rows) == 12
    assert len(changes.link_rows) == 6


def check_reads_never_see_half_a_put(make_store: MakeStore) -> None:
    """While batches are written, every reading of the changes holds whole batches only."""
    store = make_store()
    rows = [
        batch(f"m{n}", _crowd(n), [knows(f"l{n}.{k}", f"e{n}.{k}", f"e{n}.0") for k in range(50)]) for n in range(12)
    ]
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(lambda: [store.put(one) for one in rows])
        while not writing.done():
            changes = store.changes(0)
            assert len(changes.entity_ids) == len(changes.entity_rows) == 50 * changes.revision
            assert len(changes.link_ids) == len(changes.link_rows) == 50 * changes.revision
        writing.result()
    assert store.changes(0).revision == 12


def check_every_text_survives(make_store: MakeStore) -> None:
    """Ids, rows and values are kept character by character, and never read as a statement."""
    store = make_store()
    texts = [
        "O'Brien", '"quoted"', "a\\b", "'); DROP TABLE entity; --", "}) DETACH DELETE n //", "$x {y} `z`", "%_*",
        "tab\there", "line\nbreak", "\u202eabc", "\u0130stanbul \u00df", "e\u0301", "\u00e9",
        "\U0001f469\u200d\U0001f52c", "NULL", "00012", "1E5", " padded ", "x" * 60_000,
    ]  # fmt: skip
    records = [
        EntityRecord(f"{text[:500]}", "Subject", {"name": (text, f"{text}2")}, said(text[:500])) for text in texts
    ]
    links = [knows(text[:500], text[:500], texts[0]) for text in texts]
    store.put(batch("'m'", records, links, source("s'1")))
    found = store.get([text[:500] for text in texts], [text[:500] for text in texts], EVERYTHING)
    assert {r.entity_id: r.properties["name"] for r in found.entities} == {
        text[:500]: (text, f"{text}2") for text in texts
    }
    assert {(link.link_id, link.source) for link in found.links} == {(text[:500], text[:500]) for text in texts}
    assert {r.said.row for r in found.entities} == {text[:500] for text in texts}


def check_microseconds_survive(make_store: MakeStore) -> None:
    """Moments are kept to the microsecond, before 1970 too."""
    store = make_store()
    moments = [NOON - timedelta(days=30_000, microseconds=1), NOON, NOON + timedelta(microseconds=1)]
    for n, moment in enumerate(moments):
        store.put(batch(f"m{n}", [person("a", said(str(n)))], recorded_at=moment))
    assert [r.said.recorded_at for r in store.get(["a"], (), EVERYTHING).entities] == moments


def check_empty_tables_need_no_rows(make_store: MakeStore) -> None:
    """Tables without rows or chunks are an ordinary batch."""
    store = make_store()
    empty = Batch("m1", source(), ENTITY_ROWS.empty_table(), pa.table([], schema=pa.schema([])), NOON)
    with pytest.raises(DataError):
        store.put(empty)
    assert store.put(replace(empty, links=LINK_ROWS.empty_table())) == Receipt(1, 0, 0)


def _crowd(n: int) -> list[EntityRecord]:
    return [person(f"e{n}.{k}") for k in range(50)]


WRITES = [check for name, check in list(globals().items()) if name.startswith("check_")]
