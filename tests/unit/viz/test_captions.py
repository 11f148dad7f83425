"""What a chart says in words about one entity, one link, a bundle of links and a group of entities."""

from __future__ import annotations

import dataclasses
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.grades import UNGRADED
from graph_service.model.graph import Entity, Link, Subgraph
from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from graph_service.model.time import Interval
from tests.unit.viz.answers import SAID, entity, event, link
from viz.captions import (
    MAX_RECORDS,
    MAX_TEXT,
    MAX_VALUES,
    amount_text,
    count_text,
    dates_text,
    entity_details,
    entity_lines,
    event_time,
    interval_text,
    kind_words,
    link_caption,
    link_details,
    money_text,
)
from viz.drawing import BUNDLE_ABOVE, link_label_lines, links_of, node_of
from viz.grouping import group_ids, grouped_links, grouped_nodes
from viz.style import GROUP_COLOURS, LINK_COLOURS, entity_style, group_colour, is_directed, link_colour

ONTOLOGY = load_ontology()
NOT_GRADED = dataclasses.replace(SAID, grade=UNGRADED, markings=frozenset(), valid=Interval(), row="")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=2))
def test_a_grouped_amount_is_the_same_number(number: Decimal) -> None:
    shown = amount_text(str(number), "EUR")
    assert shown.startswith("EUR ")
    assert Decimal(shown.removeprefix("EUR ").replace(",", "")) == number


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1E+400", "about 5", "", "１２３x", "<b>1</b>"])
def test_what_is_no_plain_number_is_shown_as_it_was_written(text: str) -> None:
    assert amount_text(text) == text


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"amount": ("1000",), "currency": ("USD",)}, "USD 1,000"),
        ({"amount": ("1000.10",)}, "1,000.10"),
        ({"amount_usd": ("12",)}, "USD 12"),
        ({"amount": ("7",), "amount_usd": ("12",), "currency": ("EUR",)}, "EUR 7"),
        ({"currency": ("EUR",)}, ""),
        ({}, ""),
    ],
)
def test_money_is_the_amount_with_its_currency(properties: dict[str, tuple[str, ...]], expected: str) -> None:
    assert money_text(properties) == expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"number_transactions": ("1",)}, "1 transfer"),
        ({"number_transactions": ("68",)}, "68 transfers"),
        ({"count": ("1",)}, "1 time"),
        ({"count": ("14",)}, "14 times"),
        ({"name": ("14",)}, ""),
    ],
)
def test_counts_are_said_in_words(properties: dict[str, tuple[str, ...]], expected: str) -> None:
    assert count_text(properties) == expected


def test_the_time_of_an_event_is_its_own_or_that_of_its_record() -> None:
    assert event_time(event("t", date="2015-03-25T10:00:00Z", end_date="2015-09-25")) == "2015-03-25 – 2015-09-25"
    assert event_time(event("t", date="2015-03-25", end_date="2015-03-25")) == "2015-03-25"
    assert event_time(event("t", end_date="2015")) == "2015"
    assert event_time(event("t")) == "since 2015-03-25"
    assert event_time(Entity("t", "MoneyTransfer", "t")) == ""
    assert dates_text({}) == ""
    assert interval_text(Interval()) == ""


def test_an_event_with_a_name_says_it_first_and_nothing_twice() -> None:
    calls = Entity(
        "c", "Communication", "14 calls in 2024-03", {"name": ("14 calls in 2024-03",), "date": ("2024-03",)}
    )
    assert entity_lines(calls, ONTOLOGY) == ("14 calls in 2024-03",)
    goods = Entity("s", "Shipment", "Cigarettes", {"name": ("Cigarettes",), "amount": ("5",), "date": ("2024-04-11",)})
    assert entity_lines(goods, ONTOLOGY) == ("Cigarettes", "5", "2024-04-11")
    assert entity_lines(Entity("t", "MoneyTransfer", "t:9"), ONTOLOGY) == ("t:9",)
    assert entity_lines(Entity("t", "MoneyTransfer", "", {"date": ("2024",)}), ONTOLOGY) == ("Money transfer", "2024")


def test_what_is_no_event_is_called_by_its_name_or_id() -> None:
    assert entity_lines(Entity("x:1", "Subject", ""), ONTOLOGY) == ("x:1",)
    assert entity_lines(Entity("x:1", "Martian", "Zog", {"amount": ("5",)}), ONTOLOGY) == ("Zog",)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (Link("l", "OWNS", "a", "b"), "owns"),
        (Link("l", "OWNS", "a", "b", Interval("2014", "2015"), {"share": ("25",)}), "owns · 25 % · 2014 – 2015"),
        (Link("l", "DIRECTOR_OF", "a", "b", Interval(), {"role": ("chair",)}), "director of (chair)"),
        (Link("l", "DIRECTOR_OF", "a", "b", Interval(), {"role": ("Director",)}), "director of"),
        (Link("l", "ORIGINATOR", "a", "t", Interval("2014", None)), "originator of"),
        (Link("l", "SENT_BY", "a", "b"), "SENT_BY"),
        (
            Link("l", "MoneyTransfer", "a", "b", Interval(), {"amount": ("9",), "date": ("2021-03-01",)}, event="t"),
            "Money transfer · 9 · 2021-03-01",
        ),
    ],
)
def test_a_link_says_its_kind_role_share_money_and_time(made: Link, expected: str) -> None:
    assert link_caption(made, ONTOLOGY) == expected
    assert kind_words(made.kind, ONTOLOGY) == expected.split(" · ", maxsplit=1)[0].split(" (", maxsplit=1)[0]


