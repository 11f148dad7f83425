"""What a chart says in words about entities and links: captions, amounts, dates and where it is known from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from graph_service.model.grades import UNGRADED
from graph_service.model.graph import Entity, Link
from graph_service.model.ontology import Ontology, Property
from graph_service.model.records import EntityRecord, LinkRecord, Properties, Provenance
from graph_service.model.time import Interval, moment_text
from viz.style import entity_style, link_label
from viz.text import joined, shortened, visible

Lines: TypeAlias = tuple[tuple[str, str], ...]
Sections: TypeAlias = tuple[tuple[str, Lines], ...]
"""Details as plain text: a heading ("" for what is merged, else the source) and its lines of label and text."""

MAX_RECORDS = 12
MAX_VALUES = 8
MAX_TEXT = 2_000
_COUNTS = {"number_transactions": ("transfer", "transfers"), "count": ("time", "times")}


def amount_text(amount: str, currency: str = "") -> str:
    """An amount grouped for reading, such as ``USD 56,898,523.47``."""
    try:
        number = Decimal(amount)
    except InvalidOperation:
        return joined([currency, amount], " ")
    if not number.is_finite() or number.adjusted() > 30:
        return joined([currency, amount], " ")
    return joined([currency, f"{number:,f}"], " ")


def money_text(properties: Properties) -> str:
    """The amount that the properties speak of, with its currency; empty when there is none."""
    if amounts := properties.get("amount"):
        return amount_text(amounts[0], first(properties, "currency"))
    if amounts := properties.get("amount_usd"):
        return amount_text(amounts[0], "USD")
    return ""


def count_text(properties: Properties) -> str:
    """How many single events the source counts as one, such as ``68 transfers``; empty when it does not say."""
    for name, (one, many) in _COUNTS.items():
        if value := first(properties, name):
            return f"{value} {one if value == '1' else many}"
    return ""


def interval_text(interval: Interval) -> str:
    """An interval in words: ``2014 – 2015-06``, ``since 2014``, ``until 2015``; empty when both ends are open."""
    if interval.start and interval.end:
        return interval.start if interval.start == interval.end else f"{interval.start} – {interval.end}"
    if interval.start:
        return f"since {interval.start}"
    return f"until {interval.end}" if interval.end else ""


def event_time(entity: Entity) -> str:
    """When an event was: its own dates, else the time for which its best record holds."""
    return dates_text(entity.properties) or (interval_text(entity.records[0].said.valid) if entity.records else "")


def dates_text(properties: Properties) -> str:
    """The days that the properties themselves name, such as ``2015-03-25 – 2015-09-25``; empty when they name none."""
    days = [first(properties, name)[:10] for name in ("date", "end_date")]
    return joined(dict.fromkeys(days), " – ")


def entity_lines(entity: Entity, ontology: Ontology) -> tuple[str, ...]:
    """What stands under a node: its caption; of an event, what moved, how often and when."""
    kind = ontology.entity_kinds.get(entity.kind)
    if kind is None or not kind.event:
        return (visible(entity.caption or entity.id),)
    facts = [money_text(entity.properties), count_text(entity.properties), event_time(entity)]
    if not facts[0] or entity.properties.get("name"):
        caption = entity.caption if entity.caption != first(entity.properties, "date") else ""
        facts = [caption or kind.label, *(fact for fact in facts if fact not in caption)]
    return tuple(visible(fact) for fact in dict.fromkeys(facts) if fact)


def link_caption(link: Link, ontology: Ontology) -> str:
    """What stands on a link: its kind in words, its role or share, the money and the time.

    The time of a role in an event stands at the event; a link that stands for an event has the event's own.
    """
    role, share = first(link.properties, "role"), first(link.properties, "share")
    words = kind_words(link.kind, ontology)
    if role and role.casefold() not in words.casefold():
        words = f"{words} ({shortened(role, 40)})"
    known = ontology.link_kinds.get(link.kind)
    when = "" if known is not None and known.side else interval_text(link.valid) or dates_text(link.properties)
    facts = [money_text(link.properties), count_text(link.properties), when]
    return visible(joined([words, f"{share} %" if share else "", *facts]))


def kind_words(kind: str, ontology: Ontology) -> str:
    """The words of a link kind; a link that stands for an event carries the event's kind."""
    return entity_style(ontology, kind).label if kind in ontology.entity_kinds else link_label(ontology, kind)


