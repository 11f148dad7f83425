"""Tables of our own records: the same records and refusals as the lines give, from CSV and from Parquet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import MappingError, SourceFileError
from graph_service.model.grades import Grade
from loaders.batches import Chunk, row_chunks
from loaders.columnar import open_tables
from loaders.columnar_properties import RawRows
from loaders.columnar_read import CsvRows
from loaders.csv_file import CsvForm, open_csv
from loaders.ends import Ends
from loaders.made import Defaults
from loaders.records import RecordLines
from loaders.regular import is_regular
from loaders.source import inspect
from tests.unit.loaders.recorder import ONTOLOGY, write

DEFAULTS = Defaults("src", Grade("C", "3"), frozenset({"org:X"}))
Cells = Mapping[str, str]
RESERVED = ("id", "kind", "source", "target", "grade", "markings", "valid_from", "valid_to")


def as_line(row: Cells) -> dict[str, object]:
    """The same row as `loaders.records` reads it."""
    said: dict[str, object] = {name: row[name] for name in RESERVED if row.get(name)}
    said["markings"] = str(said.get("markings", "")).split()
    properties = {name: text for name, text in row.items() if name not in RESERVED and text}
    return {"type": "link" if "source" in row else "entity", **said, "properties": properties}


def chunks(path: Path, ends: Ends, size: int = 1_000) -> list[Chunk]:
    return list(open_tables(path, path.name, None, ONTOLOGY).chunks(ends, DEFAULTS, size))


def by_lines(path: Path, ends: Ends, *, links: bool) -> list[Chunk]:
    lines = RecordLines(inspect(path), ONTOLOGY, DEFAULTS)
    return list(row_chunks(lines.made(links=links), ends, ONTOLOGY, 1_000))


def rows_of(found: Sequence[Chunk], *, links: bool) -> list[dict[str, object]]:
    """The records without the name of the file, which differs."""
    tables = [(chunk.links if links else chunk.entities).to_pylist() for chunk in found]
    return [{**row, "row": row["row"].partition(":")[2]} for table in tables for row in table]


def refused(found: Sequence[Chunk]) -> list[int]:
    """The lines that were refused."""
    return sorted(int(reject.place) for chunk in found for reject in chunk.rejects)


IDS = st.sampled_from(["a", "b", "c", "é", " d", "", "e\x00", "f[1]", "f[a>b]", "g" * 513])
ENTITY = st.fixed_dictionaries(
    {
        "id": IDS,
        "kind": st.sampled_from(["Subject", "Company", "Account", "Phone", "MoneyTransfer", "Subjct", ""]),
        "name": st.sampled_from(["", "Ana Ruiz", 'O"B, x', "  José  ", "Łódź\nŁódź", "\x01"]),
        "number": st.sampled_from(["", "+442079460958", "12", "=1+1"]),
        "country": st.sampled_from(["", "CO", "GBR", "Atlantis"]),
        "nationality": st.sampled_from(["", "", "ES"]),
        "amount": st.sampled_from(["", "10.50", "1e3", "NaN", "9" * 40]),
        "birth_date": st.sampled_from(["", "", "1980", "soon"]),
        "grade": st.sampled_from(["", "B2", "b2", "5x5x5:D31", "3x5x2:1AP", "Z9"]),
        "markings": st.sampled_from(["", "TLP:RED", "b a", "x,y"]),
        "valid_from": st.sampled_from(["", "2014", "2014-05-06", "x"]),
        "valid_to": st.sampled_from(["", "2013", "2015"]),
    }
)
LINK = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["", "l1", "l2", " l3", "l[a>b]", "]"]),
        "kind": st.sampled_from(["OWNS", "FAMILY_OF", "LINKED_TO", "OWN", ""]),
        "source": st.sampled_from(["p", "q", "o", "nobody", ""]),
        "target": st.sampled_from(["p", "q", "o", "stored", "a\x00"]),
        "share": st.sampled_from(["", "25", "150"]),
        "role": st.sampled_from(["", "", "x"]),
        "valid_from": st.sampled_from(["", "2014-05-06T10:00:00Z"]),
    }
)
KNOWN = "".join(
    f'{{"type":"entity","id":"{key}","kind":"{kind}"}}\n'
    for key, kind in (("p", "Subject"), ("q", "Party"), ("o", "Company"))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTITY, min_size=1, max_size=12))
def test_entities_are_those_of_the_lines(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    folder = tmp_path_factory.getbasetemp()
    lines = "\n".join(["", *(json.dumps(as_line(row)) for row in rows)]) + "\n"
    expected = by_lines(write(folder, "e.jsonl", lines), Ends(ONTOLOGY), links=False)
    parquet = folder / "e.parquet"
    pq.write_table(pa.table({name: [row[name] or None for row in rows] for name in rows[0]}), parquet)
    found = chunks(parquet, Ends(ONTOLOGY))
    wanted = [{**row, "row": str(int(str(row["row"])) - 1)} for row in rows_of(expected, links=False)]
    assert rows_of(found, links=False) == wanted
    assert refused(found) == [line - 1 for line in refused(expected)]


@settings(max_examples=60, deadline=None)
@given(st.lists(LINK, min_size=1, max_size=12), st.booleans())
def test_links_are_those_of_the_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], asked: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    stored = (lambda ids: {key: "Company" for key in ids if key == "stored"}) if asked else None
    known = write(folder, "known.jsonl", KNOWN)
    lines = "\n".join(json.dumps(as_line(row)) for row in rows) + "\n"
    results = []
    for form in ("jsonl", "parquet"):
        ends = Ends(ONTOLOGY, stored)
        by_lines(known, ends, links=False)
        if form == "jsonl":
            results.append(by_lines(write(folder, "l.jsonl", lines), ends, links=True))
        else:
            pq.write_table(
                pa.table({name: [row[name] or None for row in rows] for name in rows[0]}), folder / "l.parquet"
            )
            results.append(chunks(folder / "l.parquet", ends))
    expected, found = results
    assert rows_of(found, links=True) == rows_of(expected, links=True)
    assert refused(found) == refused(expected)


def test_csv_places_are_lines_and_rejects_are_rows(tmp_path: Path) -> None:
    text = "id,kind,name\na,Subject,Ana\nx\n\nb,Subjct,Bea\nc,Subject,Cy\n,,\nc,Subject,Cy\n"
    (found,) = chunks(write(tmp_path, "e.csv", text), Ends(ONTOLOGY))
    assert rows_of([found], links=False)[1]["row"] == "6"
    assert [(reject.place, reject.reason) for reject in found.rejects] == [
        ("3", "has 1 fields where the header has 3"),
        ("5", "unknown kind; did you mean 'Subject'?"),
    ]
    assert found.rejects[1].fields == ("b", "Subjct", "Bea")
    assert (found.rows, found.entities.num_rows) == (5, 2)


REGULAR = "id,kind,name\n" + "".join(f'"e{n}",Subject,"N, ""{n}"""\n' for n in range(50))


