"""Ways by definition: every simple way of a small world, judged one by one in plain Python; and worlds to try it on."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.model.country_groups import countries_named
from graph_service.model.graph import Path
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.network.view import View
from queries.paths.terms import Ends
from tests.unit.network.tables import Ledger, entity, link, said

COUNTRIES = ("RU", "US", "PA", "VG", "")
SYMMETRIC = ("ASSOCIATE_OF", "LINKED_TO")
GRADES = ("A1", "B2", "C3", "E5", "F6")


@dataclass(frozen=True, slots=True)
class World:
    """A ledger of one record an entity and a link, and what its records say in plain values."""

    ledger: Ledger
    kinds: Mapping[str, str]
    countries: Mapping[str, frozenset[str]]
    amounts: Mapping[str, float | None]
    currencies: Mapping[str, str]
    links: tuple[LinkRecord, ...]

    @property
    def view(self) -> View:
        """Everything."""
        return View(self.ledger.network())


def world(dice: random.Random, most: int = 8) -> World:
    """Up to ``most`` entities in a few countries, some of them transfers with amounts, and links of many grades."""
    count = dice.randint(2, most)
    ids = [f"e{number}" for number in range(count)]
    kinds = {one: dice.choice(["Subject", "Organization", "Bank", "MoneyTransfer"]) for one in ids}
    said_of: list[EntityRecord] = []
    countries, amounts, currencies = {}, {}, {}
    for one in ids:
        event = kinds[one] == "MoneyTransfer"
        country = "" if event else dice.choice(COUNTRIES)
        amounts[one] = dice.choice([None, 5.0, 50.0, 500.0]) if event else None
        currencies[one] = dice.choice(["", "USD", "EUR"]) if event else ""
        countries[one] = frozenset({country} - {""})
        name = "nationality" if kinds[one] == "Subject" else "country"
        properties = {name: (country,)} if country else {}
        if amounts[one] is not None:
            properties |= {"amount": (str(amounts[one]),)}
        if currencies[one]:
            properties |= {"currency": (currencies[one],)}
        said_of.append(entity(one, kinds[one], properties))
    links = tuple(
        link(
            f"l{number}",
            dice.choice(ids),
            dice.choice(ids),
            dice.choice(["REPRESENTS", "ASSOCIATE_OF", "LINKED_TO"]),
            said("s", dice.choice(GRADES)),
        )
        for number in range(dice.randint(0, 2 * count))
    )
    return World(Ledger().put(said_of, links), kinds, countries, amounts, currencies, links)


def simple_ways(made: World, source: str, target: str, asked: Ends) -> Iterator[Path]:
    """Every simple way from one to the other of at most ``max_hops`` links, in no order, whatever it passes."""
    onward: dict[str, list[tuple[str, LinkRecord]]] = {one: [] for one in made.kinds}
    for each in made.links:
        onward[each.source].append((each.target, each))
        if (not asked.directed or each.kind in SYMMETRIC) and each.source != each.target:
            onward[each.target].append((each.source, each))

    def on(entities: tuple[str, ...], links: tuple[str, ...]) -> Iterator[Path]:
        if entities[-1] == target:
            yield Path(entities, links, float(len(links)))
            return
        if len(links) < asked.max_hops:
            for end, each in onward[entities[-1]]:
                if end not in entities:
                    yield from on((*entities, end), (*links, each.link_id))

    yield from on((source,), ())


def holds(made: World, path: Path, asked: Ends) -> bool:
    """Whether a way fulfils the terms, by what their words say; hubs aside."""
    between = path.entities[1:-1]
    kind_of = {each.link_id: each.kind for each in made.links}
    parents = {"Bank": {"Bank", "Organization"}, "MoneyTransfer": {"MoneyTransfer", "Event"}}
    for one in between:
        kinds = parents.get(made.kinds[one], {made.kinds[one]})
        named = one in (*asked.via, *asked.via_any)
        if one in asked.avoid:
            return False
        if named:
            continue
        if kinds & set(asked.avoid_kind) or (asked.through_kind and not kinds & set(asked.through_kind)):
            return False
        if made.countries[one] & countries_named(asked.avoid_country):
            return False
        if made.kinds[one] == "MoneyTransfer":
            amount = made.amounts[one]
            low = asked.amount_from if asked.amount_from is not None else -1.0
            high = asked.amount_to if asked.amount_to is not None else math.inf
            judged = asked.amount_from is not None or asked.amount_to is not None
            if judged and (amount is None or not low <= amount <= high):
                return False
            if asked.currency and made.currencies[one] != asked.currency:
                return False
    if any(kind_of[each] in asked.avoid_kind for each in path.links):
        return False
    return _counted(made, path, between, asked)


def _counted(made: World, path: Path, between: tuple[str, ...], asked: Ends) -> bool:
    """The conditions on the way as a whole."""
    met = [one for one in path.entities if one in asked.via]
    if set(asked.via) - set(met) or (asked.in_order and met != list(asked.via)):
        return False
    if asked.via_any and not set(asked.via_any) & set(path.entities):
        return False
    touched = frozenset().union(*(made.countries[one] for one in path.entities))
    if any(not touched & countries_named([name]) for name in asked.via_country):
        return False
    if asked.among:
        counted = frozenset().union(*(made.countries[one] for one in path.entities[1:-1])) & countries_named(
            asked.among
        )
        most = len(counted) if asked.among_most is None else asked.among_most
        if not asked.among_least <= len(counted) <= most:
            return False
    placed = [made.countries[one] for one in path.entities if made.countries[one]]
    crossed = [(before, after) for before, after in itertools.pairwise(placed) if not before & after]
    if len(crossed) < asked.borders:
        return False
    if asked.leaves and not (crossed and crossed[0][0] & countries_named(asked.leaves)):
        return False
    return not asked.enters or bool(crossed and crossed[-1][1] & countries_named(asked.enters))


def terms(dice: random.Random, made: World) -> dict[str, Any]:
    """Random terms, mostly few of them."""
    ids = sorted(made.kinds)

    def some(values: list[str], most: int = 2) -> list[str]:
        return dice.sample(values, min(len(values), dice.randint(1, most)))

    options: dict[str, Any] = {
        "avoid": some(ids),
        "avoid_kind": some(["Bank", "MoneyTransfer", "REPRESENTS", "Event"], 1),
        "through_kind": some(["Organization", "MoneyTransfer"]),
        "via": some(ids, 2),
        "via_any": some(ids, 3),
        "amount_from": dice.choice([6.0, 60.0]),
        "amount_to": dice.choice([100.0, 1_000.0]),
        "currency": "USD",
        "via_country": some(["RU", "PA", "secrecy"], 1),
        "avoid_country": some(["US", "VG"], 1),
        "among": ["secrecy"],
        "borders": dice.randint(1, 2),
        "leaves": ["RU"],
        "enters": ["US"],
    }
    chosen = {name: options[name] for name in dice.sample(sorted(options), dice.choice([0, 1, 1, 2, 3]))}
    if "among" in chosen:
        chosen["among_least"] = dice.randint(0, 1)
        chosen["among_most"] = dice.choice([None, 1])
    if len(chosen.get("via", ())) == 2 and dice.random() < 0.5:
        chosen["in_order"] = True
    return chosen
