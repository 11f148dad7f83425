"""Identifiers of entities and links: which texts may be one. Ids are compared as they are written."""

from __future__ import annotations

import re

from graph_service.errors import InvalidValue

LONGEST_ID = 512
"""Characters of an id."""
COLLAPSED_ID = r"(?s)^.*\[.*>.*\]$"
"""What ends like ``event[payer>payee]``: the form of the links that views make of events (both Python and RE2 read
it). A record with such an id could be taken for one of them."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_COLLAPSED = re.compile(COLLAPSED_ID)


def check_id(text: str) -> str:
    """The id itself, nothing in it changed.

    Raises InvalidValue when it is empty, too long, holds control characters or outer white space, or has the form that
    is kept for collapsed events.
    """
    if not text:
        raise InvalidValue("the id is empty")
    if len(text) > LONGEST_ID:
        raise InvalidValue(f"the id is longer than {LONGEST_ID} characters")
    if text != text.strip() or _UNSAFE.search(text):
        raise InvalidValue(f"the id has white space around it or control characters in it: {text[:60]!r}")
    if _COLLAPSED.match(text):
        raise InvalidValue(f"the id ends like those of collapsed events, x[y>z]: {text[:60]!r}")
    return text
