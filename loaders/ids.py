"""The ids that loaders make where a source gives none."""

from __future__ import annotations

import hashlib

from graph_service.model.text import fold


def link_id(kind: str, source: str, target: str, valid_from: str | None, valid_to: str | None) -> str:
    """The id of a link whose source gives none: the same for the same kind, ends and dates.

    A relationship that two sources report alike is then one link with two records, while one that held twice, at
    different times, is two links. 80 bits of a hash: a chance of 1e-12 that two of a million links collide.
    """
    said = "\x1f".join((kind, source, target, valid_from or "", valid_to or ""))
    return f"{kind}:{hashlib.blake2b(said.encode(), digest_size=10).hexdigest()}"


def slug(text: str) -> str:
    """A readable key: the search form of the text with dashes; empty when nothing searchable is left."""
    return fold(text).replace(" ", "-")


def short_hash(text: str) -> str:
    """A key of 20 hexadecimal digits from the search form of a text, for keys too long or too private to be read."""
    return hashlib.blake2b((fold(text) or text).encode(), digest_size=10).hexdigest()
