"""Bodies that mean harm: each is answered with a problem document, none with a failure of the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.api.middleware import JSON_BYTES
from graph_service.api.strict import DEEPEST
from tests.unit.api import served

JSON = {"Content-Type": "application/json"}
DEEP = DEEPEST + 1


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served.client() as asking:
        yield asking


HOSTILE: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 422),
    "white space": (b"   ", 400),
    "half an object": (b'{"parameters": {', 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "a number": (b"1", 422),
    "NaN": (b'{"parameters": {"limit": NaN}}', 400),
    "infinity": (b'{"parameters": {"limit": Infinity}}', 400),
    "an overflowing number": (b'{"parameters": {"limit": 1e999}}', 400),
    "a number beyond 64 bits": (b'{"parameters": {"limit": 9223372036854775808}}', 422),
    "a number of a thousand digits": (b'{"parameters": {"limit": ' + b"9" * 1_000 + b"}}", 400),
    "a lone surrogate": (b'{"parameters": {"kind": "\\ud800"}}', 400),
    "no UTF-8": (b'{"parameters": {"kind": "\xff\xfe"}}', 400),
    "UTF-16": ('{"parameters": {}}'.encode("utf-16"), 400),
    "a byte order mark": (b'\xef\xbb\xbf{"parameters": {}}', 400),
    "a NUL": (b'{"parameters": {"kind": "a\x00b"}}', 400),
    "an escaped NUL": (b'{"parameters": {"kind": "a\\u0000b"}}', 422),
    "deep lists": (b"[" * DEEP + b"]" * DEEP, 400),
    "very deep lists": (b"[" * 400_000 + b"]" * 400_000, 400),
    "deep lists without an end": (b"[" * 900_000, 400),
    "deep objects": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400),
    "deep where anything may stand": (b'{"parameters":' * DEEP + b"1" + b"}" * DEEP, 400),
    "a name twice": (b'{"engine": "auto", "engine": "nobody"}', 422),
    "a name of Python": (b'{"__class__": 1}', 422),
    "a comment": (b'{"engine": "auto" /* or not */}', 400),
    "XML": (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", 400),
    "the wrong types": (b'{"parameters": {"limit": {"$gt": 0}, "kind": ["a"]}}', 422),
    "too many bytes": (b" " * (JSON_BYTES + 1), 413),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused(client: TestClient, name: str) -> None:
    body, status = HOSTILE[name]
    response = client.post("/v1/questions/degree", content=body, headers=JSON)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in response.text


def test_brackets_within_a_text_are_no_depth(client: TestClient) -> None:
    text = "ana " + '[{\\"' * 60
    response = client.post(
        "/v1/questions/find", content=b'{"parameters": {"text": "%s"}}' % text.encode(), headers=JSON
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/json", ""]
)
def test_json_says_that_it_is(client: TestClient, kind: str) -> None:
    response = client.post("/v1/questions/degree", content=b"{}", headers={"Content-Type": kind} if kind else {})
    assert response.status_code == 415
    assert client.post("/v1/charts", content=b"{}", headers={"Content-Type": kind}).status_code == 415


def test_json_may_name_its_charset(client: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post("/v1/questions/degree", content=b"{}", headers=headers).status_code == 200


def test_a_body_without_a_length_is_counted_as_it_comes(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(JSON_BYTES // 50_000 + 2):
            yield b" " * 50_000

    response = client.post("/v1/questions/degree", content=pieces(), headers=JSON)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_a_length_that_is_no_number_is_refused(client: TestClient) -> None:
    for length in ("-1", "1e3", "ten"):
        headers = JSON | {"Content-Length": length}
        assert client.post("/v1/questions/degree", content=b"{}", headers=headers).status_code == 413


@pytest.mark.parametrize(
    "text",
    [
        "' OR 1=1 --",
        '"}) MATCH (n) DETACH DELETE n //',
        "'; DROP TABLE entity_record; --",
        "~* AND (\\+-!{}[]^",
        "O'Brien",
        "AC/DC",
        "a" * 1_000,
        "\u202e\u0000\x1b[31m",
        "%00%2e%2e/",
    ],
)
def test_hostile_texts_are_only_texts(client: TestClient, text: str) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        ("find", {"text": text}),
        ("find", {"identifier": text[:200]}),
        ("entity", {"entity": text}),
        ("shortest-paths", {"source": text, "target": text}),
        ("degree", {"kind": text}),
    ]
    for name, parameters in asked:
        assert client.post(f"/v1/questions/{name}", json={"parameters": parameters}).status_code in {200, 404, 422}
    for scope in ({"as": [text]}, {"kinds": [text]}, {"from": text}, {"known": text}, {"min_grade": text}):
        assert client.post("/v1/questions/degree", json={"scope": scope}).status_code in {200, 422}
    assert client.get("/v1/stats").json()["entities"] == 8
