"""Measures of crossing borders: against the definitions tie by tie, and the worked example of the domain notes."""

from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np
import pytest

from queries.groups.borders import Borders, external_internal
from tests.unit.network.tables import plain_view

# Typologies 3.8: the graph K of eleven nodes, and the countries of 3.6.
TIES = [(a, b) for clique in ((1, 2, 3, 4), (5, 6, 7, 8)) for a in clique for b in clique if a < b]
TIES += [(1, 9), (9, 5), (4, 10), (4, 11)]
COUNTRY = {1: "US", 2: "US", 3: "US", 4: "US", 10: "US", 11: "MX", 9: "PA", 5: "CO", 6: "CO", 7: "CO", 8: "ES"}
CODES = sorted(set(COUNTRY.values()))


def example(members: set[int]) -> Borders:
    group = np.array([0 if number in members else -1 for number in range(12)], dtype=np.int32)
    home = np.array([CODES.index(COUNTRY[n]) if n in COUNTRY else -1 for n in range(12)], dtype=np.int32)
    return Borders.of(plain_view(12, TIES), group, 1, home)


def test_the_worked_example_of_one_group() -> None:
    borders = example({1, 9, 5, 8})
    assert (borders.crossing.tolist(), borders.within.tolist(), borders.unknown.tolist()) == ([3], [0], [0])
    assert borders.share.tolist() == [1.0]
    assert borders.effective_countries.tolist() == pytest.approx([4.0])
    assert borders.score.tolist() == pytest.approx([3.0])


def test_the_worked_example_of_the_whole_graph() -> None:
    borders = example(set(COUNTRY))
    assert external_internal(int(borders.crossing[0]), int(borders.within[0])) == -0.25


def test_the_index_runs_from_inward_to_outward() -> None:
    assert [external_internal(*each) for each in ((0, 4), (4, 0), (2, 2), (0, 0))] == [-1.0, 1.0, 0.0, None]


@pytest.mark.parametrize("seed", range(40))
def test_every_measure_is_what_counting_tie_by_tie_gives(seed: int) -> None:
    dice = random.Random(seed)
    ends = [(dice.randrange(20), dice.randrange(20)) for _ in range(dice.choice([0, 15, 60]))]
    group = [dice.randrange(-1, 3) for _ in range(20)]
    home = [dice.randrange(-1, 4) for _ in range(20)]
    borders = Borders.of(plain_view(20, ends), np.array(group, np.int32), 3, np.array(home, np.int32))
    ties = {(min(pair), max(pair)) for pair in ends if pair[0] != pair[1] and group[pair[0]] == group[pair[1]]}
    for number in range(3):
        own = [pair for pair in ties if group[pair[0]] == number]
        known = [(home[a], home[b]) for a, b in own if home[a] >= 0 and home[b] >= 0]
        crossing = sum(a != b for a, b in known)
        assert borders.unknown[number] == len(own) - len(known)
        assert (borders.crossing[number], borders.within[number]) == (crossing, len(known) - crossing)
        assert borders.share[number] == pytest.approx(crossing / len(known) if known else 0)
        members = Counter(home[n] for n in range(20) if group[n] == number and home[n] >= 0)
        chances = [many / members.total() for many in members.values()]
        mixed = 2 ** -sum(chance * math.log2(chance) for chance in chances) if chances else 0
        assert borders.effective_countries[number] == pytest.approx(mixed)
        assert borders.score[number] == pytest.approx(float(borders.share[number]) * max(mixed - 1, 0), abs=1e-8)
        cells = borders.cells(number)
        found = zip(
            borders.country[cells].tolist(),
            borders.members[cells].tolist(),
            borders.external[cells].tolist(),
            borders.internal[cells].tolist(),
            strict=True,
        )
        assert list(found) == [
            (code, members[code], sum(a != b and code in (a, b) for a, b in known), known.count((code, code)))
            for code in sorted(members)
        ]
