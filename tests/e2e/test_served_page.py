"""The first page in a real browser: search, look, expand, a path between two; nothing from outside, nothing run."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from graph_service.api.app import create_app
from graph_service.config import Settings
from graph_service.service import GraphService
from tests.services.chromium import requests_made
from tests.unit.api import served

RAN = "window.ran = (window.ran || 0) + 1"
HOSTILE = (
    f"<img src=x onerror='{RAN}'>",
    f"</script><script>{RAN}</script>",
    f"javascript:{RAN}",
    f'"><svg onload="{RAN}">',
    "{{constructor.constructor('window.ran=1')()}}",
    "\u202egnp.exe",
)
STEPS = (
    *served.STEPS,
    {
        "source": HOSTILE[0],
        "entities": [[f"subject:{text}", "Subject", {"name": [f"Mallory {text}"]}] for text in HOSTILE],
        "links": [[f"m{n}", "ASSOCIATE_OF", "subject:ana", f"subject:{text}"] for n, text in enumerate(HOSTILE)],
    },
)


@contextmanager
def serving(behind: GraphService) -> Iterator[str]:
    """The address of a server in this process."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(behind, Settings()), log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
            behind.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(served.service(steps=STEPS)) as url:
        yield url


def until(page: Chrome, script: str, holds: Callable[[Any], bool] = bool) -> Any:
    """What a script of the test gives, once it is what is waited for."""
    return WebDriverWait(page, 20).until(
        lambda driver: (value := driver.execute_script(script)) and holds(value) and value
    )


def drawn(page: Chrome) -> set[str]:
    """The ids of the entities in the chart."""
    return set(page.execute_script("return graphPage.shown.chart.scene.nodes.map((node) => node.id)"))


def search(page: Chrome, text: str) -> list[str]:
    """The results of a search by their texts."""
    box = page.find_element(By.ID, "find-text")
    box.clear()
    page.execute_script("document.getElementById('find-state').textContent = ''")  # of the search before
    box.send_keys(text)
    until(page, "return document.getElementById('find-state').textContent", lambda told: "found" in told.lower())
    return [row.text for row in page.find_elements(By.CSS_SELECTOR, "#find-results button")]


def press(page: Chrome, words: str) -> None:
    """Press the button of the chosen entity with these words."""
    (button,) = [each for each in page.find_elements(By.CSS_SELECTOR, "#chart-details button") if each.text == words]
    button.click()


def choose(page: Chrome, entity: str) -> None:
    """Choose an entity in the chart."""
    page.execute_script(
        "const { chart } = graphPage.shown; chart.select({ node: chart.place.get(arguments[0]) })", entity
    )


def quiet(page: Chrome, address: str) -> None:
    """No request went elsewhere, nothing was refused by the policy, and no text of a record ran."""
    elsewhere = [url for url in requests_made(page) if not url.startswith((f"{address}/", "data:", "blob:"))]
    assert elsewhere == []
    assert [entry["message"] for entry in page.get_log("browser")] == []
    assert page.execute_script("return window.ran") is None


def test_a_country_that_is_being_typed_is_no_trouble(page: Chrome, address: str) -> None:
    page.get(address)
    box = page.find_element(By.ID, "find-country")
    for typed, hits in (("", 1), ("P", 1), ("PT", 1)):
        box.clear()
        box.send_keys(typed)
        assert len(search(page, "ana lima")) == hits, typed
    box.clear()
    box.send_keys("CO")
    page.find_element(By.ID, "find-text").send_keys(" ")
    told = "return document.getElementById('find-state').textContent"
    assert "Nothing found" in str(until(page, told, lambda text: "nothing" in text.lower()))
    quiet(page, address)


def test_search_look_expand_and_join(page: Chrome, address: str) -> None:
    page.get(address)
    (first, *_) = search(page, "anna lima")
    assert "Ana Lima" in first
    page.find_element(By.CSS_SELECTOR, "#find-results button").click()
    until(page, "return graphPage.shown.chart.scene.nodes.length > 3")
    assert {"subject:ana", "subject:bob", "company:AC/DC 1", "account:1"} <= drawn(page)
    assert "subject:eve" not in drawn(page)

    choose(page, "subject:bob")
    assert "Bob Stone" in page.find_element(By.ID, "chart-details").text
    press(page, "Expand")
    until(page, "return graphPage.shown.chart.place.has('subject:eve')")
    assert {"subject:ana", "subject:bob", "subject:eve"} <= drawn(page)

    press(page, "From")
    choose(page, "company:AC/DC 1")
    press(page, "To")
    page.find_element(By.ID, "path-ask").click()
    until(page, "return graphPage.shown.chart.scene.layout === 'paths'")
    assert drawn(page) == {"subject:bob", "subject:ana", "company:AC/DC 1"}
    assert "Bob Stone" in page.find_element(By.ID, "chart-head").text
    quiet(page, address)


def test_hostile_texts_are_shown_and_run_nothing(page: Chrome, address: str) -> None:
    page.get(address)
    assert len(search(page, "mallory")) == len(HOSTILE)
    for text in HOSTILE:
        page.find_element(By.CSS_SELECTOR, "#find-results button").click()
        until(page, "return !document.body.classList.contains('busy') && graphPage.shown.chart.scene.nodes.length")
        found = search(page, f"mallory {text}"[:60])
        assert found
    page.find_element(By.CSS_SELECTOR, "#find-results button").click()
    still = "!document.body.classList.contains('busy')"  # the chart before holds subject:ana too
    until(page, f"return {still} && graphPage.shown.chart.place.has('subject:ana')")
    for entity in drawn(page):
        choose(page, entity)
        press(page, "Expand")
        until(page, "return !document.body.classList.contains('busy')")
    until(page, f"return graphPage.shown.chart.scene.nodes.length >= {len(HOSTILE) + 1}")
    for text in HOSTILE:
        choose(page, f"subject:{text}")
        details = page.find_element(By.ID, "chart-details")
        assert "Mallory" in details.text
        assert details.find_elements(By.CSS_SELECTOR, "img, svg[onload], script") == []
    quiet(page, address)


def test_an_entity_that_is_gone_is_told_in_words(page: Chrome) -> None:
    behind = served.service()
    with serving(behind) as address:
        page.get(address)
        search(page, "bob")
        behind.withdraw("register", served.ANYONE)
        page.find_element(By.CSS_SELECTOR, "#find-results button").click()
        told = until(page, "return document.querySelector('[role=alert]')?.textContent")
    assert told == "no entity 'subject:bob' in this scope"


def test_the_documentation_opens_without_a_network(page: Chrome, address: str) -> None:
    page.get(f"{address}/docs")
    until(page, "return document.querySelectorAll('.opblock').length > 15")
    assert page.find_element(By.CSS_SELECTOR, ".info .title").text.startswith("graph-service")
    quiet(page, address)
