"""The history of groups on real networks: CAVIAR through its eleven phases, and banks after a small change.

The files are read in place, beside the repository, and are no part of it; where they are absent the tests skip.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.groups.history import HistoryResult
from queries.groups.lineage import Happening
from tests.integration.test_real_data import needed, rows
from tests.unit.network.tables import Ledger, day, entity, link, said
from tests.unit.queries.asking import ask

pytestmark = pytest.mark.skipif(not available("numba"), reason="the engine memory needs numba")
PHASES = range(1, 12)


def ends(path: Path) -> list[tuple[str, str]]:
    """The links of a phase, self-loops left out."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["source"], row["target"]) for row in csv.DictReader(file) if row["source"] != row["target"]]


@pytest.fixture(scope="module")
def caviar() -> tuple[View, dict[int, list[tuple[str, str]]]]:
    """The calls of the CAVIAR network (Morselli 2009, Inside Criminal Networks): phase n told as the year 1900 + n."""
    phases = {phase: ends(needed(f"covert/caviar{phase}.edges.csv")) for phase in PHASES}
    records = [
        link(f"{phase}:{one}>{other}", one, other, by=said(valid=(str(1900 + phase), str(1900 + phase))))
        for phase, pairs in phases.items()
        for one, other in pairs
    ]
    people = sorted({end for pairs in phases.values() for pair in pairs for end in pair})
    return View(Ledger().put([entity(name) for name in people], records).network()), phases


def history(view: View, engine: str = "memory", **parameters: Any) -> HistoryResult:
    result = ask("community-history", view, engine, limit=1_000, members=5_000, **parameters).result
    assert isinstance(result, HistoryResult)
    return result


def where(result: HistoryResult, person: str) -> dict[int, int]:
    """The group of a person by phase."""
    return {s.window + 1: group.id for group in result.groups for s in group.windows if person in s.members}


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_each_phase_is_a_window_with_its_people(
    caviar: tuple[View, dict[int, list[tuple[str, str]]]], engine: str
) -> None:
    view, phases = caviar
    result = history(view, engine, runs=2)
    assert [period.links for period in result.periods] == [len(set(phases[phase])) for phase in PHASES]
    assert [period.active for period in result.periods] == [
        len({end for pair in phases[phase] for end in pair}) for phase in PHASES
    ]
    for phase in PHASES:
        members = [m for group in result.groups for s in group.windows if s.window + 1 == phase for m in s.members]
        assert len(members) == len(set(members))
        assert set(members) <= {end for pair in phases[phase] for end in pair}


def steadiness(view: View, person: str, phases: range, **parameters: Any) -> list[float]:
    """For each of ten seeds the share of a person's phases that were spent in one and the same group."""
    shares = []
    for seed in range(1, 11):
        found = where(history(view, runs=0, seed=seed, **parameters), person)
        groups = Counter(group for phase, group in found.items() if phase in phases)
        shares.append(max(groups.values()) / groups.total())
    return shares


def test_the_hashish_group_lasts_and_the_cocaine_group_comes_up_after_the_first_seizures(
    caviar: tuple[View, dict[int, list[tuple[str, str]]]],
) -> None:
    """Person 1 led the hashish importation through the whole investigation; person 12 and, at first, person 3 built up
    the cocaine importation once seizures had begun in phase 4. Inertia is what makes the first of these visible."""
    view, _ = caviar
    assert steadiness(view, "12", range(4, 12)) == [1.0] * 10
    leader = steadiness(view, "1", PHASES)
    assert sum(leader) / 10 >= 0.9
    assert sum(leader) > sum(steadiness(view, "1", PHASES, inertia=0.0))
    result = history(view, runs=0)
    cocaine = where(result, "12")[4]
    begun = next(event for event in result.events if event.group == cocaine)
    assert (begun.window + 1, begun.happening) == (4, Happening.BORN)
    assert where(result, "3")[4] == cocaine != where(result, "1")[4]


def test_banks_keep_their_group_when_one_and_a_half_percent_of_the_reports_change() -> None:
    """Links between banks of the FinCEN Files: some taken back, as many others recorded at random."""
    raw = rows(needed("fincen/download_bank_connections.csv"))
    pairs = [(row["filer_org_name_id"], row["entity_b_id"]) for row in raw]
    banks = sorted({bank for pair in pairs for bank in pair})
    for seed in range(3):
        dice = random.Random(seed)
        gone = set(dice.sample(range(len(pairs)), round(0.015 * len(pairs))))
        old = [
            link(f"l{k}", one, other, by=said("wrong" if k in gone else "right"))
            for k, (one, other) in enumerate(pairs)
        ]
        ledger = Ledger().put([entity(bank, "Bank") for bank in banks], old, day(0)).withdraw("wrong", day(1))
        new = [link(f"m{k}", dice.choice(banks), dice.choice(banks)) for k in sorted(gone)]
        result = history(View(ledger.put([], new, day(1)).network()), by="known", runs=0, seed=seed)
        kept = result.periods[1].kept
        assert kept is not None
        assert kept >= 0.95
