"""What a good parting into groups is: the parameters that every question about groups shares."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from graph_service.network.view import View
from queries.groups.weighted import HALF_LIFE, Weight, Weighted
from queries.question import Parameters


class Quality(StrEnum):
    """What a good parting is: modularity, or the constant Potts model, whose resolution is the density that a group
    must reach and which finds small groups in large graphs too."""

    MODULARITY = "modularity"
    CPM = "cpm"


class PartitionParameters(Parameters):
    """How groups are told apart, how fine, and by which throw of the dice."""

    quality: Quality = Field(
        default=Quality.MODULARITY, description="modularity, or cpm (then the resolution is a density, such as 0.05)"
    )
    resolution: float = Field(default=1.0, gt=0, le=1_000, description="Higher gives more and smaller groups")
    weight: Weight = Field(
        default=Weight.LINKS, description="What ties count by: links, amount, evidence (grades) or recency"
    )
    half_life: float = Field(
        default=HALF_LIFE, gt=0, le=100_000, description="Days in which a tie loses half its weight, by recency"
    )
    seed: int = Field(default=1, ge=0, lt=2**31, description="The same seed gives the same groups")
    iterations: int = Field(default=2, ge=1, le=100, description="Rounds of Leiden")

    def weighted(self, view: View) -> Weighted:
        """The graph that the groups are found in."""
        return Weighted.of(view, self.weight, self.half_life)
