"""Random worlds of people of several countries, who know and pay each other; groups of them by throw of the dice."""

from __future__ import annotations

import random

import numpy as np

from graph_service.model.scope import EVERYTHING, Scope
from graph_service.network.view import View
from queries.groups.grouping import Grouping
from queries.groups.weighted import Weighted
from tests.unit.network.tables import Ledger, entity, link

COUNTRIES = ("CO", "ES", "PA", "US")


def world(seed: int, people: int = 14) -> Ledger:
    """Subjects ``p0`` ... (some of no country), transfers among them, acquaintances, a seizure and a case."""
    dice = random.Random(seed)
    names = [f"p{number:02}" for number in range(people)]
    made = [
        entity(name, "Subject", {"nationality": tuple(dice.sample(COUNTRIES, dice.choice([0, 1, 1, 1, 2])))})
        for name in names
    ]
    made += [entity("seizure", "Seizure"), entity("case", "Case"), entity("harm", "Incident")]
    links = []
    for number in range(people * 2):
        one, other = dice.sample(names, 2)
        links.append(link(f"k{number}", one, other, dice.choice(["ASSOCIATE_OF", "REPRESENTS"])))
    for number in range(people // 2):
        event = f"m{number}"
        money = {"amount": (f"{dice.randrange(1, 90_000)}",), "currency": (dice.choice(["USD", "EUR"]),)}
        made.append(entity(event, "MoneyTransfer", money))
        links.append(link(f"o{number}", dice.choice(names), event, "ORIGINATOR"))
        links.append(link(f"b{number}", event, dice.choice(names), "BENEFICIARY"))
    links.append(link("s", "seizure", dice.choice(names), "SEIZED_FROM"))
    links.append(link("c", dice.choice(names), "case", "RELATED_CASE"))
    links.append(link("v", "harm", dice.choice(names), "VICTIM"))
    return Ledger().put(made, links)


def view(seed: int, scope: Scope = EVERYTHING) -> View:
    """The view of such a world."""
    return View(world(seed).network(), scope)


def grouped(of: View, seed: int, groups: int = 3) -> tuple[Grouping, dict[str, int]]:
    """So many groups by throw of the dice, and the number of each entity's own; two entities without a tie may share
    one, for what is told of a group must hold for any."""
    dice = random.Random(seed)
    weighted = Weighted.of(of)
    label = np.array([dice.randrange(groups) for _ in range(len(weighted.numbers))], dtype=np.int32)
    names = of.network.entity_ids.take(weighted.numbers).to_pylist()
    return Grouping.of(of, weighted, label), dict(zip(map(str, names), label.tolist(), strict=True))
