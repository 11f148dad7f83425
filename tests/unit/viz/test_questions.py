"""Every question of the catalogue, asked of a real service and drawn: what the chart holds, and what it says."""

from __future__ import annotations

import cmath
import dataclasses
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from graph_service.model.answer import Answer
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller, Events, Scope
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from queries.catalogue import CATALOGUE
from tests import worlds
from tests.unit.viz.answers import AT
from viz.chart import offline_page
from viz.elements import Scene
from viz.scene import scene_of

ONTOLOGY = load_ontology()
TRANSFERS = [
    [
        f"t:{number}",
        "MoneyTransfer",
        {"amount": [f"{9_000 + number}.50"], "currency": ["USD"], "date": [f"2021-03-0{number}"]},
    ]
    for number in range(1, 7)
]
STEPS = (
    {
        "source": "register",
        "entities": [
            [
                "ana",
                "Subject",
                {"name": ["Ana Lima"], "nationality": ["PT"]},
                {"grade": "B2", "markings": ["TLP:GREEN"]},
            ],
            ["bob", "Subject", {"name": ["Bob \u202eStone"]}],
            ["cid", "Subject", {"name": ["Cid Alone"]}],
            ["acme", "Organization", {"name": ["Acme Trading"]}],
            ["a:1", "Account", {"number": ["1"]}],
            ["a:2", "Account", {"number": ["2"]}],
            *TRANSFERS,
        ],
        "links": [
            ["l1", "ASSOCIATE_OF", "ana", "bob", {}, {"from": "2014", "grade": "B2"}],
            ["l2", "ASSOCIATE_OF", "bob", "ana", {}, {"from": "2016"}],
            ["l3", "DIRECTOR_OF", "ana", "acme", {"role": ["chair"]}, {"from": "2014", "to": "2015"}],
            ["l4", "HAS_ACCOUNT", "ana", "a:1"],
            ["l5", "HAS_ACCOUNT", "acme", "a:2"],
            ["l6", "ASSOCIATE_OF", "bob", "bob"],
            *([f"o{number}", "ORIGINATOR", "a:1", f"t:{number}"] for number in range(1, 7)),
            *([f"b{number}", "BENEFICIARY", f"t:{number}", "a:2"] for number in range(1, 7)),
        ],
    },
)
ASKED: dict[str, tuple[dict[str, object], str, str]] = {
    "find": ({"text": "ana lima"}, "force", "Search for “ana lima”"),
    "entity": ({"entity": "ana"}, "rings", "All that is known about Ana Lima"),
    "expand": ({"entity": "bob", "hops": 2}, "rings", "What is linked to Bob ⟦U+202E⟧Stone"),
    "shortest-paths": ({"source": "a:1", "target": "a:2"}, "paths", "How 1 is connected with 2"),
    "k-paths": ({"source": "a:1", "target": "a:2", "limit": 3}, "paths", "The best ways from 1 to 2"),
    "all-paths": ({"source": "ana", "target": "a:2"}, "paths", "Every way from Ana Lima to 2"),
    "best-evidence": (
        {"source": "ana", "target": "a:2"},
        "paths",
        "The best evidence that joins Ana Lima and 2",
    ),
    "reach": ({"source": "ana", "max_hops": 1}, "rings", "What can be reached from Ana Lima"),
    "common": ({"entities": ["a:1", "a:2"]}, "force", "What 1 and 2 have in common"),
    "connecting-network": (
        {"entities": ["ana", "a:2", "bob"]},
        "force",
        "How Ana Lima, 2 and Bob ⟦U+202E⟧Stone hang together",
    ),
    "explain-path": ({"source": "ana", "links": ["l3", "l5"]}, "paths", "A path from Ana Lima, explained"),
    "independent-routes": (
        {"source": "a:1", "target": "a:2", "share_no": "entity"},
        "paths",
        "Independent ways from 1 to 2",
    ),
    "time-ordered": (
        {"source": "bob", "target": "acme", "directed": False},
        "paths",
        "How Bob ⟦U+202E⟧Stone reaches Acme Trading in time",
    ),
    "cycles": (
        {"entity": "ana", "directed": False, "limit": 1, "min_hops": 3},
        "circle",
        "What comes back to Ana Lima",
    ),
    "components": ({"min_size": 1}, "clusters", "Connected groups"),
    "cores": ({}, "force", "The cores"),
    "cliques": ({"min_size": 2}, "force", "Who is linked with everybody else"),
    "communities": ({}, "clusters", "Communities"),
    "community": ({"entity": "ana"}, "clusters", "The group of Ana Lima"),
    "cross-border-communities": ({"min_countries": 1}, "force", "Groups across borders"),
    "bridges-between": (
        {"left": "ana", "right": "acme", "whole": False},
        "clusters",
        "What joins Ana Lima and Acme Trading",
    ),
    "community-history": ({"min_size": 2}, "clusters", "Groups over time"),
    "degree": ({}, "force", "Who is most connected"),
    "key-players": ({"measure": "degree"}, "force", "Who matters most, by degree"),
    "similar": ({"entity": "t:1"}, "rings", "Who is like USD 9,001.50"),
    "disruption": ({"count": 2, "strategies": "degree,betweenness"}, "force", "Who would be missed"),
    "rank-uncertainty": ({"draws": 20}, "force", "How sure a ranking by betweenness is"),
}
"""For each question what is asked, and the layout and title of its chart."""