def entity_details(entity: Entity, ontology: Ontology) -> Sections:
    """All that is known of an entity, merged and then source by source."""
    kind = ontology.entity_kinds.get(entity.kind)
    known = kind.properties if kind else {}
    merged = [
        ("Kind", kind.label if kind else entity.kind),
        ("Id", entity.id),
        *_confidence(entity.probability, entity.records),
        *_property_lines(entity.properties, known),
    ]
    return (("", _plain(merged)), *_record_sections(entity.records, known))


def link_details(link: Link, ontology: Ontology, captions: Mapping[str, str]) -> Sections:
    """All that is known of a link, merged and then source by source; ``captions`` name its two ends."""
    kind = ontology.link_kinds.get(link.kind)
    known = kind.properties if kind else {}
    merged = [
        ("Link", kind_words(link.kind, ontology)),
        ("From", captions.get(link.source, link.source)),
        ("To", captions.get(link.target, link.target)),
        ("Valid", interval_text(link.valid)),
        ("Id", link.id),
        ("Event", link.event or ""),
        *_confidence(link.probability, link.records),
        *_property_lines(link.properties, known),
    ]
    return (("", _plain(merged)), *_record_sections(link.records, known))


def first(properties: Properties, name: str) -> str:
    """The first value of a property, the best graded one; empty when there is none."""
    values = properties.get(name)
    return values[0] if values else ""


def _confidence(probability: float, records: Iterable[EntityRecord | LinkRecord]) -> Lines:
    if all(record.said.grade == UNGRADED for record in records):
        return (("Confidence", "not graded"),)
    return (("Confidence", f"{probability:.0%}, from the grades of its sources"),)


def _property_lines(properties: Properties, known: Mapping[str, Property]) -> Lines:
    """The properties in the order of the ontology, then those it does not know by name."""
    order = [name for name in known if name in properties] + sorted(name for name in properties if name not in known)
    lines = []
    for name in order:
        described = known.get(name)
        values = properties[name]
        shown = [
            amount_text(value) if described and described.type == "amount" else shortened(value, MAX_TEXT)
            for value in values[:MAX_VALUES]
        ]
        if len(values) > MAX_VALUES:
            shown.append(f"and {len(values) - MAX_VALUES} more")
        lines.append((described.label if described else name, "; ".join(shown)))
    return tuple(lines)


def _record_sections(records: tuple[EntityRecord | LinkRecord, ...], known: Mapping[str, Property]) -> Sections:
    sections = [
        (
            visible(f"Source: {record.said.source_id}"),
            _plain([*_said(record.said), *_property_lines(record.properties, known)]),
        )
        for record in records[:MAX_RECORDS]
    ]
    if len(records) > MAX_RECORDS:
        sections.append((f"and {len(records) - MAX_RECORDS} more records", ()))
    return tuple(sections)


def _said(said: Provenance) -> Lines:
    return (
        ("Grade", "F6 (not graded)" if said.grade == UNGRADED else str(said.grade)),
        ("Place in the source", said.row),
        ("Markings", ", ".join(sorted(said.markings)) or "none"),
        ("Holds", interval_text(said.valid)),
        ("Recorded", moment_text(said.recorded_at)[:19].replace("T", " ") + " UTC" if said.recorded_at else ""),
        ("Retracted", moment_text(said.retracted_at)[:19].replace("T", " ") + " UTC" if said.retracted_at else ""),
    )


def _plain(lines: Iterable[tuple[str, str]]) -> Lines:
    return tuple((visible(label), visible(text)) for label, text in lines if text)
