"""Which group is which: every happening on hand-made windows, and laws on random ones."""

from __future__ import annotations

import random
from collections.abc import Iterable

import numpy as np
import pytest

from queries.groups.lineage import Event, Happening, Lineage, Step

PEOPLE = "abcdefghijklmnopqrstuvwxyz"


def follow(lineage: Lineage, groups: str, others: str = "") -> Step:
    """The next window: its groups written ``abc de``, in order of their first member; ``others`` are seen in none."""
    parts = groups.split()
    placed = sorted((PEOPLE.index(one), label) for label, part in enumerate(parts) for one in part)
    members = np.array([number for number, _ in placed], dtype=np.int32)
    label = np.array([group for _, group in placed], dtype=np.int32)
    active = np.array(sorted(PEOPLE.index(one) for one in groups.replace(" ", "") + others), dtype=np.int32)
    return lineage.follow(members, label, active)


def told(
    windows: Iterable[str], match: float = 0.3
) -> tuple[list[tuple[int, ...]], list[tuple[Happening, int, object]]]:
    """The ids of each window's groups, and what happened in the last one."""
    lineage = Lineage.of(len(PEOPLE), match)
    steps = [follow(lineage, groups) for groups in windows]
    return [step.ids for step in steps], [(one.happening, one.group, one.other) for one in steps[-1].events]


@pytest.mark.parametrize(
    ("windows", "ids", "happened"),
    [
        (["abcde"], [(1,)], []),
        (["abc defgh"], [(2, 1)], []),
        (["abcde", "abcde"], [(1,), (1,)], [(Happening.CONTINUED, 1, None)]),
        (["abcde", "abcdefg"], [(1,), (1,)], [(Happening.GREW, 1, None)]),
        (["abcde", "abc"], [(1,), (1,)], [(Happening.SHRANK, 1, None)]),
        (["abc", "abcdefghijkl"], [(1,), (1,)], [(Happening.GREW, 1, None)]),
        (["abc", "abc xyz"], [(1,), (1, 2)], [(Happening.CONTINUED, 1, None), (Happening.BORN, 2, None)]),
        (["abc xyz", "xyz"], [(1, 2), (2,)], [(Happening.CONTINUED, 2, None), (Happening.DIED, 1, None)]),
        (["abcde xyz", "abcdexyz"], [(1, 2), (1,)], [(Happening.GREW, 1, None), (Happening.MERGED, 2, 1)]),
        (["abcdefgh", "abcde fgh"], [(1,), (1, 2)], [(Happening.SHRANK, 1, None), (Happening.SPLIT, 2, 1)]),
        (["abc", "", "abc"], [(1,), (), (1,)], [(Happening.REVIVED, 1, None)]),
        (["abc", "xyz", "abc"], [(1,), (2,), (1,)], [(Happening.REVIVED, 1, None), (Happening.DIED, 2, None)]),
        (["abc", ""], [(1,), ()], [(Happening.DIED, 1, None)]),
    ],
)
def test_what_happens_to_groups(windows: list[str], ids: list[tuple[int, ...]], happened: list[object]) -> None:
    assert told(windows) == (ids, happened)


def test_many_small_groups_that_become_one_merge_into_a_new_one() -> None:
    ids, happened = told(["abc def ghi jkl", "abcdefghijkl"])
    assert ids == [(1, 2, 3, 4), (5,)]
    assert happened == [(Happening.BORN, 5, None), *((Happening.MERGED, old, 5) for old in (1, 2, 3, 4))]


def test_who_is_away_or_new_does_not_count_against_a_group() -> None:
    ids, _ = told(["abcdefghij", "abxyz"], match=1.0)
    assert ids == [(1,), (1,)]
    lineage = Lineage.of(len(PEOPLE), 1.0)
    follow(lineage, "abcdefghij")
    assert follow(lineage, "abxyz", others="c").ids == (2,)


