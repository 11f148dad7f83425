"""What reports say, in the service's own record form: one JSON object an entity or a link."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.scenario.world import World


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the report it stands in, with the grade and the markings of what is said."""

    world: World
    report: str
    grade: str
    markings: tuple[str, ...] = ()

    def entity(self, kind: str, ident: str, **properties: str | list[str]) -> str:
        """Say something about an entity; its id."""
        body: dict[str, object] = {"type": "entity", "id": ident, "kind": kind}
        self.world.say(self.report, body | self._said(properties))
        return ident

    def link(self, kind: str, source: str, target: str, dates: str = "", **properties: str | list[str]) -> None:
        """Say that two entities are linked, from a date on or, as ``2023-06/2025-01``, from one to another.

        It goes without an id, so that the same kind, ends and dates from two reports make one link with two records.
        """
        body: dict[str, object] = {"type": "link", "kind": kind, "source": source, "target": target}
        since, _, until = dates.partition("/")
        valid = {"valid_from": since, "valid_to": until}
        self.world.say(self.report, body | self._said(properties) | {key: day for key, day in valid.items() if day})

    def _said(self, properties: dict[str, str | list[str]]) -> dict[str, object]:
        listed = {name: [value] if isinstance(value, str) else value for name, value in properties.items()}
        return {"properties": listed, "grade": self.grade, "markings": list(self.markings)}
