"""Charts in a real browser: hostile texts run nothing and call nobody, and the page does what it says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graph_service.model.answer import Answer
from graph_service.model.grades import parse_grade
from graph_service.model.graph import Entity, Link, Subgraph
from graph_service.model.graph import Path as Walk
from graph_service.model.ontology import load_ontology
from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from graph_service.model.scope import Scope
from graph_service.model.time import Interval, parse_moment
from tests.e2e.hostile import CANARY, OUTSIDE, hostile_strings
from tests.services.chromium import requests_made
from viz.chart import asset_files, content_security_policy, offline_page, scene_json, workbench_page
from viz.elements import Scene
from viz.scene import scene_of

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

AT = parse_moment("2026-01-02")
A_SCENE = 125
WATCH = """
window.__xss = 0; window.__csp = [];
document.addEventListener('securitypolicyviolation',
  (e) => window.__csp.push(`${e.violatedDirective} ${e.blockedURI}`));
for (const name of ['alert', 'confirm', 'prompt', 'open']) window[name] = () => { window.__xss += 1; };
"""
USE = """
const done = arguments[0];
const { chart, panel } = graphPage.shown;
const tip = document.getElementById('chart-tip');
const details = document.getElementById('chart-details');
const told = { tipChildren: 0, tips: 0, odd: [], clicks: 0 };
const usual = new Set('H2 H3 SECTION DL DT DD SPAN BUTTON UL LI DIV P STRONG SMALL'.split(' '));
const look = () => { for (const e of details.querySelectorAll('*')) {
  const acts = [...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'href');
  if (!usual.has(e.tagName) || acts) told.odd.push(e.outerHTML);
} };
const fire = (name, what) => chart.network.body.emitter.emit(name, { event: { clientX: 300, clientY: 300 }, ...what });
const tipped = () => { told.tips += tip.hidden ? 0 : 1; told.tipChildren += tip.children.length; };
chart.scene.nodes.forEach((_, node) => { fire('hoverNode', { node }); tipped(); fire('blurNode', { node }); });
chart.scene.links.forEach((_, edge) => { fire('hoverEdge', { edge }); tipped(); fire('blurEdge', { edge }); });
chart.scene.nodes.forEach((_, node) => { fire('click', { nodes: [node], edges: [] }); look(); told.clicks += 1; });
chart.scene.links.forEach((_, edge) => { fire('click', { nodes: [], edges: [edge] }); look(); told.clicks += 1; });
fire('click', { nodes: [], edges: [] });
for (const node of chart.scene.nodes.slice(0, 40)) panel.search(node.caption);
panel.search('');
for (const box of [...document.querySelectorAll('#chart-legend input')].slice(0, 20)) { box.click(); }
for (const box of [...document.querySelectorAll('#chart-legend input')].slice(0, 20)) { box.click(); }
for (const pressed of document.querySelectorAll('#chart-highlightsList button')) pressed.click();
graphPage.picture(chart).then((sheet) => {
  told.png = sheet.toDataURL('image/png').length;
  told.svg = graphPage.svg(chart);
  setTimeout(() => done({ ...told, xss: window.__xss, csp: window.__csp }), 50);
}, (problem) => done({ failed: String(problem) }));
"""


def hostile_answer(texts: list[str]) -> Answer[Any]:
    """A ring of entities and links in which every text that can be said is one of the given ones."""
    count = len(texts)
    ids = [f"{number}{text}" for number, text in enumerate(texts)]
    entities, links = [], []
    for number, text in enumerate(texts):
        other = texts[(number + 1) % count]
        said = Provenance(text, other, parse_grade("B2"), frozenset({text}), Interval("2014", None), AT)
        properties = {text: (other, text), "name": (text,), "amount": (text,), "currency": (other,)}
        kind = text if number % 3 else ("Company" if number % 2 else "MoneyTransfer")
        entities.append(
            Entity(ids[number], kind, text, properties, (EntityRecord(ids[number], kind, properties, said),))
        )
        source, target = ids[number], ids[(number * 7 + 1) % count]
        link_kind = text if number % 2 else "OWNS"
        link = f"link {number} {text}"
        record = LinkRecord(link, link_kind, source, target, properties, said)
        links.append(Link(link, link_kind, source, target, Interval(), properties, (record,), event=text))
    walk = [entities[0].id, links[0].target]
    result = type("Result", (), {"paths": (Walk(tuple(walk), (links[0].id,), 1.0),) if walk[0] != walk[1] else ()})()
    parameters = {"source": ids[0], "target": ids[-1], texts[0]: texts[1 % count]}
    subgraph = Subgraph.of(entities, links)
    return Answer(texts[0], parameters, Scope(), result, subgraph, True, 0, texts[0], texts[1 % count], 1)


def hostile_scenes() -> list[Scene]:
    texts = hostile_strings()
    assert len(texts) == 1_000
    parts = [texts[start : start + A_SCENE] for start in range(0, len(texts), A_SCENE)]
    return [scene_of(hostile_answer(part), load_ontology(), title=part[-1], drawn_at=AT) for part in parts]


def watch(page: Chrome) -> None:
    page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})


def assert_untouched(page: Chrome, told: dict[str, Any], scene: Scene) -> None:
    assert "failed" not in told, told
    assert told["xss"] == 0
    assert told["csp"] == []
    assert told["tipChildren"] == 0
    assert told["tips"] == len(scene.nodes) + len(scene.links)
    assert told["clicks"] == len(scene.nodes) + len(scene.links)
    assert told["odd"] == []
    assert told["png"] > 10_000
    assert page.get_log("browser") == []


@pytest.mark.slow
def test_hostile_texts_run_nothing_from_a_disk(page: Chrome, tmp_path: Path) -> None:
    watch(page)
    for number, scene in enumerate(hostile_scenes()):
        file = tmp_path / f"chart{number}.html"
        file.write_text(offline_page(scene), encoding="utf-8")
        page.get(file.as_uri())
        told = page.execute_async_script(USE)
        assert_untouched(page, told, scene)
        assert page.execute_script("return document.querySelectorAll('script').length") == 8
        picture = tmp_path / f"chart{number}.svg"
        picture.write_text(told["svg"], encoding="utf-8")
        page.get(picture.as_uri())
        assert page.execute_script("return window.__xss") == 0
        tags = page.execute_script(
            "return [...new Set([...document.querySelectorAll('*')].map(e => e.localName))].sort()"
        )
        assert set(tags) <= {"svg", "g", "rect", "circle", "path", "polygon", "text", "tspan"}
        outside = [address for address in requests_made(page) if not address.startswith(("file:", "blob:"))]
        assert outside == []


def test_the_canary_counts_where_a_page_does_run_data(page: Chrome, tmp_path: Path) -> None:
    watch(page)
    file = tmp_path / "naive.html"
    file.write_text(
        f"<!doctype html><p><script>{CANARY}</script><img src=https://{OUTSIDE}/pixel.png>", encoding="utf-8"
    )
    page.get(file.as_uri())
    assert page.execute_script("return window.__xss") == 1
    assert [address for address in requests_made(page) if OUTSIDE in address]


class _Served(BaseHTTPRequestHandler):
    """The routes that the workbench calls, answered with one hostile scene."""

    scene: Scene
    texts: list[str]

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(workbench_page("test-nonce").encode(), "text/html", content_security_policy("test-nonce"))
        elif self.path.startswith("/assets/"):
            kind = "text/css" if self.path.endswith(".css") else "text/javascript"
            self._send(asset_files()[self.path.removeprefix("/assets/")], kind)
        elif self.path == "/v1/ontology":
            kinds = [{"name": t, "label": t, "colour": "#336699", "icon": t} for t in self.texts[:30]]
            self._send(json.dumps({"entity_kinds": kinds, "link_kinds": []}).encode(), "application/json")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/charts" and asked["question"] == "degree":
            self._send(json.dumps({"detail": self.texts[3]}).encode(), "application/problem+json", status=422)
        elif self.path == "/v1/charts":
            self._send(json.dumps(scene_json(self.scene)).encode(), "application/json")
        else:
            entities = [
                {"id": n.id, "kind": self.texts[at % 30], "caption": t, "properties": {"country": [t]}}
                for at, (n, t) in enumerate(zip(self.scene.nodes, self.texts, strict=True))
            ]
            hits = [{"id": entity["id"], "score": 1.0} for entity in entities]
            answer = {"result": {"hits": hits}, "subgraph": {"entities": entities, "links": []}, "truncated": False}
            self._send(json.dumps(answer).encode(), "application/json")

    def _send(self, body: bytes, kind: str, policy: str = "", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        """Say nothing."""


@contextmanager
def served(scene: Scene, texts: list[str]) -> Iterator[str]:
    handler = type("Handler", (_Served,), {"scene": scene, "texts": texts})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def wait_for(page: Chrome, condition: str) -> None:
    found = page.execute_async_script(
        "const done = arguments[0]; const end = Date.now() + 15000; const look = () => {"
        f"if ({condition}) done(true); else if (Date.now() > end) done(false); else setTimeout(look, 30); }}; look();"
    )
    assert found, condition


def test_hostile_answers_run_nothing_in_the_workbench(page: Chrome) -> None:
    watch(page)
    texts = [text for text in hostile_strings() if "\ud800" not in text][:A_SCENE]
    scene = scene_of(hostile_answer(texts), load_ontology(), title=texts[2], drawn_at=AT)
    with served(scene, texts) as address:
        page.get(address + "/")
        page.find_element("id", "find-text").send_keys("anything")
        wait_for(page, f"document.querySelectorAll('#find-results li').length === {A_SCENE}")
        assert (
            page.execute_script("return document.querySelectorAll('#find-results img, #find-results svg').length") == 0
        )
        page.execute_script("document.querySelector('#find-results button').click()")
        wait_for(page, f"graphPage.shown.chart.scene.nodes.length === {A_SCENE}")
        assert_untouched(page, page.execute_async_script(USE), scene)
        page.execute_script(
            "graphPage.shown.chart.select({node: 3});"
            "[...document.querySelectorAll('.acts button')].find((b) => b.textContent === 'Expand').click();"
        )
        wait_for(page, "document.querySelectorAll('#trail-list li').length === 2")
        page.execute_script("document.getElementById('ask-degree').click()")
        wait_for(page, "document.querySelector('#chart-head [role=alert]') !== null")
        alert = page.execute_script("return document.querySelector('#chart-head [role=alert]').textContent")
        assert alert == texts[3]
        assert page.execute_script("return [window.__xss, window.__csp.length]") == [0, 0]
        outside = [made for made in requests_made(page) if not made.startswith((address, "blob:", "data:"))]
        assert outside == []


def bank_answer() -> Answer[Any]:
    """Two banks and a transfer between them, as a path."""
    said = Provenance("sar-3297", "transactions.csv:2", parse_grade("B2"), frozenset({"TLP:AMBER"}))
    banks = {"b:cimb": "CIMB Bank Berhad", "b:barclays": "Barclays Bank Plc \u202eCL"}
    entities = [
        Entity(key, "Bank", name, {"name": (name,)}, (EntityRecord(key, "Bank", {"name": (name,)}, said),))
        for key, name in banks.items()
    ]
    moved = {"amount": ("56898523.47",), "currency": ("USD",), "number_transactions": ("68",), "date": ("2015-03-25",)}
    entities.append(
        Entity("t:1", "MoneyTransfer", "56,898,523.47 USD", moved, (EntityRecord("t:1", "MoneyTransfer", moved, said),))
    )
    links = [Link("l:1", "ORIGINATOR", "b:cimb", "t:1"), Link("l:2", "BENEFICIARY", "t:1", "b:barclays")]
    walk = Walk(("b:cimb", "t:1", "b:barclays"), ("l:1", "l:2"), 2.0)
    result = type("Paths", (), {"paths": (walk,)})()
    parameters = {"source": "b:cimb", "target": "b:barclays"}
    return Answer(
        "shortest-paths", parameters, Scope(), result, Subgraph.of(entities, links), False, 0, "memory", "embedded", 7
    )


@pytest.fixture
def bank_page(page: Chrome, tmp_path: Path) -> Chrome:
    file = tmp_path / "path.html"
    file.write_text(offline_page(scene_of(bank_answer(), load_ontology(), drawn_at=AT)), encoding="utf-8")
    page.get(file.as_uri())
    return page


def text_of(page: Chrome, name: str) -> str:
    return str(page.execute_script("return document.getElementById(arguments[0]).innerText", name))


def test_page_says_what_was_asked_and_who_answered(bank_page: Chrome) -> None:
    head = str(bank_page.execute_script("return document.querySelector('header').innerText"))
    assert "How CIMB Bank Berhad is connected with Barclays Bank Plc ⟦U+202E⟧CL" in head
    for said in ("shortest-paths", "all markings", "engine memory", "store embedded", "revision 7", "2026-01-02"):
        assert said in head


def test_search_finds_centres_and_shows_details(bank_page: Chrome) -> None:
    box = bank_page.find_element("id", "chart-search")
    box.send_keys("68 TRANSF")
    assert text_of(bank_page, "chart-found") == "1 entities, 0 links"
    box.send_keys("\n")
    details = text_of(bank_page, "chart-details")
    for said in ("USD 56,898,523.47", "68 transfers", "Source: sar-3297", "B2", "TLP:AMBER", "transactions.csv:2"):
        assert said in details


def test_a_kind_can_be_hidden_and_its_links_go_with_it(bank_page: Chrome) -> None:
    hidden = (
        "const { nodes, edges } = graphPage.shown.chart;"
        "return [nodes, edges].map((all) => all.get().filter((one) => one.hidden).length)"
    )
    assert bank_page.execute_script(hidden) == [0, 0]
    bank_page.execute_script("graphPage.shown.chart.filter('entity', 'MoneyTransfer', false)")
    assert bank_page.execute_script(hidden) == [1, 2]


def test_a_real_click_on_the_canvas_selects_what_is_there(bank_page: Chrome) -> None:
    from selenium.webdriver import ActionChains

    where = bank_page.execute_script(
        "const c = graphPage.shown.chart; const p = c.network.canvasToDOM(c.positions()[c.place.get('t:1')]);"
        "const r = c.holder.getBoundingClientRect(); return [p.x - r.width / 2, p.y - r.height / 2]"
    )
    canvas = bank_page.find_element("id", "chart-canvas")
    actions = ActionChains(bank_page).move_to_element_with_offset(canvas, round(where[0]), round(where[1]))
    actions.pause(0.4).perform()
    assert "Money transfer" in text_of(bank_page, "chart-tip")
    actions.click().pause(0.4).perform()
    assert "USD 56,898,523.47" in text_of(bank_page, "chart-details")


def test_nodes_stay_where_the_server_put_them(bank_page: Chrome) -> None:
    scene = scene_of(bank_answer(), load_ontology(), drawn_at=AT)
    placed = bank_page.execute_script("return graphPage.shown.chart.positions()")
    assert [(at["x"], at["y"]) for at in placed] == [(node.x, node.y) for node in scene.nodes]


def test_an_empty_chart_says_so(page: Chrome, tmp_path: Path) -> None:
    answer: Answer[Any] = Answer("expand", {}, Scope(), None, Subgraph(), False, 0, "memory", "embedded", 1)
    file = tmp_path / "empty.html"
    file.write_text(offline_page(scene_of(answer, load_ontology(), drawn_at=AT)), encoding="utf-8")
    page.get(file.as_uri())
    assert text_of(page, "chart-empty") == "There is nothing to draw."
    assert page.get_log("browser") == []
