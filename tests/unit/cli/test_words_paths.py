"""Paths in words: every way they are told, why there is none, which hubs were held back, what a path stands on."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.cli.asking import told
from graph_service.cli.local import LocalClient
from graph_service.cli.words.paths import independent, reason, tamed
from graph_service.cli.words.told import Told
from graph_service.network.compiled import available
from tests.unit.cli.telling import client_over

pytestmark = pytest.mark.skipif(not available("numba"), reason="the engine memory needs numba")

STEPS = (
    {
        "source": "wire",
        "entities": [
            *([f"subject:{name.lower()}", "Subject", {"name": [name]}, {"grade": "B2"}]
              for name in ("Ann", "Ben", "Cid", "Dee", "Eve")),
            ["subject:fay", "Subject", {"name": ["Fay\x1b[31m"]}],
            *([f"tip:{number}", "Subject", {"name": [f"Tip {number}"]}] for number in range(6)),
        ],
        "links": [
            ["ab", "ASSOCIATE_OF", "subject:ann", "subject:ben", {}, {"grade": "B2", "from": "2014", "to": "2015"}],
            ["bd", "ASSOCIATE_OF", "subject:ben", "subject:dee", {}, {"grade": "C3"}],
            ["ac", "ASSOCIATE_OF", "subject:ann", "subject:cid", {}, {"grade": "E5", "from": "2019"}],
            ["cf", "ASSOCIATE_OF", "subject:cid", "subject:fay"],
            *([f"hub{number}", "ASSOCIATE_OF", "subject:ben", f"tip:{number}"] for number in range(6)),
        ],
    },
    {
        "source": "informant",
        "entities": [],
        "links": [["cd", "ASSOCIATE_OF", "subject:cid", "subject:dee", {}, {"grade": "A1"}]],
    },
)  # fmt: skip
"""From Ann to Dee there is one way by Ben, whom six tips make a hub, and one by Cid, of which an informant tells the
better half; Eve knows nobody."""
ANN_DEE = {"source": "subject:ann", "target": "subject:dee"}
BY_BEN = [
    "   —associate of (2014 – 2015; B2 wire)→ Ben (Subject) [subject:ben]",
    "   —associate of (C3 wire)→ Dee (Subject) [subject:dee]",
]
BY_CID = [
    "   —associate of (since 2019; E5 wire)→ Cid (Subject) [subject:cid]",
    "   —associate of (A1 informant)→ Dee (Subject) [subject:dee]",
]


client = client_over(STEPS)


def lines(client: LocalClient, question: str, **parameters: Any) -> list[str]:
    """What is told of an answer, but for who answered."""
    shown = told(client, client.ask(question, parameters, {}, "memory"))
    end = next(place for place, line in enumerate(shown) if line.startswith("Answered by "))
    return [line for line in shown[:end] if not line.startswith("Scope: ") and line]


# Paths that were found


def test_shortest_paths_are_numbered_each_with_its_steps(client: LocalClient) -> None:
    assert lines(client, "shortest-paths", **ANN_DEE) == [
        "2 paths of 2 links from Ann (Subject) to Dee (Subject):",
        "1. Ann (Subject) [subject:ann]",
        *BY_BEN,
        "2. Ann (Subject) [subject:ann]",
        *BY_CID,
    ]


def test_from_somebody_to_themselves_the_path_has_no_steps(client: LocalClient) -> None:
    shown = lines(client, "shortest-paths", source="subject:ann", target="subject:ann")
    assert shown == ["1 path of 0 links from Ann (Subject) to Ann (Subject):", "1. Ann (Subject) [subject:ann]"]
    likely = lines(client, "best-evidence", source="subject:ann", target="subject:ann")
    assert likely[1:] == ["1. Ann (Subject) [subject:ann]"], "there is no weakest link of none"


def test_paths_of_many_lengths_are_told_with_the_span_and_each_with_its_own(client: LocalClient) -> None:
    shown = lines(client, "all-paths", source="subject:ann", target="subject:cid", max_hops=3)
    assert shown[0] == "2 paths of 1 to 3 links from Ann (Subject) to Cid (Subject), the best first:"
    assert [line for line in shown if line[0].isdigit() and ". " in line[:4]] == [
        "1. Ann (Subject) [subject:ann] — 1 link",
        "2. Ann (Subject) [subject:ann] — 3 links",
    ]


def test_by_evidence_each_path_is_told_with_its_cost(client: LocalClient) -> None:
    """B2 holds with 0.64 and C3 with 0.36: -ln of the product is 1.468."""
    shown = lines(client, "k-paths", **ANN_DEE, cost="evidence", limit=1)
    assert shown[:2] == [
        "1 path of 2 links from Ann (Subject) to Dee (Subject), the best first:",
        "1. Ann (Subject) [subject:ann] — cost 1.468",
    ]
    assert shown[-1] == "More exists than is told here: a limit was met."


def test_the_best_evidence_is_told_with_its_strength_and_its_weakest_link(client: LocalClient) -> None:
    """0.64 * 0.36 = 0.23; one more B2 makes of 0.36 1 - 0.64 * 0.36 = 0.77, and of the path 0.49."""
    weakest = "weakest is “associate of” from Ben (Subject) to Dee (Subject) (0.36 by 1 source)"
    better = "one more source of grade B2 for it would make 0.49"
    assert lines(client, "best-evidence", **ANN_DEE, limit=1)[:4] == [
        "The best evidence from Ann (Subject) to Dee (Subject):",
        f"1. Ann (Subject) [subject:ann] — holds with 0.23; {weakest}: {better}",
        *BY_BEN,
    ]


# Why there is none


NONE = "Everything that one of the two can reach was seen: there is none of any length."
TOGETHER = "none fulfils all the conditions, though each can be met alone"


@pytest.mark.parametrize(
    ("asked", "ends", "says"),
    [
        ({"target": "subject:eve"}, "Ann (Subject) to Eve (Subject)", NONE),
        ({"source": "", "sources": "tip:1,tip:2", "target": "subject:eve"}, "any such source to Eve (Subject)", NONE),
        ({"target": "", "targets": "subject:eve"}, "Ann (Subject) to any such target", NONE),
        ({"max_hops": 1}, "Ann (Subject) to Dee (Subject)", "None has 1 link or fewer; the shortest has 2."),
        (
            {"via": "subject:eve", "borders": 1},
            "Ann (Subject) to Dee (Subject)",
            "There are ways of 6 links or fewer, but none fulfils: via subject:eve, borders.",
        ),
        (
            {"via": "subject:ben,subject:cid", "max_hops": 2},
            "Ann (Subject) to Dee (Subject)",
            f"There are ways of 2 links or fewer, but {TOGETHER}.",
        ),
    ],
)
@pytest.mark.parametrize("question", ["shortest-paths", "k-paths", "all-paths", "best-evidence"])
def test_why_there_is_no_path_is_told_by_every_question(
    client: LocalClient, question: str, asked: dict[str, Any], ends: str, says: str
) -> None:
    shown = lines(client, question, **{**ANN_DEE, "max_hops": 6, **asked})
    assert shown == [f"No path from {ends}. {says}"]


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        ({"reason": "bound", "max_hops": 3, "shortest": None}, "3 links or fewer; a longer one was not looked for."),
        ({"reason": "bound", "max_hops": 3, "shortest": 9}, "None has 3 links or fewer; the shortest has 9."),
        ({"reason": "budget", "max_hops": 3}, "The search met its limit before it was known whether there is one."),
        ({"reason": "conditions", "max_hops": 1, "unmet": ["via \x1b"]}, "but none fulfils: via ⟦U+001B⟧."),
    ],
)
def test_every_proof_has_its_words(proof: dict[str, Any], says: str) -> None:
    assert reason(proof).endswith(says)


# Hubs


HELD = "1 hub held back (subject:ben): '--hubs free' lets ways lead through them."


def test_hubs_that_were_held_back_are_named_after_the_paths(client: LocalClient) -> None:
    shown = lines(client, "shortest-paths", **ANN_DEE, hub_degree=4)
    assert shown == [
        "1 path of 2 links from Ann (Subject) to Dee (Subject):",
        "1. Ann (Subject) [subject:ann]",
        *BY_CID,
        HELD,
    ]


def test_hubs_that_had_to_be_passed_are_told_as_such(client: LocalClient) -> None:
    shown = lines(client, "shortest-paths", source="subject:ann", target="tip:1", hub_degree=4)
    assert shown[-1] == "There is no way around the 1 hub (subject:ben), so ways may lead through them."
    barred = lines(client, "shortest-paths", source="subject:ann", target="tip:1", hub_degree=4, hubs="ends")
    assert barred[0].startswith("No path from Ann (Subject) to Tip 1 (Subject).")
    assert barred[-1] == HELD
    nowhere = lines(client, "shortest-paths", source="subject:ann", target="subject:eve", hub_degree=4)
    assert nowhere[-1] == "Neither around the 1 hub (subject:ben) nor through them."


def test_of_many_hubs_the_first_are_named() -> None:
    hubs = {"hubs": [f"h{n}\u202e" for n in range(9)], "total": 1_234, "passed": False}
    (blank, says) = tamed(hubs, found=True)
    assert blank == ""
    named = ", ".join(f"h{n}⟦U+202E⟧" for n in range(5))
    assert says == f"1,234 hubs held back ({named} …): '--hubs free' lets ways lead through them."
    assert list(tamed(None, found=True)) == []


# A path explained


def test_an_explained_path_tells_every_record_and_its_ranks(client: LocalClient) -> None:
    """E5 holds with 0.05 * 0.2 = 0.01; A1 with 0.95 ** 2 = 0.90: behind the way by Ben in both orders, in that of
    length by name."""
    assert lines(client, "explain-path", source="subject:ann", links="ac,cd") == [
        "The path from Ann (Subject) to Dee (Subject):",
        "  Ann (Subject) [subject:ann]",
        BY_CID[0],
        "      holds with 0.01 by 1 source; Cid (Subject) has 3 links",
        "      · E5 wire, 3, 2019",
        BY_CID[1],
        "      holds with 0.90 by 1 source; Dee (Subject) has 2 links",
        "      · A1 informant, 1",
        "All of it holds with 0.01; weakest is “associate of” from Ann (Subject) to Cid (Subject).",
        "By length it is number 2 of the paths between these ends:",
        "  better: Ann (Subject) — Ben (Subject) — Dee (Subject)",
        "By evidence it is number 2 of the paths between these ends:",
        "  better: Ann (Subject) — Ben (Subject) — Dee (Subject)",
    ]


def test_the_best_path_has_no_better_and_one_far_behind_no_number(client: LocalClient) -> None:
    best = lines(client, "explain-path", source="subject:ann", links=["ab", "bd"])
    assert [line for line in best if line.startswith("By ")] == [
        "By length it is number 1 of the paths between these ends.",
        "By evidence it is number 1 of the paths between these ends.",
    ]
    assert "      · B2 wire, 1, 2014 – 2015" in best
    far = lines(client, "explain-path", source="subject:ann", links="ac,cd", ranked_among=1)
    assert "By length it is behind more paths than were counted of the paths between these ends:" in far


# Ways that share nothing


def test_one_who_tells_half_of_both_ways_carries_the_story(client: LocalClient) -> None:
    assert lines(client, "independent-routes", **ANN_DEE) == [
        "1 way from Ann (Subject) to Dee (Subject) with no source in common:",
        "1. Ann (Subject) [subject:ann] — stands on wire",
        *BY_BEN,
        "Every way breaks without wire.",
    ]


@pytest.mark.parametrize(
    ("share_no", "stand_on", "cut"),
    [
        ("entity", ["Ben (Subject)", "Cid (Subject)"], "Every way breaks without Ben (Subject), Cid (Subject)."),
        ("link", ["2 links", "2 links"], "Every way breaks without 2 links."),
    ],
)
def test_ways_apart_are_told_with_what_each_stands_on(
    client: LocalClient, share_no: str, stand_on: list[str], cut: str
) -> None:
    assert lines(client, "independent-routes", **ANN_DEE, share_no=share_no) == [
        f"2 ways from Ann (Subject) to Dee (Subject) with no {share_no} in common:",
        f"1. Ann (Subject) [subject:ann] — stands on {stand_on[0]}",
        *BY_BEN,
        f"2. Ann (Subject) [subject:ann] — stands on {stand_on[1]}",
        *BY_CID,
        cut,
    ]


def test_a_single_link_is_named_and_a_direct_way_stands_on_nobody(client: LocalClient) -> None:
    single = lines(client, "independent-routes", source="subject:cid", target="subject:fay", share_no="link")
    assert single[1].endswith(" — stands on cf")
    assert single[-1] == "Every way breaks without cf."
    direct = lines(client, "independent-routes", source="subject:ann", target="subject:ben", share_no="entity")
    assert direct[1] == "1. Ann (Subject) [subject:ann] — stands on nothing between its ends"
    assert direct[-1] == "No 4 entities or fewer break every way."


def test_when_no_cut_is_so_small_it_is_said_of_how_many(client: LocalClient) -> None:
    for share_no, most, says in (
        ("entity", 1, "No single entity breaks every way."),
        ("link", 1, "No single link breaks every way."),
    ):
        assert lines(client, "independent-routes", **ANN_DEE, share_no=share_no, cut_most=most)[-1] == says


@pytest.mark.parametrize(
    ("most", "says"),
    [
        (1, "No single source was found to break every way."),
        (3, "No 3 sources or fewer were found to break every way."),
    ],
)
def test_what_was_not_looked_through_is_not_told_as_proven(client: LocalClient, most: int, says: str) -> None:
    answer = client.ask("independent-routes", {**ANN_DEE, "cut_most": most}, {}, "memory")
    result = {**answer["result"], "proven": False, "cut": None}
    shown = list(independent(Told(answer, client.ontology(), client.sources()["sources"]), result))
    assert shown[0] == "1 way from Ann (Subject) to Dee (Subject) with no source in common, as far as was looked:"
    assert shown[-1] == says


def test_no_independent_way_is_told_with_its_reason_and_the_hubs(client: LocalClient) -> None:
    shown = lines(client, "independent-routes", source="subject:ann", target="subject:eve", hub_degree=4)
    assert shown == [
        "No path. Everything that one of the two can reach was seen: there is none of any length.",
        "Neither around the 1 hub (subject:ben) nor through them.",
    ]
    around = lines(client, "independent-routes", source="subject:ann", target="tip:1", hub_degree=4)
    assert around[-1] == "There is no way around the 1 hub (subject:ben), so ways may lead through them."


def test_names_that_would_act_on_a_terminal_are_shown_in_every_telling(client: LocalClient) -> None:
    for question in ("shortest-paths", "k-paths", "best-evidence", "independent-routes"):
        shown = "\n".join(lines(client, question, source="subject:cid", target="subject:fay"))
        assert "Fay⟦U+001B⟧[31m" in shown
        assert "\x1b" not in shown
