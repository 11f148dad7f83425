"""Which link ids may be in the graph: never one too few, and none that this process knows to be new."""

from __future__ import annotations

import random

from graph_service.store.neo4j.known import KnownLinks, NewLinks


def test_an_empty_graph_holds_no_link() -> None:
    assert KnownLinks().may_be_there(["a", "b"], 0) == []


def test_ids_written_are_there_and_others_are_not() -> None:
    """Against a set, over many batches of very different size."""
    dice = random.Random(7)
    known, written = KnownLinks(), set[str]()
    for _ in range(200):
        asked = [f"l{dice.randrange(3_000)}" for _ in range(dice.choice([0, 1, 3, 100]))]
        assert known.may_be_there(asked, len(written)) == [one for one in asked if one in written]
        fresh = sorted(set(asked) - written)
        known.note(NewLinks(len(written), fresh))
        written.update(fresh)
    assert len(written) > 1_000


def test_the_arrays_stay_few() -> None:
    known = KnownLinks()
    for number in range(1_000):
        known.note(NewLinks(number, [str(number)]))
    assert len(known._sorted) <= 10
    assert sum(map(len, known._sorted)) == 1_000


def test_after_others_wrote_every_id_is_asked_for() -> None:
    known = KnownLinks()
    known.note(NewLinks(0, ["a"]))
    assert known.may_be_there(["a", "b"], 2) == ["a", "b"]
    known.note(NewLinks(2, ["c"]))
    assert known.may_be_there(["b"], 3) == ["b"]


def test_a_graph_that_was_there_before_is_asked() -> None:
    known = KnownLinks()
    known.note(NewLinks(5, ["f"]))
    assert known.may_be_there(["a"], 6) == ["a"]
    assert known.may_be_there(["a"], 5) == ["a"]


def test_a_graph_that_was_emptied_begins_anew() -> None:
    known = KnownLinks()
    known.note(NewLinks(0, ["a", "b"]))
    known.note(NewLinks(0, ["c", "d"]))
    assert known.may_be_there(["a", "c"], 2) == ["c"]
