"""Conditions on a whole way, kept count of along it: must pass, countries touched, borders crossed.

A border is crossed between two entities of the way that have countries, none of them in common, where nothing between
them has one; an event without a country of its own lies on no side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from graph_service.model.country_groups import countries_named
from queries.paths.terms import Terms

_LETTERS = 2
Countries: TypeAlias = Callable[[str], frozenset[str]]
"""The countries of an entity, by its id."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be met on the way, by one of these entities or by any entity of these countries.

    ``between``: an end does not count.
    """

    name: str
    entities: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    between: bool = False

    def met_by(self, entity: str, countries: Countries) -> bool:
        """Whether an entity meets it."""
        return entity in self.entities or bool(self.countries and self.countries & countries(entity))


@dataclass(frozen=True, slots=True)
class Along:
    """What has been met so far: ``unmet`` needs by their place, the countries last seen, borders, countries counted.

    ``broken``: an order was not kept, or the first border crossed led out of the wrong country.
    """

    unmet: frozenset[int]
    last: frozenset[str] = frozenset()
    borders: int = 0
    broken: bool = False
    entered: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """The conditions of some terms. ``needs``: what must be met on the way, each by one entity at least; ``among``,
    ``leaves`` and ``enters``: the countries that the terms name so."""

    terms: Terms
    countries: Countries
    needs: tuple[Need, ...]
    among: frozenset[str]
    leaves: frozenset[str]
    enters: frozenset[str]

    @staticmethod
    def of(terms: Terms, codes: Countries) -> Rules:
        """The rules; ``codes`` gives the codes of an entity, of which those of countries have two letters."""

        def countries(entity: str) -> frozenset[str]:
            return frozenset(code for code in codes(entity) if len(code) == _LETTERS)

        needs = [Need(f"via {one}", frozenset({one})) for one in terms.via]
        if terms.via_any:
            needs.append(Need("via_any", frozenset(terms.via_any)))
        needs += [Need(f"via_country {name}", countries=countries_named([name])) for name in terms.via_country]
        among = countries_named(terms.among)
        if among and terms.among_least:
            needs.append(Need("among", countries=among, between=True))
        leaves, enters = countries_named(terms.leaves), countries_named(terms.enters)
        return Rules(terms, countries, tuple(needs), among, leaves, enters)

    def singly(self) -> Iterator[tuple[str, Rules]]:
        """Each condition by its name, as rules that hold nothing else."""
        terms = self.terms
        alone: list[tuple[str, dict[str, object]]] = [(f"via {one}", {"via": (one,)}) for one in terms.via]
        alone += [("via_any", {"via_any": terms.via_any})] if terms.via_any else []
        alone += [(f"via_country {one}", {"via_country": (one,)}) for one in terms.via_country]
        counted = {"among": terms.among, "among_least": terms.among_least, "among_most": terms.among_most}
        alone += [("among", counted)] if terms.among else []
        alone += [("borders", {"borders": terms.borders})] if terms.borders else []
        alone += [("leaves", {"leaves": terms.leaves})] if terms.leaves else []
        alone += [("enters", {"enters": terms.enters})] if terms.enters else []
        for name, condition in alone:
            yield name, Rules.of(Terms.model_validate(condition), self.countries)

    def start(self, entity: str) -> Along:
        """What the first entity of a way meets; ``among`` counts only between the ends."""
        return self._seen(Along(frozenset(range(len(self.needs)))), entity, inside=False)

    def step(self, along: Along, entity: str, *, at_end: bool) -> Along | None:
        """One entity further; None where no way on can fulfil the conditions any more."""
        seen = self._seen(along, entity, inside=not at_end)
        if self.terms.among_most is not None and len(seen.counted) > self.terms.among_most:
            return None
        return None if seen.broken else seen

    def fulfilled(self, along: Along) -> bool:
        """Whether a way that ends here fulfils every condition."""
        return not (
            along.unmet
            or along.borders < self.terms.borders
            or (self.among and len(along.counted) < self.terms.among_least)
            or ((self.leaves or self.enters) and not along.borders)
            or (self.enters and not along.entered & self.enters)
        )

    def _seen(self, along: Along, entity: str, *, inside: bool) -> Along:
        met = frozenset(
            place
            for place in along.unmet
            if (inside or not self.needs[place].between) and self.needs[place].met_by(entity, self.countries)
        )
        terms = self.terms
        passed = max((place for place in met if place < len(terms.via)), default=0)
        early = terms.in_order and any(place in along.unmet for place in range(passed))
        seen = replace(along, unmet=along.unmet - met, broken=along.broken or early) if met else along
        if not (self.among or terms.borders or self.leaves or self.enters):
            return seen
        here = self.countries(entity)
        if inside and self.among & here:
            seen = replace(seen, counted=seen.counted | (self.among & here))
        if not here:
            return seen
        if seen.last and not seen.last & here:
            astray = bool(self.leaves and not seen.borders and not seen.last & self.leaves)
            seen = replace(seen, borders=seen.borders + 1, broken=seen.broken or astray, entered=here)
        return replace(seen, last=here)
