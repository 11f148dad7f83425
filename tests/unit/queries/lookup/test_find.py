"""``find``: the score by hand, who may be found, and what comes first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph_service.errors import Cancelled, UnknownKind
from graph_service.model.answer import Limits
from graph_service.model.scope import Events, Scope
from graph_service.model.text import fold
from graph_service.network.budget import Budget
from graph_service.network.text_index import word_score
from graph_service.network.view import View
from queries.catalogue import question
from queries.lookup.find import SAID, FindParameters, Hit, _lucene, on_neo4j, text_score
from tests.unit.network.oracle import UNHURRIED, provenances, scopes, sees, shown
from tests.unit.network.tables import ONTOLOGY, Ledger, entity, link, said
from tests.unit.queries.asking import ask, both, database

WORDS = (
    "anna",
    "ana",
    "annabel",
    "berg",
    "bergen",
    "heron",
    "herron",
    "blue",
    "bleu",
    "straße",
    "Ørsted",
    "петров",
    "漢字",
)
LONG = ("abcdefghijklmnop", "abcdefghijklmnoq", "abcdefghijklmonp", "abcdefghijklmnopqrstuvwxyzabcdef")


def hits(finding: Any) -> list[str]:
    return [hit.id for hit in finding.result.hits]


# The score


def test_the_score_of_an_exact_name_is_one() -> None:
    assert text_score(("anna", "berg"), "anna berg") == 1.0


@pytest.mark.parametrize(
    ("words", "text", "score"),
    [
        (("anna",), "anna berg", 0.9 + 0.1 / 2),
        (("ann",), "anna berg", 0.9 * 0.9 + 0.1 / 2),
        (("anne",), "anna", 0.9 * 0.85 * 0.75 + 0.1),
        (("anna", "carl"), "anna berg", 0.0),
        (("anna",), "", 0.0),
        ((), "anything", 1.0),
        (("an", "anna"), "anna", 0.9 * (0.9 + 1) / 2 + 0.1),
    ],
)
def test_scores_by_hand(words: tuple[str, ...], text: str, score: float) -> None:
    assert text_score(words, text) == pytest.approx(score, abs=1e-6)


@pytest.mark.parametrize("asked", [*LONG, "abcdefghijklmnxp", "abcdefghijklmnopqrstuvwxyzabcdeg"])
def test_both_engines_round_a_score_alike(asked: str) -> None:
    """Of a word of 16 letters with one edit the score ends in a 5 at the seventh decimal."""
    ledger = Ledger().put([entity(f"e{n}", properties={"name": (name,)}) for n, name in enumerate(LONG)])
    assert both("find", View(ledger.network()), text=asked).result.hits
    assert both("find", View(ledger.network()), text=f"{asked} {LONG[0]}") is not None


@st.composite
def named_ledgers(draw: st.DrawFn) -> Ledger:
    """Entities that several sources name."""
    made = Ledger()
    for source in ("one", "two"):
        records = []
        for _ in range(draw(st.integers(1, 6))):
            name = " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=3)))
            kind, country = (
                draw(st.sampled_from(["Subject", "Organization", "Company", "MoneyTransfer"])),
                draw(st.sampled_from(["CO", "PA", "DE"])),
            )
            properties: dict[str, tuple[str, ...]] = {"name": (name,)} if name else {}
            if kind != "MoneyTransfer":
                properties |= {"country": (country,)} if kind != "Subject" else {"nationality": (country, "DE")}
            records.append(entity(f"e{draw(st.integers(0, 5))}", kind, properties, draw(provenances(source))))
        made.put(records)
    return made


@UNHURRIED
@given(
    named_ledgers(),
    scopes(),
    st.lists(st.sampled_from([*WORDS, "an", "b", "anne", "hero", "ber", "петроф"]), max_size=3).map(" ".join),
    st.sampled_from([None, "Organization", "Subject", "Thing"]),
    st.sampled_from([None, "co", "DE"]),
    st.integers(1, 4),
)
def test_found_is_who_the_rule_finds(
    ledger: Ledger, scope: Scope, text: str, kind: str | None, country: str | None, limit: int
) -> None:
    if not (text or kind or country):
        return
    view = View(ledger.network(), scope)
    finding = both("find", view, text=text, kind=kind, country=country, limit=limit)
    words = tuple(dict.fromkeys(fold(text).split()))
    nodes, _ = shown(ledger, scope)
    scores: dict[str, float] = {}
    for entity_id in nodes:
        own = [r for r in ledger.entity_records() if r.entity_id == entity_id and sees(r, scope, scope.entity_kinds)]
        countries = {c for r in own for n in ("country", "nationality") for c in r.properties.get(n, ())}
        if (kind and not any(ONTOLOGY.is_a(r.kind, kind) for r in own)) or (
            country and country.upper() not in countries
        ):
            continue
        best = max(by_hand(words, ONTOLOGY.search_text(r.kind, r.properties)) for r in own)
        if best:
            scores[entity_id] = best
    assert finding.result.total == len(scores)
    assert finding.truncated == (len(scores) > limit)
    ordered = sorted(scores, key=lambda one: (-round(scores[one], 6), one))[:limit]
    assert hits(finding) == ordered
    assert [hit.score for hit in finding.result.hits] == pytest.approx([scores[one] for one in ordered], abs=1e-6)
    assert finding.entities == tuple(sorted(ordered))


def by_hand(words: tuple[str, ...], text: str) -> float:
    there = text.split()
    if not words:
        return 1.0
    best = [max((word_score(word, other) for other in there), default=0.0) for word in words]
    return 0.9 * sum(best) / len(words) + 0.1 * len(words) / max(len(there), len(words)) if all(best) else 0.0


# Who is found

LEDGER = Ledger().put(
    [
        entity("ann", properties={"name": ("Anna Berg",)}),
        entity("ann", properties={"name": ("Hidden Alias",)}, by=said("spy", markings=["m"])),
        entity("iban", "Account", {"iban": ("GB82WEST12345698765432",)}),
        entity("paid", "MoneyTransfer", {"name": ("Anna pays",)}),
        entity("other"),
    ],
    [link("l", "ann", "other")],
)


def test_all_words_must_be_met_in_one_record() -> None:
    view = View(LEDGER.network())
    assert hits(both("find", view, text="hidden alias")) == ["ann"]
    assert hits(both("find", view, text="anna hidden")) == []


def test_a_name_that_only_a_hidden_record_has_finds_nobody() -> None:
    assert hits(both("find", View(LEDGER.network(), Scope(markings=frozenset())), text="hidden alias")) == []


def test_an_identifier_is_one_word_whatever_its_spaces_and_dashes() -> None:
    view = View(LEDGER.network())
    assert hits(both("find", view, identifier="GB82 WEST-1234.5698 7654 32")) == ["iban"]
    assert hits(both("find", view, identifier="gb82west12345698765432", kind="Account")) == ["iban"]


def test_a_collapsed_event_is_not_found() -> None:
    assert hits(both("find", View(LEDGER.network()), text="anna")) == ["ann", "paid"]
    assert hits(both("find", View(LEDGER.network(), Scope(events=Events.COLLAPSED)), text="anna")) == ["ann"]


def test_equal_scores_come_by_id_and_the_limit_after() -> None:
    ledger = Ledger().put([entity(i, properties={"name": ("Ann",)}) for i in ("z", "a", "é", "B", "b")])
    finding = both("find", View(ledger.network()), text="ann", limit=3)
    assert finding.result.hits == (Hit("B", 1.0), Hit("a", 1.0), Hit("b", 1.0))
    assert finding.result.total == 5
    assert finding.truncated


def test_nobody_in_an_empty_view() -> None:
    finding = both("find", View(Ledger().network()), text="ann")
    assert (finding.result.hits, finding.result.total, finding.truncated) == ((), 0, False)
    assert both("find", View(Ledger().network()), kind="Subject").result.total == 0


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_a_kind_that_does_not_exist_is_an_error_on_every_engine(engine: str) -> None:
    with pytest.raises(UnknownKind, match="did you mean Subject"):
        ask("find", View(LEDGER.network()), engine, text="ann", kind="Subjct")


# What may be asked


@pytest.mark.parametrize(
    "given_parameters", [{}, {"text": ""}, {"text": "?!"}, {"identifier": "---"}, {"text": " \u200b "}]
)
def test_something_must_be_asked(given_parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="say what to look for"):
        FindParameters.model_validate(given_parameters)


def test_the_words_asked_are_folded_and_each_once() -> None:
    assert FindParameters(text="Ana ANA  Ørsted", identifier="12-3 4").words == ("ana", "orsted", "1234")


# In the database


@pytest.mark.parametrize(
    ("word", "clause"),
    [
        ("a", '("a")'),
        ("ab", '("ab" OR ab*)'),
        ("anna", '("anna" OR anna* OR anna~1)'),
        ("annabell", '("annabell" OR annabell* OR annabell~2)'),
    ],
)
def test_a_word_as_a_lucene_clause(word: str, clause: str) -> None:
    assert _lucene(word) == clause


@UNHURRIED
@given(st.text(max_size=30))
def test_no_syntax_survives_folding(text: str) -> None:
    for word in FindParameters(text=text, kind="Subject").words:
        assert not set(word) & set("+-&|!(){}[]^\"~*?:\\/<>=@#$%' ")
        assert word not in {"AND", "OR", "NOT", "TO"}


def test_the_database_gives_candidates_and_the_same_rule_scores_them() -> None:
    records = {"x": "anna berg", "y": "anna", "z": "nothing alike"}

    def answers(statement: Any, scope: Scope) -> list[dict[str, object]]:
        if statement.text == SAID:
            return [{"id": i, "kind": "Subject", "codes": "CO"} for i in statement.parameters["ids"]]
        return [{"id": i, "text": text, "codes": "", "kind": "Subject"} for i, text in records.items()]

    pushdown, store = database(answers)
    with Budget() as budget:
        finding = on_neo4j(pushdown, FindParameters(text="Anna", country="co"), budget)
    assert finding.result.hits == (Hit("y", 1.0), Hit("x", 0.95))
    assert store.asked[0][0].parameters == {"query": '("anna" OR anna* OR anna~1)'}


# Under a budget


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_a_spent_budget_is_told(engine: str) -> None:
    ledger = Ledger().put([entity(f"e{n}", properties={"name": ("Ann",)}) for n in range(50)])
    finding = ask("find", View(ledger.network()), engine, Limits(links=10), text="ann", limit=100)
    assert finding.truncated
    assert not ask("find", View(ledger.network()), engine, text="ann", limit=100).truncated


def test_reading_every_text_stops_when_it_is_called_off() -> None:
    asked = question("find")
    budget = Budget()
    budget.call_off()
    with pytest.raises(Cancelled):
        asked.networkx(View(LEDGER.network()), asked.parameters(text="ann"), budget)
