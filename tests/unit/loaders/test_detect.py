"""Formats found from the first bytes."""

import pytest

from loaders.detect import detect


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"PAR1....", "columns"),
        (b"id,kind,name\n", "columns"),
        (b'"id","kind","name"\r\n', "columns"),
        (b"kind,source,target\n", "columns"),
        (b"id,name\n1,kind\n", "csv"),
        (b"anything at all", "csv"),
        (b'{"type": "entity", "id": "a", "kind": "Subject"}\n', "records"),
        (b'{"type": "link", "kind": "OWNS"}\n{"type": "entity"}', "records"),
        (b'{"id": "a", "schema": "Person", "properties": {}}\n', "ftm"),
        (b'{"id": 1, "name": "x"}\n{"id": 2}\n', "jsonl"),
        (b'{"id": 1, "tags": ["x"]}\n{"id": 2}\n', "jsonl"),
        (b'{"nodes": [{"id": 1}], "edges": []}', "json"),
        (b'{\n  "nodes": []\n}', "json"),
        (b'[{"id": 1}]', "json"),
        (b'{"nodes": [' + b'{"id": 1},' * 5_000, "json"),
        ('\ufeff{"id": 1}'.encode(), "jsonl"),
        ("id,kind\n".encode("utf-16"), "columns"),
    ],
)
def test_detect(head: bytes, expected: str) -> None:
    assert detect(head, None) == expected
