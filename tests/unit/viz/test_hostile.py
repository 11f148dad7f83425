"""Names that would be markup, scripts or orders of direction: in the chart of every question they are text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from tests import worlds
from tests.unit.viz.test_chart import Elements
from tests.unit.viz.test_questions import ASKED, ONTOLOGY, STEPS, ask, drawn, shown
from viz.chart import offline_page

HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}}\u202e"


def renamed(row: Any) -> list[Any]:
    """The entity under a hostile name, where it has a name."""
    named = len(row) > 2 and "name" in row[2]
    return [*row[:2], {**row[2], "name": [f"{HOSTILE}{row[0]}"]}, *row[3:]] if named else row


@pytest.fixture(scope="module")
def hostile() -> Iterator[GraphService]:
    (step,) = STEPS
    store = EmbeddedStore(None)
    worlds.build(store, [{**step, "entities": [renamed(row) for row in step["entities"]]}])
    behind = GraphService(store, ONTOLOGY)
    yield behind
    behind.close()


@pytest.fixture(scope="module")
def harmless() -> Iterator[GraphService]:
    store = EmbeddedStore(None)
    worlds.build(store, STEPS)
    behind = GraphService(store, ONTOLOGY)
    yield behind
    behind.close()


@pytest.mark.parametrize("name", ASKED)
def test_a_hostile_name_is_text_in_the_chart_of_every_question(
    hostile: GraphService, harmless: GraphService, name: str
) -> None:
    parameters: dict[str, object] = {"text": HOSTILE} if name == "find" else ASKED[name][0]
    scene = drawn(ask(hostile, name, parameters))
    assert scene.nodes
    assert not [text for text in shown(scene) if "\u202e" in text]
    page = Elements(offline_page(scene))
    usual = Elements(offline_page(drawn(ask(harmless, name, ASKED[name][0]))))
    assert {tag for tag, _ in page.found} == {tag for tag, _ in usual.found}
    assert not [tag for tag, attributes in page.found if {"onerror", "onload", "src"} & set(attributes)]


def test_the_name_is_shown_as_it_was_said(hostile: GraphService) -> None:
    scene = drawn(ask(hostile, "community", {"entity": "ana"}))
    said = "</script><img src=x onerror=alert(1)>{{7*7}}⟦U+202E⟧ana"
    assert scene.title == f"The group of {said}"
    assert next(node.caption for node in scene.nodes if node.id == "ana") == said
    assert said[:30] in scene.highlights[0].label
