"""What stands in the answer of ``cross-border-communities``: a group, its national parts, and who joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from graph_service.model.country_groups import country_groups
from graph_service.network.budget import Budget
from graph_service.network.codes import Coded
from graph_service.network.columns import Ints
from graph_service.network.view import View
from queries.groups.borders import Borders, external_internal
from queries.groups.brokerage import Roles, roles
from queries.groups.grouping import Grouping
from queries.groups.twins import Attached, infrastructure, victims, with_events_collapsed, with_events_kept

_SEIZURE, _CASE = "Seizure", "Case"


@dataclass(frozen=True, slots=True)
class NationalPart:
    """The members of a group who are of one country, their ties with members of other countries and among themselves,
    and the E-I index of the two (-1 inward, 1 outward; None without ties)."""

    country: str
    members: int
    external: int
    internal: int
    external_internal: float | None


@dataclass(frozen=True, slots=True)
class Broker:
    """A member who stands between others of the group, and how often in which role."""

    id: str
    country: str
    across: int
    roles: Roles


@dataclass(frozen=True, slots=True)
class CrossBorderGroup:
    """A group as it lies across borders.

    ``members``: the first ones by id. ``unplaced``: members of no known country. ``crossing`` of ``ties`` distinct
    pairs of members of known countries are of two countries, ``crossing_share`` of them; ``unknown_ties`` have an end
    of no known country. ``effective_countries``: 2 to the entropy. ``external_internal``: the E-I index of the whole.
    ``score``: what the groups are ranked by, the share times the effective countries beyond the first. ``brokers``:
    those between national parts, the busiest first, never victims, and banks and the like only where there is nobody
    else. ``secrecy``: the secrecy jurisdictions that some visible record
    connects a member with. ``seizures``, ``cases``: those inside or linked to a member.
    """

    id: str
    size: int
    members: tuple[str, ...]
    countries: tuple[NationalPart, ...]
    unplaced: int
    ties: int
    crossing: int
    crossing_share: float
    unknown_ties: int
    effective_countries: float
    external_internal: float | None
    score: float
    brokers: tuple[Broker, ...]
    secrecy: tuple[str, ...]
    seizures: tuple[str, ...]
    cases: tuple[str, ...]


class Cap(NamedTuple):
    """How many of each are listed of a group."""

    members: int
    brokers: int


class Crossing:
    """The measures of all groups of a view, and each of them told when it is asked for."""

    def __init__(self, view: View, grouping: Grouping, budget: Budget) -> None:
        """Events are seen through: two members of whom one gives and the other takes in an event have a tie."""
        self.view, self.grouping, self.budget = view, grouping, budget
        self.flat = with_events_collapsed(view)
        self.kept = with_events_kept(view)
        budget.spend(len(self.flat.links) + len(self.kept.links))
        self.countries = Coded.countries(view)
        self.names = self.countries.names
        self.home = self.countries.home(view.network.entities)
        self.borders = Borders.of(self.flat, grouping.of_entity, len(grouping.first), self.home)
        self.crossing, self.within, self.score = self.borders.crossing, self.borders.within, self.borders.score
        self.effective = self.borders.effective_countries
        self.size = np.bincount(grouping.group, minlength=len(grouping.first))
        self.attached = tuple(Attached.of(self.kept, kind) for kind in (_SEIZURE, _CASE))
        self.victims, self.infrastructure = victims(view), infrastructure(view)
        of = grouping.of_entity
        source, target = of[self.flat.links.source], of[self.flat.links.target]
        group = np.where(source == target, source, -1)
        self.link = np.argsort(group, kind="stable")
        self.group_of_link = group[self.link]

    def ranked(self, least_members: int, least_countries: int) -> Ints:
        """The groups that are large enough and of enough countries, by score, then size, then id."""
        borders, rank = self.borders, self.view.network.id_rank
        countries = np.bincount(borders.group, minlength=len(self.size))
        wanted = np.flatnonzero((self.size >= least_members) & (countries >= least_countries))
        named = rank[self.grouping.weighted.numbers[self.grouping.first[wanted]]]
        order = np.lexsort((named, -self.size[wanted], -self.score[wanted]))
        return wanted[order].astype(np.int32)

    def told(self, group: int, cap: Cap) -> CrossBorderGroup:
        """One group."""
        numbers = self.grouping.members(group)
        inside = np.zeros(self.view.network.entities, dtype=np.bool_)
        inside[numbers] = True
        crossing, within, parts = int(self.crossing[group]), int(self.within[group]), self._parts(group)
        said = {self.names[code] for code in self.countries.code[inside[self.countries.entity]].tolist()}
        seizures, cases = (attached.among(self.view, inside) for attached in self.attached)
        return CrossBorderGroup(
            self.grouping.name(self.view, group),
            len(numbers),
            tuple(map(str, self.view.network.entity_ids.take(numbers[: cap.members]).to_pylist())),
            parts,
            len(numbers) - sum(part.members for part in parts),
            crossing + within,
            crossing,
            round(crossing / max(crossing + within, 1), 9),
            int(self.borders.unknown[group]),
            round(float(self.effective[group]), 6),
            external_internal(crossing, within),
            float(self.score[group]),
            self._brokers(group, numbers)[: cap.brokers],
            tuple(sorted(said & country_groups()["secrecy"].members)),
            seizures,
            cases,
        )

    def _parts(self, group: int) -> tuple[NationalPart, ...]:
        borders = self.borders
        parts = [
            NationalPart(self.names[country], members, external, internal, external_internal(external, internal))
            for country, members, external, internal in zip(
                *(
                    column[borders.cells(group)].tolist()
                    for column in (borders.country, borders.members, borders.external, borders.internal)
                ),
                strict=True,
            )
        ]
        return tuple(sorted(parts, key=lambda part: (-part.members, part.country)))

    def _brokers(self, group: int, members: Ints) -> tuple[Broker, ...]:
        placed = members[self.home[members] >= 0]
        ids = map(str, self.view.network.entity_ids.take(placed).to_pylist())
        name = dict(zip(placed.tolist(), ids, strict=True))
        part = {name[number]: self.names[self.home[number]] for number in placed.tolist()}
        spared, used = (
            {name[n] for n in placed[those[placed]].tolist()} for those in (self.victims, self.infrastructure)
        )
        found = [
            Broker(broker, part[broker], played.across, played)
            for broker, played in roles(*self._directed(group, name), part, self.budget).items()
            if played.across and broker not in spared
        ]
        acting = [broker for broker in found if broker.id not in used] or found
        return tuple(sorted(acting, key=lambda broker: (-broker.across, broker.id)))

    def _directed(self, group: int, name: Mapping[int, str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Whom each member leads to and is led to by; a link without a direction leads both ways."""
        after: dict[str, set[str]] = {}
        before: dict[str, set[str]] = {}
        start, end = np.searchsorted(self.group_of_link, [group, group + 1])
        links, flat = self.link[start:end], self.flat
        for source, target, both in zip(
            flat.links.source[links].tolist(),
            flat.links.target[links].tolist(),
            flat.symmetric[links].tolist(),
            strict=True,
        ):
            if source == target or source not in name or target not in name:
                continue
            for one, other in ((source, target), (target, source)) if both else ((source, target),):
                after.setdefault(name[one], set()).add(name[other])
                before.setdefault(name[other], set()).add(name[one])
        return after, before
