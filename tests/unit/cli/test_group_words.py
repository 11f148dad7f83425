"""Groups in words: a sentence first, then figures and names; nothing that is not known is made up."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.cli.local import LocalClient
from graph_service.network.compiled import available
from tests.unit.cli.telling import client_over, lines

pytestmark = pytest.mark.skipif(not available("numba"), reason="the compiled engine needs numba")


def people(country: str, *names: str) -> list[list[Any]]:
    return [[name, "Subject", {"name": [name.capitalize()], "nationality": [country]}] for name in names]


def friends(*pairs: str) -> list[list[Any]]:
    return [[pair, "ASSOCIATE_OF", *pair.split("-")] for pair in pairs]


STEPS = (
    {
        "source": "case file",
        "entities": [
            *people("ES", "eva", "enzo", "elsa"),
            *people("CO", "cruz", "caro"),
            *people("PA", "pia"),
            ["acme", "Company", {"name": ["Acme"]}],
            ["pay", "MoneyTransfer", {"amount": ["900.50"], "currency": ["USD"]}],
            ["haul", "Seizure", {"name": ["Haul of May"]}],
            ["loner", "Subject", {"name": ["Loner"]}],
        ],
        "links": [
            *friends("eva-enzo", "eva-elsa", "enzo-elsa", "cruz-caro", "eva-pia", "pia-cruz", "pia-caro"),
            ["d", "DIRECTOR_OF", "pia", "acme", {}, {"from": "2014", "to": "2017"}],
            ["o", "ORIGINATOR", "eva", "pay", {}, {"from": "2015-03-02", "to": "2015-03-02"}],
            ["b", "BENEFICIARY", "pay", "enzo"],
            ["s", "SEIZED_FROM", "haul", "caro"],
        ],
    },
)


client = client_over(STEPS)


def test_a_group_is_told_in_one_sentence_first(client: LocalClient) -> None:
    shown = lines(client, "community", entity="eva", resolution=0.1)
    assert shown[0] == (
        "Group of 6 subjects, 1 company and 2 others in 3 countries (ES 3, CO 2, PA 1), active on 2015-03-02, "
        "held together by Pia (Subject), Eva (Subject) and Caro (Subject)."
    )
    assert shown[2] == (
        "Group of Eva (Subject) [eva] (leiden): 9 members, 11 ties among them, 0 that leave it; "
        "core of 7 members with 2 ties each."
    )


def test_then_who_matters_what_would_fall_apart_and_the_money(client: LocalClient) -> None:
    shown = lines(client, "community", entity="eva", resolution=0.1)
    assert shown[shown.index("Key members:") + 1] == "  1. Eva (Subject): tied to 4 members [eva]"
    cut = shown.index("Who holds it together:")
    assert shown[cut + 1] == "  1. Pia (Subject): without, 4 members would be cut off"
    assert shown[shown.index("Money:") + 1] == "  1. USD 900.5 within the group (1 movement)"
    assert any(line.endswith(". Caro (Subject) – Cruz (Subject): 1 link") for line in shown)
    assert not any(line.startswith(("Ties that leave it", "Groups nearby")) for line in shown)


def test_what_leaves_a_group_is_told_with_where_it_leads(client: LocalClient) -> None:
    scope = {"kinds": ["Subject", "ASSOCIATE_OF"]}
    shown = lines(client, "community", scope, entity="eva", resolution=1.0)
    assert shown[0].startswith("Group of 3 subjects in 1 country (ES 3), held together by a core of 3, each tied to 2")
    assert shown[shown.index("Ties that leave it:") + 1] == "  1. Eva (Subject) – Pia (Subject): 1 link"
    assert shown[shown.index("Groups nearby:") + 1] == "  1. that of Caro (Subject): 1 tie"
    weighed = lines(client, "community", scope, entity="eva", resolution=1.0, weight="evidence")
    assert "  1. Eva (Subject) – Pia (Subject): weight 0.250 by evidence" in weighed


def test_somebody_alone_and_a_thing_alone(client: LocalClient) -> None:
    assert lines(client, "community", entity="loner")[0] == "Group of 1 subject."
    assert lines(client, "community", {"kinds": ["Seizure"]}, entity="haul")[0] == "Group of 1 thing."


def test_groups_that_cross_borders_with_their_brokers(client: LocalClient) -> None:
    shown = lines(client, "cross-border-communities", resolution=0.1)
    assert shown[0] == "1 group of several countries (leiden); those that cross most first:"
    assert shown[1] == (
        "Group 1: 9 members in 3 countries (ES 3, CO 2, PA 1, 3 of no known country), 3 of 7 ties cross a border "
        "(43%), E-I index -0.14"
    )
    assert "  E-I index by country (-1 inward, 1 outward): ES -0.50; CO 0.33; PA 1.00" in shown
    assert "  secrecy jurisdictions: PA" in shown
    assert "  seizures: Haul of May (Seizure)" in shown
    assert (
        shown[6]
        == "  between countries: Eva (Subject) of ES, 4 times between two others (gatekeeper 2, representative 2)"
    )


def test_what_joins_two_groups_and_how_few_it_hangs_on(client: LocalClient) -> None:
    shown = lines(client, "bridges-between", left="eva,enzo,elsa", right="cruz,caro")
    assert shown[:4] == [
        "Left 3 members, right 2 members: 0 direct ties, and 1 entity between them.",
        "All of it hangs on 1 entity, and no fewer: Pia (Subject).",
        "Between them, by the pairs they join:",
        "  1. Pia (Subject): joins 1 of the left and 2 of the right; 4 neighbours in all [pia]",
    ]
    direct = lines(client, "bridges-between", left="eva", right="enzo", whole=False)
    assert direct[0] == "Left 1 member, right 1 member: 1 direct tie, and 2 entities between them."
    assert "  1. Enzo (Subject) – Eva (Subject): 1 link" not in direct
    assert "  1. Eva (Subject) – Enzo (Subject): 1 link" in direct
    assert "  2. Eva (Subject) (left): 1 member of the other side by 1 link" in direct


def test_nothing_between_two_groups_is_said_plainly(client: LocalClient) -> None:
    shown = lines(client, "bridges-between", left="eva", right="loner", whole=False)
    assert shown[0] == "Left 1 member, right 1 member: nothing joins them directly or through one entity."
    assert not any("hangs on" in line for line in shown)


def test_levels_and_the_constant_potts_quality_are_told(client: LocalClient) -> None:
    shown = lines(client, "communities", levels=2, quality="cpm", resolution=0.05)
    assert shown[0].startswith("2 groups, modularity 0.")
    assert "(leiden), constant Potts " in shown[0]
    level = next(place for place, line in enumerate(shown) if line.startswith("Level 2: "))
    assert all(" around " in line and ", within the group of " in line for line in shown[level + 1 : level + 3])


def test_parties_are_named_before_things_and_events(client: LocalClient) -> None:
    named = lines(client, "components", min_size=9, members=9)[2].strip().removesuffix(" …").split("; ")
    assert len(named) == 8
    assert all(name.endswith(("(Subject)", "(Company)")) for name in named[:7])
    assert named[7] == "Haul of May (Seizure)"


def test_kinds_are_counted_in_words(client: LocalClient) -> None:
    from graph_service.cli.facts import Names

    names = Names(client.ontology(), ())
    assert names.counted("Company", 1) == "1 company"
    assert names.counted("Company", 1_200) == "1,200 companies"
    assert names.counted("Unheard", 2) == "2 unheard"
    assert names.is_party("Bank")
    assert not names.is_party("Account")
