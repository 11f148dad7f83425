"""Key players, cores and cliques in words: a sentence first, then the numbers."""

from __future__ import annotations

import pytest

from graph_service.cli.local import LocalClient
from graph_service.network.compiled import available
from queries.players.scores import SETS, KeyMeasure
from tests.unit.cli.telling import client_over, lines

pytestmark = pytest.mark.skipif(not available("numba"), reason="the engine memory needs numba")
HOSTILE = "Eve\x1b[31m"
STEPS = (
    {
        "source": "case file",
        "entities": [
            *([name, "Subject", {"name": [f"Person {name.upper()}"]}] for name in "abcde"),
            ["evil", "Subject", {"name": [HOSTILE]}],
            ["harmed", "Subject", {"name": ["Harmed"]}],
            ["incident", "Incident"],
        ],
        "links": [
            *([pair, "ASSOCIATE_OF", pair[0], pair[1]] for pair in ("ab", "bc", "ca", "cd", "de")),
            ["e-evil", "ASSOCIATE_OF", "d", "evil"],
            ["v", "VICTIM", "incident", "harmed"],
        ],
    },
)


client = client_over(STEPS)


def test_who_is_first_is_told_before_the_numbers(client: LocalClient) -> None:
    """Of the 42 ordered pairs of the seven others, c lies between {a, b} and {d, e, evil}: 12 ways."""
    said = lines(client, "key-players", limit=2)
    assert said[0] == "First by betweenness of 6: Person D (Subject)."
    assert said[1].startswith("  1. Person D (Subject): on ")
    assert said[2] == f"  2. Person C (Subject): on {12 / 42:.2%} of the shortest paths between others [c]"
    assert "Never ranked: 1 victim." in said
    assert "Position in what was recorded measures attention as well as role." in said


@pytest.mark.parametrize("measure", sorted(set(KeyMeasure) - SETS))
def test_every_measure_has_words(client: LocalClient, measure: str) -> None:
    said = lines(client, "key-players", measure=measure, limit=3)
    assert said[0].startswith(f"First by {measure}")
    assert said[1].startswith("  1. ")
    assert "{" not in "".join(said)


def test_ties_that_part_are_told(client: LocalClient) -> None:
    said = lines(client, "key-players", measure="articulation")
    assert "4 ties would part the network:" in said
    assert "  Person C (Subject) — Person D (Subject)" in said
    assert "\x1b" not in "".join(said)


def test_a_set_is_told_with_what_it_does_and_how_sure_that_is(client: LocalClient) -> None:
    """Without d and one of the triangle two pairs are left of the fifteen that six make."""
    said = lines(client, "key-players", measure="kpp-neg", size=2)
    parted = f"{13 / 15:.1%} of the pairs left do not reach each other ({12 / 28:.1%} before)"
    assert said[0] == f"Without Person A (Subject), Person D (Subject), {parted}."
    assert "No set is better; 2 other sets as good." in said
    assert any(line.startswith("The best one alone: Person D (Subject), ") for line in said)
    # c and three neighbours, two more two steps away, two out of reach: (1 + 3 + 2 / 2) / 8
    reach = lines(client, "key-players", measure="kpp-pos", size=1)
    assert reach[0] == "Person C (Subject): nobody reaches the others better; mean nearness 0.625 of 1."


def test_an_estimate_says_how_far_it_may_be_off(client: LocalClient) -> None:
    said = lines(client, "key-players", exact=0, error=0.05)
    assert any(
        line.startswith("Estimated from ") and "at 95 %, no score is off by more than 5.00%" in line for line in said
    )


def test_nobody_to_rank(client: LocalClient) -> None:
    assert lines(client, "key-players", kind="Vessel")[0] == "Nobody to rank."


def test_cores_are_told_by_part_and_by_depth(client: LocalClient) -> None:
    said = lines(client, "cores")
    assert said[:3] == [
        "1 part in the 2-core, the deepest there is.",
        "Part 1: 3 members",
        "  Person A (Subject); Person B (Subject); Person C (Subject)",
    ]
    assert "        3 in the 2-core and no deeper" in said
    assert lines(client, "cores", truss=True, k=2)[0] == "2 parts in the 2-truss; the deepest is 3."


def test_cliques_are_told_the_largest_first(client: LocalClient) -> None:
    said = lines(client, "cliques", min_size=2)
    assert said[0] == "5 groups in which everybody is tied to everybody:"
    assert said[1] == "   3: Person A (Subject); Person B (Subject); Person C (Subject)"
    assert lines(client, "cliques", min_size=4)[0] == "0 groups in which everybody is tied to everybody."
