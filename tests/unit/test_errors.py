"""Every error stands in the tree that the module's docstring draws, at its place."""

from __future__ import annotations

import re

import pytest

from graph_service import errors
from graph_service.errors import DanglingLinks, EntityNotFound, GraphServiceError, SourceNotFound

_BRANCH = re.compile(r"^((?:│   |    )*)(?:[├└]── )(\w+)", re.MULTILINE)


def drawn() -> dict[str, str]:
    """Each error of the drawing with the one it hangs on."""
    above = {}
    line = [GraphServiceError.__name__]
    for indent, name in _BRANCH.findall(errors.__doc__ or ""):
        depth = len(indent) // 4 - 1  # the drawing itself is indented once
        del line[depth + 1 :]
        above[name] = line[depth]
        line.append(name)
    return above


def walk(root: type[GraphServiceError]) -> dict[str, str]:
    """Each error that Python knows with the one it derives from."""
    found: dict[str, str] = {}
    for one in root.__subclasses__():
        found[one.__name__] = root.__name__
        found |= walk(one)
    return found


def test_the_tree_is_as_it_is_drawn() -> None:
    assert len(drawn()) > 10
    assert drawn() == walk(GraphServiceError)


def test_all_errors_live_in_one_module() -> None:
    named = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert named == {GraphServiceError.__name__, *walk(GraphServiceError)}


@pytest.mark.parametrize("name", sorted(walk(GraphServiceError)))
def test_every_error_says_what_it_means(name: str) -> None:
    assert (getattr(errors, name).__doc__ or "").strip()


def test_dangling_links_name_their_rows() -> None:
    error = DanglingLinks([3, 5])
    assert error.rows == (3, 5)
    assert "2 link(s)" in str(error)


def test_not_found_carries_what_was_asked_and_says_the_same_of_hidden_and_unknown() -> None:
    assert EntityNotFound("e1").entity_id == "e1"
    assert str(EntityNotFound("e1")) == "no entity 'e1' in this scope"
    assert SourceNotFound("s1").source_id == "s1"
    assert str(SourceNotFound("s1")) == "no source 's1'"
