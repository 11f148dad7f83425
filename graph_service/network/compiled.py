"""Which compiled parts are there: the engine ``memory`` needs them, the engine ``networkx`` does without.

Looked up once, by trying the import, so that a machine without a compiler's run-time still answers every question;
health and every answer say which engine did.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache

from graph_service.network.budget import clocks_held

PARTS = ("numba",)


@cache
def available(part: str) -> bool:
    """Whether a compiled part can be imported here."""
    try:
        importlib.import_module(part)
    except (ImportError, OSError):  # the part, or the shared library under it
        return False
    if part == "numba":
        _hold_clocks_while_compiling()
    return True


def _hold_clocks_while_compiling() -> None:
    """A loop is compiled at its first use on a machine, which may take longer than a question may."""
    from numba.core import event

    class Compiling(event.Listener):
        """Hears when the compiler begins and ends."""

        def __init__(self) -> None:
            self._held: list[AbstractContextManager[None]] = []

        def on_start(self, event: object) -> None:  # noqa: ARG002  # numba's own signature
            """Time stands still."""
            held = clocks_held()
            held.__enter__()
            self._held.append(held)

        def on_end(self, event: object) -> None:  # noqa: ARG002  # numba's own signature
            """Time runs again."""
            self._held.pop().__exit__(None, None, None)

    register: Callable[[str, event.Listener], None] = event.register
    register("numba:compile", Compiling())


def missing(parts: tuple[str, ...] = PARTS) -> tuple[str, ...]:
    """The parts among these that cannot be imported."""
    return tuple(part for part in parts if not available(part))
