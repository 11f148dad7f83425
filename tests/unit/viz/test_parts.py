"""The parts that pages are made of: what scripts ask for is there, and what is there is asked for."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from graph_service.model.ontology import load_ontology
from tests.unit.viz.answers import AT, answer, entity, link, money_path
from viz.chart import asset_files, content_security_policy, offline_page, scene_json, to_pyvis, workbench_page
from viz.elements import Scene
from viz.scene import scene_of

ONTOLOGY = load_ontology()
PAGES = {
    "offline": offline_page(scene_of(money_path(), ONTOLOGY, drawn_at=AT)),
    "workbench": workbench_page("a-nonce"),
}
OURS = sorted(name for name in asset_files() if name.endswith(".js") and not name.startswith("vis-"))
_ID = re.compile(r"""\bat\("([\w-]+)"\)|getElementById\(["']([\w-]+)["']\)""")


class Ids(HTMLParser):
    """The ids and classes of a page, and what its labels and roles are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.named.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))


def text(name: str) -> str:
    return asset_files()[name].decode()


def chart_parts() -> set[str]:
    """The names of which graphPage.chartParts makes ids."""
    listed = re.search(r"chartParts = .*?\[(.*?)\]", text("panel.js"), re.DOTALL)
    assert listed is not None
    return {f"chart-{name}" for name in re.findall(r'"(\w+)"', listed[1])}


@pytest.mark.parametrize("page", PAGES)
def test_every_part_of_a_chart_is_in_the_page_once(page: str) -> None:
    ids = Ids(PAGES[page]).ids
    assert len(chart_parts()) == 20
    assert chart_parts() <= set(ids)
    assert len(ids) == len(set(ids))


def test_every_part_that_the_scripts_use_is_a_part_of_a_chart() -> None:
    used = {f"chart-{name}" for script in ("panel.js", "app.js") for name in re.findall(r"parts\.(\w+)", text(script))}
    assert used
    assert used <= chart_parts()


@pytest.mark.parametrize(("script", "page"), [("offline.js", "offline"), ("app.js", "workbench")])
def test_every_id_that_a_script_asks_for_is_in_its_page(script: str, page: str) -> None:
    asked = {one or other for one, other in _ID.findall(text(script))}
    assert asked
    assert asked <= set(Ids(PAGES[page]).ids)


def test_every_id_of_the_workbench_is_used() -> None:
    """An element with an id that no script, style or label speaks of is left over."""
    spoken = "".join(asset_files()[name].decode() for name in [*OURS, "style.css"])
    for name in Ids(PAGES["workbench"]).ids:
        bare = name.removeprefix("chart-")
        assert name in spoken or f'"{bare}"' in spoken or bare in ("from", "to", "path-from", "path-to"), name


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name(page: str) -> None:
    found = Ids(PAGES[page])
    for tag, attributes in found.named:
        if tag == "button":
            assert attributes.get("type") == "button"
    words = re.findall(r"<button[^>]*>(.*?)</button>", PAGES[page], re.DOTALL)
    assert words
    assert all(word.strip() for word in words)
    inputs = re.findall(r"<label[^>]*>(?:(?!</label>).)*<(?:input|select)", PAGES[page], re.DOTALL)
    assert len(inputs) == sum(tag in {"input", "select"} for tag, _ in found.named)


@pytest.mark.parametrize("name", OURS)
def test_every_function_that_a_script_calls_is_defined_by_one(name: str) -> None:
    everything = "".join(text(other) for other in OURS)
    for called in set(re.findall(r"graphPage\.(\w+)", text(name))):
        assert re.search(rf"graphPage\.{called} = ", everything), called


@pytest.mark.parametrize("name", OURS)
def test_scripts_are_strict_and_keep_their_names_to_themselves(name: str) -> None:
    written = text(name)
    assert '"use strict";' in written
    lines = [line for line in written.splitlines() if line and not line.startswith((" ", "//", "}", ")", '"'))]
    assert [line for line in lines if not line.startswith(("(() => {", "const graphPage"))] == []


def test_assets_are_exactly_what_both_pages_need() -> None:
    scripts = re.findall(r'src="/assets/([^"]+)"', PAGES["workbench"])
    styles = re.findall(r'rel="stylesheet" href="/assets/([^"]+)"', PAGES["workbench"])
    assert set(scripts) | set(styles) | {"offline.js"} == set(asset_files())
    assert scripts.index("dom.js") < scripts.index("paint.js") < scripts.index("chart.js") < scripts.index("app.js")
    assert all(asset_files().values())
    with pytest.raises(TypeError):
        asset_files()["x.js"] = b""  # type: ignore[index]


def test_only_the_drawing_library_names_addresses() -> None:
    """Outside the text of vis-network the page of a chart names no address but that of the SVG vocabulary."""
    library = max(PAGES["offline"].split("</script>"), key=len)
    page = PAGES["offline"].replace(library, "")
    assert len(page) < len(PAGES["offline"]) - 100_000
    assert set(re.findall(r"https?://[^\s\"'<>)]+", page)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("name", ["vis-network.min.js", *OURS, "style.css"])
def test_no_asset_ends_the_element_that_carries_it(name: str) -> None:
    assert "</script" not in text(name).lower()
    assert "</style" not in text(name).lower()
    assert "<!--" not in text(name)


def test_the_served_policy_allows_nothing_by_default() -> None:
    directives = dict(part.strip().split(" ", 1) for part in content_security_policy("n1").split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'nonce-n1'"
    assert directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["form-action"] == directives["base-uri"] == "'none'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert content_security_policy("n1") != content_security_policy("n2")


def test_a_workbench_differs_from_the_next_by_its_nonce_only() -> None:
    assert workbench_page("one-nonce").replace("one-nonce", "a-nonce") == PAGES["workbench"]
    assert workbench_page('"><script>') == PAGES["workbench"].replace("a-nonce", "&#34;&gt;&lt;script&gt;")


def every_scene() -> list[Scene]:
    lone = answer([entity("a")], [link("l", "a", "a")])
    return [scene_of(one, ONTOLOGY, drawn_at=AT) for one in (money_path(), lone, answer([], []))]


@pytest.mark.parametrize("scene", every_scene(), ids=["path", "loop", "empty"])
def test_a_scene_as_json_holds_plain_values_and_comes_back(scene: Scene) -> None:
    plain = scene_json(scene)
    assert set(plain) == {"title", "subtitle", "notes", "layout", "nodes", "links", "legend", "highlights"}
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    page = offline_page(scene)
    island = page.split('id="chart-scene">', 1)[1].split("</script>", 1)[0]
    assert json.loads(island) == plain
    assert island.isascii()
    assert not set("<>&\u2028\u2029") & set(island)


@pytest.mark.parametrize("scene", every_scene(), ids=["path", "loop", "empty"])
def test_pyvis_gets_places_colours_and_links_by_number(scene: Scene) -> None:
    network = to_pyvis(scene)
    assert [(n["id"], n["label"], n["x"], n["y"]) for n in network.nodes] == [
        (number, node.label, node.x, node.y) for number, node in enumerate(scene.nodes)
    ]
    ids = [node.id for node in scene.nodes]
    assert [(ids[e["from"]], ids[e["to"]]) for e in network.edges] == [(one.source, one.target) for one in scene.links]
    assert not any("title" in item for item in [*network.nodes, *network.edges])
    assert network.options.physics.enabled is False
