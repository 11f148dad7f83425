"""Hubs held back first and let through only where there is no way else: what is tried, and what is told."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.model.answer import Limits
from graph_service.model.graph import LinkRef, Path
from graph_service.network.budget import Budget
from graph_service.network.compiled import available
from graph_service.network.view import View
from queries.paths.attempt import Attempt, Hubs, answered, here
from queries.paths.found import TAMED_SHOWN, Proof, Tamed, Walked
from queries.paths.ground import GraphGround, Ground, ground_of
from queries.paths.terms import Terms
from tests.unit.network.tables import Ledger, entity, link, plain_view
from tests.unit.queries.asking import ask, both, small

WALK = Walked(("a", "h", "z"), (LinkRef("ah", "a", "h"), LinkRef("hz", "h", "z")), 2.0)
HUBS = Hubs(("h", "i"), 7)
MET, APART, BOUND = Attempt("met", (WALK,)), Attempt("exhausted"), Attempt("bound", distance=12)
SHORT, RULED = Attempt("budget"), Attempt("conditions", unmet=("via x",))


class Tries:
    """Attempts that were made up; ``made`` tells which were asked for."""

    def __init__(self, without: Attempt, through: Attempt) -> None:
        self._outcomes = {False: without, True: through}
        self.made: list[bool] = []

    def __call__(self, *, hubs: bool) -> Attempt:
        """The attempt without hubs, or through them."""
        self.made.append(hubs)
        return self._outcomes[hubs]


def told(without: Attempt, through: Attempt, held: Hubs = HUBS, **terms: Any) -> tuple[list[bool], Any]:
    """Which attempts were made, and the finding."""
    tries = Tries(without, through)
    return tries.made, answered(Terms(max_hops=5, **terms), tries, held, ["a", "z"], Budget())


def test_a_way_without_hubs_is_enough() -> None:
    made, finding = told(MET, APART)
    assert made == [False]
    assert finding.result.paths == (WALK.path,)
    assert finding.result.tamed == Tamed(("h", "i"), 7, passed=False)
    assert (finding.result.proof, finding.truncated) == (None, False)
    assert (finding.entities, [ref.id for ref in finding.links]) == (("a", "h", "z"), ["ah", "hz"])


@pytest.mark.parametrize("without", [APART, BOUND, RULED])
def test_where_there_is_no_way_without_hubs_they_are_let_through(without: Attempt) -> None:
    made, finding = told(without, MET)
    assert made == [False, True]
    assert finding.result.paths == (WALK.path,)
    assert finding.result.tamed == Tamed(("h", "i"), 7, passed=True)


def test_when_neither_leads_anywhere_the_proof_is_that_of_the_second() -> None:
    made, finding = told(APART, BOUND)
    assert made == [False, True]
    assert finding.result.proof == Proof("bound", 5, 12)
    assert finding.result.tamed == Tamed(("h", "i"), 7, passed=True)
    assert (finding.entities, finding.truncated) == (("a", "z"), False)
    assert told(APART, RULED)[1].result.proof == Proof("conditions", 5, None, ("via x",))


def test_a_budget_that_ended_is_not_followed_by_another_attempt() -> None:
    made, finding = told(SHORT, MET)
    assert made == [False]
    assert finding.result.proof == Proof("budget", 5)
    assert finding.truncated
    assert not finding.result.tamed.passed
    assert told(APART, SHORT)[1].truncated


@pytest.mark.parametrize("hubs", ["ends", "free"])
def test_only_tamed_hubs_are_let_through(hubs: str) -> None:
    made, finding = told(APART, MET, hubs=hubs) if hubs == "ends" else told(APART, MET, Hubs.none(), hubs=hubs)
    assert made == [False]
    assert finding.result.proof == Proof("exhausted", 5)
    assert finding.result.tamed == (Tamed(("h", "i"), 7, passed=False) if hubs == "ends" else None)


def test_where_nobody_is_a_hub_nothing_is_tried_twice_nor_told() -> None:
    made, finding = told(APART, MET, Hubs.none())
    assert made == [False]
    assert finding.result.tamed is None


def test_that_there_are_more_is_said() -> None:
    assert told(Attempt("met", (WALK,), more=True), APART)[1].truncated


# Who is a hub


def test_hubs_are_told_the_most_connected_first_ties_by_id() -> None:
    many = [(f"h{number:02}", number // 2) for number in range(TAMED_SHOWN + 6)]
    hubs = Hubs.ranked(reversed(many))
    assert hubs.first[:4] == ("h24", "h25", "h22", "h23")
    assert (len(hubs.first), hubs.total) == (TAMED_SHOWN, TAMED_SHOWN + 6)
    assert hubs.everyone == {one for one, _ in many}
    assert Hubs.ranked([]) == Hubs.none()


def test_the_hubs_of_a_view_and_of_its_graph_are_the_same() -> None:
    view = small("ha hb hc ga gb gc ia ib aa")
    terms = Terms(hub_degree=3)
    seen, oracle = Hubs.in_view(view, ground_of(view, terms), 3), Hubs.in_graph(GraphGround.of(view, terms))
    assert (seen.first, seen.total) == (oracle.first, oracle.total) == (("a", "b", "g", "h"), 4)
    assert oracle.everyone == set("abgh")
    free: Ground = ground_of(view, Terms(hub_degree=3, hubs="free"))
    assert Hubs.in_view(view, free, 3) == Hubs.none()


# On whole questions


def crossing(links: str) -> View:
    """Links among few, and ten tips more at the hub."""
    pairs = [*links.split(), *(f"h{number}" for number in range(10))]
    made = [link(f"{pair}.{place}", pair[0], pair[1]) for place, pair in enumerate(pairs)]
    return View(Ledger().put([entity(name) for name in dict.fromkeys("".join(pairs))], made).network())


@pytest.mark.parametrize("question", ["shortest-paths", "k-paths", "all-paths", "best-evidence"])
@pytest.mark.parametrize(
    ("links", "hubs", "ways", "passed"),
    [
        ("ah hz ab bc cz", "tame", ["abcz"], False),
        ("ah hz ab bc cz", "ends", ["abcz"], False),
        ("ah hz", "tame", ["ahz"], True),
        ("ah hz", "ends", [], False),
        ("ah hz ab bc cd de ef fz", "tame", ["ahz"], True),
        ("ab cz", "tame", [], True),
    ],
)
def test_a_hub_between_is_passed_only_for_want_of_another_way(
    question: str, links: str, hubs: str, ways: list[str], passed: bool
) -> None:
    finding = both(question, crossing(links), source="a", target="z", max_hops=5, hubs=hubs, hub_degree=11)
    if "h" not in links:
        assert finding.result.tamed is None
        return
    assert ["".join(path.entities) for path in finding.result.paths] == ways
    assert finding.result.tamed == Tamed(("h",), 1, passed)


@pytest.mark.parametrize("question", ["shortest-paths", "k-paths", "all-paths", "best-evidence"])
def test_free_hubs_are_like_anybody_and_not_told(question: str) -> None:
    view = crossing("ah hz ab bc cz")
    finding = both(question, view, source="a", target="z", max_hops=5, hubs="free", hub_degree=11)
    assert finding.result.paths[0].entities == ("a", "h", "z")
    assert finding.result.tamed is None


@pytest.mark.parametrize("question", ["shortest-paths", "k-paths", "all-paths", "best-evidence"])
def test_a_hub_may_be_an_end_and_must_be_passed_when_it_is_named(question: str) -> None:
    view = crossing("ah hz ab bz")
    ends = both(question, view, source="h", target="z", hubs="ends", hub_degree=11, max_hops=3)
    assert ends.result.paths[0].entities == ("h", "z")
    named = both(question, view, source="a", target="z", hubs="ends", hub_degree=11, max_hops=3, via="h")
    assert [path.entities for path in named.result.paths] == [("a", "h", "z")]


def test_from_somewhere_to_itself_there_are_empty_paths_as_many_as_asked() -> None:
    finding = here(["c", "a", "b"], 2)
    assert finding.result.paths == (Path(("a",), (), 0.0), Path(("b",), (), 0.0))
    assert (finding.entities, finding.truncated) == (("a", "b"), True)
    assert not here(["c", "a"], 2).truncated


@pytest.mark.skipif(not available("numba"), reason="the compiled search needs numba")
def test_a_search_for_the_distance_that_is_stopped_proves_nothing() -> None:
    """Within the bound there is no way; whether there is one beyond it is not known when the budget is spent."""
    view = plain_view(4_001, [(n, n + 1) for n in range(4_000)])
    asked: dict[str, Any] = {"source": "0", "target": "4000", "max_hops": 6, "hubs": "free"}
    assert ask("k-paths", view, **asked).result.proof == Proof("bound", 6, 4_000)
    stopped = ask("k-paths", view, limits=Limits(links=500), **asked)
    assert stopped.truncated
    assert stopped.result.proof == Proof("budget", 6)
