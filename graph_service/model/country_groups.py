"""Groups of countries by name: lists of others, kept as data with their source and date."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph_service.errors import InvalidParameter

_CODE = re.compile(r"[A-Za-z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CountryGroup:
    """A list of countries (ISO 3166 alpha-2), with whose list it is and of which day."""

    name: str
    label: str
    source: str
    date: str
    members: frozenset[str]


@cache
def country_groups() -> dict[str, CountryGroup]:
    """The groups that come with the package, by name; secrecy jurisdictions are ``secrecy``."""
    text = (files("graph_service.model") / "country_data" / "groups.toml").read_text(encoding="utf-8")
    return {
        name: CountryGroup(name, table["label"], table["source"], table["date"], frozenset(table["members"]))
        for name, table in tomllib.loads(text).items()
    }


def countries_named(names: Iterable[str]) -> frozenset[str]:
    """The countries that the names stand for: codes of two letters, and groups.

    Raises InvalidParameter, which names the nearest groups, for a name that is neither.
    """
    found: set[str] = set()
    for name in names:
        if _CODE.fullmatch(name):
            found.add(name.upper())
        elif name.casefold() in country_groups():
            found |= country_groups()[name.casefold()].members
        else:
            near = difflib.get_close_matches(name.casefold(), country_groups(), n=1) or sorted(country_groups())
            raise InvalidParameter(f"{name!r} is neither a country (two letters) nor a group ({', '.join(near)})")
    return frozenset(found)
