"""What the visible records of each entity or link say together: how likely it is, when it held, how much it was.

The merge's rule on arrays, for what rankings and paths weigh by; texts and all other properties stay in the store.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_service.model.grades import ALL_GRADES
from graph_service.model.time import DAY_MAX, DAY_MIN
from graph_service.network.columns import Ints, Mask, RecordColumns

Floats = npt.NDArray[np.float64]
_DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """One place a thing (an entity by its number, or a link of a view by its place).

    ``probability`` float64: noisy-or over the sources, the best record of each (typologies, 1.7), 0 where no record
    is seen. ``first_day``, ``last_day`` int32: from the earliest start to the latest end, DAY_MIN and DAY_MAX where
    open. ``amount`` float64: that of the best graded record that states one, the first recorded among equals; NaN for
    none. ``sources`` int32: how many sources say it.
    """

    probability: Floats
    first_day: Ints
    last_day: Ints
    amount: Floats
    sources: Ints

    def taken(self, places: Ints) -> Facts:
        """The facts of the things at these places."""
        return Facts(
            self.probability[places],
            self.first_day[places],
            self.last_day[places],
            self.amount[places],
            self.sources[places],
        )

    def where(self, other: Mask, facts: Facts) -> Facts:
        """These facts, with those of another where ``other`` says so."""
        return Facts(
            np.where(other, facts.probability, self.probability),
            np.where(other, facts.first_day, self.first_day),
            np.where(other, facts.last_day, self.last_day),
            np.where(other, facts.amount, self.amount),
            np.where(other, facts.sources, self.sources),
        )


def facts_of(rows: RecordColumns, seen: Mask, thing_of: Ints, things: int) -> Facts:
    """The facts of ``things`` things from their visible records; O(records), O(r log r) for those said repeatedly.

    ``seen`` bool[records]; ``thing_of`` int32[records]: whose record it is.
    """
    records = np.flatnonzero(seen).astype(np.int32)
    thing = thing_of[records]
    likely = np.array([grade.probability for grade in ALL_GRADES])
    facts = Facts(
        np.zeros(things),
        np.full(things, DAY_MAX, dtype=np.int32),
        np.full(things, DAY_MIN, dtype=np.int32),
        np.full(things, np.nan),
        np.zeros(things, dtype=np.int32),
    )
    many = np.bincount(thing, minlength=things)
    alone = many[thing] == 1
    one, only = records[alone], thing[alone]
    facts.probability[only] = np.round(likely[rows.grade[one]], _DIGITS)
    facts.first_day[only], facts.last_day[only] = rows.from_day[one], rows.to_day[one]
    facts.amount[only] = rows.amount[one]
    facts.sources[only] = 1
    if not alone.all():
        _joined(facts, rows, records[~alone], thing[~alone], likely)
    return facts


def _joined(facts: Facts, rows: RecordColumns, records: Ints, thing: Ints, likely: Floats) -> None:
    """Fill in the facts of the things that several records speak of."""
    chance = likely[rows.grade[records]]
    np.minimum.at(facts.first_day, thing, rows.from_day[records])
    np.maximum.at(facts.last_day, thing, rows.to_day[records])
    by_source = np.lexsort((-chance, rows.origin[records], thing))
    sorted_thing, sorted_origin = thing[by_source], rows.origin[records][by_source]
    best = np.ones(len(by_source), dtype=np.bool_)
    best[1:] = (sorted_thing[1:] != sorted_thing[:-1]) | (sorted_origin[1:] != sorted_origin[:-1])
    origins, wrong = sorted_thing[best], 1.0 - chance[by_source][best]
    first = np.flatnonzero(np.concatenate([[True], origins[1:] != origins[:-1]]))
    facts.probability[origins[first]] = np.round(1.0 - np.multiply.reduceat(wrong, first), _DIGITS)
    facts.sources[origins[first]] = np.diff(np.append(first, len(origins)))
    stated = np.flatnonzero(~np.isnan(rows.amount[records]))
    worst_first = stated[np.lexsort((-records[stated], chance[stated]))]
    facts.amount[thing[worst_first]] = rows.amount[records[worst_first]]
