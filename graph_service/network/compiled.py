"""Which compiled parts are there: the engine ``memory`` needs them, the engine ``networkx`` does without.

Looked up once, by trying the import, so that a machine without a compiler's run-time still answers every question;
health and every answer say which engine did.
"""

from __future__ import annotations

import importlib
from functools import cache

PARTS = ("numba",)


@cache
def available(part: str) -> bool:
    """Whether a compiled part can be imported here."""
    try:
        importlib.import_module(part)
    except (ImportError, OSError):  # the part, or the shared library under it
        return False
    return True


def missing(parts: tuple[str, ...] = PARTS) -> tuple[str, ...]:
    """The parts among these that cannot be imported."""
    return tuple(part for part in parts if not available(part))
