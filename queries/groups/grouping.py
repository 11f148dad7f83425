"""The groups of a whole view, numbered, named and looked up: what questions about some of them begin with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.partitioning import Parting
from queries.groups.quality import PartitionParameters
from queries.groups.weighted import Weighted


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A graph and its groups.

    ``group`` int32[nodes]: the group of each node; ``first`` int32[groups]: its first node, which is the one of the
    smallest id and names it; ``of_entity`` int32[entities]: the group of each entity number, -1 outside the view.
    """

    weighted: Weighted
    group: Ints
    first: Ints
    of_entity: Ints

    @staticmethod
    def of(view: View, weighted: Weighted, label: Ints) -> Grouping:
        """The groups of a labelling int32[nodes] with any numbers."""
        _, first, group = np.unique(label, return_index=True, return_inverse=True)
        of_entity = np.full(view.network.entities, -1, dtype=np.int32)
        of_entity[weighted.numbers] = group
        return Grouping(weighted, group.astype(np.int32), first.astype(np.int32), of_entity)

    @staticmethod
    def found(view: View, asked: PartitionParameters, parting: Parting, budget: Budget) -> Grouping | None:
        """The groups of a view as they are asked for; None when the budget ended before there were any."""
        weighted = asked.weighted(view)
        budget.spend(len(weighted.weight))
        label = parting(weighted, asked, asked.resolution, budget)
        return None if label is None else Grouping.of(view, weighted, label)

    def name(self, view: View, group: int) -> str:
        """The smallest member id of a group."""
        return view.network.entity_id(int(self.weighted.numbers[self.first[group]]))

    def members(self, group: int) -> Ints:
        """The entity numbers of a group's members, by id."""
        members: Ints = self.weighted.numbers[self.group == group]
        return members
