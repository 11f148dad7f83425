"""Ways in time and cycles in words: the schedule first, then step by step; what took no part, and why there is none."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.cli.asking import told
from graph_service.cli.local import LocalClient
from tests.unit.cli.telling import client_over

STEPS = (
    {
        "source": "bank",
        "entities": [
            *[[name, "Account", {"number": [name]}] for name in ("A1", "B2", "C3")],
            *[
                [
                    name,
                    "MoneyTransfer",
                    {"amount": [amount], "currency": ["USD"]},
                    {"from": f"2015-03-0{day}", "to": f"2015-03-0{last}", "grade": "B2"},
                ]
                for name, amount, day, last in (("t1", "10000", 1, 1), ("t2", "9700", 3, 4), ("t3", "9500", 4, 4))
            ],
            ["boss", "Subject", {"name": ["The \x1b[31mBoss"]}],
        ],
        "links": [
            *[[f"o{number}", "ORIGINATOR", one, f"t{number}"] for number, one in ((1, "A1"), (2, "B2"), (3, "C3"))],
            *[[f"b{number}", "BENEFICIARY", f"t{number}", one] for number, one in ((1, "B2"), (2, "C3"), (3, "A1"))],
            ["h", "HAS_ACCOUNT", "boss", "A1"],
        ],
    },
)


client = client_over(STEPS)


def lines(client: LocalClient, question: str, **parameters: Any) -> list[str]:
    return told(client, client.ask(question, parameters, {}, "networkx"))


def test_a_path_is_told_with_its_schedule(client: LocalClient) -> None:
    shown = lines(client, "time-ordered", source="A1", target="C3")
    assert shown[0] == "1 path from A1 (Account) to C3 (Account) on which time advances, the earliest arrival first:"
    assert shown[2] == (
        "1. A1 (Account) [A1] — leaves 2015-03-01, arrives 2015-03-04: 3 days, waiting 2 days at the longest"
    )
    assert len([line for line in shown if line.startswith("   —")]) == 4
    assert "1 link of the scope without any date took no part." in shown


def test_backwards_and_other_criteria_are_said(client: LocalClient) -> None:
    shown = lines(client, "time-ordered", source="B2", target="A1", backwards=True, criterion="fastest")
    assert shown[0] == "1 path from B2 (Account) to A1 (Account) back against time, the fastest first:"
    assert shown[2] == "1. B2 (Account) [B2] — all on 2015-03-01"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"source": "A1", "target": "C3", "max_hops": 3}, "None has 3 links or fewer; the shortest has 4."),
        ({"source": "boss", "target": "A1"}, "there is none of any length"),
        ({"source": "A1", "target": "C3", "within": 1}, "none fulfils all the conditions"),
    ],
)
def test_no_path_is_told_with_its_reason(client: LocalClient, asked: dict[str, Any], says: str) -> None:
    first = lines(client, "time-ordered", **asked)[0]
    assert first.startswith("No path from ")
    assert says in first
    assert "\x1b" not in first


def test_from_an_entity_to_itself_there_is_nothing_to_schedule(client: LocalClient) -> None:
    assert lines(client, "time-ordered", source="A1", target="A1")[2] == "1. A1 (Account) [A1]"


def test_a_cycle_is_told_with_its_days_and_what_came_back(client: LocalClient) -> None:
    shown = lines(client, "cycles", entity="A1", timed=True)
    assert shown[0] == "1 cycle through A1 (Account) in order of time, the shortest first:"
    assert shown[2] == (
        "1. A1 (Account) [A1] — 6 links, 2015-03-01 to 2015-03-04 (3 days), 95.0% of the amount comes back"
    )
    assert shown[8].endswith("A1 (Account) [A1]")


def test_cycles_of_a_kind_say_through_how_many_they_were_looked_for(client: LocalClient) -> None:
    found = lines(client, "cycles", kind="Account")
    assert found[0] == "1 cycle through any of 3 entities of kind Account, the shortest first:"
    assert found[2] == "1. A1 (Account) [A1] — 6 links"
    none = lines(client, "cycles", kind="Subject")
    assert none[0].startswith(
        "No cycle through any of 1 entity of kind Subject. Everything that one of the two can reach"
    )


def test_hubs_held_back_are_told(client: LocalClient) -> None:
    shown = lines(client, "cycles", entity="A1", hub_degree=2)
    assert any(line.startswith("There is no way around the ") for line in shown)
