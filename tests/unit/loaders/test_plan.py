"""Which files are which sources, in which formats, and what is told before anything is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph_service.errors import GraphServiceError, MappingError, SourceFileError
from loaders.lines import LONGEST_LINE
from loaders.run import load
from tests.unit.loaders.payments import MAPPING, PAYMENTS, PEOPLE, ROLE, mapped, payments
from tests.unit.loaders.recorder import ONTOLOGY, Recorder, load_asking, load_one, options, write


def test_links_to_entities_of_another_source(tmp_path: Path) -> None:
    recorder = Recorder()
    load_one(recorder, write(tmp_path, "people.jsonl", PEOPLE), tmp_path)
    report = load_one(recorder, write(tmp_path, "roles.jsonl", ROLE), tmp_path)
    assert (report.links, report.rejected) == (1, 0)
    write(tmp_path, "roles.jsonl", ROLE.replace("DIRECTOR_OF", "CREW_OF"))
    judged = load_asking(recorder, tmp_path / "roles.jsonl", tmp_path, check_only=True)
    assert judged.first_rejects[0].reason == "the ontology does not allow CREW_OF from Subject to Company"


def test_a_folder_is_one_source_and_paths_are_one_each_unless_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write(folder, "b.jsonl", PEOPLE)
    write(folder, "a.jsonl", ROLE)
    write(folder, "README.md", "words")
    write(folder, ".hidden.jsonl", "nonsense")
    write(folder, "rejects/x.jsonl", "nonsense")
    recorder = Recorder()
    report = load_one(recorder, folder, tmp_path)
    assert (report.name, report.files, report.skipped) == ("data", ("a.jsonl", "b.jsonl"), ("README.md",))
    assert (report.entities, report.links, report.rejected) == (2, 1, 0)
    assert recorder.links()[0].said.row == "a.jsonl:1"
    paths = [folder / "b.jsonl", folder / "a.jsonl"]
    two = load(paths, store_put=recorder.put, ontology=ONTOLOGY, options=options(tmp_path))
    assert [each.name for each in two] == ["b.jsonl", "a.jsonl"]
    (one,) = load(paths, store_put=recorder.put, ontology=ONTOLOGY, options=options(tmp_path, source_name="both"))
    assert (one.name, one.entities, one.links) == ("both", 2, 1)


def test_tables_lines_and_mapped_files_load_together(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    write(folder, "links.csv", "kind,source,target\nDIRECTOR_OF,p1,o1\nLINKED_TO,p1,p2\n")
    write(folder, "people.csv", "id,kind\np2,Subject\n")
    write(folder, "r.jsonl", PEOPLE)
    recorder = Recorder()
    report = load_one(recorder, folder, tmp_path)
    assert report.format == "columns+records"
    assert (report.rows, report.entities, report.links, report.rejected) == (5, 3, 2, 0)


def test_files_of_a_folder_that_the_mapping_is_not_for_are_left_alone(tmp_path: Path) -> None:
    payments(tmp_path)
    folder = tmp_path / "data"
    write(folder, "one.csv", PAYMENTS)
    write(folder, "other.csv", "a,b\n1,2\n")
    write(folder, "third.json", "[]")
    report = load_one(Recorder(), folder, tmp_path, **mapped(tmp_path))
    assert (report.files, report.skipped) == (("one.csv",), ("other.csv", "third.json"))
    with pytest.raises(MappingError):
        load_one(Recorder(), folder / "other.csv", tmp_path, **mapped(tmp_path))


@pytest.mark.parametrize(
    ("name", "content", "chosen", "said"),
    [
        ("x.csv", "", {}, "x.csv is empty"),
        ("x.csv", "a,b\n1,2\n", {}, "none of the ready mappings fits"),
        ("x.csv", "nr,payer\n1,2\n", {"mapping": "map.toml"}, "the file has no column 'payee'"),
        ("x.csv", PEOPLE, {"mapping": "map.toml"}, "looks like format records, and csv the mapping"),
        ("x.csv", PAYMENTS, {"format": "ftm"}, "looks like format csv, and ftm was asked for"),
        ("x.jsonl", PEOPLE, {"format": "ftm"}, "looks like format records, and ftm was asked for"),
        ("x.jsonl", PEOPLE, {"format": "columns"}, "looks like format records"),
        ("x.json", "[{}]", {}, "none of the ready mappings fits"),
        ("x.csv", b"nr,payer,payee,sum\n\xe9", {"mapping": "map.toml"}, "byte 0xe9 at position 19 (line 2)"),
        ("x.csv", PAYMENTS, {"mapping": "nowhere"}, "no mapping file"),
        ("x.csv", "id,kind,nme\na,Subject,x\n", {}, "is no property of any entity"),
        ("x.xlsx", b"PK\x03\x04", {}, "a zip archive"),
    ],
)
def test_what_cannot_be_loaded_is_told_before_anything_is_written(
    tmp_path: Path, name: str, content: str | bytes, chosen: dict[str, Any], said: str
) -> None:
    write(tmp_path, "map.toml", MAPPING)
    if chosen.get("mapping") == "map.toml":
        chosen = {"mapping": tmp_path / "map.toml"}
    good = write(tmp_path, "good.jsonl", PEOPLE)
    bad = write(tmp_path, name, content)
    recorder = Recorder()
    with pytest.raises(GraphServiceError) as error:
        load([good, bad] if not chosen else [bad], store_put=recorder.put, ontology=ONTOLOGY,
             options=options(tmp_path, **chosen))  # fmt: skip
    assert isinstance(error.value, (SourceFileError, MappingError))
    assert said in str(error.value)
    assert recorder.batches == []
    assert not (tmp_path / "rejects").exists()


def test_no_files_at_all(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match="no file was named"):
        load([], store_put=Recorder().put, ontology=ONTOLOGY, options=options(tmp_path))
    with pytest.raises(SourceFileError, match="no such file"):
        load_one(Recorder(), tmp_path / "missing.csv", tmp_path)
    write(tmp_path / "empty", "README.md", "words")
    with pytest.raises(SourceFileError, match=r"no data file in this folder; it holds README\.md"):
        load_one(Recorder(), tmp_path / "empty", tmp_path)


def test_a_document_reads_its_nodes_and_then_its_edges(tmp_path: Path) -> None:
    mapping = """
    [file]
    format = "json"
    [entity.edge_source]
    rows = "g.edges"
    reference = true
    id = "n:{from}"
    [entity.edge_target]
    rows = "g.edges"
    reference = true
    id = "n:{to}"
    [entity.node]
    rows = "g.nodes"
    kind = { column = "type", table = { P = "Subject", C = "Company" } }
    id = "n:{id}"
    [link.edge]
    rows = "g.edges"
    kind = "EMPLOYED_BY"
    fallback = "LINKED_TO"
    source = "edge_source"
    target = "edge_target"
    """
    document = {
        "g": {
            "nodes": [{"id": 1, "type": "P"}, {"id": 2, "type": "C"}, {"id": 3, "type": "?"}],
            "edges": [{"from": 1, "to": 2}, {"from": 2, "to": 1}, {"from": 1, "to": 3}],
        }
    }
    write(tmp_path, "map.toml", mapping)
    recorder = Recorder()
    report = load_one(
        recorder, write(tmp_path, "g.json", json.dumps(document)), tmp_path, mapping=tmp_path / "map.toml"
    )
    assert report.link_kinds == {"EMPLOYED_BY": 1, "LINKED_TO": 1}
    assert [(reject.place, reject.reason) for reject in report.first_rejects] == [
        ("g.nodes[2]", "is not in the table of the mapping"),
        ("g.edges[2]", "no record describes entity 'n:3'"),
    ]
    assert recorder.entity("n:1").said.row == "g.json:g.nodes[0]"


def test_json_lines_by_a_mapping_give_rejects_that_load_again(tmp_path: Path) -> None:
    mapping = """
    [file]
    format = "jsonl"
    [entity.a]
    kind = "Subject"
    id = "x:{who.id}"
    properties.name = "who.names"
    properties.birth_date = "who.born"
    """
    chosen = {"mapping": write(tmp_path, "map.toml", mapping)}
    lines = '{"who": {"id": 1, "names": ["Ana", "Bea"]}}\n{"who": {"id": 2, "born": "soon"}}\n'
    recorder = Recorder()
    report = load_one(recorder, write(tmp_path, "x.jsonl", lines), tmp_path, **chosen)
    assert (report.format, report.rows, report.rejected) == ("jsonl", 2, 1)
    assert recorder.entity("x:1").properties == {"name": ("Ana", "Bea")}
    rejects = Path(report.rejects_files[0])
    mended = write(tmp_path, "mended.jsonl", rejects.read_text().replace('"born": "soon"', '"born": 1980'))
    assert load_one(recorder, mended, tmp_path, **chosen).rejected == 0
    assert recorder.entity("x:2").properties == {"birth_date": ("1980",)}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_refused_rows_of_tables_load_again(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "tables"
    people = {"id": ["a", "b", "c"], "kind": ["Subject", "Company", "Ship"], "name": ["Ana", "=B", "C"]}
    roles = {"kind": ["DIRECTOR_OF"] * 2, "source": ["a", "a"], "target": ["b", "nobody"], "role": ["chair", "x"]}
    for name, columns in (("entities", people), ("links", roles)):
        if form == "parquet":
            folder.mkdir(exist_ok=True)
            pq.write_table(pa.table(columns), folder / f"{name}.parquet")
        else:
            rows = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
            write(folder, f"{name}.csv", "\n".join(rows))
    recorder = Recorder()
    report = load_one(recorder, folder, tmp_path)
    assert (report.rows, report.entities, report.links, report.rejected) == (5, 2, 1, 2)
    assert [(reject.column, reject.reason) for reject in report.first_rejects] == [
        ("kind", "unknown kind; did you mean 'Shipment'?"),
        ("", "no record describes entity 'nobody'"),
    ]
    for number, name in enumerate(report.rejects_files):
        text = Path(name).read_text(encoding="utf-8-sig").replace("Ship", "Vessel").replace("nobody", "b")
        again = load_one(recorder, write(tmp_path, f"mended{number}{Path(name).suffix}", text), tmp_path)
        assert (again.rows, again.rejected) == (1, 0)
    assert recorder.entity("c").kind == "Vessel"
    assert {record.properties["role"] for record in recorder.links()} == {("chair",), ("x",)}


@pytest.mark.parametrize("line", ['{"id": "b", "schema": "Person", "properties": {"name": ["%s"]}}', '{"type": "%s"}'])
def test_a_line_beyond_the_bound_costs_itself(tmp_path: Path, line: str) -> None:
    good = '{"id": "a", "schema": "Person"}' if "schema" in line else PEOPLE.splitlines()[0]
    text = f"{good}\n{line % ('x' * LONGEST_LINE)}\n{good}\n"
    report = load_one(
        Recorder(), write(tmp_path, "x.jsonl", text), tmp_path, format="ftm" if "schema" in line else None
    )
    assert (report.entities, report.rejected) == (1, 1)
    assert report.first_rejects[0].place == "2"
