"""The embedded store against plain lists: random batches and withdrawals, then every reading must agree.

The lists follow the protocol's words and nothing of the store's tables, so an error would have to be made twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import ContradictedLinks, DanglingLinks, DataError, SourceNotFound
from graph_service.model.grades import Grade
from graph_service.model.records import EntityRecord, LinkRecord, Records
from graph_service.model.scope import Scope
from graph_service.model.time import Interval
from graph_service.store.embedded.store import EmbeddedStore
from graph_service.store.protocol import NEVER, Batch, Receipt, Withdrawal, to_moment
from tests.store_material import at, batch, company, knows, owns, person, said, source

R = TypeVar("R", EntityRecord, LinkRecord)
Step: TypeAlias = tuple[str, str, list[EntityRecord], list[LinkRecord]]
IDS = "abcd"
MARKINGS = st.frozensets(st.sampled_from("XYZ"), max_size=2)
GRADES = st.sampled_from([Grade("A", "1"), Grade("B", "3"), Grade("F", "6")])
WINDOWS = st.sampled_from([Interval(), Interval("2014", "2014"), Interval("2014-06", None), Interval(None, "2013")])
SAID = st.builds(said, st.sampled_from("123"), GRADES, MARKINGS.map(sorted), WINDOWS)
ENTITIES = st.builds(lambda make, i, by: make(i, by), st.sampled_from([person, company]), st.sampled_from(IDS), SAID)
MADE = {"k": knows, "o": owns}
LINKS = st.builds(
    lambda link, by: MADE[link[0]](link[1], link[2], link[3], by),
    st.sampled_from(["kkab"] * 5 + ["olcd"] * 5 + ["knaa"] * 5 + ["kkba", "okab", "klcd", "klaz"]),  # these contradict
    SAID,
)
BATCHES = st.tuples(
    st.sampled_from(["m1", "m2", "m3", "m4", "m5"]),
    st.sampled_from(["s", "t", "u"]),
    st.lists(ENTITIES, max_size=5),
    st.lists(LINKS, max_size=3),
)
STEPS = st.lists(BATCHES | st.sampled_from(["s", "t", "u"]), min_size=1, max_size=7)
FIRST: Step = ("m0", "t", [person(i) for i in IDS], [])
SCOPES = st.builds(
    Scope,
    markings=st.none() | MARKINGS,
    window=WINDOWS,
    known_at=st.none() | st.integers(-1, 8).map(at),
    entity_kinds=st.sampled_from([None, frozenset({"Subject"})]),
    link_kinds=st.sampled_from([None, frozenset({"OWNS"})]),
    min_grade=st.none() | GRADES,
)


@dataclass
class Lists:
    """What a store should hold: records in order, as they would be handed out."""

    entities: list[EntityRecord] = field(default_factory=list)
    links: list[LinkRecord] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    withdrawn: dict[str, Receipt] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    @property
    def revision(self) -> int:
        return len(self.receipts) + len(self.withdrawn)

    def put(self, step: Step, minute: int) -> Receipt:
        marker, origin, entities, links = step
        if marker in self.receipts:
            return replace(self.receipts[marker], repeated=True)
        if origin in self.withdrawn:
            raise DataError(origin)
        there = {record.entity_id for record in [*self.entities, *entities]}
        dangling = [n for n, link in enumerate(links) if not {link.source, link.target} <= there]
        if dangling:
            raise DanglingLinks(dangling)
        stands = {link.link_id: _is(link) for link in self.links if link.said.retracted_at is None}
        contradicted = [n for n, link in enumerate(links) if stands.setdefault(link.link_id, _is(link)) != _is(link)]
        if contradicted:
            raise ContradictedLinks(contradicted)
        for record in entities:
            self.entities.append(replace(record, said=replace(record.said, source_id=origin, recorded_at=at(minute))))
        for link in links:
            self.links.append(replace(link, said=replace(link.said, source_id=origin, recorded_at=at(minute))))
        self.known.add(origin)
        self.receipts[marker] = Receipt(self.revision + 1, len(entities), len(links))
        return self.receipts[marker]

    def withdraw(self, origin: str, minute: int) -> Receipt:
        if origin not in self.known:
            raise SourceNotFound(origin)
        if origin in self.withdrawn:
            return replace(self.withdrawn[origin], repeated=True)
        entities = sum(record.said.source_id == origin for record in self.entities)
        links = sum(record.said.source_id == origin for record in self.links)
        self.entities = [_retracted(record, origin, minute) for record in self.entities]
        self.links = [_retracted(record, origin, minute) for record in self.links]
        self.withdrawn[origin] = Receipt(self.revision + 1, entities, links)
        return self.withdrawn[origin]

    def seen(self, scope: Scope) -> Records:
        entities = [record for record in self.entities if _shown(record, scope, scope.entity_kinds)]
        links = [record for record in self.links if _shown(record, scope, scope.link_kinds)]
        by_entity, by_link = (lambda record: record.entity_id), (lambda record: record.link_id)
        return Records(tuple(sorted(entities, key=by_entity)), tuple(sorted(links, key=by_link)))


def _is(link: LinkRecord) -> tuple[str, str, str]:
    return link.kind, link.source, link.target


def _retracted(record: R, origin: str, minute: int) -> R:
    if record.said.source_id != origin:
        return record
    return replace(record, said=replace(record.said, retracted_at=at(minute)))


def _shown(record: EntityRecord | LinkRecord, scope: Scope, kinds: frozenset[str] | None) -> bool:
    by = record.said
    assert by.recorded_at is not None
    if scope.known_at is None:
        known = by.retracted_at is None
    else:
        known = by.recorded_at <= scope.known_at and (by.retracted_at is None or scope.known_at < by.retracted_at)
    return (
        known
        and scope.may_see(by.markings)
        and by.valid.overlaps(scope.window)
        and (kinds is None or record.kind in kinds)
        and (scope.min_grade is None or by.grade.reaches(scope.min_grade))
    )


def _step_both(store: EmbeddedStore, lists: Lists, step: Step | str, minute: int) -> None:
    """Take one step in the store and in the lists; both give the same receipt, or both refuse for the same reason."""
    if isinstance(step, str):
        change: Batch | Withdrawal = Withdrawal(step, at(minute))
    else:
        marker, origin, entities, links = step
        change = batch(marker, entities, links, source(origin), at(minute))
    expected: Receipt | Exception
    try:
        expected = lists.withdraw(step, minute) if isinstance(step, str) else lists.put(step, minute)
    except (DataError, SourceNotFound) as error:
        expected = error
    if isinstance(expected, Receipt):
        assert store.put(change) == expected
        return
    with pytest.raises(type(expected)) as caught:
        store.put(change)
    assert getattr(caught.value, "rows", ()) == getattr(expected, "rows", ())


@settings(max_examples=60, deadline=None)
@given(STEPS, st.lists(SCOPES, min_size=1, max_size=4), st.integers(0, 7))
def test_every_reading_agrees(steps: list[Step | str], scopes: list[Scope], earlier: int) -> None:
    store, lists = EmbeddedStore(None), Lists()
    early = store.changes(0)
    for minute, step in enumerate([FIRST, *steps]):
        _step_both(store, lists, step, minute)
        if minute == earlier:
            early = store.changes(0)
    for scope in scopes:
        assert store.get(IDS, ["k", "l", "n"], scope) == lists.seen(scope)
    whole, late = store.changes(0), store.changes(early.revision)
    assert whole.revision == store.revision() == lists.revision
    assert whole.entity_ids.to_pylist() == list(dict.fromkeys(record.entity_id for record in lists.entities))
    assert whole.link_ids.to_pylist() == list(dict.fromkeys(record.link_id for record in lists.links))
    name, link_name = whole.entity_ids.to_pylist(), whole.link_ids.to_pylist()
    assert [name[n] for n in whole.entity_rows["entity"].to_pylist()] == [e.entity_id for e in lists.entities]
    assert [link_name[n] for n in whole.link_rows["link"].to_pylist()] == [link.link_id for link in lists.links]
    assert [name[n] for n in whole.link_rows["source"].to_pylist()] == [link.source for link in lists.links]
    assert whole.entity_rows["retracted"].to_pylist() == [_moment(record) for record in lists.entities]
    assert whole.link_rows["retracted"].to_pylist() == [_moment(record) for record in lists.links]
    assert late.entity_rows.equals(whole.entity_rows.slice(len(early.entity_rows)))
    assert late.link_rows.equals(whole.link_rows.slice(len(early.link_rows)))
    store.close()


def _moment(record: EntityRecord | LinkRecord) -> int:
    return NEVER if record.said.retracted_at is None else to_moment(record.said.retracted_at)
