"""The history of groups and likeness in words: a sentence first, then what it rests on."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.cli.local import LocalClient
from graph_service.network.compiled import available
from tests.unit.cli.telling import client_over, lines

pytestmark = pytest.mark.skipif(not available("numba"), reason="the engine memory needs numba")


def friends(members: str, start: int, end: int) -> list[list[Any]]:
    """Everybody a friend of everybody."""
    said = {"from": str(start), "to": str(end)}
    return [
        [f"{start}{one}{other}", "ASSOCIATE_OF", one, other, {}, said]
        for place, one in enumerate(members)
        for other in members[:place]
    ]


STEPS = (
    {
        "source": "case file",
        "entities": [
            *([name, "Subject", {"name": [f"Person {name.upper()}"]}] for name in "abcdefglmnopq"),
            ["old", "Company", {"name": ["Old Ltd"]}, {"to": "2018-06-30"}],
            ["new", "Company", {"name": ["New Ltd"]}, {"from": "2018-08"}],
            ["twin", "Company", {"name": ["Twin Ltd"]}],
            ["street", "Address", {"full": ["1 Street"]}],
        ],
        "links": [
            *friends("abcdef", 2010, 2010),
            *friends("abcdefg", 2011, 2011),
            *friends("mnopq", 2010, 2011),
            *friends("abcdefgmnopq", 2012, 2012),
            *friends("abcdefg", 2013, 2014),
            *friends("mnopq", 2013, 2013),
            *friends("lmnopq", 2015, 2015),
            ["s1", "REGISTERED_AT", "old", "street"],
            ["s2", "REGISTERED_AT", "new", "street"],
            ["s3", "REGISTERED_AT", "twin", "street"],
            ["d1", "DIRECTOR_OF", "a", "old"],
            ["d2", "DIRECTOR_OF", "a", "new"],
        ],
    },
)


client = client_over(STEPS)


def test_a_history_begins_with_how_much_stays_and_tells_what_happened(client: LocalClient) -> None:
    shown = lines(client, "community-history", {"kinds": ["Subject"]})
    assert (
        shown[0]
        == "3 groups in 6 windows, 2010 – 2015; from one to the next 79% of members stay in their group (leiden)"
    )
    assert shown[1] == "2010: 2 groups, 11 active, 25 links"
    assert shown[2] == "2011: 2 groups, 12 active, 31 links, 100% of members in the same group as before"
    assert shown[3] == "  group 1 grew from 6 to 7 (1 joined, 0 left)"
    assert "  group 2 with 5 members merges into group 1" in shown
    assert "  group 3 with 5 members splits from group 1" in shown
    assert "  group 3 is seen again with 6 members (1 joined, 0 left)" in shown
    assert "  group 1 with 7 members is seen no more" in shown


def test_windows_in_which_nothing_happened_are_only_counted(client: LocalClient) -> None:
    shown = lines(client, "community-history", {"kinds": ["Subject"], "from": "2011", "to": "2012"}, step="month")
    assert shown[1] == "2011-01-01 – 2011-01-31: 2 groups, 12 active, 31 links"
    assert shown[2].startswith("2012-01-01 – 2012-01-31: ")
    assert "2012-12-01 – 2012-12-31: 1 group, 12 active, 66 links, 100% of members in the same group as before" in shown
    assert "In 21 other windows nothing happened to the groups listed." in shown


def test_each_group_is_told_with_its_members_and_how_sure_they_are(client: LocalClient) -> None:
    shown = lines(client, "community-history", {"kinds": ["Subject"]}, runs=4)
    place = shown.index("Group 1: 2010 – 2014, seen in 5 windows, 12 members at most")
    assert shown[place + 1].startswith("  Person A (Subject); Person B (Subject); ")
    assert shown[place + 2] == ("  How sure: 100% over 4 runs; 7 of 7 are with its core in nine of ten runs or more")
    assert not any("How sure" in line for line in lines(client, "community-history", runs=0))


def test_links_without_dates_and_windows_by_what_was_known_are_told(client: LocalClient) -> None:
    shown = lines(client, "community-history", {"from": "2011-02", "to": "2011-12"}, step="quarter")
    assert shown[0].startswith("3 groups in 4 windows, 2011-02-01 – 2011-12-31; ")
    assert shown[1] == "1 link has no date and counts in every window."
    known = lines(client, "community-history", by="known")
    assert known[0].endswith(" groups in 1 window, as known 2024-01-01 00:00 (leiden)")
    assert any(line.startswith("as known 2024-01-01 00:00: ") for line in known)


def test_without_dates_there_is_no_history(client: LocalClient) -> None:
    shown = lines(client, "community-history", {"kinds": ["Address"]})
    assert shown[0] == "No link here has a date, so there is no history; communities tells the groups there are."


def test_likeness_is_told_with_what_is_shared_and_how_it_stands_in_time(client: LocalClient) -> None:
    """The street has 3 links and weighs 1/log2 4 = 0.50, Person A has 30 and weighs 1/log2 31 = 0.20."""
    shown = lines(client, "similar", entity="old")
    assert shown[:5] == [
        "Most like Old Ltd (Company) [old] (2 ties, … – 2018-06-30):",
        "  1. New Ltd (Company): 100% alike, 2 of its 2 ties shared [new]",
        "     successor: it is first seen 32 days after this one was last seen",
        "     both: registered at 1 Street (Address) (weight 0.50)",
        "     both: has director Person A (Subject) (weight 0.20)",
    ]
    assert shown[5].startswith("  2. Twin Ltd (Company): 71% alike, 1 of its 1 tie shared [twin]")
    back = lines(client, "similar", entity="new", limit=1)
    assert back[2] == "     predecessor: this one is first seen 32 days after it was last seen"


def test_what_was_left_out_of_a_likeness_is_told(client: LocalClient) -> None:
    shown = lines(client, "similar", entity="old", hub=5, candidates=1, explain=1)
    assert "1 of 2 candidates were compared, the nearest first." in shown
    assert "Counted but not followed, for they have very many links: Person A (Subject)" in shown
    assert "     … and 1 more" in shown
    assert lines(client, "similar", entity="old", relation="apart")[0].startswith(
        "Nobody asked about shares a neighbour"
    )
