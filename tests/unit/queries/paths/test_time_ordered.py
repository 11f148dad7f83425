"""Ways on which time advances: against ways by definition, the worked example of the domain, and single rules."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pydantic import ValidationError

from graph_service.errors import Cancelled, EntityNotFound
from graph_service.model.answer import Limits
from graph_service.model.graph import Path
from graph_service.model.scope import Events, Scope
from graph_service.model.time import day_text
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.catalogue import CATALOGUE
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import ask, both
from tests.unit.queries.paths.timed_ways import BASE, TimedWorld, moves, timed_ways, timed_world, timing

ROUNDS = 150
"""Worlds a seed; with the seeds below more than a thousand questions on each engine."""
TRAIL = (("S", "a", 1), ("a", "b", 2), ("b", "T", 9), ("S", "c", 3), ("c", "b", 7), ("a", "T", 0))
"""The example of typologies, 3.4: from, to, day."""


def dated(*links: tuple[Any, ...]) -> View:
    """A view of links from, to, first day, perhaps last day; the link of a to b on day 3 is called ab3."""
    made = [
        link(f"{one[0]}{one[1]}{one[2]}", one[0], one[1], by=said(valid=(day_text(one[2]), day_text(one[-1]))))
        for one in links
    ]
    names = sorted({end for one in links for end in one[:2]})
    return View(Ledger().put([entity(name) for name in names], made).network())


def expected(made: TimedWorld, asked: Any) -> list[Path]:
    """Every way in canonical order, told from the source."""
    ends = (asked.target, asked.source) if asked.backwards else (asked.source, asked.target)
    paths = []
    for way in timed_ways(moves(made, directed=asked.directed), *ends, asked):
        departs, arrives = way[0].first, way[-1].last
        costs = {"earliest": arrives, "latest": -departs, "fastest": arrives - departs, "fewest": len(way)}
        entities, links = (way[0].near, *(each.far for each in way)), tuple(each.link for each in way)
        if asked.backwards:
            entities, links = entities[::-1], links[::-1]
        paths.append(Path(entities, links, float(costs[asked.criterion])))
    return sorted(paths, key=lambda path: path.sort_key)


@pytest.mark.parametrize("criterion", ["earliest", "latest", "fastest", "fewest"])
@pytest.mark.parametrize("seed", range(3))
def test_they_are_the_ways_in_time_in_order(criterion: str, seed: int) -> None:
    dice = random.Random(f"{criterion} {seed}")
    found = 0
    for _ in range(ROUNDS):
        made = timed_world(dice)
        source, target = dice.sample(list(made.ids), 2)
        given = {"source": source, "target": target, "criterion": criterion, "hubs": "free", **timing(dice)}
        given |= {"directed": dice.random() < 0.5, "max_hops": dice.randint(1, 6), "limit": dice.choice([1, 2, 5, 100])}
        given["backwards"] = dice.random() < 0.3
        asked = CATALOGUE["time-ordered"].parameters(**given)
        ways, view = expected(made, asked), made.view
        finding = both("time-ordered", view, **given)
        assert finding.result.paths == tuple(ways[: asked.limit]), given
        assert finding.truncated == (len(ways) > asked.limit)
        assert (finding.result.proof is None) == bool(ways)
        found += bool(ways)
    assert found > ROUNDS // 5, "too few worlds had a way for this to say anything"


def test_the_trail_of_the_domain() -> None:
    """Arrival at T is on day 9, never by the a-T of day 0; with waits of 4 days at most only S-c-b-T is left."""
    view = dated(*TRAIL)
    free = both("time-ordered", view, source="S", target="T").result
    assert [path.cost for path in free.paths] == [9.0, 9.0]
    assert [path.entities for path in free.paths] == [("S", "a", "b", "T"), ("S", "c", "b", "T")]
    soon = both("time-ordered", view, source="S", target="T", greatest_gap=4).result
    assert [path.links for path in soon.paths] == [("Sc3", "cb7", "bT9")]
    static = both("shortest-paths", view, source="S", target="T", directed=True).result
    assert [path.entities for path in static.paths] == [("S", "a", "T")]


@pytest.mark.parametrize(("target", "day"), [("a", 1), ("b", 2), ("c", 3), ("T", 9)])
def test_the_earliest_arrivals_of_the_domain(target: str, day: int) -> None:
    [path] = both("time-ordered", dated(*TRAIL), source="S", target=target, limit=1).result.paths
    assert path.cost == day


def test_each_criterion_has_its_own_best() -> None:
    view = dated(("s", "a", 1), ("a", "t", 4), ("s", "b", 3), ("b", "t", 5), ("s", "t", 2, 9))
    best = {
        name: both("time-ordered", view, source="s", target="t", criterion=name, limit=1).result.paths[0].entities
        for name in ("earliest", "latest", "fastest", "fewest")
    }
    assert best == {
        "earliest": ("s", "a", "t"),
        "latest": ("s", "b", "t"),
        "fastest": ("s", "b", "t"),
        "fewest": ("s", "t"),
    }


def test_a_schedule_tells_days_and_the_longest_wait() -> None:
    view = dated(("s", "a", 0, 2), ("a", "b", 5), ("b", "t", 6, 9))
    [when] = both("time-ordered", view, source="s", target="t").result.schedules
    assert (when.departs, when.arrives, when.days, when.longest_wait) == ("1970-01-01", "1970-01-10", 9, 3)
    backwards = both("time-ordered", view, source="t", target="s", backwards=True).result
    assert backwards.schedules == (when,)
    assert backwards.paths[0].entities == ("t", "b", "a", "s")


def test_a_link_that_lasts_is_through_on_its_last_day() -> None:
    view = dated(("s", "a", 0, 5), ("a", "t", 4), ("a", "t", 5))
    paths = both("time-ordered", view, source="s", target="t").result.paths
    assert [path.links for path in paths] == [("sa0", "at5")]
    assert both("time-ordered", view, source="s", target="t", least_gap=1).result.paths == ()


def transfer(dates: tuple[str | None, str | None], *roles: tuple[str | None, str | None]) -> Ledger:
    """A transfer from s to t with its days and those of its two links, and a link from t to u on 2020-03-05."""
    first, second = roles
    entities = [*map(entity, "stu"), entity("m", "MoneyTransfer", {"amount": ("5",)}, said(valid=dates))]
    return Ledger().put(
        entities,
        [
            link("o", "s", "m", "ORIGINATOR", said(valid=first)),
            link("b", "m", "t", "BENEFICIARY", said(valid=second)),
            link("r", "t", "u", by=said(valid=("2020-03-05", "2020-03-05"))),
        ],
    )


OPEN = (None, None)
EARLY, LATE = ("2020-03-01", "2020-03-01"), ("2020-03-04", "2020-03-04")


@pytest.mark.parametrize(
    ("event", "roles", "departs"),
    [
        (EARLY, (OPEN, OPEN), "2020-03-01"),
        (EARLY, (LATE, LATE), "2020-03-01"),
        (("2020-03-01", None), (OPEN, OPEN), "2020-03-01"),
        (OPEN, (LATE, EARLY), "2020-03-01"),
        (OPEN, (OPEN, LATE), "2020-03-04"),
    ],
    ids=["the event's own", "before those of its links", "one end known", "else of both links", "or of one"],
)
def test_going_through_an_event_is_one_moment(event: Any, roles: Any, departs: str) -> None:
    """Whatever gap is asked for, there is none within the event."""
    view = View(transfer(event, *roles).network())
    found = both("time-ordered", view, source="s", target="u", least_gap=1).result
    assert [path.links for path in found.paths] == [("o", "b", "r")]
    assert found.schedules[0].departs == departs


def test_a_collapsed_event_has_its_days() -> None:
    view = View(transfer(EARLY, OPEN, OPEN).network(), Scope(events=Events.COLLAPSED))
    found = both("time-ordered", view, source="s", target="u").result
    assert [path.links for path in found.paths] == [("m[s>t]", "r")]
    assert found.schedules[0].departs == "2020-03-01"


def test_links_without_a_date_take_no_part_and_are_counted() -> None:
    view = View(transfer(OPEN, OPEN, OPEN).network())
    found = both("time-ordered", view, source="s", target="u").result
    assert (found.paths, found.undated) == ((), 2)
    assert found.proof.reason == "exhausted"


@pytest.mark.parametrize(
    ("asked", "proof"),
    [
        ({}, ("bound", 3)),
        ({"max_hops": 3, "greatest_gap": 0}, ("exhausted", None)),
        ({"max_hops": 3, "within": 1}, ("conditions", None)),
        ({"max_hops": 3, "via": "x"}, ("conditions", None)),
        ({"max_hops": 3, "depart_from": "1970-01-03"}, ("exhausted", None)),
    ],
)
def test_why_there_is_none(asked: dict[str, Any], proof: tuple[str, int | None]) -> None:
    view = dated(("s", "a", 1), ("a", "b", 2), ("b", "t", 3), ("x", "y", 1))
    told = both("time-ordered", view, source="s", target="t", **{"max_hops": 2, **asked}).result.proof
    assert (told.reason, told.shortest) == proof
    assert told.unmet == (("via x",) if "via" in asked else ())


def test_walks_that_only_meet_an_entity_twice_are_no_ways() -> None:
    """With waits of one day the walk s-a-b-c-a-t keeps to them, but no simple way does."""
    view = dated(("s", "a", 0), ("a", "b", 1), ("b", "c", 2), ("c", "a", 3), ("a", "t", 4))
    told = both("time-ordered", view, source="s", target="t", greatest_gap=1).result
    assert (told.paths, told.proof.reason, told.proof.shortest) == ((), "bound", None)


def test_hubs_are_held_back_and_listed() -> None:
    view = dated(
        ("s", "h", 1), ("h", "t", 2), ("s", "a", 1), ("a", "b", 2), ("b", "t", 3), ("h", "x", 1), ("h", "y", 1)
    )
    tame = both("time-ordered", view, source="s", target="t", hub_degree=4).result
    assert [path.entities for path in tame.paths] == [("s", "a", "b", "t")]
    assert (tame.tamed.hubs, tame.tamed.passed) == (("h",), False)
    free = both("time-ordered", view, source="s", target="t", hub_degree=4, hubs="free").result
    assert free.paths[0].entities == ("s", "h", "t")
    only = both("time-ordered", view, source="s", target="t", hub_degree=4, avoid="a").result
    assert only.tamed.passed
    assert [path.entities for path in only.paths] == [("s", "h", "t")]


def test_the_conditions_of_every_path_question_hold() -> None:
    view = dated(("s", "a", 1), ("a", "t", 2), ("s", "b", 1), ("b", "t", 3))
    assert len(both("time-ordered", view, source="s", target="t").result.paths) == 2
    for asked in ({"avoid": "a"}, {"via": "b"}, {"via_any": "b"}):
        [path] = both("time-ordered", view, source="s", target="t", **asked).result.paths
        assert path.entities == ("s", "b", "t"), asked


def test_from_several_to_several_and_from_one_to_itself() -> None:
    view = dated(("s", "r", 1), ("r", "t", 2), ("r", "u", 1))
    found = both("time-ordered", view, sources="s,r", targets="t,u").result
    assert [path.entities for path in found.paths] == [("r", "u"), ("r", "t")]
    same = both("time-ordered", view, source="s", target="s").result
    assert ([path.entities for path in same.paths], same.schedules) == ([("s",)], ())


@pytest.mark.parametrize(
    "asked",
    [
        {"least_gap": 3, "greatest_gap": 2},
        {"depart_from": "2020", "arrive_by": "2019"},
        {"depart_from": "yesterday"},
        {"arrive_by": "2020-13"},
        {"backwards": True, "via": ["a", "b"], "in_order": True},
        {"backwards": True, "leaves": ["RU"]},
        {"max_hops": 33},
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CATALOGUE["time-ordered"].parameters(source="s", target="t", **asked)


def test_an_unknown_end_is_not_found() -> None:
    for engine in ("memory", "networkx"):
        with pytest.raises(EntityNotFound):
            ask("time-ordered", dated(("s", "t", 1)), engine, source="s", target="nobody")


def complete(size: int, days: int) -> View:
    """Everybody linked with everybody each way, every day."""
    names = [f"n{number:02}" for number in range(size)]
    pairs = [(one, other) for one in names for other in names if one != other]
    return dated(*((one, other, day) for one, other in pairs for day in range(days)))


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_a_budget_that_ends_is_told(engine: str) -> None:
    """Ways past three named entities are few among very many."""
    view = complete(10, 3)
    asked = {"source": "n00", "target": "n01", "via": "n03,n04,n05", "limit": 1_000}
    finding = ask("time-ordered", view, engine, Limits(links=4_000), **asked)
    assert finding.truncated
    assert len(finding.result.paths) < 1_000


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_it_can_be_called_off(engine: str) -> None:
    asked = CATALOGUE["time-ordered"]
    with Budget() as budget:
        budget.call_off()
        with pytest.raises(Cancelled):
            getattr(asked, engine)(complete(4, 1), asked.parameters(source="n00", target="n01"), budget)


def test_days_before_1970_and_relabelled_ids_change_nothing() -> None:
    """The same trail a century earlier, and under other names in another order."""
    for shift, names in ((-40_000, "SabcT"), (0, "zyxwv")):
        other = dict(zip("SabcT", names, strict=True))
        view = dated(*((other[one], other[two], day + shift) for one, two, day in TRAIL))
        found = both("time-ordered", view, source=other["S"], target=other["T"], greatest_gap=4).result
        assert [path.entities for path in found.paths] == [tuple(other[one] for one in "ScbT")]
        assert found.paths[0].cost == 9 + shift


def test_a_later_departure_never_arrives_earlier() -> None:
    """A law on random worlds: narrowing the window from the left never improves the earliest arrival."""
    dice = random.Random(7)
    compared = 0
    for _ in range(100):
        made = timed_world(dice)
        source, target = dice.sample(list(made.ids), 2)
        arrivals = []
        for day in (0, 3, 6):
            asked = {"source": source, "target": target, "limit": 1, "depart_from": day_text(BASE + day)}
            paths = both("time-ordered", made.view, **asked).result.paths
            arrivals.append(paths[0].cost if paths else float("inf"))
        assert arrivals == sorted(arrivals)
        compared += arrivals[0] < float("inf")
    assert compared > 20
