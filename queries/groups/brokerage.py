"""Brokers between parts: who stands between two others, and between whose parts.

Gould and Fernandez (1989, doi:10.2307/270949): b brokers from a to c where a leads to b and b to c but a does not lead
to c. The role is named by the parts the three belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from graph_service.network.budget import Budget

Neighbours: TypeAlias = Mapping[str, AbstractSet[str]]


@dataclass(frozen=True, slots=True)
class Roles:
    """How often somebody stands between two others (a, the broker, c), by the parts they belong to.

    ``coordinator``: all three of one part. ``itinerant``: a and c of one, the broker of another. ``gatekeeper``: lets
    in, a alone is of another part. ``representative``: lets out, c alone is. ``liaison``: three parts.
    """

    coordinator: int = 0
    itinerant: int = 0
    gatekeeper: int = 0
    representative: int = 0
    liaison: int = 0

    @property
    def across(self) -> int:
        """How often between different parts: all but the coordinator's."""
        return self.itinerant + self.gatekeeper + self.representative + self.liaison


def roles(
    after: Mapping[str, AbstractSet[str]],
    before: Mapping[str, AbstractSet[str]],
    part: Mapping[str, str],
    budget: Budget,
) -> dict[str, Roles]:
    """The roles of everybody who has one; as far as the budget lasted.

    ``after``, ``before``: whom each leads to and is led to by, without itself; ``part``: the part of each, those of no
    known part left out, who then take no part in any count. O(sum over brokers of in-degree times out-degree), set
    operations on the inner side.
    """
    found: dict[str, Roles] = {}
    for broker in sorted(part):
        sources = [source for source in before.get(broker, ()) if source in part]
        targets = {target for target in after.get(broker, ()) if target in part}
        if not budget.spend(len(sources) * max(len(targets), 1)):
            break
        count = _counted(sources, targets, after, part, part[broker])
        if count.total():
            found[broker] = Roles(**count)
    return found


def _counted(
    sources: list[str],
    targets: AbstractSet[str],
    after: Mapping[str, AbstractSet[str]],
    part: Mapping[str, str],
    own: str,
) -> Counter[str]:
    count: Counter[str] = Counter()
    for source in sources:
        reached = targets - after.get(source, frozenset()) - {source}
        for name, many in Counter(part[target] for target in reached).items():
            count[_role(part[source], own, name)] += many
    return count


def _role(source: str, broker: str, target: str) -> str:
    if source == target:
        return "coordinator" if source == broker else "itinerant"
    if broker == target:
        return "gatekeeper"
    return "representative" if broker == source else "liaison"