@pytest.mark.parametrize("size", [1, 7, 50, 1_000])
def test_both_csv_readers_see_the_same(tmp_path: Path, size: int) -> None:
    table = open_csv(inspect(write(tmp_path, "e.csv", REGULAR)), CsvForm())
    assert is_regular(table)
    fast, careful = (list(CsvRows(table, regular).read(size)) for regular in (True, False))
    assert [flat(raw) for raw, _ in fast] == [flat(raw) for raw, _ in careful]
    assert sum(raw.size for raw, _ in fast) == 50


def flat(raw: RawRows) -> list[tuple[object, ...]]:
    columns = [raw.places, *raw.columns.values()]
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


@settings(max_examples=200)
@given(st.text(st.sampled_from('ab,"\n\r é'), max_size=40))
def test_a_regular_file_reads_the_same_both_ways(tmp_path_factory: pytest.TempPathFactory, body: str) -> None:
    path = write(tmp_path_factory.getbasetemp(), "any.csv", "id,kind\n" + body + "\n")
    table = open_csv(inspect(path), CsvForm())
    if is_regular(table):
        results = []
        for regular in (True, False):
            read = list(CsvRows(table, regular).read(1_000))
            rows = [row for raw, _ in read for row in flat(raw)]
            broken = [(reject.place, reject.reason) for _, rejects in read for reject in rejects]
            results.append((rows, broken))
        assert results[0] == results[1]


@pytest.mark.parametrize(
    "text",
    ['id,kind\n"a,b\n', 'id,kind\n"a"x,b\n', 'id,kind\nx"a",b\n', "id,kind\na,b\rc,d\n", "\nid,kind\na,b\n",
     'id,kind\n"a\nb",c\n', "id,_line,_column,_value,_reason\na,1,,,\n", "id,kind\n" + "x" * (2 << 20) + ",b\n"],
)  # fmt: skip
def test_files_that_need_care_are_seen(tmp_path: Path, text: str) -> None:
    assert not is_regular(open_csv(inspect(write(tmp_path, "e.csv", text)), CsvForm()))


def test_other_encodings_need_care_and_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "e.csv", "id,kind,name\na,Subject,José\n".encode("utf-16"))
    (found,) = chunks(path, Ends(ONTOLOGY))
    assert found.entities["text"].to_pylist() == ["jose"]
    marked = write(tmp_path, "m.csv", "\ufeffid,kind\na,Subject\n")
    assert is_regular(open_csv(inspect(marked), CsvForm()))
    assert chunks(marked, Ends(ONTOLOGY))[0].entities.num_rows == 1


