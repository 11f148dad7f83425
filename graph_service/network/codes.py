"""What the visible records of entities say in codes: countries and currencies.

An entity may be said to be of several countries. Where one is needed (who crosses a border, who brokers between
countries) it counts for its **home**: the country that most of its visible records name, the first by code among
equals. An entity of which no visible record names a country has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from graph_service.network.adjacency import Offsets
from graph_service.network.columns import Ints
from graph_service.network.view import View

_COUNTRY = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3,5}")


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Which entity is said to be of which code.

    ``names``: the codes, sorted. ``entity``, ``code`` int32[pairs]: entity numbers and places in ``names``, each pair
    once, sorted; ``records`` int64[pairs]: how many visible records say so.
    """

    names: tuple[str, ...]
    entity: Ints
    code: Ints
    records: Offsets

    @staticmethod
    def countries(view: View) -> Coded:
        """The countries, by ISO 3166 alpha-2 code. O(records of the view)."""
        return _coded(view, _COUNTRY)

    @staticmethod
    def currencies(view: View) -> Coded:
        """The currencies, by ISO 4217 code or ticker. O(records of the view)."""
        return _coded(view, _CURRENCY)

    def home(self, entities: int) -> Ints:
        """For each entity number the place in ``names`` of the code most said, the first among equals; -1 for none.

        int32[entities].
        """
        home = np.full(entities, -1, dtype=np.int32)
        order = np.lexsort((self.code, -self.records, self.entity))
        entity, first = np.unique(self.entity[order], return_index=True)
        home[entity] = self.code[order][first]
        return home

    def only(self, entities: int) -> Ints:
        """For each entity number the place in ``names`` of its one code; -1 for none or several. int32[entities]."""
        only = np.full(entities, -1, dtype=np.int32)
        many = np.bincount(self.entity, minlength=entities)
        alone = many[self.entity] == 1
        only[self.entity[alone]] = self.code[alone]
        return only


def _coded(view: View, form: re.Pattern[str]) -> Coded:
    network = view.network
    text_of, texts = network.code_texts
    found = [[code for code in text.split() if form.fullmatch(code)] for text in texts]
    names = sorted({code for codes in found for code in codes})
    place = {name: number for number, name in enumerate(names)}
    length = np.array([len(codes) for codes in found], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    flat = np.array([place[code] for codes in found for code in codes], dtype=np.int64)
    records = np.flatnonzero(view.entity_seen & view.nodes[network.entity_of])
    many = length[text_of[records]]
    row = np.repeat(records, many)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    said = flat[start[text_of[row]] + offset]
    key, count = np.unique(network.entity_of[row].astype(np.int64) * max(len(names), 1) + said, return_counts=True)
    entity, code = np.divmod(key, max(len(names), 1))
    return Coded(tuple(names), entity.astype(np.int32), code.astype(np.int32), count.astype(np.int64))
