"""How strongly two are tied by what they share: the association weight of typologies, 1.9.

``1 - product over shared things of (1 - base * p / log2(1 + parties))``: a phone shared by two says much, an address
shared by four hundred next to nothing. ``base`` is what a kind of link says at best, ``p`` how likely the links hold,
``parties`` how many the thing is linked to. Age is not weighed: scopes by date do that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

DIGITS = 9
BASES: Mapping[str, float] = {
    "USES_DEVICE": 0.95,
    "SIGNATORY_OF": 0.95,
    "BENEFICIAL_OWNER_OF": 0.95,
    "HAS_PHONE": 0.9,
    "HAS_EMAIL": 0.9,
    "FAMILY_OF": 0.9,
    "DIRECTOR_OF": 0.85,
    "RESIDES_AT": 0.8,
    "BOOKED": 0.7,
    "ORIGINATOR": 0.6,
    "BENEFICIARY": 0.6,
    "ORDERING_PARTY": 0.6,
    "THIRD_PARTY_PAYER": 0.6,
    "ULTIMATE_BENEFICIARY": 0.6,
    "REGISTERED_AT": 0.5,
    "LOCATED_AT": 0.5,
    "EMPLOYED_BY": 0.4,
    "INTERMEDIARY_OF": 0.1,
    "TRAVELLED_ON": 0.05,
}
"""What sharing something by a link of this kind says at best; house values of typologies, 1.9."""
OTHER = 0.5
"""The same for every kind that has no value of its own."""


def base_of(kind: str) -> float:
    """What sharing something by links of this kind says at best."""
    return BASES.get(kind, OTHER)


def worth(kind: str, probability: float) -> float:
    """What one link adds to a tie: of parallel links the one that says most counts."""
    return base_of(kind) * probability


def shared_weight(base: float, probability: float, parties: int) -> float:
    """The weight of one shared thing that so many parties have; 9 digits."""
    return round(base * probability / math.log2(1 + max(parties, 1)), DIGITS)


def association(weights: Iterable[float]) -> float:
    """The weight of all shared things together, each taken to speak for itself; 9 digits."""
    return round(1.0 - math.prod(1.0 - weight for weight in sorted(weights)), DIGITS)
