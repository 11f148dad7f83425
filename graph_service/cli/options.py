"""Options that many commands share: the scope, the engine, the form of the answer."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias

import typer

_PANEL = "Scope: what may be looked at"
Engine = Annotated[str, typer.Option("--engine", help="auto, memory, neo4j or networkx", metavar="ENGINE")]
AsJson = Annotated[bool, typer.Option("--json", help="The answer as the API gives it")]
Command: TypeAlias = Callable[..., None]

_SCOPE: Mapping[str, tuple[str, str, str]] = {
    "from": ("--from", "DATE", "First day of the window: YYYY, YYYY-MM or YYYY-MM-DD"),
    "to": ("--to", "DATE", "Last day of the window"),
    "known": ("--known", "MOMENT", "As it was known on that day or at that moment"),
    "min_grade": ("--min-grade", "GRADE", "Only records of at least this grade, such as B2"),
    "as": ("--as", "MARKINGS", "Only what a holder of these markings may see, parted by commas"),
    "events": ("--events", "HOW", "Events kept as entities, or collapsed to direct links: kept or collapsed"),
}
"""The parts of a scope but for the kinds: by its name in JSON, the option, its value and what it does."""


def scoped(command: Command, *, kind: str = "--kind") -> Command:
    """The command with the options of the scope after its own; it gets them as ``scope``, the JSON of the API.

    ``kind`` is the option of the scope's kinds, for commands that have a ``--kind`` of their own.
    """
    signature = inspect.signature(command, eval_str=True)
    own = [each for name, each in signature.parameters.items() if name != "scope"]
    added = [_text_option(f"scope_{name}", *words) for name, words in _SCOPE.items()]
    added.append(_kinds_option(kind))

    @functools.wraps(command)
    def with_scope(**given: Any) -> None:
        parts = {each.name.removeprefix("scope_"): given.pop(each.name) for each in added}
        command(scope=_scope(parts), **given)

    dress(with_scope, [*own, *added])
    return with_scope


def dress(function: Command, parameters: list[inspect.Parameter]) -> None:
    """Make typer see these parameters as those of the function."""
    vars(function)["__signature__"] = inspect.Signature(parameters)
    function.__annotations__ = {each.name: each.annotation for each in parameters}


def option(name: str, kind: Any, told: Any, default: object = None) -> inspect.Parameter:
    """A parameter that typer shows as an option; ``told`` is a ``typer.Option``."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, told])


def _text_option(name: str, flag: str, value: str, help_text: str) -> inspect.Parameter:
    told = typer.Option(flag, metavar=value, help=help_text, rich_help_panel=_PANEL)
    return option(name, str | None, told)


def _kinds_option(flag: str) -> inspect.Parameter:
    words = "Only this kind of entity or link; may be repeated"
    return option(
        "scope_kinds", list[str] | None, typer.Option(flag, metavar="KIND", help=words, rich_help_panel=_PANEL)
    )


def _scope(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The scope as the API takes it; ``--as ""`` holds no marking at all."""
    scope = {name: value for name, value in parts.items() if value is not None and name != "as"}
    if parts["as"] is not None:
        scope["as"] = [one.strip() for one in parts["as"].split(",") if one.strip()]
    return scope
