"""What a question is: a value that names itself, its parameters, and how each engine answers it.

An engine gets what it works on and a budget, and gives a Finding. All engines give equal findings for the same view,
except where a question says that it has no single right answer (communities).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from graph_service.model.answer import Finding
from graph_service.network.budget import Budget
from graph_service.network.view import View
from queries.pushdown import Pushdown


def _parted(value: object) -> object:
    """A text as its parts between commas; anything else as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_parted)]
"""Several ids, kinds or codes: a list, or one text with commas between them (an id that holds a comma needs the
list)."""

P = TypeVar("P", bound="Parameters")
R = TypeVar("R")


class Parameters(BaseModel):
    """The parameters of a question; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Question(Generic[P, R]):
    """A question of the catalogue.

    ``memory`` works on a view's arrays and needs the ``compiled`` parts; ``networkx`` on ``view.graph``; ``neo4j``,
    where there is one, on the database itself. ``example``: parameters that make sense on the demo.
    """

    name: str
    summary: str
    parameters: type[P]
    memory: Callable[[View, P, Budget], Finding[R]]
    networkx: Callable[[View, P, Budget], Finding[R]]
    neo4j: Callable[[Pushdown, P, Budget], Finding[R]] | None
    compiled: tuple[str, ...]
    example: Mapping[str, object]


AnyQuestion = Question[Any, Any]
"""A question of any parameters and result; only for collections of them."""
