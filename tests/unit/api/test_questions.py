"""Questions over HTTP: the catalogue, a typed route a question, entities, and who answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.api.scopes import ScopeBody
from graph_service.api.wire import dumps
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from queries.catalogue import CATALOGUE
from tests.unit.api import served

ASKED = served.ASKED


@pytest.fixture(scope="module")
def behind() -> GraphService:
    return served.service()


@pytest.fixture(scope="module")
def client(behind: GraphService) -> Iterator[TestClient]:
    with served.client(behind) as asking:
        yield asking


def test_every_question_of_the_catalogue_is_asked_here() -> None:
    assert ASKED.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("name", ASKED)
def test_the_answer_is_that_of_the_service_to_the_byte(client: TestClient, behind: GraphService, name: str) -> None:
    response = client.post(f"/v1/questions/{name}", json={"parameters": ASKED[name]})
    assert response.status_code == 200
    scope = ScopeBody().scope(behind.ontology)
    assert response.content == dumps(behind.ask(name, ASKED[name], scope, Caller()))
    assert response.headers["content-type"] == "application/json"


def test_who_answered_stands_in_the_headers_and_in_the_answer(client: TestClient) -> None:
    response = client.post("/v1/questions/degree", json={"engine": "networkx"})
    told = response.json()
    headers = response.headers
    assert (headers["x-graph-store"], headers["x-graph-engine"], headers["x-graph-revision"]) == (
        "embedded",
        "networkx",
        "1",
    )
    assert (told["store"], told["engine"], told["revision"]) == ("embedded", "networkx", 1)


def test_an_answer_has_the_members_that_later_programs_rely_on(client: TestClient) -> None:
    told = client.post("/v1/questions/shortest-paths", json={"parameters": ASKED["shortest-paths"]}).json()
    members = "question parameters scope result subgraph truncated explored engine store revision"
    assert list(told) == members.split()
    assert told["result"]["paths"][0] == {
        "entities": ["subject:ana", "company:AC/DC 1", "account:2"],
        "links": ["l3", "l5"],
        "length": 2,
        "cost": 2.0,
    }
    assert [link["id"] for link in told["subgraph"]["links"]] == ["l3", "l5"]


def test_no_path_comes_with_its_proof(client: TestClient) -> None:
    asked = {"source": "subject:ana", "target": "subject:alone"}
    told = client.post("/v1/questions/shortest-paths", json={"parameters": asked}).json()
    assert told["result"]["paths"] == []
    assert told["result"]["proof"]["reason"] == "exhausted"


@pytest.mark.parametrize(
    ("scope", "lacks"),
    [
        ({"as": []}, "subject:eve"),
        ({"as": ["other"]}, "subject:eve"),
        ({"from": "2016", "kinds": ["DIRECTOR_OF"]}, "company:AC/DC 1"),
        ({"min_grade": "B2"}, "account:1"),
        ({"known": "2020-01-01"}, "subject:ana"),
    ],
)
def test_a_scope_hides(client: TestClient, scope: dict[str, Any], lacks: str) -> None:
    def linked(**asked: Any) -> set[str]:
        told = client.post("/v1/questions/components", json={"parameters": {"min_size": 2}, **asked}).json()
        return {member for group in told["result"]["components"] for member in group["members"]}

    assert lacks in linked()
    assert lacks not in linked(scope=scope)


def test_the_scope_is_told_back_as_it_was_understood(client: TestClient) -> None:
    scope = {"as": ["b", "a"], "from": "2014", "to": "2015-06", "kinds": ["DIRECTOR_OF"], "events": "collapsed"}
    told = client.post("/v1/questions/components", json={"scope": scope}).json()["scope"]
    assert told == scope | {"as": ["a", "b"], "known": None, "min_grade": None}


def test_events_collapse_to_direct_links(client: TestClient) -> None:
    body = {"parameters": {"source": "account:1", "target": "account:2"}, "scope": {"events": "collapsed"}}
    path = client.post("/v1/questions/shortest-paths", json=body).json()["result"]["paths"][0]
    assert path["entities"] == ["account:1", "account:2"]


def test_entities_are_found_and_shown_by_plain_urls(client: TestClient) -> None:
    found = client.get("/v1/entities", params={"text": "lima ana", "limit": 1}).json()
    assert found["question"] == "find"
    assert [hit["id"] for hit in found["result"]["hits"]] == ["subject:ana"]
    shown = client.get("/v1/entities/company:AC%2FDC 1").json()
    assert shown["result"]["entity"] == "company:AC/DC 1"
    hidden = client.get("/v1/entities/subject:eve", params={"as": "case:BRAVO"})
    unknown = client.get("/v1/entities/subject:evf", params={"as": "case:BRAVO"})
    assert hidden.status_code == unknown.status_code == 404
    assert client.get("/v1/entities/subject:eve", params={"as": "case:BRAVO,case:ALPHA"}).status_code == 200


def test_the_counts_follow_the_scope(client: TestClient) -> None:
    assert client.get("/v1/stats").json()["entities"] == 8
    assert client.get("/v1/stats", params={"as": ""}).json()["entities"] == 7
    narrowed = client.get("/v1/stats", params=[("kinds", "Subject"), ("kinds", "ASSOCIATE_OF")]).json()
    assert narrowed["entities_by_kind"] == {"Subject": 4}
    assert narrowed["links_by_kind"] == {"ASSOCIATE_OF": 2}


@pytest.mark.parametrize(
    ("name", "body", "status", "says"),
    [
        ("shortest-paths", {"parameters": {"source": "subject:ana"}}, 422, "target"),
        ("shortest-paths", {}, 422, "parameters"),
        ("expand", {"parameters": {"entity": "subject:ana", "hops": 99}}, 422, "hops"),
        ("expand", {"parameters": {"entity": "subject:ana", "hop": 1}}, 422, "hop"),
        ("degree", {"scope": {"form": "2014"}}, 422, "form"),
        ("degree", {"scope": {"from": "2015", "to": "2014"}}, 422, "ends"),
        ("degree", {"scope": {"kinds": ["Subjet"]}}, 422, "did you mean Subject"),
        ("degree", {"scope": {"as": ["a b"]}}, 422, "marking"),
        ("degree", {"scope": {"min_grade": "Z9"}}, 422, "grade"),
        ("degree", {"scope": {"events": "gone"}}, 422, "events"),
        ("degree", {"engine": "oracle"}, 422, "engine"),
        ("degree", {"engine": "neo4j"}, 409, "store is embedded"),
        ("degree", {"parameters": {"kind": "Subjet"}}, 422, "did you mean Subject"),
        ("entity", {"parameters": {"entity": "subject:nobody"}}, 404, "subject:nobody"),
        ("find", {"parameters": {}}, 422, "say what to look for"),
        ("degre", {}, 404, "did you mean degree"),
    ],
)
def test_what_cannot_be_answered_is_told(
    client: TestClient, name: str, body: dict[str, Any], status: int, says: str
) -> None:
    response = client.post(f"/v1/questions/{name}", json=body)
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert (response.status_code, told["status"]) == (status, status)
    assert says in told["detail"]
    assert told["instance"] == f"/v1/questions/{name}"
    assert told["request_id"] == response.headers["x-request-id"]


def test_a_scene_or_a_page_by_what_is_accepted(client: TestClient) -> None:
    body = {"question": "expand", "parameters": {"entity": "subject:ana"}}
    scene = client.post("/v1/charts", json=body)
    assert {node["id"] for node in scene.json()["nodes"]} >= {"subject:ana", "subject:bob"}
    assert scene.headers["x-graph-engine"] == "memory"
    page = client.post("/v1/charts", json=body, headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-disposition"].startswith("attachment")
    assert "<!doctype html>" in page.text
    assert client.post("/v1/charts", json={"question": "expnd"}).json()["detail"].endswith("did you mean expand?")


def test_every_question_documents_itself(client: TestClient) -> None:
    listed = {one["name"]: one for one in client.get("/v1/questions").json()["questions"]}
    paths = client.get("/openapi.json").json()["paths"]
    for name, question in CATALOGUE.items():
        assert listed[name]["summary"] == question.summary
        assert listed[name]["parameters"]["properties"].keys() == question.parameters.model_fields.keys()
        posted = paths[f"/v1/questions/{name}"]["post"]
        (example,) = posted["requestBody"]["content"]["application/json"]["examples"].values()
        assert example["value"]["parameters"] == dict(question.example)
        assert "application/problem+json" in posted["responses"]["default"]["content"]
        answered = client.post(f"/v1/questions/{name}", json=example["value"])
        assert answered.status_code in {200, 404}, answered.text  # its entities are those of the demo


def test_the_service_tells_what_it_is(client: TestClient) -> None:
    health = client.get("/v1/health")
    assert health.status_code == 200
    told = health.json()
    assert told["ok"] is True
    assert (told["store"], told["entity_records"], told["link_records"]) == ("embedded", 8, 7)
    assert told["engines"] == ["memory", "networkx"]
    kinds = {kind["name"]: kind for kind in client.get("/v1/ontology").json()["entity_kinds"]}
    assert kinds["Subject"]["label"] == "Subject"


def test_a_store_that_is_gone_is_told() -> None:
    behind = served.service()
    with served.client(behind) as client:
        behind.close()
        health, asked = client.get("/v1/health"), client.post("/v1/questions/degree", json={})
    assert health.status_code == asked.status_code == 503
    assert health.json()["ok"] is False
    assert asked.json()["type"] == "urn:graph-service:StoreUnavailable"
    assert asked.headers["retry-after"]
