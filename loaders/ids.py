"""Identifiers: which texts may be one, and the ids that loaders make where a source gives none."""

from __future__ import annotations

import hashlib
import re

from graph_service.errors import InvalidValue
from graph_service.model.text import fold

LONGEST_ID = 512
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def check_id(text: str) -> str:
    """The id itself; raises InvalidValue when it is empty, too long, or holds control characters or outer white space.

    Ids are compared as they are written, so nothing in them is changed.
    """
    if not text:
        raise InvalidValue("the id is empty")
    if len(text) > LONGEST_ID:
        raise InvalidValue(f"the id is longer than {LONGEST_ID} characters")
    if text != text.strip() or _UNSAFE.search(text):
        raise InvalidValue(f"the id has white space around it or control characters in it: {text[:60]!r}")
    return text


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
