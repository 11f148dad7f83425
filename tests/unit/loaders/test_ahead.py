"""Working ahead: the same items, bounded, errors in their place, and a maker that stops with its user."""

import threading
from collections.abc import Iterator

import pytest

from loaders.ahead import ahead


def test_the_same_items_in_the_same_order() -> None:
    assert list(ahead(range(50))) == list(range(50))
    assert list(ahead([])) == []
    assert list(ahead([None, None])) == [None, None]


def test_an_error_comes_after_the_items_before_it() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    items = ahead(failing())
    assert next(items) == 1
    with pytest.raises(ValueError, match="no more"):
        next(items)


def test_a_maker_is_never_far_ahead_and_stops_with_its_user() -> None:
    made: list[int] = []

    def counting() -> Iterator[int]:
        for number in range(1_000):
            made.append(number)
            yield number

    items = ahead(counting())
    assert [next(items), next(items)] == [0, 1]
    items.close()
    assert len(made) <= 5
    assert not [thread for thread in threading.enumerate() if thread.name == "load-ahead"]
