"""What is reached, shared and joined, told in words."""

from __future__ import annotations

from graph_service.cli.local import LocalClient
from tests.unit.api import served
from tests.unit.cli.telling import client_over, lines

MORE = (
    {
        "source": "informant",
        "entities": [["phone:1", "Phone", {"number": ["+351911"]}], ["subject:zed", "Subject", {"name": ["Zed"]}]],
        "links": [
            ["p1", "HAS_PHONE", "subject:ana", "phone:1", {}, {"grade": "B2"}],
            ["p2", "HAS_PHONE", "subject:zed", "phone:1", {}, {"grade": "B2"}],
        ],
    },
)


client = client_over(served.STEPS + MORE)


def test_what_is_reached_is_told_by_distance_with_the_boundary(client: LocalClient) -> None:
    shown = lines(client, "reach", source="subject:zed", max_hops=2)
    assert shown[:4] == [
        "2 entities within 2 links of Zed (Subject): 1 Phone, 1 Subject.",
        "  1 link away: 1 (1 Phone)",
        "  2 links away: 1 (1 Subject)",
        "The nearest:",
    ]
    assert shown[4].startswith("  1 link: Zed (Subject) —has phone (B2 informant)→ +351911 (Phone)")
    assert shown[6:8] == ["It goes on from 1 entity, most of all from:", "  Ana Lima (Subject), 3 links on"]


def test_evidence_is_told_by_cost(client: LocalClient) -> None:
    """B2 is .64: -ln .64 = .446."""
    shown = lines(client, "reach", source="subject:zed", max_hops=1, cost="evidence")
    assert shown[3].startswith("  cost 0.446, 1 link: Zed (Subject) —has phone")


def test_in_time_the_day_is_told(client: LocalClient) -> None:
    """Bob and Ana are associates since 2014: the one day that is known counts for both ends."""
    shown = lines(client, "reach", source="subject:bob", max_hops=1, cost="time")
    assert shown[3].startswith("  from 2014-01-01, 1 link: Bob Stone (Subject) —associate of")
    back = lines(client, "reach", source="subject:bob", max_hops=1, cost="time", backwards=True)
    assert back[3].startswith("  by 2014-01-01, 1 link: ")


def test_where_it_ends_and_where_nothing_is(client: LocalClient) -> None:
    assert "It ends there: no link leads on." in lines(client, "reach", source="subject:zed", max_hops=9)
    assert lines(client, "reach", source="subject:alone")[0] == "Nothing is reached from Alone (Subject)."


def test_what_is_shared_is_told_with_its_weight(client: LocalClient) -> None:
    """The weight by hand: .9 * .64 * .64 / log2(3) = .2326."""
    shown = lines(client, "common", entities=["subject:ana", "subject:zed"])
    assert shown[:5] == [
        "The 2 entities share 1 thing within 1 link of each, the rarest first:",
        "1. +351911 (Phone) [phone:1] — linked to 2 entities, weight 0.233",
        "   shared by 2: Ana Lima (Subject) (1 link); Zed (Subject) (1 link)",
        "So these are tied, by what both are linked to:",
        "  0.233  Ana Lima (Subject) and Zed (Subject) (1 thing)",
    ]
    nothing = lines(client, "common", entities=["subject:ana", "subject:alone"], max_hops=2)
    assert nothing[0] == "The 2 entities share nothing within 2 links of each."


def test_a_network_is_told_with_its_tree_connectors_and_ways(client: LocalClient) -> None:
    shown = lines(client, "connecting-network", entities=["subject:zed", "subject:bob", "account:1", "subject:alone"])
    assert shown[0] == "The 4 entities fall into 2 groups (3 of 6 pairs within 6 links)."
    assert shown[1].startswith("1. 1 (Account), Bob Stone (Subject), Zed (Subject)")
    assert shown[2] == "   joined by 4 links among 5 entities; none is smaller"
    assert shown[3].startswith("   apart from all others: Everything that one of the two can reach was seen")
    assert "  Ana Lima (Subject): on the ways of 3 pairs" in shown
    assert "  1 (Account) to Bob Stone (Subject): 2 links past Ana Lima (Subject)" in shown


def test_hubs_that_had_to_be_led_through_are_told(client: LocalClient) -> None:
    shown = lines(client, "connecting-network", entities=["subject:bob", "account:1"], hub_degree=4)
    assert shown[0] == "All 2 entities hang together (1 of 1 pair within 6 links)."
    assert shown[2].endswith(", hubs among them")
    assert any(line.endswith("past Ana Lima (Subject) (only through a hub)") for line in shown)
    assert any(line.startswith("There is no way around the 1 hub (subject:ana)") for line in shown)
    near = lines(client, "reach", source="subject:zed", max_hops=3, hub_degree=4)
    assert any(line.startswith("1 hub held back (subject:ana)") for line in near)
