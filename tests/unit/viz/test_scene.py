from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from graph_service.model.graph import Subgraph
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Events, Scope
from graph_service.model.time import Interval
from tests.unit.viz.answers import AT, Group, Groups, answer, entity, link, money_path
from viz.captions import amount_text, interval_text
from viz.scene import scene_of
from viz.style import entity_style, ink_on

ONTOLOGY = load_ontology()


def test_the_same_answer_gives_the_same_scene() -> None:
    assert scene_of(money_path(), ONTOLOGY, drawn_at=AT) == scene_of(money_path(), ONTOLOGY, drawn_at=AT)


def test_paths_run_from_left_to_right_and_share_their_ends() -> None:
    scene = scene_of(money_path(), ONTOLOGY, drawn_at=AT)
    x = {one.id: one.x for one in scene.nodes}
    assert scene.layout == "paths"
    assert x["b:cimb"] < x["t:1"] == x["t:2"] < x["b:barclays"]
    assert {one.id: one.tag for one in scene.nodes if one.tag} == {"b:cimb": "from", "b:barclays": "to"}
    assert [entry.links for entry in scene.highlights] == [("l:1a", "l:1b"), ("l:2a", "l:2b")]
    assert scene.highlights[0].text == "CIMB Bank Berhad → USD 56,898,523.47 → Barclays Bank Plc"


def test_an_event_says_what_moved_how_often_and_when() -> None:
    captions = {one.id: one.caption for one in scene_of(money_path(), ONTOLOGY, drawn_at=AT).nodes}
    assert captions["t:1"] == "USD 56,898,523.47 · 68 transfers · 2015-03-25 – 2015-09-25"
    assert captions["t:2"] == "USD 9,990 · 1 transfer · 2012-06-20"


def test_question_scope_and_state_are_told() -> None:
    scope = Scope(frozenset({"TLP:GREEN"}), Interval("2014", None), AT, frozenset({"Bank"}), events=Events.COLLAPSED)
    scene = scene_of(replace(money_path(), scope=scope, truncated=True), ONTOLOGY, drawn_at=AT)
    assert scene.title == "How CIMB Bank Berhad is connected with Barclays Bank Plc"
    asked, looked_at, answered = scene.subtitle
    assert "max hops 6" in asked
    assert looked_at == (
        "Scope: markings TLP:GREEN · valid since 2014 · as known on 2026-01-02 23:59 UTC"
        " · entities: Bank · events as links"
    )
    assert answered.endswith("engine memory · store embedded · revision 7 · drawn 2026-01-02 23:59 UTC")
    assert scene.notes[0].startswith("Truncated")


def test_details_name_source_grade_place_markings_and_dates() -> None:
    scene = scene_of(money_path(), ONTOLOGY, drawn_at=AT)
    details = next(one.details for one in scene.nodes if one.id == "b:cimb")
    (_, merged), (heading, said) = details
    assert dict(merged)["Kind"] == "Bank"
    assert dict(merged)["Confidence"] == "64%, from the grades of its sources"
    assert heading == "Source: sar-3297"
    assert {("Grade", "B2"), ("Place in the source", "transactions.csv:2"), ("Markings", "TLP:AMBER")} <= set(said)
    assert ("Holds", "since 2015-03-25") in said


def test_an_expansion_lies_around_its_start() -> None:
    @dataclass(frozen=True)
    class LeftOut:
        entity: str
        kind: str
        links: int

    @dataclass(frozen=True)
    class Expanded:
        left_out: tuple[LeftOut, ...]

    spokes = [entity(f"c:{number}") for number in range(8)]
    links = [link(f"l:{number}", "s", f"c:{number}") for number in range(8)]
    result = Expanded((LeftOut("c:3", "OWNS", 40),))
    scene = scene_of(answer([entity("s"), *spokes], links, result, "expand", entity="s"), ONTOLOGY, drawn_at=AT)
    start = next(one for one in scene.nodes if one.id == "s")
    assert scene.layout == "rings"
    assert start.tag == "start"
    assert {round(((n.x - start.x) ** 2 + (n.y - start.y) ** 2) ** 0.5 / 40) for n in scene.nodes if n.id != "s"} != {0}
    assert next(one.left_out for one in scene.nodes if one.id == "c:3") == 40
    assert "40 links of 1 entities were not followed (marked +)." in scene.notes


def test_communities_are_clusters_of_their_own() -> None:
    groups = [Group(str(g), tuple(f"e:{g}:{n}" for n in range(4))) for g in range(3)]
    entities = [entity(member) for group in groups for member in group.members]
    links = [link(f"l:{g.id}:{n}", g.members[0], g.members[n]) for g in groups for n in (1, 2, 3)]
    scene = scene_of(answer(entities, links, Groups(tuple(groups)), "communities"), ONTOLOGY, drawn_at=AT)
    assert scene.layout == "clusters"
    assert {one.id: one.group for one in scene.nodes}["e:2:1"] == 2
    assert scene.highlights[0].label == "Group 1 · 4 entities"


