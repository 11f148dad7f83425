"""Answers in words: who, how, when, how much, and on whose word."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.cli.local import LocalClient
from graph_service.cli.words.telling import tell
from tests.unit.api import served
from tests.unit.cli.telling import client_over, lines

HOSTILE = "Eve\x1b[31m\u202e\nMallory"
MORE = (
    {
        "source": "informant",
        "entities": [["subject:mal", "Subject", {"name": [HOSTILE]}]],
        "links": [["m1", "ASSOCIATE_OF", "subject:alone", "subject:mal", {}, {"from": "2019", "grade": "E4"}]],
    },
)


client = client_over(served.STEPS + MORE)


def test_a_path_is_told_step_by_step(client: LocalClient) -> None:
    assert lines(client, "shortest-paths", source="subject:ana", target="account:2", limit=1)[:5] == [
        "1 path of 2 links from Ana Lima (Subject) to 2 (Account):",
        "",
        "1. Ana Lima (Subject) [subject:ana]",
        "   —director of (2014 – 2015; register)→ AC/DC Trading (Organization) [company:AC/DC 1]",
        "   —has account (register)→ 2 (Account) [account:2]",
    ]


def test_a_link_is_told_from_the_end_it_is_walked_from(client: LocalClient) -> None:
    (step,) = [
        line
        for line in lines(client, "shortest-paths", source="company:AC/DC 1", target="subject:bob")
        if "Ana Lima" in line
    ]
    assert step.startswith("   —has director (2014 – 2015; register)→")


def test_money_is_told_with_amount_date_grade_and_source(client: LocalClient) -> None:
    path = lines(client, "shortest-paths", source="account:1", target="account:2", directed=True)
    assert path[3] == "   —originator of (register)→ 9,500 USD (Money transfer) (2021-03-02; register) [transfer:1]"
    direct = lines(client, "shortest-paths", {"events": "collapsed"}, source="account:1", target="account:2")
    assert "Money transfer to (2021-03-02; USD 9,500; register)→ 2 (Account)" in direct[3]
    assert "Scope: events collapsed." in direct


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"target": "subject:alone"}, "there is none of any length"),
        ({"target": "account:2", "max_hops": 1}, "None has 1 link or fewer; the shortest has 2."),
    ],
)
def test_no_path_is_told_with_its_reason(client: LocalClient, parameters: dict[str, Any], says: str) -> None:
    (first, *_) = lines(client, "shortest-paths", source="subject:ana", **parameters)
    assert first.startswith("No path from Ana Lima (Subject) to ")
    assert first.endswith(says) or says in first


def test_an_entity_is_told_source_by_source(client: LocalClient) -> None:
    shown = lines(client, "entity", entity="subject:ana")
    assert shown[0] == "Ana Lima (Subject) [subject:ana], probability 0.64"
    assert "  B2 register, 1" in shown
    assert "  1 × director of" in shown
    assert "  1 × officer of" not in shown


def test_an_expansion_says_how_each_was_reached_and_what_was_left_out(client: LocalClient) -> None:
    shown = lines(client, "expand", entity="subject:ana", hops=2, per_kind=1)
    assert shown[0] == "Around Ana Lima (Subject) [subject:ana]:"
    assert "3 entities 1 link away:" in shown
    assert any(line.strip().startswith("—associate of (since 2014; B2 register)→ Bob Stone") for line in shown)
    assert any(line.startswith("Not followed: 1 link “associate of” at Bob Stone") for line in shown)


def test_hits_groups_and_ranks_are_told(client: LocalClient) -> None:
    assert lines(client, "find", text="lima ana")[1].endswith("Ana Lima (Subject), PT  [subject:ana]")
    assert lines(client, "find", text="nobody at all")[0] == "0 found."
    groups = lines(client, "communities")
    assert "modularity" in groups[0]
    assert groups[1].startswith("Group 1: ")
    assert lines(client, "components", limit=1)[-2] == "More exists than is told here: a limit was met."
    assert lines(client, "degree", limit=1)[1].startswith(
        "  1. Ana Lima (Subject): 3 links with 3 others (1 associate of"
    )


def test_who_answered_and_under_which_scope_is_told_at_the_end(client: LocalClient) -> None:
    scope = {"as": [], "from": "2014", "kinds": ["Subject"], "min_grade": "C3"}
    shown = lines(client, "degree", scope)
    assert shown[-2].startswith("Scope: holding no marking; from 2014; only Subject")
    assert shown[-2].endswith("; graded C3.")
    assert shown[-1].startswith("Answered by memory on embedded, revision 2; ")


def test_hostile_names_are_shown_not_obeyed(client: LocalClient) -> None:
    shown = "\n".join(lines(client, "shortest-paths", source="subject:alone", target="subject:mal"))
    assert "Eve⟦U+001B⟧[31m⟦U+202E⟧ Mallory" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


def test_a_question_without_words_of_its_own_is_told_by_its_evidence(client: LocalClient) -> None:
    answer = client.ask("expand", {"entity": "subject:alone"}, {}, "auto") | {"question": "later"}
    shown = list(tell(answer, client.ontology(), client.sources()["sources"]))
    assert shown[0].startswith("  Alone (Subject) —associate of (since 2019; E4 informant)→")


def test_a_service_with_other_kinds_and_sources_is_told_by_their_names(client: LocalClient) -> None:
    answer = client.ask("expand", {"entity": "subject:alone"}, {}, "auto")
    shown = list(tell(answer, {"entity_kinds": [], "link_kinds": []}, ()))
    assert any("—ASSOCIATE_OF to (since 2019; E4 informant)→" in line for line in shown)
