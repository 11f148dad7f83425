"""What surrounds every request: names, origins, ids, headers, logs, and failures that nobody foresaw."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.api.logs import JsonLines
from graph_service.service import GraphService
from tests.unit.api import served

CANARY = "canary-6d1f"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served.client() as asking:
        yield asking


class Broken(GraphService):
    """A service that fails in a way nobody foresaw."""

    def ask(self, *_args: Any, **_given: Any) -> Any:
        raise RuntimeError(f"what the record said: {CANARY}")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:80"])
def test_this_machine_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/v1/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "localhost, evil.example",
        "localhost/",
        "localhost:80:80",
        "localhost:x",
        ":80",
        "[::1",
        "",
        "0.0.0.0",
    ],
)
def test_any_other_name_is_not(client: TestClient, host: str) -> None:
    for path in ("/v1/health", "/", "/docs", "/nowhere"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400, path
        assert response.headers["content-type"] == "application/problem+json"


def test_two_names_are_none(client: TestClient) -> None:
    headers = [("Host", "localhost"), ("Host", "evil.example")]
    assert client.get("/v1/health", headers=headers).status_code == 400


def test_an_address_of_version_six_is_named_in_brackets() -> None:
    with served.client(graph_host="fd00::5") as asking:
        assert asking.get("/v1/health", headers={"Host": "[fd00::5]:8000"}).status_code == 200
        assert asking.get("/v1/health", headers={"Host": "[fd00::6]:8000"}).status_code == 400


def test_names_are_configured() -> None:
    with served.client(graph_allowed_hosts=("graph.intra",), graph_host="10.0.0.5") as asking:
        assert asking.get("/v1/health", headers={"Host": "graph.intra:8000"}).status_code == 200
        assert asking.get("/v1/health", headers={"Host": "10.0.0.5"}).status_code == 200
        assert asking.get("/v1/health").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Origin": "http://localhost:8000"}, 404),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 404),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_only_pages_of_its_own_change_anything(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.delete("/v1/sources/none", headers=headers).status_code == status
    form = {"file": ("a.csv", b"x")}
    posted = client.post("/v1/loads", files=form, data={"grade": "none"}, headers=headers)
    assert posted.status_code == (status if status == 403 else 422)


def test_no_other_site_may_read(client: TestClient) -> None:
    response = client.get("/v1/health", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in response.headers
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/v1/questions/degree", headers=preflight).status_code == 405


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/health", 200),
        ("GET", "/", 200),
        ("GET", "/docs", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/v1/loads/none", 404),
        ("PUT", "/v1/health", 405),
        ("POST", "/v1/charts", 415),
        ("DELETE", "/v1/sources/none", 404),
        ("GET", "/assets/../app.js", 404),
        ("GET", "/assets/%2e%2e%2fchart.py", 404),
        ("GET", "/static-offline-docs/%2e%2e/core.py", 404),
    ],
)
def test_every_answer_is_marked_and_every_error_is_a_problem(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["x-graph-store"] == "embedded"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert len(response.headers["x-request-id"]) == 32
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status
    if status == 405:
        assert response.headers["allow"] == "GET"


def test_a_request_id_is_taken_over_when_it_is_harmless(client: TestClient) -> None:
    def returned(given: str) -> str:
        told: str = client.get("/v1/health", headers={"X-Request-ID": given}).headers["x-request-id"]
        return told

    assert returned("case-7.A_1") == "case-7.A_1"
    for wrong in ("a b", "a" * 65, '{"x":1}', "<b>"):
        assert returned(wrong) != wrong


def test_long_answers_are_packed(client: TestClient) -> None:
    packed = client.get("/v1/ontology", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/v1/ontology", headers={"Accept-Encoding": "identity"}).headers
    assert "content-encoding" not in client.get("/v1/stats", headers={"Accept-Encoding": "gzip"}).headers


def test_what_nobody_foresaw_tells_nothing_and_is_found_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with served.client(served.service(Broken)) as client, caplog.at_level(logging.ERROR, logger="graph_service.api"):
        response = client.post("/v1/questions/degree", json={}, headers={"X-Request-ID": "r-1"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert CANARY not in response.text
    assert "RuntimeError" not in response.text
    (record,) = [each for each in caplog.records if each.name == "graph_service.api"]
    line = JsonLines().format(record)
    told = json.loads(line)
    assert (told["level"], told["error"], told["request_id"]) == ("ERROR", "RuntimeError", "r-1")
    assert any(place.startswith("ask ") for place in told["places"])
    assert CANARY not in line


def test_the_access_log_holds_neither_paths_nor_queries(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="graph_service.access"):
        client.get("/v1/entities", params={"text": CANARY})
        client.get(f"/v1/entities/{CANARY}")
        client.get(f"/{CANARY}")
    lines = [JsonLines().format(each) for each in caplog.records if each.name == "graph_service.access"]
    told = [json.loads(line) for line in lines]
    assert [(one["route"], one["status"]) for one in told] == [
        ("/v1/entities", 200),
        ("/v1/entities/{entity_id:path}", 404),
        ("-", 404),
    ]
    assert CANARY not in "".join(lines)


def test_a_log_line_stays_one_line() -> None:
    record = logging.makeLogRecord({"msg": 'a\nb"\u2028{"x":1}', "levelname": "INFO", "name": "n"})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == 'a\nb"\u2028{"x":1}'
