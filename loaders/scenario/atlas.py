"""The word lists of the world as values: countries, towns, banks, names and lines of business."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "invented"
_WHOLE = frozenset({"JPY", "VND"})


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its ISO code, its area in the agency's division of the globe, currency and phone pattern."""

    code: str
    name: str
    area: str
    culture: str
    currency: str
    dial: str


@dataclass(frozen=True, slots=True)
class Town:
    """A town that serves as seaport and airport, under its UN/LOCODE."""

    locode: str
    name: str
    country: Country
    lat: float
    lon: float
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """An invented bank; ``code`` is what stands for it inside an account number."""

    bic: str
    name: str
    country: Country
    code: str
    town: Town


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods that are shipped: HS code, description, and US dollars and kilograms a unit."""

    hs: str
    description: str
    usd: Decimal
    kg: Decimal


@dataclass(frozen=True, slots=True)
class Names:
    """Given and family names of one culture."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Atlas:
    """All word lists, read once."""

    countries: dict[str, Country]
    towns: dict[str, Town]
    banks: dict[str, Bank]
    names: dict[str, Names]
    lines: dict[str, tuple[str, tuple[Goods, ...]]]
    services: tuple[str, ...]
    firm_words: tuple[tuple[str, ...], tuple[str, ...]]
    forms: dict[str, str]
    rates: dict[str, Decimal]

    def amount(self, usd: Decimal, currency: str) -> str:
        """So many US dollars in a currency, as a text with the decimals that the currency has."""
        places = Decimal(1) if currency in _WHOLE else Decimal("0.01")
        return str((usd / self.rates[currency]).quantize(places))

    def in_usd(self, amount: str, currency: str) -> str:
        """An amount of a currency in US dollars and cents, at the world's fixed rate."""
        return str((Decimal(amount) * self.rates[currency]).quantize(Decimal("0.01")))


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """The word lists that ship beside this module."""
    places, names = _read("places.toml"), _read("names.toml")
    countries = {code: Country(code, **entry) for code, entry in places["countries"].items()}
    towns = {
        code: Town(code, t["name"], countries[code[:2]], t["lat"], t["lon"], tuple(t["streets"]))
        for code, t in places["towns"].items()
    }
    banks = {
        bic: Bank(bic, b["name"], countries[b["country"]], b["bank"], towns[b["town"]])
        for bic, b in places["banks"].items()
    }
    return Atlas(
        countries=countries,
        towns=towns,
        banks=banks,
        names={key: Names(**{k: tuple(v) for k, v in lists.items()}) for key, lists in names["cultures"].items()},
        lines={
            key: (line["title"], tuple(_goods(*row) for row in line["goods"])) for key, line in names["lines"].items()
        },
        services=tuple(names["services"]["titles"]),
        firm_words=(tuple(names["firms"]["first"]), tuple(names["firms"]["second"])),
        forms=names["firms"]["forms"],
        rates={code: Decimal(rate) for code, rate in places["usd"].items()},
    )


def _goods(hs: str, description: str, usd: float, kg: float) -> Goods:
    return Goods(hs, description, Decimal(str(usd)), Decimal(str(kg)))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
