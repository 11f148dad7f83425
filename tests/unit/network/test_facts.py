"""Facts against the merge: what arrays say of a thing is what its merged records say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from graph_service.model.merge import merge_entities, merge_links
from graph_service.model.records import EntityRecord, LinkRecord
from graph_service.model.scope import Events, Scope
from graph_service.network.view import View
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes, sees
from tests.unit.network.tables import ONTOLOGY, Ledger, entity, link, said


@UNHURRIED
@given(ledgers(), scopes())
def test_they_say_what_the_merge_says(ledger: Ledger, scope: Scope) -> None:
    view = View(ledger.network(), scope)
    facts, of_entities = view.facts, view.entity_facts
    seen = [record for record in ledger.entity_records() if sees(record, scope, scope.entity_kinds)]
    events = {one.id: one for one in merge_entities(seen, ONTOLOGY)}
    for number in view.node_numbers().tolist():
        merged = events[view.network.entity_id(number)]
        assert of_entities.probability[number] == pytest.approx(merged.probability, abs=1e-6)
        assert of_entities.sources[number] == len({record.said.source_id for record in merged.records})
    shown = [record for record in ledger.link_records() if sees(record, scope, scope.link_kinds)]
    links = {one.id: one for one in merge_links(shown)}
    for place in range(len(view.links)):
        ref = view.link_ref(place)
        records = events[ref.event].records if ref.event else links[ref.id].records
        probability = events[ref.event].probability if ref.event else links[ref.id].probability
        days = [record.said.valid.days() for record in records]
        assert facts.probability[place] == pytest.approx(probability, abs=1e-6)
        assert facts.first_day[place] == min(first for first, _ in days)
        assert facts.last_day[place] == max(last for _, last in days)


def test_two_origins_corroborate_and_one_repeats_itself() -> None:
    """B2 and C3 give .7696; the same source saying it twice counts once, by its better word (typologies, 1.7)."""
    once = [link("l", "a", "b", by=said("one", "B2"))]
    twice = [*once, link("l", "a", "b", by=said("one", "C3"))]
    corroborated = [*once, link("l", "a", "b", by=said("two", "C3"))]
    for links, expected, sources in ((once, 0.64, 1), (twice, 0.64, 1), (corroborated, 0.7696, 2)):
        facts = View(Ledger().put([entity("a"), entity("b")], links).network()).facts
        assert facts.probability.tolist() == [expected]
        assert facts.sources.tolist() == [sources]


def test_the_amount_is_that_of_the_best_graded_record_that_states_one() -> None:
    def paid(amount: str | None, grade: str) -> EntityRecord:
        return entity("t", "MoneyTransfer", {"amount": (amount,)} if amount else {}, said("s", grade))

    view = View(Ledger().put([paid(None, "A1"), paid("7", "C3"), paid("9", "B2"), paid("8", "B2")]).network())
    assert view.entity_facts.amount.tolist() == [9.0]
    nothing = View(Ledger().put([entity("a"), entity("a")]).network())
    assert np.isnan(nothing.entity_facts.amount).all()


def test_a_link_that_stands_for_an_event_has_the_facts_of_the_event() -> None:
    transfer = entity(
        "t", "MoneyTransfer", {"amount": ("12.5",)}, said("bank", "B2", valid=("2015-03-25", "2015-03-25"))
    )
    roles: list[LinkRecord] = [
        link("r1", "a", "t", "ORIGINATOR", said("bank", "E5")),
        link("r2", "t", "b", "BENEFICIARY", said("bank", "E5")),
        link("k", "a", "b", "ASSOCIATE_OF", said("hearsay", "D4")),
    ]
    ledger = Ledger().put([entity("a"), entity("b"), transfer], roles)
    view = View(ledger.network(), Scope(events=Events.COLLAPSED))
    by_id = {view.link_id(place): place for place in range(len(view.links))}
    event, direct = by_id["t[a>b]"], by_id["k"]
    assert (view.facts.amount[event], view.facts.probability[event]) == (12.5, 0.64)
    assert view.facts.first_day[event] == view.facts.last_day[event] == 16519  # days from 1970 to 2015-03-25
    assert np.isnan(view.facts.amount[direct])
    assert view.facts.probability[direct] == pytest.approx(0.35 * 0.35)
