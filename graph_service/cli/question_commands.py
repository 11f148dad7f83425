"""A command a question, made from the catalogue: its parameters are options of its own, with help and defaults."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, get_args

import typer
from pydantic.fields import FieldInfo
from typer.core import TyperGroup
from typer.main import get_command

from graph_service.cli.options import Command, dress, option, scoped

PANEL = "The question's own options"
_OWN = "own_"


class QuestionGroup(TyperGroup):
    """The questions as commands, each made when it is asked for, so that starting stays cheap."""

    act: Command
    """Called with the question's name, its parameters as given, the scope and the options that ``act`` itself has."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # typer's own signature
        """The names of the catalogue."""
        from queries.catalogue import CATALOGUE

        return list(CATALOGUE)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # typer's own signature
        """The command of a question; UnknownQuestion names the nearest ones."""
        from queries.catalogue import question

        asked = question(cmd_name)
        app = typer.Typer(add_completion=False)
        run = _runner(asked.name, asked.parameters.model_fields, type(self).act)
        app.command(asked.name, help=asked.summary)(run)
        return get_command(app)


def question_group(act: Command, name: str) -> type[QuestionGroup]:
    """A group of the questions, each of which ends in ``act``."""
    return type(name, (QuestionGroup,), {"act": staticmethod(act)})


def flag_of(name: str) -> str:
    """How a parameter is written as an option."""
    return "--" + name.replace("_", "-")


def _runner(question: str, fields: dict[str, FieldInfo], act: Command) -> Command:
    own = [_parameter(name, field) for name, field in fields.items()]
    others = _other_options(act)

    def run(*, scope: dict[str, Any], **given: Any) -> None:
        parameters = {name: given.pop(_OWN + name) for name in fields}
        asked = {name: value for name, value in parameters.items() if value is not None}
        act(question=question, parameters=asked, scope=scope, **given)

    dress(run, [*own, *others])
    return scoped(run, kind="--scope-kind" if "kind" in fields else "--kind")


def _other_options(act: Command) -> Sequence[inspect.Parameter]:
    taken = {"question", "parameters", "scope"}
    signature = inspect.signature(act, eval_str=True)
    return [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, each in signature.parameters.items()
        if name not in taken
    ]


def _parameter(name: str, field: FieldInfo) -> inspect.Parameter:
    """A parameter of the question as an option: left out, the model's default holds."""
    kind = _plain_type(field.annotation)
    known = field.get_default(call_default_factory=True) if not field.is_required() else None
    words = f"{field.description or ''} (default {known})" if known not in {None, ""} else field.description
    flags = (flag_of(name), f"--no-{flag_of(name)[2:]}") if kind is bool else (flag_of(name),)
    declared = ["/".join(flags)]
    told = typer.Option(*declared, help=words, show_default=False, rich_help_panel=PANEL)
    if field.is_required():
        return option(_OWN + name, kind, told, inspect.Parameter.empty)
    return option(_OWN + name, kind | None, told)


def _plain_type(annotation: Any) -> Any:
    """The type that typer reads: bool, int, float or text, without None; what is none of them is read as text."""
    chosen = next((each for each in get_args(annotation) if each is not type(None)), annotation)
    return chosen if chosen in {bool, int, float} else str
