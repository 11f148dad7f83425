"""A made-up world of any size for the benchmarks: seeded, vectorised, in the tables that a store takes.

People, organisations, accounts and money transfers in communities of very different size, a few of them with very
many links, as in company registers and payment data. Kinds, ends and properties are allowed by the shipped ontology.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_service.model.grades import parse_grade
from graph_service.model.text import tokens
from graph_service.model.time import DAY_MAX, DAY_MIN, day_range, day_text
from graph_service.store.protocol import ENTITY_ROWS, LINK_ROWS

KINDS = ("Subject", "Organization", "Account", "MoneyTransfer")
_KIND_SHARES = (0.48, 0.22, 0.18, 0.12)
_LINKS = {
    "ASSOCIATE_OF": (0, 0, 0.30),
    "OWNS": (0, 1, 0.16),
    "DIRECTOR_OF": (0, 1, 0.14),
    "SUBSIDIARY_OF": (1, 1, 0.08),
    "INDEBTED_TO": (1, 0, 0.06),
    "HAS_ACCOUNT": (0, 2, 0.12),
    "ORIGINATOR": (2, 3, 0.07),
    "BENEFICIARY": (3, 2, 0.07),
}
"""Kind of link: places in KINDS of its ends, and its share."""
_GRADES = {"B2": 0.4, "A1": 0.1, "C3": 0.25, "B3": 0.1, "D4": 0.05, "F6": 0.1}
_MARKINGS = {"": 0.9, "case:ALPHA": 0.05, "TLP:AMBER": 0.03, "TLP:AMBER case:ALPHA": 0.015, "TLP:RED": 0.005}
_COUNTRIES = ("co", "es", "ma", "nl", "de", "pa", "ru", "ae", "cn", "us", "mx", "tr", "ua", "gb", "vg", "ch")
_SYLLABLES = [
    "an", "ar", "be", "bo", "ca", "ce", "chi", "da", "de", "do", "el", "en", "er", "fa", "fi", "ga", "gi", "go", "ha",
    "he", "hu", "in", "is", "ja", "jo", "ka", "ki", "ko", "la", "le", "li", "lo", "lu", "ma", "me", "mi", "mo", "na",
    "ne", "ni", "no", "ño", "or", "pa", "pe", "pi", "que", "ra", "re", "ri", "ro", "ru", "sa", "sé", "shi", "so",
    "ta", "te", "ti", "to", "tu", "un", "va", "ve", "vi", "xa", "ya", "yu", "za", "zo",
]  # fmt: skip
_FORMS = ("Ltd", "GmbH", "S.A.", "LLC", "B.V.", "Trading", "Shipping", "Holdings", "Import Export", "Logistics")
_COMMUNITY = 200

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Population:
    """Places of the entities by kind, and the communities as growing fractions of each kind."""

    kind: Ints
    members: tuple[Ints, ...]
    bounds: npt.NDArray[np.float64]


def world(entities: int, links: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """So many entity rows and link rows, one a record, of as many entities and links.

    Needs 20 entities or more. 1M and 5M take some 20 s and 2 GB; the same numbers give the same tables.
    """
    rng = np.random.default_rng(seed)
    population = _population(entities, rng)
    ids = _ids("e", entities, rng)
    return _entity_rows(population, ids, rng), _link_rows(population, ids, links, rng)


def _population(entities: int, rng: np.random.Generator) -> _Population:
    edges = np.cumsum(_KIND_SHARES)
    kind = np.searchsorted(edges, (rng.permutation(entities) + 0.5) / entities)
    members = tuple(rng.permutation(np.flatnonzero(kind == code)) for code in range(len(KINDS)))
    sizes = rng.lognormal(0.0, 1.2, max(1, entities // _COMMUNITY))
    bounds = np.concatenate([[0.0], np.cumsum(sizes) / sizes.sum()])
    return _Population(kind.astype(np.int64), members, bounds)


def _entity_rows(population: _Population, ids: pa.Array, rng: np.random.Generator) -> pa.Table:
    n = len(ids)
    kind = population.kind
    names, folded = _names(kind, rng)
    numbers = pc.utf8_lpad(pc.cast(pa.array(rng.permutation(n)), pa.string()), 10, "0")
    country = rng.integers(0, len(_COUNTRIES), n)
    amount = np.round(rng.lognormal(8.0, 2.0, n), 2)
    days = _Days(rng, n)
    properties = pc.choose(
        pa.array(kind),
        _json(name=names, nationality=_texts(_COUNTRIES, country)),
        _json(jurisdiction=_texts(_COUNTRIES, country), name=names),
        _json(currency=_texts(["EUR"], np.zeros(n, np.int64)), number=numbers),
        _json(amount=_amounts(amount), currency=_texts(["USD"], np.zeros(n, np.int64))),
    )
    none = _texts([""], np.zeros(n, np.int64))
    columns = _common(n, days, rng) | {
        "entity_id": ids,
        "kind": _texts(KINDS, kind),
        "amount": pa.array(amount, mask=kind != 3),
        "properties": properties,
        "text": pc.choose(pa.array(kind), folded, folded, numbers, none),
        "codes": pc.choose(
            pa.array(kind),
            _texts(_COUNTRIES, country),
            _texts(_COUNTRIES, country),
            _texts(["EUR"], np.zeros(n, np.int64)),
            _texts(["USD"], np.zeros(n, np.int64)),
        ),
    }
    return pa.table({name: columns[name] for name in ENTITY_ROWS.names}, schema=ENTITY_ROWS)


def _link_rows(population: _Population, ids: pa.Array, links: int, rng: np.random.Generator) -> pa.Table:
    shares = np.cumsum([share for _, _, share in _LINKS.values()])
    kind = np.searchsorted(shares, (rng.permutation(links) + 0.5) / links)
    source, target = np.empty(links, np.int64), np.empty(links, np.int64)
    for code, (first, second, _) in enumerate(_LINKS.values()):
        rows = np.flatnonzero(kind == code)
        source[rows], target[rows] = _ends(population, first, second, len(rows), rng)
    amount = np.round(rng.lognormal(9.0, 1.5, links), 2)
    owed = kind == list(_LINKS).index("INDEBTED_TO")
    share = rng.integers(1, 101, links)
    properties = pc.case_when(
        pc.make_struct(pa.array(owed), pa.array(kind == list(_LINKS).index("OWNS"))),
        _json(amount=_amounts(amount)),
        _json(share=_texts([str(n) for n in range(101)], share)),
        "{}",
    )
    columns = _common(links, _Days(rng, links), rng) | {
        "link_id": _ids("l", links, rng),
        "kind": _texts(list(_LINKS), kind),
        "source": ids.take(pa.array(source)),
        "target": ids.take(pa.array(target)),
        "amount": pa.array(amount, mask=~owed),
        "properties": properties,
    }
    return pa.table({name: columns[name] for name in LINK_ROWS.names}, schema=LINK_ROWS)


def _ends(population: _Population, first: int, second: int, n: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Ends of n links: the source skewed towards few entities, the target mostly of the source's community."""
    sources, targets = population.members[first], population.members[second]
    place = rng.random(n) ** 1.6
    community = np.searchsorted(population.bounds, place, "right") - 1
    low, high = population.bounds[community], population.bounds[community + 1]
    near = low + (high - low) * rng.random(n) ** 2
    other = np.where(rng.random(n) < 0.75, near, rng.random(n) ** 2)
    source = sources[(place * len(sources)).astype(np.int64)]
    position = (other * len(targets)).astype(np.int64)
    target = targets[position]
    return source, np.where(source == target, targets[(position + 1) % len(targets)], target)


