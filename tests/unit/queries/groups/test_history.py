"""``community-history``: groups that last, windows that are partitions, and how sure memberships are."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import networkx as nx
import pytest

from graph_service.errors import InvalidParameter
from graph_service.model.answer import Limits
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.model.scope import Scope
from graph_service.model.time import Interval
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups.history import HistoryResult
from queries.groups.lineage import Happening
from tests.unit.network.tables import Ledger, day, entity, link, said
from tests.unit.queries.asking import ask
from tests.unit.queries.groups.planted import planted

pytestmark = pytest.mark.skipif(not available("numba"), reason="the engine memory needs numba")
ENGINES = ("memory", "networkx")


def clique(members: str, year: int, prefix: str = "") -> list[LinkRecord]:
    """Everybody linked to everybody in a year."""
    return [
        link(f"{prefix}{year}{one}{other}", one, other, "ASSOCIATE_OF", said(valid=(str(year), str(year))))
        for place, one in enumerate(members)
        for other in members[:place]
    ]


def people(names: Iterable[str]) -> list[EntityRecord]:
    return [entity(name) for name in sorted(set(names))]


YEARS = {
    2010: ["abcdef", "mnopq"],
    2011: ["abcdefg", "mnopq"],
    2012: ["abcdefg", "mnopq", "uvwx"],
    2013: ["abcdefgmnopq", "uvwx"],
    2014: ["abcdefg", "mnopq"],
    2015: ["uvwx"],
}
"""A group that grows, takes in another, and gives it back; and one that is born, away for a year, and back."""


def story() -> list[LinkRecord]:
    return [one for year, groups in YEARS.items() for members in groups for one in clique(members, year)]


def view_of(records: list[LinkRecord], scope: Scope | None = None) -> View:
    ends = [end for record in records for end in (record.source, record.target)]
    return View(Ledger().put(people(ends), records).network(), scope or Scope())


def asked(view: View, engine: str = "memory", **parameters: Any) -> HistoryResult:
    result = ask("community-history", view, engine, **parameters).result
    assert isinstance(result, HistoryResult)
    return result


@pytest.mark.parametrize("engine", ENGINES)
def test_a_story_of_six_years_is_told_to_the_member(engine: str) -> None:
    result = asked(view_of(story()), engine)
    happened = [(2010 + e.window, e.group, e.happening, e.other) for e in result.events]
    assert happened == [
        (2011, 1, Happening.GREW, None),
        (2011, 2, Happening.CONTINUED, None),
        (2012, 1, Happening.CONTINUED, None),
        (2012, 2, Happening.CONTINUED, None),
        (2012, 3, Happening.BORN, None),
        (2013, 1, Happening.GREW, None),
        (2013, 3, Happening.CONTINUED, None),
        (2013, 2, Happening.MERGED, 1),
        (2014, 1, Happening.SHRANK, None),
        (2014, 4, Happening.SPLIT, 1),
        (2014, 3, Happening.DIED, None),
        (2015, 3, Happening.REVIVED, None),
        (2015, 1, Happening.DIED, None),
        (2015, 4, Happening.DIED, None),
    ]
    told: dict[int, list[str]] = {}
    for group in result.groups:
        for standing in group.windows:
            told.setdefault(2010 + standing.window, []).append("".join(standing.members))
    assert {year: sorted(groups) for year, groups in told.items()} == YEARS
    kept = [None, (6 + 5) / 11, (7 + 5) / 12, (7 + 4) / 16, 7 / 12, None]
    assert [period.kept for period in result.periods] == [None if one is None else round(one, 9) for one in kept]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(3))
def test_each_window_is_parted_into_groups_that_hang_together(engine: str, seed: int) -> None:
    dice = random.Random(seed)
    names = [f"n{number:02}" for number in range(40)]
    records = []
    for number in range(160):
        one, other = dice.sample(names, 2)
        years = sorted(str(dice.randint(2010, 2014)) for _ in range(2))
        records.append(link(f"l{number}", one, other, by=said(valid=(years[0], years[1]))))
    view = view_of(records)
    asking: dict[str, Any] = {"min_size": 2, "limit": 1_000, "members": 1_000, "runs": 2, "seed": seed}
    result = asked(view, engine, **asking)
    assert result == asked(view, engine, **asking)
    for place, period in enumerate(result.periods):
        shown = View(view.network, Scope(window=Interval(period.start, period.end)))
        graph = nx.Graph((one, other) for one, other in shown.graph.edges() if one != other)
        groups = [s.members for group in result.groups for s in group.windows if s.window == place]
        members = [member for group in groups for member in group]
        assert len(members) == len(set(members))
        assert set(members) <= set(graph)
        assert all(nx.is_connected(graph.subgraph(group)) and list(group) == sorted(group) for group in groups)
        alone = [{node} for node in set(graph) - set(members)]
        assert period.modularity == pytest.approx(
            nx.community.modularity(weighted(shown), [*map(set, groups), *alone]), abs=1e-9
        )
        assert (period.active, period.groups, period.links) == (len(graph), len(groups), len(shown.links))


def weighted(view: View) -> nx.Graph:
    """Pairs by their number of links, without those who have none."""
    graph = nx.Graph()
    for one, other in view.graph.edges():
        graph.add_edge(one, other, weight=graph.get_edge_data(one, other, {"weight": 0})["weight"] + 1)
    return graph


@pytest.mark.parametrize("mixing", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("seed", range(2))
def test_after_a_change_of_one_and_a_half_percent_members_keep_their_group(mixing: float, seed: int) -> None:
    """Links are taken back and others recorded; what was known before and after has the same groups."""
    _, ends = planted(2_000, mixing, seed)
    dice = random.Random(seed)
    names = [f"n{number:04}" for number in range(2_000)]
    gone = set(dice.sample(range(len(ends)), round(0.015 * len(ends))))
    records = [
        link(f"l{k}", names[one], names[other], by=said("wrong" if k in gone else "right"))
        for k, (one, other) in enumerate(ends)
    ]
    ledger = Ledger().put(people(names), records, day(0)).withdraw("wrong", day(1))
    made = {k: dice.sample(names, 2) for k in gone}
    ledger.put([], [link(f"m{k}", one, other) for k, (one, other) in made.items()], day(1))
    result = asked(View(ledger.network()), by="known", runs=0, limit=1_000, members=2_000)
    assert [period.links for period in result.periods] == [len(ends), len(ends)]
    kept = result.periods[1].kept
    assert kept is not None
    assert kept >= 0.95


def test_who_stands_between_two_groups_is_unsure_and_nobody_else() -> None:
    records = clique("abcde", 2010) + clique("mnopq", 2010)
    records += [link(f"z{one}", "z", one, by=said(valid=("2010", "2010"))) for one in "abmn"]
    result = asked(view_of(records), runs=40)
    sure = [standing.certainty for group in result.groups for standing in group.windows]
    assert result.runs == 40
    assert all(one is not None for one in sure)
    unsure = {one.id: one.certainty for certainty in sure if certainty for one in certainty.unsure}
    assert set(unsure) == {"z"}
    assert 0.1 < unsure["z"] < 0.9
    assert sum(one.core for one in sure if one) == 10


@pytest.mark.parametrize("engine", ENGINES)
def test_without_runs_nothing_is_said_of_certainty(engine: str) -> None:
    result = asked(view_of(story()), engine, runs=0)
    assert result.runs == 0
    assert all(standing.certainty is None for group in result.groups for standing in group.windows)


def test_the_order_of_loading_does_not_matter() -> None:
    dice = random.Random(3)
    records, first = story(), None
    for _ in range(4):
        dice.shuffle(records)
        names = [one for record in records for one in (record.source, record.target)]
        ledger = Ledger().put(people(names)[::-1]).put([], records[:40]).put([], records[40:])
        finding = ask("community-history", View(ledger.network()))
        first = first or finding
        assert finding == first


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_hidden_leaves_no_trace(engine: str) -> None:
    alone = ask("community-history", view_of(story()), engine)
    secret = [
        link(f"s{year}{one}", one, "mole", by=said(markings=["m"], valid=(str(year), str(year + 3))))
        for year in (2005, 2013)
        for one in "abuvwx"
    ]
    ledger = Ledger().put(people([*"abcdefgmnopquvwx", "mole"]), [*secret, *story()])
    assert ask("community-history", View(ledger.network(), Scope(markings=frozenset())), engine) == alone


@pytest.mark.parametrize("engine", ENGINES)
def test_a_view_without_dates_or_without_anybody_has_no_windows(engine: str) -> None:
    timeless = asked(view_of([link("l", "a", "b")]), engine)
    assert (timeless.periods, timeless.groups, timeless.events, timeless.undated) == ((), (), (), 1)
    nobody = asked(View(Ledger().network()), engine)
    assert (nobody.periods, nobody.groups, nobody.total, nobody.undated) == ((), (), 0, 0)


def test_what_was_known_once_and_is_no_more_is_told_without_evidence() -> None:
    ledger = Ledger().put(people("abc"), clique("abc", 2010), day(0))
    ghosts = [EntityRecord(name, "Subject", {}, said("bad")) for name in "xyz"]
    told = [link(f"g{one}{other}", one, other, by=said("bad")) for one, other in ("xy", "yz", "xz")]
    ledger.put(ghosts, told, day(2)).withdraw("bad", day(4)).put([], [link("late", "a", "b")], day(6))
    finding = ask("community-history", View(ledger.network()), by="known")
    assert [period.end[:10] for period in finding.result.periods] == ["2024-01-01", "2024-01-07"]
    assert finding.entities == ("a", "b", "c")
    ledger.put(people("d"), [], day(3))
    assert ask("community-history", View(ledger.network(), Scope(known_at=day(3))), by="known").result.total == 2


def test_what_is_left_out_is_said() -> None:
    view = view_of(story())
    assert not ask("community-history", view).truncated
    assert ask("community-history", view, limit=1).truncated
    assert ask("community-history", view, members=3).truncated
    few = ask("community-history", view, limit=1, evidence=2)
    assert [group.id for group in few.result.groups] == [1]
    assert few.result.total == 4
    assert {event.group for event in few.result.events} == {1}
    assert few.entities == ("a", "b")
    assert {ref.id[4:] for ref in few.links} == {"ba"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_budget_that_ends_leaves_whole_windows(engine: str) -> None:
    view = view_of(story())
    whole = asked(view, engine, runs=0)
    cut = ask("community-history", view, engine, Limits(links=70))
    assert cut.truncated
    assert 0 < len(cut.result.periods) < len(whole.periods)
    assert cut.result.periods == whole.periods[: len(cut.result.periods)]
    assert cut.result.runs == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_days_that_give_too_many_windows_are_refused(engine: str) -> None:
    with pytest.raises(InvalidParameter, match="step=2 gives"):
        ask("community-history", view_of(story()), engine, step="2")
