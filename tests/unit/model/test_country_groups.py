"""Groups of countries: what they hold, and names that stand for none."""

from __future__ import annotations

import pycountry
import pytest

from graph_service.errors import InvalidParameter
from graph_service.model.country_groups import countries_named, country_groups
from graph_service.model.time import day_range

FORMER = {"AN"}
"""Codes of states that are no more, which old records bear."""


def test_every_group_says_whose_list_it_is_and_of_which_day() -> None:
    for group in country_groups().values():
        assert group.source
        assert group.label
        assert len(group.name) > 2, "two letters would be a country"
        day_range(group.date)


def test_every_member_is_a_country() -> None:
    known = {country.alpha_2 for country in pycountry.countries} | FORMER
    for group in country_groups().values():
        assert group.members <= known, group.name


def test_a_group_of_the_lists_size() -> None:
    """27 member states; the 42 places of the Forum's list are 44 codes, for the Antilles have two successors."""
    assert len(country_groups()["european-union"].members) == 27
    assert len(country_groups()["secrecy"].members) == 44


def test_codes_and_groups_may_be_mixed() -> None:
    assert countries_named(["ru", "GCC"]) == {"RU", "AE", "BH", "KW", "OM", "QA", "SA"}
    assert countries_named([]) == frozenset()


@pytest.mark.parametrize("name", ["Russia", "secrecyy", "R1", "", "É1"])
def test_what_is_neither_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameter, match="neither a country"):
        countries_named([name])


def test_the_nearest_group_is_named() -> None:
    with pytest.raises(InvalidParameter, match=r"\(secrecy\)"):
        countries_named(["secrecyy"])
