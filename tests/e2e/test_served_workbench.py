"""The workbench on the made-up case, served by the command: a misspelt name, a chart, more of it, a path, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from loaders.scenario.shipped import shipped_files
from tests.e2e.command import Desk
from tests.services.chromium import requests_made

MARTA, MIZAN = "subject:marta-quiroga", "subject:mizan-talukder"
SECONDS = 20


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the case is served."""
    folder = tmp_path_factory.mktemp("case")
    load_case(folder / "case.duckdb", folder / "rejects")
    with Desk.at(folder, GRAPH_PATH="case.duckdb").serving() as url:
        yield url


def load_case(file: Path, rejects: Path) -> None:
    """The made-up case in a file."""
    service = GraphService(EmbeddedStore(file), load_ontology())
    for shipped in shipped_files():
        service.load([shipped.path], shipped.options(rejects), Caller())
    service.close()


def until(page: Chrome, script: str, holds: Callable[[Any], bool] = bool) -> Any:
    """What a script gives once it is what is waited for."""
    return WebDriverWait(page, SECONDS).until(lambda driver: holds(told := driver.execute_script(script)) and told)


def drawn(page: Chrome) -> set[str]:
    """The ids of the entities in the chart."""
    return set(page.execute_script("return graphPage.shown.chart.scene.nodes.map((node) => node.id)"))


def search(page: Chrome, text: str) -> list[str]:
    """The results for a text, typed key by key; what was found before is no longer taken for them."""
    page.execute_script("document.getElementById('find-state').textContent = ''")
    box = page.find_element(By.ID, "find-text")
    box.clear()
    box.send_keys(text)
    until(page, "return document.getElementById('find-state').textContent", lambda told: "ound" in str(told))
    return [row.text for row in page.find_elements(By.CSS_SELECTOR, "#find-results button")]


def choose(page: Chrome, entity: str) -> None:
    """Choose an entity in the chart."""
    script = "const { chart } = graphPage.shown; chart.select({ node: chart.place.get(arguments[0]) })"
    page.execute_script(script, entity)


def press(page: Chrome, words: str) -> None:
    """Press a button of the chosen entity."""
    (button,) = [each for each in page.find_elements(By.CSS_SELECTOR, "#chart-details button") if each.text == words]
    button.click()


def open_first(page: Chrome, text: str, entity: str) -> None:
    """Search, click the first result, and wait for its chart."""
    search(page, text)
    page.find_element(By.CSS_SELECTOR, "#find-results button").click()
    until(page, f"return graphPage.shown.chart.place.has('{entity}') && !document.body.classList.contains('busy')")


def nothing_outside(page: Chrome, address: str) -> None:
    """No request to another host, no error and no breach of the policy in the console."""
    assert [url for url in requests_made(page) if not url.startswith((f"{address}/", "data:", "blob:"))] == []
    assert [entry["message"] for entry in page.get_log("browser")] == []


def test_from_a_misspelt_name_to_a_path_and_back(page: Chrome, address: str) -> None:
    page.get(address)
    first, *_ = search(page, "quiorga marta")
    assert "Marta Quiroga" in first
    assert MARTA in first
    open_first(page, "quiorga marta", MARTA)
    around = drawn(page)
    assert len(around) > 3
    assert "Marta Quiroga" in page.find_element(By.ID, "chart-details").text

    neighbour = next(iter(sorted(each for each in around if each.startswith("phone:"))))
    choose(page, neighbour)
    press(page, "Expand")
    until(page, f"return graphPage.shown.chart.scene.nodes.length > {len(around)}")
    assert around < drawn(page)

    choose(page, MARTA)
    press(page, "From")
    open_first(page, "mizan talukdar", MIZAN)
    choose(page, MIZAN)
    press(page, "To")
    beside = drawn(page)
    ask = page.find_element(By.ID, "path-ask")
    assert ask.is_enabled()
    ask.click()
    until(page, "return graphPage.shown.chart.scene.layout === 'paths'")
    assert {MARTA, MIZAN} <= drawn(page)
    assert "Marta Quiroga" in page.find_element(By.ID, "chart-head").text

    page.find_element(By.ID, "trail-back").click()
    until(page, "return graphPage.shown.chart.scene.layout !== 'paths'")
    assert drawn(page) == beside
    nothing_outside(page, address)


def test_what_is_not_there_is_told_and_the_whole_is_asked(page: Chrome, address: str) -> None:
    page.get(address)
    assert search(page, "zzyzx qqqq") == []
    assert "Nothing found" in page.find_element(By.ID, "find-state").text
    for button, word in (("ask-degree", "connected"), ("ask-communities", "communities")):
        page.find_element(By.ID, button).click()
        until(page, f"return document.getElementById('chart-head').textContent.toLowerCase().includes('{word}')")
        assert len(drawn(page)) > 5
    nothing_outside(page, address)
