"""Fixtures that every test may use.

Policy: a fixture stands here only when it holds something real and costly (a server, a browser) that several folders
of tests share; it is started once a run, on first use, and every test gets it clean. Values, graphs and cases are
plain functions or data beside the tests that use them, never fixtures. No fixture is autouse, and none replaces a
part of the product. Clients of services are imported by the fixtures, so that a run of unit tests does not pay for
them. A service that cannot be had skips its tests with the reason; ``REQUIRE_NEO4J=1`` and ``REQUIRE_BROWSER=1`` make
that a failure, and continuous integration sets both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.missing import ServiceMissingError, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

    from tests.services.neo4j_server import Neo4jServer

_MARKERS = {"neo4j_server": pytest.mark.neo4j, "browser": pytest.mark.browser}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a service by the fixture they ask for, so that ``-m "not neo4j"`` never misses one."""
    for item in items:
        for fixture, marker in _MARKERS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Neo4jServer]:
    """A real Neo4j, one for the whole run, in whatever state the last test left it; most tests want ``clean_neo4j``."""
    from tests.services.neo4j_server import start_neo4j

    try:
        with start_neo4j() as server:
            yield server
    except ServiceMissingError as reason:
        skip_or_fail(reason, "REQUIRE_NEO4J")


@pytest.fixture
def clean_neo4j(neo4j_server: Neo4jServer) -> Neo4jServer:
    """The same server with no data in it; constraints and indexes that others made are still there."""
    neo4j_server.wipe()
    return neo4j_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Chrome]:
    """A real Chromium that reaches only 127.0.0.1, one for the whole run; most tests want ``page``."""
    from tests.services.chromium import start_chromium

    try:
        with start_chromium() as driver:
            yield driver
    except ServiceMissingError as reason:
        skip_or_fail(reason, "REQUIRE_BROWSER")


@pytest.fixture
def page(browser: Chrome) -> Iterator[Chrome]:
    """The browser with one new empty tab in front, no cookies, and no requests or console messages on record."""
    from tests.services.chromium import requests_made

    before = browser.current_window_handle
    browser.switch_to.new_window("tab")
    browser.delete_all_cookies()
    requests_made(browser)
    browser.get_log("browser")
    yield browser
    browser.close()
    browser.switch_to.window(before)