class _Days:
    """Validity of n records: partial dates as written, and the days they cover; a third have no start, most no end."""

    def __init__(self, rng: np.random.Generator, n: int) -> None:
        first, last = day_range("1990")[0], day_range("2025")[1]
        full = [day_text(day) for day in range(first, last + 1)]
        texts = full + sorted({text[:7] for text in full}) + sorted({text[:4] for text in full})
        spans = np.array([day_range(text) for text in texts], np.int64)
        draw = rng.random(n)
        pick = np.where(draw < 0.4, rng.integers(0, len(full), n), rng.integers(len(full), len(texts), n))
        started = draw < 0.67
        ended = rng.random(n) < 0.3
        end = np.minimum(spans[pick, 1] - first + rng.geometric(0.001, n), len(full) - 1)
        self.valid_from = pc.if_else(pa.array(started), _texts(texts, pick), None)
        self.valid_to = pc.if_else(pa.array(ended), _texts(full, end), None)
        self.from_day = np.where(started, spans[pick, 0], DAY_MIN)
        self.to_day = np.where(ended, first + end, DAY_MAX)


def _common(n: int, days: _Days, rng: np.random.Generator) -> dict[str, pa.Array]:
    codes = np.array([parse_grade(grade).code for grade in _GRADES], np.int8)
    grade = codes[rng.choice(len(codes), n, p=list(_GRADES.values()))]
    marking = rng.choice(len(_MARKINGS), n, p=list(_MARKINGS.values()))
    return {
        "row": pc.binary_join_element_wise("world.csv", pc.cast(pa.array(np.arange(n) + 2), pa.string()), ":"),
        "grade": pa.array(grade),
        "markings": _texts(list(_MARKINGS), marking),
        "valid_from": days.valid_from,
        "valid_to": days.valid_to,
        "from_day": pa.array(days.from_day, pa.int32()),
        "to_day": pa.array(days.to_day, pa.int32()),
    }