def test_the_least_likeness_decides() -> None:
    """Of abcd two are in each of the later groups: 2 of 6 who were known, in either."""
    windows = ["abcd efgh", "abef cdgh"]
    assert told(windows, match=0.3)[0][1] == (1, 2)
    assert told(windows, match=0.34)[0][1] == (3, 4)


def test_sizes_comings_and_goings_are_counted() -> None:
    lineage = Lineage.of(len(PEOPLE), 0.3)
    follow(lineage, "abcdef xyz")
    step = follow(lineage, "abcdgh xyz")
    assert step.events[0] == Event(1, Happening.CONTINUED, 1, None, before=6, after=6, joined=2, left=2)
    assert step.stability == (0.5, 1.0)
    assert (step.both, step.kept) == (7, 7)
    step = follow(lineage, "abcxyz")
    assert step.events == (
        Event(2, Happening.CONTINUED, 1, None, before=6, after=6, joined=3, left=3),
        Event(2, Happening.MERGED, 2, 1, before=3, after=0, joined=0, left=3),
    )
    assert (step.both, step.kept) == (6, 3)


def test_a_member_who_was_away_comes_back_to_the_group_it_was_in() -> None:
    """Three windows without c; its return neither makes a new group nor counts as one who stayed."""
    lineage = Lineage.of(len(PEOPLE), 0.3)
    follow(lineage, "abc")
    for _ in range(3):
        assert follow(lineage, "ab").ids == (1,)
    step = follow(lineage, "abc")
    assert step.events == (Event(4, Happening.GREW, 1, None, before=2, after=3, joined=1, left=0),)
    assert step.stability == (0.666666667,)


def test_those_who_had_left_before_are_another_group_when_they_come_back() -> None:
    """The merged group went on with one half alone; nobody of the other half was in it the last time."""
    ids, happened = told(["abcd wxyz", "abcdwxyz", "wxyz", "abcd"])
    assert ids == [(1, 2), (1,), (1,), (3,)]
    assert happened == [(Happening.SPLIT, 3, 1), (Happening.DIED, 1, None)]


def random_windows(dice: random.Random) -> list[str]:
    windows = []
    for _ in range(6):
        parts: list[list[str]] = [[] for _ in range(dice.randint(1, 5))]
        for one in PEOPLE[:16]:
            if dice.random() < 0.8:
                dice.choice(parts).append(one)
        windows.append(" ".join(sorted("".join(part) for part in parts if len(part) > 1)))
    return windows


@pytest.mark.parametrize("seed", range(40))
def test_laws_of_ids_and_events(seed: int) -> None:
    """Ids are given once a window and never twice; who was there last time is told of once; sizes add up."""
    windows = random_windows(random.Random(seed))
    lineage = Lineage.of(len(PEOPLE), 0.3)
    alive: dict[int, int] = {}
    known: set[int] = set()
    for window, groups in enumerate(windows):
        step = follow(lineage, groups)
        sizes = [len(part) for part in groups.split()]
        assert len(set(step.ids)) == len(step.ids) == len(sizes)
        fresh = sorted(set(step.ids) - known)
        assert fresh == list(range(len(known) + 1, len(known) + 1 + len(fresh)))
        assert [one is None for one in step.stability] == [group in fresh for group in step.ids]
        assert all(one is None or 0 < one <= 1 for one in step.stability)
        now = dict(zip(step.ids, sizes, strict=True))
        if window:
            assert sorted(event.group for event in step.events) == sorted(alive.keys() | now.keys())
            for event in step.events:
                assert event.after == now.get(event.group, 0)
                assert event.before - event.left + event.joined == event.after
                assert (event.happening in {Happening.BORN, Happening.SPLIT}) == (event.group in fresh)
                assert (event.happening is Happening.REVIVED) == (event.group in known & now.keys() - alive.keys())
                assert (event.happening in {Happening.DIED, Happening.MERGED}) == (event.group not in now)
                assert (event.other is None) == (event.happening not in {Happening.SPLIT, Happening.MERGED})
        else:
            assert step.events == ()
        assert 0 <= step.kept <= step.both
        alive, known = now, known | set(step.ids)