def test_too_many_entities_are_grouped_and_that_is_said() -> None:
    entities = [
        entity("hub", "Bank"),
        *(entity(f"c:{n}") for n in range(60)),
        *(entity(f"s:{n}", "Subject") for n in range(60)),
    ]
    links = [link(f"l:{n}", f"s:{n}", f"c:{n}") for n in range(60)] + [
        link(f"h:{n}", f"c:{n}", "hub") for n in range(60)
    ]
    asked = answer(entities, links, None, "expand", entity="hub")
    scene = scene_of(asked, ONTOLOGY, max_nodes=50, drawn_at=AT)
    assert {(one.id, one.members) for one in scene.nodes} == {("hub", 1), ("group:Company", 60), ("group:Subject", 60)}
    assert sorted(one.caption for one in scene.links) == ["60 × owns", "60 × owns"]
    assert any("120 entities are drawn as 2 groups, by their kinds" in note for note in scene.notes)
    assert len(scene_of(asked, ONTOLOGY, drawn_at=AT).nodes) == 121


def test_many_parallel_links_are_one_bundle_with_their_sum() -> None:
    money = {"amount": ("1000.50",), "currency": ("EUR",)}
    links = [link(f"l:{n}", "a", "b", "INDEBTED_TO", money) for n in range(6)]
    scene = scene_of(answer([entity("a"), entity("b")], links), ONTOLOGY, drawn_at=AT)
    (bundle,) = scene.links
    assert (bundle.members, bundle.caption) == (6, "6 × owes money to · EUR 6,003.00")
    few = scene_of(answer([entity("a"), entity("b")], links[:3]), ONTOLOGY, drawn_at=AT)
    assert len({one.curve for one in few.links}) == 3


def test_a_ranking_says_each_rank_and_its_links() -> None:
    @dataclass(frozen=True)
    class Ranked:
        id: str
        degree: int

    @dataclass(frozen=True)
    class Ranking:
        ranking: tuple[Ranked, ...]

    result = Ranking((Ranked("b", 1_062), Ranked("a", 7)))
    scene = scene_of(answer([entity("a"), entity("b")], [], result), ONTOLOGY, drawn_at=AT)
    assert {one.id: (one.tag, one.emphasis) for one in scene.nodes} == {
        "b": ("1 · 1,062 links", False),
        "a": ("2 · 7 links", False),
    }


def test_loops_and_kinds_that_nobody_knows_are_drawn() -> None:
    scene = scene_of(answer([entity("a", "Martian")], [link("l", "a", "a", "ORBITS")]), ONTOLOGY, drawn_at=AT)
    assert (scene.nodes[0].kind_label, scene.links[0].kind_label) == ("Martian", "ORBITS")


def test_legend_counts_what_is_drawn() -> None:
    scene = scene_of(money_path(), ONTOLOGY, drawn_at=AT)
    assert [(e.of, e.kind, e.count) for e in scene.legend] == [
        ("entity", "Bank", 2),
        ("entity", "MoneyTransfer", 2),
        ("link", "ORIGINATOR", 2),
        ("link", "BENEFICIARY", 2),
    ]


def test_hidden_characters_show_in_every_text_but_the_id() -> None:
    scene = scene_of(answer([entity("a\u202e", caption="ev\u202eil")], []), ONTOLOGY, title="t\u202e", drawn_at=AT)
    (only,) = scene.nodes
    assert (only.id, only.caption, scene.title) == ("a\u202e", "ev⟦U+202E⟧il", "t⟦U+202E⟧")
    assert ("Id", "a⟦U+202E⟧") in only.details[0][1]


def test_nothing_found_is_said() -> None:
    @dataclass(frozen=True)
    class Proof:
        reason: str
        max_hops: int
        shortest: int | None

    @dataclass(frozen=True)
    class NoPath:
        paths: tuple[object, ...]
        proof: Proof

    result = NoPath((), Proof("bound", 3, 5))
    scene = scene_of(answer([entity("a"), entity("b")], [], result, "shortest-paths"), ONTOLOGY, drawn_at=AT)
    assert "No path of at most 3 links; the shortest has 5 links." in scene.notes
    empty = scene_of(replace(answer([], []), subgraph=Subgraph()), ONTOLOGY, drawn_at=AT)
    assert empty.notes == ("Nothing to draw: the answer holds no entities.",)


@pytest.mark.parametrize("kind", sorted(ONTOLOGY.entity_kinds))
def test_icons_stand_out_on_their_colour(kind: str) -> None:
    def luminance(colour: str) -> float:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    style = entity_style(ONTOLOGY, kind)
    low, high = sorted((luminance(style.colour), luminance(style.ink)))
    assert (high + 0.05) / (low + 0.05) >= 4.0


def test_amounts_intervals_and_ink() -> None:
    assert amount_text("56898523.470", "USD") == "USD 56,898,523.470"
    assert amount_text("many", "USD") == "USD many"
    assert amount_text("1E+99999") == "1E+99999"
    assert interval_text(Interval("2014", "2014")) == "2014"
    assert interval_text(Interval(None, "2015-06")) == "until 2015-06"
    assert (ink_on("#ffffff"), ink_on("#000000")) == ("#111827", "#ffffff")
