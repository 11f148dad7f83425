"""Money that moves within a group, into it and out of it, by currency."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graph_service.network.codes import Coded
from graph_service.network.columns import Mask
from graph_service.network.view import View

_MOVES_MONEY = ("MoneyTransfer", "CashMovement")
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Money:
    """The sums of one currency, and how many movements make them; ``currency`` is empty where a movement names none
    or several."""

    currency: str
    within: float
    into: float
    out: float
    movements: int


def money(kept: View, members: Mask) -> tuple[Money, ...]:
    """What moved, by currency; ``members`` bool[entities], ``kept`` the view with its events. O(links).

    A movement counts once: within when one of its givers and one of its takers is a member, out when only a giver is,
    in when only a taker is. Its amount is that of its best graded visible record.
    """
    amount = kept.entity_facts.amount
    moves = kept.of_kinds(_MOVES_MONEY[0]) | kept.of_kinds(_MOVES_MONEY[1])
    moves &= ~np.isnan(amount)
    gives, takes = _parties(kept, members, moves)
    events = np.flatnonzero(gives | takes).astype(np.int32)
    coded = Coded.currencies(kept)
    currency = coded.only(kept.network.entities)[events]
    found = []
    for code in np.unique(currency).tolist():
        those = events[currency == code]
        given, taken = gives[those], takes[those]
        within, into, out = (
            _sum(amount[those[side]].tolist()) for side in (given & taken, taken & ~given, given & ~taken)
        )
        found.append(Money(coded.names[code] if code >= 0 else "", within, into, out, len(those)))
    return tuple(sorted(found, key=lambda one: (-one.movements, one.currency)))


def _parties(kept: View, members: Mask, moves: Mask) -> tuple[Mask, Mask]:
    """Of which movements a member is a giver, and of which a taker; bool[entities] each."""
    kinds = kept.network.ontology.link_kinds
    names = [str(name) for name in kept.network.link_rows.kinds.values]
    sides = [kinds[name].side if name in kinds else None for name in names]
    source, target, kind = kept.links.source, kept.links.target, kept.links.kind
    gives, takes = np.zeros(len(moves), dtype=np.bool_), np.zeros(len(moves), dtype=np.bool_)
    gives[target[_of(sides, "from")[kind] & members[source] & moves[target]]] = True
    takes[source[_of(sides, "to")[kind] & members[target] & moves[source]]] = True
    return gives, takes


def _of(sides: Iterable[str | None], wanted: str) -> Mask:
    """Which kinds of link have the side; one place more, so that a table is never empty."""
    return np.array([*(side == wanted for side in sides), False], dtype=np.bool_)


def _sum(amounts: list[float]) -> float:
    """The exact sum, whatever the order."""
    return round(math.fsum(amounts), _DIGITS)
