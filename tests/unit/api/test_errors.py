"""The table of status codes, and errors that survive the way through JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph_service import errors
from graph_service.api.errors import STATUS, problem, status_of
from graph_service.api.wire import error_json, error_of

WITH_ROWS: dict[type[errors.GraphServiceError], errors.RefusedLinks] = {
    type(error): error
    for error in (errors.RefusedLinks("what", [1]), errors.DanglingLinks([1]), errors.ContradictedLinks([1]))
}


def tree(root: type[errors.GraphServiceError] = errors.GraphServiceError) -> Iterator[errors.GraphServiceError]:
    yield WITH_ROWS.get(root) or root("what")
    for below in root.__subclasses__():
        yield from tree(below)


@pytest.mark.parametrize("error", list(tree()), ids=lambda error: type(error).__name__)
def test_every_error_has_a_status_and_comes_back_as_itself(error: errors.GraphServiceError) -> None:
    assert status_of(error) in range(400, 504)
    if type(error) is not errors.GraphServiceError:
        assert status_of(error) != 500
    back = error_of(error_json(error))
    assert str(back) == str(error)
    refused = isinstance(error, errors.RefusedLinks)  # its rows mean nothing without the batch
    assert type(back) is (errors.DataError if refused else type(error))
    assert vars(back) == ({} if refused else vars(error))


def test_the_table_names_no_error_twice_over() -> None:
    for kind, status in STATUS.items():
        above = [STATUS[each] for each in kind.__mro__[1:] if each in STATUS]
        assert not above or above[0] != status, kind


@pytest.mark.parametrize("kind", ["about:blank", "urn:graph-service:Path", "urn:graph-service:__doc__", ""])
def test_a_problem_of_no_error_of_ours_is_the_root(kind: str) -> None:
    assert type(error_of({"type": kind, "detail": "x"})) is errors.GraphServiceError


def test_a_store_that_fails_asks_to_come_back() -> None:
    assert problem(503, "x").headers["retry-after"]
    assert "retry-after" not in problem(404, "x").headers
