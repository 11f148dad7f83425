"""Answers to draw: small graphs with everything a chart can show, made by plain functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph_service.model.answer import Answer
from graph_service.model.grades import parse_grade
from graph_service.model.graph import Entity, Link, Path, Subgraph
from graph_service.model.records import EntityRecord, LinkRecord, Properties, Provenance
from graph_service.model.scope import Scope
from graph_service.model.time import Interval, parse_moment

AT = parse_moment("2026-01-02")
SAID = Provenance("sar-3297", "transactions.csv:2", parse_grade("B2"), frozenset({"TLP:AMBER"}), Interval("2015-03-25"))


@dataclass(frozen=True, slots=True)
class Paths:
    """A result that holds paths."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One community or component."""

    id: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """A result that holds groups."""

    communities: tuple[Group, ...]


def entity(key: str, kind: str = "Company", caption: str = "", **properties: str) -> Entity:
    """An entity with one record of one source."""
    values = {"name": (caption or key,), **{name: (value,) for name, value in properties.items()}}
    return Entity(key, kind, caption or key, values, (EntityRecord(key, kind, values, SAID),))


def event(key: str, **properties: str) -> Entity:
    """A transfer of money, which has no name."""
    values = {name: (value,) for name, value in properties.items()}
    return Entity(key, "MoneyTransfer", key, values, (EntityRecord(key, "MoneyTransfer", values, SAID),))


def link(key: str, source: str, target: str, kind: str = "OWNS", properties: Properties | None = None) -> Link:
    """A link with one record."""
    record = LinkRecord(key, kind, source, target, properties or {}, SAID)
    return Link(key, kind, source, target, Interval("2014", "2015"), properties or {}, (record,))


def answer(
    entities: list[Entity], links: list[Link], result: object = None, question: str = "degree", **parameters: object
) -> Answer[Any]:
    """An answer with this evidence."""
    evidence = Subgraph.of(entities, links)
    return Answer(question, parameters, Scope(), result, evidence, False, 0, "memory", "embedded", 7)


def money_path() -> Answer[Any]:
    """Two banks and the transfers between them: two paths that share their ends."""
    banks = [entity("b:cimb", "Bank", "CIMB Bank Berhad"), entity("b:barclays", "Bank", "Barclays Bank Plc")]
    moved = [
        event(
            "t:1",
            amount="56898523.47",
            currency="USD",
            number_transactions="68",
            date="2015-03-25",
            end_date="2015-09-25",
        ),
        event("t:2", amount="9990", currency="USD", number_transactions="1", date="2012-06-20"),
    ]
    links = [
        link(f"l:{number}{side}", source, target, kind)
        for number in (1, 2)
        for side, source, target, kind in (
            ("a", "b:cimb", f"t:{number}", "ORIGINATOR"),
            ("b", f"t:{number}", "b:barclays", "BENEFICIARY"),
        )
    ]
    walks = tuple(Path(("b:cimb", f"t:{n}", "b:barclays"), (f"l:{n}a", f"l:{n}b"), 2.0) for n in (1, 2))
    return answer(
        [*banks, *moved], links, Paths(walks), "shortest-paths", source="b:cimb", target="b:barclays", max_hops=6
    )
