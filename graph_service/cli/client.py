"""What the commands talk to: the service in this process, or the one that holds the embedded file, over HTTP.

Both give the same plain JSON, so that there is one way of showing it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from loaders.report import LoadOptions

Json: TypeAlias = dict[str, Any]
Told: TypeAlias = Callable[[int, int], None]
"""Told how many lines of how many are done."""


class Client(Protocol):
    """The use cases as the command line needs them; every answer as the API gives it."""

    def ask(self, name: str, parameters: Json, scope: Json, engine: str) -> Json:
        """The answer to a question."""
        ...

    def chart(self, name: str, parameters: Json, scope: Json, engine: str) -> str:
        """The offline page of an answer."""
        ...

    def load(self, paths: Sequence[Path], options: LoadOptions, told: Told) -> list[Json]:
        """The reports of a load."""
        ...

    def stats(self, scope: Json) -> Json:
        """The counts of what the scope shows."""
        ...

    def sources(self) -> Json:
        """The sources, withdrawn ones included."""
        ...

    def withdraw(self, source: str) -> Json:
        """The receipt of a withdrawal."""
        ...

    def ontology(self) -> Json:
        """The kinds in force."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...
