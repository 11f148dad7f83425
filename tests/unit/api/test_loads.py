"""Loads over HTTP: uploads, their state, their reports and their refused rows."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.api.jobs import WAITING, LoadJobs
from graph_service.api.uploads import safe_name
from graph_service.errors import Cancelled
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from loaders.run import LoadOptions, LoadProgress, LoadReport
from tests.unit.api import served

MAPPING = b"""
[entity.person]
kind = "Subject"
id = "person:{id}"
properties.name = "name"
properties.birth_date = "born"
"""
ROWS = b"id,name,born\n1,Ana,1980\n2,Bob,31/31/1980\n3,Cy,1990-05\n"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with served.client(graph_rejects=tmp_path / "rejects") as asking:
        yield asking


def ended(client: TestClient, response: Any) -> dict[str, Any]:
    """The load when nothing more happens to it."""
    assert response.status_code == 202, response.text
    assert response.headers["location"] == f"/v1/loads/{response.json()['id']}"
    told: dict[str, Any] = {}
    for _ in range(500):
        told = client.get(response.headers["location"]).json()
        if told["state"] in {"done", "failed"}:
            return told
        time.sleep(0.01)
    raise AssertionError(f"the load does not end: {told}")


def csv(client: TestClient, rows: bytes = ROWS, name: str = "people.csv", **fields: Any) -> dict[str, Any]:
    files = {"file": (name, rows), "mapping_file": ("people.toml", MAPPING)}
    return ended(client, client.post("/v1/loads", files=files, data=fields))


def test_a_file_is_loaded_and_what_is_wrong_in_it_comes_back(client: TestClient) -> None:
    told = csv(client, source="Register", grade="B2", marking=["case:BRAVO", "TLP:AMBER"])
    assert (told["state"], told["error"], told["files"]) == ("done", None, ["people.csv"])
    (report,) = told["reports"]
    assert (report["name"], report["rows"], report["entities"], report["rejected"]) == ("Register", 3, 2, 1)
    assert report["first_rejects"][0]["column"] == "born"
    assert client.get(f"/v1/loads/{told['id']}/report").json() == {"reports": [report]}

    rejects = client.get(f"/v1/loads/{told['id']}/rejects")
    assert rejects.headers["content-disposition"] == 'attachment; filename="people.csv"'
    mended = rejects.content.replace(b"31/31/1980", b"1980-12-31")
    (again,) = csv(client, mended)["reports"]
    assert (again["entities"], again["rejected"]) == (1, 0)

    shown = client.get("/v1/entities/person:1").json()["subgraph"]["entities"][0]["records"][0]
    assert (shown["grade"], shown["markings"]) == ("B2", ["TLP:AMBER", "case:BRAVO"])


@pytest.mark.parametrize(("given", "shown"), [("5x5x5:b23", "5x5x5:B2"), ("3x5x2:1AP", "3x5x2:1A"), ("", "F6")])
def test_a_grade_is_told_on_the_scale_it_was_given_on(client: TestClient, given: str, shown: str) -> None:
    (report,) = csv(client, grade=given)["reports"]
    told = {source["id"]: source["grade"] for source in client.get("/v1/sources").json()["sources"]}
    assert told[report["source_id"]] == shown
    assert client.get("/v1/entities/person:1").json()["subgraph"]["entities"][0]["records"][0]["grade"] == shown


def test_what_was_taken_back_is_loaded_again(client: TestClient) -> None:
    (first,) = csv(client, source="Register")["reports"]
    client.delete("/v1/sources/Register")
    assert client.get("/v1/entities/person:1").status_code == 404
    (again,) = csv(client, source="Register")["reports"]
    assert (again["source_id"], again["repeated"]) == (f"{first['source_id']}~2", False)
    assert client.get("/v1/entities/person:1").status_code == 200
    stands = {source["id"]: source["withdrawn_at"] is None for source in client.get("/v1/sources").json()["sources"]}
    assert (stands[first["source_id"]], stands[again["source_id"]]) == (False, True)
    assert client.delete(f"/v1/sources/{again['source_id']}").status_code == 200
    assert client.get("/v1/entities/person:1").status_code == 404


def test_the_same_load_again_writes_nothing_and_a_source_is_taken_back(client: TestClient) -> None:
    csv(client, source="Register")
    (report,) = csv(client, source="Register")["reports"]
    assert report["repeated"] is True
    receipt = client.delete("/v1/sources/Register")
    assert receipt.json() == {"revision": 3, "entities": 2, "links": 0, "repeated": False}
    assert client.get("/v1/entities/person:1").status_code == 404
    listed = {source["name"]: source for source in client.get("/v1/sources").json()["sources"]}
    assert listed["Register"]["withdrawn_at"] is not None


def test_checking_writes_nothing(client: TestClient) -> None:
    before = client.get("/v1/stats").json()
    (report,) = csv(client, check="true")["reports"]
    assert (report["checked_only"], report["entities"], report["rejected"]) == (True, 2, 1)
    assert client.get("/v1/stats").json() == before


def test_several_files_are_one_source_and_their_rejects_one_archive(client: TestClient) -> None:
    files = [("file", (name, ROWS.replace(b"Ana", name.encode()))) for name in ("a.csv", "b.csv", "a.csv")]
    sent = [*files[:2], ("mapping_file", ("m.toml", MAPPING))]
    told = ended(client, client.post("/v1/loads", files=sent, data={"source": "Both"}))
    (report,) = told["reports"]
    assert (report["name"], report["rows"], report["rejected"]) == ("Both", 6, 2)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/v1/loads/{told['id']}/rejects").content))
    assert sorted(Path(name).name for name in archive.namelist()) == ["a.csv", "b.csv"]
    twice = ended(client, client.post("/v1/loads", files=[files[0], files[2], sent[2]], data={"source": "Twice"}))
    assert twice["state"] == "done"


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (b"", "SourceFileError"),
        (b"id,name\n1,Ana\n", "MappingError"),
        (b"id,name,born\n1,\xff\xfe\xfa,1980\n", "SourceFileError"),
        (b"PK\x03\x04 an archive", "SourceFileError"),
        (b"\x00" * 5_000, "SourceFileError"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_nothing_is_written(client: TestClient, rows: bytes, kind: str) -> None:
    before = client.get("/v1/stats").json()
    told = csv(client, rows)
    assert (told["state"], told["reports"]) == ("failed", [])
    assert told["error"]["type"] == f"urn:graph-service:{kind}"
    assert "people.csv" in told["error"]["detail"] or "born" in told["error"]["detail"]
    assert "/tmp" not in told["error"]["detail"]
    assert client.get("/v1/stats").json() == before
    assert client.get(f"/v1/loads/{told['id']}/rejects").status_code == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"grade": "Z9"}, "grade"),
        ({"format": "xlsx"}, "xlsx"),
        ({"encoding": "klingon"}, "there is no text encoding 'klingon'"),
        ({"marking": "two words"}, "marking"),
        ({"check": "perhaps"}, "check"),
        ({"source": "x" * 300}, "source"),
    ],
)
def test_wrong_fields_are_refused_before_anything_is_kept(
    client: TestClient, fields: dict[str, str], says: str
) -> None:
    files = {"file": ("people.csv", ROWS), "mapping_file": ("people.toml", MAPPING)}
    response = client.post("/v1/loads", files=files, data=fields)
    assert response.status_code == 422
    assert says in response.json()["detail"]


@pytest.mark.parametrize("mapping", ["../../etc/passwd", "/etc/passwd", "people.toml", "a\\b", "C:x"])
def test_a_mapping_is_never_a_path_of_the_server(client: TestClient, mapping: str) -> None:
    response = client.post("/v1/loads", files={"file": ("people.csv", ROWS)}, data={"mapping": mapping})
    assert response.status_code == 422
    assert "mapping" in response.json()["detail"]


def test_a_file_that_no_mapping_fits_is_told_by_its_name_alone(client: TestClient) -> None:
    told = ended(client, client.post("/v1/loads", files={"file": ("p.csv", ROWS)}))
    assert told["error"]["detail"].startswith("p.csv: none of the ready mappings fits")


def test_a_mapping_that_is_not_there_is_told(client: TestClient) -> None:
    told = ended(client, client.post("/v1/loads", files={"file": ("p.csv", ROWS)}, data={"mapping": "nowhere"}))
    assert told["error"]["type"] == "urn:graph-service:MappingError"


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("people.csv", "people.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/", "upload"),
        ("..", "upload"),
        (".hidden", "hidden"),
        ("", "upload"),
        ("a\x00b\nc.csv", "a_b_c.csv"),
        ("<img onerror=x>.csv", "_img onerror_x_.csv"),
        ("Şahin Yol (2024).csv", "Şahin Yol (2024).csv"),
        ("x" * 300 + ".csv", "x" * 56 + ".csv"),
    ],
)
def test_names_of_files_are_made_harmless(name: str, harmless: str) -> None:
    assert safe_name(name) == harmless
    assert len(safe_name(name).encode()) <= 255


@pytest.mark.parametrize("name", ["../../x.csv", "..", "x" * 400 + ".csv", "ж" * 300 + ".csv"])
def test_a_file_of_any_name_is_loaded_under_a_harmless_one(client: TestClient, name: str) -> None:
    told = csv(client, name=name)
    assert told["state"] == "done"
    assert told["files"] == [safe_name(name)]


def test_uploads_have_a_bound_of_their_own(tmp_path: Path) -> None:
    with served.client(graph_upload_megabytes=1) as client:
        fits = client.post("/v1/loads", files={"file": ("a.csv", b"x" * 900_000)}, data={"mapping": "none"})
        large = client.post("/v1/loads", files={"file": ("a.csv", b"x" * 1_200_000)})
    assert fits.status_code == 202
    assert large.status_code == 413
    assert large.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"file": "a"}}, 415),
        ({"content": b"file=a", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 415),
        ({"content": b"no form", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400),
        ({"content": b"--b\r\n", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"data": {"file": "no file"}, "files": {"other": ("a", b"b")}}, 422),
        ({"files": {"other": ("a", b"b")}}, 422),
        ({"files": [("x", (None, b"1"))] * 2_000}, 400),
    ],
)
def test_what_is_no_upload_is_refused(client: TestClient, sent: dict[str, Any], status: int) -> None:
    response = client.post("/v1/loads", **sent)
    assert response.status_code in {status, 422}, response.text
    assert response.headers["content-type"] == "application/problem+json"


class Waiting(GraphService):
    """Loads that go on until they are let go."""

    let_go = threading.Event()

    def load(
        self, paths: Sequence[Path], options: LoadOptions, caller: Caller, progress: Any = None
    ) -> tuple[LoadReport, ...]:
        for done in range(10_000):
            progress(LoadProgress("a", done, 10_000, 0))
            if self.let_go.wait(0.005):
                break
        return ()


def test_loads_wait_for_their_turn_and_too_many_are_sent_away() -> None:
    behind = served.service(Waiting)
    Waiting.let_go.clear()
    with served.client(behind) as client:
        sent = [client.post("/v1/loads", files={"file": ("a.csv", b"x")}) for _ in range(WAITING + 2)]
        states = [client.get(f"/v1/loads/{one.json()['id']}").json()["state"] for one in sent[:-1]]
        Waiting.let_go.set()
    assert [one.status_code for one in sent] == [202] * (WAITING + 1) + [503]
    assert sent[-1].headers["retry-after"]
    assert states == ["running"] + ["waiting"] * WAITING


def test_a_service_that_stops_stops_its_load_between_two_batches_and_keeps_no_upload() -> None:
    behind = served.service(Waiting)
    Waiting.let_go.clear()
    jobs = LoadJobs(behind)
    folder = jobs.folder()
    (folder / "a.csv").write_bytes(b"x")
    job = jobs.start(folder, [folder / "a.csv"], LoadOptions(), Caller())
    while job.state == "waiting":
        time.sleep(0.001)
    begun = time.monotonic()
    jobs.close()
    assert time.monotonic() - begun < 1
    assert job.state == "failed"
    assert job.error is not None
    assert job.error["type"] == f"urn:graph-service:{Cancelled.__name__}"
    assert not folder.parent.exists()
