from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from graph_service.model.ontology import load_ontology
from tests.e2e.hostile import hostile_strings
from tests.unit.viz.answers import AT, answer, entity, money_path
from viz.chart import asset_files, content_security_policy, offline_page, scene_json, to_pyvis, workbench_page
from viz.plots import Line, Panel, curves
from viz.scene import scene_of

ONTOLOGY = load_ontology()


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the texts of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] in {"script", "style"}:
            self.inside.append((self.found[-1][0], data))


@pytest.fixture(scope="module")
def page() -> str:
    return offline_page(scene_of(money_path(), ONTOLOGY, drawn_at=AT))


def test_the_same_scene_gives_the_same_page(page: str) -> None:
    assert offline_page(scene_of(money_path(), ONTOLOGY, drawn_at=AT)) == page


def test_a_plot_stands_in_the_page_as_a_drawing_under_the_same_policy(page: str) -> None:
    """The page without it is the same; the drawing brings no script, no style and no address with it."""
    drawn = curves("What is <left>", "In words", [Panel("Height", [Line("one", [1, 2])], 2)], "removed")
    with_plot = offline_page(scene_of(money_path(), ONTOLOGY, drawn_at=AT), drawn)
    assert drawn in with_plot
    assert "<details" not in page.partition("<main")[0]
    before, after = Elements(page), Elements(with_plot)
    assert [text for _, text in before.inside] == [text for _, text in after.inside]
    brought = [(tag, attributes) for tag, attributes in after.found if (tag, attributes) not in before.found]
    assert {"details", "svg", "polyline"} <= {tag for tag, _ in brought}
    assert not [tag for tag, attributes in brought if {"style", "href", "src", "onload"} & set(attributes)]
    assert "&lt;left&gt;" in with_plot


def test_the_policy_allows_the_scripts_and_style_of_the_page_and_nothing_else(page: str) -> None:
    elements = Elements(page)
    (policy,) = [a["content"] for tag, a in elements.found if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in policy
    written = {"script": [], "style": []}  # type: dict[str, list[str]]
    for tag, text in elements.inside:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        if text.strip() and not text.startswith("{"):
            written[tag].append(f"'sha256-{digest}'")
    assert directives["script-src"].split() == written["script"]
    assert directives["style-src"].split() == written["style"]


def test_the_page_refers_to_nothing_outside_itself(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert not {"src", "href", "action", "srcset"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag


def test_the_scene_of_the_page_is_the_scene(page: str) -> None:
    scene = scene_of(money_path(), ONTOLOGY, drawn_at=AT)
    found = re.search(r'id="chart-scene">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert json.loads(found[1]) == scene_json(scene)


def test_hostile_texts_add_no_element_to_a_page() -> None:
    plain = scene_of(answer([entity("a")], []), ONTOLOGY, title="a", drawn_at=AT)
    tags = [tag for tag, _ in Elements(offline_page(plain)).found]
    for text in hostile_strings(120):
        hostile = scene_of(answer([entity(text, text)], [], None, text), ONTOLOGY, title=text, drawn_at=AT)
        made = offline_page(hostile)
        assert [tag for tag, _ in Elements(made).found] == tags
        island = made.split('id="chart-scene">')[1].split("</script>")[0]
        assert not set("<>&") & set(island)
        assert json.loads(island)["nodes"][0]["id"] == text


def test_the_workbench_asks_for_assets_that_there_are() -> None:
    served = Elements(workbench_page("a-nonce")).found
    asked = [a.get("src") or a.get("href") for tag, a in served if tag in {"script", "link"} and a.get("rel") != "icon"]
    assert {str(path).removeprefix("/assets/") for path in asked} <= set(asset_files())
    assert all(a["nonce"] == "a-nonce" for tag, a in served if tag == "script")
    assert "'nonce-a-nonce'" in content_security_policy("a-nonce")
    assert "unsafe" not in content_security_policy("a-nonce")


@pytest.mark.parametrize("name", sorted(name for name in asset_files() if not name.startswith("vis-")))
def test_our_scripts_write_texts_only(name: str) -> None:
    text = asset_files()[name].decode()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "http:",
        "https:",
    ):
        assert word not in text.replace('"http://www.w3.org/2000/svg"', ""), word
    assert not re.search(r"\bon[a-z]+\s*=\s*[\"']", text)


def test_pyvis_gets_every_node_and_link() -> None:
    scene = scene_of(money_path(), ONTOLOGY, drawn_at=AT)
    network = to_pyvis(scene)
    assert (len(network.nodes), len(network.edges)) == (4, 4)
    assert network.edges[0]["from"] in {node["id"] for node in network.nodes}
