"""Mail of Enron in the order of time: who could have heard of something first, and by which chain.

The files are read in place, beside the repository, and are no part of it; where they are absent the tests skip.
"""

from __future__ import annotations

import csv
import heapq
import itertools
from collections import defaultdict
from functools import cache
from typing import Any

import pytest

from graph_service.model.time import day_range, day_text
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.catalogue import CATALOGUE
from tests.integration.test_real_data import needed
from tests.unit.network.tables import Ledger, entity, link, said
from tests.unit.queries.asking import ask

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")
Mail = tuple[str, str, int]
"""From, to, day."""


@cache
def mails() -> tuple[Mail, ...]:
    """Who wrote to whom on which day; several a day are one, and those to oneself are left aside."""
    with needed("enron/enron.edges.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["source"], row["target"], day_range(row["Time"][:10])[0]) for row in csv.DictReader(file)}
    return tuple(sorted(row for row in rows if row[0] != row[1]))


@cache
def network() -> View:
    """A link a mail, on its day, along its direction."""
    people = sorted({person for mail in mails() for person in mail[:2]})
    made = [
        link(f"{source}-{target}-{day}", source, target, by=said(valid=(day_text(day), day_text(day))))
        for source, target, day in mails()
    ]
    return View(Ledger().put([entity(person) for person in people], made).network())


def earliest(source: str, begun: int, least: int, hops: int) -> dict[str, int]:
    """The first day on which each could have heard, by at most so many mails: layer by layer over all mails by day."""
    by_day = sorted(mails(), key=lambda mail: mail[2])
    best: dict[str, int] = {}
    before = {source: begun - least}
    for _ in range(hops):
        now = dict(before)
        for writer, reader, day in by_day:
            if writer in before and before[writer] + least <= day < now.get(reader, day + 1):
                now[reader] = day
        before = now
        best = {one: day for one, day in now.items() if one != source}
    return best


@pytest.mark.parametrize("hops", [1, 2, 4])
def test_the_first_to_hear_by_way_of_chains(hops: int) -> None:
    """For three writers the earliest arrival at everybody equals a plain pass over the mails by day."""
    view, begun = network(), day_range("2001-05-01")[0]
    writers = heapq.nlargest(3, {mail[0] for mail in mails()}, key=lambda one: sum(mail[0] == one for mail in mails()))
    heard = 0
    for source in writers:
        wanted = earliest(source, begun, 1, hops)
        for target in sorted({mail[1] for mail in mails()} - {source})[::6]:
            asked: dict[str, Any] = {
                "source": source,
                "target": target,
                "depart_from": "2001-05-01",
                "least_gap": 1,
                "limit": 1,
            }
            found = ask("time-ordered", view, max_hops=hops, hubs="free", **asked).result
            assert (int(found.paths[0].cost) if found.paths else None) == wanted.get(target), (source, target)
            heard += bool(found.paths)
    assert heard > 10


@pytest.mark.parametrize("criterion", ["earliest", "latest", "fastest", "fewest"])
def test_chains_of_mail_hold_by_their_own_words(criterion: str) -> None:
    """Every chain told is of mails that were sent, one after the other within the waits asked for, in order."""
    sent, view = set(mails()), network()
    people = sorted({mail[0] for mail in sent})
    asked: dict[str, Any] = {
        "greatest_gap": 7,
        "least_gap": 1,
        "max_hops": 5,
        "limit": 20,
        "hubs": "free",
        "criterion": criterion,
    }
    told = 0
    for source, target in zip(people[::9], people[5::9], strict=False):
        found = ask("time-ordered", view, source=source, target=target, **asked).result
        assert [path.sort_key for path in found.paths] == sorted(path.sort_key for path in found.paths)
        for path, when in zip(found.paths, found.schedules, strict=True):
            chain = [(*each.split("-")[:2], int(each.split("-", 2)[2])) for each in path.links]
            assert set(chain) <= sent
            assert [mail[0] for mail in chain] + [target] == list(path.entities)
            assert all(1 <= after[2] - before[2] <= 7 for before, after in itertools.pairwise(chain))
            assert (when.departs, when.arrives) == (day_text(chain[0][2]), day_text(chain[-1][2]))
            told += 1
    assert told > 50


def test_mail_that_came_back_within_a_week() -> None:
    """Cycles of three mails: a question that came back by way of two others, counted by trying all threes of a week."""
    sent = [mail for mail in mails() if day_text(mail[2])[:7] == "2001-10"]
    window: dict[str, Any] = {"depart_from": "2001-10", "arrive_by": "2001-10", "within": 7, "least_gap": 1}
    onward: dict[str, list[Mail]] = defaultdict(list)
    for mail in sent:
        onward[mail[0]].append(mail)
    start = max(sorted(onward), key=lambda one: len(onward[one]))
    wanted = [
        (first, second, third)
        for first in onward[start]
        for second in onward[first[1]]
        for third in onward[second[1]]
        if third[1] == start != second[1] and first[2] < second[2] < third[2] <= first[2] + 7
    ]
    asked: dict[str, Any] = {
        "entity": start,
        "timed": True,
        "min_hops": 3,
        "max_hops": 3,
        "limit": 1_000,
        "hubs": "free",
    }
    found = ask("cycles", network(), **asked, **window)
    assert len(found.result.cycles) == min(len(wanted), 1_000)
    assert found.truncated == (len(wanted) > 1_000)
    links = {tuple(f"{one}-{other}-{day}" for one, other, day in way) for way in wanted}
    assert {cycle.links for cycle in found.result.cycles} <= links
    assert wanted
    assert CATALOGUE["cycles"].parameters(**asked, **window).within == 7
