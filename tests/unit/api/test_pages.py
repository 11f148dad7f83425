"""The pages that are served: nothing comes from outside, and only their own scripts run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping

import pytest
from starlette.testclient import TestClient

from tests.unit.api import served

OUTSIDE = re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served.client() as asking:
        yield asking


def policy(headers: Mapping[str, str]) -> dict[str, str]:
    """The directives of a Content-Security-Policy."""
    text = headers["content-security-policy"]
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in text.split(";"))}


def test_the_first_page_runs_its_own_scripts_only(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    assert first.headers["content-type"].startswith("text/html")
    assert not OUTSIDE.search(first.text)
    nonce = policy(first.headers)["script-src"].removeprefix("'nonce-").removesuffix("'")
    assert len(nonce) >= 22
    assert set(re.findall(r'<script[^>]*nonce="([^"]+)"', first.text)) == {nonce}
    assert "<script>" not in first.text
    assert policy(second.headers)["script-src"] != policy(first.headers)["script-src"]
    assert policy(first.headers)["connect-src"] == "'self'"


def test_every_file_of_the_first_page_is_served(client: TestClient) -> None:
    page = client.get("/").text
    files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert len(files) > 3
    for path in files:
        response = client.get(path)
        assert response.status_code == 200, path
        assert response.headers["content-type"].split(";")[0] in {"text/css", "text/javascript", "text/html"}
        assert response.headers["cache-control"] == "max-age=3600"
    assert client.get("/assets/nothing.js").status_code == 404


def test_the_documentation_works_without_a_network(client: TestClient) -> None:
    page = client.get("/docs")
    assert not OUTSIDE.search(page.text)
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert client.get(path).status_code == 200, path
    scripts = policy(page.headers)["script-src"].split()
    assert "'unsafe-inline'" not in scripts
    (inline,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in scripts
    assert client.get("/redoc").status_code == 404