def _names(kind: Ints, rng: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """A name for each entity as written, and folded: a given and a family name, or a coined word and a form."""
    n = len(kind)
    words = np.array(["".join(parts).capitalize() for parts in product(_SYLLABLES, repeat=3)])
    words = rng.permutation(np.unique(words))[:200_000]
    given, family, coined = words[:15_000], words[15_000:120_000], words[120_000:]
    person = [(given, _skewed(given, n, rng)), (family, _skewed(family, n, rng))]
    firm = [(coined, _skewed(coined, n, rng)), (np.array(_FORMS), rng.integers(0, len(_FORMS), n))]
    subject = pa.array(kind == 0)

    def joined(parts: list[tuple[npt.NDArray[np.str_], Ints]], fold: bool) -> pa.Array:
        texts = [[" ".join(tokens(str(word))) for word in some] if fold else some for some, _ in parts]
        return pc.binary_join_element_wise(*(_texts(t, at) for t, (_, at) in zip(texts, parts, strict=True)), " ")

    return tuple(pc.if_else(subject, joined(person, fold), joined(firm, fold)) for fold in (False, True))


def _skewed(words: npt.NDArray[np.str_], n: int, rng: np.random.Generator) -> Ints:
    return (rng.random(n) ** 2 * len(words)).astype(np.int64)


def _texts(values: object, places: Ints) -> pa.Array:
    """The values at these places, as strings."""
    return pa.array(values, pa.string()).take(pa.array(places))


def _amounts(values: npt.NDArray[np.float64]) -> pa.Array:
    """Amounts as canonical decimal texts."""
    return pc.cast(pa.array(values), pa.string())


def _json(**columns: pa.Array) -> pa.Array:
    """Canonical property texts with one value a property; the values need no escaping, the names come sorted."""
    parts: list[object] = []
    for n, (name, values) in enumerate(columns.items()):
        parts += [f'{"," if n else "{"}"{name}":["', values, '"]']
    return pc.binary_join_element_wise(*parts, "}", "")


def _ids(prefix: str, n: int, rng: np.random.Generator) -> pa.Array:
    """Distinct ids of a letter and 16 hexadecimal digits, in no order, as hashes of keys are."""
    mixed = np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ rng.integers(0, 2**63, dtype=np.uint64)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    text = np.empty((n, 18), np.uint8)
    text[:, 0], text[:, 1] = ord(prefix), ord("-")
    for place in range(16):
        text[:, 2 + place] = digits[(mixed >> np.uint64(60 - 4 * place)) & np.uint64(15)]
    offsets = np.arange(n + 1, dtype=np.int32) * 18
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(text))
