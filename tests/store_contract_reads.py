"""What every store promises about reading: ``get`` under a scope, ``sources``, ``health``, ``close``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph_service.errors import StoreUnavailable
from graph_service.model.grades import ALL_GRADES, Grade
from graph_service.model.records import EntityRecord, Records
from graph_service.model.scope import EVERYTHING, Scope
from graph_service.model.time import Interval
from graph_service.store.protocol import Withdrawal
from tests.store_material import (
    B2,
    NOON,
    NOTHING,
    MakeStore,
    at,
    batch,
    company,
    kept_entity,
    kept_link,
    knows,
    owns,
    person,
    said,
    seen,
    seen_links,
    source,
)


def check_records_come_back_as_put(make_store: MakeStore) -> None:
    """Every part of a record: kind, all values in order, row, grade, markings, partial dates, source and moments."""
    store = make_store()
    full = said("a.csv:7", Grade("A", "3"), ["case:A", "TLP:RED"], Interval("2014", "2015-06"))
    entity = EntityRecord("p", "Subject", {"name": ("Zoë", "Ana"), "nationality": ("co", "es")}, full)
    bare = company("c")
    link = owns("o", "p", "c", said("a.csv:8", B2, ["TLP:RED"], Interval("2014-02-28", None)))
    until = owns("u", "p", "c", said("a.csv:9", valid=Interval(None, "1999")))
    store.put(batch("m1", [entity, bare], [link, until]))
    assert store.get(["p", "c"], ["o", "u"], EVERYTHING) == Records(
        (kept_entity(bare), kept_entity(entity)), (kept_link(link), kept_link(until))
    )


def check_get_of_nothing(make_store: MakeStore) -> None:
    """Empty input gives empty records; unknown ids are absent; an entity id is no link id."""
    store = make_store()
    store.put(batch("m1", [person("a")], [knows("l", "a", "a")]))
    assert store.get((), (), EVERYTHING) == NOTHING
    assert store.get(["l", "A", "", "a "], ["a", "L"], EVERYTHING) == NOTHING
    assert seen(store, ["nobody", "a"]) == [("a", "1")]


def check_get_counts_doubles_once(make_store: MakeStore) -> None:
    """An id asked twice gives its records once."""
    store = make_store()
    store.put(batch("m1", [person("a")], [knows("l", "a", "a")]))
    assert seen(store, ["a", "a", "a"]) == [("a", "1")]
    assert seen_links(store, ["l", "l"]) == [("l", "1")]


def check_get_is_ordered_by_id_then_record(make_store: MakeStore) -> None:
    """By the code points of the id, then as written; the order of asking does not matter."""
    store = make_store()
    ids = ["b", "a", "B", "é", "e", "\uffee", "\U0001f600", "a1", "a10", "a2"]
    store.put(batch("m1", [person(i, said("first")) for i in ids], [knows(i, "a", "b", said("first")) for i in ids]))
    again = list(reversed(ids))
    store.put(
        batch("m2", [person(i, said("again")) for i in again], [knows(i, "a", "b", said("again")) for i in again])
    )
    expected = [(i, row) for i in sorted(ids) for row in ("first", "again")]
    assert seen(store, ids) == expected
    assert seen_links(store, again) == expected


def check_get_of_many_ids(make_store: MakeStore) -> None:
    """Some thousand ids in one call are served like a few."""
    store = make_store()
    ids = [f"e{n:05}" for n in range(3_000)]
    store.put(batch("m1", [person(i) for i in ids], [knows(i, i, ids[0]) for i in ids]))
    found = store.get(list(reversed(ids)), ids, EVERYTHING)
    assert [record.entity_id for record in found.entities] == ids
    assert [(record.link_id, record.source) for record in found.links] == [(i, i) for i in ids]


def check_markings_hide_records(make_store: MakeStore) -> None:
    """A record is shown to who holds all its markings; the others of the same entity are shown as ever."""
    store = make_store()
    rows = [said("open"), said("a", markings=["A"]), said("b", markings=["B"]), said("ab", markings=["B", "A"])]
    store.put(batch("m1", [person("x", row) for row in rows], [knows("l", "x", "x", row) for row in rows]))
    store.put(batch("m2", [person("y", said("secret", markings=["B"]))]))
    for held, rows_seen in (
        (None, ["open", "a", "b", "ab"]),
        (frozenset[str](), ["open"]),
        (frozenset({"A"}), ["open", "a"]),
        (frozenset({"A", "B", "C"}), ["open", "a", "b", "ab"]),
        (frozenset({"AB", "a", "A B"}), ["open"]),
    ):
        scope = Scope(markings=held)
        assert [row for _, row in seen(store, ["x"], scope)] == rows_seen
        assert [row for _, row in seen_links(store, ["l"], scope)] == rows_seen
        assert (seen(store, ["y"], scope) == []) == (held is not None and "B" not in held)


def check_window_shows_what_may_overlap(make_store: MakeStore) -> None:
    """Shown when the validity may share a day with the window; open ends and partial dates at their widest."""
    store = make_store()
    spans = {"open": (None, None), "2014": ("2014", "2014"), "from": ("2015-06", None), "till": (None, "2013-05-10")}
    rows = [said(row, valid=Interval(start, end)) for row, (start, end) in spans.items()]
    store.put(batch("m1", [person("x", row) for row in rows], [knows("l", "x", "x", row) for row in rows]))
    for window, rows_seen in (
        (Interval(), ["open", "2014", "from", "till"]),
        (Interval("2014-12-31", "2014-12-31"), ["open", "2014"]),
        (Interval("2013-05-10", "2013-12-31"), ["open", "till"]),
        (Interval("2013-05-11", "2013-12-31"), ["open"]),
        (Interval(None, "2015-06-01"), ["open", "2014", "from", "till"]),
        (Interval("2015-01-01", "2015-05-31"), ["open"]),
        (Interval("2030"), ["open", "from"]),
    ):
        scope = Scope(window=window)
        assert [row for _, row in seen(store, ["x"], scope)] == rows_seen
        assert [row for _, row in seen_links(store, ["l"], scope)] == rows_seen


def check_known_moment_shows_the_past(make_store: MakeStore) -> None:
    """Known from the moment of recording, included, to that of retraction, excluded; None is the present."""
    store = make_store()
    store.put(batch("m1", [person("a")], [knows("l", "a", "a")]))
    store.put(Withdrawal("src", at(10)))
    for moment, known in (
        (at(-1), False),
        (NOON, True),
        (at(9), True),
        (at(10), False),
        (at(11), False),
        (None, False),
    ):
        scope = Scope(known_at=moment)
        assert bool(seen(store, ["a"], scope)) == known
        assert bool(seen_links(store, ["l"], scope)) == known


def check_kinds_narrow_their_own_table(make_store: MakeStore) -> None:
    """Entity kinds filter entity records, link kinds link records; None is all and the empty set none."""
    store = make_store()
    links = [knows("k", "p", "p"), owns("o", "p", "c")]
    store.put(batch("m1", [person("p"), company("c")], links))
    for entity_kinds, link_kinds, entities, shown in (
        (None, None, ["c", "p"], ["k", "o"]),
        (frozenset({"Subject"}), None, ["p"], ["k", "o"]),
        (None, frozenset({"OWNS"}), ["c", "p"], ["o"]),
        (frozenset[str](), frozenset[str](), [], []),
        (frozenset({"Subject", "Organization"}), frozenset({"OWNS", "ASSOCIATE_OF"}), ["c", "p"], ["k", "o"]),
        (frozenset({"OWNS", "subject"}), frozenset({"Subject"}), [], []),
    ):
        scope = Scope(entity_kinds=entity_kinds, link_kinds=link_kinds)
        found = store.get(["p", "c"], ["k", "o"], scope)
        assert [record.entity_id for record in found.entities] == entities
        assert [record.link_id for record in found.links] == shown


def check_least_grade(make_store: MakeStore) -> None:
    """Both parts must reach the least grade; F and 6 count as unknown, between C and D, 3 and 4."""
    store = make_store()
    rows = [said(str(grade), grade) for grade in ALL_GRADES]
    store.put(batch("m1", [person("x", row) for row in rows], [knows("l", "x", "x", row) for row in rows]))
    for least in ALL_GRADES:
        scope = Scope(min_grade=least)
        expected = [str(grade) for grade in ALL_GRADES if grade.reaches(least)]
        assert [row for _, row in seen(store, ["x"], scope)] == expected
        assert [row for _, row in seen_links(store, ["l"], scope)] == expected


def check_scope_parts_add_up(make_store: MakeStore) -> None:
    """A record must pass every part of the scope; that an end is hidden does not hide the link here."""
    store = make_store()
    good = said("good", B2, ["A"], Interval("2014", "2015"))
    rows = [
        good,
        replace(good, row="marked", markings=frozenset({"A", "B"})),
        replace(good, row="early", valid=Interval("2012", "2013")),
        replace(good, row="poor", grade=Grade("E", "5")),
    ]
    store.put(batch("m1", [person("x", row) for row in rows], [knows("l", "x", "x", row) for row in rows]))
    store.put(batch("m2", [person("x", replace(good, row="late"))], recorded_at=at(9)))
    scope = Scope(
        frozenset({"A"}), Interval("2014"), at(1), frozenset({"Subject"}), frozenset({"ASSOCIATE_OF"}), Grade("C", "3")
    )
    assert seen(store, ["x"], scope) == [("x", "good")]
    assert seen_links(store, ["l"], scope) == [("l", "good")]
    nobody = replace(scope, entity_kinds=frozenset({"Organization"}))
    assert store.get(["x"], (), nobody) == NOTHING
    assert seen_links(store, ["l"], nobody) == [("l", "good")]


def check_sources_of_the_asker(make_store: MakeStore) -> None:
    """By id; only those whose own markings the asker holds, with counts over all their batches, withdrawn ones too."""
    store = make_store()
    store.put(batch("m1", [person("a")], [knows("aa", "a", "a")], source("z")))
    store.put(batch("m2", [person("b")], [], source("é", ["A", "B"]), at(1)))
    store.put(batch("m3", [person("c"), person("d")], [], source("z"), at(2)))
    store.put(batch("m4", [], [], source("A", ["A"]), at(3)))
    store.put(Withdrawal("z", at(4)))
    z = replace(source("z"), entities=3, links=1, withdrawn_at=at(4))
    hidden = replace(source("é", ["A", "B"]), entities=1)
    marked = source("A", ["A"])
    assert store.sources(EVERYTHING) == (marked, z, hidden)
    assert store.sources(Scope(markings=frozenset())) == (z,)
    assert store.sources(Scope(markings=frozenset({"A"}))) == (marked, z)
    assert store.sources(Scope(markings=frozenset({"B", "A"}))) == (marked, z, hidden)


def check_sources_look_only_at_markings(make_store: MakeStore) -> None:
    """Window, kinds, grade and moment of the scope say nothing about sources."""
    store = make_store()
    store.put(batch("m1", [person("a")]))
    narrow = Scope(None, Interval("1900", "1901"), at(-99), frozenset(), frozenset(), Grade("A", "1"))
    assert [s.id for s in store.sources(narrow)] == ["src"]


def check_health_counts_all(make_store: MakeStore) -> None:
    """Totals over all records, hidden and retracted ones included."""
    store = make_store()
    store.put(batch("m1", [person("a", said(markings=["A"])), person("a")], [knows("aa", "a", "a")]))
    store.put(Withdrawal("src", at(1)))
    health = store.health()
    assert (health.revision, health.entity_records, health.link_records) == (2, 2, 1)


def check_closed_store_is_unavailable(make_store: MakeStore) -> None:
    """Closing twice is fine; after it every method but health raises StoreUnavailable, and health says so."""
    store = make_store()
    store.put(batch("m1", [person("a")]))
    store.close()
    store.close()
    for call in (
        lambda: store.get(["a"], (), EVERYTHING),
        lambda: store.put(batch("m2")),
        lambda: store.changes(0),
        lambda: store.sources(EVERYTHING),
        store.revision,
    ):
        with pytest.raises(StoreUnavailable):
            call()
    health = store.health()
    assert not health.ok
    assert health.detail


READS = [check for name, check in list(globals().items()) if name.startswith("check_")]
