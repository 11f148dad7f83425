"""What a reader sees of hostile texts: the texts themselves, character by character, wherever a page may show them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from graph_service.model.answer import Answer
from graph_service.model.graph import Entity, Link, Subgraph
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Scope
from graph_service.model.time import parse_moment
from tests.e2e.hostile import hostile_strings
from tests.services.chromium import requests_made
from tests.unit.viz.answers import Group, Groups, entity, link
from viz.chart import offline_page
from viz.elements import Scene, SceneLink, SceneNode
from viz.scene import scene_of
from viz.text import visible

AT = parse_moment("2026-01-02")
ONTOLOGY = load_ontology()
A_PAGE = 250
KEYS = ("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "length", "0", "", " ")
WATCH = """
window.__executed = 0; window.__xss = 0; window.__refused = []; window.__saved = [];
document.addEventListener('securitypolicyviolation', (event) => window.__refused.push(event.violatedDirective));
for (const name of ['alert', 'confirm', 'prompt', 'open', 'eval']) window[name] = () => { window.__executed += 1; };
const click = HTMLAnchorElement.prototype.click;
HTMLAnchorElement.prototype.click = function () { window.__saved.push([this.download, this.href.split(':')[0]]); };
"""
HOVER = """
const { chart } = graphPage.shown;
const tip = document.getElementById('chart-tip');
const emit = (name, what) => chart.network.body.emitter.emit(name, { event: { clientX: 9, clientY: 9 }, ...what });
const read = (name, key, count) => Array.from({ length: count }, (_, place) => {
  emit(name, { [key]: place });
  return [tip.textContent, tip.childElementCount];
});
return [read('hoverNode', 'node', chart.scene.nodes.length), read('hoverEdge', 'edge', chart.scene.links.length)];
"""
CHOOSE = """
const { chart } = graphPage.shown;
const details = document.getElementById('chart-details');
const texts = (selector) => [...details.querySelectorAll(selector)].map((found) => found.textContent);
const read = (key, count) => Array.from({ length: count }, (_, place) => {
  chart.select({ [key]: place });
  return { name: texts('h2 .words')[0], labels: texts('dl dt'), values: texts('dl dd') };
});
return [read('node', chart.scene.nodes.length), read('link', chart.scene.links.length)];
"""


def ring(texts: list[str]) -> Answer[Any]:
    """Entities in a ring, two groups of them, every text in the place of a name, a kind, a property and a link."""
    ids = [f"{number}:{text}" for number, text in enumerate(texts)]
    entities: list[Entity] = [
        entity(one, text, text, **{text: texts[number - 1]})
        for number, (one, text) in enumerate(zip(ids, texts, strict=True))
    ]
    links: list[Link] = [
        link(f"l{number}{text}", ids[number], ids[number - 1], text, {text: (texts[number - 2],)})
        for number, text in enumerate(texts)
    ]
    half = len(ids) // 2
    groups = Groups((Group("one", tuple(ids[:half])), Group("other", tuple(ids[half:]))))
    subgraph = Subgraph.of(entities, links)
    return Answer("communities", {texts[0]: texts[1]}, Scope(), groups, subgraph, False, 0, "memory", "embedded", 1)


def opened(page: Chrome, folder: Path, scene: Scene) -> None:
    """The page of a scene from a disk, watched from before its first script."""
    page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    file = folder / "chart.html"
    file.write_text(offline_page(scene), encoding="utf-8")
    page.get(file.as_uri())


def assert_nothing_ran(page: Chrome) -> None:
    assert page.execute_script("return [window.__executed, window.__xss, window.__refused]") == [0, 0, []]
    assert [made for made in requests_made(page) if not made.startswith(("file:", "blob:"))] == []
    assert [entry["message"] for entry in page.get_log("browser")] == []


def scene_with(texts: list[str]) -> Scene:
    return scene_of(ring(texts), ONTOLOGY, title=texts[0], drawn_at=AT)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_every_text_is_shown_as_it_was_given(page: Chrome, tmp_path: Path, part: int) -> None:
    texts = hostile_strings(4 * A_PAGE)[part::4]
    scene = scene_with(texts)
    opened(page, tmp_path, scene)
    heading = page.execute_script(
        "return [document.querySelector('h1').textContent, document.querySelectorAll('h1 *').length]"
    )
    assert heading == [visible(texts[0]).replace("\r\n", "\n").replace("\r", "\n"), 0]
    captions = {node.id: node.caption for node in scene.nodes}
    nodes, links = page.execute_script(HOVER)
    assert nodes == [[cut(f"{node.kind_label}\n{node.caption}"), 0] for node in scene.nodes]
    assert links == [
        [cut(f"{one.caption}\n{captions[one.source]}\n{'→' if one.directed else '—'} {captions[one.target]}"), 0]
        for one in scene.links
    ]
    items: list[tuple[SceneNode | SceneLink, ...]] = [scene.nodes, scene.links]
    for shown, drawn in zip(page.execute_script(CHOOSE), items, strict=True):
        assert shown == [
            {
                "name": item.caption,
                "labels": [label for _, lines in item.details for label, _ in lines],
                "values": [text for _, lines in item.details for _, text in lines],
            }
            for item in drawn
        ]
    assert_nothing_ran(page)


def cut(text: str) -> str:
    """A hover text as long as the page shows it."""
    units = text.encode("utf-16-le")
    return text if len(units) <= 1_400 else units[:1_400].decode("utf-16-le", "surrogatepass") + "…"


def test_names_of_the_language_are_names_of_entities(page: Chrome, tmp_path: Path) -> None:
    """Every key an object already has: as id, kind, link kind and property name, then searched, hidden and shown."""
    entities = [Entity(key or "empty", key, key, {key: (key,)}) for key in KEYS]
    links = [Link(key, key, one.id, other.id) for key, one, other in zip(KEYS, entities, entities[1:], strict=False)]
    answer = dataclasses.replace(ring(["a", "b"]), subgraph=Subgraph.of(entities, links), result=None)
    scene = scene_of(answer, ONTOLOGY, drawn_at=AT)
    opened(page, tmp_path, scene)
    counts = page.execute_script(
        "const { chart, panel } = graphPage.shown;"
        "const hidden = () => [chart.nodes, chart.edges].map((set) => set.get().filter((one) => one.hidden).length);"
        "const all = [hidden()];"
        "for (const of of ['entity', 'link']) for (const e of chart.scene.legend.filter((e) => e.of === of))"
        "  { chart.filter(of, e.kind, false); }"
        "all.push(hidden());"
        "for (const entry of chart.scene.legend) chart.filter(entry.of, entry.kind, true);"
        "all.push(hidden()); panel.search('__proto__'); all.push(document.getElementById('chart-found').textContent);"
        "all.push(Object.getOwnPropertyNames(Object.prototype).length); return all;"
    )
    assert counts[:4] == [[0, 0], [len(KEYS), len(KEYS) - 1], [0, 0], "1 entities, 1 links"]
    assert counts[4] == page.execute_script("return Object.getOwnPropertyNames(Object.prototype).length")
    assert_nothing_ran(page)


def test_groups_are_named_listed_and_lit_without_any_markup(page: Chrome, tmp_path: Path) -> None:
    scene = scene_with(hostile_strings(80))
    opened(page, tmp_path, scene)
    assert scene.layout == "clusters"
    told = page.execute_script(
        "const rows = [...document.querySelectorAll('#chart-highlightsList button')];"
        "const texts = rows.map((row) => row.querySelector('small').textContent);"
        "const tags = [...new Set(rows.flatMap((row) => [...row.querySelectorAll('*')].map((one) => one.localName)))];"
        "const lit = rows.map((row) => { row.click(); return graphPage.shown.chart.focus.nodes.size; });"
        "rows[1].click(); return { texts, tags: tags.sort(), lit, focus: graphPage.shown.chart.focus };"
    )
    assert told["texts"] == [entry.text for entry in scene.highlights]
    assert told["tags"] == ["small", "span", "strong"]
    assert told["lit"] == [40, 40]
    assert told["focus"] is None
    assert_nothing_ran(page)


@pytest.mark.parametrize("number", range(0, 60, 6))
def test_files_are_saved_under_harmless_names(page: Chrome, tmp_path: Path, number: int) -> None:
    texts = hostile_strings(60)
    opened(page, tmp_path, scene_with([*texts[number : number + 5], "plain"]))
    for kind in ("png", "svg"):
        page.execute_script("document.getElementById('chart-found').textContent = ''")
        page.find_element("id", f"chart-{kind}").click()
        said = page.execute_async_script(
            "const done = arguments[0]; const found = document.getElementById('chart-found');"
            "const look = () => (found.textContent ? done(found.textContent) : setTimeout(look, 20)); look();"
        )
        assert said == "Saved."
    saved = page.execute_script("return window.__saved")
    assert [(name.rsplit(".", 1)[1], scheme) for name, scheme in saved] == [("png", "blob"), ("svg", "blob")]
    for name, _ in saved:
        bare = name.rsplit(".", 1)[0]
        assert bare
        assert len(bare) <= 80
        assert all(character.isalnum() or character == "-" for character in bare), name
    assert_nothing_ran(page)


def test_page_and_service_show_hidden_characters_alike(page: Chrome, tmp_path: Path) -> None:
    """Every character of the first plane but surrogates, the tags and hostile texts, as the two write them."""
    opened(page, tmp_path, scene_with(["a", "b"]))
    planes = [*range(0xD800), *range(0xE000, 0x10000), *range(0xE0000, 0xE1000), 0x1F469]
    texts = ["".join(map(chr, planes[start : start + 512])) for start in range(0, len(planes), 512)]
    texts += [text for text in hostile_strings() if "\ud800" not in text]
    shown = page.execute_script("return arguments[0].map(graphPage.visible)", texts)
    assert [one == visible(text) for one, text in zip(shown, texts, strict=True)] == [True] * len(texts)
