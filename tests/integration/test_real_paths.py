"""Ways through the FinCEN Files: what the service finds is what every chain of transfers in the raw file says.

The files are read in place, beside the repository, and are no part of it; where they are absent the tests skip.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from graph_service.model.country_groups import countries_named
from graph_service.model.grades import Grade
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller, Scope
from graph_service.model.time import Interval
from graph_service.model.values import normalise
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from loaders.report import LoadOptions
from tests.integration.test_real_data import needed, rows

ENDS = {
    "source_kind": "Bank",
    "source_country": ["RU"],
    "target_kind": "Bank",
    "target_country": ["US"],
    "directed": True,
    "max_hops": 6,
    "avoid_kind": ["Report"],
    "hubs": "free",
}
YEAR = Scope(window=Interval("2015", "2015"), min_grade=Grade("B", "2"))


class Raw:
    """The file as chains of transfers between banks in 2015, read by the csv module alone."""

    def __init__(self) -> None:
        """Reads the file."""
        self.country: dict[str, set[str]] = defaultdict(set)
        self.paid: dict[str, set[str]] = defaultdict(set)
        for row in rows(needed("fincen/download_transactions_map.csv")):
            giver, taker = row["originator_bank_id"], row["beneficiary_bank_id"]
            for bank, iso in ((giver, row["originator_iso"]), (taker, row["beneficiary_iso"])):
                if iso:
                    self.country[bank].add(normalise("country", iso))
            begun, ended = _day(row["begin_date"]), _day(row["end_date"])
            if begun and ended and ended < begun:  # some reports end before they begin: the mapping leaves the end open
                ended = None
            if (begun or date.min) <= date(2015, 12, 31) and (ended or date.max) >= date(2015, 1, 1):
                self.paid[giver].add(taker)

    def chains(self, most: int) -> Iterator[tuple[str, ...]]:
        """Every chain of banks from Russia to the United States of at most so many transfers, none of them twice and
        neither end in the middle."""
        starts = sorted(bank for bank, countries in self.country.items() if "RU" in countries)
        ends = {bank for bank, countries in self.country.items() if "US" in countries}

        def on(chain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
            for bank in sorted(self.paid[chain[-1]]):
                if bank in chain or (bank in starts):
                    continue
                if bank in ends:
                    yield (*chain, bank)
                elif len(chain) < most:
                    yield from on((*chain, bank))

        for start in starts:
            yield from on((start,))


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%b %d, %Y").replace(tzinfo=UTC).date() if text else None


@pytest.fixture(scope="module")
def raw() -> Raw:
    return Raw()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphService]:
    path = needed("fincen/download_transactions_map.csv")
    opened = GraphService(EmbeddedStore(None), load_ontology())
    options = LoadOptions(mapping="fincen", grade=Grade("B", "2"), rejects=tmp_path_factory.mktemp("rejects"))
    opened.load([path], options, Caller())
    yield opened
    opened.close()


def lengths(service: GraphService, **more: Any) -> list[int]:
    """The lengths of the shortest ways in transfers, which are two links each."""
    answers = [
        service.ask("shortest-paths", {**ENDS, **more, "limit": 5}, YEAR, Caller(), engine=engine).result
        for engine in ("memory", "networkx")
    ]
    assert answers[0] == answers[1]
    return [path.length // 2 for path in getattr(answers[0], "paths", ())]


def test_money_reached_the_united_states_as_directly_as_the_file_says(service: GraphService, raw: Raw) -> None:
    shortest = min(len(chain) - 1 for chain in raw.chains(3))
    assert set(lengths(service)) == {shortest}


def test_through_a_country_as_often_as_the_file_says(service: GraphService, raw: Raw) -> None:
    """For every country in the middle of a chain, and for some that are in none."""
    between: dict[str, int] = {}
    for chain in raw.chains(3):
        for bank in chain[1:-1]:
            for country in raw.country[bank]:
                between[country] = min(between.get(country, 9), len(chain) - 1)
    for country in [*sorted(between)[:12], "JP", "KP"]:
        expected = {between[country]} if country in between else set()
        assert set(lengths(service, among=[country])) == expected, country


def test_through_exactly_one_secrecy_jurisdiction_and_not_through_the_five_largest_banks(
    service: GraphService, raw: Raw
) -> None:
    """The question of the brief. What it comes to is counted from the file."""
    secret = countries_named(["secrecy"])
    chains = [
        chain
        for chain in raw.chains(3)
        if len(frozenset().union(*(raw.country[bank] for bank in chain[1:-1])) & secret) == 1
    ]
    found = lengths(service, among=["secrecy"], among_most=1)
    assert set(found) == ({min(len(chain) - 1 for chain in chains)} if chains else set())
    fewer = lengths(service, among=["secrecy"], among_most=1, avoid_largest=["Bank:5"])
    assert set(fewer) <= set(found) or min(fewer) >= min(found)