@pytest.mark.parametrize(
    ("header", "error", "said"),
    [
        ("name,country", SourceFileError, "no column 'id' and no column 'kind'"),
        ("source,target,id", SourceFileError, "no column 'kind'"),
        ("id,kind,nme", MappingError, "column 'nme' is no property of any entity; did you mean 'name'"),
        ("kind,source,target,shre", MappingError, "column 'shre' is no property of any link; did you mean 'share'"),
    ],
)
def test_columns_are_checked_first(tmp_path: Path, header: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        open_tables(write(tmp_path, "t.csv", header + "\n"), "t.csv", None, ONTOLOGY)


def test_parquet_types_are_written_as_texts(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": pa.array(["a"]).dictionary_encode(),
            "kind": ["MoneyTransfer"],
            "amount": pa.array([10.5]),
            "number_transactions": pa.array([3], pa.int64()),
            "date": pa.array([1_400_000_000_000_000], pa.timestamp("us", tz="UTC")),
            "name": pa.array([["x", "y", "x"]]),
            "_own": pa.array([b"left out"]).cast(pa.string()),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    (found,) = chunks(tmp_path / "t.parquet", Ends(ONTOLOGY))
    (row,) = found.entities.to_pylist()
    assert json.loads(row["properties"]) == {
        "amount": ["10.5"], "date": ["2014-05-13T16:53:20Z"], "name": ["x", "y"], "number_transactions": ["3"],
    }  # fmt: skip
    assert (row["amount"], row["text"], row["row"]) == (10.5, "x y", "t.parquet:1")


def test_parquet_that_cannot_be_records(tmp_path: Path) -> None:
    cases = {
        "is of type struct": pa.table({"id": ["a"], "kind": ["Subject"], "name": [{"first": "x"}]}),
        "is empty": pa.table({"id": pa.array([], pa.string()), "kind": pa.array([], pa.string())}),
        "column 'kind' stands there more than once": pa.table([["a"]] * 3, names=["id", "kind", "kind"]),
    }
    for said, table in cases.items():
        pq.write_table(table, tmp_path / "t.parquet")
        with pytest.raises(SourceFileError, match=said):
            open_tables(tmp_path / "t.parquet", "t.parquet", None, ONTOLOGY)
    with pytest.raises(SourceFileError, match="not a Parquet file that can be read"):
        open_tables(write(tmp_path, "t.parquet", b"PAR1 and nothing else PAR1"), "t.parquet", None, ONTOLOGY)


def test_parquet_that_breaks_off_is_told_with_the_row(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    ids = [f"e{number}" for number in range(3_000)]
    pq.write_table(pa.table({"id": ids, "kind": ["Subject"] * 3_000}), path, row_group_size=1_000, compression="none")
    content = bytearray(path.read_bytes())
    start = pq.ParquetFile(path).metadata.row_group(1).column(0).dictionary_page_offset
    content[start : start + 40] = b"\xff" * 40
    path.write_bytes(content)
    table, ends = open_tables(path, "t.parquet", None, ONTOLOGY), Ends(ONTOLOGY)
    with pytest.raises(SourceFileError, match=r"t\.parquet: cannot be read beyond row 1001"):
        list(table.chunks(ends, DEFAULTS, 500))


def test_a_refused_parquet_row_can_be_loaded_as_a_line(tmp_path: Path) -> None:
    table = pa.table({"id": ["a"], "kind": ["Subjct"], "name": [["x", "y"]], "markings": ["b a"], "grade": ["B2"]})
    pq.write_table(table, tmp_path / "t.parquet")
    (found,) = chunks(tmp_path / "t.parquet", Ends(ONTOLOGY))
    mended = found.rejects[0].raw.replace("Subjct", "Subject")
    (again,) = by_lines(write(tmp_path, "m.jsonl", mended), Ends(ONTOLOGY), links=False)
    (row,) = again.entities.to_pylist()
    assert (row["kind"], row["markings"]) == ("Subject", "a b org:X")
    assert json.loads(row["properties"]) == {"name": ["x", "y"]}


def test_lists_are_read_by_the_type_that_their_kind_gives_them(tmp_path: Path) -> None:
    numbers = [["+44 20 7946 0958", "+442079460958"], ["00 12", "00 12"], ["12"], None]
    table = pa.table({"id": ["a", "b", "c", "d"], "kind": ["Phone", "Account", "Phone", "Account"], "number": numbers})
    pq.write_table(table, tmp_path / "t.parquet")
    (found,) = chunks(tmp_path / "t.parquet", Ends(ONTOLOGY))
    assert [json.loads(text).get("number") for text in found.entities["properties"].to_pylist()] == [
        ["+442079460958"],
        ["00 12"],
        None,
    ]
    (reject,) = found.rejects
    assert (reject.place, reject.column, reject.value) == ("3", "number", "12")
