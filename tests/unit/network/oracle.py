"""The rule of what a scope shows, once more, record by record in plain Python; and random ledgers to try it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from graph_service.model.grades import CREDIBILITY, RELIABILITY, parse_grade
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from graph_service.model.scope import Events, Scope
from graph_service.model.time import Interval
from tests.unit.network.tables import ONTOLOGY, START, Ledger, day, entity, link, said

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For tests whose first example may compile a kernel or wait for another process on the machine."""
ENTITY_KINDS = ("Subject", "Organization", "Company", "MoneyTransfer", "Shipment", "Report")
LINK_KINDS = ("REPRESENTS", "ASSOCIATE_OF", "ORIGINATOR", "THIRD_PARTY_PAYER", "BENEFICIARY", "MENTIONS")
MARKINGS = ("a", "b", "c")
GRADES = ("A1", "B2", "A3", "C1", "D4", "E5", "F6", "F1", "5x5x5:B2", "5x5x5:D3", "3x5x2:1A", "3x5x2:3E")
LEAST_GRADES = ("B2", "D4", "F6", "E5", "5x5x5:C2", "3x5x2:1B")
DATES = (None, "2010", "2012-05", "2014-02-28", "2014-03", "2016")


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link of a view."""

    source: str
    target: str
    kind: str
    event: str | None = None


def sees(record: EntityRecord | LinkRecord, scope: Scope, kinds: frozenset[str] | None) -> bool:
    """Whether a scope shows a record."""
    by = record.said
    recorded = by.recorded_at or START
    if scope.known_at is None:
        there = by.retracted_at is None
    else:
        there = recorded <= scope.known_at and (by.retracted_at is None or by.retracted_at > scope.known_at)
    least = scope.min_grade
    good = least is None or (
        RELIABILITY[by.grade.scale][by.grade.reliability] >= RELIABILITY[least.scale][least.reliability]
        and CREDIBILITY[by.grade.scale][by.grade.credibility] >= CREDIBILITY[least.scale][least.credibility]
    )
    held = scope.markings is None or all(marking in scope.markings for marking in by.markings)
    return there and good and held and by.valid.overlaps(scope.window) and (kinds is None or record.kind in kinds)


def shown(ledger: Ledger, scope: Scope) -> tuple[dict[str, str], dict[str, ShownLink]]:
    """The kind of every entity in the view, and every link of it by id."""
    nodes: dict[str, str] = {}
    by_id: dict[str, list[EntityRecord]] = {}
    for record in ledger.entity_records():
        if sees(record, scope, scope.entity_kinds):
            by_id.setdefault(record.entity_id, []).append(record)
    for entity_id, records in by_id.items():
        nodes[entity_id] = min(records, key=lambda r: (-ONTOLOGY.depth(r.kind), -r.said.grade.probability, r.kind)).kind
    links = {
        record.link_id: ShownLink(record.source, record.target, record.kind)
        for record in ledger.link_records()
        if sees(record, scope, scope.link_kinds) and record.source in nodes and record.target in nodes
    }
    if scope.events is Events.KEPT:
        return nodes, links
    return _collapsed(nodes, links)


def _collapsed(nodes: dict[str, str], links: dict[str, ShownLink]) -> tuple[dict[str, str], dict[str, ShownLink]]:
    events = {entity_id for entity_id, kind in nodes.items() if ONTOLOGY.entity_kind(kind).event}
    parties = {entity_id: kind for entity_id, kind in nodes.items() if entity_id not in events}
    direct = {key: one for key, one in links.items() if one.source in parties and one.target in parties}
    for event in events:
        givers = {one.source for one in links.values() if one.target == event and _side(one) == "from"} - events
        takers = {one.target for one in links.values() if one.source == event and _side(one) == "to"} - events
        for giver in givers:
            for taker in takers:
                direct[f"{event}[{giver}>{taker}]"] = ShownLink(giver, taker, nodes[event], event)
    return parties, direct


def _side(one: ShownLink) -> str | None:
    return ONTOLOGY.link_kind(one.kind).side


@st.composite
def provenances(draw: st.DrawFn, source: str) -> Provenance:
    """Any grade, up to two markings and any validity."""
    ends: list[str | None] = [draw(st.sampled_from(DATES)) for _ in range(2)]
    if ends[0] and ends[1]:
        ends.sort(key=str)
    markings = sorted(draw(st.sets(st.sampled_from(MARKINGS), max_size=2)))
    return said(source, draw(st.sampled_from(GRADES)), markings, (ends[0], ends[1]))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Up to four loads by three sources, entities and links said again by others, and withdrawals."""
    made = Ledger()
    known: list[str] = []
    ends: dict[str, tuple[str, str, str]] = {}
    for step in range(draw(st.integers(1, 4))):
        standing = [s for s in ("one", "two", "three") if s not in made.taken_back]
        if not standing or (step and draw(st.integers(0, 4)) == 0):
            made.withdraw(draw(st.sampled_from(["one", "two", "three"])), day(10 * step + 5))
            continue
        source = draw(st.sampled_from(standing))

        entities = [
            entity(f"e{draw(st.integers(0, 6))}", draw(st.sampled_from(ENTITY_KINDS)), by=draw(provenances(source)))
            for _ in range(draw(st.integers(1, 6)))
        ]
        known = sorted({*known, *(record.entity_id for record in entities)})
        links = []
        for _ in range(draw(st.integers(0, 8))):
            link_id = f"l{draw(st.integers(0, 9))}"
            kind, one, other = (draw(st.sampled_from(choices)) for choices in (LINK_KINDS, known, known))
            one, other, kind = ends.setdefault(link_id, (one, other, kind))
            links.append(link(link_id, one, other, kind, draw(provenances(source))))
        made.put(entities, links, day(10 * step))
    return made


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    """Any scope, in every dimension."""
    ends: list[str | None] = [draw(st.sampled_from(DATES)) for _ in range(2)]
    if ends[0] and ends[1]:
        ends.sort(key=str)
    moments: list[datetime | None] = [None, None, *(day(number) for number in (-1, 0, 4, 5, 10, 15, 20, 26, 35))]
    grade = draw(st.none() | st.sampled_from(LEAST_GRADES).map(parse_grade))
    return Scope(
        markings=draw(st.none() | st.frozensets(st.sampled_from(MARKINGS))),
        window=Interval(*ends),
        known_at=draw(st.sampled_from(moments)),
        entity_kinds=draw(st.none() | st.frozensets(st.sampled_from(ENTITY_KINDS), min_size=1)),
        link_kinds=draw(st.none() | st.frozensets(st.sampled_from(LINK_KINDS), min_size=1)),
        min_grade=grade,
        events=draw(st.sampled_from(Events)),
    )
