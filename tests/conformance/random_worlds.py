"""Random small worlds and random questions about them, for differential, twin-world and metamorphic tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hypothesis import strategies as st

MARKINGS = ("TLP:AMBER", "case:ALPHA", "org:BOGOTA")
_YEARS = st.sampled_from([None, "2010", "2012-05", "2014-02-28", "2016"])
_GRADES = st.sampled_from(["A1", "B2", "C3", "D4", "E5", "F6"])
_KINDS = ("Subject", "Organization", "Company", "MoneyTransfer")
_NAMES = ("Anna Berg", "Ana Berg", "Boris Lindt", "Boris Lind", "Carla Moe", "Blue Heron Ltd", "Blue Herron")


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    """Provenance: grade, markings, and a validity whose start is not after its end."""
    start, end = draw(_YEARS), draw(_YEARS)
    if start and end and start[:4] > end[:4]:
        start, end = end, start
    markings = draw(st.lists(st.sampled_from(MARKINGS), max_size=2, unique=True))
    if start and end and start[:4] == end[:4]:
        end = start
    return {"grade": draw(_GRADES), "markings": markings, "from": start, "to": end}


@st.composite
def steps(draw: st.DrawFn, most: int = 9) -> list[dict[str, Any]]:
    """One or two loads and perhaps a withdrawal.

    Every end of a link has an open record, so that the loads are valid alone.
    """
    count = draw(st.integers(2, most))
    kinds = [draw(st.sampled_from(_KINDS)) for _ in range(count)]
    ids = [f"e{number}" for number in range(count)]
    entities = [[i, kinds[n], {"name": [draw(st.sampled_from(_NAMES))]}, draw(said())] for n, i in enumerate(ids)]
    links = [_link(draw, number, ids, kinds) for number in range(draw(st.integers(0, 2 * count)))]
    first = {"source": "one", "recorded_at": "2024-01-01T00:00:00Z", "entities": entities, "links": links}
    again = [[i, kinds[n], {}, draw(said())] for n, i in enumerate(ids) if draw(st.booleans())]
    more = [[*link[:4], {}, draw(said())] for link in links if draw(st.integers(0, 3)) == 0]
    second = {"source": "two", "recorded_at": "2024-02-01T00:00:00Z", "entities": again, "links": more}
    made: list[dict[str, Any]] = [first, second]
    if draw(st.integers(0, 3)) == 0:
        made.append({"withdraw": draw(st.sampled_from(["one", "two"])), "at": "2024-03-01T00:00:00Z"})
    return made


def _link(draw: st.DrawFn, number: int, ids: list[str], kinds: list[str]) -> list[Any]:
    source = draw(st.integers(0, len(ids) - 1))
    target = draw(st.integers(0, len(ids) - 1))
    if kinds[target] == "MoneyTransfer":
        kind = "ORIGINATOR" if kinds[source] != "MoneyTransfer" else "LINKED_TO"
    elif kinds[source] == "MoneyTransfer":
        kind = "BENEFICIARY"
    else:
        kind = draw(st.sampled_from(["ASSOCIATE_OF", "REPRESENTS"]))
    return [f"l{number}", kind, ids[source], ids[target], {}, draw(said())]


@st.composite
def scopes(draw: st.DrawFn, *, collapsing: bool = True) -> dict[str, Any]:
    """A scope by the names of its options."""
    start, end = draw(_YEARS), draw(_YEARS)
    if start and end and start[:4] > end[:4]:
        start, end = end, start
    events = draw(st.sampled_from(["kept", "collapsed"])) if collapsing else "kept"
    return {
        "as": draw(st.none() | st.lists(st.sampled_from(MARKINGS), unique=True)),
        "from": start,
        "to": None if start and end and start[:4] == end[:4] else end,
        "known": draw(st.sampled_from([None, None, "2024-01-15", "2024-02-15"])),
        "kinds": draw(
            st.sampled_from([None, None, ["Subject", "Organization"], ["ASSOCIATE_OF"], ["Company", "Subject"]])
        ),
        "min_grade": draw(st.sampled_from([None, None, "C3", "D4"])),
        "events": events,
    }


ENTITY = st.integers(0, 9).map(lambda number: f"e{number}")
"""An entity id, which may be unknown."""
PARAMETERS: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "shortest-paths": st.fixed_dictionaries(
        {
            "source": ENTITY,
            "target": ENTITY,
            "directed": st.booleans(),
            "max_hops": st.integers(1, 5),
            "limit": st.integers(1, 6),
        }
    ),
    "expand": st.fixed_dictionaries(
        {"entity": ENTITY, "hops": st.integers(1, 3), "per_kind": st.integers(1, 4), "limit": st.integers(1, 8)}
    ),
    "entity": st.fixed_dictionaries({"entity": ENTITY}),
    "degree": st.fixed_dictionaries({"limit": st.integers(1, 5), "kind": st.sampled_from([None, "Organization"])}),
    "components": st.fixed_dictionaries({"min_size": st.integers(1, 3), "limit": st.integers(1, 4)}),
    "find": st.fixed_dictionaries(
        {
            "text": st.sampled_from(["anna", "berg", "boris lind", "blue heron", "heron ltd", "bor", "x"]),
            "kind": st.sampled_from([None, "Subject"]),
            "limit": st.integers(1, 5),
        }
    ),
}
"""Random parameters of every question that has a single right answer."""


@st.composite
def questions(draw: st.DrawFn, among: Collection[str] = PARAMETERS.keys()) -> tuple[str, dict[str, Any]]:
    """A question with a single right answer, and its parameters."""
    name = draw(st.sampled_from(sorted(among)))
    return name, draw(PARAMETERS[name])
