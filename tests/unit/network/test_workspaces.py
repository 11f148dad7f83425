"""Workspaces: handed out one to a thread, used again, and never read as if they were clean."""

from __future__ import annotations

import pytest

from graph_service.network.workspaces import DEEPEST, Workspaces


def test_a_workspace_is_used_again_with_a_higher_stamp() -> None:
    spaces = Workspaces(5)
    with spaces.borrowed() as (marks, queues, stamp):
        assert marks.shape == queues.shape == (2, 5)
        assert not marks.any()
        assert stamp > 0
        marks[0, 3] = stamp + DEEPEST
    with spaces.borrowed() as (again, _, later):
        assert again is marks
        assert later > stamp + DEEPEST


def test_two_at_once_get_two() -> None:
    spaces = Workspaces(5)
    with spaces.borrowed() as (one, _, _), spaces.borrowed() as (other, _, _):
        assert one is not other


def test_a_workspace_comes_back_when_the_work_fails() -> None:
    spaces = Workspaces(5)
    seen = []

    def work() -> None:
        with spaces.borrowed() as (marks, _, _):
            seen.append(marks)
            raise ValueError("broken")

    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            work()
    assert seen[0] is seen[1]


def test_stamps_never_overflow_and_old_marks_never_look_new() -> None:
    spaces = Workspaces(2)
    cleared = 0
    for _ in range(3 * 2**31 // (DEEPEST + 1)):
        with spaces.borrowed() as (marks, _, stamp):
            assert marks.max() < stamp
            assert stamp + DEEPEST < 2**31
            cleared += not marks.any()
            marks[:] = stamp + DEEPEST
    assert cleared > 2
