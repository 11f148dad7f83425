"""Which format a file is in, when nobody says: by its first bytes, never by its name alone."""

from __future__ import annotations

from graph_service.errors import InvalidValue
from loaders.json_file import parse
from loaders.source import decode_head

_RECORD_TYPES = ("entity", "link")


def detect(head: bytes, encoding: str | None) -> str:
    """One of `report.FORMATS` for a file that begins with these bytes.

    Tables that have the columns of our own form (id and kind, or source, target and kind) count as ``columns``, all
    other text that is not JSON as ``csv``.
    """
    if head.startswith(b"PAR1"):
        return "columns"
    text = decode_head(head, encoding).lstrip()
    if text.startswith("["):
        return "json"
    if text.startswith("{"):
        return _json(text)
    header = {name.strip().strip('"').lower() for name in text.split("\n", 1)[0].split(",")}
    own = {"id", "kind"} <= header or {"source", "target", "kind"} <= header
    return "columns" if own else "csv"


def _json(text: str) -> str:
    """JSON lines by what the first object says; a document when the first line is no whole object."""
    line, _, rest = text.partition("\n")
    try:
        first = parse(line)
    except InvalidValue:
        return "json" if line.strip() in ("{", "") or rest.strip() or len(line) > 10_000 else "jsonl"
    if not isinstance(first, dict):
        return "jsonl"
    if isinstance(first.get("schema"), str) and isinstance(first.get("properties"), dict):
        return "ftm"
    if first.get("type") in _RECORD_TYPES and "kind" in first:
        return "records"
    several_tables = not rest.strip() and any(isinstance(value, list) for value in first.values())
    return "json" if several_tables else "jsonl"
