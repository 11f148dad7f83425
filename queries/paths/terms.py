"""What a way from A to B may look like: the conditions that every path question takes.

Conditions on single entities and links (kinds, values, countries to avoid, hubs) narrow the ground that is walked;
conditions on the whole way (must pass, borders, how many countries of a group) are kept count of along it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from graph_service.model.country_groups import countries_named
from graph_service.network.search import HORIZON
from queries.question import Names, Parameters

Hubs = Literal["tame", "ends", "free"]


class Sides(Parameters):
    """From where and to where: single ids, several, or all of a kind or country.

    Of entities that are on both sides a way may start, but not end, at them; where there is no other end, each reaches
    itself.
    """

    source: str = Field(default="", description="Entity id to start from")
    target: str = Field(default="", description="Entity id to reach")
    sources: Names = Field(default=(), description="More ids to start from: the best way from any of them")
    targets: Names = Field(default=(), description="More ids to reach: the best way to any of them")
    source_kind: str | None = Field(default=None, description="Start from any entity of this kind")
    target_kind: str | None = Field(default=None, description="Reach any entity of this kind")
    source_country: Names = Field(default=(), description="Start from any entity of these countries or groups")
    target_country: Names = Field(default=(), description="Reach any entity of these countries or groups")

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Sides:
        for side in ("source", "target"):
            if not (self.ids(side) or getattr(self, f"{side}_kind") or getattr(self, f"{side}_country")):
                raise ValueError(f"say the {side}: an id, several, a kind or a country")
        countries_named(self.source_country)
        countries_named(self.target_country)
        return self

    @property
    def selective(self) -> bool:
        """Whether an end is named by kind or country."""
        return bool(self.source_kind or self.target_kind or self.source_country or self.target_country)

    def ids(self, side: str) -> tuple[str, ...]:
        """The ids of one side (``source`` or ``target``), each once."""
        one, more = (self.source, self.sources) if side == "source" else (self.target, self.targets)
        return tuple(dict.fromkeys((*((one,) if one else ()), *more)))


class Terms(Parameters):
    """How far, how many, and what a way must and must not hold; what is not said is left open."""

    max_hops: int = Field(default=8, ge=1, le=HORIZON, description="Longest path, in links, inclusive")
    limit: int = Field(default=25, ge=1, le=1_000, description="How many paths at the most")
    directed: bool = Field(default=False, description="Follow the direction of links")
    avoid: Names = Field(default=(), description="Ids of entities that must not be on the way")
    avoid_kind: Names = Field(default=(), description="Kinds of entity or link that must not be on the way")
    through_kind: Names = Field(default=(), description="Only entities of these kinds between the two ends")
    via: Names = Field(default=(), max_length=8, description="Ids of entities that must all be on the way")
    via_any: Names = Field(default=(), description="Ids of entities of which one at least must be on the way")
    in_order: bool = Field(default=False, description="Pass the entities of via in the order given")
    amount_from: float | None = Field(default=None, ge=0, description="Least amount of an event or link on the way")
    amount_to: float | None = Field(default=None, ge=0, description="Greatest amount of an event or link on the way")
    currency: str | None = Field(default=None, pattern="^[A-Za-z]{3}$", description="Currency of events (ISO 4217)")
    hs_code: str | None = Field(
        default=None, pattern="^[0-9]{2,10}$", description="HS code of shipments, or its beginning"
    )
    via_country: Names = Field(default=(), max_length=8, description="Countries or groups that must be touched, each")
    avoid_country: Names = Field(default=(), description="Countries or groups not to be touched between the ends")
    among: Names = Field(default=(), description="Countries or groups to be counted on the way, such as secrecy")
    among_least: int = Field(default=1, ge=0, le=50, description="Least number of countries of among, between the ends")
    among_most: int | None = Field(default=None, ge=0, le=50, description="Greatest number of countries of among")
    borders: int = Field(default=0, ge=0, le=50, description="Least number of borders crossed")
    leaves: Names = Field(default=(), description="Countries or groups that the first border crossed leads out of")
    enters: Names = Field(default=(), description="Countries or groups that the last border crossed leads into")
    hubs: Hubs = Field(
        default="tame", description="tame: through hubs only where there is no other way; ends: never through; free"
    )
    hub_degree: int = Field(
        default=500,
        ge=2,
        le=10**9,
        description="Links that make a hub; a tenth of it for ports, banks and the like",
    )
    avoid_largest: Names = Field(default=(), description="The most connected of a kind to avoid, such as Bank:5")

    @model_validator(mode="after")
    def _makes_sense(self) -> Terms:
        if self.amount_from is not None and self.amount_to is not None and self.amount_from > self.amount_to:
            raise ValueError("amount_from is more than amount_to")
        if self.among_most is not None and self.among_most < self.among_least:
            raise ValueError("among_most is less than among_least")
        if self.in_order and len(self.via) < 2:
            raise ValueError("in_order needs two entities in via at the least")
        for names in (self.via_country, self.avoid_country, self.among, self.leaves, self.enters):
            countries_named(names)
        _ = self.largest
        return self

    @property
    def largest(self) -> tuple[tuple[str, int], ...]:
        """``avoid_largest`` as (kind, how many)."""
        pairs = []
        for text in self.avoid_largest:
            kind, _, many = text.rpartition(":")
            if not kind or not many.isascii() or not many.isdigit():
                raise ValueError(f"avoid_largest: {text!r} is not a kind and a number, such as Bank:5")
            pairs.append((kind, int(many)))
        return tuple(pairs)

    @property
    def counted(self) -> bool:
        """Whether something must be kept count of along the way."""
        return bool(
            self.via or self.via_any or self.via_country or self.among or self.borders or self.leaves or self.enters
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything narrows the ground or is counted, hubs aside."""
        return self.counted or bool(
            self.avoid
            or self.avoid_kind
            or self.through_kind
            or self.amount_from is not None
            or self.amount_to is not None
            or self.currency
            or self.hs_code
            or self.avoid_country
            or self.avoid_largest
        )


class Ends(Terms, Sides):
    """From where, to where, and on what terms."""