def test_a_caption_is_broken_by_its_facts() -> None:
    assert link_label_lines("owns · 25 % · 2014 – 2015") == "owns\n25 %\n2014 – 2015"
    assert max(len(line) for line in link_label_lines("a very long name of a link of some kind").split("\n")) <= 16


def test_details_are_short_however_much_is_known() -> None:
    values = {"name": tuple(f"name {number}" for number in range(20)), "notes": ("x" * 10_000,)}
    records = tuple(EntityRecord("e", "Subject", values, SAID) for _ in range(30))
    sections = entity_details(Entity("e", "Subject", "e", values, records), ONTOLOGY)
    assert len(sections) == 1 + MAX_RECORDS + 1
    assert sections[-1] == (f"and {30 - MAX_RECORDS} more records", ())
    merged = dict(sections[0][1])
    assert merged["Name"].endswith(f"and {20 - MAX_VALUES} more")
    assert max(len(text) for _, lines in sections for _, text in lines) <= MAX_TEXT


def test_details_list_what_the_ontology_does_not_know_last() -> None:
    known = entity("e", "Subject", "Ana", zz="1", nationality="PT", aa="2")
    labels = [label for label, _ in entity_details(known, ONTOLOGY)[0][1]]
    assert labels[:3] == ["Kind", "Id", "Confidence"]
    assert labels[-2:] == ["aa", "zz"]
    assert labels.index("Nationality") < labels.index("aa")


def test_what_nobody_graded_is_not_called_sure() -> None:
    plain = Entity("e", "Subject", "e", {}, (EntityRecord("e", "Subject", {}, NOT_GRADED),))
    (_, merged), (_, said) = entity_details(plain, ONTOLOGY)
    assert dict(merged)["Confidence"] == "not graded"
    assert dict(said) == {"Grade": "F6 (not graded)", "Markings": "none"}


def test_a_link_names_its_ends_and_its_event() -> None:
    made = Link("l:1", "MoneyTransfer", "a", "b", Interval("2014", None), {}, event="t:1")
    (_, merged) = link_details(made, ONTOLOGY, {"a": "Ana", "b": "B\u202eb"})[0]
    said = dict(merged)
    assert (said["From"], said["To"], said["Event"], said["Valid"]) == ("Ana", "B⟦U+202E⟧b", "t:1", "since 2014")
    assert link_details(Link("l", "OWNS", "x", "y"), ONTOLOGY, {})[0][1][1] == ("From", "x")


@given(st.text(max_size=60), st.text(min_size=1, max_size=40))
def test_no_text_of_a_record_reaches_a_chart_with_hidden_characters(name: str, key: str) -> None:
    record = EntityRecord(name or "e", "Subject", {key: (name,)}, Provenance(key, name, UNGRADED, frozenset({key})))
    node = node_of(Entity(name or "e", "Subject", name, {key: (name,)}, (record,)), ONTOLOGY)
    texts = [node.caption, node.label, *(text for _, lines in node.details for line in lines for text in line)]
    assert not [
        text for text in texts if any(hidden in text for hidden in "\u202e\u2066\u200b\u2028\x00\x1b\x7f\ufeff")
    ]
    assert node.id == (name or "e")


@pytest.mark.parametrize("count", [1, BUNDLE_ABOVE, BUNDLE_ABOVE + 1, 40])
def test_links_are_bundled_only_when_they_are_many(count: int) -> None:
    made = links_of([link(f"l:{n:02}", "a", "b") for n in range(count)], ONTOLOGY, {})
    assert len({one.id for one in made.values()}) == (1 if count > BUNDLE_ABOVE else count)
    assert set(made) == {f"l:{n:02}" for n in range(count)}
    assert sum(one.members for one in {one.id: one for one in made.values()}.values()) == count


