"""A scope from the names its options have, the same in the API and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph_service.errors import DataError, InvalidScope
from graph_service.model.grades import parse_grade
from graph_service.model.ontology import Ontology
from graph_service.model.scope import Events, Scope, check_marking
from graph_service.model.time import Interval, parse_moment

Engine = Literal["auto", "memory", "neo4j", "networkx"]
"""Who answers; ``auto`` picks."""


class ScopeBody(BaseModel):
    """What a question may look at; everything is optional, and a scope never widens a person's rights."""

    model_config = ConfigDict(extra="forbid")

    markings: list[str] | None = Field(default=None, alias="as", description="Only what a holder of these may see")
    start: str | None = Field(default=None, alias="from", description="First day of the window: YYYY, YYYY-MM or a day")
    end: str | None = Field(default=None, alias="to", description="Last day of the window")
    known: str | None = Field(default=None, description="As it was known then: a day or a moment")
    kinds: list[str] | None = Field(default=None, description="Only these kinds of entities and links")
    min_grade: str | None = Field(default=None, description="Records of at least this grade, such as B2")
    events: Events = Field(default=Events.KEPT, description="Events as nodes, or collapsed to direct links")

    def scope(self, ontology: Ontology) -> Scope:
        """The scope; InvalidScope says what is wrong with it."""
        try:
            entity_kinds, link_kinds = ontology.expand_kinds(_parted(self.kinds or ()))
            return Scope(
                markings=None if self.markings is None else frozenset(map(check_marking, _parted(self.markings))),
                window=Interval(self.start or None, self.end or None),
                known_at=parse_moment(self.known) if self.known else None,
                entity_kinds=entity_kinds or None,
                link_kinds=link_kinds or None,
                min_grade=parse_grade(self.min_grade) if self.min_grade else None,
                events=self.events,
            )
        except DataError as error:
            raise InvalidScope(str(error)) from error


class ScopeQuery(ScopeBody):
    """A scope in the query of a URL, with the engine; lists are repeated or parted by commas."""

    engine: Engine = Field(default="auto", description="Who answers")


def scope_body(given: Mapping[str, object]) -> ScopeBody:
    """The body of a scope from plain values; InvalidScope says what does not fit."""
    try:
        return ScopeBody.model_validate(given)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_input=False)
        )
        raise InvalidScope(problems) from None


def _parted(values: Iterable[str]) -> list[str]:
    """The values, those with commas parted: no marking and no kind holds one."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
