"""Hostile files: whatever is in them, a row is loaded or refused with a place and a reason, or the file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import DataError
from loaders.report import FORMATS
from tests.unit.loaders.recorder import Recorder, load_one, write

MAPPING = """
[file]
format = "%s"
[entity.a]
kind = { column = "kind", table = { P = "Subject" }, otherwise = "Party" }
id = "x:{id}"
properties.name = "name"
properties.phone = { column = "phone", country = "GB", optional = true }
[entity.b]
when = "other"
kind = "Company"
id = "x:{other|hash}"
[link.l]
kind = "DIRECTOR_OF"
source = "a"
target = "b"
valid_from = { column = "since", format = ["%%d/%%m/%%Y", "%%Y"] }
"""
STRINGS = [
    "<img src=x onerror=alert(1)>", "</script><script>", "javascript:alert(1)", "'; DROP TABLE x; --",
    "=cmd|'/c calc'!A0", "@SUM(1+1)", "\u202egnp.exe", "a\x00b", "x" * 70_000, "9223372036854775808", "NaN", "1e999",
    "{{7*7}}", "../../etc/passwd", "NA", "Null", "00012", "+44", "\ufeff", "\ufffd", "👩‍👩‍👧", "ﷺ", "Ω" * 2_000, "%s%n",
    "\\", '"', "\r\n", "\t",
]  # fmt: skip


@pytest.mark.parametrize("text", STRINGS)
def test_hostile_strings_stay_themselves_or_are_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path, "map.toml", MAPPING % "csv")
    quoted = text.replace('"', '""')
    path = write(tmp_path, "h.csv", f'id,kind,name,phone,other,since\n1,P,"{quoted}",,,\n2,P,plain,,,\n')
    recorder = Recorder()
    report = load_one(recorder, path, tmp_path, mapping=tmp_path / "map.toml")
    assert recorder.entity("x:2").properties == {"name": ("plain",)}
    if report.rejected:
        (reject,) = report.first_rejects
        assert (reject.place, reject.column) == ("2", "name")
        assert reject.reason
    else:
        kept = text.strip()
        assert recorder.entity("x:1").properties == ({"name": (kept,)} if kept else {})


BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([
        b"id,kind,name,phone,other,since\n", b"id,kind\n", b'{"id": "a", "schema": "Person", "properties": {}}\n',
        b'{"type":"entity","id":"a","kind":"Subject"}\n', b'{"type":"link","kind":"OWNS","source":"a","target":"a"}\n',
        b'[{"id": 1}', b"]", b"{", b"}", b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe",
        b"PAR1", b"1,P,Ana,,x,2014\n", b"NaN", b"\\ud800", b"99999999999999999999", b"- ", b"a,Subject\n",
    ]), max_size=12).map(b"".join),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(BYTES, st.sampled_from([None, *FORMATS]), st.sampled_from([None, "csv", "jsonl", "json"]))
def test_no_bytes_are_more_than_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, format_name: str | None, mapping: str | None
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = write(folder, "hostile.any", content)
    chosen: dict[str, object] = {"format": format_name}
    if mapping is not None:
        chosen["mapping"] = write(folder, "map.toml", MAPPING % mapping)
    try:
        report = load_one(Recorder(), path, folder, **chosen)
    except DataError:
        return  # the whole file is refused, in the loader's own words
    else:
        assert report.rejected >= len(report.first_rejects)
        assert all(reject.place and reject.reason and reject.file for reject in report.first_rejects)


def test_deep_json_costs_its_line(tmp_path: Path) -> None:
    good = '{"type":"entity","id":"a","kind":"Subject"}\n'
    deep = '{"type":"entity","id":"b","kind":"Subject","properties":' + "[" * 50_000 + "\n"
    report = load_one(Recorder(), write(tmp_path, "d.jsonl", good + deep + good.replace('"a"', '"c"')), tmp_path)
    assert (report.entities, report.rejected) == (2, 1)
    assert report.first_rejects[0].place == "2"
