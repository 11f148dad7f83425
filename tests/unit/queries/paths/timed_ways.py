"""Ways in time by definition: every simple way of a small world, judged link by link in plain Python; and worlds with
days to try it on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph_service.model.time import day_text
from graph_service.network.view import View
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.paths.ways import SYMMETRIC

BASE = 16_000
"""The day from which the days of a world are counted (2013-10-22)."""
Span = tuple[int, int] | None


class Taken(NamedTuple):
    """A link as it is walked: its id, from where to where, its days, its amount and the event it belongs to."""

    link: str
    near: str
    far: str
    first: int
    last: int
    amount: float | None
    event: str | None


@dataclass(frozen=True, slots=True)
class TimedWorld:
    """A ledger of one record an entity and a link, and what its records say in plain values."""

    ledger: Ledger
    events: Mapping[str, tuple[Span, float | None]]
    links: Mapping[str, tuple[str, str, str, Span]]
    ids: Sequence[str]

    @property
    def view(self) -> View:
        """Everything."""
        return View(self.ledger.network())


def timed_world(dice: random.Random, most: int = 9, spread: int = 12) -> TimedWorld:
    """Up to ``most`` entities, some of them transfers, and links on few days, some of them lasting, some undated."""
    ids = [f"e{number}" for number in range(dice.randint(2, most))]
    kinds = {one: dice.choice(["Subject", "Organization", "Subject", "MoneyTransfer"]) for one in ids}
    events = {
        one: (_span(dice, spread), dice.choice([None, 80.0, 90.0, 100.0]))
        for one in ids
        if kinds[one] == "MoneyTransfer"
    }
    links: dict[str, tuple[str, str, str, Span]] = {}
    for number in range(dice.randint(0, 3 * len(ids))):
        source, target = dice.choice(ids), dice.choice(ids)
        kind = dice.choice(["REPRESENTS", "REPRESENTS", "ASSOCIATE_OF"])
        links[f"l{number}"] = source, target, kind, _span(dice, spread)
    entities = []
    for one in ids:
        span, amount = events.get(one, (None, None))
        properties = {"amount": (str(amount),)} if amount is not None else {}
        entities.append(entity(one, kinds[one], properties, said(valid=_valid(span))))
    made = [
        link(name, source, target, kind, said(valid=_valid(span)))
        for name, (source, target, kind, span) in links.items()
    ]
    return TimedWorld(Ledger().put(entities, made), events, links, ids)


def _span(dice: random.Random, spread: int) -> Span:
    if dice.random() < 0.12:
        return None
    first = BASE + dice.randrange(spread)
    return first, first + dice.choice([0, 0, 0, 1, 3])


def _valid(span: Span) -> tuple[str | None, str | None]:
    return (None, None) if span is None else (day_text(span[0]), day_text(span[1]))


def moves(made: TimedWorld, *, directed: bool) -> list[Taken]:
    """Every link with a day, as it may be walked."""
    taken = []
    for name, (source, target, kind, span) in made.links.items():
        at_events = [one for one in (source, target) if one in made.events]
        event = at_events[0] if len(at_events) == 1 else None
        days, amount = (span, None) if event is None else made.events[event]
        if event is not None and days is None:
            others = [
                each[3]
                for each in made.links.values()
                if event in each[:2] and len([one for one in each[:2] if one in made.events]) == 1 and each[3]
            ]
            days = (min(first for first, _ in others), max(last for _, last in others)) if others else None
        if days is None:
            continue
        taken.append(Taken(name, source, target, *days, amount, event))
        if source != target and (not directed or kind in SYMMETRIC):
            taken.append(Taken(name, target, source, *days, amount, event))
    return taken


def in_order(before: Taken, after: Taken, asked: Any) -> bool:
    """Whether a link may follow another: at once within an event, else after a gap that is asked for."""
    if before.event is not None and before.event == after.event == before.far:
        return True
    gap = after.first - before.last
    return gap >= asked.least_gap and (asked.greatest_gap is None or gap <= asked.greatest_gap)


def timed_ways(taken: Sequence[Taken], source: str, target: str, asked: Any) -> Iterator[list[Taken]]:
    """Every simple way in time from one to the other, or back to where it began, in no order."""
    first_day, last_day = asked.window

    def on(way: list[Taken]) -> Iterator[list[Taken]]:
        if way and way[-1].far == target:
            yield list(way)
            return
        here = way[-1].far if way else source
        for each in taken if len(way) < asked.max_hops else ():
            met = {source, *(one.far for one in way)} - ({source} if source == target else set())
            if each.near != here or each.far in met or each.link in {one.link for one in way}:
                continue
            if each.first < first_day or each.last > last_day or (way and not in_order(way[-1], each, asked)):
                continue
            if asked.within is None or each.last - (way[0] if way else each).first <= asked.within:
                yield from on([*way, each])

    yield from on([])


def told(way: Sequence[Taken]) -> tuple[tuple[str, str], ...]:
    """A way as answers order it: where it starts, then step by step entity and link."""
    return (way[0].near, ""), *((each.far, each.link) for each in way)


def timing(dice: random.Random, spread: int = 12) -> dict[str, Any]:
    """Random conditions on days, mostly few of them."""
    least = dice.choice([0, 1, 2])
    options: dict[str, Any] = {
        "depart_from": day_text(BASE + dice.randrange(spread)),
        "arrive_by": day_text(BASE + spread),
        "least_gap": least,
        "greatest_gap": least + dice.randint(0, 4),
        "within": dice.randint(0, spread),
    }
    chosen = {name: options[name] for name in dice.sample(sorted(options), dice.choice([0, 1, 1, 2]))}
    if "greatest_gap" in chosen:
        chosen["least_gap"] = least
    return chosen
