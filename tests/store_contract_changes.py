"""What every store promises about ``changes``: every column, in order, and deltas that add up to the whole."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graph_service.model.records import EntityRecord
from graph_service.model.scope import EVERYTHING
from graph_service.model.time import DAY_MAX, DAY_MIN, Interval
from graph_service.store.protocol import (
    ENTITY_CHANGES,
    LINK_CHANGES,
    NEVER,
    RETRACTIONS,
    Batch,
    Changes,
    Withdrawal,
    to_moment,
)
from tests.store_material import (
    B2,
    NOON,
    NOTHING,
    MakeStore,
    at,
    batch,
    columns,
    knows,
    person,
    plain,
    plain_rows,
    said,
    source,
)


def check_new_store_is_empty(make_store: MakeStore) -> None:
    """No revision, no record, no source, and healthy."""
    store = make_store()
    assert store.revision() == 0
    assert store.get(["a"], ["l"], EVERYTHING) == NOTHING
    assert store.sources(EVERYTHING) == ()
    changes = store.changes(0)
    assert (changes.since, changes.revision, len(changes.entity_ids), len(changes.link_ids)) == (0, 0, 0, 0)
    _has_schemas(changes)
    health = store.health()
    assert health.ok
    assert health.store == store.name
    assert health.version
    assert (health.revision, health.entity_records, health.link_records) == (0, 0, 0)


def check_changes_hold_every_column(make_store: MakeStore) -> None:
    """All columns of both tables, with days, moments, amounts and classes as the Network needs them."""
    store = make_store()
    person_row = said("1", B2, ["B", "A"], Interval("1970-01-02", "1970-01-03"))
    paid = EntityRecord(
        "t", "MoneyTransfer", {"amount": ("1250.50",), "currency": ("EUR",)}, said("2", valid=Interval("1970"))
    )
    put = batch(
        "m1", [person("p", person_row, name="José", nationality="co"), paid], [knows("l", "p", "p", person_row)]
    )
    store.put(put)
    changes = store.changes(0)
    _has_schemas(changes)
    seen_columns = {"grade": B2.code, "from_day": 1, "to_day": 2, "recorded": to_moment(NOON), "retracted": NEVER}
    marked = {"class": frozenset({"A", "B"}), "origin": "src"}
    first, second = plain_rows(changes.entity_rows, changes)
    text, other_text = put.entities.column("text").to_pylist()
    assert first == {
        "entity": 0, "kind": "Subject", "amount": None, "text": text, "codes": "co", **seen_columns, **marked
    }  # fmt: skip
    assert second["amount"] == 1250.5
    assert second["class"] == frozenset()
    assert (second["from_day"], second["to_day"], second["text"]) == (0, DAY_MAX, other_text)
    assert plain_rows(changes.link_rows, changes) == [
        {"link": 0, "source": 0, "target": 0, "kind": "ASSOCIATE_OF", "amount": None, **seen_columns, **marked}
    ]
    assert changes.entity_rows.column("from_day").to_pylist() != [DAY_MIN, DAY_MIN]


def check_changes_list_all_classes(make_store: MakeStore) -> None:
    """Every class with its markings, each set of markings once, also when nothing is new."""
    store = make_store()
    store.put(batch("m1", [person("a", said(markings=["A"])), person("b"), person("c", said(markings=["B", "A"]))]))
    store.put(batch("m2", [], [knows("l", "a", "b", said(markings=["A", "B"]))]))
    whole, nothing_new = store.changes(0), store.changes(2)
    assert sorted(whole.classes.values(), key=sorted) == [frozenset(), frozenset({"A"}), frozenset({"A", "B"})]
    assert nothing_new.classes == whole.classes
    assert (nothing_new.since, nothing_new.revision) == (2, 2)
    _has_schemas(nothing_new)
    tables = (nothing_new.entity_rows, nothing_new.link_rows, nothing_new.entity_retractions)
    assert [len(table) for table in tables] == [0, 0, 0]
    assert len(nothing_new.entity_ids) == len(nothing_new.link_ids) == len(nothing_new.link_retractions) == 0


def check_deltas_add_up_to_the_whole(make_store: MakeStore) -> None:
    """From every revision on: what was known then plus the delta is what a fresh reading gives."""
    store = make_store()
    other = source("other", ["A"])
    steps: list[Batch | Withdrawal] = [
        batch("m1", [person("a"), person("b")], [knows("ab", "a", "b")]),
        batch("m2", [person("c", said(markings=["A"])), person("a", said("2"))], [knows("ca", "c", "a")], other, at(1)),
        Withdrawal("src", at(2)),
        batch("m3", [person("d")], [knows("ab", "a", "b", said("9")), knows("dd", "d", "d")], source("third"), at(3)),
        Withdrawal("other", at(4)),
        batch("m4", (), (), source("fourth"), at(5)),
        Withdrawal("fourth", at(6)),
    ]
    readings = [store.changes(0)]
    for step in steps:
        store.put(step)
        readings.append(store.changes(0))
    whole = plain(readings[-1])
    for known in readings:
        assert plain(_replayed(known, store.changes(known.revision))) == whole


def check_new_and_retracted_at_once(make_store: MakeStore) -> None:
    """A record both written and taken back since comes as a row with its retraction, older ones as retractions."""
    store = make_store()
    store.put(batch("m1", [person("a"), person("b")], [knows("ab", "a", "b")], source("one")))
    store.put(batch("m2", [person("c")], (), source("two"), at(1)))
    store.put(batch("m3", [person("d")], [knows("ad", "a", "d")], source("one"), at(2)))
    store.put(Withdrawal("one", at(3)))
    moment = to_moment(at(3))
    delta = store.changes(2)
    assert delta.entity_rows.column("retracted").to_pylist() == [moment]
    assert delta.link_rows.column("retracted").to_pylist() == [moment]
    assert columns(delta.entity_retractions, "record", "retracted") == [(0, moment), (1, moment)]
    assert columns(delta.link_retractions, "record", "retracted") == [(0, moment)]
    assert store.changes(0).entity_rows.column("retracted").to_pylist() == [moment, moment, NEVER, moment]
    assert len(store.changes(0).entity_retractions) == len(store.changes(4).entity_retractions) == 0


def _has_schemas(changes: Changes) -> None:
    assert changes.entity_rows.schema.equals(ENTITY_CHANGES)
    assert changes.link_rows.schema.equals(LINK_CHANGES)
    assert changes.entity_retractions.schema.equals(RETRACTIONS)
    assert changes.link_retractions.schema.equals(RETRACTIONS)
    assert isinstance(changes.entity_ids, pa.StringArray)
    assert isinstance(changes.link_ids, pa.StringArray)


def _replayed(known: Changes, delta: Changes) -> Changes:
    """What a reader holds who applied the delta to what they knew."""
    assert delta.since == known.revision
    return Changes(
        0,
        delta.revision,
        delta.classes,
        known.origins + delta.origins,
        pa.concat_arrays([known.entity_ids, delta.entity_ids]),
        pa.concat_arrays([known.link_ids, delta.link_ids]),
        pa.concat_tables([_retracted(known.entity_rows, delta.entity_retractions), _moved(delta.entity_rows, known)]),
        pa.concat_tables([_retracted(known.link_rows, delta.link_retractions), _moved(delta.link_rows, known)]),
        RETRACTIONS.empty_table(),
        RETRACTIONS.empty_table(),
    )


def _moved(rows: pa.Table, known: Changes) -> pa.Table:
    """The rows of a delta with their sources numbered after those known before."""
    place = rows.schema.get_field_index("origin")
    return rows.set_column(place, "origin", pc.add(rows["origin"], len(known.origins)).cast(pa.int32()))


def _retracted(rows: pa.Table, retractions: pa.Table) -> pa.Table:
    moments = rows.column("retracted").to_pylist()
    for record, moment in columns(retractions, "record", "retracted"):
        assert isinstance(record, int)
        assert moments[record] == NEVER
        moments[record] = moment
    return rows.set_column(rows.schema.get_field_index("retracted"), "retracted", pa.array(moments, pa.int64()))


CHANGES = [check for name, check in list(globals().items()) if name.startswith("check_")]