def test_a_bundle_sums_each_currency_and_lists_its_links() -> None:
    rows = [("10", "USD"), ("20.50", "USD"), ("5", "EUR"), ("", ""), ("7", "")]
    links = [
        Link(f"l{n}", "INDEBTED_TO", "a", "b", Interval(), {"amount": (a,), "currency": (c,)} if a else {})
        for n, (a, c) in enumerate(rows)
    ]
    bundle = links_of(links, ONTOLOGY, {})["l0"]
    assert bundle.caption == "5 × owes money to · 7 · EUR 5 · USD 30.50"
    assert [label for label, _ in bundle.details[1][1]] == ["1", "2", "3", "4", "5"]
    odd = [*links, Link("l9", "INDEBTED_TO", "a", "b", Interval(), {"amount": ("some",)})]
    assert links_of(odd, ONTOLOGY, {})["l9"].caption == "6 × owes money to"


def test_a_bundle_lists_twenty_links_and_counts_the_rest() -> None:
    (listed,) = {
        one.details[1] for one in links_of([link(f"l{n}", "a", "b") for n in range(33)], ONTOLOGY, {}).values()
    }
    assert len(listed[1]) == 21
    assert listed[1][-1] == ("", "and 13 more")


def many(count: int) -> Subgraph:
    drawn = random.Random(count)
    entities = [entity(f"e:{n:04}", "Company" if n % 3 else "Subject") for n in range(count)]
    links = [
        link(f"l:{n}", f"e:{drawn.randrange(count):04}", f"e:{drawn.randrange(count):04}") for n in range(2 * count)
    ]
    return Subgraph.of(entities, links)


def test_groups_hold_everybody_once_and_no_link_is_lost() -> None:
    graph = many(300)
    group_of, words = group_ids(graph, (), {"e:0001": "start"}, 50)
    nodes = grouped_nodes(graph, ONTOLOGY, group_of)
    links = grouped_links(graph.links, ONTOLOGY, group_of)
    assert words == "their kinds"
    assert {(node.id, node.members) for node in nodes} == {
        ("e:0001", 1),
        ("group:Company", 199),
        ("group:Subject", 100),
    }
    inside = {
        node.id: int(dict(node.details[0][1])["Links inside"].replace(",", "")) for node in nodes if node.members > 1
    }
    own = sum(one.source == one.target == "e:0001" for one in graph.links)
    assert sum(link.members for link in links) + sum(inside.values()) + own == len(graph.links)
    assert max(link.width for link in links) <= 7.0


def test_groups_follow_the_parts_of_an_answer_while_they_are_few() -> None:
    graph = many(60)
    parts = [[f"e:{n:04}" for n in range(start, start + 20)] for start in (0, 20)]
    group_of, words = group_ids(graph, parts, {}, 10)
    assert words == "the groups that were found"
    assert sorted(set(group_of.values())) == ["group 1", "group 2", "in no group"]
    captions = {node.caption for node in grouped_nodes(graph, ONTOLOGY, group_of)}
    assert captions == {"20 entities: group 1", "20 entities: group 2", "20 entities: in no group"}
    assert group_ids(graph, parts, {}, 1)[1] == "their kinds"


def test_a_group_lists_its_most_connected_members() -> None:
    graph = Subgraph.of(
        [entity(f"e:{n}", "Subject") for n in range(40)], [link(f"l:{n}", "e:7", f"e:{n}") for n in range(8, 30)]
    )
    (node,) = grouped_nodes(graph, ONTOLOGY, dict.fromkeys((e.id for e in graph.entities), "Subject"))
    listed = node.details[2][1]
    assert len(listed) == 20
    assert listed[0][1] == "e:7"
    assert (node.icon, node.caption) == ("40", f"40 {entity_style(ONTOLOGY, 'Subject').plural}")


def test_kinds_look_the_same_in_every_chart() -> None:
    assert link_colour(ONTOLOGY, "OWNS") in LINK_COLOURS
    assert link_colour(ONTOLOGY, "ORBITS") == LINK_COLOURS[-1]
    assert [group_colour(n) for n in range(len(GROUP_COLOURS) + 1)] == [*GROUP_COLOURS, GROUP_COLOURS[0]]
    assert (is_directed(ONTOLOGY, "OWNS"), is_directed(ONTOLOGY, "ASSOCIATE_OF"), is_directed(ONTOLOGY, "X")) == (
        True,
        False,
        True,
    )
    shapes = {kind: entity_style(ONTOLOGY, kind).shape for kind in ("Subject", "MoneyTransfer", "Account", "Container")}
    assert shapes == {"Subject": "dot", "MoneyTransfer": "diamond", "Account": "square", "Container": "hexagon"}


def test_records_of_links_are_told_source_by_source() -> None:
    other = dataclasses.replace(SAID, source_id="register")
    records = tuple(LinkRecord("l", "OWNS", "a", "b", {"share": ("25",)}, by) for by in (SAID, other))
    made = Link("l", "OWNS", "a", "b", Interval(), {"share": ("25",)}, records)
    sections = link_details(made, ONTOLOGY, {})
    assert [heading for heading, _ in sections] == ["", "Source: sar-3297", "Source: register"]
    assert dict(sections[0][1])["Confidence"] == "87%, from the grades of its sources"
