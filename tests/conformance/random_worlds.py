"""Random small worlds and random questions about them, for differential, twin-world and metamorphic tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hypothesis import strategies as st

from queries.players.scores import KeyMeasure

MARKINGS = ("TLP:AMBER", "case:ALPHA", "org:BOGOTA")
_YEARS = st.sampled_from([None, "2010", "2012-05", "2014-02-28", "2016"])
_GRADES = st.sampled_from(["A1", "B2", "C3", "D4", "E5", "F6", "5x5x5:D3", "3x5x2:1B"])
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
        "min_grade": draw(st.sampled_from([None, None, "C3", "D4", "5x5x5:C2"])),
        "events": events,
    }


ENTITY = st.integers(0, 9).map(lambda number: f"e{number}")
"""An entity id, which may be unknown."""
SIDES = [
    st.lists(st.sampled_from(ids), min_size=1, max_size=3).map(",".join)
    for ids in (["e0", "e1", "e2", "e3"], ["e3", "e4", "e5", "e6"])
]
"""Two lists of ids, which may have one in common."""
FROM_TO = {
    "source": ENTITY,
    "target": ENTITY,
    "directed": st.booleans(),
    "max_hops": st.integers(1, 5),
    "limit": st.integers(1, 6),
    "hub_degree": st.sampled_from([3, 500]),
}
"""What a way is asked for by, at the least; three links make a hub in a world of nine."""
TERMS: dict[str, st.SearchStrategy[Any]] = {
    "avoid": st.lists(ENTITY, max_size=2),
    "via": st.lists(ENTITY, max_size=2, unique=True),
    "via_any": st.lists(ENTITY, max_size=2),
    "avoid_kind": st.lists(st.sampled_from(["Organization", "REPRESENTS", "MoneyTransfer"]), max_size=1),
    "hubs": st.sampled_from(["tame", "ends", "free"]),
    "targets": st.lists(ENTITY, max_size=2),
    "source_kind": st.sampled_from(["Subject", "Company"]),
}
"""Conditions on a way, of which each may be asked for."""
AROUND = {"directed": st.booleans(), "limit": st.integers(1, 6), "hub_degree": st.sampled_from([3, 500])}
"""What is asked around entities by, at the least."""
GROUND = {name: TERMS[name] for name in ("avoid", "avoid_kind", "hubs")}
"""Conditions on what may be passed."""
TIMING = {
    "depart_from": st.sampled_from(["2010", "2012-05"]),
    "arrive_by": st.sampled_from(["2014", "2016"]),
    "least_gap": st.sampled_from([0, 1, 300]),
    "greatest_gap": st.sampled_from([300, 1_000]),
    "within": st.sampled_from([200, 1_500]),
}
"""Conditions on the days of a way, of which each may be asked for."""
PARAMETERS: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "reach": st.fixed_dictionaries(
        {**AROUND, "source": ENTITY, "max_hops": st.integers(1, 5)}, optional={**GROUND, "sources": st.lists(ENTITY)}
    ),
    "reach on evidence": st.fixed_dictionaries(
        {**AROUND, "source": ENTITY, "max_hops": st.integers(1, 5), "cost": st.just("evidence")},
        optional={**GROUND, "max_cost": st.sampled_from([0.5, 1.0, 2.0])},
    ),
    "reach on time": st.fixed_dictionaries(
        {**AROUND, "source": ENTITY, "max_hops": st.integers(1, 5), "cost": st.just("time")},
        optional={**GROUND, "depart_from": st.sampled_from(["2010", "2012-06"]), "backwards": st.booleans()},
    ),
    "common": st.fixed_dictionaries(
        {**AROUND, "entities": st.lists(ENTITY, min_size=2, max_size=4, unique=True), "max_hops": st.integers(1, 3)},
        optional={**GROUND, "least": st.integers(2, 4)},
    ),
    "connecting-network": st.fixed_dictionaries(
        {
            "entities": st.lists(ENTITY, min_size=2, max_size=5, unique=True),
            "max_hops": st.integers(1, 6),
            "limit": st.integers(1, 6),
            "hub_degree": st.sampled_from([3, 500]),
            "cost": st.sampled_from(["links", "evidence"]),
        },
        optional=GROUND,
    ),
    "k-paths": st.fixed_dictionaries({**FROM_TO, "cost": st.sampled_from(["links", "evidence"])}, optional=TERMS),
    "best-evidence": st.fixed_dictionaries(
        {**FROM_TO, "half_life": st.sampled_from([None, 100.0]), "hub_weight": st.sampled_from([0.0, 0.5])},
        optional=TERMS,
    ),
    "independent-routes": st.fixed_dictionaries(
        {**FROM_TO, "share_no": st.sampled_from(["source", "entity", "link"])},
        optional={name: TERMS[name] for name in ("avoid", "avoid_kind", "hubs", "targets")},
    ),
    "explain-path": st.fixed_dictionaries(
        {"source": ENTITY, "links": st.lists(st.sampled_from(["l0", "l1", "l2", "l3"]), min_size=1, max_size=3)}
    ),
    "all-paths": st.fixed_dictionaries(FROM_TO, optional=TERMS),
    "shortest-paths": st.fixed_dictionaries(FROM_TO, optional={"hubs": TERMS["hubs"]}),
    "shortest-paths on terms": st.fixed_dictionaries(FROM_TO, optional=TERMS),
    "time-ordered": st.fixed_dictionaries(
        {
            **FROM_TO,
            "criterion": st.sampled_from(["earliest", "latest", "fastest", "fewest"]),
            "backwards": st.booleans(),
        },
        optional=TERMS | TIMING,
    ),
    "cycles": st.fixed_dictionaries(
        {name: FROM_TO[name] for name in ("directed", "limit", "hub_degree")}
        | {"entity": ENTITY, "max_hops": st.integers(2, 6)},
        optional={"hubs": TERMS["hubs"], "avoid": TERMS["avoid"], "via": TERMS["via"]},
    ),
    "cycles on days": st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["Subject", "Organization"]),
            "timed": st.just(value=True),
            "starts": st.integers(1, 4),
        },
        optional=TIMING | {"directed": st.booleans(), "limit": st.integers(1, 6)},
    ),
    "expand": st.fixed_dictionaries(
        {"entity": ENTITY, "hops": st.integers(1, 3), "per_kind": st.integers(1, 4), "limit": st.integers(1, 8)}
    ),
    "entity": st.fixed_dictionaries({"entity": ENTITY}),
    "degree": st.fixed_dictionaries({"limit": st.integers(1, 5), "kind": st.sampled_from([None, "Organization"])}),
    "bridges-between": st.fixed_dictionaries(
        {"left": SIDES[0], "right": SIDES[1], "whole": st.just(value=False), "limit": st.integers(1, 4)}
    ),
    "similar": st.fixed_dictionaries(
        {
            "entity": st.sampled_from(["e0", "e1", "e2", "e9"]),
            "kind": st.sampled_from([None, "Organization", "Party"]),
            "relation": st.sampled_from(["any", "any", "successor", "overlapping"]),
            "gap": st.sampled_from([0, 180, 800]),
            "hub": st.integers(1, 6),
            "candidates": st.integers(1, 6),
            "limit": st.integers(1, 4),
            "explain": st.integers(1, 3),
        }
    ),
    "disruption": st.fixed_dictionaries(
        {"count": st.integers(1, 4), "kind": st.sampled_from(["Party", "Thing", "Organization"]), "runs": st.just(3)},
        optional={
            "strategies": st.sampled_from(["betweenness", "money,fragmentation", "degree,random", "luck"]),
            "given": st.sampled_from(["e0", "e1,e0", "e9"]),
            "in_turn": st.booleans(),
            "delay": st.integers(0, 2),
        },
    ),
    "rank-uncertainty": st.fixed_dictionaries(
        {
            "measure": st.sampled_from(["degree", "betweenness", "harmonic", "pagerank"]),
            "model": st.sampled_from(["triads", "degree"]),
            "missing": st.sampled_from([0.0, 0.3]),
            "draws": st.just(20),
            "kind": st.sampled_from(["Party", "Thing"]),
            "limit": st.integers(1, 4),
        }
    ),
    "components": st.fixed_dictionaries(
        {"min_size": st.integers(1, 3), "limit": st.integers(1, 4), "strong": st.booleans()}
    ),
    "cores": st.fixed_dictionaries(
        {"k": st.sampled_from([None, 1, 2, 3]), "truss": st.booleans(), "min_size": st.integers(1, 3)}
    ),
    "cliques": st.fixed_dictionaries({"min_size": st.integers(2, 4), "limit": st.integers(1, 4)}),
    "key-players": st.fixed_dictionaries(
        {
            "measure": st.sampled_from([str(measure) for measure in KeyMeasure]),
            "kind": st.sampled_from(["Party", "Thing", "Organization"]),
            "limit": st.integers(1, 5),
            "size": st.integers(1, 3),
            "directed": st.booleans(),
        }
    ),
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
    return name.partition(" on ")[0], draw(PARAMETERS[name])
