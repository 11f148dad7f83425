"""Groups numbered, named by their smallest member, and looked up by entity."""

from __future__ import annotations

import random

import numpy as np
import pytest

from graph_service.model.answer import Limits
from graph_service.model.scope import Scope
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.grouping import Grouping
from queries.groups.quality import PartitionParameters
from queries.groups.weighted import Weighted
from tests.unit.network.tables import Ledger, entity, link


@pytest.mark.parametrize("seed", range(20))
def test_every_group_is_found_by_each_of_its_members(seed: int) -> None:
    dice = random.Random(seed)
    names = [f"n{number:02}" for number in range(15)]
    made = [entity(name, dice.choice(["Subject", "Organization"])) for name in dice.sample(names, 15)]
    view = View(Ledger().put(made).network(), Scope(entity_kinds=frozenset({"Subject"})))
    weighted = Weighted.of(view)
    label = np.array([dice.choice([7, 3, 9]) for _ in weighted.numbers], dtype=np.int32)
    grouping = Grouping.of(view, weighted, label)
    shown = sorted(record.entity_id for record in made if record.kind == "Subject")
    own = dict(zip(shown, label.tolist(), strict=True))
    for number in range(view.network.entities):
        group, name = int(grouping.of_entity[number]), view.network.entity_id(number)
        assert (group >= 0) == (name in own)
        if group >= 0:
            members = [other for other in shown if own[other] == own[name]]
            assert view.network.entity_ids.take(grouping.members(group)).to_pylist() == members
            assert grouping.name(view, group) == members[0]


def test_no_groups_before_the_budget_ends() -> None:
    view = View(Ledger().put([entity("a"), entity("b")], [link("l", "a", "b")]).network())

    def never(_weighted: Weighted, _asked: PartitionParameters, _resolution: float, budget: Budget) -> Ints | None:
        return None if budget.exhausted else np.zeros(2, dtype=np.int32)

    with Budget(Limits(links=1)) as budget:
        assert Grouping.found(view, PartitionParameters(), never, budget) is None
    with Budget() as budget:
        found = Grouping.found(view, PartitionParameters(), never, budget)
    assert found is not None
    assert found.of_entity.tolist() == [0, 0]