@pytest.fixture(scope="module")
def service() -> Iterator[GraphService]:
    store = EmbeddedStore(None)
    worlds.build(store, STEPS)
    behind = GraphService(store, ONTOLOGY)
    yield behind
    behind.close()


def ask(service: GraphService, name: str, parameters: dict[str, object], scope: Scope | None = None) -> Answer[Any]:
    return service.ask(name, parameters, scope or Scope(), Caller())


def drawn(answer: Answer[Any]) -> Scene:
    return scene_of(answer, ONTOLOGY, drawn_at=AT)


def shown(value: object) -> Iterator[str]:
    """Every text of a scene but ids, which stay as they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from shown(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name not in {"id", "source", "target", "nodes", "links"}:
                yield from shown(getattr(value, field.name))


def test_every_question_has_a_case() -> None:
    assert set(ASKED) == set(CATALOGUE)


@pytest.mark.parametrize("name", ASKED)
def test_a_chart_holds_the_evidence_of_its_answer(service: GraphService, name: str) -> None:
    parameters, layout, title = ASKED[name]
    answer = ask(service, name, parameters)
    scene = drawn(answer)
    assert [node.id for node in scene.nodes] == [entity.id for entity in answer.subgraph.entities]
    assert sum(link.members for link in scene.links) == len(answer.subgraph.links)
    assert scene.nodes
    assert (scene.title, scene.layout) == (title, layout)
    assert [link.id for link in scene.links] == sorted(link.id for link in scene.links)
    assert sum(entry.count for entry in scene.legend if entry.of == "entity") == len(scene.nodes)
    assert sum(entry.count for entry in scene.legend if entry.of == "link") == len(answer.subgraph.links)


@pytest.mark.parametrize("name", ASKED)
def test_a_chart_is_a_function_of_its_answer(service: GraphService, name: str) -> None:
    parameters, _, _ = ASKED[name]
    once, again = drawn(ask(service, name, parameters)), drawn(ask(service, name, parameters))
    assert once == again
    assert offline_page(once).encode() == offline_page(again).encode()


@pytest.mark.parametrize("name", ASKED)
def test_the_order_of_the_world_does_not_show(service: GraphService, name: str) -> None:
    (step,) = STEPS
    mixed = random.Random(5)
    rows = {part: mixed.sample(list(step[part]), len(step[part])) for part in ("entities", "links")}
    store = EmbeddedStore(None)
    worlds.build(store, [{**step, **rows}])
    other = GraphService(store, ONTOLOGY)
    one, two = drawn(ask(service, name, ASKED[name][0])), drawn(ask(other, name, ASKED[name][0]))
    other.close()
    assert [(n.id, n.x, n.y, n.caption, n.size) for n in one.nodes] == [
        (n.id, n.x, n.y, n.caption, n.size) for n in two.nodes
    ]
    assert [(n.id, n.curve, n.caption) for n in one.links] == [(n.id, n.curve, n.caption) for n in two.links]


@pytest.mark.parametrize("name", ASKED)
def test_hidden_characters_are_visible_and_ids_are_not_touched(service: GraphService, name: str) -> None:
    scene = drawn(ask(service, name, ASKED[name][0]))
    assert not [text for text in shown(scene) if "\u202e" in text]
    assert {end for link in scene.links for end in (link.source, link.target)} <= {node.id for node in scene.nodes}


@pytest.mark.parametrize("name", ASKED)
def test_nodes_lie_apart_and_numbers_are_finite(service: GraphService, name: str) -> None:
    scene = drawn(ask(service, name, ASKED[name][0]))
    places = {(node.x, node.y) for node in scene.nodes}
    assert len(places) == len(scene.nodes)
    assert all(abs(number) < 10_000 for place in places for number in place)
    assert all(0 < node.size <= 60 for node in scene.nodes)
    assert all(abs(link.curve) <= 1 or link.source == link.target for link in scene.links)


def test_links_of_one_pair_and_loops_are_told_apart(service: GraphService) -> None:
    scene = drawn(ask(service, "expand", {"entity": "bob"}))
    curves = {link.id: link.curve for link in scene.links}
    assert set(curves) >= {"l1", "l2"}
    assert curves["l1"] != 0 != curves["l2"]
    pair = [one for one in scene.links if {one.source, one.target} == {"ana", "bob"}]
    assert len({one.curve if one.source == "ana" else -one.curve for one in pair}) == len(pair)


def test_paths_through_transfers_are_one_each(service: GraphService) -> None:
    scene = drawn(ask(service, "shortest-paths", {"source": "a:1", "target": "a:2", "directed": True}))
    assert [entry.label for entry in scene.highlights] == [f"Path {number} · 2 links" for number in range(1, 7)]
    assert scene.highlights[0].text == "1 → USD 9,001.50 → 2"
    assert all(set(entry.nodes) <= {node.id for node in scene.nodes} for entry in scene.highlights)
    assert all(set(entry.links) <= {link.id for link in scene.links} for entry in scene.highlights)
    captions = {node.id: node.caption for node in scene.nodes}
    assert captions["t:3"] == "USD 9,003.50 · 2021-03-03"


def test_transfers_as_links_are_bundled_with_their_sum(service: GraphService) -> None:
    asked = {"source": "a:1", "target": "a:2", "directed": True}
    scene = drawn(ask(service, "shortest-paths", asked, Scope(events=Events.COLLAPSED)))
    (bundle,) = scene.links
    assert (bundle.members, bundle.directed) == (6, True)
    assert bundle.caption == "6 × Money transfer · USD 54,024.00"
    assert dict(bundle.details[1][1])["1"] == "Money transfer · USD 9,001.50 · 2021-03-01"
    assert "events as links" in scene.subtitle[1]
    assert any("6 parallel links are drawn in bundles" in note for note in scene.notes)
    assert all(entry.links == (bundle.id,) for entry in scene.highlights)


def test_no_path_is_said_with_how_sure_that_is(service: GraphService) -> None:
    scene = drawn(ask(service, "shortest-paths", {"source": "ana", "target": "cid"}))
    assert scene.links == ()
    assert scene.highlights == ()
    assert any(note.startswith("No path: everything that can be reached was looked at") for note in scene.notes)


def test_a_path_that_is_too_long_says_how_long(service: GraphService) -> None:
    scene = drawn(ask(service, "shortest-paths", {"source": "bob", "target": "a:2", "max_hops": 1}))
    assert [note for note in scene.notes if note.startswith("No path of at most 1 links")]


def test_nothing_found_is_an_empty_chart_that_says_so(service: GraphService) -> None:
    scene = drawn(ask(service, "find", {"text": "nobody is called so"}))
    assert (scene.nodes, scene.links, scene.legend) == ((), (), ())
    assert "Nothing to draw: the answer holds no entities." in scene.notes
    assert '"nodes":[]' in offline_page(scene)


def test_components_are_groups_with_their_members(service: GraphService) -> None:
    scene = drawn(ask(service, "components", {"min_size": 1}))
    assert [entry.label for entry in scene.highlights] == ["Group 1 · 11 entities", "Group 2 · 1 entity"]
    assert {node.group for node in scene.nodes} == {0, 1}


def test_a_ranking_puts_ranks_at_its_nodes(service: GraphService) -> None:
    scene = drawn(ask(service, "degree", {"limit": 2}))
    tags = sorted(node.tag for node in scene.nodes if node.tag)
    assert len(tags) == 2
    assert tags[0].startswith("1 · ")
    assert tags[1].startswith("2 · ")


def test_more_entities_than_can_be_read_are_grouped(service: GraphService) -> None:
    for name in ("components", "communities", "degree", "expand"):
        answer = ask(service, name, {"entity": "ana", "hops": 3} if name == "expand" else {})
        scene = scene_of(answer, ONTOLOGY, max_nodes=4, drawn_at=AT)
        assert len(scene.nodes) < len(answer.subgraph.entities)
        assert sum(node.members for node in scene.nodes) == len(answer.subgraph.entities)
        assert any("cannot be read one by one" in note for note in scene.notes)
        assert scene.highlights == ()
        known = {node.id for node in scene.nodes}
        assert all({link.source, link.target} <= known for link in scene.links)


def test_highlighted_entities_stand_out_and_a_title_can_be_given(service: GraphService) -> None:
    answer = ask(service, "communities", {})
    scene = scene_of(answer, ONTOLOGY, title="Chart 1\u202e", highlight=["a:2", "nobody"], drawn_at=AT)
    assert [node.id for node in scene.nodes if node.emphasis] == ["a:2"]
    assert scene.title == "Chart 1⟦U+202E⟧"


def tags(scene: Scene) -> dict[str, str]:
    return {node.id: node.tag for node in scene.nodes if node.tag}


def test_those_whom_a_question_names_are_marked(service: GraphService) -> None:
    asked = drawn(ask(service, "connecting-network", {"entities": ["ana", "a:2", "bob"]}))
    assert {node.id for node in asked.nodes if node.emphasis} == {"ana", "a:2", "bob"}
    assert tags(asked)["a:2"] == "asked"
    assert tags(asked)["ana"] == "asked · on 1 way"
    assert tags(drawn(ask(service, "bridges-between", ASKED["bridges-between"][0]))) == {"ana": "left", "acme": "right"}


def test_reach_lies_around_all_its_sources(service: GraphService) -> None:
    one = drawn(ask(service, "reach", {"source": "ana", "max_hops": 1}))
    assert tags(one) == {"ana": "start"}
    # From bob one link leads on to himself alone, from acme and a:1 links lead to accounts and transfers.
    assert {node.id: node.left_out for node in one.nodes if node.left_out} == {"a:1": 6, "acme": 1}
    two = drawn(ask(service, "reach", {"sources": ["a:1", "cid"], "max_hops": 1}))
    places = {node.id: (node.x, node.y) for node in two.nodes}
    middle = [(places["a:1"][axis] + places["cid"][axis]) / 2 for axis in (0, 1)]
    inner = max(abs(places[start][axis] - middle[axis]) for start in ("a:1", "cid") for axis in (0, 1))
    outer = max(abs(places[f"t:{number}"][axis] - middle[axis]) for number in range(1, 7) for axis in (0, 1))
    assert two.layout == "rings"
    assert two.title == "What can be reached from 1 and Cid Alone"
    assert inner < outer


def test_a_cycle_is_walked_around_the_circle(service: GraphService) -> None:
    scene = drawn(ask(service, "cycles", ASKED["cycles"][0]))
    (entry,) = scene.highlights
    assert entry.label == "Cycle 1 · 5 links"
    assert entry.text == "Ana Lima → 1 → USD 9,001.50 → 2 → Acme Trading → Ana Lima"
    places = {node.id: complex(node.x, node.y) for node in scene.nodes}
    middle = sum(places.values()) / len(places)
    turns = [cmath.phase((places[b] - middle) / (places[a] - middle)) for a, b in itertools.pairwise(entry.nodes)]
    assert turns == pytest.approx([2 * cmath.pi / 5] * 4, abs=0.1)


def test_the_weakest_link_is_bold_and_named(service: GraphService) -> None:
    scene = drawn(ask(service, "explain-path", {"source": "ana", "links": ["l3", "l5"]}))
    (bold,) = [link for link in scene.links if link.emphasis]
    answer = ask(service, "explain-path", {"source": "ana", "links": ["l3", "l5"]})
    assert bold.id == answer.result.strength.weakest
    assert bold.width > min(link.width for link in scene.links)
    assert any("its weakest link, drawn bold" in note for note in scene.notes)


def test_all_of_a_thing_is_never_bold(service: GraphService) -> None:
    scene = drawn(ask(service, "bridges-between", ASKED["bridges-between"][0]))
    assert [link.emphasis for link in scene.links] == [False]
    assert not [line for line in scene.subtitle if line.startswith("Bold")]


def test_a_group_and_those_beside_it_are_told_apart(service: GraphService) -> None:
    scene = drawn(ask(service, "community", {"entity": "ana"}))
    inside, beside = scene.highlights
    assert inside.label == "The group of Ana Lima · 3 entities"
    assert beside.label == "Beside it · 2 entities · of 1 other group"
    group = {node.id: node.group for node in scene.nodes}
    for link in scene.links:
        assert link.emphasis == (group[link.source] != group[link.target])
    assert tags(scene)["ana"] == "asked · 1 · 2 ties"


def test_ranks_stand_in_their_order_where_nothing_joins_them(service: GraphService) -> None:
    scene = drawn(ask(service, "degree", {"kind": "MoneyTransfer"}))
    assert scene.links == ()
    ranked = sorted(scene.nodes, key=lambda node: int(node.tag.split(" · ")[0]))
    assert [(node.y, node.x) for node in ranked] == sorted((node.y, node.x) for node in scene.nodes)


def test_what_the_marks_say_is_told(service: GraphService) -> None:
    scene = drawn(ask(service, "key-players", {"measure": "degree"}))
    assert tags(scene)["ana"] == "1 · 3"
    assert scene.subtitle[3:] == ("Over an entity: its rank, then its score by degree.",)
    removed = drawn(ask(service, "disruption", {"count": 2, "strategies": "degree,betweenness"}))
    assert tags(removed)["ana"] == "degree 1 · betweenness 1"
    alone = drawn(ask(service, "disruption", {"count": 2, "strategies": "degree"}))
    assert tags(alone) == {"ana": "removed 1", "acme": "removed 2"}


def test_a_chart_of_groups_says_nothing_of_marks(service: GraphService) -> None:
    scene = scene_of(ask(service, "community", {"entity": "ana"}), ONTOLOGY, max_nodes=4, drawn_at=AT)
    assert any(node.members > 1 for node in scene.nodes)
    assert len(scene.subtitle) == 3
    assert len(drawn(ask(service, "community", {"entity": "ana"})).subtitle) == 5
